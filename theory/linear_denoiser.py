"""The linear denoiser: population optimum, law of the fit given the noised data, generated law.

Columns are points in formulas such as :math:`x = b_0+By`; training sets are n x d matrices with
one point per row.
"""

from dataclasses import dataclass

from sympy import (
    Dummy,
    Expr,
    ImmutableMatrix,
    Rational,
    cancel,
    diff,
    expand,
    eye,
    log,
    ones,
    solve,
    zeros,
)

from theory.linear_forward import noised_variance, posterior_variance, shrinkage
from theory.quadratic_exponentials import exponential_moments
from theory.symbols import T, lambda_, s_d

__all__ = [
    "CovarianceWitness",
    "affine_image_law",
    "centre",
    "code_covariance",
    "conditional_weight_law",
    "covariance_witness",
    "fitted_intercept",
    "fitted_weights",
    "population_least_squares",
    "posterior_moments",
]


def population_least_squares(
    a: Expr, data_variance: Expr, noise_variance: Expr, mean: Expr
) -> tuple[Expr, Expr, Expr]:
    r"""Minimise the expected squared error of an affine denoiser on the line.

    .. math:: (\beta_0,\beta) = \arg\min E\,(x-\beta_0-\beta y)^2,\qquad y = ax+q\xi

    The objective is expanded in the moments of :math:`x` and :math:`\xi` and its two normal
    equations are solved. Coordinates of isotropic data are independent, so the optimum in d
    dimensions is this one in every coordinate.

    Parameters
    ----------
    a, data_variance, noise_variance, mean : Expr
        :math:`a`, :math:`s_d^2`, :math:`q^2`, :math:`\mu_0`.

    Returns
    -------
    tuple of Expr
        Slope :math:`\kappa`, intercept, residual variance :math:`\tau^2`.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue; claim ``B.cond``.

    Examples
    --------
    >>> one = Rational(1)
    >>> population_least_squares(one, one, one, one * 0)
    (1/2, 0, 1/2)
    """
    intercept, slope = Dummy("beta_0", real=True), Dummy("beta", real=True)
    # x - b0 - b y = (1 - b a) x - b q xi - b0, with x and xi independent.
    gain = 1 - slope * a
    risk = gain**2 * data_variance + slope**2 * noise_variance + (gain * mean - intercept) ** 2
    solution = solve([diff(risk, intercept), diff(risk, slope)], [intercept, slope], dict=True)[0]
    return (
        cancel(solution[slope]),
        cancel(solution[intercept]),
        cancel(expand(risk.subs(solution))),
    )


def posterior_moments(
    a: Expr, data_variance: Expr, noise_variance: Expr, observed: Expr
) -> tuple[Expr, Expr]:
    r"""Return mean and variance of a centred clean coordinate given its noised value.

    .. math:: p(x\mid y)\propto e^{-x^2/2s_d^2}\,e^{-(y-ax)^2/2q^2}

    by completing the square.

    Parameters
    ----------
    a, data_variance, noise_variance, observed : Expr
        :math:`a`, :math:`s_d^2`, :math:`q^2` and the noised value :math:`y`.

    Returns
    -------
    tuple of Expr
        :math:`\kappa y` and :math:`\tau^2`: the second does not depend on :math:`y`.

    Notes
    -----
    Claim ``B.cond``.

    Examples
    --------
    >>> one = Rational(1)
    >>> posterior_moments(one, one, one, 4 * one)
    (2, 1/2)
    """
    x = Dummy("x", real=True)
    exponent = -(x**2) / (2 * data_variance) - (observed - a * x) ** 2 / (2 * noise_variance)
    first, second = exponential_moments(expand(exponent), [x])
    return cancel(first[x]), cancel(expand(second[x, x] - first[x] ** 2))


