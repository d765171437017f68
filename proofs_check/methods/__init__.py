"""One method of evidence per file; each returns a finding and knows nothing of the others."""
