"""Float faces of normal masses, tails and risks where an adaptive rule warned or found nothing."""

import math

import numpy as np
import pytest

from proofs_check.quantities.low_risk import HalfSquare
from proofs_check.quantities.normal import NormalMass, NormalTail
from proofs_check.quantities.score_risk import CentreRisk


@pytest.mark.parametrize("reach", [14_373.028087706609, 1e8])
def test_a_density_on_a_long_interval_is_found(reach: float) -> None:
    # nearly all of the mass lies in a ten-thousandth of the interval; warnings are errors
    assert HalfSquare.float64(reach) == pytest.approx(0.5, rel=1e-13)  # type: ignore[misc]
    assert NormalMass.float64(0.0, 1.0, reach) == pytest.approx(1.0, rel=1e-13)  # type: ignore[misc]


def test_a_tail_in_units_of_the_deviation() -> None:
    tail = NormalTail.float64(7.0, 2.0, 40.0)  # type: ignore[misc]
    assert tail == pytest.approx(math.erfc(20.0 / math.sqrt(2)), rel=1e-12, abs=0.0)


def test_a_risk_that_an_adaptive_rule_lost_to_rounding() -> None:
    from flint import fmpq

    data, mu, sigma = (-850, 115, 1535), (1, 200), (3, 11)
    ball = CentreRisk.ball(  # type: ignore[misc]
        tuple(fmpq(v) for v in data), fmpq(*mu), fmpq(*sigma), fmpq(3)
    )
    sample = np.array(data, dtype=np.float64)
    found = CentreRisk.float64(sample, mu[0] / mu[1], sigma[0] / sigma[1], 3.0)  # type: ignore[misc]
    # exponents near 100 carry a rounding error of 1e-14
    assert found == pytest.approx(float(ball.mid()), rel=1e-11)
