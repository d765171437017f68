"""Prove a parent from its children by a checked linear certificate.

``parent margin = sum of weight * child margin + rest`` is verified as an identity in which
functionals are opaque; weights and rest must not be negative; every child must apply: its domains
and hypotheses at the chosen values must follow from the parent's. Sums and integrals of a child's
inequality over a range are inequalities again, so statements about samples of any size follow
from statements about one term.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Abs, Expr, Integral, Max, Min, Product, S, Sum, Symbol

from proofs_check.certificates import step_certificate
from proofs_check.claim import Claim, Rel, Relation
from proofs_check.context import Context
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.entailment import Scene, absolute_sides, scene_of
from proofs_check.errors import ClaimError
from proofs_check.evidence import Branch, From, Steps
from proofs_check.formal_sums import collected, integral_of, primitives_of, sum_of
from proofs_check.functionals import Functional
from proofs_check.load_checks import check_index
from proofs_check.methods.timing import OutOfTimeError, time_limit
from proofs_check.normal_form import numerator
from proofs_check.verdict import Finding, Verdict

__all__ = ["assumption", "children", "run"]

SECONDS = 20.0


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
            scene = scene_of(claim)
            context = replace(context, claims=_Opened(context.claims, evidence.unfold))
            goals = list(_goals(_unfolded(claim.statement, evidence.unfold)))
            shown: list[tuple[Expr, Branch]] = []
            for goal, branch, ranges in _matched(claim, goals, evidence, scene, context):
                _check_branch(goal, branch, ranges, scene, context)
                shown.append((goal[0], branch))
            for side in (claim.statement.lhs, claim.statement.rhs):
                _check_defined(side, scene)
    except (ClaimError, OutOfTimeError) as error:
        return Finding(method="steps", verdict=Verdict.UNDECIDED, detail=str(error), rests_on=names)
    return Finding(
        method="steps",
        verdict=Verdict.PROVED,
        detail=f"follows from {', '.join(names) or 'the hypotheses'}",
        certificate=step_certificate(claim, evidence, shown, scene, context),
        rests_on=names,
    )


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


class _Opened(Mapping[str, Claim]):
    """The claims of a run with some functionals of their statements unfolded."""

    def __init__(self, claims: Mapping[str, Claim], names: tuple[type[Functional], ...]) -> None:
        self._claims = claims
        self._names = names

    def __getitem__(self, key: str) -> Claim:
        claim = self._claims[key]
        if not self._names or (not claim.lhs.has(*self._names) and not claim.rhs.has(*self._names)):
            return claim
        opened = _unfolded(Relation(claim.lhs, claim.rel, claim.rhs), self._names)
        return replace(claim, lhs=opened.lhs, rhs=opened.rhs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)


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


def _matched(
    claim: Claim,
    goals: list[tuple[Expr, Rel]],
    evidence: Steps,
    scene: Scene,
    context: Context,
) -> Iterator[tuple[tuple[Expr, Rel], Branch, list[Expr]]]:
    """Pair goals with branches whose identity holds; SymPy may have turned ``|z|`` to ``|-z|``.

    The identity comes first: it is cheap, and it is what a wrong statement breaks.
    """
    if len(goals) != len(evidence.branches):
        raise ClaimError(f"{len(goals)} branches are needed, {len(evidence.branches)} given")
    unused = list(evidence.branches)
    for goal in goals:
        left = S.Zero
        for branch in unused:
            left, ranges = _residual(goal[0], branch, scene, context)
            if left == 0:
                unused.remove(branch)
                yield goal, branch, ranges
                break
        else:
            raise ClaimError(f"{claim.id}: the certificate leaves {left}")


def _residual(
    margin: Expr, branch: Branch, scene: Scene, context: Context
) -> tuple[Expr, list[Expr]]:
    """Return what a certificate leaves of a goal, and orders of ranges that it relies on."""
    total = S(branch.rest)
    for part in branch.parts:
        total = total + S(part.weight) * _gathered(part, scene, context).margin
    relied_on: list[Expr] = []
    left = collected(margin - total, lambda e: _noted(e, relied_on))
    return numerator(left), relied_on


def _check_branch(
    goal: tuple[Expr, Rel], branch: Branch, ranges: list[Expr], scene: Scene, context: Context
) -> None:
    """Make sure that the parts of a certificate apply and that its weights have the right sign."""
    rel = goal[1]
    scene = scene.extended(*(_inequality(p, scene, context) for p in branch.because))
    for order in dict.fromkeys(ranges):
        _demand(order, scene, "the order of joined ranges")
    strict = False
    for part in branch.parts:
        relation, weight = _inequality(part, scene, context), S(part.weight)
        if relation.rel is Rel.EQ:
            continue
        if rel is Rel.EQ:
            raise ClaimError("an equality needs children that are equalities")
        _demand(weight, scene, f"the weight {weight} of {part.claim or 'a hypothesis'}")
        strict = strict or (relation.strict and scene.positive(weight))
    if rel is Rel.EQ:
        if branch.rest != 0:
            raise ClaimError("an equality has no rest")
        return
    _demand(branch.rest, scene, f"the rest {branch.rest}", strict=rel.strict and not strict)


def _inequality(part: From, scene: Scene, context: Context) -> Relation:
    """Return what a part gives, after making sure that it applies."""
    relation = _gathered(part, scene, context)
    if part.hypothesis is not None:
        return relation
    child = context.claims[part.claim]
    inner = scene
    spread = part.over or part.along
    if spread is not None:
        inner = _within(scene, spread, discrete=part.over is not None)
    inner = inner.extended(*(_inequality(p, inner, context) for p in part.because))
    _check_applies(child, part, inner)
    if part.along is not None:
        # an antiderivative says nothing across a pole
        for side in (child.statement.lhs, child.statement.rhs):
            term = S(part.times) * side.subs(dict(part.at), simultaneous=True)
            for formula in (term, *primitives_of(term, part.along)):
                _check_defined(formula, inner)
    if spread is not None and relation.rel is not Rel.EQ:
        _demand(S(part.times), inner, f"the factor {part.times} under the sum or integral")
    return relation


def _gathered(part: From, scene: Scene, context: Context) -> Relation:
    """Return the relation that a part stands for, applicable or not."""
    if part.hypothesis is not None:
        return assumption(part, scene)
    child = context.claims.get(part.claim)
    if child is None:
        raise ClaimError(f"steps: there is no claim {part.claim!r}")
    _check_names(child, part)
    relation = child.statement.subs(part.at)
    spread = part.over or part.along
    if spread is None:
        return relation
    gather = sum_of if part.over is not None else integral_of
    factor = S(part.times)
    # a sum or an integral of strict inequalities may be empty, hence not strict
    weaker = {Rel.LT: Rel.LE, Rel.GT: Rel.GE}
    return Relation(
        gather(factor * relation.lhs, spread),
        weaker.get(relation.rel, relation.rel),
        gather(factor * relation.rhs, spread),
    )


def _check_names(child: Claim, part: From) -> None:
    """Refuse values that an index inside of the child's statement would capture."""
    sides = (child.lhs, child.rhs, *(s for h in child.where for s in (h.lhs, h.rhs)))
    bound = {v for s in sides for e in s.atoms(Sum, Product, Integral) for v in e.variables}
    for value in part.at.values():
        clash = S(value).free_symbols & bound
        if clash:
            raise ClaimError(f"{part.claim}: {min(clash, key=str)} is an index there; rename it")


