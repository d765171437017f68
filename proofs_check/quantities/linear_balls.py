"""Rigorous values of the linear one-step model's expectations and limits, by routes of their own.

Expectations: moments of chi-square variables by gamma functions or certified quadrature, mode by
mode over the singular values; the log-determinant by the zonal series over all partitions,
differentiated by truncated power series. Limits: the scalar resolvent equation by certified
bisection. All in units of the data; ``d`` and ``m`` arrive as integers in ``fmpq``.
"""

from collections.abc import Iterator
from typing import Any

from flint import acb, arb, arb_series, ctx, fmpq

from proofs_check.balls import to_ball
from proofs_check.errors import ClaimError

__all__ = [
    "inverse_chi_square",
    "limiting_affinity_root",
    "limiting_kl",
    "limiting_log_affinity",
    "limiting_log_det",
    "limiting_reverse_kl",
    "limiting_trace",
    "limiting_wasserstein",
    "log_chi_square",
    "mean_error",
    "mean_kl",
    "mean_log_det",
    "mean_log_variance",
    "mean_trace",
    "mean_trace_empirical",
    "pseudo_inverse_trace",
    "truncated_inverse_chi_square",
    "truncated_inverse_normal",
]


def inverse_chi_square(degrees: Any) -> arb:
    """Return E 1/chi^2 as a ratio of gamma functions, for more than 2 degrees of freedom."""
    half = to_ball(degrees) / 2
    if not half > 1:
        raise ClaimError(f"E 1/chi^2 is infinite for {degrees} degrees of freedom")
    return (half - 1).gamma() / half.gamma() / 2


def log_chi_square(degrees: Any) -> arb:
    """Return E log chi^2 by differentiating the power moment as a truncated series."""
    before = ctx.cap
    ctx.cap = 2
    try:
        moment = arb_series([to_ball(degrees) / 2, 1]).lgamma()
        return moment.coeffs()[1] + arb(2).log()
    finally:
        ctx.cap = before


def pseudo_inverse_trace(d: Any, m: Any) -> arb:
    """Return E tr S^+ of a standard Wishart matrix, min(m, d) squared distances of a column."""
    rank, gap = min(d, m), abs(m - d) + 1
    return to_ball(rank) * inverse_chi_square(gap)


def _units(gamma: Any) -> tuple[Any, Any]:
    """Return kappa^2 v / s_d^2 = R^2 and tau^2 / s_d^2 = 1 - R^2."""
    return gamma / (1 + gamma), 1 / (1 + gamma)


def mean_trace(d: Any, m: Any, gamma: Any) -> arb:
    """Return E tr Sigma_G / s_d^2 with the population variance: signal modes plus noise modes."""
    signal, noise = _units(gamma)
    return to_ball(signal * min(d, m)) + to_ball(noise * d) * pseudo_inverse_trace(d, m)


def mean_trace_empirical(d: Any, m: Any, gamma: Any) -> arb:
    """Return E tr Sigma_G / s_d^2 with the empirical variance, mode by mode.

    Row k of the clean data in the singular basis of the noised ones has the squared length
    N_k = |kappa s_k e + tau g|^2; the rest of the clean data is tau^2 chi^2_{(m-r)d}.
    """
    signal, noise = (to_ball(v) for v in _units(gamma))
    rank = to_ball(min(d, m))
    dimension, degrees = to_ball(d), to_ball(m)
    # in units v = s_d = 1: kappa^2 = signal, tau^2 = noise
    total, inverse = degrees * dimension, pseudo_inverse_trace(d, m)
    # tr S is independent of the shape of S
    product = inverse / inverse_chi_square(d * m)
    mean_square = (
        signal * signal * rank * total
        + signal * noise * dimension * (product + rank * rank)
        + noise * noise * dimension * dimension * rank * inverse
    )
    spread = 2 * noise * noise * dimension * inverse + 4 * noise * signal * rank
    rest = noise * (degrees - rank) * dimension
    energy = mean_square + spread + rest * (signal * rank + noise * dimension * inverse)
    return signal * energy / total + noise * mean_trace(d, m, gamma)


