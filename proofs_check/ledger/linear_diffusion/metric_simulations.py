"""Paper B, what the metric shows: probabilities, nulls, coordinates, transport, by simulation.

The setting is that of the public code: its signal-to-noise ratio, variance of generation
estimated. ``N`` counts the original points; where it is 10^4 the gap is averaged over them exactly.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, sqrt

from proofs_check.broken import Broken, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Argued,
    Branch,
    Enclosure,
    Evidence,
    MonteCarlo,
    Search,
    Steps,
)
from proofs_check.ledger.linear_diffusion.metrics import squared_error_at_width
from proofs_check.ledger.linear_diffusion.setting import POSITIVE, d, gamma, place, sets
from proofs_check.quantities.linear_simulation import simulated
from proofs_check.quantities.metric_simulation import (
    kernel_replicates_of,
    metric_replicates_of,
    rise_of_the_null,
)
from theory.symbols import k, n

__all__ = ["CLAIMS"]

_source = place("simulations of the metric")
_N = Symbol("N", integer=True, positive=True)
_later = Symbol("later", integer=True, positive=True)
_ratio = Symbol("ratio", positive=True)
_snr = Rational(163, 160)
"""The signal-to-noise ratio of the code, 1.01866, rounded."""
_ORIGINAL = 10_000
_FIFTH: Final = Rational(1, 5)

_sizes = {d: Integer(lo=1), n: Integer(lo=2), _N: Integer(lo=2), gamma: POSITIVE}
_names = (d, n, _N, gamma)


def _at(*rows: tuple[int, int, int]) -> tuple[dict[Symbol, Any], ...]:
    return sets(*((a, b, c, _snr) for a, b, c in rows), names=_names)


def _probability(
    name: str,
    says: str,
    variant: str,
    rows: tuple[tuple[int, int, int], ...],
    rel: Rel,
    bound: Expr,
    broken: tuple[Broken, ...],
    *,
    averaged: bool = True,
    count: int = 80,
    margin: Expr = _FIFTH,
    more: tuple[Evidence, ...] = (),
    **parts: Any,
) -> Claim:
    """Return a claim about P(Delta > 0)."""
    parts.setdefault("kind", Kind.DERIVED)
    parts.setdefault("source", _source)
    label = {"right": "P", "code": "P_code", "fresh": "P_fresh", "population": "P_population"}
    return Claim(
        id=name,
        says=says,
        given=_sizes,
        lhs=simulated(
            label[variant], 4, label[variant] + r"(\Delta>0)\left({0},{1},{2},{3}\right)"
        )(*_names),
        rel=rel,
        rhs=bound,
        evidence=(
            MonteCarlo(
                replicates=metric_replicates_of(
                    "delta_sign_replicates", variant=variant, averaged=averaged
                ),
                at=_at(*rows),
                count=count,
                margin=margin,
            ),
            *more,
        ),
        broken=broken,
        **parts,
    )


_half = Rational(1, 2)
PROBABILITY: Final = (
    _probability(
        "B.pdelta.memory",
        "With the right covariance Delta is not positive up to n = d: d = 16, N = 10^4.",
        "right",
        ((16, 8, _ORIGINAL), (16, 12, _ORIGINAL), (16, 16, _ORIGINAL)),
        Rel.LE,
        Rational(1, 4),
        (
            restate("at least a half", rel=Rel.GE, rhs=_half),
            restate("always", rel=Rel.GE, rhs=Rational(19, 20)),
            restate("as often as not", rel=Rel.EQ, rhs=_half),
        ),
        uses=("B.metric",),
        note="At d = 100 it is below 0.03 up to n = 150 (figure B.fig3).",
    ),
    _probability(
        "B.pdelta.right",
        "With the right covariance it is positive for most training sets from n = 4d on at d = 16.",
        "right",
        ((16, 64, _ORIGINAL), (16, 160, _ORIGINAL)),
        Rel.GE,
        Rational(4, 5),
        (
            restate("never", rel=Rel.LE, rhs=Rational(1, 20)),
            restate("at most a half", rel=Rel.LE, rhs=_half),
        ),
        uses=("B.metric",),
    ),
    _probability(
        "B.pdelta",
        "The place of the rise is not n = d: at d = 16 it is still rare at n = 20, and at d = 100 "
        "and 128 at twice the dimension.",
        "right",
        ((16, 20, _ORIGINAL), (100, 200, _ORIGINAL), (128, 256, _ORIGINAL)),
        Rel.LE,
        Rational(1, 3),
        (
            restate("at least a half", rel=Rel.GE, rhs=_half),
            restate("always", rel=Rel.GE, rhs=Rational(19, 20)),
        ),
        uses=("B.pdelta.memory", "B.pdelta.right"),
        note="The intervals of B.fig3 put one half near 1.7 d at d = 16 and near 4 d at d = 100.",
    ),
    _probability(
        "B.pdelta.place",
        "At d = 16 it is more often positive than not at n = 2d already: the place of the rise, in "
        "units of d, moves with d.",
        "right",
        ((16, 32, _ORIGINAL),),
        Rel.GE,
        _half,
        (
            restate("never", rel=Rel.LE, rhs=Rational(1, 20)),
            restate("at most a quarter", rel=Rel.LE, rhs=Rational(1, 4)),
        ),
        count=120,
        uses=("B.metric",),
        note="Beside B.pdelta at d = 100 and 128. In simulations at n = 2d memory adds 0.8, 1.6, "
        "2.6, 4.6 to the logarithm of the overlap at d = 16, 64, 128, 256, while the two widths "
        "stay near 1.2: the larger d, the later the rise, in units of d.",
    ),
    _probability(
        "B.transition",
        "P(Delta > 0) rises sharply when n becomes proportional to d: it is above 3/4 at n = 2d.",
        "right",
        ((100, 200, _ORIGINAL),),
        Rel.GE,
        Rational(3, 4),
        (
            restate("above nine tenths", rhs=Rational(9, 10)),
            restate("always", rhs=Rational(99, 100)),
        ),
        kind=Kind.SAID,
        source=place("abstract of the submission"),
        count=60,
        uses=("B.metric",),
        printed=r"P(\Delta>0)\text{ rises sharply when }n\propto d",
        note="With N = 10^4 one half is reached near 1.7 d at d = 16 and 4 d at d = 100, and at "
        "d = 100 the probability never comes close to one; with N = n there is no rise to one at "
        "all (B.transition.equal). The code's covariance has another curve (B.pdelta.code).",
    ),
    _probability(
        "B.transition.equal",
        "With equally many original points the rise is absent: at n = 2d and 4d, where N = 10^4 "
        "gives nearly one at d = 16, it is below a half.",
        "right",
        ((16, 32, 32), (16, 64, 64)),
        Rel.LE,
        Rational(2, 5),
        (
            restate("nearly one", rel=Rel.GE, rhs=Rational(9, 10)),
            restate("a half", rel=Rel.EQ, rhs=_half),
        ),
        kind=Kind.AMENDED,
        amends="B.transition",
        averaged=False,
        count=120,
        uses=("B.metric",),
        note="The two kernel densities then have one width; the training set is always overlapped "
        "a little more, so one half is the limit from below.",
    ),
    _probability(
        "B.pdelta.null",
        "With a fresh set in place of the training set, where nothing can be memorized, Delta is "
        "positive nearly always, for n < d as for n >= 2d.",
        "fresh",
        ((16, 8, _ORIGINAL), (16, 32, _ORIGINAL), (16, 64, _ORIGINAL)),
        Rel.GE,
        Rational(4, 5),
        (
            restate("never", rel=Rel.LE, rhs=Rational(1, 20)),
            restate("as often as not", rel=Rel.EQ, rhs=_half),
        ),
        uses=("B.metric",),
        note="The wider kernels of the smaller set alone make it so.",
    ),
    _probability(
        "B.pdelta.null.onset",
        "Near n = d that null falls to nearly zero too: the generated variance diverges there.",
        "fresh",
        ((16, 16, _ORIGINAL), (16, 17, _ORIGINAL)),
        Rel.LE,
        Rational(1, 4),
        (
            restate("nearly always", rel=Rel.GE, rhs=Rational(9, 10)),
            restate("as often as not", rel=Rel.EQ, rhs=_half),
        ),
        count=60,
        uses=("B.metric", "B.moments.infinite"),
    ),
    _probability(
        "B.pdelta.population",
        "For the law of infinitely many samples Delta is positive nearly always, at any n: a "
        "generator without training passes.",
        "population",
        ((16, 8, _ORIGINAL), (16, 16, _ORIGINAL), (16, 64, _ORIGINAL)),
        Rel.GE,
        Rational(4, 5),
        (
            restate("never", rel=Rel.LE, rhs=Rational(1, 20)),
            restate("as often as not", rel=Rel.EQ, rhs=_half),
        ),
        uses=("B.metric",),
    ),
    _probability(
        "B.pdelta.half",
        "A fresh set and an original set of the same size give one half, by exchangeability.",
        "fresh",
        ((16, 8, 8), (16, 32, 32)),
        Rel.EQ,
        _half,
        (
            restate("never", rhs=Rational(1, 20)),
            restate("nearly always", rhs=Rational(9, 10)),
            scale("rhs", Rational(8, 5)),
        ),
        averaged=False,
        count=400,
        margin=Rational(1, 2),
        more=(Argued(),),
        printed=r"P(\Delta>0)=\tfrac12",
    ),
    _probability(
        "B.pdelta.code",
        "With the covariance of the code Delta is often positive below n = d already.",
        "code",
        ((16, 8, _ORIGINAL), (16, 12, _ORIGINAL)),
        Rel.GE,
        Rational(1, 3),
        (
            restate("at most a twentieth", rel=Rel.LE, rhs=Rational(1, 20)),
            restate("nearly always", rhs=Rational(19, 20)),
        ),
        count=80,
        uses=("B.law", "B.metric"),
        note="The transposed covariance is not aligned with the training set: most of the memory "
        "is lost to the metric.",
    ),
    _probability(
        "B.pdelta.code.drop",
        "At n = d it drops to nearly zero: the curve of the code is not monotone.",
        "code",
        ((16, 16, _ORIGINAL),),
        Rel.LE,
        Rational(1, 4),
        (
            restate("at least a half", rel=Rel.GE, rhs=_half),
            restate("nearly always", rel=Rel.GE, rhs=Rational(9, 10)),
        ),
        count=60,
        uses=("B.law", "B.metric"),
    ),
    Claim(
        id="B.circular",
        kind=Kind.SAID,
        says="The finding is circular: the rise beyond n = d also appears in the null without "
        "memory, whose probability at 2d exceeds that at d by more than a half.",
        source=place("public review"),
        given=_sizes,
        lhs=simulated("NullRise", 4)(*_names),
        rel=Rel.GE,
        rhs=_half,
        uses=("B.pdelta.null", "B.pdelta.null.onset"),
        evidence=(
            MonteCarlo(
                replicates=rise_of_the_null,
                at=_at((16, 16, _ORIGINAL), (16, 17, _ORIGINAL)),
                count=80,
                within=(-1, 1),
            ),
        ),
        broken=(
            restate("no rise", rel=Rel.LE, rhs=Rational(1, 10)),
            restate("a fall", rel=Rel.LE, rhs=-Rational(1, 10)),
        ),
        note="Half right: the height of the plateau and the dip at d come from kernel widths and "
        "the diverging variance. What does show memory is the difference to the null below and "
        "around d: B.pdelta.memory against B.pdelta.null.",
    ),
    Claim(
        id="B.expressive.amended",
        kind=Kind.AMENDED,
        amends="B.expressive",
        says="The model remembers its training set without fitting it: the generated law overlaps "
        "the training set more often than not more than a fresh set of the same size.",
        source=_source,
        given={d: Integer(lo=1), n: Integer(lo=2), gamma: POSITIVE},
        lhs=simulated("Memory", 3)(d, n, gamma),
        rel=Rel.GE,
        rhs=Rational(3, 4),
        uses=("B.metric", "B.cond.rank"),
        evidence=(
            MonteCarlo(
                replicates=metric_replicates_of("memory_replicates"),
                at=sets((16, 8, _snr), (16, 14, _snr), (100, 50, _snr), names=(d, n, gamma)),
                count=80,
            ),
        ),
        broken=(
            restate("as often as not", rel=Rel.EQ, rhs=_half),
            restate("less", rel=Rel.LE, rhs=Rational(1, 10)),
        ),
    ),
)


def _fall(
    name: str,
    says: str,
    which: str,
    rows: tuple[tuple[int, int, int], ...],
    broken: tuple[Broken, ...],
    *,
    norm: bool,
    rel: Rel = Rel.GE,
    **parts: Any,
) -> Claim:
    parts.setdefault("kind", Kind.DERIVED)
    parts.setdefault("source", _source)
    names = (d, n, _later, _N, gamma)
    return Claim(
        id=name,
        says=says,
        given={
            d: Integer(lo=1),
            n: Integer(lo=d + 1),
            _later: Integer(lo=n),
            _N: Integer(lo=2),
            gamma: POSITIVE,
        },
        lhs=simulated("Fall" + which.title(), 5)(*names),
        rel=rel,
        rhs=0,
        evidence=(
            MonteCarlo(
                replicates=metric_replicates_of("distance_fall_replicates", which=which, norm=norm),
                at=sets(*((*row, _ORIGINAL, _snr) for row in rows), names=names),
                count=100,
                margin=Rational(1, 10),
            ),
        ),
        broken=broken,
        uses=("B.metric",),
        **parts,
    )


_rises = restate("rises", rel=Rel.LE, rhs=-Rational(1, 10))
SCENARIOS: Final = (
    _fall(
        "B.scenarios",
        "In the realistic model both squared distances fall from the onset on (here E_TG from "
        "n = d + 4 to 2d).",
        "train",
        ((16, 20, 32),),
        (restate("by a factor e", rhs=1), restate("by a tenth", rhs=Rational(1, 10))),
        norm=True,
        kind=Kind.SAID,
        source=place("three scenarios"),
        printed=r"E_{TG},E_{OG}\text{ both fall, at different rates}",
        note="Both rise by orders of magnitude: the norm of the generated density grows as its "
        "variance comes down from the pole at n = d. The public code leaves that norm out.",
    ),
    _fall(
        "B.scenarios.original",
        "E_OG rises there as well.",
        "original",
        ((16, 20, 32),),
        (flip(), restate("by a factor e^10", rhs=-10)),
        norm=True,
        rel=Rel.LE,
    ),
    _fall(
        "B.scenarios.amended",
        "Less the norm of the generated density, which cancels in Delta, E_TG falls.",
        "train",
        ((16, 20, 32), (16, 32, 64)),
        (_rises, restate("by one", rhs=1)),
        norm=False,
        kind=Kind.AMENDED,
        amends="B.scenarios",
    ),
    _fall(
        "B.scenarios.amended.original",
        "Less that norm E_OG falls, by more than one from 2d to 4d at d = 16.",
        "original",
        ((16, 20, 32), (16, 32, 64)),
        (_rises, restate("by ten", rhs=10)),
        norm=False,
    ),
    *(
        Claim(
            id=f"B.scenarios.{name}",
            kind=Kind.DERIVED,
            says=says,
            source=place("three scenarios"),
            given={
                _t: Real(lo=0, hi=1, lo_open=True),
                _gap: Real(lo=0, lo_open=True),
            },
            lhs=lhs,
            rel=Rel.GT,
            rhs=0,
            evidence=(Steps(branches=(Branch(rest=lhs.factor()),)), Search(examples=40)),
            broken=(flip(), restate("at least one", lhs=lhs, rhs=1)),
        )
        for _t, _gap in ((Symbol("t", positive=True), Symbol("D_2", positive=True)),)
        for name, says, lhs in (
            (
                "mixture.train",
                "Along the mixtures (1 - t) rho_T + t rho_O the squared distance to train rises.",
                _t**2 * _gap,
            ),
            (
                "mixture.original",
                "Along them the one to the original density falls, by (2t - t^2) D.",
                (2 * _t - _t**2) * _gap,
            ),
        )
    ),
)


def _coordinate(size_a: Expr, size_b: Expr, ratio: Expr) -> Expr:
    """Return the mean relative metric of two Gaussian sets on the line, widths 1/k and 1/n."""
    first, second = 1 / size_a**2, 1 / size_b**2
    return (
        2
        + (1 - 1 / size_a) / sqrt(ratio**2 + first)
        + (1 - 1 / size_b) / sqrt(1 + second)
        - 2 * sqrt(2) / sqrt(ratio**2 + 1 + first + second)
    )


_sets_of = {k: Integer(lo=2), n: Integer(lo=2), _ratio: POSITIVE}
_u = Symbol("u", positive=True)


def _scales(
    name: str, says: str, generator: str, common: bool, rel: Rel, bound: Expr, **parts: Any
) -> Claim:
    parts.setdefault("kind", Kind.DERIVED)
    wrong = (
        (restate("as often as not", rel=Rel.EQ, rhs=_half), restate("never", rel=Rel.LE, rhs=0))
        if rel is Rel.GE
        else (
            restate("as often as not", rel=Rel.EQ, rhs=_half),
            restate("always", rel=Rel.GE, rhs=1),
        )
    )
    return Claim(
        id=name,
        says=says,
        source=place("public code, simulation.py"),
        given={d: Integer(lo=1)},
        lhs=simulated("P_" + generator + ("_common" if common else ""), 1)(d),
        rel=rel,
        rhs=bound,
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of(
                    "code_scale_replicates", generator=generator, common=common
                ),
                at=sets((64,), names=(d,)),
                count=50,
                margin=Rational(1, 10),
            ),
        ),
        broken=wrong,
        **parts,
    )


COORDINATE: Final = (
    Claim(
        id="B.coordinate.mean",
        kind=Kind.DERIVED,
        says="The mean of the per-coordinate metric of two Gaussian sets, relative to the norm of "
        "the population.",
        source=_source,
        given=_sets_of,
        lhs=simulated("Coordinate", 3)(k, n, _ratio),
        rel=Rel.EQ,
        rhs=_coordinate(k, n, _ratio),
        uses=("B.metric.mean.pairs", "B.metric.mean.cross", "B.metric.diagonal.1"),
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of("coordinate_replicates"),
                at=sets((10, 10, 1), (10, 20, 1), (6, 8, 3), names=(k, n, _ratio)),
                count=500,
                margin=Rational(1, 5),
            ),
        ),
        broken=(
            scale("rhs", 2),
            restate("one diagonal", rhs=_coordinate(k, n, _ratio) - 1),
            restate("no diagonal", rhs=_coordinate(k, n, _ratio) - 2),
            restate("overlap once", rhs=_coordinate(k, n, _ratio) + 1),
        ),
        printed=r"2+\frac{1-1/k}{\sqrt{r^2+k^{-2}}}+\frac{1-1/n}{\sqrt{1+n^{-2}}}"
        r"-\frac{2\sqrt2}{\sqrt{r^2+1+k^{-2}+n^{-2}}}",
    ),
    Claim(
        id="B.coordinate",
        kind=Kind.DERIVED,
        says="For a perfect generator it does not vanish: the mean is at least 2 - 2/n times the "
        "norm of the population, while a copy of the training set gets 0.",
        source=_source,
        given={_u: Real(lo=0, hi=1, lo_open=True)},
        lhs=2 - 2 * _u / sqrt(1 + _u**2),
        rel=Rel.GT,
        rhs=2 - 2 * _u,
        uses=("B.coordinate.mean",),
        evidence=(
            Enclosure(margin=sqrt(1 + _u**2) - 1, times=sqrt(1 + _u**2) / (2 * _u)),
            Search(examples=40, hypothesis_examples=5),
        ),
        broken=(
            flip(),
            restate("it is two", rhs=2),
            restate("half as fast", rhs=2 - _u),
        ),
        printed=r"2-\frac{2/n}{\sqrt{1+n^{-2}}}\ge2-\frac2n",
        note="u = 1/n; both sets have n points and the same law.",
    ),
    Claim(
        id="B.coordinate.noise",
        kind=Kind.DERIVED,
        says="Noise of three times the standard deviation is told apart by less than 0.6.",
        source=_source,
        lhs=_coordinate(Rational(10), Rational(10), Rational(3)),
        rel=Rel.LT,
        rhs=_coordinate(Rational(10), Rational(10), Rational(1)) + Rational(3, 5),
        uses=("B.coordinate.mean",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate(
                "a tenth more",
                rhs=_coordinate(Rational(10), Rational(10), Rational(1)) + Rational(1, 10),
            ),
        ),
    ),
    _scales(
        "B.code.scales",
        "On the three scales of the code P(Delta > 0) is one for a perfect generator.",
        "perfect",
        False,
        Rel.GE,
        Rational(2, 3),
        kind=Kind.SAID,
        note="Generated data in [0, 1], training data in [-1, 1], original data times 255, a grid "
        "of 16 places in [0, 1], ten generated, ten training and a hundred original points.",
    ),
    _scales(
        "B.code.scales.memory",
        "There it is one for copies of the training set as well.",
        "memory",
        False,
        Rel.GE,
        Rational(2, 3),
    ),
    _scales(
        "B.code.scales.noise",
        "And for uniform noise: on these scales it says nothing about the generator.",
        "noise",
        False,
        Rel.GE,
        Rational(2, 3),
    ),
    _scales(
        "B.code.scales.common",
        "On a common scale copies of the training set get zero.",
        "memory",
        True,
        Rel.LE,
        Rational(1, 3),
    ),
)


def _transport(
    name: str,
    says: str,
    against: str,
    rows: tuple[tuple[int, int], ...],
    rel: Rel,
    bound: Expr,
    wrong: Expr,
) -> Claim:
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=_source,
        given={d: Integer(lo=1), n: Integer(lo=2), gamma: POSITIVE},
        lhs=simulated("Transport_" + against, 3)(d, n, gamma),
        rel=rel,
        rhs=bound,
        evidence=(
            MonteCarlo(
                replicates=metric_replicates_of("transport_replicates", against=against),
                at=sets(*((*row, _snr) for row in rows), names=(d, n, gamma)),
                count=200,
                margin=Rational(1, 10),
            ),
        ),
        broken=(flip(), restate("another bound", rhs=wrong)),
    )


_points = {n: Integer(lo=2, hi=1000)}
TRANSPORT: Final = (
    _transport(
        "B.w2",
        "W_2^2/d between generated points and the training set is below 1 at n = d/2: closer than "
        "the training set is to another one of its size.",
        "train",
        ((16, 8),),
        Rel.LE,
        Rational(1),
        Rational(1, 2),
    ),
    _transport(
        "B.w2.floor",
        "Two independent sets of the data's law are at W_2^2/d above 1.2 there: a perfect "
        "generator is far from the training set.",
        "perfect",
        ((16, 8), (100, 50)),
        Rel.GE,
        Rational(6, 5),
        Rational(2),
    ),
    _transport(
        "B.w2.fresh",
        "Generated points are at W_2^2/d above 1.2 from a fresh set: by assignment training set "
        "and fresh set are told apart.",
        "fresh",
        ((16, 8),),
        Rel.GE,
        Rational(6, 5),
        Rational(2),
    ),
    Claim(
        id="B.wasserstein",
        kind=Kind.SAID,
        says="Wasserstein distances are computationally challenging: an assignment of n points "
        "takes at least the n N d operations of the overlap with N = 10^4 points at d = 100.",
        source=place("rebuttal"),
        given=_points,
        lhs=n**3 + 100 * n**2,
        rel=Rel.GE,
        rhs=n * 10**4 * 100,
        evidence=(Search(also=({n: Fraction(100)},)),),
        broken=(scale("rhs", 2), restate("than the pairs", rhs=10**8 * 100)),
        note="n^3 + n^2 d operations are an upper bound for an assignment; between two Gaussians "
        "the distance is a closed form (B.otherdiv.bures.plane).",
    ),
    Claim(
        id="B.wasserstein.amended",
        kind=Kind.AMENDED,
        amends="B.wasserstein",
        says="Up to n = 900 it takes fewer than the pairs and overlaps of E_OG at d = 100.",
        source=_source,
        given={n: Integer(lo=2, hi=900)},
        lhs=n**3 + 100 * n**2,
        rel=Rel.LT,
        rhs=n * 10**4 * 100,
        evidence=(Enclosure(), Search(examples=40)),
        broken=(
            flip(),
            restate("up to n = 1000", given={n: Integer(lo=2, hi=1000)}),
            scale("rhs", Rational(1, 2)),
        ),
    ),
)

ERRORS: Final = (
    Claim(
        id="B.rhoO.simulated",
        kind=Kind.DERIVED,
        says="Simulated kernel densities have the mean relative squared error of the formula.",
        source=_source,
        given={d: Integer(lo=1), n: Integer(lo=1)},
        lhs=simulated("SquaredError", 2)(d, n),
        rel=Rel.EQ,
        rhs=squared_error_at_width(n, d),
        uses=("B.rhoO.error.1",),
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of("squared_error_replicates"),
                at=sets((2, 100), (5, 50), (16, 200), names=(d, n)),
                count=200,
                margin=Rational(1, 10),
            ),
        ),
        broken=(
            scale("rhs", Rational(3, 4)),
            restate("vanishes with n", rhs=1 / n),
            restate("the variance alone", rhs=squared_error_at_width(n, d) * 2),
        ),
    ),
    Claim(
        id="B.bandwidth",
        kind=Kind.DERIVED,
        says="The mean log-likelihood of a fresh point rises by more than a third when the "
        "paper's width grows by 30 %: it does not minimise the KL error either.",
        source=_source,
        given={d: Integer(lo=1), n: Integer(lo=1)},
        lhs=simulated("LikelihoodGain", 2)(d, n),
        rel=Rel.GE,
        rhs=Rational(1, 3),
        uses=("B.bandwidth.wider",),
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of("likelihood_gain_replicates", widening=1.3),
                at=sets((5, 20), (16, 16), (100, 100), names=(d, n)),
                count=1000,
                margin=Rational(1, 10),
            ),
        ),
        broken=(flip(), restate("it falls", rel=Rel.LE, rhs=0), restate("by ten", rhs=10)),
    ),
    Claim(
        id="B.lower.any",
        kind=Kind.DERIVED,
        says="For any number of points no Gaussian overlaps the training density by more than a "
        "share 2 Lambda / n of the squared norms.",
        source=_source,
        given={d: Integer(lo=1), n: Integer(lo=2)},
        lhs=simulated("CosineExcess", 2)(d, n),
        rel=Rel.LE,
        rhs=0,
        uses=("B.lower.pair", "B.rhoO.norm"),
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of("cosine_excess_replicates"),
                at=sets((100, 10), (50, 6), names=(d, n)),
                count=8,
                margin=Rational(1, 100),
            ),
            Argued(document="B.lower"),
        ),
        broken=(
            flip(),
            restate("by half of it", rel=Rel.LE, rhs=-Rational(1, 4)),
        ),
        printed=r"\langle g,\rho_n\rangle^2"
        r"\le\tfrac{2\Lambda}n\lVert g\rVert^2\lVert\rho_n\rVert^2",
    ),
    Claim(
        id="B.lower.simulated",
        kind=Kind.DERIVED,
        says="For Gaussian training sets at d = 100 the lower bound is above 1 - 2.1/n.",
        source=_source,
        given={d: Integer(lo=100), n: Integer(lo=4)},
        lhs=simulated("LowerBound", 2)(d, n),
        rel=Rel.GE,
        rhs=1 - Rational(21, 10) / n,
        uses=("B.lower",),
        evidence=(
            MonteCarlo(
                replicates=kernel_replicates_of("lower_bound_replicates"),
                at=sets((100, 10), (100, 25), names=(d, n)),
                count=8,
                margin=Rational(1, 100),
            ),
        ),
        broken=(
            flip(),
            restate("above 1 - 1/n", rhs=1 - 1 / n),
            restate("a half", rel=Rel.LE, rhs=_half),
        ),
    ),
)

CLAIMS: Final = (*PROBABILITY, *SCENARIOS, *COORDINATE, *TRANSPORT, *ERRORS)
