"""Paper A beyond the paper: the derivatives of the optimal score in several dimensions."""

from itertools import product
from typing import Final

from sympy import Expr, Integer, Symbol

from proofs_check.broken import Broken, scale, swap
from proofs_check.claim import Claim, Kind, Rel, Source
from proofs_check.domains import reals
from proofs_check.evidence import Search, Symbolic
from proofs_check.functionals import Functional, functional
from proofs_check.ledger.large_learning_rates.setting import MU, SIGMA
from theory.symbols import mu, sigma
from theory.symbols import x as datum

__all__ = ["CLAIMS"]

POINTS: Final = 2
DIMENSION: Final = 2
_source = Source("A", "equation 9 in dimension d")
_data = tuple(
    Symbol(f"x_{row}{axis}", real=True)
    for row, axis in product(range(1, POINTS + 1), range(1, DIMENSION + 1))
)
_place = tuple(Symbol(f"y_{axis}", real=True) for axis in range(1, DIMENSION + 1))
_given = {mu: MU, sigma: SIGMA, **dict.fromkeys((*_data, *_place), reals)}
_arguments = (mu, sigma, *_data, *_place)


def _unfolded(build: object, *axes: int) -> object:
    """Return an unfolding by a derivation of `theory.empirical_score_nd` for two planar data."""

    def unfold(mean_scale: Expr, noise: Expr, *rest: Expr) -> Expr:
        expr: Expr = build(*axes)  # type: ignore[operator]
        names = [datum[r, a] for r, a in product((1, 2), (1, 2))]
        table = dict(zip(names, rest[:4], strict=True)) | dict(zip(_place, rest[4:], strict=True))
        return expr.subs({mu: mean_scale, sigma: noise, **table}, simultaneous=True)

    return unfold


def _named(name: str, latex: str, build: object, *axes: int) -> type[Functional]:
    return functional(
        name + "".join(str(a) for a in axes),
        nargs=len(_arguments),
        latex=latex,
        unfold=_unfolded(build, *axes),  # type: ignore[arg-type]
    )


def _slope(*axes: int) -> Expr:
    from theory.empirical_score_nd import score_gradient

    return score_gradient(POINTS, DIMENSION)[axes[0] - 1, axes[1] - 1]


def _curvature(*axes: int) -> Expr:
    from theory.empirical_score_nd import score_second_derivative

    entry: Expr = score_second_derivative(POINTS, DIMENSION)[tuple(a - 1 for a in axes)]
    return entry


def _moment(*axes: int) -> Expr:
    from theory.empirical_score_nd import posterior_moment_nd

    return posterior_moment_nd(POINTS, DIMENSION, axes)


def _gradient_claim(first: int, second: int) -> Claim:
    slope = _named("ScoreSlope", rf"\partial_{second}s^\star_{first}", _slope, first, second)
    moment = _named(
        "Covariance", rf"\mathrm{{{{Cov}}}}_{{{{{first}{second}}}}}", _moment, first, second
    )
    covariance = moment(*_arguments)
    same = Integer(1 if first == second else 0)
    broken: tuple[Broken, ...] = (
        scale("rhs", 2),
        swap(mu**2, mu, "mu for its square"),
        swap(covariance, -covariance, "covariance with the wrong sign"),
    )
    return Claim(
        id=f"A.x5.gradient.{first}{second}",
        kind=Kind.DERIVED,
        says="The Jacobian of the optimal score is an affine function of the posterior covariance.",
        source=_source,
        given=_given,
        lhs=slope(*_arguments),
        rel=Rel.EQ,
        rhs=(-same + mu**2 / sigma**2 * covariance) / sigma**2,
        evidence=(Symbolic(), Search(examples=60)),
        broken=broken,
        printed=r"\nabla s^\star=\tfrac1{\sigma^2}"
        r"\big(-I+\tfrac{\mu^2}{\sigma^2}\mathrm{Cov}[W]\big)",
        note="One entry, for two data points in the plane.",
    )


def _third_claim(*axes: int) -> Claim:
    tag = "".join(str(a) for a in axes)
    curvature = _named("ScoreCurvature", rf"\partial^2 s^\star_{{{{{tag}}}}}", _curvature, *axes)
    moment = _named("ThirdCumulant", rf"\kappa_{{{{{tag}}}}}", _moment, *axes)
    return Claim(
        id=f"A.x5.third.{tag}",
        kind=Kind.DERIVED,
        says="The second derivatives of the optimal score are third posterior cumulants.",
        source=_source,
        given=_given,
        lhs=curvature(*_arguments),
        rel=Rel.EQ,
        rhs=mu**3 / sigma**6 * moment(*_arguments),
        evidence=(Symbolic(), Search(examples=60)),
        broken=(scale("rhs", 2), scale("rhs", sigma**2, "sigma^4"), scale("rhs", -1, "wrong sign")),
        printed=r"\partial^2_{bc}s^\star_a=\tfrac{\mu^3}{\sigma^6}\kappa_{abc}[W]",
        note="One entry, for two data points in the plane.",
    )


CLAIMS: Final = (
    _gradient_claim(1, 1),
    _gradient_claim(1, 2),
    _third_claim(1, 1, 1),
    _third_claim(1, 1, 2),
)
