"""The ledger of claims and the engine that checks them; the only place where theory meets numerics."""
