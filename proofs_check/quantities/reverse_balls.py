"""Rigorous values for the reverse process and the samplers with a linear score.

On the line the fitted variance is chi^2_m / m, so a mean over training sets is a certified
quadrature. The recursions of the samplers are written out once more here, in balls.
"""

from typing import Any, Final

from flint import acb, arb, arb_series, ctx

from proofs_check.balls import to_ball
from proofs_check.errors import ClaimError
from proofs_check.quantities.linear_balls import inverse_chi_square

__all__ = [
    "SCHEMES",
    "marchenko_pastur_entropy",
    "mean_step_kl",
    "mixture_floor",
    "sample_kl",
    "spectrum_trace",
]

SCHEMES: Final = ("em", "ddpm", "ddim")
"""Samplers by number, from 1."""


def sample_kl(d: Any, m: Any) -> arb:
    """Return E KL of the sample Gaussian, with E log det from E det^h by a truncated series.

    E det^h is the product of the moments of the squared distances of the columns.
    """
    if m < d:
        raise ClaimError(f"the sample covariance is singular for m = {m} < d = {d}")
    before = ctx.cap
    ctx.cap = 2
    try:
        total = arb_series([0])
        for k in range(int(d)):
            total += arb_series([to_ball(m - k) / 2, 1]).lgamma()
        log_det = total.coeffs()[1] + to_ball(d) * (arb(2) / to_ball(m)).log()
    finally:
        ctx.cap = before
    # the trace of the unbiased covariance has the mean d
    return (to_ball(d) / to_ball(m + 1) - log_det) / 2


def mean_step_kl(scheme: Any, steps: Any, m: Any, noise_scale: Any, time: Any) -> arb:
    """Return E KL(rho_G || rho) on the line after K steps from the matched start, true mean 0.

    Units of the data; the generated law is N(M(w) xbar, V(w)) with w = chi^2_m / m.
    """
    name, count = SCHEMES[int(scheme) - 1], int(steps)
    degrees, scale, end = to_ball(m), to_ball(noise_scale), to_ball(time)
    half = degrees / 2
    norm = (half * half.log() - half.lgamma()).exp()
    reach = (2 + (arb(ctx.prec) + 20) / half).upper()

    power = int(m) - 1

    def integrand(root: acb, analytic: bool) -> acb:
        # in the root of w the density is entire
        w = root * root
        variance, factor, smooth = _chain(name, count, w, scale, end)
        density = 2 * (-acb(half) * w).exp() * (root**power if power else acb(1))
        terms = variance + factor * factor / acb(degrees + 1) - 1
        return (terms - smooth.log(analytic=analytic)) * density / 2

    inner = acb.integral(integrand, acb(0), acb(reach.sqrt().upper())).real * norm
    slope = _tail_slope(name, count, scale, end)
    beyond = (half * reach).gamma_upper(half + 1) / half.gamma() / half
    if name != "em":
        # log V is the log of the smooth part plus log w^2, whose mean is known
        inner -= half.digamma() - half.log()
    return inner + arb(0, 1) * (slope * beyond).upper()


def _chain(name: str, count: int, w: acb, scale: arb, end: arb) -> tuple[acb, acb, acb]:
    """Return variance, mean factor, and the variance without the factor w^2 that it may have."""
    length = end / count
    shrink = [(-(length * k)).exp() for k in range(count + 1)]
    noise = [scale * (1 - a * a) for a in shrink]
    variance = acb(shrink[-1] ** 2) * w + acb(noise[-1])
    factor = acb(shrink[-1])
    for k in range(count - 1, -1, -1):
        a, q2, above, over = shrink[k], noise[k], shrink[k + 1], noise[k + 1]
        clock = acb(above * above) * w + acb(over)
        if name == "em":
            pull = acb(2 * scale * length) / clock
            gain, offset = acb(1 + length) - pull, pull * acb(above)
            fresh = acb(2 * scale * length)
            smooth = gain * gain * variance + fresh
        else:
            clean, own, extra = _mixing(name, a, q2, above, over, last=k == 0)
            slope = acb(clean * above) / clock
            gain, offset = (
                slope * w + acb(own),
                acb(clean) * (1 - acb(above) * w * acb(above) / clock),
            )
            fresh = acb(extra)
            # in the last step own = fresh = 0
            smooth = slope * slope * variance
        factor = gain * factor + offset
        variance = gain * gain * variance + fresh
    return variance, factor, smooth


