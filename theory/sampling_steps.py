r"""One step of a sampler of a diffusion model, for a linear score, and chains of steps.

Four samplers: Euler-Maruyama for the reverse equation ("em"), Euler's method for the probability
flow ("euler"), ancestral sampling ("ddpm", posterior variance, no noise in the last step) and its
deterministic variant ("ddim"). Around the fitted mean and in an eigendirection (eigenvalue
:math:`\varsigma` of the fitted covariance) a step multiplies by a gain and adds a variance. A noise
level is the pair :math:`(a,q^2)`; :math:`\nu=q^2/a^2` is its noise-to-signal ratio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sympy import Dummy, Expr, Integer, Symbol, cancel, exp, expand, sqrt

from theory.linear_denoiser import posterior_moments
from theory.linear_forward import contraction, noise_variance
from theory.linear_reverse import Flow, reverse_variance_rate
from theory.quadratic_exponentials import exponential_moments
from theory.symbols import lambda_

__all__ = [
    "SCHEMES",
    "Level",
    "Scheme",
    "Step",
    "chain_mean",
    "chain_variance",
    "deficit_term",
    "overlap_squared",
    "sampler_step",
    "start_level",
    "uniform_levels",
]

Scheme = Literal["em", "euler", "ddpm", "ddim"]
"""The sampler."""

SCHEMES: Final[tuple[Scheme, ...]] = ("em", "euler", "ddpm", "ddim")


@dataclass(frozen=True, kw_only=True)
class Level:
    """A noise level of the forward process.

    Attributes
    ----------
    shrink : Expr
        :math:`a`.
    noise : Expr
        :math:`q^2`.
    """

    shrink: Expr
    noise: Expr


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step does around the fitted mean, in an eigendirection.

    Attributes
    ----------
    gain : Expr
        Factor of the deviation.
    fresh : Expr
        Variance that is added.
    """

    gain: Expr
    fresh: Expr


def start_level() -> Level:
    """Return the level of clean data.

    Returns
    -------
    Level
        No shrinkage and no noise.

    Examples
    --------
    >>> start_level().noise
    0
    """
    return Level(shrink=Integer(1), noise=Integer(0))


def uniform_levels(steps: int, time: Expr, noise_scale: Expr = lambda_) -> tuple[Level, ...]:
    r"""Return the levels of a uniform grid of times.

    .. math:: t_k = kT/K,\qquad a_k = e^{-t_k},\qquad q_k^2 = \lambda(1-e^{-2t_k})

    Parameters
    ----------
    steps : int
        :math:`K\ge1`.
    time, noise_scale : Expr
        :math:`T` and :math:`\lambda`, > 0.

    Returns
    -------
    tuple of Level
        From clean data to the noisiest level, K + 1 of them.

    Examples
    --------
    >>> len(uniform_levels(3, Symbol("T", positive=True)))
    4
    """
    later = (
        Level(shrink=contraction(t), noise=noise_variance(t, noise_scale))
        for t in (time * k / steps for k in range(1, steps + 1))
    )
    return (start_level(), *later)


