"""Opaque quantities of the ledger: each joins a float64 value, a ball and a symbolic definition."""
