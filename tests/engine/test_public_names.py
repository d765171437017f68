"""The names for users: lazy, complete, and what they promise in a test suite."""

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from scipy import linalg
from sympy import Symbol

import proofs_check
from proofs_check import (
    Branch,
    Claim,
    From,
    LedgerError,
    Real,
    Search,
    Steps,
    Verdict,
    assert_holds,
    flip,
    ge,
    le,
    strategies,
)

Make = Callable[..., Claim]
a, b = Symbol("a", real=True), Symbol("b", real=True)
quick = settings(phases=(Phase.generate,), max_examples=2000, database=None)
few = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", sorted(proofs_check.__all__))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(proofs_check, name) is not None
    assert name in dir(proofs_check)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'prove'"):
        _ = proofs_check.prove  # type: ignore[attr-defined]


def printed(script: str) -> str:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_no_module_hides_a_public_name() -> None:
    # importing a submodule binds its name in the package
    script = (
        "import importlib, pkgutil, types, proofs_check\n"
        "names = [m.name for m in pkgutil.iter_modules(proofs_check.__path__)]\n"
        "print(sorted(set(names) & set(proofs_check.__all__)))\n"
    )
    assert printed(script) == "['strategies']"


def test_the_package_itself_imports_nothing_heavy() -> None:
    script = (
        "import sys, proofs_check\n"
        "heavy = {'sympy', 'numpy', 'scipy', 'flint', 'hypothesis', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert printed(script) == "[]"


def test_assert_holds_returns_the_result(claim: Make) -> None:
    made = claim(a**2, ">=", 0, given={a: Real()}, evidence=(Search(),), broken=(flip(),))
    assert assert_holds(made).own is Verdict.SUPPORTED
    with pytest.raises(AssertionError, match="wanted      PROVED or better") as caught:
        assert_holds(made, at_least=Verdict.PROVED)
    assert "search      no failure at" in str(caught.value)


def test_assert_holds_shows_hypotheses_and_witness(claim: Make) -> None:
    made = claim(
        a, "<=", 1, given={a: Real()}, where=(le(a, 2),), evidence=(Search(),), broken=(flip(),)
    )
    with pytest.raises(AssertionError) as caught:
        assert_holds(made)
    text = str(caught.value)
    assert "statement   a <= 1" in text
    assert "where       a <= 2" in text
    assert "verdict     REFUTED" in text
    assert "witness     a = 2: left side 2, right side 1" in text


def test_assert_holds_rolls_up(claim: Make) -> None:
    child = claim(a, ">=", 0, id="c", given={a: Real()}, evidence=(Search(),), broken=(flip(),))
    steps = Steps(branches=(Branch(parts=(From(claim="c"),)),))
    parent = claim(a, ">=", 0, id="p", given={a: Real()}, evidence=(steps,), broken=(flip(),))
    with pytest.raises(
        AssertionError, match="alone       PROVED; a claim that it rests on is weaker"
    ):
        assert_holds(parent, claims=[child])
    with pytest.raises(LedgerError, match="p: uses 'c'"):
        assert_holds(parent)


def test_assert_holds_says_when_a_method_has_no_teeth(claim: Make) -> None:
    harmless = claim(a**2, ">=", 0, given={a: Real()}, evidence=(Search(),), broken=(flip(),))
    from proofs_check import restate

    weak = claim(
        a**2,
        ">=",
        0,
        given={a: Real()},
        evidence=(Search(),),
        broken=(restate("even weaker", rhs=-1),),
    )
    assert assert_holds(harmless).own is Verdict.SUPPORTED
    with pytest.raises(AssertionError, match="does not count: it accepts 'even weaker'"):
        assert_holds(weak)


# strategies


@given(st.data())
@few
def test_samples_are_ordered_and_spaced(data: st.DataObject) -> None:
    least = data.draw(st.integers(1, 4))
    spacing = data.draw(st.fractions(0, 3))
    sample = data.draw(strategies.samples(min_size=least, max_size=6, spacing=spacing))
    assert least <= len(sample) <= 6
    gaps = [y - x for x, y in pairwise(sample)]
    assert all(g > 0 and g >= spacing for g in gaps)
    assert all(isinstance(v, Fraction) for v in sample)


def test_samples_reach_the_least_spacing_and_beyond() -> None:
    tight = find(strategies.samples(spacing=1), lambda x: x[1] - x[0] == 1, settings=quick)
    assert tight[1] - tight[0] == 1
    assert find(strategies.samples(), lambda x: x[0] < -5, settings=quick)
    assert find(
        strategies.samples(min_size=3), lambda x: x[2] - x[1] != x[1] - x[0], settings=quick
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_size": 0}, "min_size was 0"),
        ({"min_size": 3, "max_size": 2}, "max_size was 2"),
        ({"spacing": -1}, "spacing was -1"),
    ],
)
def test_samples_that_cannot_be_drawn(options: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find(strategies.samples(**options), lambda _: True, settings=quick)


@given(strategies.noise_levels())
@few
def test_noise_levels_lie_inside(level: strategies.NoiseLevel) -> None:
    assert 0 < level.mu < 1
    assert 0 < level.sigma < 1
    assert level.time > 0


@given(strategies.noise_levels(circle=True))
@few
def test_noise_levels_on_the_circle_are_exact(level: strategies.NoiseLevel) -> None:
    assert level.mu**2 + level.sigma**2 == 1
    # the diffusion's variance at the level's own time, in float64 with a condition number near 1
    assert float(level.sigma) ** 2 == pytest.approx(-np.expm1(-2 * level.time), rel=1e-9)


def test_both_kinds_of_noise_levels_are_drawn() -> None:
    assert find(strategies.noise_levels(), lambda v: v.mu**2 + v.sigma**2 == 1, settings=quick)
    assert find(strategies.noise_levels(), lambda v: v.mu**2 + v.sigma**2 != 1, settings=quick)
    assert find(
        strategies.noise_levels(circle=False), lambda v: v.sigma < Fraction(1, 1000), settings=quick
    )
    assert find(
        strategies.noise_levels(circle=True), lambda v: v.mu < Fraction(1, 1000), settings=quick
    )


@given(strategies.diffusion_pairs())
@few
def test_diffusion_pairs(pair: tuple[float, float, float]) -> None:
    time, mu, sigma = pair
    assert 1e-8 <= time <= 10
    # one rounding in each of exp, expm1, the root and two squares
    assert mu**2 + sigma**2 == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("options", [{"min_time": 0.0}, {"min_time": 2.0, "max_time": 1.0}])
def test_diffusion_pairs_need_positive_times(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="give 0 < min <= max"):
        strategies.diffusion_pairs(**options)


@given(st.integers(1, 5).flatmap(strategies.gaussians))
@few
def test_gaussians_are_symmetric_and_positive_definite(law: strategies.Gaussian) -> None:
    d = len(law.mean)
    mean, covariance = law.float64()
    assert mean.shape == (d,)
    assert covariance.shape == (d, d)
    assert all(law.covariance[i][k] == law.covariance[k][i] for i in range(d) for k in range(d))
    linalg.cholesky(covariance)
    assert exact_minors_are_positive(law.covariance)


def exact_minors_are_positive(rows: tuple[tuple[Fraction, ...], ...]) -> bool:
    left = [list(row) for row in rows]
    for k in range(len(left)):
        if left[k][k] <= 0:
            return False
        for i in range(k + 1, len(left)):
            factor = left[i][k] / left[k][k]
            left[i] = [u - factor * v for u, v in zip(left[i], left[k], strict=True)]
    return True


def test_gaussians_need_a_dimension() -> None:
    with pytest.raises(ValueError, match="dimension was 0"):
        find(strategies.gaussians(0), lambda _: True, settings=quick)


def test_points_meet_the_hypotheses(claim: Make) -> None:
    made = claim(a, "<=", b, given={a: Real(lo=0), b: Real(lo=a)}, where=(ge(b, 2 * a), le(a, 5)))

    @given(strategies.points(made))
    @few
    def check(point: dict[Symbol, Fraction]) -> None:
        assert 0 <= point[a] <= 5
        assert point[b] >= 2 * point[a]

    check()
