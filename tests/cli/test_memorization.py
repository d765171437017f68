"""``scoreproof memorization``: copies are found, fresh points are not accused, bad files named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.kernel_density import kernel_width
from numerics.memory_gap import MemoryGap, memory_gap
from proofs_check.memorization import FEWEST, memorization

Run = Callable[..., Any]
Array = NDArray[np.float64]


@pytest.fixture
def files(folder: Path) -> dict[str, Array]:
    rng = np.random.default_rng(1)
    train, original = rng.standard_normal((60, 5)), rng.standard_normal((60, 5))
    sets = {
        "train": train,
        "original": original,
        "fresh": rng.standard_normal((80, 5)),
        "copies": train[rng.integers(0, 60, 80)] + 0.02 * rng.standard_normal((80, 5)),
    }
    for name, points in sets.items():
        np.save(folder / f"{name}.npy", points)
    return sets


def words(generated: str, *more: str) -> tuple[str, ...]:
    return (
        "memorization",
        "--train",
        "train.npy",
        "--generated",
        generated,
        "--original",
        "original.npy",
        *more,
    )


def test_copies_are_found(run: Run, files: dict[str, Array], folder: Path) -> None:
    ended = run(*words("copies.npy", "--json", "out.json"))
    assert (ended.code, ended.err) == (0, "")
    assert "closer to the training set than to fresh points" in ended.out
    found = json.loads((folder / "out.json").read_text())
    assert found["gap"] < 0.0
    assert found["gap_high"] < 0.0
    assert found["gap_p_value"] <= 0.01
    assert found["delta_sign"] == -1
    assert found["copies"] > 0.9
    assert found["copies_fresh"] < 0.1
    assert found["w2_train"] < 0.5 * found["w2_original"]
    assert found["sizes"] == {"train": 60, "generated": 80, "original": 60}


def test_fresh_points_are_not_accused(run: Run, files: dict[str, Array], folder: Path) -> None:
    ended = run(*words("fresh.npy", "--json", "out.json"))
    assert ended.code == 0
    assert "No sign that the training set is closer" in ended.out
    found = json.loads((folder / "out.json").read_text())
    # the seed is fixed; under the null a value this low has probability 0.01
    assert found["gap_p_value"] > 0.01
    assert abs(found["nearer"] - 0.5) < 0.3  # 80 dependent coin flips


def test_the_test_of_memory_has_its_level() -> None:
    """Over many null data sets the p-value is below one fifth about a fifth of the time."""
    rng = np.random.default_rng(3)
    width = kernel_width(20, 3, s_d=1.0)
    low = 0
    for _ in range(150):
        made, train, fresh = rng.standard_normal((3, 20, 3))
        gap = memory_gap(
            rng, made, train, fresh, width=width, width_generated=width, permutations=19
        )
        low += gap.p_value <= 0.2
    # binomial(150, 0.2): mean 30, deviation 4.9; four deviations
    assert 10 <= low <= 50


def test_the_gap_is_what_its_formula_says() -> None:
    rng = np.random.default_rng(4)
    made, train, fresh = (rng.standard_normal((n, 4)) for n in (9, 7, 7))

    def kernel(a: Array, b: Array, variance: float) -> Array:
        squares = ((a[:, None] - b[None]) ** 2).sum(axis=2)
        values: Array = np.exp(-squares / (2 * variance)) / (2 * np.pi * variance) ** 2
        return values

    def distance(points: Array) -> float:
        own = kernel(points, points, 2 * 0.7**2)
        pairs = (own.sum() - np.trace(own)) / 49
        return float(pairs - 2 * kernel(points, made, 0.7**2 + 0.4**2).mean())

    gap = memory_gap(rng, made, train, fresh, width=0.7, width_generated=0.4, permutations=3)
    expected = distance(train) - distance(fresh)
    # some hundred terms of one scale, each good to a few roundings
    assert abs(gap.observed * np.exp(gap.log_scale) - expected) < 1e-13
    swapped = memory_gap(rng, made, fresh, train, width=0.7, width_generated=0.4, permutations=3)
    assert abs(swapped.observed + gap.observed) < 1e-12


def test_blocks_of_any_size_give_the_same_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    from numerics.pair_blocks import PairBlocks

    made, train, fresh = np.random.default_rng(5).standard_normal((3, 11, 4))

    def gap() -> MemoryGap:
        rng = np.random.default_rng(6)
        return memory_gap(rng, made, train, fresh, width=0.7, width_generated=0.4)

    whole = gap()
    monkeypatch.setattr(PairBlocks, "size", 4)
    parts = gap()
    unit = np.exp(parts.log_scale - whole.log_scale)
    # sums of a hundred terms in another order
    np.testing.assert_allclose(parts.null * unit, whole.null, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(parts.bootstrap * unit, whole.bootstrap, rtol=1e-9, atol=1e-13)
    assert parts.p_value == whole.p_value


def test_the_bootstrap_has_the_mean_it_should() -> None:
    rng = np.random.default_rng(7)
    made, train, fresh = rng.standard_normal((3, 12, 3))
    far = made + 100.0
    # without overlaps with the generated set the gap is that of the pairs, which resampling
    # shrinks by 1 - 1/m in the mean
    gap = memory_gap(rng, far, train, fresh, width=0.6, width_generated=0.6, permutations=4000)
    error = float(gap.bootstrap.std()) / np.sqrt(4000)
    assert abs(gap.bootstrap.mean() - gap.observed * 11 / 12) < 4.0 * error


def test_without_original_points_there_is_no_verdict(run: Run, files: dict[str, Array]) -> None:
    ended = run("memorization", "--train", "train.npy", "--generated", "copies.npy")
    assert ended.code == 0
    assert "there is no null" in ended.out
    assert "Delta" not in ended.out


def test_training_points_among_the_original_ones_are_noticed(
    run: Run, files: dict[str, Array], folder: Path
) -> None:
    mixed = np.vstack([files["original"][:40], files["train"][:20]])
    np.save(folder / "original.npy", mixed)
    ended = run(*words("fresh.npy"))
    assert ended.code == 0
    assert "20 original points are training points" in ended.out


def test_units_do_not_matter(files: dict[str, Array]) -> None:
    scale = np.array([1e-3, 1.0, 10.0, 1e4, 7.0])
    sets = (files["train"], files["copies"], files["original"])
    here = memorization(*sets)
    there = memorization(*(points * scale + 5.0 for points in sets))
    # standardising 5 + 1e-3 x loses four digits
    assert abs(here.e_tg - there.e_tg) < 1e-8
    assert abs(here.w2_train - there.w2_train) < 1e-9
    assert here.copies == there.copies


def test_all_kinds_of_files_agree(run: Run, files: dict[str, Array], folder: Path) -> None:
    np.savez(folder / "train.npz", files["train"])
    rows = "\n".join(",".join(repr(float(v)) for v in row) for row in files["train"])
    (folder / "train.csv").write_text("a,b,c,d,e\n" + rows + "\n", encoding="utf-8")
    shown = {
        run("memorization", "--train", name, "--generated", "fresh.npy").out
        for name in ("train.npy", "train.npz", "train.csv")
    }
    assert len(shown) == 1


def _spoilt(name: str) -> Array:
    """Return points with one fault."""
    points = np.random.default_rng(0).standard_normal((20, 5))
    match name:
        case "NaN":
            points[3, 1] = np.nan
        case "infinite":
            points[0, 0] = np.inf
        case "constant column":
            points[:, 2] = 4.0
    sizes = {"few points": FEWEST - 1, "no points": 0}
    columns = 4 if name == "other dimension" else 5
    return points[: sizes.get(name, 20), :columns]


RAW = {
    "damaged": ("bad.npy", b"\x93NUMPY\x01\x00oops"),
    "empty": ("bad.npy", b""),
    "no archive": ("bad.npz", b"PK nothing"),
    "words": ("bad.csv", b"1,2\n3,four\n"),
    "ragged": ("bad.csv", b"1,2\n3\n"),
    "binary text": ("bad.csv", b"\xff\xfe\x00"),
    "unknown kind": ("bad.txt", b"1\n"),
}


def _bad(name: str, folder: Path) -> str:
    """Write a bad file and return its name."""
    good = _spoilt("")
    if name in RAW:
        (folder / RAW[name][0]).write_bytes(RAW[name][1])
        return RAW[name][0]
    match name:
        case "missing":
            return "missing.npy"
        case "folder":
            (folder / "bad.npy").mkdir()
        case "two arrays":
            np.savez(folder / "bad.npz", a=good, b=good)
            return "bad.npz"
        case "pickled":
            np.save(folder / "bad.npy", np.array([{"a": 1}], dtype=object))
        case "complex":
            np.save(folder / "bad.npy", good + 1j)
        case "one axis":
            np.save(folder / "bad.npy", good.ravel())
        case _:
            np.save(folder / "bad.npy", _spoilt(name))
    return "bad.npy"


BAD = {
    "NaN": "has nan in row 4, column 2; give finite numbers",
    "infinite": "has inf in row 1, column 1",
    "constant column": "generated has the same number in all of column 3",
    "few points": f"generated has {FEWEST - 1} points; at least {FEWEST} are needed",
    "no points": "generated has 0 points",
    "other dimension": "generated has 4 columns and train 5",
    "one axis": "has shape 100; give one row for each point",
    "complex": "has entries of type complex128",
    "pickled": "holds Python objects, which are not loaded",
    "damaged": "is damaged or not what its name says",
    "empty": "is damaged or not what its name says",
    "two arrays": "holds 2 arrays (a, b); it must hold one",
    "no archive": "is damaged or not what its name says",
    "words": "line 2 is '3,four'; give numbers",
    "ragged": "line 2 has 1 columns, the first 2",
    "binary text": "is not text",
    "folder": "cannot be read",
    "unknown kind": "is of no known kind; name a .npy, .npz or .csv file",
    "missing": "cannot be read (No such file or directory)",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_line(run: Run, files: dict[str, Array], folder: Path, name: str) -> None:
    ended = run(*words(_bad(name, folder), "--json", "out.json"))
    assert (ended.code, ended.out) == (2, "")
    assert BAD[name] in ended.err
    assert "--generated" in ended.err
    assert ended.err.count("\n") == 1
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--seed", "x"), "--seed: 'x' is not a whole number"),
        (("--json", "train.npy"), "--json: train.npy is the input"),
        (("--json", "no/such/out.json"), "--json: there is no folder"),
    ],
)
def test_bad_words_are_one_line(
    run: Run, files: dict[str, Array], more: tuple[str, ...], said: str
) -> None:
    ended = run(*words("fresh.npy", *more))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_both_sets_of_files_are_needed(run: Run, files: dict[str, Array]) -> None:
    ended = run("memorization", "--train", "train.npy")
    assert ended.code == 2
    assert "--generated" in ended.err
