"""Paper A, Proposition 2: how concentrated the posterior of the datum is."""

from fractions import Fraction
from typing import Final

from sympy import Abs, Expr, Rational, Sum, Symbol, exp, sqrt

from proofs_check.broken import drop, flip, restate, scale, swap
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real, Sample
from proofs_check.evidence import (
    Branch,
    Change,
    Enclosure,
    From,
    Search,
    Steps,
)
from proofs_check.ledger.large_learning_rates.sample_facts import weight
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    decay,
    gap,
    i,
    j,
    middle,
    mu,
    n,
    near_centre,
    place,
    sigma,
    spaced,
    x,
    y,
)
from proofs_check.quantities.posterior import PosteriorMean, PosteriorVariance
from theory.symbols import Delta, z

__all__ = ["CLAIMS", "near"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
_D = Symbol("D", positive=True)
_w = Symbol("w", nonnegative=True)
_u = Symbol("u", positive=True)
_r = Symbol("r", nonnegative=True)
_e = Symbol("e", nonnegative=True)
_N = Symbol("N", integer=True, positive=True)
_q = Symbol("q", nonnegative=True)

near = le(Abs(y - mu * x(i)), mu * gap / 4)
"""The hypothesis that y is within a quarter spacing of the i-th noisy centre."""

_sampled = {mu: MU, sigma: SIGMA, X: SAMPLE}
_pairs_above = {**_sampled, i: Integer(lo=1, hi=n - 1), j: Integer(lo=i + 1, hi=n)}
_pairs_below = {**_sampled, i: Integer(lo=2, hi=n), j: Integer(lo=1, hi=i - 1)}
_mean = PosteriorMean(*data, y)
_variance = PosteriorVariance(*data, y)
_distance_above = From(claim="A.fact.distance")
_distance_below = From(claim="A.fact.distance", at={i: j, j: i})


def _nearest(side: str) -> Claim:
    """Return: no weight exceeds the i-th at the middle of centres i and i + 1."""
    above = side == "above"
    point = middle(i)
    exponent = ((point - mu * x(j)) ** 2 - (point - mu * x(i)) ** 2) / (2 * sigma**2)
    reasons = (
        (_distance_above, From(claim="A.fact.distance", at={i: i + 1, j: j}))
        if above
        else (_distance_below, From(claim="A.fact.distance", at={i: j, j: i + 1}))
    )
    return Claim(
        id=f"A.prop2a.nearest.{side}",
        kind=Kind.LEMMA,
        says=f"At the middle of two centres no weight from {side} exceeds theirs.",
        source=place("Proposition 2, proof"),
        given={
            **_sampled,
            i: Integer(lo=1, hi=n - 1),
            j: Integer(lo=i + 1, hi=n) if above else Integer(lo=1, hi=i),
        },
        lhs=weight(j, point),
        rel=Rel.LE,
        rhs=weight(i, point),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.ratio", at={y: point}, weight=-1),
                            From(
                                claim="A.fact.exponential",
                                at={y: 0, z: exponent},
                                weight=weight(i, point),
                                because=reasons,
                            ),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("lhs", Rational(101, 100)),
            restate(
                "at the centre of another point",
                lhs=weight(j, mu * x(i + 1)),
                rhs=weight(i, mu * x(i + 1)),
            )
            if above
            else scale("rhs", Rational(1, 2)),
        ),
    )


_g = x(i + 1) - x(i)
_a, _b = (x(i) - _mean).subs(y, middle(i)), (x(i + 1) - _mean).subs(y, middle(i))
_at_middle = {**_sampled, i: Integer(lo=1, hi=n - 1)}

