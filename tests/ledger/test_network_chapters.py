"""Paper A, section 3 in the ledger: verdicts, witnesses, and the functionals of networks."""

from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from sympy import Symbol

from proofs_check.balls import precision
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.domains_network import Network, network
from proofs_check.engine import check
from proofs_check.functionals import Functional
from proofs_check.ledger.large_learning_rates.network_setting import EDGE, MIRRORED, net
from proofs_check.ledger.large_learning_rates.setting import X, mu, sigma
from proofs_check.methods.search import RandomChoices
from proofs_check.quantities import network_curvature as entries
from proofs_check.quantities import network_risk as functionals
from proofs_check.quantities.network_variation_balls import kink_weight
from proofs_check.quantities.sharpness_balls import hessian_top, largest_eigenvalue, parts_of
from proofs_check.quantities.weight_function import WeightFunction
from proofs_check.verdict import Verdict

PACKAGE = "proofs_check.ledger.large_learning_rates"
MODULES = (
    "sample_facts",
    "stability",
    "risk_curvature",
    "tangent_bound",
    "knot_bound",
    "knot_windows",
    "sharpness",
    "notebook_sharpness",
)
CLAIMS: dict[str, Claim] = {
    c.id: c for name in MODULES for c in import_module(f"{PACKAGE}.{name}").CLAIMS
}
RECORDED = {
    "A.eq7": Verdict.PROVED,
    "A.eq8": Verdict.PROVED,
    "A.eq8.sum": Verdict.PROVED,
    "A.eq8.interchange": Verdict.REFUTED,
    "A.lem5": Verdict.REFUTED,
    "A.lem5.amended": Verdict.SUPPORTED,
    "A.lem5.twice": Verdict.PROVED,
    "A.prop10": Verdict.REFUTED,
    "A.prop10.P1": Verdict.REFUTED,
    "A.prop10.P2": Verdict.SUPPORTED,
    "A.prop10.amended": Verdict.PROVED,
    "A.prop6": Verdict.SUPPORTED,
    "A.prop6.P4": Verdict.REFUTED,
    "A.prop6.P5": Verdict.REFUTED,
    "A.prop6.P6": Verdict.PROVED,
    "A.prop6.P7": Verdict.REFUTED,
    "A.prop6.amended": Verdict.PROVED,
    "A.code.sharpness": Verdict.REFUTED,
}
"""Claims that are checked in every run, with the verdict of their own evidence."""

NAMES = (
    "NetworkRisk",
    "HessianTop",
    "TruncatedTop",
    "TangentTop",
    "KnotPeak",
    "NetworkVariation",
)


