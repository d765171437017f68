"""Exact symbolic derivations: SymPy only, no floats, no NumPy."""
