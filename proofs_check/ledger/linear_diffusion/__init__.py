"""Paper B, sections 0 to 3: the linear one-step model, what was said of it and what follows."""
