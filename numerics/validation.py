"""Argument checks shared by every numerical routine: one clear line per fault.

Each check returns its argument as a float or a float64 array, or raises `ValueError` with a single
line that names the argument, says what it was and what would do. It repairs nothing.
"""

from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]


def check_real(value: object, *, name: str) -> float:
    """Return a finite real number as a float.

    Raises
    ------
    ValueError
        If ``value`` is not a real number, is NaN or is infinite.

    Examples
    --------
    >>> check_real(3, name="shift")
    3.0
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not _is_real(value):
        raise ValueError(f"{name} was {_shown(value)}; it must be one real number")
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise ValueError(f"{name} was {number}; it must be a finite number")
    return number


def check_positive(value: object, *, name: str) -> float:
    """Return a finite real number > 0 as a float.

    Raises
    ------
    ValueError
        If ``value`` is not a finite real number or is not > 0.

    Examples
    --------
    >>> check_positive(0.5, name="step")
    0.5
    """
    number = check_real(value, name=name)
    if number <= 0.0:
        raise ValueError(f"{name} was {number}; it must be > 0")
    return number


def check_nonnegative(value: object, *, name: str) -> float:
    """Return a finite real number >= 0 as a float.

    Raises
    ------
    ValueError
        If ``value`` is not a finite real number or is negative.

    Examples
    --------
    >>> check_nonnegative(0, name="ridge")
    0.0
    """
    number = check_real(value, name=name)
    if number < 0.0:
        raise ValueError(f"{name} was {number}; it must be >= 0")
    return number


def check_count(value: object, *, name: str, minimum: int = 1) -> int:
    """Return an integer >= ``minimum`` as an int.

    Raises
    ------
    ValueError
        If ``value`` is not an integer or is too small.

    Examples
    --------
    >>> check_count(np.int64(7), name="draws")
    7
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise ValueError(f"{name} was {_shown(value)}; it must be an integer >= {minimum}")
    count = int(value)
    if count < minimum:
        raise ValueError(f"{name} was {count}; it must be an integer >= {minimum}")
    return count


def check_sigma(sigma: object, *, name: str = "sigma") -> float:
    """Return the noise level, the standard deviation of the noise, as a float > 0.

    Raises
    ------
    ValueError
        If ``sigma`` is not a finite real number > 0 whose sixth power is in the range of float64.

    Examples
    --------
    >>> check_sigma(0.3)
    0.3
    """
    number = check_positive(sigma, name=name)
    if not 1e-50 <= number <= 1e50:
        raise ValueError(f"{name} was {number}; float64 carries sigma^6 only in [1e-50, 1e50]")
    return number


def check_mu(mu: object, *, name: str = "mu") -> float:
    """Return the contraction of the data, a number in (0, 1], as a float.

    The papers take 0 < mu < 1; mu = 1, the start of the diffusion, is allowed as the limit.

    Raises
    ------
    ValueError
        If ``mu`` is not a finite real number in (0, 1].

    Examples
    --------
    >>> check_mu(0.81)
    0.81
    """
    number = check_real(mu, name=name)
    if not 0.0 < number <= 1.0:
        raise ValueError(f"{name} was {number}; it must lie in (0, 1]")
    return number


