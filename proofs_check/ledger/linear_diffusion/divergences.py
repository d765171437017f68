"""Paper B, divergences of two Gaussian laws: closed forms against integrals of the densities.

On the line each closed form is derived from the densities for all parameters; in the plane from
the densities too, in powers that make both sides rational; beyond, certified values agree.
"""

from typing import Any, Final

from sympy import Expr, Matrix, Rational, Symbol, Tuple, exp, log, pi, sqrt

from proofs_check.broken import Broken, drop, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, gt
from proofs_check.domains import Real
from proofs_check.evidence import (
    Branch,
    Enclosure,
    Evidence,
    From,
    Instances,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    LAWS,
    LINE,
    PLANE,
    PLANE_LAWS,
    POSITIVE,
    SPACE,
    alpha,
    delta,
    first,
    percent,
    place,
    second,
)
from proofs_check.quantities.gaussian_divergences import (
    BuresSquared,
    HellingerAffinity,
    KullbackLeibler,
    RenyiIntegral,
    RenyiPivot,
    SquaredL2,
    covariance,
)

__all__ = ["CLAIMS"]

_e1 = delta[0]
_v = Symbol("v", positive=True)
_p, _q = first[0], second[0]
_quick = Search(examples=24, hypothesis_examples=5, bits=128)
_plane = Search(examples=10, hypothesis_examples=0, bits=128)
_reversed = (Tuple(-_e1), LINE[2], LINE[1])
_reversed_plane = (Tuple(-delta[0], -delta[1]), PLANE[2], PLANE[1])


def _equality(
    name: str,
    says: str,
    lhs: Expr,
    rhs: Expr,
    broken: tuple[Broken, ...],
    *,
    given: Any = LAWS,
    evidence: tuple[Evidence, ...] = (Symbolic(), _quick),
    kind: Kind = Kind.DERIVED,
    printed: str = "",
    note: str = "",
    where: Any = (),
) -> Claim:
    """Return a claim that a divergence has a closed form."""
    return Claim(
        id=name,
        kind=kind,
        says=says,
        source=place("divergences of Gaussian laws"),
        given=given,
        where=where,
        lhs=lhs,
        rel=Rel.EQ,
        rhs=rhs,
        evidence=evidence,
        broken=broken,
        printed=printed,
        note=note,
    )


def _quadratic(matrix: Matrix, vector: tuple[Any, ...], det: Expr) -> Expr:
    """Return v^T M^-1 v for a 2 x 2 matrix of given determinant by Cramer's rule."""
    top = (
        matrix[1, 1] * vector[0] ** 2
        - 2 * matrix[0, 1] * vector[0] * vector[1]
        + matrix[0, 0] * vector[1] ** 2
    )
    return top / det


_S1, _S2 = covariance(PLANE[1]), covariance(PLANE[2])
_sum = _S1 + _S2
_det_1, _det_2 = (first[0] * first[2]) ** 2, (second[0] * second[2]) ** 2
# Cauchy-Binet: squares of the minors of both factors side by side, so visibly positive
_det_sum = (
    _det_1
    + _det_2
    + (first[0] * second[1] - first[1] * second[0]) ** 2
    + (first[0] * second[2]) ** 2
    + (second[0] * first[2]) ** 2
)


def _kl(e: Expr, s: Expr, t: Expr) -> Expr:
    return (s**2 / t**2 + e**2 / t**2 - 1 + log(t**2) - log(s**2)) / 2


def _kl_plane(shift: tuple[Any, ...], one: Matrix, two: Matrix, dets: tuple[Any, Any]) -> Expr:
    trace = (two[1, 1] * one[0, 0] - 2 * two[0, 1] * one[0, 1] + two[0, 0] * one[1, 1]) / dets[1]
    return (trace + _quadratic(two, shift, dets[1]) - 2 + log(dets[1]) - log(dets[0])) / 2


_affinity = sqrt(2) * sqrt(_p * _q) / sqrt(_p**2 + _q**2) * exp(-(_e1**2) / (4 * (_p**2 + _q**2)))
_affinity_four = 16 * _det_1 * _det_2 / _det_sum**2 * exp(-_quadratic(_sum, delta, _det_sum))
_log_free = (_p**2 / _q**2 + _e1**2 / _q**2 - 1) / 2

