"""Evidence as data: what to run for a claim. The methods that run it live in `methods/`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, S, Symbol

from proofs_check.domains import Domain
from proofs_check.errors import ClaimError

__all__ = [
    "Argued",
    "Branch",
    "Change",
    "Definition",
    "Enclosure",
    "Evidence",
    "From",
    "Instances",
    "MonteCarlo",
    "Polynomial",
    "Search",
    "Steps",
    "Symbolic",
]


@dataclass(frozen=True, kw_only=True)
class Symbolic:
    """The difference of both sides reduces to zero by a named recipe.

    Attributes
    ----------
    recipe
        Name in `methods.recipes.RECIPES`.
    sizes
        Sample sizes for which the functionals are unfolded to explicit formulas.
    formal
        Whether the identity is also reduced for a sample of symbolic size, as formal sums.
    limit
        Seconds allowed for one reduction.
    """

    recipe: str = "exponentials"
    sizes: tuple[int, ...] = ()
    formal: bool = False
    limit: float = 20.0


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of variable ``old = expression in new``, with ``new`` ranging over a domain.

    Every admissible point must be reached: `new_is` gives the new variable in the old ones, and
    the method checks that substituting one in the other is the identity.
    """

    old: Symbol
    expression: Expr
    new: Symbol
    new_is: Expr
    domain: Domain


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """The margin is not negative on boxes that cover the domain, in rigorous arithmetic.

    Attributes
    ----------
    points
        Unfold the sample to this many points; the finding then covers this size only.
    changes
        Changes of variable, applied in order.
    margin, times
        An equivalent form: ``margin == times * (printed margin)`` is checked symbolically and
        ``times > 0`` rigorously.
    box
        Restrict symbols to compact ranges; the finding is then ENCLOSED, not PROVED.
    max_boxes
        Give up (undecided) after this many boxes.
    """

    points: int | None = None
    changes: tuple[Change, ...] = ()
    margin: Expr | None = None
    times: Expr = S.One
    box: Mapping[Symbol, Domain] = field(default_factory=dict)
    max_boxes: int = 4000