def mean_error(d: Any, m: Any, gamma: Any) -> arb:
    """Return E |m_G - mu_0|^2 / s_d^2: the error of the mean plus the noise of the noised mean."""
    signal, noise = _units(gamma)
    # q^2 / v = 1 - R^2, and E tr B B^T = t_0 s_d^2 / v
    del signal
    return (to_ball(d) + to_ball(noise) * mean_trace(d, m, gamma)) / to_ball(m + 1)


def _partitions(length: int, largest: int) -> Iterator[tuple[int, ...]]:
    """Yield the partitions with at most `length` parts, none larger than `largest`."""
    yield ()
    if length:
        for part in range(1, largest + 1):
            for rest in _partitions(length - 1, part):
                yield (part, *rest)


def _rising(base: Any, parts: tuple[int, ...]) -> Any:
    """Return the generalised rising factorial prod_i (base - (i - 1)/2)_{k_i}."""
    product: Any = 1
    for index, part in enumerate(parts):
        for step in range(part):
            product = product * (base - fmpq(index, 2) + step)
    return product


def _zonal_at_identity(parts: tuple[int, ...], d: int) -> Any:
    """Return C_kappa(I_d) / |kappa|! from the hook lengths of the doubled diagram."""
    conjugate = [sum(p > j for p in parts) for j in range(parts[0])] if parts else []
    value = _rising(fmpq(d, 2), parts) * fmpq(4) ** sum(parts)
    for i, part in enumerate(parts):
        for j in range(part):
            arm, leg = part - j - 1, conjugate[j] - i - 1
            value = value / ((2 * arm + 1 + leg) * (2 * arm + 2 + leg))
    return fmpq(1) * value


