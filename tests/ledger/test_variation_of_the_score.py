"""The rigorous TV_pi of the optimal score: nearby data, sign changes, and the float64 value."""

import pytest
from flint import arb, fmpq

from numerics.total_variation import weighted_total_variation
from proofs_check.balls import precision
from proofs_check.quantities import weight_balls
from proofs_check.quantities.mixture_balls import _local_curvature

HALF = fmpq(1, 2)
SAMPLES = {
    "two": ((fmpq(0), fmpq(3)), fmpq(1, 2)),
    "even": (tuple(fmpq(5 * k, 2) for k in range(8)), fmpq(3, 10)),
    "clusters": (tuple(fmpq(v, 4) for v in (0, 1, 2, 12, 13, 20)), fmpq(1, 10)),
    "crowded": (tuple(fmpq(v, 10) for v in (0, 3, 4, 9, 14)), fmpq(1, 2)),
}


def _values(name: str, bits: int = 64) -> tuple[arb, float]:
    sample, sigma = SAMPLES[name]
    with precision(bits):
        found = weight_balls.weighted_variation(sample, HALF, sigma)
    points = [float(x.p) / float(x.q) for x in sample]
    return found, weighted_total_variation(points, mu=0.5, sigma=float(sigma.p) / float(sigma.q))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_ball_holds_the_float64_value(name: str) -> None:
    found, fast = _values(name)
    assert float(found.rad()) < 1e-6 * fast
    # the quadrature in float64 is good to 10 digits, the ball to about 8
    assert abs(float(found.mid()) - fast) <= float(found.rad()) + 1e-9 * fast


def test_more_bits_give_a_ball_inside() -> None:
    coarse, _ = _values("clusters")
    fine, _ = _values("clusters", bits=100)
    assert float(fine.rad()) < 1e-3 * float(coarse.rad())
    assert coarse.overlaps(fine)


@pytest.mark.parametrize("name", ["even", "clusters"])
def test_what_is_left_out_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With hardly any data kept the ball is wide, and still holds the value."""
    _, fast = _values(name)
    monkeypatch.setattr(weight_balls, "MARGIN", -36)
    found, _ = _values(name)
    assert found.contains(arb(fast)) or abs(float(found.mid()) - fast) < float(found.rad())
    sample, sigma = SAMPLES[name]
    pieces = [p for k in range(1, len(sample)) for p in weight_balls._pieces(sample, HALF, k)]
    near = weight_balls._nearby(sample, HALF, sigma, 1, pieces, arb(1))
    assert len(near.sample) < len(sample) or len(near.pieces) < len(pieces)
    assert near.error > 0


def test_the_mean_value_form_lies_within_the_range() -> None:
    sample, sigma = SAMPLES["even"]
    with precision(64):
        for k in range(40):
            a, b = arb(k) / 8, arb(k) / 8 + arb(1) / 16
            cut = weight_balls._curvature_on(sample, HALF, sigma, a, b)
            for share in (0, 1, 2, 3, 4):
                point = a + (b - a) * share / 4
                assert cut.overlaps(_local_curvature(sample, HALF, sigma, point))
