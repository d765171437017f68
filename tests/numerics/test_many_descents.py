"""Many descents at once against one at a time, and descents around minima."""

import numpy as np
import pytest

from numerics.descent import gradient_descent
from numerics.edge_replicates import leaving_growth, random_minima, settled_stability
from numerics.exact_risk import risk_and_gradient
from numerics.many_descents import descend_many
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork

X = [-1.0, 0.2, 1.0]
SAMPLE = noised_sample(X, 0.8, 0.6)


@pytest.mark.parametrize("width", [1, 2, 5])
def test_the_same_path_as_one_at_a_time(width: int) -> None:
    rng = np.random.default_rng(width)
    outer, bias = rng.standard_normal((2, 4, width))
    inner = rng.choice([-1.0, 1.0], (4, width))
    rates = np.array([0.05, 0.1, 0.02, 0.2])
    ends = descend_many(outer, inner, bias, SAMPLE, learning_rates=rates, steps=30)
    assert ends.outer.shape == (4, width)
    for k in range(4):
        start = ReluNetwork(outer=outer[k], inner=inner[k], bias=bias[k])
        path = gradient_descent(
            start, SAMPLE, learning_rate=float(rates[k]), steps=30, record_every=30
        )
        # thirty steps amplify the rounding of one by little, far from the edge
        np.testing.assert_allclose(ends.outer[k], path.network.outer, rtol=0, atol=1e-11)
        np.testing.assert_allclose(ends.bias[k], path.network.bias, rtol=0, atol=1e-11)
        found = risk_and_gradient(path.network, SAMPLE)
        norm = width * np.sqrt((found.outer**2).sum() + (found.bias**2).sum())
        assert ends.slope[k] == pytest.approx(norm, rel=1e-9)  # the same rounding


def test_a_run_that_diverges_leaves_the_others_alone() -> None:
    start = np.array([[1.0, -1.0], [1.0, -1.0]])
    inner, bias = np.array([[1.0, -1.0]] * 2), np.zeros((2, 2))
    ends = descend_many(start, inner, bias, SAMPLE, learning_rates=[1e10, 0.1], steps=50)
    alone = descend_many(start[1:], inner[1:], bias[1:], SAMPLE, learning_rates=[0.1], steps=50)
    assert ends.slope[0] == np.inf
    assert np.isfinite(ends.slope[1])
    np.testing.assert_array_equal(ends.outer[1], alone.outer[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"inner": [[2.0, 1.0]]}, "inner had an entry"),
        ({"bias": [[0.0]]}, "they must be equal"),
        ({"learning_rates": [0.0]}, "learning_rates must be > 0"),
        ({"learning_rates": [0.1, 0.1]}, "one for each run"),
        ({"steps": 0}, "steps was 0"),
        ({"outer": [[np.nan, 1.0]]}, "outer"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, object], said: str) -> None:
    good = {"outer": [[1.0, 1.0]], "inner": [[1.0, -1.0]], "bias": [[0.0, 0.0]]}
    options = {"learning_rates": [0.1], "steps": 1}
    values = {**good, **options, **changes}
    with pytest.raises(ValueError, match=said):
        descend_many(
            values.pop("outer"),  # type: ignore[arg-type]
            values.pop("inner"),  # type: ignore[arg-type]
            values.pop("bias"),  # type: ignore[arg-type]
            SAMPLE,
            **values,  # type: ignore[arg-type]
        )


def test_minima_have_small_gradients_and_repeat() -> None:
    found = random_minima(np.random.default_rng(3), 3, X, 0.8, 0.6, width=4)
    for k in range(3):
        network = ReluNetwork(outer=found.outer[k], inner=found.inner[k], bias=found.bias[k])
        slopes = risk_and_gradient(network, SAMPLE)
        assert np.hypot(np.linalg.norm(slopes.outer), np.linalg.norm(slopes.bias)) <= 1e-4 / 4
    again = random_minima(np.random.default_rng(3), 3, X, 0.8, 0.6, width=4)
    np.testing.assert_array_equal(found.outer, again.outer)
    with pytest.raises(ValueError, match="width was 1"):
        random_minima(np.random.default_rng(3), 1, X, 0.8, 0.6, width=1)


def test_growth_next_to_a_minimum_is_that_of_the_linear_map() -> None:
    """In one direction the distance grows by |1 - 2 s| a step, s = m eta lambda_max / 2."""
    level, steps = 1.2, 15
    growth = leaving_growth(
        np.random.default_rng(0),
        6,
        X,
        0.8,
        0.6,
        width=4,
        stability=(level, level + 1e-9),
        steps=steps,
        spread=1e-4,
    )
    # at the end the distance is about 0.02: the curvature still changes by some per cent
    assert (growth <= 1.2 * (2 * level - 1) ** steps).all()
    # and the share of the top direction in a random start is seldom below a tenth
    assert np.median(growth) >= 0.1 * (2 * level - 1) ** steps


def test_settled_descents_are_within_the_limit_and_near_it() -> None:
    ends = settled_stability(np.random.default_rng(0), 8, X, 0.8, 0.6, width=4)
    assert ends.shape == (8,)
    assert (ends <= 1.001).all()
    assert ends.max() > 0.5


def test_when_hardly_any_descent_settles_that_is_said() -> None:
    with pytest.raises(ValueError, match="descents settled"):
        settled_stability(
            np.random.default_rng(0), 1, [-1.0, 1.0], 0.8, 0.6, width=3, steps=1, slope=1e-12
        )
