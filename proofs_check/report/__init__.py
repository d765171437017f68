"""Reports of a run: one neutral document, built once and rendered as JSON, JUnit and HTML."""