def assumption(part: From, scene: Scene) -> Relation:
    """Return a hypothesis of the parent; an absolute value gives one of its two sides."""
    index = part.hypothesis
    if index is None or not 0 <= index < len(scene.facts):
        raise ClaimError(f"steps: there is no hypothesis {index}")
    fact = scene.facts[index]
    sides = absolute_sides(fact)
    if len(sides) == 1:
        return fact
    rel = Rel.GT if fact.strict else Rel.GE
    return Relation(sides[0 if part.side > 0 else 1], rel, S.Zero)


def _within(scene: Scene, spread: tuple[Symbol, Expr, Expr], *, discrete: bool) -> Scene:
    """Return the scene inside a sum or an integral, whose range must be in order."""
    index, lo, hi = spread
    if index in scene.domains:
        raise ClaimError(f"steps: {index} is used already; take another name for the range")
    if S(lo) is S.Infinity or S(hi) is S.NegativeInfinity:
        raise ClaimError(f"steps: the range {lo}..{hi} of {index} runs backwards")
    check_index(index, S(lo), S(hi), discrete=discrete, where="steps")
    if discrete and not all(_surely_integer(S(end), scene) for end in (lo, hi)):
        raise ClaimError(f"steps: the range {lo}..{hi} of {index} may not end at integers")
    length = hi - lo + 1 if discrete else hi - lo
    if not (S(lo).is_infinite or S(hi).is_infinite):
        _demand(length, scene, f"the range {lo}..{hi} of {index}")
    elif discrete:
        raise ClaimError("steps: a sum needs finite limits")
    domain: Domain = Integer(lo=1) if discrete else Real()
    ends = [] if S(lo).is_infinite else [Relation(index, Rel.GE, S(lo))]
    ends += [] if S(hi).is_infinite else [Relation(index, Rel.LE, S(hi))]
    if discrete:
        _demand(S(lo) - 1, scene, f"the lower end {lo} of {index} counted from 1")
    return scene.extended(*ends, domains={index: domain})


