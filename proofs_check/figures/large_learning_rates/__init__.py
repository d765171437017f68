"""The figures of paper A, one in each file."""
