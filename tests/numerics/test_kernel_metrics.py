"""Kernel metrics: against quadrature, plain sums in high precision, simulation, and limits."""

import math

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.kernel_density import (
    kernel_width,
    log_gaussian_overlaps,
    log_overlap_across,
    log_overlap_within,
)
from numerics.kernel_metrics import (
    KernelMetrics,
    expected_reference,
    gaussian_metrics,
    log_gaussian_norm,
    reference_set,
    set_metrics,
)
from numerics.kernel_quadrature import (
    grid_around,
    kernel_density,
    normal_density,
    squared_l2_quadrature,
)
from numerics.linear_denoiser import (
    GeneratedLaw,
    fit_linear_denoiser,
    generated_law,
    sample_training_set,
)
from numerics.pair_blocks import pair_error
from numerics.signed_log_sum import signed_log_sum

Array = NDArray[np.float64]
NOISE_SCALE = math.exp(-4.0)
"""Of the public code, whose time is 2 and whose data have unit variance."""


def fitted(seed: int, n: int, d: int) -> tuple[GeneratedLaw, int, Array]:
    data = sample_training_set(
        np.random.default_rng(seed), n=n, d=d, T=2.0, noise_scale=NOISE_SCALE, s_d=1.0
    )
    fit = fit_linear_denoiser(data.clean, data.noised)
    return (
        generated_law(fit, data.clean, T=2.0, noise_scale=NOISE_SCALE, s_d=1.0),
        fit.rank,
        data.clean,
    )


@pytest.mark.parametrize(("n", "d"), [(3, 1), (9, 1), (4, 2), (12, 2)])
def test_closed_forms_against_quadrature(n: int, d: int) -> None:
    rng = np.random.default_rng(n)
    law, rank, train = fitted(n, n, d)
    original = rng.standard_normal((2 * n + 1, d))
    found = gaussian_metrics(
        law, reference_set(train, s_d=1.0), reference_set(original, s_d=1.0), rank=rank
    )
    widths = [kernel_width(len(x), d, s_d=1.0) for x in (train, original)]
    narrow = min(*widths, float(np.sqrt(np.linalg.eigvalsh(law.covariance)[0])))
    # spacing 0.7 sigma: the trapezoidal rule errs by e^(-2 pi^2 / 0.49 / 2) = 2e-9 of a product of
    # two densities of variance sigma^2, whose product has variance sigma^2 / 2; 0.45 gives 1e-21
    grid = grid_around(
        np.vstack([train, original, law.mean[None]]), reach=9.0, spacing=0.45 * narrow
    )
    made = normal_density(law.mean[None], law.covariance)
    direct = [
        squared_l2_quadrature([made, kernel_density(x, width=w)], [1.0, -1.0], grid)
        for x, w in zip((train, original), widths, strict=True)
    ]
    for log, value in zip((found.log_e_tg, found.log_e_og), direct, strict=True):
        # the bar set for closed forms
        assert abs(math.exp(log) - value) < 1e-10 * value
    assert abs(found.delta.value - (direct[0] - direct[1])) < 1e-10 * max(direct)


def plain_delta(law: GeneratedLaw, train: Array, original: Array) -> mpmath.mpf:
    """Return E_TG - E_OG less the norm of the generated density, by plain sums in 40 digits."""
    d = train.shape[1]
    with mpmath.workdps(40):
        total = mpmath.mpf(0)
        for sign, points in ((1, train), (-1, original)):
            n = len(points)
            square = mpmath.mpf(n) ** (-mpmath.mpf(2) / d)
            exact = [[mpmath.mpf(v) for v in row] for row in points]
            pairs = mpmath.mpf(n)
            for i in range(n):
                for j in range(i):
                    gap = mpmath.fsum((a - b) ** 2 for a, b in zip(exact[i], exact[j], strict=True))
                    pairs += 2 * mpmath.exp(-gap / (4 * square))
            total += sign * pairs / n**2 / (4 * mpmath.pi * square) ** (mpmath.mpf(d) / 2)
            # LDL^T without roots; every entry of the factor is taken as exact
            factor = [[mpmath.mpf(v) for v in row] for row in law.factor]
            matrix = mpmath.matrix(d, d)
            for i in range(d):
                for j in range(i + 1):
                    value = mpmath.fdot(factor[i], factor[j]) + (square if i == j else 0)
                    matrix[i, j] = matrix[j, i] = value
            root = mpmath.cholesky(matrix)
            log_det = 2 * mpmath.fsum(mpmath.log(root[i, i]) for i in range(d))
            cross = mpmath.mpf(0)
            for row in exact:
                gap_vector = [v - mpmath.mpf(m) for v, m in zip(row, law.mean, strict=True)]
                white: list[mpmath.mpf] = []
                for i in range(d):
                    known = mpmath.fdot([root[i, k] for k in range(i)], white)
                    white.append((gap_vector[i] - known) / root[i, i])
                cross += mpmath.exp(-mpmath.fdot(white, white) / 2)
            norm = mpmath.exp(-log_det / 2) / (2 * mpmath.pi) ** (mpmath.mpf(d) / 2)
            total -= sign * 2 * cross * norm / n
        return total


