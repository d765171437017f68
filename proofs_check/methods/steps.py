"""Prove a parent from its children by a checked linear certificate.

``parent margin = sum of weight * child margin + rest`` is verified as an identity in which
functionals are opaque; weights and rest must not be negative; every child must apply: its domains
and hypotheses at the chosen values must follow from the parent's. Sums and integrals of a child's
inequality over a range are inequalities again, so statements about samples of any size follow
from statements about one term.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Abs, Add, Expr, Integral, Max, Min, S, Sum, Symbol, diff, integrate
from sympy import limit as sympy_limit

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.context import Context
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.errors import ClaimError
from proofs_check.evidence import Branch, From, Steps
from proofs_check.functionals import Functional
from proofs_check.methods.enclosure import cover
from proofs_check.methods.timing import OutOfTimeError, time_limit
from proofs_check.normal_form import numerator, strip_positive
from proofs_check.problem import Problem
from proofs_check.verdict import Finding, Verdict

__all__ = ["children", "run"]

SECONDS = 20.0


@dataclass(frozen=True)
class _Scene:
    """What may be assumed: domains and relations that hold for the parent."""

    domains: dict[Symbol, Domain]
    facts: tuple[Relation, ...]


def run(claim: Claim, evidence: Steps, context: Context) -> Finding:
    """Check that the children and the hypotheses give the parent.

    Returns
    -------
    Finding
        PROVED (rolled up over the children later), or UNDECIDED with the link that is missing.
    """
    names = tuple(dict.fromkeys(children(evidence)))
    try:
        with time_limit(SECONDS):
            scene = _Scene(dict(claim.given), (*claim.where, *_ranges(claim)))
            goals = list(_goals(_unfolded(claim.statement, evidence.unfold)))
            for goal, branch in _paired(goals, evidence.branches):
                _check_branch(claim, goal, branch, scene, context)
    except (ClaimError, OutOfTimeError) as error:
        return Finding(method="steps", verdict=Verdict.UNDECIDED, detail=str(error), rests_on=names)
    return Finding(
        method="steps",
        verdict=Verdict.PROVED,
        detail=f"follows from {', '.join(names) or 'the hypotheses'}",
        certificate={
            "branches": [
                {
                    "rest": str(b.rest),
                    "parts": [
                        {"claim": p.claim, "weight": str(p.weight), "at": str(dict(p.at))}
                        for p in b.parts
                    ],
                }
                for b in evidence.branches
            ]
        },
        rests_on=names,
    )


def _paired(
    goals: list[tuple[Expr, Rel]], branches: tuple[Branch, ...]
) -> Iterator[tuple[tuple[Expr, Rel], Branch]]:
    if len(goals) != len(branches):
        raise ClaimError(f"{len(goals)} branches are needed, {len(branches)} given")
    return zip(goals, branches, strict=True)


def _ranges(claim: Claim) -> Iterator[Relation]:
    """Yield the ends of domains that depend on other symbols."""
    for symbol, domain in claim.given.items():
        if isinstance(domain, (Real, Integer)):
            if domain.lo.free_symbols:
                strict = getattr(domain, "lo_open", False)
                yield Relation(symbol, Rel.GT if strict else Rel.GE, domain.lo)
            if domain.hi.free_symbols:
                strict = getattr(domain, "hi_open", False)
                yield Relation(symbol, Rel.LT if strict else Rel.LE, domain.hi)


def children(evidence: Steps) -> Iterator[str]:
    """Yield the ids of all claims that a certificate names."""

    def walk(parts: Sequence[From]) -> Iterator[str]:
        for part in parts:
            if part.claim:
                yield part.claim
            yield from walk(part.because)

    for branch in evidence.branches:
        yield from walk(branch.parts)
        yield from walk(branch.because)


def _unfolded(relation: Relation, names: tuple[type[Functional], ...]) -> Relation:
    """Replace the named functionals by their definitions, once."""

    def open_up(expr: Expr) -> Expr:
        table = {f: S(type(f).unfold(*f.args)) for f in expr.atoms(*names)} if names else {}
        return expr.xreplace(table)

    return Relation(open_up(relation.lhs), relation.rel, open_up(relation.rhs))


def _goals(statement: Relation) -> Iterator[tuple[Expr, Rel]]:
    """Yield the margins that together say the statement; absolute values and extremes branch."""
    small, large = statement.lhs, statement.rhs
    rel = statement.rel
    if rel is Rel.EQ:
        yield small - large, rel
        return
    if rel in (Rel.GE, Rel.GT):
        small, large = large, small
    lower = small.args if isinstance(small, Max) else (small,)
    upper = large.args if isinstance(large, Min) else (large,)
    for a in lower:
        for b in upper:
            if isinstance(a, Abs):
                yield b - a.args[0], rel
                yield b + a.args[0], rel
            else:
                yield b - a, rel


def _check_branch(
    claim: Claim, goal: tuple[Expr, Rel], branch: Branch, scene: _Scene, context: Context
) -> None:
    margin, rel = goal
    facts = [_inequality(p, scene, context)[0] for p in branch.because]
    scene = _Scene(scene.domains, (*scene.facts, *facts))
    total, strict = branch.rest, False
    for part in branch.parts:
        relation, equality = _inequality(part, scene, context)
        weight = S(part.weight)
        if not equality:
            _demand(weight, scene, f"the weight {weight} of {part.claim or 'a hypothesis'}")
        total = total + weight * relation.margin
        strict = strict or (relation.strict and bool(weight.is_positive))
    left = numerator(margin - total)
    if left != 0:
        raise ClaimError(f"{claim.id}: the certificate leaves {left}")
    if rel is Rel.EQ:
        if branch.rest != 0:
            raise ClaimError("an equality has no rest")
        if any(not _inequality(p, scene, context)[1] for p in branch.parts):
            raise ClaimError("an equality needs children that are equalities")
        return
    _demand(branch.rest, scene, f"the rest {branch.rest}", strict=rel.strict and not strict)


def _inequality(part: From, scene: _Scene, context: Context) -> tuple[Relation, bool]:
    """Return what a part gives, after making sure that it applies."""
    if part.hypothesis is not None:
        return scene.facts[part.hypothesis], False
    child = context.claims.get(part.claim)
    if child is None:
        raise ClaimError(f"steps: there is no claim {part.claim!r}")
    inner = scene
    spread = part.over or part.along
    if spread is not None:
        inner = _with_index(scene, spread, discrete=part.over is not None)
    reasons = [_inequality(p, inner, context)[0] for p in part.because]
    inner = _Scene(inner.domains, (*inner.facts, *reasons))
    _check_applies(child, part, inner)
    relation = child.statement.subs(part.at)
    equality = child.rel is Rel.EQ
    if part.over is not None:
        relation = _summed(relation, part.over)
    elif part.along is not None:
        relation = _integrated(relation, part.along)
    return relation, equality


def _with_index(scene: _Scene, spread: tuple[Symbol, Expr, Expr], *, discrete: bool) -> _Scene:
    index, lo, hi = spread
    domain: Domain = Integer(lo=1) if discrete and index.is_positive else Real()
    ends = []
    if not lo.is_infinite:
        ends.append(Relation(index, Rel.GE, lo))
    if not hi.is_infinite:
        ends.append(Relation(index, Rel.LE, hi))
    return _Scene({**scene.domains, index: domain}, (*scene.facts, *ends))


def _check_applies(child: Claim, part: From, scene: _Scene) -> None:
    """Make sure that the child's domains and hypotheses hold at the chosen values."""
    for symbol, domain in child.given.items():
        value = S(part.at.get(symbol, symbol))
        if symbol not in part.at and scene.domains.get(symbol) == domain:
            continue
        _check_domain(child, symbol, domain, value, part, scene)
    for hypothesis in child.where:
        goal = hypothesis.subs(part.at)
        _demand(goal.margin, scene, f"{child.id}: its hypothesis {goal}", strict=hypothesis.strict)