HELLINGER: Final = (
    _equality(
        "B.hellinger",
        "One minus the squared Hellinger distance of two laws on the line is the printed formula.",
        HellingerAffinity(*LINE),
        _affinity,
        (
            scale("rhs", percent),
            scale("rhs", 1 / sqrt(2), "no factor 2^(d/2)"),
            restate("exponent 1/2 for 1/4", rhs=_affinity * exp(-(_e1**2) / (4 * (_p**2 + _q**2)))),
            restate(
                "root of the determinants",
                rhs=sqrt(2)
                * _p
                * _q
                / sqrt(_p**2 + _q**2)
                * exp(-(_e1**2) / (4 * (_p**2 + _q**2))),
            ),
            restate("no shift", rhs=sqrt(2) * sqrt(_p * _q) / sqrt(_p**2 + _q**2)),
        ),
        kind=Kind.SAID,
        printed=r"1-H^2=2^{d/2}\frac{(\det\Sigma_G\det s_d^2I)^{1/4}}{\det(\Sigma_G+s_d^2I)^{1/2}}"
        r"e^{-\frac14\delta^\top(\Sigma_G+s_d^2I)^{-1}\delta}",
    ),
    _equality(
        "B.hellinger.plane",
        "The printed formula in the plane, for any two covariances (in the fourth power).",
        HellingerAffinity(*PLANE) ** 4,
        _affinity_four,
        (
            scale("rhs", percent),
            scale("rhs", Rational(1, 4), "2^(d/4)"),
            restate(
                "no mixed determinant",
                rhs=16
                * _det_1
                * _det_2
                / (_det_1 + _det_2) ** 2
                * exp(-_quadratic(_sum, delta, _det_sum)),
            ),
            restate(
                "covariance of one law",
                rhs=16 * _det_1 * _det_2 / _det_sum**2 * exp(-_quadratic(_S1, delta, _det_1)),
            ),
        ),
        given=PLANE_LAWS,
        evidence=(Symbolic(), _plane),
        kind=Kind.SAID,
    ),
    Claim(
        id="B.hellinger.below",
        kind=Kind.DERIVED,
        says="The affinity of two laws on the line is at most one.",
        source=place("divergences of Gaussian laws"),
        given={_p: POSITIVE, _q: POSITIVE},
        lhs=2 * _p * _q,
        rel=Rel.LE,
        rhs=_p**2 + _q**2,
        uses=("B.hellinger",),
        evidence=(
            Enclosure(margin=(_p - _q) ** 2, times=Rational(1)),
            Search(),
        ),
        broken=(scale("lhs", percent), flip()),
        printed=r"\frac{2pq}{p^2+q^2}\le1",
        note="The square of the prefactor; the exponential is at most one.",
    ),
)