@pytest.mark.parametrize("n", [3, 5])
def test_delta_against_plain_sums_in_forty_digits(n: int) -> None:
    law, rank, train = fitted(n, n, 6)
    original = np.random.default_rng(n).standard_normal((8, 6))
    found = gaussian_metrics(
        law, reference_set(train, s_d=1.0), reference_set(original, s_d=1.0), rank=rank
    )
    exact = plain_delta(law, train, original)
    # parts of size 1e-5 with errors of a few roundings
    assert abs(found.delta.value - float(exact)) <= 1e-12 * abs(float(exact))
    assert found.delta.sign == int(mpmath.sign(exact))


@pytest.mark.slow
@pytest.mark.parametrize("n", [75, 100])
def test_the_sign_in_a_hundred_dimensions(n: int) -> None:
    law, rank, train = fitted(n, n, 100)
    original = np.random.default_rng(n).standard_normal((150, 100))
    found = gaussian_metrics(
        law, reference_set(train, s_d=1.0), reference_set(original, s_d=1.0), rank=rank
    )
    exact = plain_delta(law, train, original)
    assert found.delta.sign == int(mpmath.sign(exact))
    assert abs(found.delta.value - float(exact)) <= 1e-10 * abs(float(exact))


@pytest.mark.parametrize("n", [75, 100])
def test_the_sign_where_the_distances_are_infinite(n: int) -> None:
    law, rank, train = fitted(n, n, 100)
    found = gaussian_metrics(
        law,
        reference_set(train, s_d=1.0),
        expected_reference(np.zeros(100), N=10_000, s_d=1.0),
        rank=rank,
    )
    assert rank == n - 1
    assert found.log_e_tg == found.log_e_og == math.inf
    assert found.delta.sign in (-1, 1)
    # what is left after the cancellation is far smaller than either kernel norm
    assert found.delta.log_size < found.train.log_diagonal - 3.0


def test_a_sign_that_rounding_hides_is_found() -> None:
    """Two generated laws whose distances agree to 17 digits are still told apart."""
    d = 100
    rng = np.random.default_rng(5)
    train, original = rng.standard_normal((50, d)), rng.standard_normal((50, d))
    law = GeneratedLaw(mean=np.full(d, 1.2), factor=0.9 * np.eye(d), variance_ratio=1.0)
    found = gaussian_metrics(law, reference_set(train, s_d=1.0), reference_set(original, s_d=1.0))
    assert found.log_e_tg == found.log_e_og
    assert found.delta.sign != 0
    swapped = gaussian_metrics(law, reference_set(original, s_d=1.0), reference_set(train, s_d=1.0))
    assert swapped.delta.sign == -found.delta.sign
    assert swapped.delta.log_size == found.delta.log_size


def test_the_diagonal_part_does_not_depend_on_the_number_of_points() -> None:
    rng = np.random.default_rng(2)
    sets = [reference_set(rng.standard_normal((n, 7)), s_d=1.3) for n in (2, 5, 40)]
    assert len({s.log_diagonal for s in sets}) == 1
    explicit, _ = log_overlap_within(rng.standard_normal((5, 7)), width=kernel_width(5, 7, s_d=1.3))
    # two routes to the same number; a few roundings of a number near -11
    assert abs(explicit - sets[1].log_diagonal) < 1e-13


def test_blocks_of_any_precision_agree_with_plain_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    import numerics.pair_blocks as module

    monkeypatch.setattr(module.PairBlocks, "size", 7)
    rng = np.random.default_rng(3)
    points, others = rng.standard_normal((23, 5)) + 40.0, rng.standard_normal((17, 5)) + 40.0
    gaps = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    inner = np.exp(-gaps / (4 * 0.6**2)) / (4 * np.pi * 0.6**2) ** 2.5
    off = (inner.sum() - np.trace(inner)) / 23**2
    diagonal, pairs = log_overlap_within(points, width=0.6)
    # a sum of 500 terms, each good to some 1e-14
    assert abs(math.exp(diagonal) * 23**2 - np.trace(inner)) < 1e-12 * np.trace(inner)
    assert abs(math.exp(pairs) - off) < 1e-12 * off
    single = log_overlap_within(points, width=0.6, precision="single")[1]
    assert abs(single - pairs) < pair_error(points, width=0.6, precision="single") < 1e-3
    gaps = ((points[:, None] - others[None]) ** 2).sum(axis=2)
    across = np.exp(-gaps / (2 * 0.45)).mean() / (2 * np.pi * 0.45) ** 2.5
    found = log_overlap_across(points, others, width_a=0.6, width_b=0.3)
    assert abs(math.exp(found) - across) < 1e-12 * across


def test_narrow_kernels_far_from_the_origin_keep_their_digits() -> None:
    points = np.array([[0.0, 1e6], [1e-7, 1e6], [3.0, -1e6]])
    gap = float(points[1, 0]) ** 2
    _, pairs = log_overlap_within(points, width=1e-7)
    expected = math.log(2.0 / 9.0) - math.log(4 * math.pi * 1e-14) - gap / 4e-14
    # plain differences: one rounding of an exponent near 1
    assert abs(pairs - expected) < 1e-12


