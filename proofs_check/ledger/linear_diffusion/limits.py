"""Paper B, section 3: the proportional limit m/d -> psi of traces, divergences, ridge."""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, diff, log, sqrt

from proofs_check.broken import flip, restate, scale, swap
from proofs_check.claim import Claim, Kind, Rel, ge, gt, lt
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Argued,
    Branch,
    Change,
    Enclosure,
    Evidence,
    From,
    Instances,
    MonteCarlo,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    POSITIVE,
    d,
    gamma,
    m,
    noise,
    percent,
    place,
    psi,
    sets,
    signal,
    u,
    w,
)
from proofs_check.quantities.linear_limits import (
    LimitingAffinityRoot,
    LimitingKL,
    LimitingLogAffinity,
    LimitingLogDet,
    LimitingTrace,
    LimitingTraceBelow,
    LimitingWasserstein,
    ReverseKL,
    RidgeErrorMode,
)
from proofs_check.quantities.linear_model import MeanKL
from proofs_check.quantities.linear_simulation import replicates_of, simulated

__all__ = ["CLAIMS"]

_source = place("proportional limit")
_psi_above = Real(lo=1, lo_open=True)
_psi_below = Real(lo=0, hi=1, lo_open=True, hi_open=True)
_plane = {psi: _psi_above, gamma: POSITIVE}
_few = Search(examples=20, hypothesis_examples=0, bits=128)

_BULK = (2, "1/2")
_GAPPED = (3, 2)
_THIN = ("1/2", 1)
_names = (d, psi, gamma)


def _limit(
    name: str,
    says: str,
    field: str,
    limit: Expr,
    at: tuple[Any, ...],
    *,
    tolerance: int = 10,
    lower: Expr,
    upper: Expr,
    given: Any = _plane,
    cap: float = float("inf"),
    uses: tuple[str, ...] = (),
    note: str = "",
    document: str = "",
    names: tuple[Symbol, ...] = _names,
) -> tuple[Claim, Claim]:
    """Return two claims: simulated means lie within tolerance / d below and above a limit.

    `lower` and `upper` are wrong limits, too small and too large, which must be refuted.
    """
    replicates = replicates_of(field, per_dimension=True, cap=cap)
    evidence: tuple[Evidence, ...] = (
        MonteCarlo(replicates=replicates, at=sets((50, *at), names=names), count=48),
        MonteCarlo(replicates=replicates, at=sets((200, *at), names=names), count=8),
    )
    if document:
        evidence = (*evidence, Argued(document=document))
    mean = simulated("".join(p.capitalize() for p in field.split("_")) + "PerDimension", len(names))
    sides = (("below", Rel.LE, 1, lower), ("above", Rel.GE, -1, upper))
    first, second = (
        Claim(
            id=f"{name}.{'upper' if sign > 0 else 'lower'}",
            kind=Kind.DERIVED,
            says=f"{says}: simulated means lie {side} the limit up to {tolerance}/d, at d = 50 "
            "and 200.",
            source=_source,
            given={d: Integer(lo=10), **given},
            lhs=mean(*names),
            rel=rel,
            rhs=limit + sign * tolerance / d,
            uses=uses,
            evidence=evidence,
            broken=(
                restate("wrong limit", rhs=wrong + sign * Rational(1, 10) / d),
                restate("no limit", rhs=limit + sign * tolerance / d - 5 * sign),
            ),
            note=note,
        )
        for side, rel, sign, wrong in sides
    )
    return first, second


_gap = noise / ((psi - 1) * ((psi - 1) * d - 1))
_finite_above = signal + noise * d / (psi * d - d - 1)
_finite_below = signal * psi + noise * psi * d / (d - psi * d - 1)

