"""What the findings put into the ledger so that `recheck` can verify them without the engine.

Everything here is plain data: trees and exact numbers as text (see `proofs_check.serialised`).
`docs/certificates.md` describes it for people.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

from sympy import (
    Expr,
    IndexedBase,
    Poly,
    S,
    Symbol,
    ceiling,
    expand,
    floor,
    fraction,
    log,
    together,
)

from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Integer, Real, Sample
from proofs_check.errors import ClaimError
from proofs_check.evidence import Branch, Enclosure, From, Polynomial, Search, Steps
from proofs_check.functionals import Functional, formal_size
from proofs_check.normal_form import positive_factors, strip_positive
from proofs_check.plain_definitions import with_nested, written_definitions
from proofs_check.plain_sampling import sampling_call
from proofs_check.serialised import domain, exact_text, functional_name, tree

if TYPE_CHECKING:
    from proofs_check.cover import Cover
    from proofs_check.entailment import Scene
    from proofs_check.margins import Settled
    from proofs_check.problem import Problem

__all__ = [
    "cover_certificate",
    "definition",
    "definitions",
    "points",
    "polynomial_certificate",
    "step_certificate",
]

LONG: Final = frozenset(
    {
        *("CollapseTime", "ReverseKL", "SpacingMean"),
        *("ScoreCurvature111", "ScoreCurvature112", "ThirdCumulant112"),
    }
)
"""Functionals whose symbolic definitions take many seconds to derive."""

UNWRITTEN: Final = (
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    NotImplementedError,
)
"""What a definition ends with that cannot be written out for such arguments."""

TRIES: Final = 60
"""Points that are looked at to find admissible ones."""


def points(
    claim: Claim, context: Context, *, count: int = 5, hypotheses: bool = True
) -> list[dict[str, Any]]:
    """Return a few exact points of a claim's domains that meet its hypotheses, as text.

    Parameters
    ----------
    claim, context
        The claim, and the run whose seed draws the points.
    count
        How many are wanted; fewer when they are hard to find.
    hypotheses
        Whether the points must meet the hypotheses, or only lie in the domains.
    """
    from proofs_check.methods.search import RandomChoices, draw_point
    from proofs_check.witness import admissible

    if not claim.given:
        return [{}]
    choices = RandomChoices(f"certificate/{context.seed}/{claim.id}")
    draws = [e.draw for e in claim.evidence if isinstance(e, Search) and e.draw is not None]
    named = [p for e in claim.evidence if isinstance(e, Search) for p in e.also]

    def candidates() -> Iterator[Any]:
        yield from named
        for k in range(TRIES):
            yield draws[0](choices) if draws and k % 2 else draw_point(claim, choices)

    found = (
        p for p in candidates() if not hypotheses or admissible(claim, p, max_bits=256) is True
    )
    return [{str(s): exact_text(p[s]) for s in claim.given} for p in islice(found, count)]


def factors(pairs: Iterable[tuple[Expr, int]]) -> list[list[Any]]:
    """Return bases with exponents as data; log((1 + u)/u) as log(1 + 1/u), which shows its sign."""
    return [[tree(base.replace(log, lambda x: log(expand(x)))), power] for base, power in pairs]


def cover_certificate(
    claim: Claim,
    evidence: Enclosure,
    covers: "Sequence[tuple[Problem, Cover]]",
    context: Context,
) -> dict[str, Any]:
    """Return the boxes of a cover, and how the covered problem comes from the statement."""
    return {
        "points": points(claim, context),
        "definitions": definitions(claim),
        "sample": evidence.points,
        "changes": [
            [str(c.old), tree(c.expression), str(c.new), tree(c.new_is), *domain(c.domain)[1:]]
            for c in evidence.changes
        ],
        "problems": [_problem(problem, done) for problem, done in covers],
    }


def _problem(problem: "Problem", done: "Cover") -> dict[str, Any]:
    return {
        "margin": tree(problem.margin),
        "factors": factors(problem.factors),
        "hypotheses": [
            [tree(h), strict, factors(away), list(origin)]
            for (h, strict), (origin, away) in zip(problem.hypotheses, problem.origins, strict=True)
        ],
        "domains": [_range(str(s), d) for s, d in problem.everything.items()],
        "over": [str(s) for s in problem.domains],
        "boxes": [
            [e for s in problem.domains for e in _ends(*box[s])] + [_how(how)]
            for box, how in done.boxes
        ],
    }


def _range(name: str, values: Any) -> list[Any]:
    if not isinstance(values, (Real, Integer)):
        raise ClaimError(f"{name} is not a scalar")
    opens = (getattr(values, "lo_open", False), getattr(values, "hi_open", False))
    lo, hi = values.ends({})
    return [name, *_ends(lo, hi), *opens]


def _ends(lo: Fraction | int | None, hi: Fraction | int | None) -> list[str]:
    return ["-oo" if lo is None else str(lo), "oo" if hi is None else str(hi)]


def _how(how: "Settled") -> list[Any]:
    if how.hypothesis is not None:
        return ["hypothesis", how.hypothesis]
    found = []
    for move in how.moves:
        slope = strip_positive(move.slope)
        row = [str(move.symbol), move.side, tree(slope), factors(positive_factors(move.slope))]
        if move.curve is None:
            found.append([*row, None, []])
        else:
            away = factors(positive_factors(move.curve))
            found.append([*row, tree(strip_positive(move.curve)), away])
    return found


def step_certificate(
    claim: Claim,
    evidence: Steps,
    branches: Sequence[tuple[Expr, Branch]],
    scene: "Scene",
    context: Context,
) -> dict[str, Any]:
    """Return the linear combinations of a proof by steps, each with the margin that it gives."""
    return {
        "points": points(claim, context, hypotheses=False),
        "definitions": {
            functional_name(kind): found
            for kind in evidence.unfold
            if (found := definition(kind, sample=_has_sample(claim))) is not None
        },
        "positive": _declared(claim, branches, context),
        "branches": [
            {
                "goal": tree(goal),
                "rest": tree(branch.rest),
                "parts": [_part(p, scene, context) for p in branch.parts],
                "because": [_part(p, scene, context) for p in branch.because],
            }
            for goal, branch in branches
        ],
    }


def _declared(claim: Claim, branches: Sequence[tuple[Expr, Branch]], context: Context) -> list[str]:
    """Return the functionals in a step that are declared to be positive or not negative."""
    from proofs_check.methods.steps import children

    steps = Steps(branches=tuple(b for _, b in branches))
    quoted = [context.claims[name] for name in children(steps)]
    formulas = [e for c in (claim, *quoted) for e in _sides(c)]
    formulas += [e for _, b in branches for e in (b.rest, *(p.weight for p in b.parts))]
    kinds = {kind for e in formulas for kind in _kinds(e)}
    return sorted(functional_name(kind) for kind in kinds if kind.declared)


def _part(part: From, scene: "Scene", context: Context) -> dict[str, Any]:
    from proofs_check.methods.steps import assumption

    own = assumption(part, scene) if part.hypothesis is not None else None
    rel = own.rel if own is not None else context.claims[part.claim].rel
    return {
        "claim": part.claim,
        "margin": tree(own.margin) if own is not None else None,
        "equal": rel is Rel.EQ,
        "weight": tree(part.weight),
        "at": {str(k): tree(v) for k, v in part.at.items()},
        "over": [tree(e) for e in part.over] if part.over else None,
        "along": [tree(e) for e in part.along] if part.along else None,
        "times": tree(part.times),
        "because": [_part(p, scene, context) for p in part.because],
    }


@lru_cache(maxsize=1024)
def definition(kind: Any, *, sample: bool) -> list[Any] | None:
    """Return parameters and symbolic definition of a functional; ``None`` when it has none.

    When the first parameter is a sample, its points are ``["item", "x", k]``.
    """
    if kind.unfold is None:
        return None
    (size,) = kind.nargs
    names = [f"a{k}" for k in range(size)]
    symbols: list[Any] = [Symbol(name, real=True) for name in names]
    for first in (IndexedBase("x", real=True), symbols[0]) if sample else symbols[:1]:
        try:
            body = tree(kind.unfold(first, *symbols[1:]))
        except UNWRITTEN:
            continue
        if first is not symbols[0]:
            names[0] = "x"
            body = _sized(body)
        return [names, body]
    return None


def _sized(body: Any) -> Any:
    if body == str(formal_size):
        return ["call", "Size", "x"]
    return [_sized(b) for b in body] if isinstance(body, list) else body


def definitions(claim: Claim) -> dict[str, Any]:
    """Return the symbolic definitions of the functionals in a statement, by name.

    Those that are derived by long symbolic work are left out: the file stays quick to write.
    """
    kinds = {kind for side in _sides(claim) for kind in _kinds(side)}
    calls = [call for side in _sides(claim) for call in side.atoms(Functional)]
    of_samples = {type(c) for c in calls if isinstance(claim.given.get(c.args[0]), Sample)}
    found = {}
    for kind in sorted(kinds, key=functional_name):
        quick = kind.__name__ not in LONG and not kind.__module__.endswith("datum_curvature")
        body = definition(kind, sample=True) if quick and kind in of_samples else None
        written = written_definitions().get(functional_name(kind))
        # two functionals of one name take different numbers of arguments
        body = written if written is not None and len(written[0]) in kind.nargs else body
        if body is not None:
            found[functional_name(kind)] = body
    for side in _sides(claim):
        for call in sorted(side.atoms(Functional), key=str):
            own = None if functional_name(type(call)) in found else _unfolded_call(claim, call)
            whole = sampling_call(call)
            if whole is not None:
                found[json.dumps(tree(call))] = whole
            elif own is not None:
                found[json.dumps(tree(call))] = [[f"a{k}" for k in range(len(call.args))], own]
    return with_nested(found, [tree(side) for side in _sides(claim)])


def _unfolded_call(claim: Claim, call: Functional) -> Any:
    """Return what a functional is at the arguments of a statement, if they are scalars."""
    kind = type(call)
    scalars = all(isinstance(claim.given[s], (Real, Integer)) for s in _symbols(claim, call))
    quick = kind.__name__ not in LONG and not kind.__module__.endswith("datum_curvature")
    if kind.unfold is None or not scalars or not quick:
        return None
    try:
        return tree(kind.unfold(*call.args))
    except UNWRITTEN:
        return None


def _has_sample(claim: Claim) -> bool:
    return any(isinstance(values, Sample) for values in claim.given.values())


def _symbols(claim: Claim, expr: Expr) -> list[Any]:
    return [s for s in claim.given if s in expr.free_symbols]


def _sides(claim: Claim) -> Iterator[Expr]:
    yield from (claim.lhs, claim.rhs)
    for hypothesis in claim.where:
        yield from (hypothesis.lhs, hypothesis.rhs)


def _kinds(expr: Expr) -> set[Any]:
    return {type(f) for f in S(expr).atoms(Functional)}


MOST_SKIPPED: Final = 400
"""First members of a class that are checked one by one before coefficients settle the rest."""


def polynomial_certificate(
    claim: Claim, evidence: Polynomial, cases: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return, for every residue class, a fraction of nonnegative coefficients.

    In a class each symbol is its least value plus (a multiple of) a new variable that ranges over
    ``[0, oo)``. ``skip`` first members are left to be checked one by one; a class between two ends
    is checked so as a whole.
    """
    moduli = {str(s): q for s, q in evidence.residues.items()}
    return {
        "moduli": moduli,
        "cases": [
            _class(claim, dict(zip(evidence.residues, residues, strict=True)), evidence)
            for residues in product(*(range(q) for q in moduli.values()))
        ],
        "arguments": cases,
    }


