"""The forward process: its moments from the stochastic equation, in three faces."""

from typing import Any

from sympy import Expr

import theory.diffusion as derived
from proofs_check.functionals import functional
from theory.symbols import t

__all__ = ["ForwardMean", "ForwardVariance"]


def _moment(name: str) -> Any:
    def unfold(time: Any) -> Expr:
        law = derived.ornstein_uhlenbeck_marginal()
        value: Expr = getattr(law, name).subs(t, time)
        return value

    return unfold


def _float(name: str) -> Any:
    def float64(time: float) -> float:
        from numerics.diffusion import ornstein_uhlenbeck_moments

        return float(getattr(ornstein_uhlenbeck_moments(float(time)), name))

    return float64


ForwardMean = functional(
    "ForwardMean",
    nargs=1,
    latex=r"\frac{{\mathbb{{E}}[X_{{{0}}}\mid X_0]}}{{X_0}}",
    float64=_float("mean_factor"),
    unfold=_moment("mean_factor"),
    positive=True,
)
"""``ForwardMean(t)`` is E[X_t | X_0] / X_0 for dX = -X dt + sqrt(2) dB."""

ForwardVariance = functional(
    "ForwardVariance",
    nargs=1,
    latex=r"\mathbb{{V}}[X_{{{0}}}\mid X_0]",
    float64=_float("variance"),
    unfold=_moment("variance"),
    positive=True,
)
"""``ForwardVariance(t)`` is V[X_t | X_0] for dX = -X dt + sqrt(2) dB."""
