"""The linear one-step model: proportional limits of its divergences, and the ridge variant."""

from collections.abc import Callable
from typing import Any, Final

from sympy import Expr

from proofs_check.functionals import functional
from proofs_check.quantities import linear_balls as balls

__all__ = [
    "LimitingAffinityRoot",
    "LimitingKL",
    "LimitingLogAffinity",
    "LimitingLogDet",
    "LimitingTrace",
    "LimitingTraceBelow",
    "LimitingWasserstein",
    "ReverseKL",
    "RidgeErrorMode",
]


def _limit(name: str) -> Callable[..., Any]:
    def unfold(psi: Expr, gamma: Expr) -> Expr:
        import theory.proportional_limit as derived

        value: Expr = getattr(derived, name)(psi, gamma)
        return value

    return unfold


LimitingTrace: Final = functional(
    "LimitingTrace",
    nargs=2,
    latex=r"t\left({0},{1}\right)",
    ball=balls.limiting_trace,
    unfold=_limit("trace_above"),
    positive=True,
)
"""``LimitingTrace(psi, gamma)`` is lim tr Sigma_G / (d s_d^2); its symbolic face needs psi > 1."""

LimitingTraceBelow: Final = functional(
    "LimitingTraceBelow",
    nargs=2,
    latex=r"t\left({0},{1}\right)",
    ball=balls.limiting_trace,
    unfold=_limit("trace_below"),
    positive=True,
)
"""``LimitingTraceBelow(psi, gamma)`` is the same with a symbolic face for psi < 1."""

LimitingLogDet: Final = functional(
    "LimitingLogDet",
    nargs=2,
    latex=r"\Lambda\left({0},{1}\right)",
    ball=balls.limiting_log_det,
    unfold=_limit("log_det_bulk"),
)
"""``LimitingLogDet(psi, gamma)``; its symbolic face needs 1 < psi <= 1 + 1/gamma."""

LimitingKL: Final = functional(
    "LimitingKL",
    nargs=2,
    latex=r"kl\left({0},{1}\right)",
    ball=balls.limiting_kl,
    unfold=_limit("kl_bulk"),
)
"""``LimitingKL(psi, gamma)``; its symbolic face needs 1 < psi <= 1 + 1/gamma."""

LimitingAffinityRoot: Final = functional(
    "LimitingAffinityRoot",
    nargs=2,
    latex=r"x\left({0},{1}\right)",
    ball=balls.limiting_affinity_root,
    positive=True,
)
"""``LimitingAffinityRoot(psi, gamma)`` is mean 1/(1 + eigenvalue) in the limit, psi > 1."""


def _reverse(psi: Expr, gamma: Expr) -> Expr:
    from theory.proportional_limit import log_det_gapped
    from theory.resolvent_limit import inverse_trace_from_resolvent

    value: Expr = (inverse_trace_from_resolvent(psi, gamma) - 1 + log_det_gapped(gamma)) / 2
    return value


ReverseKL: Final = functional(
    "ReverseKL",
    nargs=2,
    latex=r"kl_{{rev}}\left({0},{1}\right)",
    ball=balls.limiting_reverse_kl,
    unfold=_reverse,
)
"""``ReverseKL(psi, gamma)`` is lim KL(rho || rho_G) / d for psi > 1 + 1/gamma, in probability."""

LimitingLogAffinity: Final = functional(
    "LimitingLogAffinity",
    nargs=2,
    latex=r"\lim\tfrac1d\log(1-H^2)\left({0},{1}\right)",
    ball=balls.limiting_log_affinity,
)
"""``LimitingLogAffinity(psi, gamma)`` is lim log(1 - H^2) / d for psi > 1."""


LimitingWasserstein: Final = functional(
    "LimitingWasserstein",
    nargs=2,
    latex=r"\lim\tfrac1{{ds_d^2}}W_2^2\left({0},{1}\right)",
    ball=balls.limiting_wasserstein,
)
"""``LimitingWasserstein(psi, gamma)`` is lim W_2^2 / (d s_d^2) for psi > 1."""


def _ridge_mode(eigenvalue: Expr, ridge: Expr, slope: Expr, noise: Expr, d: Expr) -> Expr:
    from theory.ridge_limit import mode_moments

    value: Expr = mode_moments(eigenvalue, ridge, slope, noise, d)[1]
    return value


RidgeErrorMode: Final = functional(
    "RidgeErrorMode",
    nargs=5,
    latex=r"E_{{{0}}}\left({1}\right)",
    unfold=_ridge_mode,
)
"""``RidgeErrorMode(w, r, kappa, tau2, d)``: one eigenvalue's part of the squared error."""