@dataclass(frozen=True, kw_only=True)
class Polynomial:
    """An exact sign argument for rational functions of integers or reals.

    One variable: Sturm's theorem. Several: after `shift` each variable is not negative and all
    coefficients of the margin's numerator and denominator are. Floors and ceilings: `residues`
    replaces a variable ``n`` by ``q*k + r`` for every residue ``r`` and starts at the domain's end.

    Attributes
    ----------
    shift
        Symbol to expression in the same symbols, each of which then ranges over ``[0, oo)``.
    residues
        Symbol to modulus.
    """

    shift: Mapping[Symbol, Expr] = field(default_factory=dict)
    residues: Mapping[Symbol, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class From:
    """One inequality taken from a child claim.

    Attributes
    ----------
    claim
        Id of the child, or empty for a hypothesis of the parent (`hypothesis` is then its index).
    at
        Values of the child's symbols in terms of the parent's.
    weight
        A factor that is not negative (any sign when the child is an equality).
    over
        ``(index, lo, hi)``: add the child's inequality up over an index.
    along
        ``(variable, lo, hi)``: integrate the child's inequality.
    times
        A factor that is not negative under the sum or integral.
    because
        Other inequalities from which the child's hypotheses follow.
    side
        Which half of a hypothesis ``|z| <= b``: ``z <= b`` (1) or ``-z <= b`` (-1).
    """

    claim: str = ""
    hypothesis: int | None = None
    at: Mapping[Symbol, Any] = field(default_factory=dict)
    weight: Expr = S.One
    over: tuple[Symbol, Expr, Expr] | None = None
    along: tuple[Symbol, Expr, Expr] | None = None
    times: Expr = S.One
    because: tuple["From", ...] = ()
    side: int = 1

    def __post_init__(self) -> None:
        """Take plain numbers for the ends of ranges."""
        for name in ("over", "along"):
            spread = getattr(self, name)
            if spread is not None:
                index, lo, hi = spread
                object.__setattr__(self, name, (index, S(lo), S(hi)))


@dataclass(frozen=True, kw_only=True)
class Branch:
    """``margin = sum of weight * child margin + rest`` with a rest that is not negative.

    Attributes
    ----------
    parts
        The inequalities that are combined.
    rest
        What is left: not negative under the hypotheses and the facts of `because`.
    because
        Further inequalities that may be used to see that weights and rest are not negative.
    """

    parts: tuple[From, ...] = ()
    rest: Expr = S.Zero
    because: tuple[From, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The parent follows from its children by a checked linear certificate.

    One branch for a plain relation; for ``|z| <= b`` two (``z``, then ``-z``); for ``max(...) <=``
    or ``<= min(...)`` one for each argument, in SymPy's order of arguments.

    Attributes
    ----------
    branches
        One certificate for each branch.
    unfold
        Functionals that are replaced by their definition in the parent and the children.
    """

    branches: tuple[Branch, ...]
    unfold: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Instances:
    """Certified evaluation at named points.

    Attributes
    ----------
    at
        Name to assignment (symbol to exact value).
    agreement
        Largest relative difference allowed between the float64 and the ball value of each side:
        the double entry. ``None`` when a side has no float64 evaluator.
    """

    at: Mapping[str, Mapping[Symbol, Any]]
    agreement: Expr | None = S(1) / 10**9


@dataclass(frozen=True, kw_only=True)
class Search:
    """Look for a counterexample: corners, random rationals, then Hypothesis on the margin.

    Attributes
    ----------
    examples
        Random points in the quick profile; ten times as many in the full one.
    hypothesis_examples
        Examples of the targeted phase in the quick profile; five times as many in the full one.
    also
        Assignments that are tried first.
    draw
        Optional ``draw(choices) -> assignment`` that proposes points meeting the hypotheses;
        every failure is still checked against domains and hypotheses.
    bits
        Precision at which a suspicious point is given up; lower it for slow functionals.
    """

    examples: int = 150
    hypothesis_examples: int = 30
    also: tuple[Mapping[Symbol, Any], ...] = ()
    draw: Callable[[Any], Mapping[Symbol, Any]] | None = None
    bits: int = 512


@dataclass(frozen=True, kw_only=True)
class MonteCarlo:
    """An equivalence test: the mean of i.i.d. replicates against the other side.

    Attributes
    ----------
    replicates
        ``replicates(rng, count, **values) -> array (count,)``, from `numerics/`: i.i.d. with mean
        equal to `lhs` when the claim is true; values arrive under the names of the symbols.
    at
        Parameter sets.
    margin
        Half width of the equivalence region, relative to ``|rhs|`` (absolute when rhs is zero).
    count
        Replicates for each parameter set in the quick profile; four times as many in the full one.
    within
        Two numbers between which every replicate certainly lies: the interval is then exact.
    """

    replicates: Callable[..., Any]
    at: tuple[Mapping[Symbol, Any], ...]
    margin: Expr = S(1) / 20
    count: int = 2000
    within: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        """Refuse a range that holds nothing."""
        if self.within is not None and not self.within[0] < self.within[1]:
            raise ClaimError(f"within was {self.within}; name the smaller number first")


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The statement is the defining property of a functional, word for word.

    Attributes
    ----------
    of
        The functional whose ``defining`` relation is claimed.
    """

    of: Any


@dataclass(frozen=True, kw_only=True)
class Argued:
    """An argument for people, in ``docs/arguments/<id>.md``; it lowers the rolled-up verdict.

    Attributes
    ----------
    document
        Name of the file without ending; the claim's id when empty.
    rests_on
        Ids of claims that the argument uses.
    """

    document: str = ""
    rests_on: tuple[str, ...] = ()


Evidence = (
    Symbolic
    | Enclosure
    | Polynomial
    | Steps
    | Instances
    | Search
    | MonteCarlo
    | Definition
    | Argued
)
"""Any piece of evidence."""
