"""The step on the line against width times batch products, and its awkward points."""

import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.line_step import descend_line, line_buffers
from numerics.relu_step import descend, step_buffers

Floats = NDArray[np.float64]


def plain_step(
    inner: Floats, bias: Floats, outer: Floats, points: Floats, targets: Floats, factor: float
) -> None:
    """One network, the definition: every neuron at every point."""
    signed = np.multiply.outer(points, inner) + bias
    activation, active = np.maximum(signed, 0.0), signed > 0.0
    pull = 2.0 * factor * (activation @ outer / outer.size - targets)
    of_outer, of_bias = pull @ activation, outer * (pull @ active)
    inner -= outer * ((pull * points) @ active)
    bias -= of_bias
    outer -= of_outer


def draws(members: int, width: int, batch: int, seed: int = 0) -> list[Floats]:
    rng = np.random.default_rng(seed)
    inner, bias, outer = rng.standard_normal((3, members, width))
    points = np.sort(1.5 * rng.standard_normal((members, batch)), axis=1)
    return [inner, bias, outer, points, 2.0 * rng.standard_normal((members, batch))]


def step(arrays: list[Floats], *, cells: int = 1024, train_inner: bool = True) -> list[Floats]:
    inner, bias, outer = (part.copy() for part in arrays[:3])
    points, targets = arrays[3:]
    members, width = inner.shape
    buffers = line_buffers(
        np.full(members, -3.0),
        np.full(members, 3.0),
        width=width,
        batch=points.shape[1],
        cells=cells,
    )
    factor = np.linspace(0.01, 0.02, members)
    descend_line(
        inner,
        bias,
        outer,
        points,
        targets,
        factor=factor,
        train_inner=train_inner,
        buffers=buffers,
    )
    return [inner, bias, outer]


@pytest.mark.parametrize("train_inner", [True, False])
def test_hundred_steps_agree_with_the_definition(train_inner: bool) -> None:
    members, width, batch = 3, 200, 50
    rng = np.random.default_rng(1)
    inner, bias, outer = rng.standard_normal((3, members, width))
    if not train_inner:
        inner = np.sign(inner)
    bias[:] = 0.0  # as at the start of training: every knot is at 0
    plain = [part.copy() for part in (inner, bias, outer)]
    buffers = line_buffers(np.full(members, -4.0), np.full(members, 4.0), width=width, batch=batch)
    factor = np.array([0.02, 0.01, 0.002])
    for _ in range(100):
        points = np.sort(rng.standard_normal((members, batch)), axis=1)
        targets = 1.7 * rng.standard_normal((members, batch))
        descend_line(
            inner,
            bias,
            outer,
            points,
            targets,
            factor=factor,
            train_inner=train_inner,
            buffers=buffers,
        )
        for k in range(members):
            fixed = plain[0][k].copy()
            plain_step(
                plain[0][k], plain[1][k], plain[2][k], points[k], targets[k], float(factor[k])
            )
            if not train_inner:
                plain[0][k] = fixed
    for got, want in zip((inner, bias, outer), plain, strict=True):
        assert got.shape == want.shape
        # A hundred steps of sums of 200 terms; a knot on the wrong side would show at 1e-3.
        np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-14 * np.abs(want).max())


@pytest.mark.parametrize("cells", [2, 7, 64, 5000])
def test_the_cells_do_not_matter(cells: int) -> None:
    arrays = draws(4, 150, 30)
    for got, want in zip(step(arrays, cells=cells), step(arrays), strict=True):
        # The places of the knots are exact, whatever the cells: the same sums, bit for bit.
        np.testing.assert_array_equal(got, want)


def test_points_and_knots_outside_the_cells_are_exact() -> None:
    arrays = draws(2, 100, 40)
    arrays[3] *= 50.0  # far beyond [-3, 3]
    arrays[1] *= 80.0
    got = step(arrays)
    for k, factor in enumerate((0.01, 0.02)):
        want = [part[k].copy() for part in arrays[:3]]
        plain_step(want[0], want[1], want[2], arrays[3][k], arrays[4][k], factor)
        for one, other in zip(got, want, strict=True):
            np.testing.assert_allclose(one[k], other, rtol=0.0, atol=1e-13 * np.abs(other).max())


def test_repeated_points_are_counted_each() -> None:
    arrays = draws(1, 60, 12)
    arrays[3] = np.repeat(arrays[3][:, :3], 4, axis=1)
    got, want = step(arrays), [part[0].copy() for part in arrays[:3]]
    plain_step(want[0], want[1], want[2], arrays[3][0], arrays[4][0], 0.01)
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one[0], other, rtol=0.0, atol=1e-14 * np.abs(other).max())


@pytest.mark.parametrize("bias", [1.0, -1.0, 0.0])
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_an_inner_weight_zero_is_a_constant_neuron(bias: float, zero: float) -> None:
    arrays = draws(1, 10, 8)
    arrays[0][0, 4], arrays[1][0, 4] = zero, bias
    got, want = step(arrays), [part[0].copy() for part in arrays[:3]]
    plain_step(want[0], want[1], want[2], arrays[3][0], arrays[4][0], 0.01)
    # A neuron that is 0 everywhere has no derivative: its own inner weight and bias may differ.
    neurons = np.arange(10) != 4 if bias == 0.0 else np.full(10, True)
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one[0, neurons], other[neurons], rtol=0.0, atol=1e-14)


def test_a_diverged_member_leaves_the_others_alone() -> None:
    arrays = draws(3, 40, 20)
    healthy = step(arrays)
    for broken in (np.nan, np.inf):
        sick = [part.copy() for part in arrays]
        # Of both signs: a knot that is not a number must not be counted in another member's cells.
        sick[0][0, :7], sick[0][0, 7:14] = broken, np.copysign(broken, -1.0)
        sick[2][1, 3] = broken
        with np.errstate(over="ignore", invalid="ignore"):
            got = step(sick)
        assert not np.isfinite(got[2][:2]).all()
        for one, other in zip(got, healthy, strict=True):
            np.testing.assert_array_equal(one[2], other[2])


@pytest.mark.parametrize("rows", [1, 7, 30])
def test_the_general_step_agrees_on_the_line(rows: int) -> None:
    arrays = draws(1, 80, 30)
    got = step(arrays)
    affine, outer = np.stack((arrays[0][0], arrays[1][0])), arrays[2].copy()
    inputs = np.stack((-arrays[3][0], np.full(30, -1.0)), axis=1)
    buffers = step_buffers(affine, outer, batch=30, rows=rows)
    descend(affine, outer, inputs, arrays[4].T.copy(), factor=0.01, buffers=buffers)
    np.testing.assert_allclose(affine[0], got[0][0], rtol=0.0, atol=1e-14)  # rounding of sums
    np.testing.assert_allclose(affine[1], got[1][0], rtol=0.0, atol=1e-14)
    np.testing.assert_allclose(outer[0], got[2][0], rtol=0.0, atol=1e-14)