def _check_domain(
    child: Claim, symbol: Symbol, domain: Domain, value: Expr, part: From, scene: _Scene
) -> None:
    what = f"{child.id}: {symbol} = {value} in {domain}"
    if isinstance(domain, Sample):
        own = scene.domains.get(value) if isinstance(value, Symbol) else None
        fits = isinstance(own, Sample) and own.min_size >= domain.min_size
        if not fits or (domain.max_size is not None and own != domain):
            raise ClaimError(f"{what}: the sample does not fit")
        return
    if isinstance(domain, Integer) and not _surely_integer(value, scene):
        raise ClaimError(f"{what}: it may not be an integer")
    if not isinstance(domain, (Real, Integer)):
        if scene.domains.get(value) != domain:
            raise ClaimError(f"{what}: the domain is another one")
        return
    lo, hi = domain.lo.subs(dict(part.at)), domain.hi.subs(dict(part.at))
    open_lo, open_hi = getattr(domain, "lo_open", False), getattr(domain, "hi_open", False)
    if not lo.is_infinite:
        _demand(value - lo, scene, what, strict=open_lo)
    if not hi.is_infinite:
        _demand(hi - value, scene, what, strict=open_hi)


def _surely_integer(value: Expr, scene: _Scene) -> bool:
    known = {
        s: Symbol(f"_int_{s}", integer=True)
        for s, d in scene.domains.items()
        if isinstance(d, Integer)
    }
    return bool(value.xreplace(known).is_integer)


def _demand(expr: Expr, scene: _Scene, what: str, *, strict: bool = False) -> None:
    """Raise unless an expression is certainly not negative (positive) in a scene."""
    if not _certainly(expr, scene, strict=strict):
        sense = "positive" if strict else "nonnegative"
        raise ClaimError(f"{what} is not certainly {sense}")


