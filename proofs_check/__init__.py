"""The ledger and the engine that checks it; the only place where theory meets numerics.

The names below are what a user needs to check an inequality of their own. They are loaded on first
use, so that importing a part of the package stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs_check import strategies
    from proofs_check.assertion import assert_holds
    from proofs_check.broken import Broken, drop, flip, restate, scale, swap
    from proofs_check.claim import (
        Claim,
        Constant,
        Kind,
        Rel,
        Relation,
        Source,
        eq,
        ge,
        gt,
        le,
        lt,
    )
    from proofs_check.context import Context
    from proofs_check.domains import Integer, Real, Sample, reals
    from proofs_check.engine import LedgerResult, Result, check, check_ledger
    from proofs_check.errors import ClaimError, LedgerError
    from proofs_check.evidence import (
        Argued,
        Branch,
        Change,
        Definition,
        Enclosure,
        From,
        Instances,
        MonteCarlo,
        Polynomial,
        Search,
        Steps,
        Symbolic,
    )
    from proofs_check.functionals import Point, Size, Spacing, functional, sample_symbol
    from proofs_check.repair import HypothesisAudit, Repair, audit, best_constant, minimal_witness
    from proofs_check.verdict import Finding, Verdict, Witness

__all__ = [
    "Argued",
    "Branch",
    "Broken",
    "Change",
    "Claim",
    "ClaimError",
    "Constant",
    "Context",
    "Definition",
    "Enclosure",
    "Finding",
    "From",
    "HypothesisAudit",
    "Instances",
    "Integer",
    "Kind",
    "LedgerError",
    "LedgerResult",
    "MonteCarlo",
    "Point",
    "Polynomial",
    "Real",
    "Rel",
    "Relation",
    "Repair",
    "Result",
    "Sample",
    "Search",
    "Size",
    "Source",
    "Spacing",
    "Steps",
    "Symbolic",
    "Verdict",
    "Witness",
    "assert_holds",
    "audit",
    "best_constant",
    "check",
    "check_ledger",
    "drop",
    "eq",
    "flip",
    "functional",
    "ge",
    "gt",
    "le",
    "lt",
    "minimal_witness",
    "reals",
    "restate",
    "sample_symbol",
    "scale",
    "strategies",
    "swap",
]

_HOMES = {
    "assertion": ("assert_holds",),
    "broken": ("Broken", "drop", "flip", "restate", "scale", "swap"),
    "claim": (
        *("Claim", "Constant", "Kind", "Rel", "Relation", "Source"),
        *("eq", "ge", "gt", "le", "lt"),
    ),
    "context": ("Context",),
    "domains": ("Integer", "Real", "Sample", "reals"),
    "engine": ("LedgerResult", "Result", "check", "check_ledger"),
    "errors": ("ClaimError", "LedgerError"),
    "evidence": (
        *("Argued", "Branch", "Change", "Definition", "Enclosure", "From", "Instances"),
        *("MonteCarlo", "Polynomial", "Search", "Steps", "Symbolic"),
    ),
    "functionals": ("Point", "Size", "Spacing", "functional", "sample_symbol"),
    "repair": ("HypothesisAudit", "Repair", "audit", "best_constant", "minimal_witness"),
    "verdict": ("Finding", "Verdict", "Witness"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would take any name for known

    def __getattr__(name: str) -> Any:
        if name == "strategies":
            return import_module("proofs_check.strategies")
        if name not in _HOME:
            raise AttributeError(f"module 'proofs_check' has no attribute {name!r}")
        return getattr(import_module(f"proofs_check.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
