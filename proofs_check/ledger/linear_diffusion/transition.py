"""Paper B, what was said of the transition: the monotonic fall, the change of slope."""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, diff, log, sqrt

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Branch,
    Enclosure,
    From,
    Instances,
    MonteCarlo,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    CODE_GAMMA,
    POSITIVE,
    STANDARD_GAMMA,
    d,
    gamma,
    noise,
    percent,
    place,
    psi,
    sets,
    signal,
    u,
    w,
)
from proofs_check.quantities.linear_limits import LimitingKL, LimitingLogAffinity
from proofs_check.quantities.linear_simulation import replicates_of, simulated
from proofs_check.quantities.onset_affinity import MeanAffinity
from theory.symbols import n

__all__ = ["CLAIMS"]

_source = place("proportional limit")
_plane = {psi: Real(lo=1, lo_open=True), gamma: POSITIVE}
_at_u = {psi: 1 + u}
_lambda = -log(1 + gamma) + psi * (log(1 + gamma) - log(psi)) + (psi - 1) * log(psi - 1)
_kl = (signal + noise / (psi - 1) - 1 - _lambda) / 2

_bracket = 1 / ((1 + gamma) * u**2) + log(1 + gamma) + log(u) - log(1 + u)
_of_turn = 2 * (1 + w) / w**2
"""1 + gamma at which the bracket turns at u = w."""
_at_turn = w**2 / (2 * (1 + w) * u**2) + log(2) + log((1 + w) * u / (w**2 * (1 + u)))
_LO, _HI = Rational(23245857635229975, 10**16), Rational(23245857635229976, 10**16)
_GLO, _GHI = Rational(230485184598887, 10**15), Rational(230485184598888, 10**15)
_h = Symbol("h", positive=True)
_ratio = w * (1 + u) / (u * (1 + w))

