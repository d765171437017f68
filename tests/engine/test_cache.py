"""Kept results: what is unchanged is not checked again, and what is changed always is."""

import pickle
import random
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Expr, Integer, Rational, Symbol, exp

from proofs_check import pool
from proofs_check.broken import flip, scale
from proofs_check.cache import DOCUMENTS, Cache, default_path
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.domains import reals
from proofs_check.engine import Result, check, run_context
from proofs_check.evidence import Branch as Way
from proofs_check.evidence import Enclosure, From, MonteCarlo, Search, Steps
from proofs_check.fingerprint import fingerprint
from proofs_check.functionals import functional
from proofs_check.ledger import load
from proofs_check.loading import Claims, Origin
from proofs_check.methods.steps import children
from proofs_check.report.build import build
from proofs_check.report.document import Document
from proofs_check.sources import project_fingerprint
from proofs_check.verdict import Finding, Verdict

a = Symbol("a", real=True)


def made(name: str = "exp", **parts: Any) -> Claim:
    parts.setdefault("says", "exp lies above its tangent")
    parts.setdefault("given", {a: reals})
    parts.setdefault("lhs", exp(a))
    parts.setdefault("rel", ">=")
    parts.setdefault("rhs", 1 + a)
    parts.setdefault("evidence", (Enclosure(),))
    parts.setdefault("broken", (scale("rhs", Rational(101, 100)),))
    return Claim(id=name, **parts)


def print_of(claim: Claim, **settings: Any) -> str:
    return fingerprint(claim, Context(**settings))


def noise(rng: Any, count: int) -> Any:
    return rng.standard_normal(count)


def other_noise(rng: Any, count: int) -> Any:
    return 1 + rng.standard_normal(count)


CHANGES: Mapping[str, dict[str, Any]] = {
    "statement": {"rhs": 1 + a + a**2 / 1000},
    "relation": {"rel": ">"},
    "domain": {"given": {a: replace(reals, hi=Rational(5))}},
    "evidence": {"evidence": (Enclosure(max_boxes=7),)},
    "method": {"evidence": (Search(),)},
    "broken": {"broken": (flip(),)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_decides_a_result_changes_the_fingerprint(change: str) -> None:
    parts = CHANGES[change]
    assert print_of(made(**parts)) != print_of(made())


@pytest.mark.parametrize("parts", [{"says": "x"}, {"note": "x"}, {"uses": ()}, {"printed": "x"}])
def test_prose_does_not(parts: dict[str, Any]) -> None:
    assert print_of(made(**parts)) == print_of(made())


def test_the_code_of_an_evaluator_is_in_it() -> None:
    def claim(value: int) -> Claim:
        thing = functional("thing", nargs=1, ball=lambda v: v * value)
        return made(lhs=thing(a), rhs=thing(a), rel="==")

    assert print_of(claim(2)) == print_of(claim(2))
    assert print_of(claim(2)) != print_of(claim(3))


def test_the_code_of_a_definition_is_in_it() -> None:
    def claim(value: int) -> Claim:
        thing = functional("thing", nargs=1, unfold=lambda v: v * value)
        return made(lhs=thing(a), rhs=thing(a), rel="==")

    assert print_of(claim(2)) == print_of(claim(2))
    assert print_of(claim(2)) != print_of(claim(3))


def test_a_definition_is_derived_once_for_equal_arguments_of_one_kind() -> None:
    asked: list[Any] = []

    def unfold(value: Any) -> Any:
        asked.append(value)
        return value + 1

    thing = functional("thing", nargs=1, unfold=unfold)
    other = functional("other", nargs=1, unfold=lambda v: v)
    results = [f.unfold(v) for f in (thing, other) for v in (a, a, Symbol("a"), Integer(1), 1)]  # type: ignore[misc]
    assert results == [a + 1, a + 1, Symbol("a") + 1, 2, 2, a, a, Symbol("a"), 1, 1]
    assert asked == [a, Symbol("a"), 1, 1]


def test_the_code_of_a_simulation_is_in_it() -> None:
    def claim(replicates: Any) -> Claim:
        evidence = MonteCarlo(replicates=replicates, at=({},), margin=Rational(1, 2), count=100)
        return made(
            given={},
            lhs=Integer(0),
            rhs=Integer(0),
            rel="==",
            evidence=(evidence,),
            broken=(scale("lhs", 2),),
        )

    assert print_of(claim(noise)) != print_of(claim(other_noise))
    assert print_of(claim(noise), level=1e-3) != print_of(claim(noise), level=1e-4)
    # a level says nothing of a claim that is not simulated
    assert print_of(made(), level=1e-3) == print_of(made(), level=1e-4)


def test_seed_and_profile_are_in_it() -> None:
    assert len({print_of(made()), print_of(made(), seed=1), print_of(made(), full=True)}) == 3


def test_kept_results_come_back_whole(tmp_path: Path) -> None:
    result = check(made(evidence=(Enclosure(), Search(examples=5, hypothesis_examples=0))))
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put("key", result)
    with Cache(tmp_path / "r.sqlite") as cache:
        assert cache.get("key") == result
        assert cache.get("another") is None


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.UNDECIDED])
def test_what_time_or_a_crash_may_have_decided_is_not_kept(
    verdict: Verdict, tmp_path: Path
) -> None:
    finding = Finding(method="run", verdict=verdict, detail="")
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put("key", Result(id="x", own=verdict, findings=(finding,)))
        assert cache.get("key") is None


