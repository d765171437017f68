"""The law of the least spacing: integration against the closed form, mean against the law."""

import pytest
from sympy import Integral, Rational, Symbol, expand, limit, oo

from theory.spacing import (
    LENGTH,
    LEVEL,
    admissible_volume,
    induction_residual,
    least_spacing_mean,
    least_spacing_survival,
    survival_by_integration,
)


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_integration_gives_the_closed_form(size: int) -> None:
    assert expand(survival_by_integration(size) - least_spacing_survival(size)) == 0


def test_the_induction_step_holds_for_every_size() -> None:
    assert induction_residual() == 0


@pytest.mark.parametrize("size", [2, 3, 5])
def test_the_mean_is_the_integral_of_the_survival_function(size: int) -> None:
    direct = Integral(expand(least_spacing_survival(size)), (LEVEL, 0, LENGTH / (size - 1))).doit()
    assert expand(direct - least_spacing_mean(size)) == 0


def test_the_mean_is_of_order_a_over_n_squared() -> None:
    size = Symbol("n", integer=True, positive=True)
    assert limit(least_spacing_mean(size) * size**2 / LENGTH, size, oo) == 1


def test_a_single_point_fills_the_interval_and_none_is_refused() -> None:
    assert admissible_volume(1, Rational(3)) == 3
    with pytest.raises(ValueError, match="count"):
        admissible_volume(0)