def test_distances_do_not_depend_on_the_frame() -> None:
    rng = np.random.default_rng(4)
    law, rank, train = fitted(4, 12, 5)
    original = rng.standard_normal((30, 5))
    rotation = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    moved = GeneratedLaw(
        mean=law.mean @ rotation.T + 10.0, factor=rotation @ law.factor, variance_ratio=1.0
    )

    def metrics(law: GeneratedLaw, train: Array, original: Array) -> KernelMetrics:
        return gaussian_metrics(
            law, reference_set(train, s_d=1.0), reference_set(original, s_d=1.0), rank=rank
        )

    here = metrics(law, train, original)
    there = metrics(moved, train @ rotation.T + 10.0, original @ rotation.T + 10.0)
    # the shift costs one digit, the rotation a few roundings
    assert abs(here.log_e_tg - there.log_e_tg) < 1e-11
    assert abs(here.delta.value - there.delta.value) < 1e-11 * math.exp(here.log_e_tg)


def test_the_mean_over_the_original_set() -> None:
    rng = np.random.default_rng(6)
    law, rank, train = fitted(6, 8, 2)
    own = reference_set(train, s_d=1.0)
    expected = gaussian_metrics(law, own, expected_reference(np.zeros(2), N=20, s_d=1.0), rank=rank)
    draws = [
        math.exp(
            gaussian_metrics(
                law, own, reference_set(rng.standard_normal((20, 2)), s_d=1.0), rank=rank
            ).log_e_og
        )
        for _ in range(800)
    ]
    error = float(np.std(draws)) / math.sqrt(len(draws))
    # four standard errors
    assert abs(float(np.mean(draws)) - math.exp(expected.log_e_og)) < 4.0 * error


def test_sets_reduce_to_one_law_when_kernels_stand_for_it() -> None:
    rng = np.random.default_rng(7)
    train, original = rng.standard_normal((9, 3)), rng.standard_normal((14, 3))
    widths = (0.8, 0.5, 0.4)
    found = set_metrics(np.zeros((1, 3)), train, original, widths=widths)
    law = GeneratedLaw(mean=np.zeros(3), factor=0.8 * np.eye(3), variance_ratio=1.0)
    same = gaussian_metrics(
        law,
        reference_set(train, s_d=1.0, width=0.5),
        reference_set(original, s_d=1.0, width=0.4),
    )
    # one Gaussian with the width of the kernel: both routes, a few roundings of 1e-2
    assert abs(found.log_e_tg - same.log_e_tg) < 1e-13
    assert abs(found.delta.value - same.delta.value) < 1e-15


def test_the_norm_of_a_law_agrees_with_and_without_its_rank() -> None:
    factor = np.random.default_rng(8).standard_normal((40, 40))
    # products of singular values and of pivots: forty roundings
    assert abs(log_gaussian_norm(factor) - log_gaussian_norm(factor, rank=40)) < 1e-12
    factor[:, 0] = factor[:, 1]
    assert log_gaussian_norm(factor) == math.inf


def test_signed_sums_know_what_they_do_not_know() -> None:
    hidden = signed_log_sum([0.0, 1e-15], [1.0, -1.0], errors=[1e-14, 1e-14])
    assert hidden.log_size > -math.inf
    assert hidden.sign == 0
    assert signed_log_sum([0.0, 1e-15], [1.0, -1.0], errors=[0.0, 0.0]).sign == 0
    assert signed_log_sum([0.0, 1e-14], [1.0, -1.0], errors=[0.0, 0.0]).sign == -1
    assert signed_log_sum([], []).sign == 0
    assert signed_log_sum([800.0], [-1.0]).value == -math.inf
    with pytest.raises(ValueError, match=r"logs\[1\] was inf"):
        signed_log_sum([0.0, math.inf], [1.0, 1.0])
    with pytest.raises(ValueError, match="must agree"):
        signed_log_sum([0.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kernel_width(0, 2, s_d=1.0), "n was 0"),
        (lambda: log_overlap_within([[math.nan]], width=1.0), r"points\[0, 0\] was nan"),
        (lambda: log_overlap_within([[0.0]], width=0.0), "width was 0"),
        (
            lambda: log_overlap_across([[0.0, 1.0]], [[0.0]], width_a=1.0, width_b=1.0),
            "b had shape",
        ),
        (
            lambda: log_gaussian_overlaps([[0.0, 1.0]], [0.0], np.eye(2), width=1.0),
            "mean had shape",
        ),
        (
            lambda: log_overlap_within([[0.0], [1.0]], width=1.0, precision="half"),  # type: ignore[arg-type]
            "precision was 'half'",
        ),
        (lambda: expected_reference([0.0], N=0, s_d=1.0), "N was 0"),
    ],
)
def test_bad_input_is_named(call: object, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        call()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
