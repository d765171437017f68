"""The score and its derivatives against the plain definition in high precision."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from numerics.empirical_score import empirical_score, empirical_score_derivatives


def plain(
    y: float, x: NDArray[np.float64], mu: float, sigma: float
) -> tuple[list[mp.mpf], list[mp.mpf]]:
    """s, s', s'' as quotients of p, p', p'', p''' summed without any rearrangement.

    The second list holds the size of what each is a sum of: the scale its rounding is measured in.
    """
    with mp.workdps(300):
        yy, s = mp.mpf(y), mp.mpf(sigma)
        u = [(mp.mpf(mu) * mp.mpf(v) - yy) / s for v in x]
        top = max(-(v**2) / 2 for v in u)
        e = [mp.exp(-(v**2) / 2 - top) for v in u]
        p = mp.fsum(e)
        p1 = mp.fsum(a * w for a, w in zip(u, e, strict=True)) / s
        p2 = mp.fsum((a**2 - 1) * w for a, w in zip(u, e, strict=True)) / s**2
        p3 = mp.fsum((a**3 - 3 * a) * w for a, w in zip(u, e, strict=True)) / s**3
        mean = mp.fsum(a * w for a, w in zip(u, e, strict=True)) / p
        spread = mp.fsum((a - mean) ** 2 * w for a, w in zip(u, e, strict=True)) / p
        skew = mp.fsum(abs(a - mean) ** 3 * w for a, w in zip(u, e, strict=True)) / p
        size = mp.fsum(abs(a) * w for a, w in zip(u, e, strict=True)) / p
        values = [p1 / p, p2 / p - (p1 / p) ** 2, p3 / p - 3 * p2 * p1 / p**2 + 2 * (p1 / p) ** 3]
        return values, [size / s, (1 + spread) / s**2, skew / s**3]


def awkward_points(x: NDArray[np.float64], mu: float, sigma: float) -> NDArray[np.float64]:
    """Data, midpoints, their neighbours in float64, and points within a transition."""
    middle = 0.5 * mu * (x[1:] + x[:-1])
    step = sigma**2 / np.diff(mu * x)
    return np.concatenate(
        [mu * x[:3], middle[:5], np.nextafter(middle[:5], 9.0), middle[:5] + step[:5], [-1.3, 1.4]]
    )


@pytest.mark.parametrize("n", [2, 20])
@pytest.mark.parametrize("sigma", [0.57, 0.31, 0.05, 1e-2, 1e-4, 1e-6, 1e-8])
def test_agrees_with_the_plain_definition(n: int, sigma: float) -> None:
    x, mu = np.sort(np.random.default_rng(n).normal(size=n)), 0.81
    y = awkward_points(x, mu, sigma)
    at = empirical_score_derivatives(y, x, mu=mu, sigma=sigma)
    assert at.score.shape == at.first.shape == at.second.shape == y.shape
    for k, point in enumerate(y):
        values, scales = plain(float(point), x, mu, sigma)
        got = (at.score[k], at.first[k], at.second[k])
        for order in range(3):
            # Below 1e-300 of its unit a weight has left the range of float64.
            if scales[order] * mp.mpf(sigma) ** (order + 1) < mp.mpf("1e-290"):
                continue
            # 1e-13: an exponent up to 700 is known to 700 units of rounding.
            assert abs(got[order] - values[order]) <= 1e-13 * scales[order], (point, order)


def test_clusters_and_repeated_points() -> None:
    x = np.array([-1.0, -1.0, -1.0 + 1e-9, 0.5, 0.5 + 1e-7, 2.0])
    for sigma in (1e-8, 1e-4, 0.3):
        y = np.array([-0.81, -0.2, 0.405, 0.41, 1.0])
        at = empirical_score_derivatives(y, x, mu=0.81, sigma=sigma)
        for k, point in enumerate(y):
            values, scales = plain(float(point), x, 0.81, sigma)
            # 1e-13 as above.
            assert abs(at.score[k] - values[0]) <= 1e-13 * scales[0]
            assert abs(at.first[k] - values[1]) <= 1e-13 * scales[1]


@pytest.mark.parametrize("sigma", [0.5, 0.03, 1e-3])
def test_derivatives_match_differences_of_the_score(sigma: float) -> None:
    x = np.array([-1.0, -0.4, 0.3, 1.1])
    y = np.linspace(-1.2, 1.2, 7)
    h = 1e-4 * sigma**2
    at = empirical_score_derivatives(y, x, mu=0.9, sigma=sigma)
    up = empirical_score_derivatives(y + h, x, mu=0.9, sigma=sigma)
    down = empirical_score_derivatives(y - h, x, mu=0.9, sigma=sigma)
    width = (y + h) - (y - h)
    scale = 1.0 / sigma**4
    # A central difference errs by h^2 s'''/6, with |s'''| <= 10 / sigma^8 here: below 1e-7 scales.
    np.testing.assert_allclose((up.score - down.score) / width, at.first, atol=1e-6 * scale, rtol=0)
    third = 1.0 / sigma**6
    np.testing.assert_allclose(
        (up.first - down.first) / width, at.second, atol=1e-6 * third, rtol=0
    )


def test_two_points_have_the_hyperbolic_closed_form() -> None:
    sigma, mu = 0.2, 0.5
    y = np.linspace(-1.5, 1.5, 61)
    t = np.tanh(mu * y / sigma**2)
    at = empirical_score_derivatives(y, [-1.0, 1.0], mu=mu, sigma=sigma)
    # Rounding: a few units of the largest term, |y| / sigma^2 and mu^2 / sigma^4.
    np.testing.assert_allclose(at.score, (mu * t - y) / sigma**2, atol=1e-13, rtol=0)
    np.testing.assert_allclose(
        at.first, -1 / sigma**2 + mu**2 * (1 - t**2) / sigma**4, atol=1e-12, rtol=0
    )
    np.testing.assert_allclose(
        at.second, -2 * mu**3 * t * (1 - t**2) / sigma**6, atol=1e-10, rtol=0
    )


@settings(deadline=None, max_examples=25)
@given(
    x=st.lists(st.integers(-20, 20), min_size=2, max_size=8),
    shift=st.integers(-3, 3),
    sigma=st.sampled_from([0.05, 0.3, 1.0]),
)
def test_reflection_shift_and_scale(x: list[int], shift: int, sigma: float) -> None:
    sample, mu = 0.25 * np.array(x), 0.5
    y = np.linspace(-3.0, 3.0, 13)
    at = empirical_score_derivatives(y, sample, mu=mu, sigma=sigma)
    mirrored = empirical_score_derivatives(-y, -sample, mu=mu, sigma=sigma)
    moved = empirical_score_derivatives(y + mu * shift, sample + shift, mu=mu, sigma=sigma)
    scaled = empirical_score_derivatives(2 * y, 2 * sample, mu=mu, sigma=2 * sigma)
    atol = 1e-12 * 10 / sigma**2  # a few units of rounding of the largest |y - mu x| / sigma^2
    np.testing.assert_allclose(mirrored.score, -at.score, atol=atol, rtol=0)
    np.testing.assert_allclose(mirrored.second, -at.second, atol=1e3 * atol / sigma**4, rtol=0)
    np.testing.assert_allclose(moved.score, at.score, atol=atol, rtol=0)
    # Powers of two: exact scaling of every operation except the fixed cut of tiny weights.
    np.testing.assert_allclose(2 * scaled.score, at.score, atol=atol, rtol=0)
    np.testing.assert_allclose(4 * scaled.first, at.first, atol=atol / sigma**2, rtol=0)


def test_small_noise_limit_is_the_nearest_datum() -> None:
    y = np.array([-0.3, 0.1, 0.4])
    x, mu, sigma = np.array([-1.0, 0.0, 1.0]), 0.5, 1e-8
    nearest = np.array([-0.5, 0.0, 0.5])
    # Nothing but the nearest datum is left: the quotient to rounding.
    np.testing.assert_allclose(
        empirical_score(y, x, mu=mu, sigma=sigma), (nearest - y) / sigma**2, rtol=1e-15
    )


def test_large_noise_limit_is_one_gaussian() -> None:
    x, y, sigma = np.array([-1.0, 0.0, 4.0]), np.array([-2.0, 3.0]), 1e4
    expected = (0.5 * x.mean() - y) / sigma**2
    # The next term is the variance of the data over sigma^2: 1e-7.
    np.testing.assert_allclose(empirical_score(y, x, mu=0.5, sigma=sigma), expected, rtol=1e-6)


def test_shapes_and_the_order_of_points_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=300), rng.uniform(-4, 4, size=(7, 11))
    at = empirical_score_derivatives(y, x, mu=0.8, sigma=0.1)
    assert at.score.shape == (7, 11)
    one = empirical_score_derivatives(float(y[3, 4]), x[::-1], mu=0.8, sigma=0.1)
    assert one.score.shape == ()
    # Blocks of other widths sum in another order.
    assert abs(float(one.second) - at.second[3, 4]) <= 1e-10 * abs(at.second).max()
    np.testing.assert_allclose(
        empirical_score(y, x, mu=0.8, sigma=0.1), at.score, atol=1e-12 * 100, rtol=0
    )


def test_far_from_the_data_nothing_overflows() -> None:
    at = empirical_score_derivatives([-1e6, 1e6], [-1.0, 1.0], mu=0.5, sigma=1e-8)
    assert np.isfinite(at.score).all()
    # 1 / sigma^2 in two roundings.
    np.testing.assert_allclose(at.first, [-1e16, -1e16], rtol=1e-15)
    assert at.second.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("y", "x", "mu", "sigma"),
    [
        ([np.nan], [0.0, 1.0], 0.5, 0.1),
        ([], [0.0, 1.0], 0.5, 0.1),
        ([0.0], [1.0], 0.5, 0.1),
        ([0.0], [0.0, 1.0], 1.5, 0.1),
        ([0.0], [0.0, 1.0], 0.5, 0.0),
    ],
)
def test_bad_input_is_one_line(y: list[float], x: list[float], mu: float, sigma: float) -> None:
    for function in (empirical_score, empirical_score_derivatives):
        with pytest.raises(ValueError, match=r"must|needs") as caught:
            function(y, x, mu=mu, sigma=sigma)
        assert "\n" not in str(caught.value)