TRACE: Final = (
    Claim(
        id="B.t.above",
        kind=Kind.DERIVED,
        says="For psi > 1 the exact mean variance per dimension tends to R^2 + (1 - R^2)/(psi - "
        "1).",
        source=_source,
        given=_plane,
        lhs=LimitingTrace(psi, gamma),
        rel=Rel.EQ,
        rhs=signal + noise / (psi - 1),
        uses=("B.moments.trace.above",),
        evidence=(Symbolic(), Search(bits=128)),
        broken=(
            scale("rhs", percent),
            swap(psi - 1, psi, "wrong pole"),
            restate("R for R squared", rhs=sqrt(signal) + noise / (psi - 1)),
            restate("signal and noise exchanged", rhs=noise + signal / (psi - 1)),
        ),
        printed=r"t(\psi)=R^2+\frac{1-R^2}{\psi-1}",
    ),
    Claim(
        id="B.t.below",
        kind=Kind.DERIVED,
        says="For psi < 1 it tends to R^2 psi + (1 - R^2) psi/(1 - psi).",
        source=_source,
        given={psi: _psi_below, gamma: POSITIVE},
        lhs=LimitingTraceBelow(psi, gamma),
        rel=Rel.EQ,
        rhs=signal * psi + noise * psi / (1 - psi),
        uses=("B.moments.trace.below",),
        evidence=(Symbolic(), Search(bits=128)),
        broken=(
            scale("rhs", percent),
            restate("full rank signal", rhs=signal + noise * psi / (1 - psi)),
            restate("missing psi", rhs=signal * psi + noise / (1 - psi)),
        ),
        printed=r"t(\psi)=R^2\psi+\frac{(1-R^2)\psi}{1-\psi}",
    ),
    Claim(
        id="B.t.rate",
        kind=Kind.DERIVED,
        says="The exact mean differs from the limit by (1 - R^2)/((psi - 1)((psi - 1) d - 1)).",
        source=_source,
        given={d: Integer(lo=1), **_plane},
        where=(gt((psi - 1) * d, 1),),
        lhs=_finite_above - signal - noise / (psi - 1),
        rel=Rel.EQ,
        rhs=_gap,
        uses=("B.t.above",),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("a factor d", rhs=_gap * (d + 1)),
            restate("opposite sign", rhs=-_gap),
        ),
    ),
    Claim(
        id="B.t.rate.below",
        kind=Kind.DERIVED,
        says="Below, the exact mean differs from the limit by (1 - R^2) psi/((1 - psi)((1 - psi) d "
        "- 1)).",
        source=_source,
        given={d: Integer(lo=1), psi: _psi_below, gamma: POSITIVE},
        where=(gt((1 - psi) * d, 1),),
        lhs=_finite_below - signal * psi - noise * psi / (1 - psi),
        rel=Rel.EQ,
        rhs=noise * psi / ((1 - psi) * ((1 - psi) * d - 1)),
        uses=("B.t.below",),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("no psi", rhs=noise / ((1 - psi) * ((1 - psi) * d - 1))),
        ),
    ),
    *_limit(
        "B.t.simulated",
        "The total variance above the transition",
        "trace",
        signal + noise / (psi - 1),
        _BULK,
        lower=signal / 2,
        upper=signal + 2 * noise / (psi - 1),
        uses=("B.t.above",),
    ),
    *_limit(
        "B.t.simulated.below",
        "The total variance below the transition",
        "trace",
        signal * psi + noise * psi / (1 - psi),
        _THIN,
        lower=signal * psi,
        upper=signal + noise / (1 - psi),
        given={psi: _psi_below, gamma: POSITIVE},
        uses=("B.t.below",),
    ),
)

_lambda = -log(1 + gamma) + psi * (log(1 + gamma) - log(psi)) + (psi - 1) * log(psi - 1)
_near_bulk = {
    gamma: Real(lo=0, lo_open=True, within=(Rational(1, 50), 2)),
    psi: Real(lo=1, hi=1 + 1 / gamma, lo_open=True),
}

