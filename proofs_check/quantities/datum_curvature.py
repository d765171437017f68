"""The Hessian of one datum's risk for networks of one and two neurons, as quadratic forms.

Each form is derived in `theory.risk_hessian`: the second derivative of the integral as it stands,
and the three parts integrated one by one. R_n is a mean over data and a sum over pairs of neurons,
so these widths carry every width.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Matrix, erf, exp, pi, sqrt

from proofs_check.functionals import Functional, functional
from theory.gaussian_integrals import normal_cdf, normal_pdf
from theory.risk_hessian import CENTRE, datum_hessian, datum_risk, hessian_parts, parameters
from theory.symbols import sigma

__all__ = ["curvature_forms", "slope_forms"]


def _explicit(expr: Expr) -> Expr:
    """Write the normal density and distribution with exp and erf."""
    return expr.replace(normal_pdf, lambda a: exp(-(a**2) / 2) / sqrt(2 * pi)).replace(
        normal_cdf, lambda a: (1 + erf(a / sqrt(2))) / 2
    )


@lru_cache(maxsize=64)
def _matrix(signs: tuple[int, ...], kind: str) -> Matrix:
    if kind == "whole":
        return datum_hessian(signs)
    parts = hessian_parts(signs)
    return {"between": parts.tangent + parts.cross, "knots": parts.knots}[kind]


def _form(signs: tuple[int, ...], kind: str) -> Callable[..., Expr]:
    weights, biases = parameters(len(signs))
    names = (CENTRE, sigma, *weights, *biases)

    @lru_cache(maxsize=16)
    def unfold(*values: Any) -> Expr:
        direction = Matrix(values[len(names) :])
        matrix = _matrix(signs, kind)
        form = (direction.T * matrix * direction)[0]
        table = dict(zip(names, values, strict=False))
        result: Expr = _explicit(form.subs(table, simultaneous=True))
        return result

    return unfold


@lru_cache(maxsize=16)
def curvature_forms(
    signs: Sequence[int],
) -> tuple[type[Functional], type[Functional], type[Functional]]:
    """Return the forms of the whole Hessian, of its parts between knots, and of the knot part.

    Arguments: noisy centre, sigma, outer weights, biases, direction (outer, then biases); knots
    increase with the neuron. The knot part carries the sign that the derivation gives, +w.
    """
    tag = "".join("p" if s > 0 else "m" for s in signs)
    pattern = tuple(signs)
    size = 2 + 4 * len(pattern)
    texts = {
        "whole": r"v^\top\nabla^2R\,v",
        "between": r"v^\top(T+C)v",
        "knots": r"v^\top D^{{+}}v",
    }
    made = [
        functional(f"Curvature_{kind}_{tag}", nargs=size, latex=text, unfold=_form(pattern, kind))
        for kind, text in texts.items()
    ]
    return made[0], made[1], made[2]


def _slope(signs: tuple[int, ...], kind: str) -> Callable[..., Expr]:
    weights, biases = parameters(len(signs))
    names = (CENTRE, sigma, *weights, *biases)

    @lru_cache(maxsize=16)
    def unfold(*values: Any) -> Expr:
        if kind == "slope":
            risk = datum_risk(signs)
            entries = [risk.diff(b) for b in biases]
        else:
            cross = hessian_parts(signs).cross
            size = len(signs)
            entries = [w * cross[k, size + k] for k, w in enumerate(weights)]
        table = dict(zip(names, values, strict=False))
        direction = values[len(names) :]
        total = Add(*(v * e for v, e in zip(direction, entries, strict=True)))
        result: Expr = _explicit(total.subs(table, simultaneous=True))
        return result

    return unfold


@lru_cache(maxsize=16)
def slope_forms(signs: Sequence[int]) -> tuple[type[Functional], type[Functional]]:
    """Return the derivative along a direction of the biases, and weights times cross entries."""
    tag = "".join("p" if s > 0 else "m" for s in signs)
    pattern = tuple(signs)
    size = 2 + 3 * len(pattern)
    first = functional(
        f"Slope_{tag}", nargs=size, latex=r"v^\top\nabla_bR", unfold=_slope(pattern, "slope")
    )
    second = functional(
        f"Crossed_{tag}",
        nargs=size,
        latex=r"\sum_lv_lw_lC_{{l,m+l}}",
        unfold=_slope(pattern, "crossed"),
    )
    return first, second