def _mixing(
    name: str, a: arb, q2: arb, above: arb, over: arb, *, last: bool
) -> tuple[arb, arb, arb]:
    """Return weights of the clean point and of the own point, and the added variance."""
    if last:
        return arb(1), arb(0), arb(0)
    if name == "ddpm":
        alpha = above / a
        added = over - alpha * alpha * q2
        return a * added / over, alpha * q2 / over, q2 * added / over
    ratio = (q2 / over).sqrt()
    return a - ratio * above, ratio, arb(0)


def _tail_slope(name: str, count: int, scale: arb, end: arb) -> arb:
    """Return b such that the integrand without its density is below b w for w > 1.

    Euler-Maruyama: gains lie in [-G, G], so 2 lambda h <= V <= G^2K (w + lambda + 2 lambda T) and
    |M| <= G^K (1 + K P); |log V| <= V + 1/V. The others: V <= w, the mean factor is one, and every
    step keeps at least (1 + nu)^-2 of the variance, nu the noise-to-signal ratio at the start.
    """
    if name != "em":
        ratio = scale * ((2 * end).exp() - 1)
        return 2 + count * (1 + ratio).log()
    length = end / count
    pull = 2 * scale * length / (scale * (1 - (-2 * length).exp()))
    gain = (1 + length + pull) ** (2 * count)
    quadratic = gain * (1 + scale + 2 * scale * end)
    rest = gain * (1 + count * pull) ** 2 + 1 + 1 / (2 * scale * length)
    return quadratic + rest / 2


def mixture_floor(separation: Any) -> arb:
    """Return KL of the mixture from the Gaussian with its two moments, by quadrature.

    log cosh u = |u| - log 2 + log(1 + e^{-2|u|}) is integrated piecewise: u = s^2 + s z changes
    sign at z = -s.
    """
    s = to_ball(separation)
    if not s > 0:
        raise ClaimError(f"the separation must be positive, was {separation}")
    root = (2 * arb.pi()).sqrt()
    reach = (s + (2 * (arb(ctx.prec) + 20)).sqrt()).upper()

    def folded(sign: int) -> Any:
        def integrand(z: acb, analytic: bool) -> acb:
            u = acb(s) * (acb(s) + z) * sign
            return (1 + (-2 * u).exp()).log(analytic=analytic) * (-z * z / 2).exp()

        return integrand

    right = acb.integral(folded(1), acb(-s), acb(reach)).real / root
    left = acb.integral(folded(-1), acb(-reach), acb(-s)).real / root
    # both integrands are at most log 2 times the normal density
    tail = (reach / arb(2).sqrt()).erfc()
    density = (-s * s / 2).exp() / root
    # E |s^2 + s z| = s (s erf(s / sqrt 2) + 2 density)
    absolute = s * (s * (s / arb(2).sqrt()).erf() + 2 * density)
    total = absolute - arb(2).log() + right + left + arb(0, 1) * tail.upper()
    return (1 + s * s).log() / 2 - s * s + total


def spectrum_trace(first: Any, second: Any, gain: Any, noise: Any, m: Any) -> arb:
    """Return E tr Sigma_G in the plane from the noised covariance: signal and noise modes.

    ``gain`` is a^2.
    """
    signal, residual = arb(0), arb(0)
    for s in (first, second):
        noised = gain * s + noise
        signal += to_ball(gain * s * s / noised)
        residual += to_ball(s * noise / noised)
    return signal + residual * 2 * inverse_chi_square(m - 1)


def marchenko_pastur_entropy(ratio: Any) -> arb:
    """Return the mean of w log w for the Marchenko-Pastur law of ratio y < 1, by quadrature.

    With w = 1 + y + 2 sqrt(y) cos t the weighted density is 2 sin(t)^2 / pi on (0, pi).
    """
    y = to_ball(ratio)
    if not 0 < y < 1:
        raise ClaimError(f"the ratio must lie in (0, 1), was {ratio}")
    swing = 2 * y.sqrt()

    def integrand(t: acb, analytic: bool) -> acb:
        logs = (acb(1 + y) + acb(swing) * t.cos()).log(analytic=analytic)
        return logs * t.sin() ** 2

    return acb.integral(integrand, acb(0), acb.pi()).real * 2 / arb.pi()
