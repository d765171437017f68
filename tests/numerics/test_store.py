"""The store keeps arrays bit by bit, in one order, and refuses files that are not its own."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from numerics import store as store_module
from numerics.array_blob import decode, encode
from numerics.checkpoints import FileCheckpoint, NoCheckpoint, checkpoint_file, forget_checkpoint
from numerics.experiments.experiment import Cell, Experiment
from numerics.store import Failure, Store, StoreError

TOY = Experiment(name="T.toy", says="", cells=lambda _: [], run=lambda _p, _c: {})
OTHER = Experiment(name="T.other", says="", cells=lambda _: [], run=lambda _p, _c: {})


def cell(experiment: Experiment = TOY, **parameters: bool | float | str) -> Cell:
    return Cell(experiment=experiment, parameters=parameters)


def same(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Compare names, dtypes, shapes and bytes: NaN payloads and signed zeros count."""
    return a.keys() == b.keys() and all(
        (x.dtype.str, x.shape, x.tobytes()) == (y.dtype.str, y.shape, y.tobytes())
        for x, y in ((np.asarray(a[name]), np.asarray(b[name])) for name in a)
    )


KINDS = ["?", "<i8", ">i4", "<u2", "<f8", ">f8", "<f4", "<f2", "<c16", "<U3", "|S4"]


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.sampled_from(KINDS).flatmap(
            lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0, min_side=0))
        ),
        max_size=3,
    )
)
def test_arrays_come_back_bit_by_bit(arrays: dict[str, Any]) -> None:
    blob = encode(arrays)
    assert same(decode(blob), arrays)
    assert encode(dict(reversed(arrays.items()))) == blob


def test_a_view_is_stored_in_its_own_order() -> None:
    view = np.arange(12.0).reshape(3, 4).T[::2]
    assert decode(encode({"view": view}))["view"].tolist() == view.tolist()


@pytest.mark.parametrize(
    "bad", [np.array([None]), np.array(["2026"], "M8[D]"), np.zeros(2, "f8,i4")]
)
def test_what_is_no_plain_array_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^path was an array of .*; give booleans"):
        encode({"path": bad})


@given(st.data())
def test_a_changed_blob_is_noticed(data: st.DataObject) -> None:
    blob = encode({"y": np.arange(5.0), "name": np.array("x")})
    place = data.draw(st.integers(0, len(blob) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != blob[place]))
    changed = blob[:place] + bytes([other]) + blob[place + 1 :]
    for bad in (changed, blob[:place]):
        with pytest.raises(ValueError, match=r"^blob "):
            decode(bad)


def test_keys_tell_values_and_kinds_apart() -> None:
    cells = [
        cell(eta=1.0),
        cell(eta=1),
        cell(eta=True),
        cell(eta="1"),
        cell(seed=1),
        cell(OTHER, eta=1.0),
        Cell(experiment=Experiment(**(vars(TOY) | {"version": 2})), parameters={"eta": 1.0}),
    ]
    assert len({c.key for c in cells}) == len(cells)
    assert cell(a=1, b=2).key == cell(b=2, a=1).key


@pytest.mark.parametrize("bad", [np.int64(1), None, (1,), float("nan"), float("inf")])
def test_a_parameter_that_json_changes_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match="parameter"):
        _ = cell(eta=bad).key


def test_results_survive_closing_and_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.sqlite"
    with Store(path) as store:
        store.fail(cell(seed=1), Failure(error="E: once", trace="t"), seconds=1.0)
        assert store.failures([cell(seed=1)])[cell(seed=1).key].error == "E: once"
        store.commit(cell(seed=1), encode({"y": [1.0]}), seconds=2.0)
    with Store(path) as store:
        assert store.failures([cell(seed=1)]) == {}
        assert store.done([cell(seed=1), cell(seed=2)]) == {cell(seed=1).key}
        row = next(iter(store.table([cell(seed=1)])))
        assert row["y"].tolist() == [1.0]
        assert row.seconds == 2.0


def test_the_table_has_one_order_and_only_the_cells_asked_for(tmp_path: Path) -> None:
    cells = [cell(eta=eta, seed=seed) for seed in (10, 2) for eta in (0.5, 0.125)]
    digests = set()
    for name, order in (("a", cells), ("b", cells[::-1])):
        with Store(tmp_path / name) as store:
            for c in [*order, cell(eta=9.0, seed=0)]:
                store.commit(c, encode({"y": np.array(c.parameters["seed"])}), seconds=0.0)
            table = store.table(order)
            digests.add(table.digest())
    # by eta, then by seed as a number: as text, 10 comes before 2
    assert [(row.parameters["eta"], row.parameters["seed"]) for row in table] == [
        (0.125, 2),
        (0.125, 10),
        (0.5, 2),
        (0.5, 10),
    ]
    assert len(digests) == 1
    with Store(tmp_path / "a") as store:
        store.commit(cells[0], encode({"y": np.array(10.0)}), seconds=0.0)
        assert store.table(cells).digest() not in digests  # 10 and 10.0 differ in their dtype
        store.forget(cells[:1])
        assert len(store.table(cells)) == 3