MONOTONE: Final = (
    Claim(
        id="B.monotone.slope",
        kind=Kind.DERIVED,
        says="Minus twice the slope of the limiting divergence in the bulk is the bracket.",
        source=_source,
        given=_plane,
        lhs=-2 * diff(_kl, psi),
        rel=Rel.EQ,
        rhs=_bracket.subs(u, psi - 1),
        uses=("B.kllimit",),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("no first term", rhs=log(1 + gamma) + log(psi - 1) - log(psi)),
            restate(
                "first power",
                rhs=_bracket.subs(u, psi - 1)
                - 1 / ((1 + gamma) * (psi - 1) ** 2)
                + 1 / ((1 + gamma) * (psi - 1)),
            ),
        ),
        printed=r"-2kl'=\frac1{(1+\gamma)u^2}+\log\frac{(1+\gamma)u}{1+u}",
    ),
    Claim(
        id="B.monotone.gapped",
        kind=Kind.DERIVED,
        says="Beyond the second transition the divergence decreases for every noise.",
        source=_source,
        given={gamma: POSITIVE, u: POSITIVE, w: POSITIVE},
        lhs=noise / u,
        rel=Rel.GT,
        rhs=noise / (u + w),
        uses=("B.kllimit.gapped",),
        evidence=(Steps(branches=(Branch(rest=noise * w / (u * (u + w))),)), Search()),
        broken=(flip(), restate("increasing", rhs=noise / u + w)),
    ),
    Claim(
        id="B.monotone.turn",
        kind=Kind.DERIVED,
        says="For 1 + gamma = 2 (1 + w)/w^2 the bracket is smallest at u = w.",
        source=_source,
        given={u: POSITIVE, w: POSITIVE},
        lhs=_at_turn,
        rel=Rel.GE,
        rhs=1 / (2 * (1 + w)) + log(2) - log(w),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.fact.log", at={_h: _ratio}),),
                        rest=(w - u) ** 2 / (2 * u**2 * (1 + w)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("lhs", Rational(9, 10)),
            restate("smallest at u = 1", rhs=_at_turn.subs(u, 1)),
            flip(),
        ),
    ),
    Claim(
        id="B.monotone.sign",
        kind=Kind.DERIVED,
        says="Up to u_0 the smallest value of the bracket is not negative.",
        source=_source,
        given={w: Real(lo=0, hi=_LO, lo_open=True)},
        lhs=1 / (2 * (1 + w)) + log(2) - log(w),
        rel=Rel.GT,
        rhs=0,
        evidence=(Enclosure(), Search()),
        broken=(
            restate("up to 2.33", given={w: Real(lo=0, hi=Rational(233, 100), lo_open=True)}),
            restate("no first term", lhs=log(2) - log(w)),
            flip(),
        ),
    ),
    Claim(
        id="B.monotone.above",
        kind=Kind.DERIVED,
        says="For every gamma >= gamma_c the limiting divergence is decreasing on all of psi > 1.",
        source=_source,
        given={w: Real(lo=0, hi=_LO, lo_open=True), u: POSITIVE},
        lhs=_at_turn,
        rel=Rel.GT,
        rhs=0,
        uses=("B.monotone.slope", "B.monotone.gapped"),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="B.monotone.turn"), From(claim="B.monotone.sign"))),
                )
            ),
            Search(),
        ),
        broken=(
            restate("every gamma", given={w: POSITIVE, u: POSITIVE}),
            restate(
                "gamma >= 0.2",
                given={w: Real(lo=0, hi=Rational(245, 100), lo_open=True), u: POSITIVE},
            ),
            flip(),
        ),
        printed=r"kl\text{ decreasing on }\psi>1\iff\gamma\ge\gamma_c",
        note="gamma = 2 (1 + w)/w^2 - 1 falls from infinity to gamma_c as w runs from 0 to u_0 "
        "(B.monotone.falls).",
    ),
    Claim(
        id="B.monotone.falls",
        kind=Kind.DERIVED,
        says="gamma = 2 (1 + w)/w^2 - 1 decreases in w.",
        source=_source,
        given={w: POSITIVE, u: POSITIVE},
        lhs=_of_turn,
        rel=Rel.GT,
        rhs=2 * (1 + w + u) / (w + u) ** 2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        rest=2 * u * (2 * w + u + w**2 + w * u) / (w**2 * (w + u) ** 2),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", 2)),
    ),
    Claim(
        id="B.monotone.below",
        kind=Kind.DERIVED,
        says="For every gamma < gamma_c the bracket is negative at its turning point: there the "
        "divergence increases with the number of samples.",
        source=_source,
        given={w: Real(lo=_HI)},
        lhs=1 / (2 * (1 + w)) + log(2) - log(w),
        rel=Rel.LT,
        rhs=0,
        uses=("B.monotone.slope",),
        evidence=(
            Enclosure(margin=log(w) - log(2) - 1 / (2 * (1 + w))),
            Search(),
        ),
        broken=(
            restate("from 2.32 on", given={w: Real(lo=Rational(232, 100))}),
            flip(),
        ),
    ),
    Claim(
        id="B.monotone.inside",
        kind=Kind.DERIVED,
        says="That turning point lies in the bulk: gamma u < 1 for u > 2.",
        source=_source,
        given={w: Real(lo=2, lo_open=True)},
        lhs=(_of_turn - 1) * w,
        rel=Rel.LT,
        rhs=1,
        evidence=(Enclosure(), Search()),
        broken=(flip(), scale("lhs", 2)),
    ),
    Claim(
        id="B.monotone.root.low",
        kind=Kind.DERIVED,
        says="The double root u_0 of the bracket is above 2.3245857635229975.",
        source=_source,
        lhs=log(_LO / 2),
        rel=Rel.LT,
        rhs=1 / (2 * (1 + _LO)),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("a last digit more", lhs=log(_HI / 2), rhs=1 / (2 * (1 + _HI))),
            restate("1/(1 + u)", rhs=1 / (2 * (2 + _LO))),
        ),
        printed=r"\log\frac{u_0}2=\frac1{2(1+u_0)},\quad u_0=2.3245857635229975\ldots",
    ),
    Claim(
        id="B.monotone.root.high",
        kind=Kind.DERIVED,
        says="It is below 2.3245857635229976.",
        source=_source,
        lhs=log(_HI / 2),
        rel=Rel.GT,
        rhs=1 / (2 * (1 + _HI)),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("a last digit less", lhs=log(_LO / 2), rhs=1 / (2 * (1 + _LO))),
        ),
    ),
    Claim(
        id="B.monotone",
        kind=Kind.DERIVED,
        says="The threshold gamma_c = 2 (1 + u_0)/u_0^2 - 1 is at least 0.230485184598887.",
        source=_source,
        given={w: Real(lo=_LO, hi=_HI)},
        lhs=_of_turn - 1,
        rel=Rel.GE,
        rhs=_GLO,
        uses=(
            "B.monotone.root.low",
            "B.monotone.root.high",
            "B.monotone.above",
            "B.monotone.below",
        ),
        steps=(
            "B.monotone.slope",
            "B.monotone.turn",
            "B.monotone.sign",
            "B.monotone.falls",
            "B.monotone.inside",
        ),
        evidence=(Enclosure(), Search()),
        broken=(
            restate("a last digit more", rhs=_GHI),
            restate("rounded up", rhs=Rational(2305, 10000)),
            flip(),
        ),
        printed=r"\gamma_c=0.230485184598887\ldots",
    ),
    Claim(
        id="B.monotone.high",
        kind=Kind.DERIVED,
        says="gamma_c is at most 0.230485184598888.",
        source=_source,
        given={w: Real(lo=_LO, hi=_HI)},
        lhs=_of_turn - 1,
        rel=Rel.LE,
        rhs=_GHI,
        evidence=(Enclosure(), Search()),
        broken=(
            restate("a last digit less", rhs=_GLO),
            restate("rounded down", rhs=Rational(2304, 10000)),
            flip(),
        ),
    ),
)