KL: Final = (
    _equality(
        "B.kl.formula",
        "The divergence of two laws on the line is the explicit formula.",
        KullbackLeibler(*LINE),
        _kl(_e1, _p, _q),
        (
            scale("rhs", percent),
            restate("no log-determinant", rhs=_log_free),
            restate("swapped order", rhs=_kl(_e1, _q, _p)),
            restate("missing one half", rhs=2 * _kl(_e1, _p, _q)),
            restate("log-determinant reversed", rhs=_log_free - log(_q / _p)),
            restate("shift not squared", rhs=_kl(0, _p, _q) + _e1 / (2 * _q**2)),
        ),
        kind=Kind.SAID,
        printed=r"KL=\tfrac12[\mathrm{tr}\,\Sigma_2^{-1}\Sigma_1+\delta^\top\Sigma_2^{-1}\delta-d"
        r"+\log\tfrac{\det\Sigma_2}{\det\Sigma_1}]",
    ),
    _equality(
        "B.otherdiv.kl",
        "The explicit formula in the plane, for any two covariances.",
        KullbackLeibler(*PLANE),
        _kl_plane(delta, _S1, _S2, (_det_1, _det_2)),
        (
            scale("rhs", percent),
            restate("swapped order", rhs=_kl_plane(delta, _S2, _S1, (_det_2, _det_1))),
            restate("no log-determinant", rhs=_kl_plane(delta, _S1, _S2, (_det_2, _det_2))),
            restate("d = 1", rhs=_kl_plane(delta, _S1, _S2, (_det_1, _det_2)) + Rational(1, 2)),
        ),
        given=PLANE_LAWS,
        evidence=(Symbolic(), _plane),
    ),
    _equality(
        "B.otherdiv.kl_reverse",
        "The reversed divergence is the formula with the laws exchanged.",
        KullbackLeibler(*_reversed),
        _kl(_e1, _q, _p),
        (
            scale("rhs", percent),
            restate("not exchanged", rhs=_kl(_e1, _p, _q)),
            restate(
                "variances exchanged, metric not",
                rhs=(_q**2 / _p**2 + _e1**2 / _q**2 - 1 + log(_p**2) - log(_q**2)) / 2,
            ),
        ),
    ),
    _equality(
        "B.otherdiv.kl_reverse.plane",
        "The reversed divergence in the plane.",
        KullbackLeibler(*_reversed_plane),
        _kl_plane(delta, _S2, _S1, (_det_2, _det_1)),
        (
            scale("rhs", percent),
            restate("not exchanged", rhs=_kl_plane(delta, _S1, _S2, (_det_1, _det_2))),
        ),
        given=PLANE_LAWS,
        evidence=(Symbolic(), _plane),
    ),
    Claim(
        id="B.otherdiv.kl.positive",
        kind=Kind.DERIVED,
        says="The divergence on the line is not negative.",
        source=place("divergences of Gaussian laws"),
        given={_v: POSITIVE},
        lhs=_v - 1 - log(_v),
        rel=Rel.GE,
        rhs=0,
        uses=("B.kl.formula",),
        evidence=(Enclosure(), Search()),
        broken=(
            flip(),
            restate("log v^2", lhs=_v - 1 - 2 * log(_v)),
        ),
        printed=r"v-1-\log v\ge0",
        note="v is the ratio of the variances; the shift adds a square.",
    ),
    Claim(
        id="B.otherdiv.space",
        kind=Kind.DERIVED,
        says="In three dimensions the divergence is at least minus twice the log affinity, at a "
        "pair of laws with correlated coordinates.",
        source=place("divergences of Gaussian laws"),
        lhs=KullbackLeibler(*SPACE["three dimensions"]),
        rel=Rel.GE,
        rhs=-2 * log(HellingerAffinity(*SPACE["three dimensions"])),
        evidence=(Instances(at={"correlated laws in three dimensions": {}}),),
        broken=(
            flip(),
            scale("rhs", 3),
            scale("lhs", Rational(1, 3)),
        ),
        printed=r"KL\ge D_{1/2}=-2\log\int\sqrt{\rho_1\rho_2}",
        note="Also the double entry in d = 3: float64 and ball values agree to 1e-9.",
    ),
)


def _renyi(order: Expr) -> Expr:
    """Return exp((a - 1) D_a) on the line."""
    blend = (1 - order) * _p**2 + order * _q**2
    shift = -order * (1 - order) * _e1**2 / (2 * blend)
    return _p ** (1 - order) * _q**order / sqrt(blend) * exp(shift)


def _renyi_power(order: Rational, power: int) -> Claim:
    """Return the closed form at one order, in a power that makes both sides rational."""
    blend = (1 - order) * _p**2 + order * _q**2
    # the sign is put where the derivation puts it: below for orders above one
    side = 1 if order < 1 else -1
    shift = -side * power * order * (1 - order) * _e1**2 / (2 * (side * blend).expand())
    half = power // 2
    value = _p ** (power * (1 - order)) * _q ** (power * order) / blend**half * exp(shift)
    label = str(order).replace("/", "_")
    return _equality(
        f"B.otherdiv.renyi.order_{label}",
        f"The Rényi integral of order {order} on the line, in the power {power}.",
        RenyiIntegral(*LINE, order) ** power,
        value,
        (
            scale("rhs", percent),
            restate("no shift", rhs=value / exp(shift)),
            restate("shift of the opposite sign", rhs=value / exp(2 * shift)),
            restate("first variance doubled", rhs=value.subs(_p, sqrt(2) * _p)),
        ),
        evidence=(Symbolic(), Search(examples=12, hypothesis_examples=0, bits=128)),
        where=(gt(blend, 0),) if order > 1 else (),
        printed=rf"\Bigl(\int\rho_1^{{{order}}}\rho_2^{{{1 - order}}}\Bigr)^{{{power}}}",
    )


_blend = (1 - alpha) * _p**2 + alpha * _q**2
_orders = {alpha: Real(lo=0, hi=1, lo_open=True, hi_open=True)}

