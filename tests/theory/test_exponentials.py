"""The decision for exponential identities: it must say no as readily as yes."""

import pytest
from sympy import E, Expr, Function, Integer, Symbol, exp, log, pi, sqrt, symbols

from theory.exponentials import is_zero_exponential, normal_form, reduce_exponentials

a, b = symbols("a b")
s = Symbol("s", positive=True)


@pytest.mark.parametrize(
    "expr",
    [
        exp(a + b) - exp(a) * exp(b),
        exp(a) ** 3 - exp(3 * a),
        exp(a / 2) ** 2 - exp(a),
        exp(a / 2) ** 3 - exp(a / 6) ** 9,
        exp(-((a - b) ** 2) / (2 * s**2))
        - exp(-(a**2) / (2 * s**2)) * exp(a * b / s**2) * exp(-(b**2) / (2 * s**2)),
        (exp(2 * a) - 1) / (exp(a) - 1) - exp(a) - 1,
        sqrt(2 * pi) * sqrt(2) - 2 * sqrt(pi),
        sqrt(6) - sqrt(2) * sqrt(3),
        1 / sqrt(2) - sqrt(2) / 2,
        sqrt(s) ** 3 - s * sqrt(s),
        E * E - exp(2),
        sqrt(E) ** 2 - E,
        Integer(0),
    ],
)
def test_identities_are_recognised(expr: Expr) -> None:
    assert is_zero_exponential(expr)


@pytest.mark.parametrize(
    "expr",
    [
        exp(a + b) - exp(a) - exp(b),
        exp(a) - exp(2 * a),
        exp(a) - 1 - a - a**2 / 2,
        sqrt(2) * a - Integer(3) / 2 * a,
        sqrt(2) + sqrt(3) - sqrt(5),
        pi - Integer(22) / 7,
        E - Integer(19) / 7,
        exp(sqrt(2) * a) - exp(a) ** 2,
        exp(a / s) - exp(a / s**2),
        Integer(1) / 10**30,
    ],
)
def test_differences_are_recognised(expr: Expr) -> None:
    assert not is_zero_exponential(expr)


def test_normal_form_cancels() -> None:
    assert normal_form((exp(2 * a) - exp(2 * b)) / (exp(a) - exp(b))) == exp(a) + exp(b)


@pytest.mark.parametrize(
    "expr", [exp(1 / (1 + a)), exp(exp(a)), Function("f")(a), a**b, log(a), exp(pi * a), sqrt(a)]
)
def test_what_cannot_be_decided_is_refused(expr: Expr) -> None:
    with pytest.raises(ValueError, match=r"exponent|polynomial|power|no polynomial"):
        is_zero_exponential(expr + a)


def test_open_question_is_refused() -> None:
    with pytest.raises(ValueError, match="mixes pi"):
        is_zero_exponential(pi + E - 6)


def test_size_limit() -> None:
    with pytest.raises(ValueError, match="limit is 10"):
        reduce_exponentials((a + b + s) ** 5 - 1, term_limit=10)


def test_vanishing_denominator() -> None:
    with pytest.raises(ZeroDivisionError):
        is_zero_exponential(1 / (exp(2 * a) - 1 - (exp(a) - 1) * (exp(a) + 1)))