def _certainly(expr: Expr, scene: _Scene, *, strict: bool) -> bool:
    if expr.is_positive or (not strict and expr.is_nonnegative):
        return True
    reduced = strip_positive(expr)
    if reduced.is_positive or (not strict and reduced.is_nonnegative):
        return True
    facts = [(strip_positive(f.margin), f.strict) for f in scene.facts if f.rel is not Rel.EQ]
    equal = [f.lhs - f.rhs for f in scene.facts if f.rel is Rel.EQ]
    for fact, firm in facts:
        if strict and not firm:
            continue
        if numerator(reduced - fact) == 0:
            return True
    if any(numerator(reduced - e) == 0 or numerator(reduced + e) == 0 for e in equal):
        return not strict
    return _by_adding(expr, scene, strict=strict) or _by_cover(reduced, facts, scene, strict)


def _by_adding(expr: Expr, scene: _Scene, *, strict: bool) -> bool:
    """Return whether an expression is a sum of facts and something surely nonnegative."""
    margins = [(f.margin, f.strict) for f in scene.facts if f.rel is not Rel.EQ]
    for k, (a, firm_a) in enumerate(margins):
        left = (expr - a).expand()
        if left.is_positive or (left.is_nonnegative and (firm_a or not strict)):
            return True
        for b, firm_b in margins[k:]:
            left = (expr - a - b).expand()
            if left.is_positive or (left.is_nonnegative and (firm_a or firm_b or not strict)):
                return True
    return False


def _by_cover(expr: Expr, facts: list[tuple[Expr, bool]], scene: _Scene, strict: bool) -> bool:
    """Return whether interval arithmetic settles the sign, functionals being free variables."""
    hidden: dict[Expr, Symbol] = {}
    domains: dict[Symbol, Domain] = {}

    def hide(e: Expr) -> Expr:
        if isinstance(e, (Functional, Sum, Integral)):
            if e not in hidden:
                hidden[e] = Symbol(f"_value{len(hidden)}", real=True)
                domains[hidden[e]] = _value_domain(e)
            return hidden[e]
        return e.func(*[hide(a) for a in e.args]) if e.args else e

    goal = hide(expr)
    known = [(hide(f), firm) for f, firm in facts]
    used = goal.free_symbols
    known = [(f, firm) for f, firm in known if f.free_symbols <= used | set(domains)]
    used = used.union(*(f.free_symbols for f, _ in known))
    for s in used - set(domains):
        domain = scene.domains.get(s)
        if not isinstance(domain, (Real, Integer)) or domain.free_symbols:
            return False
        domains[s] = domain
    if not used:
        return False
    problem = Problem({s: domains[s] for s in used}, tuple(known), goal, strict, {})
    try:
        done = cover(problem, 400, seconds=3.0)
    except ClaimError:
        return False
    return not done.open_boxes and not done.failing


def _value_domain(expr: Expr) -> Domain:
    if expr.is_integer:
        return Integer(lo=1) if expr.is_positive else Real()
    if expr.is_positive:
        return Real(lo=0, lo_open=True)
    return Real(lo=0) if expr.is_nonnegative else Real()


def _summed(relation: Relation, over: tuple[Symbol, Expr, Expr]) -> Relation:
    """Return the sum of an inequality over an index."""
    return Relation(_sum(relation.lhs, over), relation.rel, _sum(relation.rhs, over))


def _sum(expr: Expr, over: tuple[Symbol, Expr, Expr]) -> Expr:
    index, lo, hi = over
    terms = list(Add.make_args(expr.expand() if isinstance(expr, Add) else expr))
    total: Expr = S.Zero
    while terms:
        term = terms.pop()
        if index not in term.free_symbols:
            total = total + (hi - lo + 1) * term
            continue
        # f(k + 1) - f(k) telescopes
        before, after = -term.subs(index, index - 1), -term.subs(index, index + 1)
        if before in terms:
            terms.remove(before)
            total = total + term.subs(index, hi) - term.subs(index, lo - 1)
        elif after in terms:
            terms.remove(after)
            total = total + term.subs(index, lo) - term.subs(index, hi + 1)
        else:
            outer, inner = term.as_independent(index, as_Add=False)
            total = total + outer * Sum(inner, (index, lo, hi))
    return total


def _integrated(relation: Relation, along: tuple[Symbol, Expr, Expr]) -> Relation:
    """Return the integral of an inequality; opaque integrands stay unevaluated."""
    return Relation(_integral(relation.lhs, along), relation.rel, _integral(relation.rhs, along))


def _integral(expr: Expr, along: tuple[Symbol, Expr, Expr]) -> Expr:
    variable, lo, hi = along
    if any(variable in f.free_symbols for f in expr.atoms(Functional)):
        return Integral(expr, (variable, lo, hi))
    antiderivative = integrate(expr, variable)
    if antiderivative.has(Integral) or numerator(diff(antiderivative, variable) - expr) != 0:
        raise ClaimError(f"cannot integrate {expr}")
    ends = []
    for end in (lo, hi):
        if end.is_infinite:
            ends.append(sympy_limit(antiderivative, variable, end))
        else:
            ends.append(antiderivative.subs(variable, end))
    if any(e.is_finite is False or e.has(Integral) for e in ends):
        raise ClaimError(f"the integral of {expr} does not converge")
    return ends[1] - ends[0]
