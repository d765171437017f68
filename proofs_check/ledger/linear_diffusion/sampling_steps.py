"""Paper B, section 4: samplers with K steps, and whether finitely many are best.

Dictionary: ``w`` is an eigenvalue of the fitted covariance in units of the data, ``nu`` the
noise-to-signal ratio q^2/a^2 of a noise level, ``r`` its root. Samplers: Euler-Maruyama for the
reverse equation, Euler's method for the probability flow, ancestral sampling with the posterior
variance (DDPM), and its deterministic variant (DDIM). Generation starts at the noised fit.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, diff, exp, log, sign, sqrt

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Argued,
    Branch,
    Enclosure,
    From,
    Instances,
    MonteCarlo,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import POSITIVE, d, m, percent, place, u
from proofs_check.quantities.alternatives_simulation import sampled_steps
from proofs_check.quantities.linear_law import FittedWeight
from proofs_check.quantities.linear_reverse import FirstOrderError, MeanSampleKL
from proofs_check.quantities.linear_simulation import simulated
from proofs_check.quantities.other_data import MarchenkoPasturEntropy
from proofs_check.quantities.sampling_steps import (
    AncestralDeficit,
    ChainMean,
    ChainVariance,
    DeterministicOverlap,
    MeanStepKL,
    StepGain,
    StepNoise,
)
from theory.symbols import T, lambda_

__all__ = ["CLAIMS"]

_source = place("alternatives that the reviews ask for")
_abstract = place("abstract of the successor")
_EM, _EULER, _DDPM, _DDIM = 1, 2, 3, 4
K: Final = Symbol("K", integer=True, positive=True)

_w, _a, _q2, _alpha, _s2 = (Symbol(name, positive=True) for name in ("w", "a", "q2", "alpha", "s2"))
_level = dict.fromkeys((_w, _a, _q2, _alpha, _s2), POSITIVE)
_above = (_alpha * _a, _alpha**2 * _q2 + _s2)
"""The level above: shrunk by alpha more, with the noise s2 on top."""
_clock = _a**2 * _w + _q2
_clock_above = _alpha**2 * _clock + _s2
_one = {_w: POSITIVE, _a: POSITIVE, _q2: POSITIVE}
_kappa = _a * _w / _clock


def _gain(scheme: int, below: tuple[Any, Any], above: tuple[Any, Any]) -> Expr:
    return StepGain(scheme, _w, *below, *above, 1, 1)


ANCESTRAL: Final = (
    Claim(
        id="B.steps.ddpm.gain",
        kind=Kind.DERIVED,
        says="One ancestral step shrinks a deviation by the exact regression coefficient.",
        source=_source,
        given=_level,
        lhs=_gain(_DDPM, (_a, _q2), _above),
        rel=Rel.EQ,
        rhs=_alpha * _clock / _clock_above,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("no noise below", rhs=_alpha * _a**2 * _w / _clock_above),
            restate("inverse", rhs=_clock_above / _clock),
        ),
        printed=r"g=\alpha c_k/c_{k+1}",
    ),
    Claim(
        id="B.steps.ddpm.noise",
        kind=Kind.DERIVED,
        says="It adds the variance of the posterior given a clean point, which lacks what the "
        "clean point itself does not say.",
        source=_source,
        given=_level,
        lhs=StepNoise(_DDPM, _w, _a, _q2, *_above, 1, 1),
        rel=Rel.EQ,
        rhs=_q2 * _s2 / (_alpha**2 * _q2 + _s2),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the variance of the step", rhs=_s2),
            restate("the exact posterior", rhs=_clock * _s2 / _clock_above),
        ),
        printed=r"\tilde\beta=q_k^2\sigma^2/q_{k+1}^2",
    ),
    Claim(
        id="B.steps",
        kind=Kind.DERIVED,
        says="Ancestral sampling with K = 1 is the one-step model with the same score: the gain "
        "is kappa = a w/(a^2 w + q^2) and nothing is added.",
        source=_source,
        given=_one,
        lhs=_gain(_DDPM, (1, 0), (_a, _q2)) + StepNoise(_DDPM, _w, 1, 0, _a, _q2, 1, 1),
        rel=Rel.EQ,
        rhs=_kappa,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("with fresh noise", rhs=_kappa + _q2),
            restate("the flow's gain", rhs=sqrt(_w / _clock)),
        ),
        printed=r"K=1:\ y_0=\hat x_0(y_T)",
        note="True of the population score (w = s_d^2) and of a score fitted over all noise; the "
        "paper's weights are fitted to one noise draw a point and differ, B.steps.sampled.",
    ),
    Claim(
        id="B.steps.ddim.one",
        kind=Kind.DERIVED,
        says="So is the deterministic sampler with K = 1.",
        source=_source,
        given=_one,
        lhs=_gain(_DDIM, (1, 0), (_a, _q2)),
        rel=Rel.EQ,
        rhs=_kappa,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the flow's gain", rhs=sqrt(_w / _clock)),
        ),
    ),
)

_y = Symbol("y", positive=True)
_gap = Symbol("x", positive=True)

SAMPLED: Final = (
    Claim(
        id="B.steps.sampled",
        kind=Kind.SAID,
        says="Ancestral sampling with K = 1 equals the one-step model fitted to n noised points "
        "(two points on the line, 0 and x, noised to 0 and y; a = q = 1).",
        source=_source,
        given={_gap: POSITIVE, _y: POSITIVE},
        lhs=_gap / _y,
        rel=Rel.EQ,
        rhs=(_gap**2 / 2) / (_gap**2 / 2 + 1),
        evidence=(Search(also=({_gap: Fraction(1), _y: Fraction(1)},)),),
        broken=(scale("rhs", percent), restate("slope 1", rhs=1)),
        note="The fitted weight is x/y (B.steps.sampled.weight); the score that the same two "
        "points give when all noise is averaged has the weight kappa with w = x^2/2.",
    ),
    Claim(
        id="B.steps.sampled.weight",
        kind=Kind.AMENDED,
        amends="B.steps.sampled",
        says="Two points, clean 0 and 1, noised 0 and 3: the fitted weight is 1/3 exactly.",
        source=_source,
        lhs=FittedWeight(1, 1, (0, 1), (0, 3), 1),
        rel=Rel.EQ,
        rhs=Rational(1, 3),
        evidence=(Symbolic(), Instances(at={"x = 0, 1; y = 0, 3": {}})),
        broken=(scale("rhs", percent), restate("averaged over the noise", rhs=Rational(1, 3) + 1)),
        note="Averaging over the noise acts as a ridge: no peak near n = d, and for K = 1 the mean "
        "divergence is finite from n = d + 1 on.",
    ),
)

_nu = Symbol("nu", nonnegative=True)
_x, _z = Symbol("x", positive=True), Symbol("z", positive=True)
_r = Symbol("r", nonnegative=True)
_r_open = Symbol("r", positive=True)
_grid = {_w: POSITIVE, _nu: Real(lo=0), _x: POSITIVE, _z: POSITIVE}


def _deficit(lower: Expr, upper: Expr) -> Expr:
    return _w**2 * (upper - lower) ** 2 / ((_w + lower) ** 2 * upper * (_w + upper))


def _overlap(lower: Expr, upper: Expr) -> Expr:
    return (_w + lower * upper) ** 2 / ((_w + lower**2) * (_w + upper**2))


_ancestral_gain = (
    _w**2
    * _x
    * _z
    * (2 * _nu**2 + 2 * _nu * _w + 2 * _nu * _x + _w * _x)
    / ((_nu + _w) ** 2 * (_nu + _x) * (_nu + _w + _x) ** 2 * (_nu + _x + _z))
)
"""What one more level between nu and nu + x + z saves."""
_lost = _w * _x**2 / ((_r**2 + _w) * ((_r + _x) ** 2 + _w))
_deterministic_gain = (
    _w
    * _x
    * _z
    * (
        2 * _r**4
        + 6 * _r**3 * _x
        + 2 * _r**3 * _z
        + 4 * _r**2 * _w
        + 6 * _r**2 * _x**2
        + 4 * _r**2 * _x * _z
        + 6 * _r * _w * _x
        + 2 * _r * _w * _z
        + 2 * _r * _x**3
        + 2 * _r * _x**2 * _z
        + 2 * _w**2
        + 2 * _w * _x**2
        + _w * _x * _z
    )
    / ((_r**2 + _w) * ((_r + _x) ** 2 + _w) ** 2 * ((_r + _x + _z) ** 2 + _w))
)

_root = Symbol("b", positive=True)
"""e^{-T/2} in the claim on two steps."""
_levels = {_w: POSITIVE, lambda_: POSITIVE, _root: Real(lo=0, hi=1, lo_open=True, hi_open=True)}
_half, _full = lambda_ * (1 / _root**2 - 1), lambda_ * (1 / _root**4 - 1)

GRIDS: Final = (
    Claim(
        id="B.steps.ddpm.deficit",
        kind=Kind.DERIVED,
        says="An ancestral step from nu + x to nu drops the share w^2 x^2/((w + nu)^2 (nu + x)(w "
        "+ nu + x)) of the variance.",
        source=_source,
        given={_w: POSITIVE, _x: POSITIVE, Symbol("nu", positive=True): POSITIVE},
        lhs=AncestralDeficit(_w, Symbol("nu", positive=True), Symbol("nu", positive=True) + _x),
        rel=Rel.EQ,
        rhs=_deficit(Symbol("nu", positive=True), Symbol("nu", positive=True) + _x),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate(
                "linear in the step",
                rhs=_deficit(Symbol("nu", positive=True), Symbol("nu", positive=True) + _x) / _x,
            ),
        ),
        printed=r"V_0=w\bigl(1-\sum_kD(w;\nu_k,\nu_{k+1})\bigr)",
    ),
    Claim(
        id="B.steps.ddpm.chain",
        kind=Kind.DERIVED,
        says="Two ancestral steps on a uniform grid leave w (1 - D - D).",
        source=_source,
        given=_levels,
        lhs=ChainVariance(_DDPM, 2, _w, lambda_, -2 * log(_root)),
        rel=Rel.EQ,
        rhs=_w * (1 - _half / (_w + _half) - _deficit(_half, _full)),
        uses=("B.steps.ddpm.deficit",),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the first step alone", rhs=_w * (1 - _half / (_w + _half))),
        ),
    ),
    Claim(
        id="B.steps.ddpm.refine",
        kind=Kind.DERIVED,
        says="One more level anywhere leaves more of the variance: more ancestral steps raise the "
        "variance towards w from below, whatever the grid.",
        source=_source,
        given=_grid,
        lhs=_deficit(_nu, _nu + _x) + _deficit(_nu + _x, _nu + _x + _z),
        rel=Rel.LT,
        rhs=_deficit(_nu, _nu + _x + _z),
        uses=("B.steps.ddpm.deficit",),
        evidence=(Steps(branches=(Branch(rest=_ancestral_gain),)), Search()),
        broken=(flip(), scale("lhs", 2), restate("one step", lhs=2 * _deficit(_nu, _nu + _x))),
    ),
    Claim(
        id="B.steps.ddim.overlap",
        kind=Kind.DERIVED,
        says="A deterministic step keeps the share cos^2 of the angle between (sqrt w, r) and "
        "(sqrt w, r'), r = sqrt nu.",
        source=_source,
        given={_w: POSITIVE, _r_open: POSITIVE, _x: POSITIVE},
        lhs=DeterministicOverlap(_w, _r_open**2, (_r_open + _x) ** 2),
        rel=Rel.EQ,
        rhs=_overlap(_r_open, _r_open + _x),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("all of it", rhs=1),
            restate(
                "not squared",
                rhs=(_w + _r_open * (_r_open + _x))
                / ((_w + _r_open**2) * (_w + (_r_open + _x) ** 2)),
            ),
        ),
        printed=r"V_0=w\prod_k\cos^2(\theta_{k+1}-\theta_k),\ \tan\theta=\sqrt{\nu/w}",
    ),
    Claim(
        id="B.steps.ddim.under",
        kind=Kind.DERIVED,
        says="That share is below one: the deterministic sampler loses variance in every step.",
        source=_source,
        given={_w: POSITIVE, _r: Real(lo=0), _x: POSITIVE},
        lhs=_overlap(_r, _r + _x),
        rel=Rel.LT,
        rhs=1,
        uses=("B.steps.ddim.overlap",),
        evidence=(Steps(branches=(Branch(rest=_lost),)), Search()),
        broken=(flip(), scale("lhs", 2)),
    ),
    Claim(
        id="B.steps.ddim.refine",
        kind=Kind.DERIVED,
        says="One more level anywhere keeps more: cos A cos B > cos(A + B).",
        source=_source,
        given={_w: POSITIVE, _r: Real(lo=0), _x: POSITIVE, _z: POSITIVE},
        lhs=_overlap(_r, _r + _x) * _overlap(_r + _x, _r + _x + _z),
        rel=Rel.GT,
        rhs=_overlap(_r, _r + _x + _z),
        uses=("B.steps.ddim.overlap",),
        evidence=(Steps(branches=(Branch(rest=_deterministic_gain),)), Search()),
        broken=(flip(), scale("lhs", Rational(1, 2))),
    ),
)

_h = Symbol("h", positive=True)
ONE: Final = (
    Claim(
        id="B.steps.one.worse",
        kind=Kind.DERIVED,
        says="Pointwise in the eigenvalue, K = 1 (ancestral or deterministic) loses against the "
        "exact reverse process at least nu (1 - w)/(1 + nu), whose mean is zero: its mean "
        "divergence is never smaller, at any n >= d + 1, d, T and lambda.",
        source=_source,
        given={_w: POSITIVE, _x: POSITIVE},
        lhs=log((_w + _x) / _w) - _x * _w / (_w + _x),
        rel=Rel.GE,
        rhs=_x * (1 - _w) / (1 + _x),
        uses=("B.steps", "B.steps.ddim.one", "B.exactreverse.matched"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.fact.log", at={_h: _w / (_w + _x)}),),
                        rest=_x * (1 - _w) ** 2 / ((1 + _x) * (_w + _x)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            flip(),
            restate("no mean zero", rhs=_x / (1 + _x)),
            restate("opposite", rhs=_x * (_w - 1) / (1 + _x)),
        ),
        note="x is nu. The eigenvalues of the unbiased sample covariance have the mean one.",
    ),
)

_e = 1 / _r_open - _r_open * log(_r_open) / (2 * (_r_open - 1))
_c = Symbol("c", positive=True)
_above_one = Real(lo=1, lo_open=True)
_below_one = Real(lo=0, hi=1, lo_open=True, hi_open=True)
_slope = -1 / _r_open**2 - (_r_open - 1 - log(_r_open)) / (2 * (_r_open - 1) ** 2)


def _em_error(side: str, domain: Real) -> Claim:
    return Claim(
        id=f"B.steps.em.error.{side}",
        kind=Kind.DERIVED,
        says="Euler-Maruyama, long diffusion: the relative error of the variance is h e(r), "
        f"e = 1/r - r log r/(2(r - 1)), r = w/lambda {'>' if side == 'above' else '<'} 1.",
        source=_source,
        given={_r_open: domain},
        lhs=FirstOrderError(1, _r_open, 1, 1),
        rel=Rel.EQ,
        rhs=_e,
        evidence=(Symbolic(), Search(examples=20)),
        broken=(
            scale("rhs", percent),
            restate("no log", rhs=1 / _r_open),
            restate("Euler's method", rhs=(1 / _r_open - 1 + log(_r_open)) / 2 - 1),
        ),
        printed=r"V_0=w\,(1+h\,e(w/\lambda)+O(h^2))",
    )


def _em_falls(side: str, domain: Real) -> Claim:
    return Claim(
        id=f"B.steps.em.falls.{side}",
        kind=Kind.DERIVED,
        says="That error falls in r: steps widen narrow directions and narrow wide ones.",
        source=_source,
        given={_r_open: domain},
        lhs=_slope,
        rel=Rel.LT,
        rhs=0,
        uses=(f"B.steps.em.error.{side}", f"B.steps.em.slope.{side}"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.fact.log",
                                at={_h: _r_open},
                                weight=1 / (2 * (_r_open - 1) ** 2),
                            ),
                        ),
                        rest=1 / _r_open**2,
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("plus the log", lhs=_slope + 2 / _r_open**2 + 1)),
    )


def _em_slope(side: str, domain: Real) -> Claim:
    return Claim(
        id=f"B.steps.em.slope.{side}",
        kind=Kind.LEMMA,
        says="The slope of that error.",
        source=_source,
        given={_r_open: domain},
        lhs=diff(_e, _r_open),
        rel=Rel.EQ,
        rhs=_slope,
        evidence=(Symbolic(), Search(examples=20)),
        broken=(scale("rhs", percent), restate("opposite log", rhs=_slope + log(_r_open))),
    )


_sides = (("above", _above_one), ("below", _below_one))

EULER: Final = (
    *(make(*side) for make in (_em_error, _em_slope, _em_falls) for side in _sides),
    Claim(
        id="B.steps.euler.error",
        kind=Kind.DERIVED,
        says="Euler's method for the flow: the relative error of the variance is h e, e = "
        "(lambda/w - lambda/c + log(c/w))/2.",
        source=_source,
        given={_w: POSITIVE, _c: POSITIVE, lambda_: POSITIVE},
        lhs=FirstOrderError(2, _w, _c, lambda_),
        rel=Rel.EQ,
        rhs=(lambda_ / _w - lambda_ / _c + log(_c) - log(_w)) / 2,
        evidence=(Symbolic(), Search(examples=20)),
        broken=(
            scale("rhs", percent),
            restate("no log", rhs=(lambda_ / _w - lambda_ / _c) / 2),
            restate("missing one half", rhs=lambda_ / _w - lambda_ / _c + log(_c) - log(_w)),
        ),
    ),
    Claim(
        id="B.steps.euler.over",
        kind=Kind.DERIVED,
        says="For a long diffusion (c = lambda) it is not negative: Euler's method for the flow "
        "widens every direction.",
        source=_source,
        given={_x: POSITIVE},
        lhs=(_x - 1 - log(_x)) / 2,
        rel=Rel.GE,
        rhs=0,
        uses=("B.steps.euler.error",),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="B.fact.log", at={_h: _x}, weight=Rational(1, 2)),)),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("plus the log", lhs=(_x - 1 + log(_x)) / 2)),
        note="x = lambda/w.",
    ),
)

_one_step = {_w: POSITIVE, lambda_: POSITIVE, T: POSITIVE}
_start_clock = _w * exp(-2 * T) + lambda_ * (1 - exp(-2 * T))


def _single(scheme: int, name: str, word: str, rhs: Expr, wrong: Expr) -> Claim:
    return Claim(
        id=f"B.steps.{name}.one",
        kind=Kind.DERIVED,
        says=f"The variance after one step of {word} from the noised fit.",
        source=_source,
        given=_one_step,
        lhs=ChainVariance(scheme, 1, _w, lambda_, T),
        rel=Rel.EQ,
        rhs=rhs,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the other sampler", rhs=wrong),
            restate("the fit", rhs=_w),
        ),
        note="K steps repeat it at the levels of the grid; the recursion is B.steps.em.error's.",
    )


_em_one = (1 + T - 2 * lambda_ * T / _start_clock) ** 2 * _start_clock + 2 * lambda_ * T
_euler_one = (1 + T - lambda_ * T / _start_clock) ** 2 * _start_clock
_inside_b = {_w: POSITIVE, lambda_: POSITIVE, _root: Real(lo=0, hi=1, lo_open=True, hi_open=True)}

MEANS: Final = (
    _single(_EM, "em", "Euler-Maruyama", _em_one, _euler_one),
    _single(_EULER, "euler", "Euler's method for the flow", _euler_one, _em_one),
    Claim(
        id="B.steps.mean.euler",
        kind=Kind.DERIVED,
        says="One Euler step leaves the share (1 + T) e^{-T} of the fitted mean, whatever the "
        "covariance: Euler's samplers are biased where the data are not centred.",
        source=_source,
        given=_one_step,
        lhs=ChainMean(_EM, 1, _w, lambda_, T),
        rel=Rel.EQ,
        rhs=(1 + T) * exp(-T),
        evidence=(Symbolic(), Search(examples=20, hypothesis_examples=0)),
        broken=(scale("rhs", percent), restate("no bias", rhs=1), restate("e^{-T}", rhs=exp(-T))),
    ),
    Claim(
        id="B.steps.mean.bias",
        kind=Kind.DERIVED,
        says="That share is below one.",
        source=_source,
        given={_x: POSITIVE},
        lhs=log(1 + _x),
        rel=Rel.LE,
        rhs=_x,
        uses=("B.steps.mean.euler",),
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="B.fact.log", at={_h: 1 + _x}),)),)),
            Search(),
        ),
        broken=(flip(), scale("rhs", Rational(1, 2))),
        note="x is T; the logarithm of (1 + T) e^{-T}.",
    ),
    *(
        Claim(
            id=f"B.steps.mean.{name}",
            kind=Kind.DERIVED,
            says=f"{word} sampling keeps the fitted mean exactly (two steps).",
            source=_source,
            given=_inside_b,
            lhs=ChainMean(number, 2, _w, lambda_, -2 * log(_root)),
            rel=Rel.EQ,
            rhs=1,
            evidence=(Symbolic(), Search(examples=20, hypothesis_examples=0)),
            broken=(scale("rhs", percent), restate("shrunk", rhs=_root)),
            note="b = e^{-T/2}.",
        )
        for name, word, number in (
            ("ddpm", "Ancestral", _DDPM),
            ("ddim", "Deterministic", _DDIM),
        )
    ),
)

_yy = Symbol("y", positive=True)
_inside = Real(lo=0, hi=1, lo_open=True, hi_open=True)
_first_order = 1 / (2 * (1 + u)) + 1 - u * log(1 + 1 / u)

OPTIMUM: Final = (
    Claim(
        id="B.steps.entropy",
        kind=Kind.LEMMA,
        says="The mean of w log w over the spectrum of S/m tends to y/2, y = d/m.",
        source=_source,
        given={_yy: _inside},
        lhs=MarchenkoPasturEntropy(_yy),
        rel=Rel.EQ,
        rhs=_yy / 2,
        evidence=(Search(examples=6, hypothesis_examples=0, bits=96),),
        broken=(
            scale("rhs", percent),
            restate("y", rhs=_yy),
            restate("second order", rhs=_yy / 2 + _yy**2 / 6),
        ),
        printed=r"\int\varsigma\log\varsigma\,d\mu=\tfrac1{2\psi}",
    ),
    Claim(
        id="B.steps.euler.prior",
        kind=Kind.DERIVED,
        says="Euler's method for the flow, lambda = s_d^2, long diffusion: the first step-length "
        "correction to the mean divergence is negative at every psi > 1, so finitely many steps "
        "beat infinitely many.",
        source=_source,
        given={u: POSITIVE},
        lhs=_first_order,
        rel=Rel.LT,
        rhs=1 / u,
        uses=("B.steps.euler.error", "B.steps.entropy", "B.exactreverse.limit"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.exactreverse.end.above", at={_x: 1 / u}, weight=u),),
                        rest=1 / (2 * u * (1 + u)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            flip(),
            scale("rhs", Rational(1, 4)),
            restate("a fifth of the noise", rhs=1 / (5 * u)),
        ),
        printed=r"\tfrac1{2\psi}+1+(\psi-1)\log\tfrac{\psi-1}\psi<\tfrac{\lambda}{\psi-1}",
        note="u = psi - 1. In general the sign is that of this difference with lambda/s_d^2 on the "
        "right: for Euler's method the answer depends on the noise scale.",
    ),
    Claim(
        id="B.steps.euler.small",
        kind=Kind.DERIVED,
        says="For lambda = s_d^2/10 it is positive at psi = 2: there more steps of Euler's method "
        "are better, to first order.",
        source=_source,
        lhs=_first_order.subs(u, 1),
        rel=Rel.GT,
        rhs=Rational(1, 10),
        uses=("B.steps.euler.error", "B.steps.entropy", "B.exactreverse.limit"),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("lambda = s_d^2", rhs=1),
            restate("psi = 21/20", lhs=_first_order.subs(u, Rational(1, 20)), rhs=2),
        ),
    ),
)

_line = {
    K: Integer(lo=1, hi=20),
    m: Integer(lo=2, hi=40),
    lambda_: Real(lo=Rational(1, 4), hi=4),
    T: Real(lo=1, hi=3),
}
_at = {m: Fraction(3), lambda_: Fraction(1), T: Fraction(2)}


def _em(steps: Any, degrees: Any = 3, noise: Any = 1, time: Any = 2) -> Expr:
    return MeanStepKL(1, steps, degrees, noise, time)


def _instance(
    name: str, says: str, lhs: Expr, rhs: Expr, steps: tuple[int, ...], **parts: Any
) -> Claim:
    """Return a strict inequality that is certified at some numbers of steps, up to the last."""
    named = {f"K = {k}": {K: Fraction(k)} for k in steps}
    return Claim(
        id=name,
        says=says,
        source=_abstract,
        given={K: Integer(lo=min(steps), hi=max(steps))},
        lhs=lhs,
        rel=Rel.LT,
        rhs=rhs,
        evidence=(Instances(at=named), *parts.pop("more", ())),
        **{"kind": Kind.DERIVED, **parts},
    )


DISCRETISATION: Final = (
    Claim(
        id="B.discretisation",
        kind=Kind.SAID,
        says="More diffusion steps improve quality: twice as many steps never have a larger mean "
        "divergence (Euler-Maruyama on the line).",
        source=_abstract,
        given=_line,
        lhs=MeanStepKL(1, 2 * K, m, lambda_, T),
        rel=Rel.LE,
        rhs=MeanStepKL(1, K, m, lambda_, T),
        evidence=(
            Search(
                examples=2,
                hypothesis_examples=0,
                also=({K: Fraction(4), **_at}, {K: Fraction(1), **_at}),
                bits=64,
            ),
        ),
        broken=(flip(), scale("rhs", Rational(1, 3))),
        printed=r"\text{more diffusion steps improve quality}",
        note="True of ancestral and deterministic sampling in the claims below; false of "
        "Euler-Maruyama at every finite n.",
    ),
    _instance(
        "B.discretisation.optimum",
        "Four points on the line, lambda = 1, T = 2: four Euler-Maruyama steps are better than any "
        "other number K (certified at some).",
        _em(4),
        _em(K + 6 * (1 - sign(K - 4) ** 2)),
        (1, 2, 3, 5, 6, 8, 16),
        broken=(
            restate("K = 7", lhs=_em(7)),
            restate("K = 9", lhs=_em(9)),
            scale("lhs", Rational(9, 8)),
        ),
        kind=Kind.AMENDED,
        amends="B.discretisation",
        printed=r"K^\ast=4",
        note="K = 4 itself is compared with K = 10.",
    ),
    _instance(
        "B.discretisation.half",
        "There K = 4 steps leave less than half of what infinitely many leave.",
        2 * _em(K),
        MeanSampleKL(1, 3),
        (4,),
        broken=(flip(), scale("lhs", Rational(5, 4))),
    ),
    *(
        _instance(
            f"B.discretisation.finite.{name}",
            f"On the line with n = {degrees + 1}, lambda = {noise}, T = 2, {steps} "
            "Euler-Maruyama steps beat infinitely many.",
            _em(K, degrees, noise),
            MeanSampleKL(1, degrees),
            (steps,),
            broken=(flip(), restate("twice the points", rhs=MeanSampleKL(1, 2 * degrees))),
            more=(Argued(document="B.discretisation.finite"),),
            uses=("B.steps.em.falls.above", "B.steps.em.falls.below"),
        )
        for name, degrees, noise, steps in (
            ("narrow", 5, Rational(1, 4), 4),
            ("wide", 5, 4, 40),
            ("many", 30, 1, 10),
        )
    ),
    *(
        _instance(
            f"B.discretisation.{name}",
            f"{word} sampling on the line, n = 4, lambda = 1, T = 2: twice as many steps are "
            "better.",
            MeanStepKL(number, 2 * K, 3, 1, 2),
            MeanStepKL(number, K, 3, 1, 2),
            (1, 2, 4),
            broken=(flip(), scale("rhs", Rational(1, 2))),
            uses=(f"B.steps.{name}.refine",),
        )
        for name, word, number in (("ddpm", "Ancestral", 2), ("ddim", "Deterministic", 3))
    ),
    *(
        _instance(
            f"B.discretisation.{name}.infinite",
            f"{word} sampling there never beats the exact reverse process.",
            MeanSampleKL(1, 3),
            MeanStepKL(number, K, 3, 1, 2),
            (1, 8),
            broken=(flip(), scale("lhs", 2)),
            uses=("B.steps.one.worse",),
        )
        for name, word, number in (("ddpm", "Ancestral", 2), ("ddim", "Deterministic", 3))
    ),
)

_space = {
    d: Integer(lo=1, hi=100),
    m: Integer(lo=d),
    K: Integer(lo=1),
    lambda_: POSITIVE,
    T: POSITIVE,
}


def _point(steps: int, degrees: int = 29) -> dict[Symbol, Any]:
    values = (20, degrees, steps, 1, 2)
    return dict(zip((d, m, K, lambda_, T), map(Fraction, values), strict=True))


def _measured(name: str, says: str, scheme: Any, steps: int, **parts: Any) -> Claim:
    """Return a claim on the mean of a simulated field at d = 20."""
    field, degrees = parts.pop("field", "kl"), parts.pop("degrees", 29)
    return Claim(
        id=name,
        says=says,
        source=_abstract,
        given=_space,
        lhs=simulated("Simulated" + field.title(), 5)(d, m, K, lambda_, T),
        evidence=(
            MonteCarlo(
                replicates=sampled_steps(field, scheme), at=(_point(steps, degrees),), count=160
            ),
        ),
        **{"kind": Kind.DERIVED, **parts},
    )


_exact_gap = ((1 + 1 / (m + 1)) * m * d / (m - d - 1) - d * m / (m + 1)) / 2

SIMULATED: Final = (
    _measured(
        "B.discretisation.space",
        "d = 20, n = 30, lambda = s_d^2, T = 2: four Euler-Maruyama steps leave less than 30 per "
        "cent of what infinitely many leave.",
        "em",
        4,
        rel=Rel.LE,
        rhs=Rational(3, 10) * MeanSampleKL(d, m),
        broken=(flip(), scale("rhs", Rational(1, 2))),
        uses=("B.exactreverse",),
    ),
    _measured(
        "B.discretisation.space.early",
        "There two steps are worse than four: more than 3 nats against less than 1.7.",
        "em",
        2,
        rel=Rel.GE,
        rhs=3,
        broken=(flip(), scale("rhs", 2)),
    ),
    _measured(
        "B.discretisation.space.late",
        "There 30 steps are worse than four: more than 3 nats.",
        "em",
        30,
        rel=Rel.GE,
        rhs=3,
        broken=(flip(), scale("rhs", 2)),
    ),
    _measured(
        "B.discretisation.space.ddpm",
        "Ancestral sampling with eight steps there leaves about twice the divergence of infinitely "
        "many.",
        "ddpm",
        8,
        rel=Rel.GE,
        rhs=Rational(19, 10) * MeanSampleKL(d, m),
        broken=(flip(), scale("rhs", 2)),
        uses=("B.exactreverse",),
    ),
    Claim(
        id="B.discretisation.memory.exact",
        kind=Kind.DERIVED,
        says="Mean log density of the training points less that of fresh points, under the sample "
        "Gaussian: how far the exact reverse process has memorized.",
        source=_abstract,
        given={**_space, m: Integer(lo=d + 4)},
        lhs=simulated("SimulatedGap", 5)(d, m, K, lambda_, T),
        rel=Rel.EQ,
        rhs=_exact_gap,
        evidence=(
            MonteCarlo(
                replicates=sampled_steps("gap", None),
                at=(_point(1), _point(1, 60)),
                count=600,
                margin=Rational(1, 8),
            ),
        ),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate("no training term", rhs=_exact_gap + d * m / (m + 1) / 2),
        ),
        printed=r"\tfrac12\bigl[(1+\tfrac1n)\tfrac{md}{m-d-1}-\tfrac{dm}n\bigr]",
    ),
    _measured(
        "B.discretisation.memory.em",
        "Four Euler-Maruyama steps memorize less: the gap is below a third of that.",
        "em",
        4,
        field="gap",
        rel=Rel.LE,
        rhs=_exact_gap / 3,
        broken=(flip(), scale("rhs", Rational(1, 10))),
        uses=("B.discretisation.memory.exact",),
        kind=Kind.AMENDED,
        amends="B.discretisation",
    ),
    _measured(
        "B.discretisation.memory.ddpm",
        "With n = 61 eight ancestral steps have a larger gap than infinitely many: there more "
        "steps improve the quality and reduce the gap.",
        "ddpm",
        8,
        degrees=60,
        field="gap",
        rel=Rel.GE,
        rhs=_exact_gap,
        broken=(flip(), scale("rhs", 20)),
        uses=("B.discretisation.memory.exact",),
    ),
)

CLAIMS: Final = (
    *ANCESTRAL,
    *SAMPLED,
    *GRIDS,
    *ONE,
    *EULER,
    *MEANS,
    *OPTIMUM,
    *DISCRETISATION,
    *SIMULATED,
)
