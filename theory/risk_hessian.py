r"""The Hessian of the denoising risk of a two-layer ReLU network, from its exact integral.

.. math:: s_\theta(y)=\frac1m\sum_l w_l\,\mathrm{relu}(\epsilon_l y+b_l),\quad\epsilon_l=\pm1,
   \qquad R(\theta)=E_{Y\sim N(c,\sigma^2)}\Big[\Big(s_\theta(Y)+\frac{Y-c}{\sigma^2}\Big)^2\Big]

is the part of R_n that one datum with c = mu x_i contributes; R_n is the mean of these. Between
two knots the integrand is a polynomial, so R is closed in phi and Phi and is differentiated as it
stands. The neurons are numbered by their knots tau_l = -epsilon_l b_l, from left to right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Integer, Matrix, Symbol, diag, diff, hessian, oo, symbols, zeros

from theory.gaussian_integrals import gaussian_integral, normal_pdf
from theory.symbols import sigma

__all__ = [
    "CENTRE",
    "HessianParts",
    "datum_hessian",
    "datum_risk",
    "hessian_parts",
    "parameters",
]

CENTRE = Symbol("c", real=True)
"""mu x_i."""
PLACE = Symbol("u", real=True)


@dataclass(frozen=True, kw_only=True)
class HessianParts:
    """The three parts of the Hessian, each 2m x 2m in the order (w, b).

    ``tangent`` is 2 E[grad s grad s^T], ``cross`` is 2 E[f D^2 s] with the second derivative
    taken between the knots, ``knots`` is what the kinks themselves contribute.
    """

    tangent: Matrix
    cross: Matrix
    knots: Matrix


def parameters(width: int) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Return the outer weights w_1, ..., w_m and the biases b_1, ..., b_m.

    Raises
    ------
    ValueError
        If ``width`` is less than 1.

    Examples
    --------
    >>> parameters(2)
    ((w_1, w_2), (b_1, b_2))
    """
    if width < 1:
        raise ValueError(f"width was {width}; it must be at least 1")
    numbers = f"1:{width + 1}"
    return symbols(f"w_{numbers}", real=True), symbols(f"b_{numbers}", real=True)


def datum_risk(signs: Sequence[int]) -> Expr:
    r"""Return the risk of one datum in closed form.

    Parameters
    ----------
    signs : sequence of int
        Inner weights epsilon_l, each 1 or -1, in the order of the knots.

    Returns
    -------
    Expr
        In w_l, b_l, c, sigma, `normal_pdf` and `normal_cdf`; valid for increasing knots.

    Raises
    ------
    ValueError
        If a sign is neither 1 nor -1.

    Notes
    -----
    Claims ``A.lem5``, ``A.x1``.

    Examples
    --------
    >>> w, b = parameters(1)
    >>> datum_risk([1]).subs(w[0], 0)
    sigma**(-2)
    """
    network = _Network(signs)
    return Add(
        *(
            _average(network.residual(active) ** 2, lower, upper)
            for active, lower, upper in network.pieces()
        )
    )


def datum_hessian(signs: Sequence[int]) -> Matrix:
    """Return the Hessian of `datum_risk` in (w, b), differentiated twice as it stands.

    Notes
    -----
    Claim ``A.lem5``.

    Examples
    --------
    >>> datum_hessian([1]).shape
    (2, 2)
    """
    weights, biases = parameters(len(signs))
    return hessian(datum_risk(signs), (*weights, *biases))


def hessian_parts(signs: Sequence[int]) -> HessianParts:
    r"""Return the three parts of the Hessian of one datum, integrated one by one.

    With f the residual s + (y - c)/sigma^2, the knot of neuron l moves with its bias, and

    .. math:: \frac{\partial}{\partial b}\,E[f\,1_{\epsilon Y+b\ge0}]
       = E[\partial_b f\,1_{\epsilon Y+b\ge0}] + f(\tau)\,p(\tau)

    for both signs of epsilon, p the N(c, sigma^2) density: the knot part is diagonal with the
    entries :math:`+\frac2m w_l f(\tau_l)p(\tau_l)` at the biases. Eq. 15 prints
    :math:`-w_l\epsilon_l` in place of :math:`+w_l`.

    Returns
    -------
    HessianParts
        Their sum is `datum_hessian`.

    Notes
    -----
    Paper A, Lemma 5 (claim ``A.lem5``); ``knots`` is what the almost everywhere Hessian of a
    sampled loss lacks (claims ``A.eq8``, ``A.code.sharpness``).

    Examples
    --------
    >>> hessian_parts([1]).knots[0, 0]
    0
    """
    network = _Network(signs)
    width = network.width
    tangent, cross = zeros(2 * width, 2 * width), zeros(2 * width, 2 * width)
    for active, lower, upper in network.pieces():
        gradient = network.gradient(active)
        outer = gradient * gradient.T
        tangent += outer.applyfunc(lambda entry, at=(lower, upper): 2 * _average(entry, *at))
        mean = 2 * _average(network.residual(active), lower, upper) / width
        for neuron in active:
            cross[neuron, width + neuron] += mean
            cross[width + neuron, neuron] += mean
    entries = [Integer(0)] * width
    for neuron, (weight, knot) in enumerate(zip(network.weights, network.knots, strict=True)):
        # At its own knot a neuron is silent, so either neighbouring piece gives f(tau).
        at_knot = network.residual(network.active(neuron)).subs(PLACE, knot)
        density = normal_pdf((knot - CENTRE) / sigma) / sigma
        entries.append(2 * weight * at_knot * density / width)
    return HessianParts(tangent=tangent, cross=cross, knots=diag(*entries))


class _Network:
    """The network between its knots: which neurons are active and what they add up to."""

    def __init__(self, signs: Sequence[int]) -> None:
        if any(sign not in {1, -1} for sign in signs):
            raise ValueError(f"signs were {list(signs)}; each must be 1 or -1")
        self.signs = tuple(signs)
        self.width = len(self.signs)
        self.weights, self.biases = parameters(self.width)
        self.knots = tuple(-e * b for e, b in zip(self.signs, self.biases, strict=True))

    def active(self, piece: int) -> tuple[int, ...]:
        """Return the neurons that are active left of knot number ``piece``."""
        return tuple(
            neuron
            for neuron, sign in enumerate(self.signs)
            if (sign > 0 and neuron < piece) or (sign < 0 and neuron >= piece)
        )

    def pieces(self) -> list[tuple[tuple[int, ...], Expr, Expr]]:
        """List active neurons, left end and right end of each piece."""
        ends = (-oo, *self.knots, oo)
        return [(self.active(k), ends[k], ends[k + 1]) for k in range(self.width + 1)]

    def residual(self, active: Sequence[int]) -> Expr:
        """Return s(u) + (u - c) / sigma^2 on a piece."""
        terms = (self.weights[k] * (self.signs[k] * PLACE + self.biases[k]) for k in active)
        return Add(*terms) / self.width + (PLACE - CENTRE) / sigma**2

    def gradient(self, active: Sequence[int]) -> Matrix:
        """Return the gradient of s(u) in (w, b) on a piece."""
        value = self.residual(active)
        return Matrix([diff(value, name) for name in (*self.weights, *self.biases)])


def _average(polynomial: Expr, lower: Expr, upper: Expr) -> Expr:
    return gaussian_integral(
        polynomial, PLACE, mean=CENTRE, deviation=sigma, lower=lower, upper=upper
    )