MIDDLE: Final = (
    _nearest("above"),
    _nearest("below"),
    Claim(
        id="A.prop2a.weight",
        kind=Kind.STEP,
        says="At the middle of two centres the weight of the lower one is at least 1/n.",
        source=place("Proposition 2 (i), proof"),
        given=_at_middle,
        lhs=weight(i, middle(i)),
        rel=Rel.GE,
        rhs=1 / n,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop2a.nearest.below", over=(j, 1, i), weight=1 / n),
                            From(claim="A.prop2a.nearest.above", over=(j, i + 1, n), weight=1 / n),
                            From(claim="A.fact.total", at={y: middle(i)}, weight=1 / n),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), restate("one point less", rhs=1 / (n - 1))),
        printed=r"\alpha_i(m_i)\ge\tfrac1n",
    ),
    Claim(
        id="A.prop2a.equal",
        kind=Kind.STEP,
        says="At the middle of two centres both weights are equal.",
        source=place("Proposition 2 (i), proof"),
        given=_at_middle,
        lhs=weight(i + 1, middle(i)),
        rel=Rel.EQ,
        rhs=weight(i, middle(i)),
        evidence=(
            Steps(
                branches=(Branch(parts=(From(claim="A.fact.ratio", at={y: middle(i), j: i + 1}),)),)
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("at a centre", lhs=weight(i + 1, mu * x(i)), rhs=weight(i, mu * x(i))),
        ),
        printed=r"\alpha_{i+1}(m_i)=\alpha_i(m_i)",
    ),
    Claim(
        id="A.prop2a",
        says="Between two data points the posterior variance is at least the squared gap over 2n.",
        source=place("Proposition 2 (i)"),
        given=_at_middle,
        lhs=PosteriorVariance(*data, middle(i)),
        rel=Rel.GE,
        rhs=_c * _g**2 / n,
        constant=Constant(_c, Rational(1, 2), larger_is_weaker=False, power_of_two=True),
        steps=("A.prop2a.weight", "A.prop2a.equal"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.variance",
                                at={y: middle(i), z: PosteriorMean(*data, middle(i))},
                            ),
                            From(claim="A.prop2a.weight", weight=_a**2 + _b**2),
                            From(claim="A.prop2a.equal", weight=_b**2),
                        ),
                        rest=(_a + _b) ** 2 / (2 * n)
                        + Sum(
                            (x(j) - PosteriorMean(*data, middle(i))) ** 2 * weight(j, middle(i)),
                            (j, 1, i - 1),
                        )
                        + Sum(
                            (x(j) - PosteriorMean(*data, middle(i))) ** 2 * weight(j, middle(i)),
                            (j, i + 2, n),
                        ),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("no n", rhs=_c * _g**2),
            restate("at a centre", lhs=PosteriorVariance(*data, mu * x(i))),
        ),
        printed=r"\mathbb{V}[W(m_i)]\ge\tfrac1{2n}(x_{i+1}-x_i)^2",
    ),
)


def _monotone(power: int, least: Expr, name: str, says: str) -> Claim:
    """Return: D^power exp(-mu^2 D^2/4 sigma^2) decreases for D >= Delta >= least sigma/mu."""
    start = Change(
        old=Delta,
        expression=_u * sigma / mu,
        new=_u,
        new_is=mu * Delta / sigma,
        domain=Real(lo=0, lo_open=True),
    )
    further = Change(old=_D, expression=Delta + _w, new=_w, new_is=_D - Delta, domain=Real(lo=0))
    scaled = Change(
        old=_w, expression=_r * sigma / mu, new=_r, new_is=mu * _w / sigma, domain=Real(lo=0)
    )
    beyond = Change(old=_u, expression=least + _e, new=_e, new_is=_u - least, domain=Real(lo=0))
    # just before the maximum of x^power exp(-x^2/4), in units of sigma/mu
    first, second = ("13/10", "7/5") if power == 1 else ("19/10", "2")
    root = r"\sqrt2" if power == 1 else "2"
    monomial = "x" if power == 1 else "x^2"
    early = {mu: _half, sigma: _half, Delta: Fraction(first), _D: Fraction(second)}
    return Claim(
        id=name,
        kind=Kind.STEP,
        says=says,
        source=place("Proposition 2, proof"),
        given={
            mu: MU,
            sigma: SIGMA,
            Delta: Real(lo=0, lo_open=True, within=(sigma / mu, 3 * sigma / mu)),
            _D: Real(lo=0, lo_open=True, within=(Delta, 2 * Delta)),
        },
        where=(ge(Delta, least * sigma / mu), ge(_D, Delta)),
        lhs=_D**power * exp(-(mu**2) * _D**2 / (4 * sigma**2)),
        rel=Rel.LE,
        rhs=Delta**power * exp(-(mu**2) * Delta**2 / (4 * sigma**2)),
        evidence=(Enclosure(changes=(further, start, scaled, beyond)), Search(also=(early,))),
        broken=(
            scale("rhs", Rational(99, 100)),
            drop(0, name="no least distance"),
            drop(1, name="any distance"),
            restate(
                "shorter least distance",
                where=(ge(Delta, least * Rational(9, 10) * sigma / mu), ge(_D, Delta)),
            ),
        ),
        printed=rf"{monomial}e^{{-\mu^2x^2/4\sigma^2}}\ \text{{decreases on}}\ "
        rf"[{root}\sigma/\mu,\infty)",
    )