_excess = 1 / ((1 + gamma) * u) + log(gamma) - (1 + u) * log((1 + gamma) / (1 + u)) - u * log(u)
_floor = (signal - 1 - log(gamma) + log(1 + gamma)) / 2


def _excess_at(snr: Any, place_u: Any) -> Expr:
    return _excess.subs({gamma: snr, u: place_u})


FALL: Final = (
    Claim(
        id="B.kl",
        kind=Kind.SAID,
        says="The monotonic fall of the divergence begins when the training set size reaches the "
        "dimension: in the limit, kl decreases on psi > 1 (here 3 against 10).",
        source=place("abstract of the successor"),
        given={gamma: POSITIVE},
        lhs=LimitingKL(10, gamma),
        rel=Rel.LE,
        rhs=LimitingKL(3, gamma),
        evidence=(Search(also=({gamma: Fraction(1, 50)},), bits=128),),
        broken=(flip(), scale("rhs", Rational(1, 2))),
        printed=r"\text{the monotonic fall phase of the divergence begins when }n=d",
        note="True for gamma >= gamma_c (B.monotone.above), hence for the code's noise "
        "(B.kl.code); "
        "false for the standard process at T = 2 (B.kl.standard).",
    ),
    Claim(
        id="B.kl.onset",
        kind=Kind.SAID,
        says="The divergence is finite as soon as n = d.",
        source=place("abstract of the successor"),
        given={d: Integer(lo=2), n: Integer(lo=d)},
        lhs=n - 1,
        rel=Rel.GE,
        rhs=d,
        evidence=(Search(also=({d: Fraction(100), n: Fraction(100)},)),),
        broken=(flip(), scale("rhs", 2)),
        note="The rank of B is min(n - 1, d): the first finite value is at n = d + 1, the first "
        "finite mean at n = d + 3 (B.klexact.singular, B.klexact.regular, B.moments.infinite).",
    ),
    Claim(
        id="B.kl.standard",
        kind=Kind.AMENDED,
        amends="B.kl",
        says="For the standard process at T = 2 ten times as many samples as dimensions are worse "
        "than three times: kl(10) > kl(3) + 0.4.",
        source=_source,
        lhs=LimitingKL(10, STANDARD_GAMMA),
        rel=Rel.GT,
        rhs=LimitingKL(3, STANDARD_GAMMA) + Rational(2, 5),
        uses=("B.kllimit",),
        evidence=(Instances(at={"T = 2, noise scale 1, s_d = 1": {}}, agreement=None),),
        broken=(
            flip(),
            restate("a difference of one", rhs=LimitingKL(3, STANDARD_GAMMA) + 1),
            restate(
                "the code's noise", lhs=LimitingKL(10, CODE_GAMMA), rhs=LimitingKL(3, CODE_GAMMA)
            ),
        ),
    ),
    Claim(
        id="B.kl.standard.floor",
        kind=Kind.DERIVED,
        says="For the standard process at T = 2 the divergence at psi = 2.36 is below 0.67 a "
        "dimension, while infinitely many samples leave more than 1.5.",
        source=_source,
        lhs=LimitingKL(Rational(236, 100), STANDARD_GAMMA) + Rational(84, 100),
        rel=Rel.LT,
        rhs=_floor.subs(gamma, STANDARD_GAMMA),
        uses=("B.kllimit", "B.floor"),
        evidence=(Instances(at={"T = 2, noise scale 1, s_d = 1": {}}, agreement=None),),
        broken=(
            flip(),
            scale("lhs", Rational(102, 100)),
            restate(
                "the code's noise",
                lhs=LimitingKL(Rational(236, 100), CODE_GAMMA),
                rhs=_floor.subs(gamma, CODE_GAMMA),
            ),
        ),
    ),
    Claim(
        id="B.kl.code",
        kind=Kind.AMENDED,
        amends="B.kl",
        says="For the code's noise the limiting divergence decreases on all of psi > 1: its "
        "signal-to-noise ratio exceeds gamma_c.",
        source=_source,
        lhs=CODE_GAMMA,
        rel=Rel.GT,
        rhs=_GHI,
        uses=("B.monotone", "B.monotone.high"),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("the standard process", lhs=STANDARD_GAMMA),
            scale("rhs", 5),
        ),
    ),
    Claim(
        id="B.kl.time",
        kind=Kind.DERIVED,
        says="The standard process is monotone exactly up to T = log(1 + 1/gamma_c)/2, at least "
        "0.8374.",
        source=_source,
        lhs=log(1 + 1 / _GHI) / 2,
        rel=Rel.GT,
        rhs=Rational(8374, 10000),
        uses=("B.monotone", "B.monotone.high"),
        evidence=(Enclosure(),),
        broken=(flip(), restate("0.8376", rhs=Rational(8376, 10000)), scale("lhs", Rational(1, 2))),
        printed=r"T\le\tfrac12\log(1+1/\gamma_c)=0.83748\ldots",
    ),
    Claim(
        id="B.kl.time.high",
        kind=Kind.DERIVED,
        says="That time is below 0.8375.",
        source=_source,
        lhs=log(1 + 1 / _GLO) / 2,
        rel=Rel.LT,
        rhs=Rational(8375, 10000),
        uses=("B.monotone", "B.monotone.high"),
        evidence=(Enclosure(),),
        broken=(flip(), restate("0.8373", rhs=Rational(8373, 10000))),
    ),
    Claim(
        id="B.monotone.excess",
        kind=Kind.DERIVED,
        says="Twice the excess of the bulk divergence over the floor.",
        source=_source,
        given={gamma: POSITIVE, u: POSITIVE},
        lhs=2 * (_kl.subs(_at_u) - _floor),
        rel=Rel.EQ,
        rhs=1 / ((1 + gamma) * u)
        + log(gamma)
        - (1 + u) * (log(1 + gamma) - log(1 + u))
        - u * log(u),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate(
                "no log u",
                rhs=1 / ((1 + gamma) * u) + log(gamma) - (1 + u) * (log(1 + gamma) - log(1 + u)),
            ),
        ),
    ),
    Claim(
        id="B.monotone.even",
        kind=Kind.DERIVED,
        says="For gamma = 0.1462 some finite number of samples beats infinitely many (psi = "
        "2.558).",
        source=_source,
        lhs=_excess_at(Rational(1462, 10000), Rational(1558, 1000)),
        rel=Rel.LT,
        rhs=0,
        uses=("B.monotone.excess",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("gamma = 0.15", lhs=_excess_at(Rational(15, 100), Rational(1558, 1000))),
            restate("psi = 2", lhs=_excess_at(Rational(1462, 10000), 1)),
        ),
        printed=r"\gamma<\gamma_b=0.146230\ldots",
    ),
    Claim(
        id="B.monotone.even.high",
        kind=Kind.DERIVED,
        says="For gamma = 0.1463 none does: the excess is positive for every psi > 1.",
        source=_source,
        given={w: Real(lo=Rational(1463, 10000))},
        lhs=_excess_at(Rational(1463, 10000), 1 / w),
        rel=Rel.GT,
        rhs=0,
        uses=("B.monotone.excess",),
        evidence=(
            Enclosure(),
            Search(),
        ),
        broken=(
            restate("gamma = 0.14", lhs=_excess_at(Rational(14, 100), 1 / w)),
            flip(),
        ),
        note="w = 1/(psi - 1), in the bulk; beyond it the divergence decreases to the floor.",
    ),
)

