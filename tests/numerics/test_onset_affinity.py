"""The fast affinity bound against the full law of the model."""

import math

import numpy as np
import pytest

from numerics.linear_denoiser import fit_linear_denoiser, generated_law
from numerics.linear_simulation import divergences_to_isotropic
from numerics.onset_affinity import log_affinity_bounds

SETTING = {"T": 0.8, "noise_scale": 0.7}


def test_the_bound_is_the_affinity_without_the_mean() -> None:
    n, d = 12, 5
    found = log_affinity_bounds(np.random.default_rng(3), 4, n=n, d=d, **SETTING)
    rng = np.random.default_rng(3)
    for bound in found:
        clean = rng.standard_normal((n, d))
        noise = rng.standard_normal((n, d))
        noised = math.exp(-0.8) * clean + math.sqrt(0.7 * -math.expm1(-1.6)) * noise
        law = generated_law(
            fit_linear_denoiser(clean, noised), clean, T=0.8, noise_scale=0.7, s_d=1.0
        )
        centred = divergences_to_isotropic(np.zeros(d), law.factor, rank=d)[3]
        full = divergences_to_isotropic(law.mean, law.factor, rank=d)[3]
        # normal equations against a singular value decomposition, condition below 1e3
        assert math.isclose(bound, centred, rel_tol=1e-9)
        assert bound >= full


def test_an_exact_test_refutes_the_drop_at_the_onset() -> None:
    # Under E H^2 <= 0.98 the product of H^2/0.98 over independent draws has mean at most one, so
    # it exceeds 1/p with probability at most p (Markov): no asymptotics, no moment but the first.
    noise_scale = 1.0 / (163.0 / 160.0 * math.expm1(4.0))
    logs = log_affinity_bounds(
        np.random.default_rng(0), 400, n=126, d=100, T=2.0, noise_scale=noise_scale
    )
    evidence = float(np.log1p(-np.exp(logs)).sum()) - logs.size * math.log(0.98)
    # 400 draws near H^2 = 1 give 400 * 0.0202 = 8.08: p below 1/3000
    assert evidence > 8.0
    assert float(logs.max()) < math.log(1e-6)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 5}, "n was 5"),
        ({"count": 0}, "count was 0"),
        ({"T": -1.0}, "T was -1.0"),
        ({"noise_scale": 0.0}, "noise_scale was 0.0"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, float], message: str) -> None:
    arguments = {"count": 2, "n": 9, "d": 5, **SETTING, **changes}
    count = arguments.pop("count")
    with pytest.raises(ValueError, match=message):
        log_affinity_bounds(np.random.default_rng(0), count, **arguments)  # type: ignore[arg-type]