def centre(sample: ImmutableMatrix) -> ImmutableMatrix:
    """Subtract the mean of the rows from every row.

    Parameters
    ----------
    sample : Matrix, n x d
        One point per row.

    Returns
    -------
    Matrix, n x d
        Centred sample.

    Examples
    --------
    >>> centre(ImmutableMatrix([[0], [2]]))
    Matrix([
    [-1],
    [ 1]])
    """
    n = sample.rows
    return (eye(n) - ones(n, n) / n).as_immutable() * sample


def fitted_weights(clean: ImmutableMatrix, noised: ImmutableMatrix) -> ImmutableMatrix:
    r"""Return the least-squares weights of a training set, exactly.

    .. math:: B = X_c^\top Y_c(Y_c^\top Y_c)^+ = X_c^\top (Y_c^+)^\top

    Parameters
    ----------
    clean, noised : Matrix, n x d
        Training set with rational entries.

    Returns
    -------
    Matrix, d x d
        The solution of minimum norm.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue.

    Examples
    --------
    >>> fitted_weights(ImmutableMatrix([[0], [1]]), ImmutableMatrix([[0], [2]]))
    Matrix([[1/2]])
    """
    return ImmutableMatrix(centre(clean).T * centre(noised).pinv().T)


def fitted_intercept(clean: ImmutableMatrix, noised: ImmutableMatrix) -> ImmutableMatrix:
    r"""Return the intercept of the least-squares fit.

    .. math:: b_0 = \bar x-B\bar y

    Parameters
    ----------
    clean, noised : Matrix, n x d
        Training set with rational entries.

    Returns
    -------
    Matrix, d x 1
        The intercept.

    Examples
    --------
    >>> fitted_intercept(ImmutableMatrix([[0], [1]]), ImmutableMatrix([[0], [2]]))
    Matrix([[0]])
    """
    average = ones(1, clean.rows) / clean.rows
    mean_x, mean_y = (average * clean).T, (average * noised).T
    return ImmutableMatrix(mean_x - fitted_weights(clean, noised) * mean_y)


def affine_image_law(
    offset: ImmutableMatrix, weights: ImmutableMatrix, mean: ImmutableMatrix, variance: Expr
) -> tuple[ImmutableMatrix, ImmutableMatrix]:
    r"""Return mean and covariance of an affine image of isotropic Gaussian noise.

    .. math:: x = b_0+B(m+s\zeta),\ \zeta\sim N(0,I)\ \Rightarrow\ E\,x = b_0+Bm,\quad
              \mathrm{Cov}(x)_{ij} = s^2\sum_kB_{ik}B_{jk}

    computed entry by entry from :math:`E\,\zeta_k\zeta_l=\delta_{kl}`.

    Parameters
    ----------
    offset, mean : Matrix, d x 1
        :math:`b_0` and the mean of the noise.
    weights : Matrix, d x d
        :math:`B`.
    variance : Expr
        :math:`s^2`.

    Returns
    -------
    tuple of Matrix
        Mean and covariance of the generated law.

    Notes
    -----
    Claim ``B.law``: the covariance is :math:`s^2BB^\top`.

    Examples
    --------
    >>> shift = ImmutableMatrix([[0, 1], [0, 0]])
    >>> affine_image_law(zeros(2, 1), shift, zeros(2, 1), Rational(1))[1]
    Matrix([
    [1, 0],
    [0, 0]])
    """
    d = weights.rows
    covariance = ImmutableMatrix(
        d,
        d,
        lambda i, j: variance * sum(weights[i, k] * weights[j, k] for k in range(weights.cols)),
    )
    return ImmutableMatrix(offset + weights * mean), covariance


def code_covariance(weights: ImmutableMatrix, variance: Expr) -> ImmutableMatrix:
    r"""Return the covariance that the public code assigns to the generated law.

    .. math:: s^2B^\top B

    Parameters
    ----------
    weights : Matrix, d x d
        :math:`B`.
    variance : Expr
        :math:`s^2`.

    Returns
    -------
    Matrix, d x d
        The transposed product: right determinant, trace and spectrum, wrong axes.

    Notes
    -----
    Claim ``B.law`` as said.

    Examples
    --------
    >>> code_covariance(ImmutableMatrix([[0, 1], [0, 0]]), Rational(1))
    Matrix([
    [0, 0],
    [0, 1]])
    """
    return ImmutableMatrix(variance * weights.T * weights)