LAMBDA: Final = (
    Claim(
        id="B.lambda",
        kind=Kind.DERIVED,
        says="For 1 < psi <= 1 + 1/gamma the log-determinant per dimension has the printed limit.",
        source=_source,
        given=_near_bulk,
        lhs=LimitingLogDet(psi, gamma),
        rel=Rel.EQ,
        rhs=_lambda,
        evidence=(Symbolic(), _few),
        broken=(
            scale("rhs", percent),
            restate("no entropy term", rhs=_lambda - (psi - 1) * log(psi - 1)),
            restate("sign of log(1 + gamma)", rhs=_lambda + 2 * log(1 + gamma)),
            restate("the gapped branch", rhs=log(signal)),
        ),
        printed=r"\Lambda=-\log(1+\gamma)+\psi\log\frac{1+\gamma}\psi+(\psi-1)\log(\psi-1)",
        note="The variational formula behind it is argued; simulations are B.lambda.simulated.",
    ),
    Claim(
        id="B.lambda.gapped",
        kind=Kind.DERIVED,
        says="For psi >= 1 + 1/gamma it is log R^2.",
        source=_source,
        given=_plane,
        where=(ge(psi * gamma, 1 + gamma),),
        lhs=LimitingLogDet(psi, gamma),
        rel=Rel.EQ,
        rhs=log(gamma) - log(1 + gamma),
        evidence=(_few, Argued(document="B.lambda")),
        broken=(
            scale("rhs", percent),
            restate("R for R squared", rhs=(log(gamma) - log(1 + gamma)) / 2),
            restate("the bulk branch", rhs=_lambda),
        ),
        printed=r"\Lambda=\log R^2",
    ),
    Claim(
        id="B.lambda.junction",
        kind=Kind.DERIVED,
        says="Both branches agree at psi = 1 + 1/gamma.",
        source=_source,
        given={u: POSITIVE},
        lhs=-log(1 + u)
        - log(1 / u)
        + (1 + u) * (log(1 + u) + log(1 / u) - log(1 + u))
        + u * log(u),
        rel=Rel.EQ,
        rhs=-log(1 + u),
        evidence=(Symbolic(), Search()),
        broken=(scale("rhs", percent), restate("log u", rhs=-log(u))),
        note="At gamma = 1/u: R^2 = 1/(1 + u).",
    ),
    Claim(
        id="B.lambda.smooth",
        kind=Kind.DERIVED,
        says="The slope of the bulk branch, log((1 + gamma)(psi - 1)/psi), vanishes at the "
        "junction: "
        "the limit is continuously differentiable there.",
        source=_source,
        given=_plane,
        lhs=diff(_lambda, psi),
        rel=Rel.EQ,
        rhs=log(1 + gamma) + log(psi - 1) - log(psi),
        uses=("B.lambda",),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("no psi", rhs=log(1 + gamma) + log(psi - 1)),
        ),
        printed=r"\Lambda'=\log\frac{(1+\gamma)(\psi-1)}\psi",
    ),
    Claim(
        id="B.lambda.kink",
        kind=Kind.DERIVED,
        says="At psi = 1 + u and gamma = 1/u the argument of that logarithm is one.",
        source=_source,
        given={u: POSITIVE},
        lhs=(1 + 1 / u) * u / (1 + u),
        rel=Rel.EQ,
        rhs=1,
        evidence=(Symbolic(), Search()),
        broken=(scale("rhs", percent), restate("at u = gamma", lhs=(1 + u) * u / (1 + u))),
    ),
    *_limit(
        "B.lambda.simulated",
        "The log-determinant in the bulk",
        "log_det",
        _lambda,
        _BULK,
        lower=_lambda - Rational(1, 2),
        upper=_lambda + Rational(1, 2),
        uses=("B.lambda",),
        document="B.lambda",
    ),
    *_limit(
        "B.lambda.gapped.simulated",
        "The log-determinant beyond the second transition",
        "log_det",
        log(signal),
        _GAPPED,
        lower=log(signal) - Rational(1, 2),
        upper=log(signal) + Rational(1, 2),
        uses=("B.lambda.gapped",),
        document="B.lambda",
    ),
)

_t = signal + noise / (psi - 1)
_h = Symbol("h", positive=True)
_kl = (_t - 1 - _lambda) / 2
_floor = (signal - 1 - log(gamma) + log(1 + gamma)) / 2
_kl_gapped = (_t - 1 - log(gamma) + log(1 + gamma)) / 2
_inverse = (1 + gamma) * (psi - 1) / (gamma * (psi - 1) - 1)
_reverse = (_inverse - 1 + log(gamma) - log(1 + gamma)) / 2