def _separation(side: str) -> Claim:
    """Return: the other datum is much farther from y/mu than the near one."""
    above = side == "above"
    sign = 1 if above else -1
    distance = sign * (x(j) - x(i))
    count = sign * (j - i)
    return Claim(
        id="A.prop2b.P1" if above else "A.prop2b.P1.below",
        kind=Kind.STEP if above else Kind.LEMMA,
        says="Seen from a point near x_i, another datum is at least half their distance farther.",
        source=place("Proposition 2 (ii), proof"),
        given={
            X: Sample(),
            i: _pairs_above[i] if above else _pairs_below[i],
            j: _pairs_above[j] if above else _pairs_below[j],
            z: Real(within=(x(i) - gap / 4, x(i) + gap / 4)),
        },
        where=(le(Abs(z - x(i)), gap / 4),),
        lhs=sign * (x(j) + x(i) - 2 * z),
        rel=Rel.GE,
        rhs=_c * distance,
        constant=Constant(_c, Rational(1, 2), larger_is_weaker=False),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.distance",
                                at={} if above else {i: j, j: i},
                                weight=Rational(1, 2),
                            ),
                            From(hypothesis=0, weight=2, side=sign),
                        ),
                        rest=(count - 1) * gap / 2,
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0)),
        printed=r"x_{i'}+x_i-2x\ge\tfrac12(x_{i'}-x_i)\quad(i'>i)" if above else "",
    )


def _term(side: str, power: int) -> Claim:
    """Return: |x_j - x_i|^power alpha_j <= Delta^power exp(-q) near the i-th centre."""
    above = side == "above"
    sign = 1 if above else -1
    distance = sign * (x(j) - x(i))
    bound = mu**2 * distance**2 / (4 * sigma**2)
    exponent = ((y - mu * x(j)) ** 2 - (y - mu * x(i)) ** 2) / (2 * sigma**2)
    reason = _distance_above if above else _distance_below
    separated = From(
        claim="A.prop2b.P1" if above else "A.prop2b.P1.below",
        at={z: y / mu},
    )
    row = "A.prop2b" if power == 1 else "A.prop2c"
    decreasing = f"{row}.P2.decreasing" if power == 1 else f"{row}.P1.decreasing"
    steps = Steps(
        branches=(
            Branch(
                parts=(
                    From(claim=decreasing, at={Delta: gap, _D: distance}, because=(reason,)),
                    From(
                        claim="A.fact.exponential",
                        at={y: bound, z: exponent - bound},
                        weight=distance**power,
                        because=(reason, separated),
                    ),
                    From(claim="A.fact.ratio", weight=-(distance**power)),
                    From(claim="A.fact.weight", weight=distance**power * exp(-exponent)),
                ),
                because=(reason,),
            ),
        )
    )
    return Claim(
        id=f"{row}.term.{side}",
        kind=Kind.LEMMA,
        says=f"Near a centre each point from {side} adds an exponentially small term.",
        source=place("Proposition 2, proof"),
        given={**(_pairs_above if above else _pairs_below), y: near_centre(i)},
        where=(near, spaced),
        lhs=distance**power * weight(j),
        rel=Rel.LE,
        rhs=gap**power * decay(),
        evidence=(steps, Search()),
        broken=(
            scale("rhs", Rational(1, 2)),
            drop(0, name="y anywhere"),
            swap(decay(), decay(Rational(11, 10)), "exponent larger by a tenth"),
        ),
    )