def sampler_step(
    scheme: Scheme,
    eigenvalue: Expr,
    below: Level,
    above: Level,
    noise_scale: Expr = lambda_,
    length: Expr | None = None,
) -> Step:
    r"""Return what a step from one noise level to the level below does.

    Ancestral sampling: the posterior of the earlier point given the later one and a clean point is
    the normalised product of two Gaussian densities; the clean point is replaced by its posterior
    mean under the fitted Gaussian. Deterministic: the noise that this clean point implies is scaled
    to the level below. Euler: the drift at the later level times the length of the step.

    Parameters
    ----------
    scheme : {"em", "euler", "ddpm", "ddim"}
        Sampler.
    eigenvalue : Expr
        :math:`\varsigma` > 0.
    below, above : Level
        Where the step ends and where it starts.
    noise_scale : Expr
        :math:`\lambda` > 0, used by Euler's steps.
    length : Expr, optional
        :math:`h`, the difference of the times, needed by Euler's steps.

    Returns
    -------
    Step
        Gain and added variance.

    Raises
    ------
    ValueError
        If an Euler step has no length.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> one, q2 = Integer(1), Symbol("q2", positive=True)
    >>> sampler_step("ddpm", one, start_level(), Level(shrink=one, noise=q2)).gain
    1/(q2 + 1)
    """
    if scheme in {"em", "euler"}:
        if length is None:
            raise ValueError("length was None; an Euler step needs its length")
        flow: Flow = "sde" if scheme == "em" else "ode"
        clock = above.shrink**2 * eigenvalue + above.noise
        rate = reverse_variance_rate(flow, clock, noise_scale)
        fresh = rate.subs(Symbol("variance", real=True), 0)
        slope = rate.coeff(Symbol("variance", real=True), 1) / 2
        return Step(gain=1 + length * slope, fresh=length * fresh)
    later = Dummy("later", real=True)
    clean = posterior_moments(above.shrink, eigenvalue, above.noise, later)[0]
    if scheme == "ddpm":
        earlier, spread = _ancestral(below, above, later, clean)
        return Step(gain=cancel(earlier / later), fresh=spread)
    implied = (later - above.shrink * clean) / sqrt(above.noise)
    moved = below.shrink * clean + sqrt(below.noise) * implied
    return Step(gain=expand(moved / later), fresh=Integer(0))


def chain_variance(
    scheme: Scheme,
    eigenvalue: Expr,
    levels: Sequence[Level],
    start: Expr,
    noise_scale: Expr = lambda_,
    lengths: Sequence[Expr] | None = None,
) -> Expr:
    r"""Return the variance that a chain of steps generates in an eigendirection.

    .. math:: V_{k} = g_k^2V_{k+1}+\beta_k,\qquad k=K-1,\dots,0

    Parameters
    ----------
    scheme : {"em", "euler", "ddpm", "ddim"}
        Sampler.
    eigenvalue : Expr
        :math:`\varsigma` > 0.
    levels : sequence of Level
        From clean data to the start, K + 1 of them.
    start : Expr
        :math:`V_K`.
    noise_scale : Expr
        :math:`\lambda` > 0.
    lengths : sequence of Expr, optional
        Lengths of the steps in time, for Euler's.

    Returns
    -------
    Expr
        :math:`V_0`.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> q2 = Symbol("q2", positive=True)
    >>> grid = (start_level(), Level(shrink=Integer(1), noise=q2))
    >>> chain_variance("ddim", Integer(1), grid, 1 + q2)
    1/(q2 + 1)
    """
    value = start
    for k in range(len(levels) - 2, -1, -1):
        length = None if lengths is None else lengths[k]
        step = sampler_step(scheme, eigenvalue, levels[k], levels[k + 1], noise_scale, length)
        value = step.gain**2 * value + step.fresh
    return cancel(value) if not value.has(exp) else value


def chain_mean(
    scheme: Scheme,
    eigenvalue: Expr,
    levels: Sequence[Level],
    noise_scale: Expr = lambda_,
    lengths: Sequence[Expr] | None = None,
) -> Expr:
    r"""Return the factor of the fitted mean in the generated one, in an eigendirection.

    .. math:: M_k = g_k(M_{k+1}-a_{k+1})+\begin{cases}a_k&\text{DDPM, DDIM}\\
              (1+h_k)a_{k+1}&\text{Euler}\end{cases},\qquad M_K = a_K

    At the noised mean the score vanishes: the ancestral samplers go to the mean of the level
    below, an Euler step multiplies by 1 + h in place of :math:`e^h`.

    Parameters
    ----------
    scheme : {"em", "euler", "ddpm", "ddim"}
        Sampler.
    eigenvalue : Expr
        :math:`\varsigma` > 0.
    levels : sequence of Level
        From clean data to the start, K + 1 of them.
    noise_scale : Expr
        :math:`\lambda` > 0.
    lengths : sequence of Expr, optional
        Lengths of the steps in time, for Euler's.

    Returns
    -------
    Expr
        :math:`M_0`, 1 for the ancestral samplers.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> q2 = Symbol("q2", positive=True)
    >>> chain_mean("ddim", Integer(1), (start_level(), Level(shrink=Integer(1), noise=q2)))
    1
    """
    value = levels[-1].shrink
    for k in range(len(levels) - 2, -1, -1):
        length = None if lengths is None else lengths[k]
        below, above = levels[k], levels[k + 1]
        step = sampler_step(scheme, eigenvalue, below, above, noise_scale, length)
        centre = below.shrink if length is None else (1 + length) * above.shrink
        value = step.gain * (value - above.shrink) + centre
    return value


