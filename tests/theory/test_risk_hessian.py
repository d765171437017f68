"""The Hessian of the risk: Lemma 5 with the right sign of the knot term."""

from collections.abc import Sequence

import pytest
from sympy import Rational, diff, eye, zeros

from theory.gaussian_integrals import is_zero_gaussian, normal_pdf
from theory.risk_hessian import (
    CENTRE,
    datum_hessian,
    datum_risk,
    hessian_parts,
    parameters,
)
from theory.symbols import sigma

NETWORKS = [[1], [-1], [1, 1], [1, -1], [-1, 1], [-1, -1, 1]]


def is_zero_matrix(matrix: object) -> bool:
    return all(is_zero_gaussian(entry) for entry in matrix)  # type: ignore[attr-defined]


@pytest.mark.parametrize("signs", NETWORKS)
def test_parts_add_up(signs: Sequence[int]) -> None:
    parts = hessian_parts(signs)
    total = parts.tangent + parts.cross + parts.knots
    assert is_zero_matrix(datum_hessian(signs) - total)


@pytest.mark.parametrize("signs", [[1], [-1], [1, -1]])
def test_printed_sign_of_the_knot_term(signs: Sequence[int]) -> None:
    """Eq. 15 prints -w epsilon: right for epsilon = -1, wrong for epsilon = +1."""
    parts = hessian_parts(signs)
    width = len(signs)
    flip = eye(2 * width)
    for neuron, sign in enumerate(signs):
        flip[width + neuron, width + neuron] = -sign
    printed = parts.tangent + parts.cross + flip * parts.knots
    assert is_zero_matrix(datum_hessian(signs) - printed) is all(s == -1 for s in signs)


def test_knot_term_as_printed_up_to_sign() -> None:
    """sqrt 2 / (sqrt pi m sigma) w f(tau) exp(-(tau - c)^2 / 2 sigma^2), m = 1, s(tau) = 0."""
    (w,), (b,) = parameters(1)
    knot = hessian_parts([1]).knots[1, 1]
    f_at_knot = (-b - CENTRE) / sigma**2
    assert is_zero_gaussian(knot - 2 * w * f_at_knot * normal_pdf((b + CENTRE) / sigma) / sigma)


def test_network_without_weights_has_the_risk_of_the_zero_score() -> None:
    (weights, _) = parameters(2)
    risk = datum_risk([1, -1]).subs(dict.fromkeys(weights, 0))
    assert is_zero_gaussian(risk - 1 / sigma**2)


def test_reflection() -> None:
    """y -> -y turns the signs and the centre round and keeps the risk."""
    (w,), (b,) = parameters(1)
    assert is_zero_gaussian(datum_risk([1]) - datum_risk([-1]).subs({w: -w, CENTRE: -CENTRE}))
    assert b in datum_risk([1]).free_symbols


def test_risk_does_not_see_the_order_of_the_knots() -> None:
    """The closed form is written for tau_1 < tau_2; at tau_1 = tau_2 both orders agree."""
    (w1, w2), (b1, b2) = parameters(2)
    swapped = {w1: w2, w2: w1, b1: b2, b2: b1}
    difference = datum_risk([1, 1]) - datum_risk([1, 1]).subs(swapped, simultaneous=True)
    assert is_zero_gaussian(difference.subs(b2, b1))
    assert is_zero_gaussian(diff(difference, b1).subs(b2, b1))
    assert is_zero_gaussian(diff(difference, b1, b2).subs(b2, b1))
    assert not is_zero_gaussian(difference)


def test_third_derivative_depends_on_the_order() -> None:
    """So the risk is twice but not three times differentiable where knots meet."""
    (w1, w2), (b1, b2) = parameters(2)
    swapped = {w1: w2, w2: w1, b1: b2, b2: b1}
    difference = datum_risk([1, 1]) - datum_risk([1, 1]).subs(swapped, simultaneous=True)
    assert not is_zero_gaussian(diff(difference, b1, b1, b2).subs(b2, b1))


def test_cross_part_vanishes_where_the_bias_gradient_does() -> None:
    """d R / d b_l = w_l times the cross entry of neuron l."""
    weights, biases = parameters(2)
    cross = hessian_parts([1, -1]).cross
    for place, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        slope = diff(datum_risk([1, -1]), bias)
        assert is_zero_gaussian(slope - weight * cross[place, 2 + place])


def test_shapes() -> None:
    parts = hessian_parts([1, -1])
    assert parts.tangent.shape == parts.cross.shape == parts.knots.shape == (4, 4)
    assert parts.knots[:2, :] == zeros(2, 4)
    assert parts.tangent == parts.tangent.T


@pytest.mark.parametrize("signs", [[0], [1, 2], [Rational(1, 2)]])
def test_bad_signs(signs: Sequence[int]) -> None:
    with pytest.raises(ValueError, match="signs were"):
        datum_risk(signs)


def test_no_neuron() -> None:
    with pytest.raises(ValueError, match="width was 0"):
        datum_risk([])
