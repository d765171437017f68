"""The ledger and the engine that checks it; the only place where theory meets numerics."""