def test_stacking_nothing_says_what_to_do(tmp_path: Path) -> None:
    with (
        Store(tmp_path / "r") as store,
        pytest.raises(ValueError, match="no row with y; compute the cells first"),
    ):
        store.table([cell(seed=1)]).stack("y")


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE mine (a)")
    file.close()


def make_newer(path: Path) -> None:
    Store(path).close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("eta,risk\n0.1,2\n" * 100), "is no store of results"),
        (make_foreign, "is a database of another program"),
        (make_newer, "was written by another version"),
        (lambda path: path.mkdir(), "is not a file"),
    ],
)
def test_a_file_of_somebody_else_is_refused_and_not_touched(
    make: Any, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "r.sqlite"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=said) as caught:
        Store(path)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.sqlite"]


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    # what a process leaves behind that is killed while it makes the file
    (tmp_path / "r").touch()
    with Store(tmp_path / "r") as store:
        assert store.done([cell(seed=1)]) == set()


def test_a_lock_of_another_process_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r"
    Store(path).close()
    monkeypatch.setattr(store_module, "PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with Store(path) as store, pytest.raises(StoreError, match="is locked by another process"):
            store.commit(cell(seed=1), encode({}), seconds=0.0)
        other.execute("ROLLBACK")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="is locked by another process"):
            Store(path)
    finally:
        other.close()


def test_a_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with Store(path) as store:
        for seed in range(50):
            store.commit(cell(seed=seed), encode({"y": np.arange(100.0)}), seconds=0.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match=r"is damaged|cannot be used"), Store(path) as store:
        store.table([cell(seed=seed) for seed in range(50)])


def test_a_changed_result_is_noticed(tmp_path: Path) -> None:
    with Store(tmp_path / "r") as store:
        store.commit(cell(seed=1), encode({"y": [1.0]})[:-1] + b"\x00", seconds=0.0)
        with pytest.raises(StoreError, match="is damaged"):
            store.table([cell(seed=1)])


def test_a_checkpoint_is_replaced_whole_and_read_back(tmp_path: Path) -> None:
    path = checkpoint_file(tmp_path / "r.sqlite", "key")
    kept = FileCheckpoint(path, every=0.0)
    assert kept.load() is None
    for block in (1, 2):
        kept.save({"block": np.array(block)})
    assert same(FileCheckpoint(path).load() or {}, {"block": np.array(2)})
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_state_that_comes_too_soon_is_not_written(tmp_path: Path) -> None:
    kept = FileCheckpoint(tmp_path / "c.state", every=3600.0)
    kept.save({"block": np.array(1)})
    assert kept.load() is None


def test_a_folder_that_cannot_be_made_costs_the_checkpoint_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kept = FileCheckpoint(tmp_path / "file" / "c.state", every=0.0)
    assert kept.load() is None
    with pytest.warns(UserWarning, match="no checkpoint is kept"):
        kept.save({"block": np.array(1)})
    kept.save({"block": np.array(2)})  # warned once


def test_a_cut_checkpoint_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "c.state"
    path.write_bytes(encode({"block": np.arange(9.0)})[:-4])
    assert FileCheckpoint(path).load() is None


def test_forgetting_a_checkpoint_takes_the_half_written_ones_along(tmp_path: Path) -> None:
    path = tmp_path / "c.state"
    for name in ("c.state", "c.77.new", "d.77.new"):
        (tmp_path / name).touch()
    forget_checkpoint(path)
    assert [p.name for p in tmp_path.iterdir()] == ["d.77.new"]


def test_committing_removes_the_checkpoint_and_failing_keeps_it(tmp_path: Path) -> None:
    with Store(tmp_path / "r") as store:
        place = checkpoint_file(store.path, cell(seed=1).key)
        FileCheckpoint(place, every=0.0).save({"block": np.array(1)})
        store.fail(cell(seed=1), Failure(error="E", trace=""), seconds=0.0)
        assert place.exists()
        store.commit(cell(seed=1), encode({}), seconds=0.0)
        assert not place.exists()


def test_opening_removes_checkpoints_of_finished_cells_only(tmp_path: Path) -> None:
    with Store(tmp_path / "r") as store:
        store.commit(cell(seed=1), encode({}), seconds=0.0)
        places = [checkpoint_file(store.path, cell(seed=seed).key) for seed in (1, 2)]
        for place in places:
            FileCheckpoint(place, every=0.0).save({"block": np.array(1)})
    Store(tmp_path / "r").close()
    assert [place.exists() for place in places] == [False, True]


def test_no_checkpoint_keeps_nothing() -> None:
    kept = NoCheckpoint()
    kept.save({"block": np.array(1)})
    assert kept.load() is None