def _class(claim: Claim, residues: dict[Symbol, int], evidence: Polynomial) -> dict[str, Any]:
    row: dict[str, Any] = {"residues": list(residues.values()), "skip": 0, "finite": False}
    image: dict[Symbol, Expr] = {}
    steps = [Symbol(f"t{k}", nonnegative=True) for k in range(len(claim.given))]
    for step, (symbol, values) in zip(steps, claim.given.items(), strict=True):
        if not isinstance(values, (Real, Integer)):
            raise ClaimError(f"{symbol} is not a scalar")
        t = Symbol(step.name, integer=True, nonnegative=True) if symbol in residues else step
        low = values.lo.subs(image)
        if symbol in residues:
            q, r = evidence.residues[symbol], residues[symbol]
            low = q * ceiling((low - r) / S(q)) + r
            t = q * t
        image[symbol] = low + t
        if not values.hi.is_infinite:
            count = floor((values.hi - low) / evidence.residues.get(symbol, 1)) + 1
            if len(steps) > 1 or not isinstance(values, Integer) or not count.is_Integer:
                return {**row, "points": None}
            return {
                **row,
                "finite": True,
                "points": max(int(count), 0) + 1,
                "top": [],
                "bottom": [],
            }
    margin = expand(claim.statement.margin.subs(image, simultaneous=True))
    plain = {Symbol(s.name, integer=True, nonnegative=True): s for s in steps}
    top, bottom = (expand(e) for e in fraction(together(margin.xreplace(plain))))
    for skip in range(MOST_SKIPPED if len(steps) == 1 else 1):
        moved = {steps[0]: steps[0] + skip} if steps else {}
        for sign in (1, -1):
            parts = [Poly(expand(sign * e.subs(moved)), *steps) for e in (top, bottom)]
            if (
                all(c >= 0 for p in parts for c in p.coeffs())
                and parts[1].nth(*[0] * len(steps)) > 0
            ):
                degree = max(d for p in parts for d in p.degree_list())
                terms = [
                    [[tree(c), list(powers)] for powers, c in sorted(p.terms())] for p in parts
                ]
                return {
                    **row,
                    "skip": skip,
                    "points": skip + degree + 3,
                    "top": terms[0],
                    "bottom": terms[1],
                }
    return {**row, "points": None}