def _tail(side: str) -> Claim:
    above = side == "above"
    sign = 1 if above else -1
    summand = sign * (x(j) - x(i)) * weight(j)
    limits = (j, i + 1, n) if above else (j, 1, i - 1)
    spare = i if above else n - i + 1
    return Claim(
        id="A.prop2b.P2" if above else "A.prop2b.P2.below",
        kind=Kind.STEP if above else Kind.LEMMA,
        says=f"The part of the posterior mean that comes from {side} is exponentially small.",
        source=place("Proposition 2 (ii), proof"),
        given={**_sampled, i: Integer(lo=1, hi=n), y: near_centre(i)},
        where=(near, spaced),
        lhs=Sum(summand, limits),
        rel=Rel.LE,
        rhs=_c * n * gap * decay(),
        constant=Constant(_c, Rational(1), larger_is_weaker=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim=f"A.prop2b.term.{side}", over=limits),),
                        rest=spare * gap * decay(),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(9, 20)),
            swap(decay(), decay(Rational(5, 4)), "exponent larger by a quarter"),
            restate("wrong sign of the exponent's rate", rhs=n * gap * decay(2)),
        ),
        printed=r"\sum_{i'>i}(x_{i'}-x_i)\alpha_{i'}(y)\le n\Delta e^{-\mu^2\Delta^2/4\sigma^2}"
        if above
        else "",
    )


_crowded = {
    mu: Fraction(1, 2),
    sigma: Fraction(1, 2),
    X: (Fraction(0), Fraction(1, 1000), Fraction(1, 10)),
    i: Fraction(1),
    y: Fraction(0),
}
"""Two points much closer than the noise and a third one apart: the mean is far from the first."""

_halfway = {
    mu: Fraction(1, 2),
    sigma: Fraction(1, 10),
    X: (Fraction(0), Fraction(1)),
    i: Fraction(1),
    y: Fraction(1, 4),
}
"""Half way between two centres the variance is large."""

_near_i = {**_sampled, i: Integer(lo=1, hi=n), y: near_centre(i)}


def _mean_branch(sign: int) -> Branch:
    """Return the certificate of one side of |E W - x_i| <= n Delta exp(-q)."""
    tail, rest = (
        ("A.prop2b.P2", "A.fact.below") if sign > 0 else ("A.prop2b.P2.below", "A.fact.above")
    )
    limits = (j, 1, i - 1) if sign > 0 else (j, i + 1, n)
    return Branch(
        parts=(
            From(claim=tail),
            From(claim="A.fact.mean", weight=-sign),
            From(claim="A.fact.total", weight=-sign * x(i)),
            From(claim=rest, over=limits),
        )
    )


MEAN: Final = (
    _monotone(
        1,
        sqrt(2),
        "A.prop2b.P2.decreasing",
        "x exp(-mu^2 x^2/4 sigma^2) decreases beyond sqrt(2) sigma/mu.",
    ),
    _separation("above"),
    _separation("below"),
    _term("above", 1),
    _term("below", 1),
    _tail("above"),
    _tail("below"),
    Claim(
        id="A.prop2b",
        says="Near a centre the posterior mean is exponentially close to the datum.",
        source=place("Proposition 2 (ii)"),
        given=_near_i,
        where=(near, spaced),
        lhs=Abs(_mean - x(i)),
        rel=Rel.LE,
        rhs=_c * n * gap * decay(),
        constant=Constant(_c, Rational(1), larger_is_weaker=True),
        steps=("A.prop2b.P1", "A.prop2b.P2.decreasing", "A.prop2b.P2"),
        evidence=(
            Steps(branches=(_mean_branch(1), _mean_branch(-1))),
            Search(also=(_crowded,)),
        ),
        broken=(
            scale("rhs", Rational(9, 20)),
            swap(decay(), decay(Rational(5, 4)), "exponent larger by a quarter"),
            drop(0, name="y anywhere"),
            drop(1, name="no least spacing"),
        ),
        printed=r"\left|\mathbb{E}[W(y)]-x_i\right|\le n\Delta e^{-\mu^2\Delta^2/4\sigma^2}",
    ),
)