def mean_log_det(d: Any, m: Any, gamma: Any) -> arb:
    """Return E log det(Sigma_G / s_d^2) for m - d even, m >= d.

    The moments E det(Sigma_G / s_d^2)^h are products of gamma functions and a zonal series that
    ends; their logarithmic derivative at h = 0 comes from power series in h.
    """
    size, degrees = int(d), int(m)
    if degrees < size or (degrees - size) % 2:
        raise ClaimError(f"the zonal series ends for m - d even and m >= d, not m = {m}, d = {d}")
    signal = to_ball(gamma / (1 + gamma))
    before = ctx.cap
    ctx.cap = 2
    try:
        h = arb_series([0, 1])
        series = arb_series([0])
        offset = fmpq(size - degrees, 2)
        for parts in _partitions(size, (degrees - size) // 2):
            weight = _rising(offset, parts) * _zonal_at_identity(parts, size)
            weight = weight / _rising(fmpq(size, 2), parts)
            power = signal ** sum(parts) if parts else arb(1)
            series = series + _rising(-h, parts) * (to_ball(fmpq(1) * weight) * power)
        slope = series.coeffs()[1] if len(series.coeffs()) > 1 else arb(0)
    finally:
        ctx.cap = before
    for k in range(size):
        slope += log_chi_square(fmpq(size - k)) - log_chi_square(fmpq(degrees - k))
    return slope


def mean_kl(d: Any, m: Any, gamma: Any) -> arb:
    """Return E KL(rho_G || rho) with the population variance."""
    quadratic = mean_trace(d, m, gamma) + mean_error(d, m, gamma) - to_ball(d)
    return (quadratic - mean_log_det(d, m, gamma)) / 2


def mean_log_variance(d: Any, m: Any, gamma: Any) -> arb:
    """Return E log(s^2 / v) of the empirical start, s^2 / v = (1 + gamma X / k) / (1 + gamma).

    X has the gamma law of shape k = m d / 2; for integer k its density is entire.
    """
    shape = d * m / 2
    if fmpq(shape).q != 1:
        raise ClaimError(f"m d must be even, was {d * m}")
    k, rate = to_ball(shape), to_ball(gamma) / to_ball(shape)
    power = int(shape) - 1
    norm = k.gamma()
    reach = (2 * k + 2 * arb(ctx.prec + 16)).upper()

    def integrand(x: acb, analytic: bool) -> acb:
        log = ((1 + rate * x) / (1 + to_ball(gamma))).log(analytic=analytic)
        return log * x**power * (-x).exp() if power else log * (-x).exp()

    inner = acb.integral(integrand, acb(0), acb(reach)).real / norm
    # 0 <= log((1 + rate x)/(1 + gamma)) <= rate x beyond the mean
    tail = rate * reach.gamma_upper(k + 1)
    return inner + arb(0, 1) * (tail / norm).upper()


def truncated_inverse_chi_square(degrees: Any, cut: Any) -> arb:
    """Return E[1/X; cut <= X <= 1] for a chi-square X, by quadrature."""
    half = to_ball(degrees) / 2
    power = half - 2

    def integrand(x: acb, analytic: bool) -> acb:
        return (acb(power) * x.log(analytic=analytic) - x / 2).exp()

    inner = acb.integral(integrand, acb(to_ball(cut)), acb(1)).real
    return inner / (arb(2) ** half * half.gamma())


def truncated_inverse_normal(mean: Any, power: Any, cut: Any) -> arb:
    """Return E[|B|^-p; cut <= B <= 1] for B ~ N(mean, 1), by quadrature."""
    centre, p = to_ball(mean), to_ball(power)

    def integrand(x: acb, analytic: bool) -> acb:
        gap = x - centre
        return (-acb(p) * x.log(analytic=analytic) - gap * gap / 2).exp()

    inner = acb.integral(integrand, acb(to_ball(cut)), acb(1)).real
    return inner / (2 * arb.pi()).sqrt()


def limiting_trace(psi: Any, gamma: Any) -> Any:
    """Return the limit of tr Sigma_G / (d s_d^2) on either side of psi = 1."""
    signal, noise = _units(gamma)
    if psi > 1:
        return signal + noise / (psi - 1)
    if psi < 1:
        return signal * psi + noise * psi / (1 - psi)
    return arb.nan()


def limiting_log_det(psi: Any, gamma: Any) -> arb:
    """Return the limit of log det(Sigma_G / s_d^2) / d for psi > 1.

    The minimum over e >= 0 of the concave-convex functional: mean log(gamma s + e) - e, with the
    Marchenko-Pastur mean evaluated through its Stieltjes transform at e / gamma.
    """
    balls = to_ball(psi), to_ball(gamma)
    ratio, snr = balls
    at_zero = _potential(1 / (ratio - 1), ratio)
    threshold = psi * gamma - gamma - 1
    if threshold >= 0:
        return (snr / (1 + snr)).log()
    if not threshold < 0:
        return arb.nan()
    # the transform equals gamma at w = 1/gamma - psi/(1 + gamma) > 0
    shift = snr * (1 / snr - ratio / (1 + snr))
    return snr.log() + _potential(snr, ratio) - shift - at_zero - (1 + snr).log()


def _potential(g: arb, ratio: arb) -> arb:
    return -ratio * g / (1 + g) - g.log() + ratio * (1 + g).log()


def limiting_kl(psi: Any, gamma: Any) -> arb:
    """Return the limit of KL(rho_G || rho) / d for psi > 1."""
    return (to_ball(limiting_trace(psi, gamma)) - 1 - limiting_log_det(psi, gamma)) / 2


def limiting_reverse_kl(psi: Any, gamma: Any) -> arb:
    """Return the limit of KL(rho || rho_G) / d beyond the second transition.

    On the lower branch 2 w p is a power series in p without constant term; mean 1/sigma^2 is p/w
    at p = 0.
    """
    ratio, snr = to_ball(psi), to_ball(gamma)
    if not psi * gamma > gamma + 1:
        return arb.nan()
    before = ctx.cap
    ctx.cap = 3
    try:
        square = arb_series([0, 0, 1])
        branch = (1 - 4 * snr * square).sqrt() + ((ratio - 1) ** 2 + 4 * square).sqrt()
        slope = -branch.coeffs()[2] / 2
    finally:
        ctx.cap = before
    return ((1 + snr) / slope - 1 + (snr / (1 + snr)).log()) / 2


def limiting_affinity_root(psi: Any, gamma: Any) -> arb:
    """Return x = mean 1/(1 + eigenvalue), by bisection of the resolvent equation in (0, 1)."""
    ratio, signal, noise = to_ball(psi), *(to_ball(v) for v in _units(gamma))

    def excess(x: arb) -> arb:
        inside = 1 - 4 * signal * x * x
        root = inside.sqrt() if inside >= 0 else arb(0)
        return 2 * x - ratio - root + ((ratio - 1) ** 2 + 4 * noise * x * x).sqrt()

    lo, hi = arb(0), (1 / (2 * signal.sqrt())).lower().min(arb(1))
    if not excess(hi) > 0:
        raise ClaimError(f"the resolvent passes its maximum at psi = {psi}, gamma = {gamma}")
    for _ in range(ctx.prec - 8):
        middle = ((lo + hi) / 2).mid()
        value = excess(middle)
        if value > 0:
            hi = middle
        elif value < 0:
            lo = middle
        else:
            break
    return lo.union(hi)


def limiting_log_affinity(psi: Any, gamma: Any) -> arb:
    """Return the limit of log(1 - H^2) / d for psi > 1."""
    snr, ratio = to_ball(gamma), to_ball(psi)
    x = limiting_affinity_root(psi, gamma)
    u, p = ratio - 1, x / (1 + snr).sqrt()
    potential = (
        -2 * p.log()
        + ((1 + (1 - 4 * snr * p * p).sqrt()) / 2).log()
        - u * ((u + (u * u + 4 * p * p).sqrt()) / (2 * u)).log()
    )
    log_det = limiting_log_det(psi, gamma)
    return arb(2).log() / 2 + log_det / 4 - (potential - (1 + snr).log()) / 2


def limiting_wasserstein(psi: Any, gamma: Any) -> arb:
    """Return the limit of W_2^2 / (d s_d^2) for psi > 1, to about two digits.

    The mean singular value is 2/pi times the integral of 1 - w p(w) over w > 0, which decreases
    in w; sums of its values on a grid bound it from both sides. Along p = sin(t) / (2 sqrt(gamma))
    the point w is explicit.
    """
    ratio, snr = to_ball(psi), to_ball(gamma)
    u, scale = ratio - 1, 2 * snr.sqrt()
    gap = (1 - snr * (2 * ratio - 1)) / (1 + snr)
    end = gap.acos() if psi * gamma < gamma + 1 else arb.pi()
    cells = 1500
    previous: tuple[arb, arb] | None = None
    lower, upper = arb(0), arb(0)
    for k in range(1, cells + 1):
        angle = end * k / cells
        sine = angle.sin()
        filled = (2 - ratio - angle.cos() + (u * u + sine * sine / snr).sqrt()) / 2
        if k == cells:
            # the grid ends where w vanishes and everything is filled
            w, filled = arb(0), arb(1)
        else:
            w = scale * (1 - filled) / sine
        if previous is None:
            # beyond the first point: 1 - w p <= mean sigma^2 / w^2
            upper += (snr + 1 / u) / w
        else:
            lower += previous[1] * (previous[0] - w)
            upper += filled * (previous[0] - w)
        previous = (w, filled)
    mean = lower.union(upper) * 2 / arb.pi()
    return to_ball(limiting_trace(psi, gamma)) + 1 - 2 * mean / (1 + snr).sqrt()
