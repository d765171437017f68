"""The figures of paper B, one in each file."""
