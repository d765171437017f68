"""``scoreproof figures``: the same files each time, and theory that is refused if it is false."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.array_blob import encode
from proofs_check.errors import InputError
from proofs_check.figures import verdicts as verdicts_module
from proofs_check.figures.bands import mean_band, quantile_band
from proofs_check.figures.looks import COLOURS, THEORY, style
from proofs_check.figures.page import Page, TheoryRefusedError
from proofs_check.figures.verdicts import claim_verdicts
from proofs_check.recorded import RECORD, Recorded, read_record
from proofs_check.verdict import Verdict

TOY = str(Path(__file__).parents[1] / "experiments" / "toy_experiment.py")

FALSE_FIGURE = """
from dataclasses import replace

from toy_experiment import FIGURE as TRUE


def draw(page, tables):
    (panel,) = page.panels(1)
    panel.theory("A.eq8.interchange", "limit", [0, 1], [1, 1])


FIGURE = replace(TRUE, name="T.false", draw=draw)
"""

FAULTY_FIGURE = """
from dataclasses import replace

from toy_experiment import FAULTY, FIGURE as TRUE


def draw(page, tables):
    (panel,) = page.panels(1)
    panel.points("cells", tables["T.faulty"].column("seed"), tables["T.faulty"].stack("path"))


FIGURE = replace(TRUE, name="T.faulty", experiments=(FAULTY,), claims=(), trends=(), draw=draw)
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compute the cells of the toys once, those that fail too."""
    from concurrent.futures import ThreadPoolExecutor
    from functools import partial

    from numerics.checkpoints import NoCheckpoint
    from numerics.store import Failure, Store
    from numerics.sweep import grid, sweep
    from proofs_check.modules import constant_of_file

    path = tmp_path_factory.mktemp("results") / "r.sqlite"
    with Store(path) as store:
        walk, faulty = (constant_of_file(Path(TOY), name) for name in ("EXPERIMENT", "FAULTY"))
        list(sweep(store, grid(walk, "quick"), partial(ThreadPoolExecutor, 4), window=8))
        for cell in grid(faulty, "quick"):
            if cell.parameters["fault"] == "none":
                blob = encode(faulty.run(cell.parameters, NoCheckpoint()))
                store.commit(cell, blob, seconds=0.0)
            else:
                store.fail(cell, Failure(error="E: made up", trace=""), seconds=0.0)
    return path


@pytest.fixture
def draw(run: Any, folder: Path, results: Path) -> Any:
    """Return a function that draws from the results, without computing a failed cell again."""
    store = folder / "r.sqlite"
    store.write_bytes(results.read_bytes())
    return lambda *words: run("figures", *words, "--store", "r.sqlite", "--skip-failed")


def test_a_figure_computes_what_it_misses_and_is_the_same_each_time(run: Any, folder: Path) -> None:
    first = run("figures", TOY, "--out", "a", "--jobs", "1")
    assert first.code == 0
    assert "10 of 10 cells computed" in first.err
    paper = run("figures", TOY, "--paper", "--out", "a", "--jobs", "1")
    assert "38 of 38 cells computed" in paper.err
    record = json.loads((folder / "a" / "T.fig1.json").read_text())
    assert record["profile"] == "paper"
    assert record["experiments"][0]["finished"] == 48
    for place in ("a", "b"):
        assert run("figures", TOY, "--out", place).err == ""
    names = ["T.fig1.json", "T.fig1.pdf", "T.fig1.png"]
    assert sorted(p.name for p in (folder / "a").iterdir()) == names
    for name in names:
        assert (folder / "a" / name).read_bytes() == (folder / "b" / name).read_bytes()
    assert (folder / "a" / "T.fig1.pdf").read_bytes().startswith(b"%PDF")
    for day in (b"CreationDate", b"matplotlib", b"Matplotlib"):
        assert day not in (folder / "a" / "T.fig1.pdf").read_bytes()
        assert day not in (folder / "a" / "T.fig1.png").read_bytes()


def test_the_record_has_numbers_seeds_claims_and_trends(draw: Any, folder: Path) -> None:
    assert draw(TOY, "--out", "a").code == 0
    record = json.loads((folder / "a" / "T.fig1.json").read_text())
    assert record["profile"] == "quick"
    (experiment,) = record["experiments"]
    assert experiment["finished"] == experiment["cells"] == 10
    assert experiment["parameters"]["seed"] == [0, 1, 2, 3, 4]
    assert len(experiment["digest"]) == 64
    assert record["claims"]["A.eq8.mean"] == {"own": "PROVED", "rolled": "ARGUED"}
    assert record["trends"][0]["seen"] in {"reproduced", "not reproduced"}
    (panel,) = record["panels"]
    kinds = [(row["kind"], row["label"], row.get("claim")) for row in panel["series"]]
    assert kinds == [
        ("line", "rate 0.125", None),
        ("line", "rate 0.5", None),
        ("theory", "limit", "A.eq8.mean"),
    ]
    far, near = panel["series"][1]["y"], panel["series"][0]["y"]
    np.testing.assert_allclose(np.array(far), 4 * np.array(near), rtol=1e-12)  # a walk is linear


def test_false_theory_is_refused(draw: Any, folder: Path) -> None:
    (folder / "false_figure.py").write_text(FALSE_FIGURE)
    ended = draw("false_figure.py", TOY, "--out", "b")
    assert ended.code == 1
    assert (
        "refused: T.false: draws A.eq8.interchange as theory, which is REFUTED; "
        "draw its repair, or nothing"
    ) in ended.out
    # the other figure is drawn
    assert sorted(p.stem for p in (folder / "b").glob("*.json")) == ["T.fig1"]


@pytest.mark.parametrize("verdict", list(Verdict), ids=lambda v: v.name)
@pytest.mark.parametrize("way", ["theory", "level", "threshold"])
def test_theory_is_drawn_from_argued_on(verdict: Verdict, way: str) -> None:
    page = Page("T.x", {"A.x": Recorded(own=Verdict.PROVED, rolled=verdict)})
    (panel,) = page.panels(1)

    def draw() -> None:
        match way:
            case "theory":
                panel.theory("A.x", "limit", [0.0], [1.0])
            case "level":
                panel.level("A.x", "limit", 1.0)
            case "threshold":
                panel.threshold("A.x", "limit", 1.0)

    stands = {Verdict.ARGUED, Verdict.SUPPORTED, Verdict.ENCLOSED, Verdict.PROVED}
    assert page.stands("A.x") == (verdict in stands)
    if verdict in stands:
        draw()
        assert page.record()[0]["series"][0]["claim"] == "A.x"
        _, labels = panel.axes.get_legend_handles_labels()
        assert labels == [f"limit  [A.x: {verdict.name.lower()}]"]
    else:
        with pytest.raises(TheoryRefusedError, match=f"which is {verdict.name}"):
            draw()
        assert page.record()[0]["series"] == []


def test_a_claim_that_the_figure_does_not_name_is_refused() -> None:
    (panel,) = Page("T.x", {}).panels(1)
    with pytest.raises(TheoryRefusedError, match="does not name it among its claims"):
        panel.theory("A.eq8", "limit", [0.0], [1.0])


def test_theory_alone_is_black() -> None:
    assert THEORY not in COLOURS
    assert len(set(COLOURS)) == len(COLOURS)


@pytest.mark.slow  # it builds the ledger
def test_a_claim_without_a_record_is_checked_now(monkeypatch: pytest.MonkeyPatch) -> None:
    record = read_record(RECORD)
    del record["A.excess.pointwise"]
    monkeypatch.setattr(verdicts_module, "read_record", lambda _path: record)
    # proved on a quiet machine; on a busy one its time may be over before
    found = claim_verdicts(["A.excess.pointwise"])["A.excess.pointwise"]
    assert found.own.accepts
    assert found.rolled.accepts
    with pytest.raises(InputError, match=r"^A\.nothing: a figure names this claim"):
        claim_verdicts(["A.nothing"])


def test_failed_cells_are_left_out_and_told(draw: Any, folder: Path) -> None:
    (folder / "faulty_figure.py").write_text(FAULTY_FIGURE)
    ended = draw("faulty_figure.py", "--out", "b")
    assert ended.code == 1
    assert ended.out.count("failed: ") == 3
    record = json.loads((folder / "b" / "T.faulty.json").read_text())
    assert record["experiments"][0] | {"digest": ""} == {
        "name": "T.faulty",
        "says": "faults",
        "version": 1,
        "cells": 6,
        "finished": 3,
        "digest": "",
        "parameters": {"fault": ["none"], "seed": [0, 2, 5]},
    }


def test_a_figure_that_needs_a_failed_cell_says_so(draw: Any, folder: Path) -> None:
    needy = FAULTY_FIGURE.replace(
        "(panel,) = page.panels(1)", 'tables["T.faulty"].where(seed=1).rows[0]'
    )
    (folder / "needy_figure.py").write_text(needy)
    ended = draw("needy_figure.py", "--out", "b")
    assert ended.code == 2
    assert "T.faulty: cannot be drawn while 3 of its cells have no result (IndexErr" in ended.err


def test_the_page_of_trends(draw: Any, folder: Path) -> None:
    ended = draw(TOY, "--out", "a", "--docs", "docs/figures.md")
    assert ended.code == 0
    page = (folder / "docs" / "figures.md").read_text()
    assert "## T.fig1: random walks" in page
    assert "![random walks](images/T.fig1.png)" in page
    assert r"| large rates walk \| farther (a toy) | " in page
    assert "`A.eq8.interchange` refuted" in page
    picture = folder / "docs" / "images" / "T.fig1.png"
    assert 1_000 < picture.stat().st_size < 150_000
    # other figures of the folder stay on the page
    record = json.loads((folder / "a" / "T.fig1.json").read_text())
    (folder / "a" / "T.fig0.json").write_text(json.dumps(record | {"figure": "T.fig0"}))
    draw(TOY, "--out", "a", "--docs", "docs/figures.md")
    assert "## T.fig0: random walks" in (folder / "docs" / "figures.md").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["A.figg1"], "scoreproof: NAME: there is no 'A.figg1'; "),
        (["missing.py"], "scoreproof: missing.py: there is no such file; check the path"),
        (["wrong_figure.py"], "scoreproof: wrong_figure.py: its FIGURE is no Figure; see"),
        ([TOY, "--out", "file"], "scoreproof: --out: file is not a folder; name a folder"),
        ([TOY, "--out", "file/deep"], "scoreproof: --out: file/deep cannot be made ("),
        ([TOY, "--docs", "no/such/f.md"], "scoreproof: --docs: there is no folder no; create it"),
        ([TOY, "--scheduler", "tcp://h:1"], "scoreproof: --scheduler: is for dask; add"),
    ],
    ids=lambda value: " ".join(value)[-30:] if isinstance(value, list) else "",
)
def test_bad_input_is_one_line(words: list[str], said: str, run: Any, folder: Path) -> None:
    (folder / "file").touch()
    (folder / "wrong_figure.py").write_text("FIGURE = 1\n")
    ended = run("figures", *words)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


def test_bands() -> None:
    rng = np.random.default_rng(1)
    values = np.exp(rng.standard_normal((50, 400)))
    plain, log = mean_band(values), mean_band(values, logarithmic=True)
    assert plain.middle.shape == log.low.shape == (400,)
    # 400 intervals of 95 %: the share that holds the truth has standard deviation 1.1 %
    inside = ((log.low <= 1.0) & (log.high >= 1.0)).mean()
    assert 0.92 <= inside <= 0.98
    np.testing.assert_allclose(plain.middle, values.mean(axis=0), rtol=1e-14)
    spread = quantile_band(values, level=0.5)
    share = ((values >= spread.low) & (values <= spread.high)).mean()
    assert abs(share - 0.5) < 0.03
    one = mean_band(values[:1])
    assert (one.low == one.high).all()
    with pytest.raises(ValueError, match="geometric mean needs values > 0"):
        mean_band([[0.0]], logarithmic=True)
    with pytest.raises(ValueError, match="at least one repetition"):
        quantile_band(np.empty((0, 3)))


def test_settings_of_a_user_do_not_enter_a_figure() -> None:
    import matplotlib as mpl

    before = mpl.rcParams["lines.linewidth"]
    with mpl.rc_context({"lines.linewidth": 17.0, "axes.facecolor": "red"}):
        with style():
            assert mpl.rcParams["lines.linewidth"] < 3
            assert mpl.rcParams["axes.facecolor"] == "white"
        assert mpl.rcParams["lines.linewidth"] == 17.0
    assert mpl.rcParams["lines.linewidth"] == before