def check_rng(rng: object, *, name: str = "rng") -> np.random.Generator:
    """Return the random generator unchanged.

    Raises
    ------
    ValueError
        If ``rng`` is a seed, None or anything but a `numpy.random.Generator`.

    Examples
    --------
    >>> check_rng(np.random.default_rng(0)).random() < 1
    True
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"{name} was {_shown(rng)}; pass numpy.random.default_rng(seed)")
    return rng


def check_finite_array(
    values: ArrayLike, *, name: str, ndim: int | None = None, min_size: int = 1
) -> FloatArray:
    """Return real finite values as a float64 array.

    ``ndim`` is the required number of axes (any when None), ``min_size`` the least number of
    entries. An input that already is a float64 array is returned itself: do not write into it.

    Raises
    ------
    ValueError
        If the values are not real, not finite, too few, or have another number of axes.

    Examples
    --------
    >>> check_finite_array([1, 2], name="y")
    array([1., 2.])
    """
    try:
        raw = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} was ragged; it must be an array of real numbers") from error
    if raw.dtype.kind == "O" and all(_is_real(entry) for entry in raw.flat):
        # Exact rationals, as the ledger writes its witnesses, arrive as objects.
        raw = np.array([check_real(entry, name=name) for entry in raw.flat]).reshape(raw.shape)
    if raw.dtype.kind not in "iuf":
        raise ValueError(f"{name} had type {raw.dtype}; it must be an array of real numbers")
    array: FloatArray = raw.astype(np.float64, copy=False)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(
            f"{name} had shape {array.shape}; it must have {_counted(ndim, 'axis', 'axes')}"
        )
    if array.size < min_size:
        raise ValueError(
            f"{name} had {_counted(array.size, 'entry', 'entries')}; it needs at least {min_size}"
        )
    finite = np.isfinite(array)
    if not finite.all():
        first = np.unravel_index(int(np.argmin(finite)), array.shape)
        place = ", ".join(str(int(i)) for i in first)
        where = f"{name}[{place}]" if place else name
        raise ValueError(f"{where} was {array[first]}; every entry must be finite")
    return array


def check_points(y: ArrayLike, *, name: str = "y") -> FloatArray:
    """Return evaluation points on the line, of any shape, as a float64 array.

    Raises
    ------
    ValueError
        If ``y`` is empty, not real or not finite.

    Examples
    --------
    >>> check_points(0.5)
    array(0.5)
    """
    return check_finite_array(y, name=name)


def check_points_nd(y: ArrayLike, dimension: int, *, name: str = "y") -> FloatArray:
    """Return evaluation points in d dimensions, shape (..., d), as a float64 array.

    Raises
    ------
    ValueError
        If ``y`` is empty, not finite, or its last axis does not have length ``dimension``.

    Examples
    --------
    >>> check_points_nd([[0, 1]], 2).shape
    (1, 2)
    """
    points = check_finite_array(y, name=name)
    if points.ndim == 0 or points.shape[-1] != dimension:
        raise ValueError(
            f"{name} had shape {points.shape}; its last axis must have length {dimension}"
        )
    return points


def check_sample(
    x: ArrayLike, *, name: str = "x", distinct: bool = True, min_size: int = 2
) -> FloatArray:
    """Return data on the line, sorted, as a float64 array of shape (n,).

    Refused: repeated points unless ``distinct`` is false, fewer than ``min_size`` points.

    Raises
    ------
    ValueError
        If ``x`` is not one axis of finite reals, is too short, or repeats a point.

    Examples
    --------
    >>> check_sample([2, -1, 0])
    array([-1.,  0.,  2.])
    """
    sample = np.sort(check_finite_array(x, name=name, ndim=1))
    if sample.size < min_size:
        raise ValueError(
            f"{name} had {_counted(sample.size, 'point', 'points')}; it needs at least {min_size}"
        )
    if distinct and sample.size > 1:
        repeated = np.flatnonzero(sample[1:] == sample[:-1])
        if repeated.size:
            raise ValueError(
                f"{name} repeated the point {float(sample[repeated[0]])}; points must be distinct"
            )
    return sample


def check_sample_nd(x: ArrayLike, *, name: str = "x", min_size: int = 2) -> FloatArray:
    """Return data in d dimensions, one point per row, as a float64 array of shape (n, d).

    Raises
    ------
    ValueError
        If ``x`` does not have two axes, has too few rows or no column, or is not finite.

    Examples
    --------
    >>> check_sample_nd([[0, 1], [2, 3]]).shape
    (2, 2)
    """
    sample = check_finite_array(x, name=name, ndim=2)
    if sample.shape[0] < min_size:
        raise ValueError(
            f"{name} had {_counted(len(sample), 'point', 'points')}; it needs at least {min_size}"
        )
    return sample


def check_matrix(
    values: ArrayLike,
    *,
    name: str,
    shape: Sequence[int | None] = (None, None),
    square: bool = False,
) -> FloatArray:
    """Return a finite real matrix as a float64 array.

    ``shape`` holds the required rows and columns, None where free.

    Raises
    ------
    ValueError
        If ``values`` is not a finite real matrix of the required shape.

    Examples
    --------
    >>> check_matrix([[1, 2]], name="a", shape=(None, 2))
    array([[1., 2.]])
    """
    matrix = check_finite_array(values, name=name, ndim=2)
    if any(want is not None and want != got for want, got in zip(shape, matrix.shape, strict=True)):
        wanted = " x ".join("any" if want is None else str(want) for want in shape)
        raise ValueError(f"{name} had shape {matrix.shape}; it must be {wanted}")
    if square and matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name} had shape {matrix.shape}; it must be square")
    return matrix


def check_symmetric(values: ArrayLike, *, name: str) -> FloatArray:
    """Return a symmetric matrix as a float64 array, exactly symmetric.

    Raises
    ------
    ValueError
        If ``values`` differs from its transpose by more than 1e-12 of its largest entry.

    Examples
    --------
    >>> check_symmetric([[2, 1], [1, 2]], name="c").shape
    (2, 2)
    """
    matrix = check_matrix(values, name=name, square=True)
    gap = float(np.abs(matrix - matrix.T).max())
    if gap > 1e-12 * float(np.abs(matrix).max()):
        raise ValueError(f"{name} differed from its transpose by {gap:.3g}; it must be symmetric")
    symmetric: FloatArray = 0.5 * (matrix + matrix.T)
    return symmetric


def check_covariance(values: ArrayLike, *, name: str = "covariance") -> FloatArray:
    """Return a positive definite covariance matrix as a float64 array.

    Raises
    ------
    ValueError
        If ``values`` is not symmetric or is singular to working precision.

    Examples
    --------
    >>> check_covariance([[2, 1], [1, 2]]).shape
    (2, 2)
    """
    matrix = check_symmetric(values, name=name)
    remedy = "it must be positive definite (a small ridge would do)"
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError as error:
        raise ValueError(f"{name} was singular or indefinite; {remedy}") from error
    pivots = np.diagonal(factor) ** 2
    # Below this a pivot is the rounding of the factorisation, not a property of the matrix.
    floor = matrix.shape[0] * np.finfo(np.float64).eps * np.diagonal(matrix)
    if bool((pivots <= floor).any()):
        raise ValueError(f"{name} was singular to working precision; {remedy}")
    return matrix


def check_function(function: object, *, name: str) -> Callable[[FloatArray], ArrayLike]:
    """Return a callable unchanged.

    Raises
    ------
    ValueError
        If ``function`` cannot be called.

    Examples
    --------
    >>> check_function(np.sin, name="score") is np.sin
    True
    """
    if not callable(function):
        raise ValueError(f"{name} was {_shown(function)}; it must be callable on an array")
    return function


def _is_real(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"a {type(value).__name__}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