_snr = Rational(163, 160)
"""The signal-to-noise ratio of the code's noise, 1.01866, rounded."""
_early = {d: Integer(lo=50, hi=200), psi: Real(lo=1, hi=Rational(5, 4)), gamma: POSITIVE}
_at_onset = sets((100, "5/4", _snr), names=(d, psi, gamma))
_affinity_mean = simulated("SimulatedLogAffinity", 3)(d, psi, gamma)


def _affinity(name: str, says: str, ratio: Any, rel: Rel, bound: Any, wrong: Any) -> Claim:
    """Return a certified bound on the limiting affinity at d = 100 and the code's noise."""
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=_source,
        lhs=100 * LimitingLogAffinity(ratio, CODE_GAMMA),
        rel=rel,
        rhs=log(bound),
        uses=("B.edge.root",),
        evidence=(Instances(at={"the code's noise, d = 100": {}}, agreement=None),),
        broken=(flip(), restate("another bound", rhs=log(wrong))),
    )


SLOPE: Final = (
    Claim(
        id="B.slope",
        kind=Kind.SAID,
        says="At the onset the squared Hellinger distance drops by 0.02: at d = 100 it is below "
        "0.98 "
        "by n = 1.25 d.",
        source=place("figure of the submission"),
        given=_early,
        lhs=1 - MeanAffinity(d, psi, gamma),
        rel=Rel.LE,
        rhs=Rational(98, 100),
        evidence=(
            Instances(
                at={
                    "d = 100, n = 126": {
                        d: Fraction(100),
                        psi: Fraction(5, 4),
                        gamma: Fraction(163, 160),
                    }
                },
                agreement=None,
            ),
            MonteCarlo(
                replicates=replicates_of("hellinger_squared"),
                at=_at_onset,
                count=720,
                within=(0, 1),
            ),
        ),
        broken=(scale("rhs", Rational(1, 2)), restate("a drop of 0.05", rhs=Rational(95, 100))),
        printed=r"\text{a visible change of slope of }H^2,\text{ a drop of }0.02",
        note="At n = 126 the mean of 1 - H^2 is below 0.001 (B.slope.bound), in simulations below "
        "1e-7. The change is a jump of (1 - H^2)^{1/d}, see B.slope.jump.",
    ),
    _affinity(
        "B.slope.early",
        "In the limit 1 - H^2 is below 1e-6 at psi = 1.25, d = 100, code's noise.",
        Rational(5, 4),
        Rel.LT,
        Rational(1, 10**6),
        Rational(1, 10**11),
    ),
    _affinity(
        "B.slope.late",
        "It is still below 0.02 at psi = 10: the drop of 0.02 is reached beyond ten times the "
        "onset.",
        10,
        Rel.LT,
        Rational(2, 100),
        Rational(1, 100),
    ),
    _affinity(
        "B.slope.later",
        "It exceeds 0.02 at psi = 14.",
        14,
        Rel.GT,
        Rational(2, 100),
        Rational(4, 100),
    ),
    Claim(
        id="B.slope.jump",
        kind=Kind.AMENDED,
        amends="B.slope",
        says="At the onset (1 - H^2)^{1/d} jumps from 0 to (1 + sqrt(1 - R^2))^{-1/2}, which "
        "exceeds "
        "1/sqrt 2 for every noise: the inverse square of the jump is below two.",
        source=_source,
        given={gamma: POSITIVE},
        lhs=1 + sqrt(noise),
        rel=Rel.LT,
        rhs=2,
        uses=("B.edge.onset", "B.klexact.hellinger.singular"),
        evidence=(Enclosure(), Search()),
        broken=(flip(), scale("rhs", Rational(3, 4)), restate("no root", lhs=2 + noise)),
        printed=r"\lim_{\psi\downarrow1}(1-H^2)^{1/d}=(1+\sqrt{1-R^2})^{-1/2}",
    ),
    Claim(
        id="B.slope.onset",
        kind=Kind.DERIVED,
        says="Just above the onset, psi = 1.0001, the limiting log affinity is within 0.01 of that "
        "of the jump, for gamma = 1.",
        source=_source,
        lhs=LimitingLogAffinity(Rational(10001, 10000), 1),
        rel=Rel.GT,
        rhs=-log(1 + 1 / sqrt(2)) / 2 - Rational(1, 100),
        uses=("B.edge.root",),
        evidence=(Instances(at={"gamma = 1": {}}, agreement=None),),
        broken=(
            flip(),
            restate("no jump", lhs=100 * LimitingLogAffinity(Rational(10001, 10000), 1)),
            restate("at psi = 2", rhs=LimitingLogAffinity(2, 1)),
        ),
    ),
    Claim(
        id="B.slope.simulated",
        kind=Kind.DERIVED,
        says="At n = d + 1, d = 100, code's noise, the mean log affinity per dimension is already "
        "above log 0.7.",
        source=_source,
        given={d: Integer(lo=50, hi=200), psi: Real(lo=1, hi=2), gamma: POSITIVE},
        lhs=_affinity_mean,
        rel=Rel.GE,
        rhs=log(Rational(7, 10)),
        evidence=(
            MonteCarlo(
                replicates=replicates_of("log_affinity", per_dimension=True),
                at=sets((100, 1, _snr), names=(d, psi, gamma)),
                count=24,
            ),
        ),
        broken=(
            restate("no jump yet", rel=Rel.LE),
            restate("above 0.95", rhs=log(Rational(95, 100))),
        ),
    ),
)

CLAIMS: Final = (*MONOTONE, *FALL, *SLOPE)