RENYI: Final = (
    _renyi_power(Rational(1, 2), 4),
    _renyi_power(Rational(1, 3), 6),
    _renyi_power(Rational(2), 2),
    _renyi_power(Rational(3), 2),
    _equality(
        "B.otherdiv.renyi",
        "The Rényi integral of any order in (0, 1) on the line.",
        RenyiIntegral(*LINE, alpha),
        _renyi(alpha),
        (
            scale("rhs", percent),
            restate("orders exchanged", rhs=_renyi(1 - alpha)),
            restate(
                "no determinant of the blend", rhs=_renyi(alpha) * sqrt(_blend) / sqrt(_p * _q)
            ),
        ),
        given={**LAWS, **_orders},
        evidence=(_quick,),
        printed=r"e^{(\alpha-1)D_\alpha},\quad D_\alpha=\tfrac\alpha2\delta^\top\Sigma_\alpha^{-1}"
        r"\delta-\tfrac1{2(\alpha-1)}\log\frac{\det\Sigma_\alpha}{\det\Sigma_1^{1-\alpha}"
        r"\det\Sigma_2^\alpha}",
    ),
    _equality(
        "B.otherdiv.renyi.pivot",
        "The Rényi integrand falls off as exp(-c x^2) with c = Sigma_alpha / (2 s1^2 s2^2): the "
        "integral converges exactly where the blend is positive.",
        RenyiPivot(LINE[1], LINE[2], alpha),
        _blend / (2 * _p**2 * _q**2),
        (
            scale("rhs", percent),
            restate(
                "orders exchanged", rhs=(alpha * _p**2 + (1 - alpha) * _q**2) / (2 * _p**2 * _q**2)
            ),
        ),
        given={_p: POSITIVE, _q: POSITIVE, alpha: POSITIVE},
        evidence=(Symbolic(), Search(bits=128)),
    ),
    Claim(
        id="B.otherdiv.renyi.domain",
        kind=Kind.DERIVED,
        says="For orders in (0, 1) the blend is positive: the divergence is finite for every pair.",
        source=place("divergences of Gaussian laws"),
        given={**_orders, _p: POSITIVE, _q: POSITIVE},
        lhs=_blend,
        rel=Rel.GT,
        rhs=0,
        uses=("B.otherdiv.renyi.pivot",),
        evidence=(Steps(branches=(Branch(rest=_blend),)), Search()),
        broken=(
            restate("any order", given={alpha: POSITIVE, _p: POSITIVE, _q: POSITIVE}),
            restate("difference", lhs=(1 - alpha) * _p**2 - alpha * _q**2),
            flip(),
        ),
        printed=r"(1-\alpha)\Sigma_1+\alpha\Sigma_2\succ0",
    ),
    Claim(
        id="B.otherdiv.renyi.infinite",
        kind=Kind.DERIVED,
        says="For an order above one the divergence is infinite once s1^2 >= s2^2 alpha/(alpha-1).",
        source=place("divergences of Gaussian laws"),
        given={alpha: Real(lo=1, lo_open=True), _p: POSITIVE, _q: POSITIVE},
        where=(gt((alpha - 1) * _p**2, alpha * _q**2),),
        lhs=_blend,
        rel=Rel.LT,
        rhs=0,
        uses=("B.otherdiv.renyi.pivot",),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0),)),)),
            Search(),
        ),
        broken=(
            flip(),
            drop(0),
            restate("reversed order", lhs=alpha * _p**2 - (alpha - 1) * _q**2),
        ),
    ),
)

_l2 = (1 / _p + 1 / _q) / (2 * sqrt(pi)) - 2 * exp(-(_e1**2) / (2 * (_p**2 + _q**2))) / (
    sqrt(2 * pi) * sqrt(_p**2 + _q**2)
)
_l2_plane = (1 / sqrt(_det_1) + 1 / sqrt(_det_2)) / (4 * pi) - exp(
    -_quadratic(_sum, delta, _det_sum) / 2
) / (pi * sqrt(_det_sum))