_square_sum = 2 * n**2 * gap**2 * decay(2) + 2 * n * gap**2 * decay()

VARIANCE: Final = (
    _monotone(
        2,
        Rational(2),
        "A.prop2c.P1.decreasing",
        "x^2 exp(-mu^2 x^2/4 sigma^2) decreases beyond 2 sigma/mu.",
    ),
    _term("above", 2),
    _term("below", 2),
    Claim(
        id="A.prop2c.sharp",
        kind=Kind.DERIVED,
        says="Near a centre the posterior variance is at most (n - 1) Delta^2 exp(-q).",
        source=place("Proposition 2 (iii), sharpened"),
        given=_near_i,
        where=(near, spaced),
        lhs=_variance,
        rel=Rel.LE,
        rhs=(n - 1) * gap**2 * decay(),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.variance", at={z: x(i)}, weight=-1),
                            From(claim="A.prop2c.term.above", over=(j, i + 1, n)),
                            From(claim="A.prop2c.term.below", over=(j, 1, i - 1)),
                        ),
                        rest=(_mean - x(i)) ** 2,
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(9, 10)),
            swap(decay(), decay(Rational(5, 4)), "exponent larger by a quarter"),
            drop(0, name="y anywhere"),
        ),
    ),
    Claim(
        id="A.prop2c.P1",
        kind=Kind.STEP,
        says="Near a centre the posterior variance is at most a sum of two exponentials.",
        source=place("Proposition 2 (iii), proof"),
        given=_near_i,
        where=(near, spaced),
        lhs=_variance,
        rel=Rel.LE,
        rhs=_square_sum,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.prop2c.sharp"),),
                        rest=2 * n**2 * gap**2 * decay(2) + (n + 1) * gap**2 * decay(),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(1, 5)),
            restate("only the smaller exponential", rhs=2 * n**2 * gap**2 * decay(2)),
            drop(0, name="y anywhere"),
        ),
        printed=r"\mathbb{V}\le2n^2\Delta^2e^{-\mu^2\Delta^2/2\sigma^2}"
        r"+2n\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}",
    ),
    Claim(
        id="A.prop2c.P1.second",
        kind=Kind.STEP,
        says="The two exponentials together are at most four n^2 times the larger one.",
        source=place("Proposition 2 (iii), proof"),
        given={_N: Integer(lo=1), _q: Real(lo=0)},
        lhs=2 * _N**2 * exp(-2 * _q) + 2 * _N * exp(-_q),
        rel=Rel.LE,
        rhs=_c * _N**2 * exp(-_q),
        constant=Constant(_c, Rational(4), larger_is_weaker=True, power_of_two=True),
        evidence=(Enclosure(), Search()),
        broken=(
            scale("rhs", Rational(99, 100)),
            restate("n for its square", rhs=4 * _N * exp(-_q)),
            flip(),
        ),
        printed=r"\dots\le4n^2\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}",
    ),
    Claim(
        id="A.prop2c",
        says="Near a centre the posterior variance is exponentially small.",
        source=place("Proposition 2 (iii)"),
        given=_near_i,
        where=(near, spaced),
        lhs=_variance,
        rel=Rel.LE,
        rhs=_c * n**2 * gap**2 * decay(),
        constant=Constant(_c, Rational(4), larger_is_weaker=True, power_of_two=True),
        steps=("A.prop2c.P1", "A.prop2c.P1.second"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop2c.P1"),
                            From(
                                claim="A.prop2c.P1.second",
                                at={_N: n, _q: mu**2 * gap**2 / (4 * sigma**2)},
                                weight=gap**2,
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_halfway,)),
        ),
        broken=(
            scale("rhs", Rational(1, 20)),
            swap(decay(), decay(2), "exponent doubled"),
            drop(0, name="y anywhere"),
        ),
        printed=r"\mathbb{V}[W(y)]\le4n^2\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}",
    ),
)

CLAIMS: Final = (*MIDDLE, *MEAN, *VARIANCE)
