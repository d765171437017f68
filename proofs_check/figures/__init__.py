"""Figures: data from numerics, curves from theory, verdicts from the ledger; one figure a file."""