OTHER: Final = (
    _equality(
        "B.otherdiv.l2",
        "The squared L2 distance of two densities on the line.",
        SquaredL2(*LINE),
        _l2,
        (
            scale("rhs", percent),
            restate(
                "cross term once",
                rhs=_l2
                + exp(-(_e1**2) / (2 * (_p**2 + _q**2))) / (sqrt(2 * pi) * sqrt(_p**2 + _q**2)),
            ),
            restate("no shift", rhs=_l2.subs(_e1, 0)),
            restate("4 pi for 2 pi", rhs=_l2 / sqrt(2)),
        ),
        printed=r"(4\pi)^{-d/2}(\det\Sigma_1^{-1/2}+\det\Sigma_2^{-1/2})-2(2\pi)^{-d/2}"
        r"\det(\Sigma_1+\Sigma_2)^{-1/2}e^{-\frac12\delta^\top(\Sigma_1+\Sigma_2)^{-1}\delta}",
    ),
    _equality(
        "B.otherdiv.l2.plane",
        "The squared L2 distance of two densities in the plane.",
        SquaredL2(*PLANE),
        _l2_plane,
        (
            scale("rhs", percent),
            restate(
                "exponent of the line",
                rhs=(1 / sqrt(_det_1) + 1 / sqrt(_det_2)) / (4 * pi)
                - exp(-_quadratic(_sum, delta, _det_sum)) / (pi * sqrt(_det_sum)),
            ),
        ),
        given=PLANE_LAWS,
        evidence=(_plane,),
    ),
    _equality(
        "B.otherdiv.hellinger",
        "Minus twice the log affinity is the Rényi divergence of order one half.",
        HellingerAffinity(*LINE) ** 2,
        RenyiIntegral(*LINE, Rational(1, 2)) ** 2,
        (
            scale("rhs", percent),
            restate("order 1/3", rhs=RenyiIntegral(*LINE, Rational(1, 3)) ** 2),
        ),
    ),
    _equality(
        "B.otherdiv.bures",
        "The squared 2-Wasserstein distance on the line, from the monotone coupling.",
        BuresSquared(*LINE),
        _e1**2 + (_p - _q) ** 2,
        (
            scale("rhs", percent),
            restate("variances for deviations", rhs=_e1**2 + (_p**2 - _q**2) ** 2),
            restate("missing cross term", rhs=_e1**2 + _p**2 + _q**2),
            restate("cross term once", rhs=_e1**2 + _p**2 + _q**2 - _p * _q),
        ),
        printed=r"W_2^2=\lvert\delta\rvert^2+(s_1-s_2)^2",
    ),
    _equality(
        "B.otherdiv.bures.plane",
        "The squared 2-Wasserstein distance in the plane: the cross term is the root of the trace "
        "of the product plus twice the root of its determinant.",
        BuresSquared(*PLANE),
        delta[0] ** 2
        + delta[1] ** 2
        + _S1[0, 0]
        + _S1[1, 1]
        + _S2[0, 0]
        + _S2[1, 1]
        - 2
        * sqrt(
            _S1[0, 0] * _S2[0, 0]
            + 2 * _S1[0, 1] * _S2[0, 1]
            + _S1[1, 1] * _S2[1, 1]
            + 2 * first[0] * first[2] * second[0] * second[2]
        ),
        (
            scale("rhs", percent),
            restate(
                "commuting covariances",
                rhs=delta[0] ** 2
                + delta[1] ** 2
                + (sqrt(_S1[0, 0]) - sqrt(_S2[0, 0])) ** 2
                + (sqrt(_S1[1, 1]) - sqrt(_S2[1, 1])) ** 2,
            ),
        ),
        given=PLANE_LAWS,
        evidence=(Search(examples=16, hypothesis_examples=0, bits=128),),
        printed=r"\lvert\delta\rvert^2+\mathrm{tr}\,\Sigma_1+\mathrm{tr}\,\Sigma_2"
        r"-2\,\mathrm{tr}(\Sigma_1^{1/2}\Sigma_2\Sigma_1^{1/2})^{1/2}",
    ),
)

_A = covariance(Tuple(*second))
_inverse = Matrix([[_A[1, 1], -_A[0, 1]], [-_A[1, 0], _A[0, 0]]]) / _det_2
_moved = _A * _S1 * _A
_map_cost = _S1.trace() + _moved.trace() - 2 * (_A * _S1).trace()
_dual = _S1.trace() + _moved.trace() - (_A * _S1).trace() - (_inverse * _moved).trace()
_factors = {s: PLANE_LAWS[s] for s in (*first, *second)}

OPTIMAL: Final = (
    _equality(
        "B.otherdiv.bures.dual",
        "The cost of the map x -> A x equals the dual value of its potential: the map is optimal "
        "among all couplings, and with it the closed form.",
        _map_cost,
        _dual,
        (
            scale("rhs", percent),
            restate("no factor in the overlap", rhs=_dual - (_A * _S1).trace()),
            restate(
                "potential not inverted",
                rhs=_S1.trace() + _moved.trace() - 2 * (_A * _moved).trace(),
            ),
        ),
        given=_factors,
        evidence=(Symbolic(), Search(examples=30, hypothesis_examples=0)),
        printed=r"E\lvert x-Ax\rvert^2=\mathrm{tr}\,\Sigma_1+\mathrm{tr}\,\Sigma_2-\mathrm{tr}\,"
        r"A\Sigma_1-\mathrm{tr}\,A^{-1}\Sigma_2,\quad\Sigma_2=A\Sigma_1A",
        note="In the plane, A positive definite with factor q.",
    ),
)

CLAIMS: Final = (*HELLINGER, *KL, *RENYI, *OTHER, *OPTIMAL)
