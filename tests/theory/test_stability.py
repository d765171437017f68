"""Linear stability: which normalisation of the batch risk eq. 8 needs."""

import pytest
from sympy import Integer, Matrix, Rational, Symbol, simplify, symbols

from theory.stability import (
    EIGENVALUE,
    BatchRisk,
    batch_hessians,
    expected_hessian,
    mean_growth,
    mean_square_growth,
    mean_stability_bound,
    normalisation_factor,
    second_moment_map,
    varying_step_growth,
)
from theory.symbols import eta, m

step = Symbol("s", positive=True)


@pytest.mark.parametrize(("size", "batch"), [(2, 1), (3, 2), (2, 3), (4, 2)])
def test_normalisation(size: int, batch: int) -> None:
    assert normalisation_factor(size, batch, BatchRisk.SUM) == batch
    assert normalisation_factor(size, batch, BatchRisk.MEAN) == 1
    assert normalisation_factor(size, batch, BatchRisk.FULL_SUM) == size
    assert normalisation_factor(size, batch, BatchRisk.FULL_MEAN) == 1


def test_printed_bound_is_that_of_the_mean() -> None:
    assert mean_stability_bound(factor=normalisation_factor(3, 2, BatchRisk.MEAN)) == 2 / (m * eta)
    summed = mean_stability_bound(factor=normalisation_factor(3, 2, BatchRisk.SUM))
    assert summed == 1 / (m * eta)


def test_bound_is_where_the_growth_is_minus_one() -> None:
    growth = mean_growth()
    assert growth.subs(EIGENVALUE, mean_stability_bound()) == -1
    assert growth.subs(EIGENVALUE, 0) == 1


def test_gradient_descent_is_stable_at_the_bound_and_not_beyond() -> None:
    at_bound = second_moment_map([(1, Matrix([[2]]))], step=Integer(1))
    beyond = second_moment_map([(1, Matrix([[Rational(201, 100)]]))], step=Integer(1))
    assert at_bound[0, 0] == 1
    assert beyond[0, 0] > 1


def test_random_batches_ask_for_more_than_the_mean() -> None:
    """Losses h = 1, 3: the mean allows s <= 1, the mean square only s <= 4/5."""
    growth = mean_square_growth([1, 3], 1, BatchRisk.MEAN, step=step)
    assert growth == 5 * step**2 - 4 * step + 1
    assert growth.subs(step, Rational(4, 5)) == 1
    assert growth.subs(step, 1) > 1
    mean = mean_growth(expected_hessian([1, 3], 1, BatchRisk.MEAN), step=step)
    assert mean.subs(step, 1) == -1


def test_mean_square_is_mean_plus_variance() -> None:
    h1, h2 = symbols("h_1 h_2", positive=True)
    growth = mean_square_growth([h1, h2], 2, BatchRisk.SUM, step=step)
    mean = h1 + h2
    variance = (h1 - h2) ** 2 / 2
    assert simplify(growth - (1 - step * mean) ** 2 - step**2 * variance) == 0


def test_second_moment_of_a_matrix_recursion() -> None:
    """Compare with E[(I - sH) S (I - sH)] written out for one S."""
    first, second = Matrix([[1, 1], [1, 2]]), Matrix([[3, 0], [0, 0]])
    law = [(Rational(1, 3), first), (Rational(2, 3), second)]
    state = Matrix([[2, 1], [1, 5]])
    direct = Matrix.zeros(2, 2)
    for chance, hessian in law:
        factor = Matrix.eye(2) - step * hessian
        direct += chance * factor * state * factor.T
    moved = second_moment_map(law, step=step) * state.reshape(4, 1)
    assert (moved - direct.reshape(4, 1)).expand() == Matrix.zeros(4, 1)


def test_varying_steps_grow() -> None:
    """Rates 1, 2, 3/2 with lambda = 5/2 > 2/min: every factor is beyond -1."""
    growth = varying_step_growth([1, 2, Rational(3, 2)], Rational(5, 2), width=1)
    assert abs(growth) > (Rational(5, 2) - 1) ** 3
    assert varying_step_growth([1, 1], 2, width=1) == 1


def test_matrices_may_be_losses() -> None:
    hessians = [Matrix([[1, 0], [0, 0]]), Matrix([[0, 0], [0, 3]])]
    assert expected_hessian(hessians, 2, BatchRisk.MEAN) == Matrix([[1, 0], [0, 3]]) / 2


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="batch was 0"):
        batch_hessians([1], 0, BatchRisk.SUM)
    with pytest.raises(ValueError, match="do not add up"):
        second_moment_map([(Rational(1, 2), Matrix([[1]]))])
    with pytest.raises(ValueError, match="not square"):
        second_moment_map([(1, Matrix([[1, 2]]))])
