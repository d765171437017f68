"""One line for a test: a claim must hold, or the reader is told where it fails."""

from collections.abc import Iterable

from proofs_check.claim import Claim
from proofs_check.engine import Result, check_ledger
from proofs_check.ledger import collect
from proofs_check.verdict import Verdict

__all__ = ["assert_holds"]


def assert_holds(
    claim: Claim,
    *,
    at_least: Verdict = Verdict.SUPPORTED,
    claims: Iterable[Claim] = (),
    full: bool = False,
    seed: int = 0,
) -> Result:
    """Raise unless the verdict of a claim, over all it rests on, is at least the wanted one.

    Parameters
    ----------
    claim
        The claim.
    at_least
        Weakest verdict that is good enough; below ``SUPPORTED`` no machine said yes.
    claims
        Further claims that the claim uses.
    full, seed
        Effort and root of the random streams.

    Returns
    -------
    Result
        What was found, when it is good enough.

    Raises
    ------
    AssertionError
        The statement, the verdict, and the witness or the reason.
    LedgerError
        The claim uses one that is not among ``claims``.

    Examples
    --------
    >>> from sympy import Rational, Symbol
    >>> from proofs_check import Rel, Search, flip, reals
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="square",
    ...     says="a square exceeds its root",
    ...     given={a: reals},
    ...     lhs=a**2,
    ...     rel=Rel.GE,
    ...     rhs=a,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> assert_holds(claim)
    Traceback (most recent call last):
        ...
    AssertionError: square: a square exceeds its root
        statement   a**2 >= a
        wanted      SUPPORTED or better
        verdict     REFUTED
        witness     a = 1/2: left side 1/4, right side 1/2
    """
    others = [c for c in claims if c.id != claim.id]
    found = check_ledger(collect([*others, claim]), ids=[claim.id], full=full, seed=seed)
    result = found.results[claim.id]
    if result.rolled < at_least:
        raise AssertionError(_message(claim, result, at_least))
    return result


def _message(claim: Claim, result: Result, at_least: Verdict) -> str:
    rows = [("statement", str(claim.statement))]
    rows += [("where", str(h)) for h in claim.where]
    rows += [("wanted", f"{at_least.name} or better"), ("verdict", result.rolled.name)]
    if result.own is not result.rolled:
        rows.append(("alone", f"{result.own.name}; a claim that it rests on is weaker"))
    witness = result.witness
    if witness is not None:
        rows.append(("witness", f"{witness}: left side {witness.lhs}, right side {witness.rhs}"))
    else:
        rows += [(f.method, f.detail) for f in result.findings]
        for f in result.findings:
            rows += [(f.method, f"does not count: it accepts {name!r}") for name in f.toothless]
    lines = [f"{claim.id}: {claim.says}", *(f"    {name:<11} {text}" for name, text in rows)]
    return "\n".join(lines)
