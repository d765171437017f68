"""Facts about samples and posterior weights that the proofs of paper A use without a word."""

from typing import Final

from sympy import Expr, Rational, Sum, exp

from proofs_check.broken import flip, restate, scale, swap
from proofs_check.claim import Claim, Kind, Rel, Source
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import Branch, Definition, Enclosure, From, Search, Steps, Symbolic
from proofs_check.functionals import Spacing
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    gap,
    i,
    j,
    k,
    mu,
    n,
    sigma,
    span,
    x,
    y,
)
from proofs_check.quantities.posterior import PosteriorMean, PosteriorVariance, PosteriorWeight
from theory.symbols import z

__all__ = ["CLAIMS", "weight"]

_source = Source("A", "used without statement")
_tilted = Symbolic(recipe="tilting", sizes=(2, 3, 4), formal=True)
_sampled = {mu: MU, sigma: SIGMA, X: SAMPLE}
_at_y = {**_sampled, y: Real(within=(mu * x(1) - sigma, mu * x(n) + sigma))}


def weight(index: object, point: object = y) -> Expr:
    """Return alpha_index at a point."""
    return PosteriorWeight(*data, point, index)


_exponent = ((y - mu * x(i)) ** 2 - (y - mu * x(j)) ** 2) / (2 * sigma**2)
_centred = Sum((x(j) - z) ** 2 * weight(j), (j, 1, n))

CLAIMS: Final = (
    Claim(
        id="A.fact.gap",
        kind=Kind.LEMMA,
        says="Neighbouring points are at least the minimum spacing apart.",
        source=_source,
        given={X: Sample(), i: Integer(lo=1, hi=n - 1)},
        lhs=x(i + 1) - x(i),
        rel=Rel.GE,
        rhs=gap,
        evidence=(Definition(of=Spacing),),
        broken=(scale("rhs", Rational(101, 100)),),
    ),
    Claim(
        id="A.fact.distance",
        kind=Kind.LEMMA,
        says="Points i and j are at least j - i minimum spacings apart.",
        source=_source,
        given={
            X: Sample(),
            i: Integer(lo=1, hi=n),
            j: Integer(lo=i, hi=n),
        },
        lhs=x(j) - x(i),
        rel=Rel.GE,
        rhs=(j - i) * gap,
        evidence=(
            Steps(
                branches=(Branch(parts=(From(claim="A.fact.gap", at={i: k}, over=(k, i, j - 1)),)),)
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), swap(j - i, j - i + 1, "one gap more")),
    ),
    Claim(
        id="A.fact.span",
        kind=Kind.LEMMA,
        says="The sample spans at least n - 1 minimum spacings.",
        source=_source,
        given={X: Sample()},
        lhs=span,
        rel=Rel.GE,
        rhs=(n - 1) * gap,
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.fact.distance", at={i: 1, j: n}),)),)),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), restate("n gaps", rhs=n * gap)),
    ),
    Claim(
        id="A.fact.total",
        kind=Kind.LEMMA,
        says="The posterior weights sum to one.",
        source=_source,
        given=_at_y,
        lhs=Sum(weight(j), (j, 1, n)),
        rel=Rel.EQ,
        rhs=1,
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("one term less", lhs=Sum(weight(j), (j, 1, n - 1))),
        ),
    ),
    Claim(
        id="A.fact.weight",
        kind=Kind.LEMMA,
        says="A posterior weight is at most one.",
        source=_source,
        given={**_at_y, i: Integer(lo=1, hi=n)},
        lhs=weight(i),
        rel=Rel.LE,
        rhs=1,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.total", weight=-1),),
                        rest=Sum(weight(k), (k, 1, i - 1)) + Sum(weight(k), (k, i + 1, n)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(9, 10)), scale("lhs", Rational(11, 10))),
    ),
    Claim(
        id="A.fact.ratio",
        kind=Kind.LEMMA,
        says="Two posterior weights have a Gaussian ratio.",
        source=_source,
        given={**_at_y, i: Integer(lo=1, hi=n), j: Integer(lo=1, hi=n)},
        lhs=weight(j),
        rel=Rel.EQ,
        rhs=weight(i) * exp(_exponent),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("inverse ratio", rhs=weight(i) * exp(-_exponent)),
            restate("sigma^2 for 2 sigma^2", rhs=weight(i) * exp(2 * _exponent)),
        ),
    ),
    Claim(
        id="A.fact.mean",
        kind=Kind.LEMMA,
        says="The posterior mean is the weighted sum of the data.",
        source=_source,
        given=_at_y,
        lhs=PosteriorMean(*data, y),
        rel=Rel.EQ,
        rhs=Sum(x(j) * weight(j), (j, 1, n)),
        evidence=(_tilted, Search()),
        broken=(scale("rhs", Rational(101, 100)), swap((j, 1, n), (j, 1, n - 1), "one term less")),
    ),
    Claim(
        id="A.fact.variance",
        kind=Kind.LEMMA,
        says="The posterior variance is the mean square about any point, less a square.",
        source=_source,
        given={**_at_y, z: Real(near=(0, x(1)))},
        lhs=PosteriorVariance(*data, y),
        rel=Rel.EQ,
        rhs=_centred - (PosteriorMean(*data, y) - z) ** 2,
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("no correction", rhs=_centred),
            restate("correction added", rhs=_centred + (PosteriorMean(*data, y) - z) ** 2),
        ),
    ),
    Claim(
        id="A.fact.exponential",
        kind=Kind.LEMMA,
        says="The exponential of a smaller number is smaller.",
        source=_source,
        given={y: reals, z: Real(lo=0)},
        lhs=exp(-y - z),
        rel=Rel.LE,
        rhs=exp(-y),
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(99, 100)), restate("wrong sign", lhs=exp(-y + z))),
    ),
    Claim(
        id="A.fact.above",
        kind=Kind.LEMMA,
        says="Points above the i-th pull the posterior mean up.",
        source=_source,
        given={**_at_y, i: Integer(lo=1, hi=n), j: Integer(lo=i, hi=n)},
        lhs=(x(j) - x(i)) * weight(j),
        rel=Rel.GE,
        rhs=0,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.distance", weight=weight(j)),),
                        rest=(j - i) * gap * weight(j),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("wrong sign", lhs=(x(i) - x(j)) * weight(j))),
    ),
    Claim(
        id="A.fact.below",
        kind=Kind.LEMMA,
        says="Points below the i-th pull the posterior mean down.",
        source=_source,
        given={**_at_y, i: Integer(lo=1, hi=n), j: Integer(lo=1, hi=i)},
        lhs=(x(i) - x(j)) * weight(j),
        rel=Rel.GE,
        rhs=0,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.distance", at={i: j, j: i}, weight=weight(j)),),
                        rest=(i - j) * gap * weight(j),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("wrong sign", lhs=(x(j) - x(i)) * weight(j))),
    ),
)
