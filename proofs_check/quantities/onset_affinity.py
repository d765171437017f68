r"""The mean affinity 1 - H^2 of the generated law to the data, and two moments that bound it.

In units of the data the generated law is N(mean, A A') with

.. math:: A=RI+\sqrt{1-R^2}\,S^{-1/2}N,\qquad R^2=\frac{\gamma}{1+\gamma}

for a Wishart matrix S of m = n - 1 degrees of freedom and an independent Gaussian matrix N.
The formulas are derived in ``docs/arguments/B.slope.bound.md``.
"""

from typing import Any, Final

from flint import acb, arb, ctx, fmpq

from proofs_check.balls import to_ball
from proofs_check.functionals import functional

__all__ = ["MeanAffinity", "MeanInverseRoot", "MeanSquaredDeterminant"]


def _mean_squared_determinant(d: Any, m: Any, gamma: Any) -> Any:
    """Return the sum over the size k of the minors of N; exact for exact arguments."""
    signal, noise = gamma / (1 + gamma), 1 / (1 + gamma)
    term = signal ** int(d)
    total = term
    for k in range(1, int(d) + 1):
        # binomial(d, k) k! / prod (m - d + j - 2), from one k to the next
        term = term * fmpq(int(d) - k + 1, int(m - d) + k - 2) * (noise / signal)
        total = total + term
    return total


def _mean_inverse_root(d: Any, m: Any, gamma: Any) -> arb:
    size, degrees = int(d), int(m)
    signal, noise = to_ball(gamma / (1 + gamma)), to_ball(1 / (1 + gamma))

    def integrand(angle: acb, analytic: bool) -> acb:
        sine, cosine = angle.sin(), angle.cos()
        middle = 1 + acb(signal) * (cosine * cosine - sine * sine)
        swing = 4 * acb(signal * noise) * (sine * cosine) ** 2
        root = ((middle * middle - swing).log(analytic=analytic) / 2).exp()
        far = ((middle + root) / 2).log(analytic=analytic)
        return sine ** (size - 1) * cosine**degrees * (-(size - 2) * far / 2).exp() / root

    # the powers of sine and cosine make the integral small: the accuracy has to be absolute
    fine = arb(2) ** -(ctx.prec + size + degrees)
    value = acb.integral(integrand, acb(0), acb(arb.pi() / 2), abs_tol=fine).real
    half, rest = to_ball(fmpq(size, 2)), to_ball(fmpq(degrees - size + 1, 2))
    return 2 * value * (half + rest).gamma() / (half.gamma() * rest.gamma())


def _mean_affinity(d: Any, psi: Any, gamma: Any) -> arb:
    """Return an enclosure: no affinity is negative, and the bound holds beyond the onset."""
    degrees = psi * d
    if fmpq(degrees).q != 1 or degrees < d + 2:
        return arb(0.5, 0.5)
    determinant = to_ball(_mean_squared_determinant(d, degrees, gamma))
    root = _mean_inverse_root(d, degrees, gamma)
    bound = arb(2) ** (to_ball(d) / 2) * (determinant * root**3).root(4)
    return arb(0, 1) * bound.upper() / 2 + bound.upper() / 2


MeanAffinity: Final = functional(
    "MeanAffinity",
    nargs=3,
    latex=r"E[1-H^2]\left({0},{1},{2}\right)",
    ball=_mean_affinity,
    nonnegative=True,
)
"""``MeanAffinity(d, psi, gamma)`` is E[1 - H^2] for m = psi d; its ball reaches down to zero."""

MeanSquaredDeterminant: Final = functional(
    "MeanSquaredDeterminant",
    nargs=3,
    latex=r"E\det(AA^\top)\left({0},{1},{2}\right)",
    ball=_mean_squared_determinant,
    positive=True,
)
"""``MeanSquaredDeterminant(d, m, gamma)`` is E det(A A'), m >= d + 2."""

MeanInverseRoot: Final = functional(
    "MeanInverseRoot",
    nargs=3,
    latex=r"E\det(I+AA^\top)^{{-1/2}}\left({0},{1},{2}\right)",
    ball=_mean_inverse_root,
    positive=True,
)
"""``MeanInverseRoot(d, m, gamma)`` is E det(I + A A')^(-1/2), d >= 2, m >= d."""