KLLIMIT: Final = (
    Claim(
        id="B.kllimit",
        kind=Kind.DERIVED,
        says="In the bulk the divergence per dimension has the limit (t - 1 - Lambda)/2.",
        source=_source,
        given=_near_bulk,
        lhs=LimitingKL(psi, gamma),
        rel=Rel.EQ,
        rhs=_kl,
        uses=("B.t.above", "B.lambda"),
        evidence=(Symbolic(), _few),
        broken=(
            scale("rhs", percent),
            restate("no log-determinant", rhs=(_t - 1) / 2),
            restate("missing one half", rhs=2 * _kl),
            restate("plus the log-determinant", rhs=(_t - 1 + _lambda) / 2),
        ),
        printed=r"kl(\psi)=\tfrac12[t-1-\Lambda]",
    ),
    Claim(
        id="B.kllimit.gapped",
        kind=Kind.DERIVED,
        says="Beyond the second transition it is (R^2 - 1 - log R^2 + (1 - R^2)/(psi - 1))/2.",
        source=_source,
        given=_plane,
        where=(ge(psi * gamma, 1 + gamma),),
        lhs=LimitingKL(psi, gamma),
        rel=Rel.EQ,
        rhs=_kl_gapped,
        uses=("B.t.above", "B.lambda.gapped"),
        evidence=(_few, Argued(document="B.lambda")),
        broken=(
            scale("rhs", percent),
            restate("the floor", rhs=_kl_gapped - noise / 2 / (psi - 1)),
        ),
    ),
    Claim(
        id="B.kllimit.reverse",
        kind=Kind.DERIVED,
        says="The mean inverse eigenvalue beyond the second transition gives the reversed "
        "divergence.",
        source=_source,
        given={u: POSITIVE, gamma: POSITIVE},
        where=(gt(gamma * u, 1),),
        lhs=ReverseKL(1 + u, gamma),
        rel=Rel.EQ,
        rhs=((1 + gamma) * u / (gamma * u - 1) - 1 + log(gamma) - log(1 + gamma)) / 2,
        evidence=(Symbolic(), _few),
        broken=(
            scale("rhs", percent),
            restate("printed without the gap", rhs=((1 + gamma) / gamma - 1 + log(signal)) / 2),
            restate(
                "sign of the log-determinant",
                rhs=((1 + gamma) * u / (gamma * u - 1) - 1 - log(signal)) / 2,
            ),
        ),
        printed=r"kl_{rev}=\tfrac12[\frac{\gamma(\psi-1)}{R^2(\gamma(\psi-1)-1)}-1+\log R^2]",
        note="A limit in probability: the means are infinite at every n "
        "(B.klexact.reverse.infinite).",
    ),
    Claim(
        id="B.kllimit.reverse.printed",
        kind=Kind.DERIVED,
        says="The printed first term is the derived one.",
        source=_source,
        given={u: POSITIVE, gamma: POSITIVE},
        where=(gt(gamma * u, 1),),
        lhs=gamma * u / (signal * (gamma * u - 1)),
        rel=Rel.EQ,
        rhs=(1 + gamma) * u / (gamma * u - 1),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("R for R squared", lhs=gamma * u / (sqrt(signal) * (gamma * u - 1))),
        ),
    ),
    Claim(
        id="B.kllimit.reverse.pole",
        kind=Kind.DERIVED,
        says="Near the second transition the reversed divergence exceeds every bound: it is at "
        "least "
        "1/(2 gamma e) - log(1 + 1/gamma)/2 at psi = 1 + (1 + e)/gamma.",
        source=_source,
        given={gamma: POSITIVE, w: POSITIVE},
        lhs=((1 + gamma) * (1 + w) / (gamma * w) - 1 - log(1 + 1 / gamma)) / 2,
        rel=Rel.GE,
        rhs=1 / (2 * gamma * w) - log(1 + 1 / gamma) / 2,
        uses=("B.kllimit.reverse",),
        evidence=(
            Steps(branches=(Branch(rest=(1 / w + 1 / gamma) / 2),)),
            Search(),
        ),
        broken=(
            scale("rhs", 10),
            flip(),
        ),
    ),
    *_limit(
        "B.kllimit.simulated",
        "The divergence in the bulk",
        "kl",
        _kl,
        _BULK,
        lower=_kl - Rational(1, 4),
        upper=_kl + Rational(1, 4),
        uses=("B.kllimit",),
    ),
    *_limit(
        "B.kllimit.gapped.simulated",
        "The divergence beyond the second transition",
        "kl",
        _kl_gapped,
        _GAPPED,
        lower=_kl_gapped - Rational(1, 4),
        upper=_kl_gapped + Rational(1, 4),
        uses=("B.kllimit.gapped",),
    ),
    *_limit(
        "B.kllimit.reverse.simulated",
        "The reversed divergence beyond the second transition, capped at 10",
        "kl_reverse",
        _reverse,
        _GAPPED,
        cap=10.0,
        lower=_reverse - Rational(1, 2),
        upper=_reverse + Rational(1, 2),
        uses=("B.kllimit.reverse",),
        note="The cap makes the mean finite; the limit is one in probability.",
    ),
)

