r"""The empirical optimal score in d dimensions, for explicit small n and d.

.. math:: \nabla s^\star = \frac1{\sigma^2}\Big(-I+\frac{\mu^2}{\sigma^2}\mathrm{Cov}[W]\Big),
   \qquad \partial^2_{bc} s^\star_a = \frac{\mu^3}{\sigma^6}\,\kappa_{abc}[W]

with W the datum behind y, :math:`\alpha_j\propto e^{-\lVert y-\mu x_j\rVert^2/2\sigma^2}`.
"""

from itertools import product

from sympy import Add, Expr, Matrix, Mul, NDimArray, Rational, Symbol, diff, exp, log, pi, symbols
from sympy.tensor.array import ImmutableDenseNDimArray

from theory.symbols import mu, sigma, x

__all__ = [
    "coordinates",
    "mixture_density_nd",
    "optimal_score_nd",
    "posterior_moment_nd",
    "score_gradient",
    "score_second_derivative",
    "third_cumulant",
]


def coordinates(dimension: int) -> tuple[Symbol, ...]:
    """Return the coordinates y_1, ..., y_d of the observation.

    Raises
    ------
    ValueError
        If ``dimension`` is less than 1.

    Examples
    --------
    >>> coordinates(2)
    (y_1, y_2)
    """
    _at_least_one(dimension, "dimension")
    return tuple(symbols(f"y_1:{dimension + 1}", real=True))


def mixture_density_nd(size: int, dimension: int) -> Expr:
    """Return the density of Y = mu X + sigma xi, X uniform on x[1, :], ..., x[n, :].

    Examples
    --------
    >>> mixture_density_nd(1, 2).free_symbols >= {mu, sigma}
    True
    """
    scale = (2 * pi) ** Rational(dimension, 2) * sigma**dimension
    return Add(*_weights(size, dimension)) / (size * scale)


def optimal_score_nd(size: int, dimension: int) -> tuple[Expr, ...]:
    """Return the gradient of log density, one entry per coordinate.

    Notes
    -----
    Claim ``A.x5``.

    Examples
    --------
    >>> len(optimal_score_nd(2, 3))
    3
    """
    logarithm = log(mixture_density_nd(size, dimension))
    return tuple(diff(logarithm, place) for place in coordinates(dimension))


def posterior_moment_nd(size: int, dimension: int, axes: tuple[int, ...]) -> Expr:
    """Return E[prod over axes of (W_a - E W_a)] under the posterior weights.

    One axis gives 0, two a covariance, three an entry of the third cumulant.

    Parameters
    ----------
    size, dimension : int
        n and d.
    axes : tuple of int
        Coordinates, counted from 1.

    Raises
    ------
    ValueError
        If an axis is out of range.

    Examples
    --------
    >>> posterior_moment_nd(1, 2, (1, 2))
    0
    """
    if not all(1 <= axis <= dimension for axis in axes):
        raise ValueError(f"axes was {axes}; each must lie between 1 and {dimension}")
    weights = _weights(size, dimension)
    mass = Add(*weights)
    means = {
        axis: Add(*(x[row, axis] * weight for row, weight in enumerate(weights, 1))) / mass
        for axis in set(axes)
    }
    products = (
        Mul(weight, *(x[row, axis] - means[axis] for axis in axes))
        for row, weight in enumerate(weights, 1)
    )
    return Add(*products) / mass


def score_gradient(size: int, dimension: int) -> Matrix:
    """Return the d x d matrix of derivatives of the score, differentiated from the density.

    Notes
    -----
    Claim ``A.x5``.

    Examples
    --------
    >>> score_gradient(2, 2).shape
    (2, 2)
    """
    score, places = optimal_score_nd(size, dimension), coordinates(dimension)
    return Matrix(dimension, dimension, lambda row, col: diff(score[row], places[col]))


def score_second_derivative(size: int, dimension: int) -> NDimArray:
    """Return the d x d x d array of second derivatives of the score.

    Notes
    -----
    Claim ``A.x5``.

    Examples
    --------
    >>> score_second_derivative(2, 1).shape
    (1, 1, 1)
    """
    gradient, places = score_gradient(size, dimension), coordinates(dimension)
    entries = [
        diff(gradient[first, second], places[third])
        for first, second, third in product(range(dimension), repeat=3)
    ]
    return ImmutableDenseNDimArray(entries, (dimension,) * 3)


def third_cumulant(size: int, dimension: int) -> NDimArray:
    """Return the d x d x d array of third central moments of the posterior.

    Notes
    -----
    Claim ``A.x5``.

    Examples
    --------
    >>> third_cumulant(1, 1)[0, 0, 0]
    0
    """
    entries = [
        posterior_moment_nd(size, dimension, axes)
        for axes in product(range(1, dimension + 1), repeat=3)
    ]
    return ImmutableDenseNDimArray(entries, (dimension,) * 3)


def _weights(size: int, dimension: int) -> tuple[Expr, ...]:
    _at_least_one(size, "size")
    places = coordinates(dimension)
    return tuple(
        exp(
            -Add(*((place - mu * x[row, axis]) ** 2 for axis, place in enumerate(places, 1)))
            / (2 * sigma**2)
        )
        for row in range(1, size + 1)
    )


def _at_least_one(value: int, name: str) -> None:
    if type(value) is not int or value < 1:
        raise ValueError(f"{name} was {value}; it must be an integer of at least 1")
