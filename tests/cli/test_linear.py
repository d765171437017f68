"""``scoreproof linear``: values, their validity, and bad input."""

import json
import math

import numpy as np
import pytest

from proofs_check.cli import main
from proofs_check.linear_report import VALIDITY, linear_report


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["linear", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_exact_values_on_the_line_are_those_of_quadrature() -> None:
    from numerics.linear_expectations import scalar_expectations

    report = linear_report([4, 7, 12], 1, 0.7, noise_scale=0.4, s_d=1.3)
    for k, n in enumerate((4, 7, 12)):
        found = scalar_expectations(n=n, T=0.7, noise_scale=0.4, s_d=1.3)
        # the quadrature is good to about 1e-11
        assert math.isclose(report.trace[k], found.trace, rel_tol=1e-10)
        assert math.isclose(report.mean_error[k], found.mean_error, rel_tol=1e-10)
        assert math.isclose(report.kl[k], found.kl, rel_tol=1e-9)
        own = found.log_det_weights + found.log_variance_ratio
        assert math.isclose(report.log_det[k], own, rel_tol=1e-9)


def test_infinite_values_are_where_they_belong() -> None:
    report = linear_report(range(7, 16), 10, 1.0)
    infinite = np.isinf(report.trace)
    assert report.n[infinite].tolist() == [10, 11, 12]
    assert report.n[np.isinf(report.kl)].tolist() == list(range(7, 13))
    assert np.isinf(report.kl_reverse).all()
    assert report.n[report.hellinger_squared == 1.0].tolist() == [7, 8, 9, 10]
    assert report.n[np.isneginf(report.log_det)].tolist() == [7, 8, 9, 10]


def test_the_variance_is_right_on_average_at_twice_the_dimension_plus_two() -> None:
    for gamma_time in (0.2, 1.0, 2.0):
        report = linear_report([22], 10, gamma_time)
        # exact algebra up to the last rounding
        assert math.isclose(report.trace[0], 10.0, rel_tol=1e-15)


def test_exact_values_approach_the_limits() -> None:
    gaps = []
    for d in (10, 20, 40):
        report = linear_report([3 * d + 1], d, 0.5)
        gaps.append(abs(report.kl[0] / d - report.limit_kl[0]))
    # the error falls like 1/d
    assert gaps[0] / gaps[1] > 1.7
    assert gaps[1] / gaps[2] > 1.7


def test_the_wasserstein_limit_agrees_with_the_rigorous_enclosure() -> None:
    from flint import fmpq

    from proofs_check.quantities.linear_balls import limiting_wasserstein

    report = linear_report([31, 121], 20, 0.5)
    for k in range(2):
        gamma = fmpq(*float(report.gamma).as_integer_ratio())
        ball = limiting_wasserstein(fmpq(int(report.n[k]) - 1, 20), gamma)
        assert abs(float(ball.mid()) - report.limit_wasserstein_squared[k]) <= float(ball.rad())
        # the enclosure is good to about two digits
        assert float(ball.rad()) < 0.02


def test_the_wasserstein_limit_agrees_with_the_derived_integral() -> None:
    # mean singular values of theory.distance_limits, 12 digits of its tanh-sinh quadrature
    expected = {4: 0.346280796402, 2: 0.790241906864}  # psi = 3 and 1/2
    report = linear_report([4], 1, 2.0)
    assert math.isclose(report.limit_wasserstein_squared[0], expected[4], rel_tol=1e-9)
    report = linear_report([2], 2, 2.0)
    assert math.isclose(report.limit_wasserstein_squared[0], expected[2], rel_tol=1e-9)


def test_the_threshold_separates_the_two_processes() -> None:
    standard = linear_report([61], 20, 2.0)
    code = linear_report([61], 20, 2.0, noise_scale=float(np.exp(-4.0)))
    assert not standard.monotone
    assert code.monotone
    assert math.isclose(code.gamma, np.exp(4.0) / np.expm1(4.0), rel_tol=1e-12)
    # the minimum 0.66163 lies at psi = 2.356, the floor far above
    assert 0.66 < standard.limit_kl[0] < 0.70 < standard.kl_floor


def test_json_has_no_infinity(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--n", "9:12", "30", "--d", "10", "--T", "1", "--json")
    assert code == 0
    document = json.loads(out)
    assert [row["n"] for row in document["rows"]] == [9, 10, 11, 12, 30]
    assert document["rows"][1]["trace"] == "infinite"
    assert document["rows"][4]["hellinger_squared"] is None
    assert document["validity"] == VALIDITY


def test_the_tables_name_what_they_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--n", "22", "--d", "10", "--T", "2", "--noise-scale", "code")
    assert code == 0
    assert "decreases on all of psi > 1" in out
    assert all(text in out for text in VALIDITY.values())


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--n", "1", "--d", "2", "--T", "1"], "--n"),
        (["--n", "5:3", "--d", "2", "--T", "1"], "--n"),
        (["--n", "1:2:3:4", "--d", "2", "--T", "1"], "--n"),
        (["--n", "2:100000000", "--d", "2", "--T", "1"], "--n"),
        (["--n", "5", "--d", "0", "--T", "1"], "--d"),
        (["--n", "5", "--d", "2.5", "--T", "1"], "--d"),
        (["--n", "5", "--d", "2", "--T", "nan"], "--T"),
        (["--n", "5", "--d", "2", "--T", "0"], "--T"),
        (["--n", "5", "--d", "2", "--T", "500"], "T was 500"),
        (["--n", "5", "--d", "2", "--T", "1", "--sd", "-1"], "--sd"),
        (["--n", "5", "--d", "2", "--T", "1", "--noise-scale", "none"], "--noise-scale"),
        (["--d", "2", "--T", "1"], "--n"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    code, out, err = told(capsys, *words)
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert named in err


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"n": []}, "n had shape"),
        ({"n": [2.5]}, "n had the value"),
        ({"n": [1]}, "n had the value"),
        ({"n": [float("nan")]}, "n must hold"),
        ({"d": 0}, "d was"),
        ({"T": float("inf")}, "T was"),
        ({"s_d": 0.0}, "s_d was"),
        ({"noise_scale": -1.0}, "noise_scale was"),
    ],
)
def test_bad_arguments_are_named(changes: dict[str, object], named: str) -> None:
    arguments: dict[str, object] = {"n": [5], "d": 2, "T": 1.0, **changes}
    n, d, T = (arguments.pop(key) for key in ("n", "d", "T"))
    with pytest.raises(ValueError, match=named):
        linear_report(n, d, T, **arguments)  # type: ignore[arg-type]