FLOOR: Final = (
    Claim(
        id="B.floor",
        kind=Kind.DERIVED,
        says="The divergence per dimension approaches (R^2 - 1 - log R^2)/2 from above, at the "
        "rate "
        "(1 - R^2)/(2 (psi - 1)).",
        source=_source,
        given=_plane,
        where=(ge(psi * gamma, 1 + gamma),),
        lhs=LimitingKL(psi, gamma) - noise / (2 * (psi - 1)),
        rel=Rel.EQ,
        rhs=_floor,
        uses=("B.kllimit.gapped",),
        evidence=(_few, Argued(document="B.lambda")),
        broken=(
            scale("rhs", percent),
            restate("R for R squared", rhs=(sqrt(signal) - 1 - log(signal) / 2) / 2),
            restate("no linear part", rhs=-log(signal) / 2),
            restate("no rate", lhs=LimitingKL(psi, gamma)),
        ),
        printed=r"\tfrac12(R^2-1-\log R^2)",
    ),
    Claim(
        id="B.floor.positive",
        kind=Kind.DERIVED,
        says="The floor is positive for every signal-to-noise ratio.",
        source=_source,
        given={gamma: POSITIVE},
        lhs=log(1 + 1 / gamma),
        rel=Rel.GT,
        rhs=1 / (1 + gamma),
        evidence=(
            Enclosure(
                changes=(
                    Change(old=gamma, expression=1 / w, new=w, new_is=1 / gamma, domain=POSITIVE),
                )
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", 2), restate("1/gamma", rhs=1 / gamma)),
        printed=r"R^2-1-\log R^2>0",
    ),
    Claim(
        id="B.floor.vanishes",
        kind=Kind.DERIVED,
        says="It is at most 1/(4 gamma (1 + gamma)): it vanishes only as gamma tends to infinity.",
        source=_source,
        given={_h: Real(lo=1)},
        lhs=log(_h),
        rel=Rel.LE,
        rhs=(_h - 1 / _h) / 2,
        evidence=(Enclosure(margin=(_h - 1 / _h) / 2 - log(_h)), Search()),
        broken=(
            scale("rhs", Rational(9, 10)),
            restate("root", rhs=sqrt(_h) - 1),
            flip(),
        ),
        note="h = 1/R^2 = 1 + 1/gamma; subtract 1 - 1/h on both sides and halve.",
    ),
    Claim(
        id="B.floor.rate",
        kind=Kind.DERIVED,
        says="On the line the exact mean divergence exceeds the floor by c/m up to 4/m^2, c from "
        "the "
        "four terms of the expansion, at gamma = 1 and m = 41, 101.",
        source=_source,
        given={m: Integer(lo=3)},
        lhs=MeanKL(1, m, 1) - (log(2) - Rational(1, 2)) / 2 - Rational(11, 8) / m,
        rel=Rel.LE,
        rhs=4 / m**2,
        uses=("B.klexact",),
        evidence=(
            Instances(
                at={f"m = {k}": {m: Fraction(k)} for k in (41, 101)},
                agreement=Rational(1, 10**6),
            ),
        ),
        broken=(
            restate(
                "no error of the mean",
                lhs=MeanKL(1, m, 1) - (log(2) - Rational(1, 2)) / 2 - Rational(5, 8) / m,
            ),
            flip(),
        ),
        printed=r"\frac d{2m}\bigl[(1-R^2)d+1+R^2(1-R^2)+\tfrac{1-R^2}{R^2}\bigr]",
    ),
)

_r2 = Symbol("R2", positive=True)
_x = Symbol("x", positive=True)
_cubic = (
    4 * _r2 * _x**3 - 4 * _r2 * psi * _x**2 + (psi**2 - 1 + _r2 * psi**2) * _x - psi * (psi - 1)
)
_first = 1 - 4 * _r2 * _x**2
_second = (psi - 1) ** 2 + 4 * (1 - _r2) * _x**2
_root = LimitingAffinityRoot(psi, gamma)
_one = Real(lo=0, hi=1, lo_open=True, hi_open=True)

EDGE: Final = (
    Claim(
        id="B.edge.cubic",
        kind=Kind.DERIVED,
        says="Squared twice, the resolvent equation 2x - psi = sqrt(1 - 4 R^2 x^2) - sqrt((psi - "
        "1)^2"
        " + 4 (1 - R^2) x^2) is 16 x times the cubic.",
        source=_source,
        given={psi: _psi_above, _r2: _one, _x: POSITIVE},
        lhs=((2 * _x - psi) ** 2 - _first - _second) ** 2 - 4 * _first * _second,
        rel=Rel.EQ,
        rhs=16 * _x * _cubic,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            swap(_x**3, _x**2, "no cube"),
            restate("no linear term", rhs=16 * _x * (_cubic - _x)),
        ),
        printed=r"4R^2x^3-4R^2\psi x^2+(\psi^2-1+R^2\psi^2)x-\psi(\psi-1)=0",
    ),
    Claim(
        id="B.edge.root",
        kind=Kind.DERIVED,
        says="The root of the resolvent equation is a root of the cubic.",
        source=_source,
        given={
            psi: Real(lo=1, lo_open=True, within=(Rational(11, 10), 8)),
            gamma: Real(lo=0, lo_open=True, within=(Rational(1, 10), 8)),
        },
        lhs=_cubic.subs({_x: _root, _r2: signal}) + psi * (psi - 1),
        rel=Rel.EQ,
        rhs=psi * (psi - 1),
        uses=("B.edge.cubic",),
        evidence=(_few,),
        broken=(
            scale("rhs", percent),
            restate(
                "R for R squared", lhs=_cubic.subs({_x: _root, _r2: sqrt(signal)}) + psi * (psi - 1)
            ),
        ),
    ),
    Claim(
        id="B.edge.onset",
        kind=Kind.DERIVED,
        says="At psi = 1 the root is 1/2.",
        source=_source,
        given={_r2: _one},
        lhs=_cubic.subs({psi: 1, _x: Rational(1, 2)}),
        rel=Rel.EQ,
        rhs=0,
        uses=("B.edge.cubic",),
        evidence=(Symbolic(), Search()),
        broken=(
            restate("at x = 1/3", lhs=_cubic.subs({psi: 1, _x: Rational(1, 3)})),
            restate("at psi = 2", lhs=_cubic.subs({psi: 2, _x: Rational(1, 2)})),
        ),
    ),
    *_limit(
        "B.edge.simulated",
        "The log affinity in the bulk",
        "log_affinity",
        LimitingLogAffinity(psi, gamma),
        _BULK,
        lower=LimitingLogAffinity(psi, gamma) * 2,
        upper=LimitingLogAffinity(psi, gamma) / 4,
        tolerance=3,
        uses=("B.edge.root",),
        document="B.edge",
    ),
    *_limit(
        "B.edge.gapped.simulated",
        "The log affinity beyond the second transition",
        "log_affinity",
        LimitingLogAffinity(psi, gamma),
        _GAPPED,
        lower=LimitingLogAffinity(psi, gamma) * 3,
        upper=-LimitingLogAffinity(psi, gamma),
        tolerance=2,
        uses=("B.edge.root",),
        document="B.edge",
    ),
    *_limit(
        "B.edge.wasserstein",
        "The squared Wasserstein distance in the bulk",
        "wasserstein_squared",
        LimitingWasserstein(psi, gamma),
        _BULK,
        lower=LimitingWasserstein(psi, gamma) / 2,
        upper=LimitingWasserstein(psi, gamma) * 2,
        tolerance=5,
        document="B.edge",
    ),
    *_limit(
        "B.edge.wasserstein.gapped",
        "The squared Wasserstein distance beyond the second transition",
        "wasserstein_squared",
        LimitingWasserstein(psi, gamma),
        _GAPPED,
        lower=LimitingWasserstein(psi, gamma) / 3,
        upper=LimitingWasserstein(psi, gamma) * 3,
        tolerance=3,
        document="B.edge",
    ),
)

_r, _kappa, _tau2 = (Symbol(name, positive=True) for name in ("r", "kappa", "tau2"))
_best = d * _tau2 / _kappa**2
_mode = {w: POSITIVE, _r: POSITIVE, _kappa: POSITIVE, _tau2: POSITIVE, d: Integer(lo=1)}
_a, _v2, _q2 = (Symbol(name, positive=True) for name in ("a", "sd2", "q2"))
_v = _a**2 * _v2 + _q2
_rho = Symbol("rho", positive=True)
_eigen_kl = (
    signal * w**2 / (w + _rho) ** 2 + noise * w / (w + _rho) ** 2 - 2 * log(w) + 2 * log(w + _rho)
) / 2
_s = sqrt((_rho + psi - 1) ** 2 + 4 * _rho)
_g = (_s - (_rho + psi - 1)) / (2 * _rho)
_dg = diff(_g, _rho)
_ridge_trace = (gamma * (1 - 2 * _rho * _g - _rho**2 * _dg) + _g + _rho * _dg) / (1 + gamma)


def _error(ridge: Expr) -> Expr:
    return RidgeErrorMode(w, ridge, _kappa, _tau2, d)


RIDGE: Final = (
    Claim(
        id="B.ridge.mode",
        kind=Kind.DERIVED,
        says="The error of one mode exceeds that at the penalty d tau^2/kappa^2 by a square.",
        source=_source,
        given=_mode,
        lhs=_error(_r) - _error(_best),
        rel=Rel.EQ,
        rhs=w * (_kappa**2 * _r - _tau2 * d) ** 2 / ((w + _r) ** 2 * (_kappa**2 * w + _tau2 * d)),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate(
                "kappa for its square",
                rhs=w
                * (_kappa * _r - _tau2 * d) ** 2
                / ((w + _r) ** 2 * (_kappa**2 * w + _tau2 * d)),
            ),
            restate("against another penalty", lhs=_error(_r) - _error(2 * _best)),
        ),
        printed=r"\frac{\kappa^2r^2+\tau^2dw}{(w+r)^2}",
    ),
    Claim(
        id="B.ridge",
        kind=Kind.DERIVED,
        says="The penalty d tau^2/kappa^2 minimises the mean squared error of the weights in every "
        "mode, given any noised data, at every n.",
        source=_source,
        given=_mode,
        lhs=_error(_r),
        rel=Rel.GE,
        rhs=_error(_best),
        uses=("B.cond",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.ridge.mode"),),
                        rest=w
                        * (_kappa**2 * _r - _tau2 * d) ** 2
                        / ((w + _r) ** 2 * (_kappa**2 * w + _tau2 * d)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            restate("half the penalty is best", rhs=_error(_best / 2)),
            restate("twice the penalty is best", rhs=_error(2 * _best)),
            flip(),
        ),
        printed=r"r_*=d\tau^2/\kappa^2",
    ),
    Claim(
        id="B.ridge.noise",
        kind=Kind.DERIVED,
        says="That penalty is d v/gamma.",
        source=_source,
        given=dict.fromkeys((_a, _v2, _q2), POSITIVE),
        lhs=(_v2 * _q2 / _v) / (_a * _v2 / _v) ** 2,
        rel=Rel.EQ,
        rhs=_v * _q2 / (_a**2 * _v2),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("v gamma", rhs=_v * _a**2 * _v2 / _q2),
            restate("q^2/gamma", rhs=_q2**2 / (_a**2 * _v2)),
        ),
        printed=r"r_*=dv/\gamma",
    ),
    Claim(
        id="B.ridge.kl.mode",
        kind=Kind.DERIVED,
        says="The slope in the penalty of one eigenvalue's part of the divergence.",
        source=_source,
        given={w: POSITIVE, _rho: POSITIVE, gamma: POSITIVE},
        lhs=diff(_eigen_kl, _rho),
        rel=Rel.EQ,
        rhs=1 / (w + _rho) - (signal * w**2 + noise * w) / (w + _rho) ** 3,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("no noise", rhs=1 / (w + _rho) - signal * w**2 / (w + _rho) ** 3),
        ),
    ),
    Claim(
        id="B.ridge.kl",
        kind=Kind.DERIVED,
        says="A small ridge lowers the divergence for psi < (3 + sqrt 5)/2, whatever the noise.",
        source=_source,
        given={u: Real(lo=0, lo_open=True, within=(0, 2))},
        where=(lt(u**2, u + 1),),
        lhs=1 / u - (1 + u) / u**3,
        rel=Rel.LT,
        rhs=0,
        uses=("B.ridge.kl.mode",),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=1 / u**3),)),)),
            Search(),
        ),
        broken=(
            restate("any psi", where=()),
            restate("psi < 3", where=(lt(u, 2),)),
            flip(),
        ),
        printed=r"\partial_\rho kl|_0=(1-R^2)\bigl[\tfrac1{\psi-1}-\tfrac\psi{(\psi-1)^3}\bigr]",
        note="The means of 1/s and 1/s^2 over the Marchenko-Pastur law are 1/(psi - 1) and "
        "psi/(psi - 1)^3.",
    ),
    Claim(
        id="B.ridge.kl.beyond",
        kind=Kind.DERIVED,
        says="Beyond that ratio a small ridge raises it.",
        source=_source,
        given={u: POSITIVE},
        where=(gt(u**2, u + 1),),
        lhs=1 / u - (1 + u) / u**3,
        rel=Rel.GT,
        rhs=0,
        uses=("B.ridge.kl.mode",),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=1 / u**3),)),)),
            Search(),
        ),
        broken=(flip(), restate("psi > 2", where=(gt(u, 1),))),
    ),
    *_limit(
        "B.ridge.simulated",
        "The total variance with the optimal penalty",
        "trace",
        _ridge_trace,
        (2, "1/2", 2),
        lower=_ridge_trace / 2,
        upper=2 * _ridge_trace,
        tolerance=5,
        given={psi: _psi_above, gamma: POSITIVE, _rho: POSITIVE},
        names=(d, psi, gamma, _rho),
        document="B.ridge",
    ),
    *_limit(
        "B.ridge.simulated.below",
        "The total variance with the optimal penalty for half as many samples as dimensions",
        "trace",
        _ridge_trace,
        ("1/2", 1, 1),
        lower=_ridge_trace / 2,
        upper=2 * _ridge_trace,
        tolerance=5,
        given={psi: _psi_below, gamma: POSITIVE, _rho: POSITIVE},
        names=(d, psi, gamma, _rho),
        document="B.ridge",
    ),
)

CLAIMS: Final = (*TRACE, *LAMBDA, *KLLIMIT, *FLOOR, *EDGE, *RIDGE)