def test_only_the_newest_results_of_a_claim_are_kept(tmp_path: Path) -> None:
    result = Result(id="x", own=Verdict.PROVED, findings=())
    with Cache(tmp_path / "r.sqlite") as cache:
        for k in range(20):
            cache.put(f"key {k}", result)
        assert [k for k in range(20) if cache.get(f"key {k}") is not None] == list(range(12, 20))


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_text("these are somebody's notes, not a data base at all\n" * 50)
    with Cache(path) as cache:
        assert cache.get("key") is None
        cache.put("key", Result(id="x", own=Verdict.PROVED, findings=()))
        assert "--no-cache" in cache.fault
    assert path.read_text().startswith("these are")


def test_a_place_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Cache(tmp_path / "file" / "r.sqlite") as cache:
        assert cache.get("key") is None
        assert cache.fault


class Malicious:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("touched"),))


@pytest.mark.parametrize("blob", [b"", b"nonsense", pickle.dumps(Malicious())])
def test_a_blob_that_is_no_result_is_not_followed(
    blob: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put("key", Result(id="x", own=Verdict.PROVED, findings=()))
    with sqlite3.connect(tmp_path / "r.sqlite") as file:
        file.execute("UPDATE results SET result = ?", (zlib.compress(blob) if blob else blob,))
    file.close()
    with Cache(tmp_path / "r.sqlite") as cache:
        assert cache.get("key") is None
    assert not (tmp_path / "touched").exists()


def page(own: Verdict = Verdict.PROVED) -> Document:
    claims = Claims(by_id={"exp": made()}, mine=frozenset(), origin=Origin())
    document = build(claims, pool.run(claims, ["exp"]), {})
    return replace(document, entries=tuple(replace(e, own=own) for e in document.entries))


def test_a_kept_document_comes_back_whole(tmp_path: Path) -> None:
    whole = page()
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put_document("key", whole)
    with Cache(tmp_path / "r.sqlite") as cache:
        assert cache.get_document("key") == whole
        assert cache.get_document("other") is None
        assert cache.get("key") is None


@pytest.mark.parametrize("own", [Verdict.ERROR, Verdict.UNDECIDED])
def test_a_document_that_time_or_a_crash_may_have_decided_is_not_kept(
    own: Verdict, tmp_path: Path
) -> None:
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put_document("key", page(own))
        assert cache.get_document("key") is None


def test_only_the_newest_documents_are_kept(tmp_path: Path) -> None:
    whole = page()
    with Cache(tmp_path / "r.sqlite") as cache:
        for k in range(DOCUMENTS + 2):
            cache.put_document(f"key {k}", whole)
        kept = [cache.get_document(f"key {k}") is not None for k in range(DOCUMENTS + 2)]
    assert kept == [False] * 2 + [True] * DOCUMENTS


def test_a_document_reaches_no_further_than_its_records(tmp_path: Path) -> None:
    # protocol 4 follows dots: the names that a module imports would lead anywhere
    blob = b"\x80\x04\x8c\x1cproofs_check.report.document\x8c\x04enum\x93."
    assert pickle.loads(blob).__name__ == "enum"
    with Cache(tmp_path / "r.sqlite") as cache:
        cache.put_document("key", page())
    with sqlite3.connect(tmp_path / "r.sqlite") as file:
        file.execute("UPDATE documents SET document = ?", (zlib.compress(blob),))
    file.close()
    with Cache(tmp_path / "r.sqlite") as cache:
        assert cache.get_document("key") is None
        assert "enum is no part of a result" in cache.fault


def test_every_file_of_the_project_decides_its_documents(tmp_path: Path) -> None:
    names = (
        *("theory/gaussian.py", "numerics/experiments/x.py", "proofs_check/ledger/recorded.json"),
        *("proofs_check/ledger/a/b.py", "proofs_check/report/build.py", "docs/arguments/A.x.md"),
    )
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    before = project_fingerprint(root=tmp_path)
    found = {before}
    for name in names:
        (tmp_path / name).write_text("two")
        found.add(project_fingerprint(root=tmp_path))
        (tmp_path / name).write_text("one")
    assert len(found) == 1 + len(names)
    assert project_fingerprint(root=tmp_path) == before
    (tmp_path / names[0]).rename(tmp_path / "theory/other.py")
    assert project_fingerprint(root=tmp_path) not in found


def test_the_place_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert default_path() == Path("/somewhere/scoreproof/results.sqlite")


def _chain() -> dict[str, Claim]:
    """Ten claims; each odd one is a step from the one before it."""
    table: dict[str, Claim] = {}
    for k in range(10):
        parts: dict[str, Any] = {"lhs": exp(a) + k, "rhs": 1 + a + k}
        if k % 2:
            part = From(claim=f"c{k - 1}")
            parts["evidence"] = (Steps(branches=(Way(parts=(part,)),)),)
        table[f"c{k}"] = made(f"c{k}", **parts)
    return table


def _dependents(name: str, claims: Mapping[str, Claim]) -> set[str]:
    """Return the claim and those whose certificate quotes its statement."""
    above = {
        k
        for k, c in claims.items()
        for e in c.evidence
        if isinstance(e, Steps) and name in children(e)
    }
    return above | {name}


def _shifted(claim: Claim, by: Expr) -> Claim:
    return replace(claim, lhs=claim.lhs + by, rhs=claim.rhs + by)


def _rerun_by_edits(claims: dict[str, Claim], edits: int) -> None:
    choose = random.Random(0)
    context = run_context(claims, full=False, seed=0)
    before = {k: fingerprint(c, context) for k, c in claims.items()}
    for n in range(1, edits + 1):
        name = choose.choice(list(claims))
        edited = {**claims, name: _shifted(claims[name], Integer(n))}
        again = replace(context, claims=edited)
        changed = {k for k, c in edited.items() if fingerprint(c, again) != before[k]}
        assert changed == _dependents(name, claims), name


def test_an_edit_reaches_exactly_the_claims_that_quote_it() -> None:
    _rerun_by_edits(_chain(), 20)


@pytest.mark.slow
def test_fifty_edits_of_the_ledger_reach_exactly_their_dependents() -> None:
    _rerun_by_edits(load(), 50)


def test_a_run_checks_only_what_changed(tmp_path: Path) -> None:
    table = _chain()
    ran: list[str] = []

    def run(by_id: dict[str, Claim]) -> dict[str, Result]:
        ran.clear()
        claims = Claims(by_id=by_id, mine=frozenset(), origin=Origin())
        with Cache(tmp_path / "r.sqlite") as cache:
            done = pool.run(claims, list(by_id), cache=cache)
        ran.append(str(len(done.results) - done.recalled))
        return dict(done.results)

    first = run(table)
    assert ran == ["10"]
    assert run(table) == first
    assert ran == ["0"]
    run({**table, "c4": _shifted(table["c4"], Integer(1))})
    assert ran == ["2"]


def test_a_result_never_crosses_to_an_edited_statement(tmp_path: Path) -> None:
    """A false edit of a proved claim is checked anew, and refuted."""
    claims = Claims(by_id={"exp": made()}, mine=frozenset(), origin=Origin())
    false = Claims(by_id={"exp": made(rhs=1 + 2 * a)}, mine=frozenset(), origin=Origin())
    with Cache(tmp_path / "r.sqlite") as cache:
        assert pool.run(claims, ["exp"], cache=cache).results["exp"].own is Verdict.PROVED
        assert pool.run(false, ["exp"], cache=cache).results["exp"].own is not Verdict.PROVED
