"""Hand-written NumPy computations from definitions: no SymPy, no closed form under test."""