def deficit_term(eigenvalue: Expr, lower: Expr, upper: Expr) -> Expr:
    r"""Return what one ancestral step takes from the generated variance, relative to it.

    .. math:: \frac{\varsigma^2(\nu'-\nu)^2}{(\varsigma+\nu)^2\,\nu'\,(\varsigma+\nu')}

    for a step from :math:`\nu'` to :math:`\nu`: the plug-in of the posterior mean drops the
    posterior variance of the clean point. With the right start
    :math:`V_0=\varsigma(1-\sum_k\text{terms})`, whatever the grid.

    Parameters
    ----------
    eigenvalue, lower, upper : Expr
        :math:`\varsigma`, :math:`\nu` and :math:`\nu'`.

    Returns
    -------
    Expr
        The term, derived from two exact steps.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> nu = Symbol("nu", positive=True)
    >>> deficit_term(Integer(1), Integer(0), nu)
    nu/(nu + 1)
    """
    one = Integer(1)
    below, above = Level(shrink=one, noise=lower), Level(shrink=one, noise=upper)
    step = sampler_step("ddpm", eigenvalue, below, above)
    missing = eigenvalue + lower - step.gain**2 * (eigenvalue + upper) - step.fresh
    # A deviation at the lower level reaches the end with the gain of the posterior mean.
    carried = one if lower == 0 else posterior_moments(one, eigenvalue, lower, one)[0]
    return cancel(carried**2 * missing / eigenvalue)


def overlap_squared(eigenvalue: Expr, lower: Expr, upper: Expr) -> Expr:
    r"""Return the factor by which a deterministic step loses variance.

    .. math:: \frac{(\varsigma+\sqrt{\nu\nu'})^2}{(\varsigma+\nu)(\varsigma+\nu')}
              = \cos^2(\theta'-\theta),\qquad\tan\theta=\sqrt{\nu/\varsigma}

    so that :math:`V_0=\varsigma\prod_k\cos^2(\theta_{k+1}-\theta_k)` with the right start.

    Parameters
    ----------
    eigenvalue, lower, upper : Expr
        :math:`\varsigma`, :math:`\nu` and :math:`\nu'`.

    Returns
    -------
    Expr
        The factor, from one step against the exact ratio of variances.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> overlap_squared(Integer(1), Integer(0), Integer(1))
    1/2
    """
    one = Integer(1)
    below, above = Level(shrink=one, noise=lower), Level(shrink=one, noise=upper)
    gain = sampler_step("ddim", eigenvalue, below, above).gain
    return gain**2 * (eigenvalue + upper) / (eigenvalue + lower)


def _ancestral(below: Level, above: Level, later: Expr, clean: Expr) -> tuple[Expr, Expr]:
    """Return mean and variance of the earlier point given the later and a clean one."""
    if below.noise == 0:
        return below.shrink * clean, Integer(0)
    alpha = above.shrink / below.shrink
    added = above.noise - alpha**2 * below.noise
    place = Dummy("earlier", real=True)
    exponent = -((place - below.shrink * clean) ** 2) / (2 * below.noise)
    exponent -= (later - alpha * place) ** 2 / (2 * added)
    first, second = exponential_moments(expand(exponent), [place])
    return cancel(first[place]), cancel(expand(second[place, place] - first[place] ** 2))