def conditional_weight_law(
    noised: ImmutableMatrix,
    time: Expr = T,
    noise_scale: Expr = lambda_,
    data_sd: Expr = s_d,
) -> tuple[ImmutableMatrix, ImmutableMatrix]:
    r"""Return the Gaussian law of the weights given the noised data.

    .. math:: B\mid Y:\quad E\,B = \kappa P,\qquad
              \mathrm{Cov}(B_{ik},B_{jl}) = \delta_{ij}\,\tau^2(W^+)_{kl},\qquad P = W^+W

    The weights are linear in the clean data, :math:`B = X_c^\top A` with :math:`A=Y_cW^+`, and
    given :math:`Y` the rows of :math:`X` are independent with mean :math:`\kappa y_i` (up to a
    constant) and covariance :math:`\tau^2I`; both moments are propagated through :math:`A`.

    Parameters
    ----------
    noised : Matrix, n x d
        Noised data with rational entries.
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    tuple of Matrix
        Mean of :math:`B` and the covariance of one of its (independent) rows, both d x d.

    Notes
    -----
    Claim ``B.cond``.

    Examples
    --------
    >>> mean, row = conditional_weight_law(ImmutableMatrix([[-1], [1]]), noise_scale=1, data_sd=1)
    >>> row.simplify()
    Matrix([[1/2 - exp(-2*T)/2]])
    """
    rows = centre(noised)
    # (Y^T Y)^+ Y^T = Y^+, so A = (Y^+)^T; centring A again changes nothing.
    lever = ImmutableMatrix(rows.pinv().T)
    slope = shrinkage(time, noise_scale, data_sd)
    mean = ImmutableMatrix(slope * rows.T * lever)
    spread = centre(lever)
    row = ImmutableMatrix(posterior_variance(time, noise_scale, data_sd) * spread.T * spread)
    return mean, row


@dataclass(frozen=True, kw_only=True)
class CovarianceWitness:
    """A training set whose generated law has not the covariance that the code gives it.

    Attributes
    ----------
    clean, noised : Matrix, 3 x 2
        The training set.
    generated, code : Matrix, 2 x 2
        Covariance of the generated law, and the one of the code, at ``variance``.
    variance : Expr
        The variance :math:`s^2` that generation starts from.
    """

    clean: ImmutableMatrix
    noised: ImmutableMatrix
    generated: ImmutableMatrix
    code: ImmutableMatrix
    variance: Expr


def covariance_witness() -> CovarianceWitness:
    r"""Return an exact training set that separates the two covariances.

    Three points in the plane, :math:`T=\log2`, :math:`\lambda=4/3`, :math:`s_d=1`, so that
    :math:`a=1/2`, :math:`q^2=1`, :math:`s^2=5/4`. Every training set has a positive density.

    Returns
    -------
    CovarianceWitness
        :math:`\Sigma_G=\frac54\begin{pmatrix}2&1\\1&1\end{pmatrix}` against
        :math:`\frac54\begin{pmatrix}1&1\\1&2\end{pmatrix}`.

    Notes
    -----
    Claim ``B.law`` as said.

    Examples
    --------
    >>> witness = covariance_witness()
    >>> witness.generated == witness.code, witness.generated.det() == witness.code.det()
    (False, True)
    """
    clean = ImmutableMatrix([[1, 0], [1, 1], [-2, -1]])
    noised = ImmutableMatrix([[1, 0], [0, 1], [-1, -1]])
    weights = fitted_weights(clean, noised)
    variance = noised_variance(T, Rational(4, 3), Rational(1)).subs(T, log(2))
    variance = Rational(variance.simplify())
    origin = zeros(2, 1)
    return CovarianceWitness(
        clean=clean,
        noised=noised,
        generated=affine_image_law(origin, weights, origin, variance)[1],
        code=code_covariance(weights, variance),
        variance=variance,
    )
