"""Paper A, eq. 7, eq. 8 and appendix D: linear stability of gradient descent with random batches.

Losses of one parameter carry the argument: along the top eigenvector of the Hessian of R_n the
mean of the recursion is that of one parameter (`A.eq8.direction`). The sample then lists the second
derivatives of the losses; ``step`` is m eta.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Abs, Expr, Rational, S, Symbol

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, gt, le
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Branch, From, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.network_setting import SINGLE, at, given, net
from proofs_check.ledger.large_learning_rates.setting import X, mu, n, place, sigma
from proofs_check.quantities.batch_losses import (
    LossMean,
    LossVariance,
    MeanGrowth,
    QuadraticSlope,
    SumGrowth,
)
from proofs_check.quantities.network_curvature import HessianEntry, HessianPart
from proofs_check.quantities.network_risk import Groups

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
_s = Symbol("s", positive=True)
_b = Symbol("b", integer=True, positive=True)
_p = Symbol("p", integer=True, positive=True)
_q = Symbol("q", integer=True, positive=True)
_t = Symbol("t", real=True)
_chance = Symbol("p_1", nonnegative=True)
_first = [Symbol(f"a{k}", real=True) for k in (1, 2)]
_other = [Symbol(f"b{k}", real=True) for k in (1, 2)]
_lam = Symbol("lam", real=True)
_least = Symbol("s_min", positive=True)
_theta = [Symbol(f"t{k}", real=True) for k in (1, 2)]
_star = [Symbol(f"t{k}_star", real=True) for k in (1, 2)]
_slope = [Symbol(f"g{k}", real=True) for k in (1, 2)]
_h11, _h12, _h22 = (Symbol(f"h{k}", real=True) for k in ("11", "12", "22"))
_positive = Real(lo=0, lo_open=True)

_moved = [t - o for t, o in zip(_theta, _star, strict=True)]
_linear = _slope[0] + _h11 * _moved[0] + _h12 * _moved[1]

_losses = {
    X: Sample(draw_size=4),
    _b: Integer(lo=1, hi=n),
    _s: Real(lo=0, lo_open=True, near=(1 / LossMean(X) / _b,)),
}
_close = {X: (Fraction(1), Fraction(1001, 1000)), _b: Fraction(1)}
"""Two losses that are almost equal: the noise of the batch hardly matters."""
_sharp = {**_close, _s: Fraction(1999, 1001) * Fraction(999, 1000)}
_pair = {**_close, _b: Fraction(2), _s: Fraction(1999, 2002) * Fraction(999, 1000)}


def _along(vector: list[Symbol]) -> Expr:
    """Return the component along the unit vector (2t, 1 - t^2)/(1 + t^2)."""
    return (2 * _t * vector[0] + (1 - _t**2) * vector[1]) / (1 + _t**2)


def _growth(kind: str) -> Claim:
    """Return: the mean square of a step is the square of its mean plus its variance."""
    summed = kind == "sum"
    functional = SumGrowth if summed else MeanGrowth
    factor = _b if summed else 1
    spread = _b if summed else 1 / _b
    mean = (1 - _s * factor * LossMean(X)) ** 2
    return Claim(
        id=f"A.eq8.growth.{kind}",
        kind=Kind.LEMMA,
        says=f"Mean square of a step on the {kind} over a batch: square of the mean plus variance.",
        source=place("equation (8), proof"),
        given=_losses,
        lhs=functional(X, _b, _s),
        rel=Rel.EQ,
        rhs=mean + spread * _s**2 * LossVariance(X),
        evidence=(
            Symbolic(sizes=(2, 3)),
            Argued(document="A.eq8.growth"),
            Search(examples=40, hypothesis_examples=0),
        ),
        broken=(
            restate("no variance", rhs=mean),
            restate(
                "the other normalisation",
                rhs=(1 - _s * (1 if summed else _b) * LossMean(X)) ** 2
                + spread * _s**2 * LossVariance(X),
            ),
            scale("rhs", Rational(101, 100)),
        ),
        note="Reduced for two and three losses and batches up to their number; for any number "
        "the argument is that the mean and variance of independent draws add up.",
    )


def _stable(batch: str, name: str, rhs: Expr, *, slack: Expr = S.Zero, **parts: Any) -> Claim:
    """Return: a mean square that does not grow bounds the second derivative.

    ``slack`` is by how much the bound exceeds 2 over the mean step.
    """
    summed = batch == "sum"
    functional = SumGrowth if summed else MeanGrowth
    factor = _b if summed else 1
    spread = _b if summed else 1 / _b
    level = _s * factor * LossMean(X)
    sharp = 2 / (_s * factor)
    return Claim(
        id=name,
        given=_losses,
        where=(le(functional(X, _b, _s), 1),),
        lhs=LossMean(X),
        rel=Rel.LE,
        rhs=rhs,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim=f"A.eq8.growth.{batch}", weight=sharp / 4),
                            From(hypothesis=0, weight=sharp / 4),
                        ),
                        # 2 - z = (1 - (1 - z)^2)/2 + (2 - z)^2/2
                        rest=sharp / 4 * spread * _s**2 * LossVariance(X)
                        + sharp / 4 * (2 - level) ** 2
                        + slack,
                    ),
                )
            ),
            Search(also=(_sharp, _pair), examples=60, hypothesis_examples=0),
        ),
        **parts,
    )


EQUATIONS: Final = (
    Claim(
        id="A.eq7",
        says="For quadratic losses the gradient step is the linearised recursion.",
        source=place("equation (7)"),
        given={
            **dict.fromkeys([*_theta, *_star, *_slope, _h11, _h12, _h22], reals),
            _s: _positive,
        },
        lhs=_theta[0] - _s * QuadraticSlope(*_theta, *_star, *_slope, _h11, _h12, _h22),
        rel=Rel.EQ,
        rhs=_theta[0] - _s * _linear,
        evidence=(Symbolic(),),
        broken=(
            restate("no cross derivative", rhs=_theta[0] - _s * (_linear - _h12 * _moved[1])),
            restate("half the curvature", rhs=_theta[0] - _s * (_linear - _h11 * _moved[0] / 2)),
            restate("ascent", rhs=_theta[0] + _s * _linear),
        ),
        printed=r"\theta_{j+1}=\theta_j-m\eta\left(\nabla\hat R_j(\theta^\star)"
        r"+\nabla^2\hat R_j(\theta^\star)(\theta_j-\theta^\star)\right)",
        note="A definition, exact for quadratic losses; shown for a coordinate of two parameters. "
        "A sampled loss of a ReLU network is twice differentiable at a minimum only almost surely "
        "(no noisy point on a knot).",
    ),
    Claim(
        id="A.eq8.direction",
        kind=Kind.LEMMA,
        says="What holds for one parameter holds along the top eigenvector of the Hessian.",
        source=place("equation (8), proof"),
        given={
            _chance: Real(lo=0, hi=1),
            **dict.fromkeys([*_first, *_other, _t], reals),
        },
        lhs=_chance * (_first[0] ** 2 + _first[1] ** 2)
        + (1 - _chance) * (_other[0] ** 2 + _other[1] ** 2),
        rel=Rel.GE,
        rhs=(_chance * _along(_first) + (1 - _chance) * _along(_other)) ** 2,
        evidence=(Argued(),),
        broken=(
            scale("rhs", Rational(11, 10)),
            restate("components added", rhs=(_first[0] + _first[1]) ** 2 * _chance**2),
        ),
        note="The mean square of a random vector is at least the square of the mean of its part "
        "along a unit vector, written for two outcomes in the plane; the reduction that uses it "
        "in any dimension is argued.",
    ),
    _growth("sum"),
    _growth("mean"),
    _stable(
        "sum",
        "A.eq8",
        2 / _s,
        slack=2 * (_b - 1) / (_b * _s),
        says="Linear stability bounds the sharpness by 2/(m eta), the batch risk being a sum.",
        source=place("equation (8)"),
        uses=("A.eq8.direction",),
        broken=(
            scale("rhs", Rational(99, 100)),
            restate("1/(m eta)", rhs=1 / _s),
            drop(0, name="without stability"),
        ),
        printed=r"\lambda_{\max}(\nabla^2R_n(\theta^\star))\le\frac2{m\eta}",
        note="With the sum over a batch of b that section 0 prints, E of the batch Hessian is b "
        "times the Hessian of R_n: the bound is true but b times weaker than what is shown "
        "(A.eq8.sum). It is exact for the mean over a batch (A.eq8.mean).",
    ),
    _stable(
        "sum",
        "A.eq8.sum",
        _c / (_b * _s),
        kind=Kind.DERIVED,
        says="With a sum over a batch of b, linear stability bounds the sharpness by 2/(b m eta).",
        source=place("equation (8), sharpened"),
        uses=("A.eq8.direction",),
        constant=Constant(_c, Rational(2), larger_is_weaker=True, power_of_two=True),
        broken=(scale("rhs", Rational(99, 100)), drop(0, name="without stability")),
    ),
    _stable(
        "mean",
        "A.eq8.mean",
        _c / _s,
        kind=Kind.DERIVED,
        says="With the mean over a batch, linear stability bounds the sharpness by 2/(m eta).",
        source=place("equation (8), with the mean over the batch"),
        uses=("A.eq8.direction",),
        constant=Constant(_c, Rational(2), larger_is_weaker=True, power_of_two=True),
        broken=(
            scale("rhs", Rational(99, 100)),
            restate("2/(b m eta)", rhs=2 / (_b * _s)),
            drop(0, name="without stability"),
        ),
    ),
    Claim(
        id="A.eq8.interchange",
        kind=Kind.STEP,
        says="The mean of the sampled losses' Hessians is the Hessian of R_n.",
        source=place("equation (8), used without statement"),
        given={
            **given,
            net: SINGLE,
            _p: Integer(lo=1, hi=2 * Groups(net)),
            _q: Integer(lo=_p, hi=_p),
        },
        lhs=HessianPart(*at, _p, _q),
        rel=Rel.EQ,
        rhs=HessianEntry(*at, _p, _q, 1),
        evidence=(
            Search(
                also=(
                    {
                        mu: _half,
                        sigma: _half,
                        X: (Fraction(0), Fraction(1)),
                        net: network((1, 1, 0)),
                        _p: Fraction(2),
                        _q: Fraction(2),
                    },
                ),
                examples=2,
                hypothesis_examples=0,
                bits=64,
            ),
        ),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", 2)),
        note="False for ReLU networks: a knot's own term exists for the mean only. Eq. 8 then "
        "bounds the largest eigenvalue of the first two terms of eq. 15, or is meant for gradient "
        "descent on R_n itself (A.appD). No local minimum that breaks eq. 8 was found.",
    ),
)

DESCENT: Final = (
    Claim(
        id="A.appD",
        says="If gradient descent on R_n is linearly stable, the sharpness is at most 2/(m eta).",
        source=place("appendix D"),
        given={_lam: reals, _s: _positive},
        where=(le((1 - _s * _lam) ** 2, 1),),
        lhs=_lam,
        rel=Rel.LE,
        rhs=_c / _s,
        uses=("A.eq8.direction",),
        constant=Constant(_c, Rational(2), larger_is_weaker=True, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(hypothesis=0, weight=1 / (2 * _s)),),
                        rest=(2 - _s * _lam) ** 2 / (2 * _s),
                    ),
                )
            ),
            Search(also=({_lam: Fraction(2), _s: Fraction(1)},)),
        ),
        broken=(scale("rhs", Rational(99, 100)), drop(0, name="without stability"), flip()),
        printed=r"\lambda_{\max}(\nabla^2R_n(\theta^\star))\le\frac2{m\eta}",
        note="Sharp: for the loss h theta^2/2 with m eta h = 2 the iterates are (-1)^j theta_0.",
    ),
    Claim(
        id="A.appD.varying",
        says="With steps of at least eta_min, a sharpness above 2/(m eta_min) makes steps grow.",
        source=place("appendix D, varying steps"),
        given={_lam: reals, _least: _positive, _s: Real(lo=_least, near=(_least,))},
        where=(gt(_lam, 2 / _least),),
        lhs=Abs(1 - _s * _lam),
        rel=Rel.GE,
        rhs=_least * _lam - 1,
        uses=("A.eq8.direction",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        rest=Abs(1 - _s * _lam)
                        + (1 - _s * _lam)
                        + (_s - _least) * (_lam - 2 / _least)
                        + 2 * (_s - _least) / _least
                    ),
                )
            ),
            Search(
                also=({_lam: Fraction(3), _least: Fraction(1), _s: Fraction(1)},),
            ),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("plus one", rhs=_least * _lam + 1),
        ),
        printed=r"\lambda_{\max}\le\frac2{m\eta_{\min}}\quad(\eta_j\ge\eta_{\min})",
        note="The right side exceeds 1, so the product of the factors grows geometrically.",
    ),
    Claim(
        id="A.appD.grows",
        kind=Kind.LEMMA,
        says="The least factor of a step exceeds one when the sharpness exceeds 2/(m eta_min).",
        source=place("appendix D, varying steps"),
        given={_lam: reals, _least: _positive},
        where=(gt(_lam, 2 / _least),),
        lhs=_least * _lam - 1,
        rel=Rel.GT,
        rhs=1,
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=_least),)),)),
            Search(also=({_lam: Fraction(2001, 1000), _least: Fraction(1)},)),
        ),
        broken=(scale("rhs", Rational(11, 10)), drop(0, name="any sharpness")),
    ),
)

CLAIMS: Final = (*EQUATIONS, *DESCENT)