def _check_applies(child: Claim, part: From, scene: Scene) -> None:
    """Make sure that the child's domains and hypotheses hold at the chosen values."""
    for symbol, domain in child.given.items():
        value = S(part.at.get(symbol, symbol))
        moved = {symbol, *domain.free_symbols} & set(part.at)
        if not moved and scene.domains.get(symbol) == domain:
            continue
        _check_domain(child, symbol, domain, value, part, scene)
    for hypothesis in child.where:
        goal = hypothesis.subs(part.at)
        for margin in absolute_sides(goal):
            _demand(margin, scene, f"{child.id}: its hypothesis {goal}", strict=goal.strict)
        if goal.rel is Rel.EQ:
            _demand(-goal.margin, scene, f"{child.id}: its hypothesis {goal}")


def _check_domain(
    child: Claim, symbol: Symbol, domain: Domain, value: Expr, part: From, scene: Scene
) -> None:
    what = f"{child.id}: {symbol} = {value} in {domain}"
    if isinstance(domain, Sample):
        own = scene.domains.get(value) if isinstance(value, Symbol) else None
        fits = isinstance(own, Sample) and own.min_size >= domain.min_size
        if not fits or (domain.max_size is not None and own != domain):
            raise ClaimError(f"{what}: the sample does not fit")
        return
    if not isinstance(domain, (Real, Integer)):
        if scene.domains.get(value) != domain:
            raise ClaimError(f"{what}: the domain is another one")
        return
    if isinstance(domain, Integer) and not _surely_integer(value, scene):
        raise ClaimError(f"{what}: it may not be an integer")
    lo, hi = (end.subs(dict(part.at), simultaneous=True) for end in (domain.lo, domain.hi))
    open_lo, open_hi = getattr(domain, "lo_open", False), getattr(domain, "hi_open", False)
    if not lo.is_infinite:
        _demand(value - lo, scene, what, strict=open_lo)
    if not hi.is_infinite:
        _demand(hi - value, scene, what, strict=open_hi)


def _check_defined(expr: Expr, scene: Scene) -> None:
    """Make sure that a formula is defined everywhere in a scene."""
    why = scene.why_undefined(expr)
    if why:
        raise ClaimError(why)


def _surely_integer(value: Expr, scene: Scene) -> bool:
    known = {
        s: Symbol(f"_int_{s}", integer=True)
        for s, d in scene.domains.items()
        if isinstance(d, Integer)
    }
    return bool(value.xreplace(known).is_integer)


def _demand(expr: Expr, scene: Scene, what: str, *, strict: bool = False) -> None:
    """Raise unless an expression is certainly not negative (positive) in a scene."""
    if not (scene.positive(expr) if strict else scene.nonnegative(expr)):
        sense = "positive" if strict else "nonnegative"
        raise ClaimError(f"{what} is not certainly {sense}")


def _noted(expr: Expr, wanted: list[Expr]) -> bool:
    """Take the order of two ranges for granted and remember to demand it."""
    wanted.append(expr)
    return True