def exact(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(exact(v) for v in value)
    return fmpq(value.numerator, value.denominator)


def rounded(value: Any) -> Any:
    return np.array([float(v) for v in value]) if isinstance(value, tuple) else float(value)


def drawn(seed: str, count: int) -> list[dict[Symbol, Any]]:
    """Return exact points: sample, noise level and a network of up to eight neurons."""
    choices = RandomChoices(seed)
    domain = Network(sample=X, mean_scale=mu, noise=sigma, draw_groups=3)
    samples = ((0, 1), (-1, 0, Fraction(3, 2)), (0, 1, 2, 3))
    found = []
    for _ in range(count):
        point: dict[Symbol, Any] = {
            mu: choices.pick((Fraction(1, 2), Fraction(3, 4))),
            sigma: choices.pick((Fraction(1, 2), Fraction(1, 5))),
            X: tuple(Fraction(v) for v in choices.pick(samples)),
        }
        point[net] = domain.draw(choices, point)
        assert domain.contains(point[net], point)
        found.append(point)
    return found


def rigorous(functional: type[Functional], *values: Any) -> arb:
    assert functional.ball is not None
    return arb(functional.ball(*values))


def faces(name: str, point: Mapping[Symbol, Any]) -> tuple[float, arb]:
    functional = getattr(functionals, name)
    order = (X, mu, sigma, net)
    fast = functional.float64(*(rounded(point[s]) for s in order))
    with precision(128):
        sure = arb(functional.ball(*(exact(point[s]) for s in order)))
    return float(fast), sure


@pytest.mark.parametrize("name", NAMES)
def test_float_and_ball_agree(name: str) -> None:
    for point in drawn(name, 12):
        fast, sure = faces(name, point)
        size = abs(float(sure.mid()))
        # float64 eigenvalues carry 1e-16 of the matrix norm, which a small top value does not show
        assert abs(float(sure.mid()) - fast) <= 1e-9 * size + 1e-11, (name, point)


def test_hessian_entries_are_the_parts() -> None:
    pairs = ((1, 1), (1, 2), (2, 2))
    order = (X, mu, sigma, net)
    for point in drawn("entries", 6):
        one = {**point, net: network((1, 2, point[sigma]), (-1, Fraction(-3, 2), 0))}
        values = tuple(exact(one[s]) for s in order)
        for p, q in (*pairs, (3, 3), (1, 3), (4, 4), (3, 4)):
            whole = rigorous(entries.HessianEntry, *values, p, q, 1)
            parts = rigorous(entries.HessianPart, *values, p, q)
            knots = rigorous(entries.KnotPart, *values, p, q, 0)
            # the expansion carries three coefficients through erfc at 53 bits
            assert abs(float((whole - parts - knots).mid())) <= 1e-9 * (1 + abs(float(parts.mid())))


def test_copies_are_neurons() -> None:
    point = drawn("copies", 1)[0]
    rows = ((1, 2, Fraction(1, 4)), (-1, 3, Fraction(1, 8)))
    together = {**point, net: network(*((*row, 2) for row in rows))}
    apart = {**point, net: network(*rows, *rows)}
    for name in NAMES:
        first, second = faces(name, together), faces(name, apart)
        assert first[0] == pytest.approx(second[0], rel=1e-12)  # the same network for numerics
        assert first[1].overlaps(second[1])
    # every neuron a row of its own: the reduction to groups keeps the largest eigenvalue
    values = tuple(exact(apart[s]) for s in (X, mu, sigma, net))
    whole = largest_eigenvalue(parts_of(*values, merged=False).total())
    assert whole.overlaps(hessian_top(*values))
    assert float((whole - hessian_top(*values)).rad()) < 1e-6 * abs(float(whole.mid()))


def test_largest_eigenvalue_encloses() -> None:
    rng = np.random.default_rng(3)
    for size in (1, 2, 5, 8):
        matrix = rng.standard_normal((size, size))
        matrix = matrix + matrix.T
        top = largest_eigenvalue([[arb(float(v)) for v in row] for row in matrix])
        # numpy is exact to about 1e-15 of the norm, the ball to 2^-26 of it
        assert abs(float(top.mid()) - np.linalg.eigvalsh(matrix)[-1]) < 1e-6
        shifted = largest_eigenvalue(
            [
                [arb(float(v)) + (7 if k == j else 0) for j, v in enumerate(row)]
                for k, row in enumerate(matrix)
            ]
        )
        assert (shifted - top).overlaps(arb(7))


def test_eigenvalues_below_the_floats_are_not_zero() -> None:
    tiny = arb(2) ** -5000
    top = largest_eigenvalue([[tiny, arb(0)], [arb(0), tiny / 2]])
    assert top > tiny / 2
    assert top.overlaps(tiny)


def test_single_networks_have_no_copies() -> None:
    domain = Network(single=True)
    assert not domain.contains(network((1, 2, 3, 2)), {})
    assert domain.contains(network((1, 2, 3)), {})
    assert all(domain.contains(v, {}) for v in domain.corners({}))


def test_witnesses_refute_by_the_definition() -> None:
    tangent, variation = (faces(name, EDGE) for name in ("TangentTop", "NetworkVariation"))
    assert tangent[1] < 2 * variation[1] / 8
    assert tangent[0] < 2 * variation[0] / 8
    assert faces("TangentTop", MIRRORED)[1] < arb("0.1563")


def test_two_routes_to_the_weight_agree() -> None:
    for point in drawn("weight", 8):
        x, scale, noise = (exact(point[s]) for s in (X, mu, sigma))
        for place in (Fraction(0), Fraction(1, 3), point[mu], point[mu] * Fraction(5, 8)):
            first = arb(kink_weight(x, scale, noise, exact(place)))
            second = rigorous(WeightFunction, x, scale, noise, exact(place))
            assert first.overlaps(second)
            assert float((first - second).rad()) < 1e-9  # no empty agreement


def test_equal_neurons_stay_apart_in_entries() -> None:
    point = drawn("apart", 1)[0]
    row = (1, 2, Fraction(1, 4))
    values = tuple(exact(v) for v in (point[X], point[mu], point[sigma], network(row, row)))
    for p, q in ((1, 2), (3, 4), (4, 4)):
        whole = rigorous(entries.HessianEntry, *values, p, q, 1)
        parts = rigorous(entries.HessianPart, *values, p, q)
        knots = rigorous(entries.KnotPart, *values, p, q, 0)
        # as above: second coefficients at 53 bits
        assert abs(float((whole - parts - knots).mid())) <= 1e-9 * (1 + abs(float(parts.mid())))


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recorded_verdict(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    assert result.own is RECORDED[name], result.findings
    assert result.void == ()
    assert all(f.toothless == () for f in result.findings)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CLAIMS) - set(RECORDED)))
def test_every_claim_is_decided(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    assert result.own not in (Verdict.ERROR, Verdict.VACUOUS, Verdict.UNDECIDED), result.findings
    assert result.void == ()
    assert all(f.toothless == () for f in result.findings)
