"""Alter the certificates of a real ledger at random: the checker must refuse every alteration.

Each alteration makes a certificate say something false, or something that it does not show; those
that stay valid by chance (a point that happens to be another witness) are recognised by the engine
and not counted.
"""

import copy
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from proofs_check.claim import Claim
from proofs_check.ledger import load
from proofs_check.recheck import _end, _sign, recheck
from proofs_check.serialised import statement_hash
from proofs_check.witness import certified_failure

__all__ = ["ALTERATIONS", "altered", "refused", "report"]

Entry = dict[str, Any]
Alteration = Callable[[Entry, random.Random], bool]
"""Alters an entry in place; says whether it found something to alter."""


def _rows(entry: Entry, *methods: str) -> list[Any]:
    return [r for r in entry["evidence"] if r["method"] in methods and r["verdict"] in CERTIFIED]


CERTIFIED: Final = ("PROVED", "ENCLOSED")


def _one(rows: list[Any], rng: random.Random) -> Any:
    return rng.choice(rows) if rows else {}


def _boxes(entry: Entry, rng: random.Random) -> list[Any] | None:
    row = _one(_rows(entry, "enclosure"), rng)
    problems = row["certificate"]["problems"] if row else []
    boxes: list[Any] = problems[0]["boxes"] if problems and problems[0]["over"] else []
    return boxes or None


def box_removed(entry: Entry, rng: random.Random) -> bool:
    """Take a box out of a cover."""
    boxes = _boxes(entry, rng)
    if boxes is not None:
        boxes.pop(rng.randrange(len(boxes)))
    return boxes is not None


def box_widened(entry: Entry, rng: random.Random) -> bool:
    """Let a box overlap its neighbour, or leave the domain."""
    return _moved_end(entry, rng, outwards=True)


def box_narrowed(entry: Entry, rng: random.Random) -> bool:
    """Leave a strip of the domain uncovered."""
    return _moved_end(entry, rng, outwards=False)


def _moved_end(entry: Entry, rng: random.Random, *, outwards: bool) -> bool:
    boxes = _boxes(entry, rng)
    if boxes is None:
        return False
    box = rng.choice(boxes)
    ends = [k for k, e in enumerate(box[:-1]) if e not in ("oo", "-oo")]
    if not ends:
        return False
    place = rng.choice(ends)
    sign = (1 if place % 2 else -1) * (1 if outwards else -1)
    box[place] = str(Fraction(box[place]) + sign * Fraction(1, rng.choice((3, 64, 1024))))
    return True


def box_twice(entry: Entry, rng: random.Random) -> bool:
    """List a box twice."""
    boxes = _boxes(entry, rng)
    # a single point may well be covered twice
    wide = [
        b for b in boxes or () if any(lo != hi for lo, hi in zip(b[:-1:2], b[1::2], strict=False))
    ]
    if boxes is not None and wide:
        boxes.append(copy.deepcopy(rng.choice(wide)))
    return bool(wide)


def margin_changed(entry: Entry, rng: random.Random) -> bool:
    """Cover the domain of an easier problem."""
    row = _one(_rows(entry, "enclosure"), rng)
    if not row:
        return False
    problem = row["certificate"]["problems"][0]
    if problem["margin"] == "1":
        problem["factors"] = [*problem["factors"], ["2", 1]]
    else:
        problem["margin"] = [
            "add",
            problem["margin"],
            str(Fraction(1, rng.choice((2, 100, 10**9)))),
        ]
    return True


def slope_changed(entry: Entry, rng: random.Random) -> bool:
    """Claim another derivative, or follow it to the other face."""
    boxes = _boxes(entry, rng) or []
    moves = [m for b in boxes if b[-1] and b[-1][0] != "hypothesis" for m in b[-1]]
    if not moves:
        return False
    move = rng.choice(moves)
    # a margin that does not change is as small on the one face as on the other
    if move[2] == "0" or rng.random() < 0.5:
        move[2] = ["add", move[2], "1"]
    else:
        move[1] = 1 - move[1]
    return True


def reason_dropped(entry: Entry, rng: random.Random) -> bool:
    """Say that a box needs no argument, although its margin does not have one sign on it."""
    boxes = _boxes(entry, rng) or []
    problems = [r["certificate"]["problems"][0] for r in _rows(entry, "enclosure")]
    argued = [
        b for p in problems if p["boxes"] is boxes for b in boxes if b[-1] and not _plain(p, b)
    ]
    if not argued:
        return False
    rng.choice(argued)[-1] = []
    return True


def _plain(problem: Any, box: list[Any]) -> bool:
    """Return whether the margin has its sign on a box without any argument."""
    ends = {s: (_end(box[2 * k]), _end(box[2 * k + 1])) for k, s in enumerate(problem["over"])}
    try:
        return bool(_sign(problem["margin"], ends)[0] >= 0)
    except ArithmeticError:
        return False


def domain_cut(entry: Entry, rng: random.Random) -> bool:
    """Cover only a part of the domain, and say so of neither the verdict nor the boxes."""
    row = _one(_rows(entry, "enclosure"), rng)
    if not row or row["verdict"] != "PROVED":
        return False
    problem = row["certificate"]["problems"][0]
    inside = [d for d in problem["domains"] if d[0] in problem["over"] and d[2] == "oo"]
    if not inside:
        return False
    domain = rng.choice(inside)
    place = 2 * problem["over"].index(domain[0]) + 1
    domain[2] = "1000"
    for box in problem["boxes"]:
        if box[place] == "oo":
            box[place] = "1000"
    return True


def weight_changed(entry: Entry, rng: random.Random) -> bool:
    """Combine the children of a step with another weight; any will do for an identity."""
    branches = [b for r in _rows(entry, "steps") for b in r["certificate"]["branches"]]
    parts = [p for b in branches for p in b["parts"] if not p["equal"]]
    if not parts:
        return False
    part = rng.choice(parts)
    part["weight"] = ["mul", part["weight"], rng.choice(("2", "999/1000", "-1", "0"))]
    return True


def rest_changed(entry: Entry, rng: random.Random) -> bool:
    """Leave another rest."""
    branches = [b for r in _rows(entry, "steps") for b in r["certificate"]["branches"]]
    if not branches:
        return False
    branch = rng.choice(branches)
    branch["rest"] = ["add", branch["rest"], rng.choice(("1", "-1/1000", "1/1000000"))]
    return True


def child_dropped(entry: Entry, rng: random.Random) -> bool:
    """Take a child out of a step, or out of what the finding rests on."""
    rows = [r for r in _rows(entry, "steps") if r["rests_on"]]
    if not rows:
        return False
    row = rng.choice(rows)
    if rng.random() < 0.5:
        row["rests_on"].pop(rng.randrange(len(row["rests_on"])))
        return True
    branches = [b for b in row["certificate"]["branches"] if b["parts"]]
    if not branches:
        return False
    branch = rng.choice(branches)
    branch["parts"].pop(rng.randrange(len(branch["parts"])))
    return True


def class_dropped(entry: Entry, rng: random.Random) -> bool:
    """Take a residue class out of an integer argument."""
    row = _one(_rows(entry, "polynomial"), rng)
    if row:
        cases = row["certificate"]["cases"]
        cases.pop(rng.randrange(len(cases)))
    return bool(row)


def coefficient_changed(entry: Entry, rng: random.Random) -> bool:
    """Change a coefficient of a fraction."""
    row = _one(_rows(entry, "polynomial"), rng)
    cases = [c for c in row["certificate"]["cases"] if c["top"]] if row else []
    if not cases:
        return False
    case = rng.choice(cases)
    term = rng.choice(case["top"])
    term[0] = str(Fraction(term[0]) + rng.choice((1, Fraction(-1, 7), 10)))
    return True


def fewer_points(entry: Entry, rng: random.Random) -> bool:
    """Compare a fraction at fewer points than its degree needs."""
    row = _one(_rows(entry, "polynomial"), rng)
    cases = row["certificate"]["cases"] if row else []
    if not cases:
        return False
    rng.choice(cases)["points"] = 0
    return True


def _refuted(entry: Entry) -> list[Any]:
    rows = [r for r in entry["evidence"] if r["verdict"] == "REFUTED" and r["witness"]]
    return [r for r in rows if r["method"] != "monte carlo"]


def witness_changed(entry: Entry, rng: random.Random) -> bool:
    """Move a witness out of the domain of one of its symbols."""
    rows = _refuted(entry)
    bounded = [
        (name, Fraction(d[1]) - 1)
        for name, d in entry["exact"]["given"]
        if d[0] in ("real", "integer") and isinstance(d[1], str) and d[1].lstrip("-")[:1].isdigit()
    ]
    if not rows or not bounded:
        return False
    name, value = rng.choice(bounded)
    rows[0]["witness"]["values"][name] = str(value)
    return True


def witness_moved(entry: Entry, rng: random.Random) -> bool:
    """Change a number of a witness so that, says the engine, it is one no longer."""
    rows = _refuted(entry)
    claim = _ledger().get(entry["id"])
    if not rows or claim is None:
        return False
    values = rows[0]["witness"]["values"]
    for _ in range(20):
        name = rng.choice(list(values))
        moved = copy.deepcopy(values[name])
        shift = Fraction(rng.randint(-20, 20), rng.choice((1, 3, 8)))
        if isinstance(moved, list):
            place = rng.randrange(len(moved))
            moved[place] = str(Fraction(moved[place]) + shift)
        else:
            moved = str(Fraction(moved) + shift)
        point = {s: _exact((values | {name: moved})[str(s)]) for s in claim.given}
        if certified_failure(claim, point) is None:
            values[name] = moved
            return True
    return False


def _exact(text: Any) -> Any:
    return tuple(Fraction(t) for t in text) if isinstance(text, list) else Fraction(text)


@cache
def _ledger() -> dict[str, Claim]:
    return load()


def hash_changed(entry: Entry, rng: random.Random) -> bool:
    """Change a digit of the hash."""
    place = rng.randrange(64)
    digit = format((int(entry["hash"][place], 16) + rng.randrange(1, 16)) % 16, "x")
    entry["hash"] = entry["hash"][:place] + digit + entry["hash"][place + 1 :]
    return True


def statement_edited(entry: Entry, rng: random.Random) -> bool:
    """Change the statement and keep the hash."""
    entry["exact"]["rhs"] = ["add", entry["exact"]["rhs"], rng.choice(("1", "-1", "1/100"))]
    return True


def _listed(rows: list[Any]) -> bool:
    """Return whether a claim is shown member by member: that shows other true statements, too."""
    return any(c.get("finite") for r in rows for c in r["certificate"].get("cases", []))


def statement_replaced(entry: Entry, rng: random.Random) -> bool:
    """Change the statement and its hash, so that the certificate belongs to another statement."""
    rows = _rows(entry, "enclosure", "symbolic", "steps", "polynomial")
    if not rows or _listed(rows):
        return False
    entry["exact"]["rhs"] = ["add", entry["exact"]["rhs"], rng.choice(("1", "-1", "1/100"))]
    entry["hash"] = statement_hash(entry["exact"])
    return True


def relation_reversed(entry: Entry, rng: random.Random) -> bool:  # noqa: ARG001
    """Turn an inequality round and adapt the hash."""
    turned = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
    rows = _rows(entry, "enclosure", "polynomial", "steps")
    if entry["exact"]["rel"] not in turned or not rows or _listed(rows):
        return False
    entry["exact"]["rel"] = turned[entry["exact"]["rel"]]
    entry["hash"] = statement_hash(entry["exact"])
    return True


def verdict_raised(entry: Entry, rng: random.Random) -> bool:
    """Raise one verdict of an entry that is not proved."""
    places = [k for k in ("own", "rolled") if entry[k] != "PROVED"]
    if not places:
        return False
    entry[rng.choice(places)] = "PROVED"
    return True


def support_raised(entry: Entry, rng: random.Random) -> bool:
    """Call support or an argument a proof, everywhere in the entry."""
    rows = [r for r in entry["evidence"] if r["verdict"] in ("SUPPORTED", "ARGUED", "UNDECIDED")]
    if not rows:
        return False
    row = rng.choice(rows)
    row["verdict"] = row["counted"] = entry["own"] = entry["rolled"] = "PROVED"
    return True


def use_dropped(entry: Entry, rng: random.Random) -> bool:
    """Forget a claim that the statement uses."""
    if not entry["uses"]:
        return False
    entry["uses"].pop(rng.randrange(len(entry["uses"])))
    return True


ALTERATIONS: Final[Mapping[str, Alteration]] = {
    f.__name__.replace("_", " "): f
    for f in (
        *(box_removed, box_widened, box_narrowed, box_twice, margin_changed, slope_changed),
        *(reason_dropped, domain_cut, weight_changed, rest_changed, child_dropped),
        *(class_dropped, coefficient_changed, fewer_points, witness_changed, witness_moved),
        *(hash_changed, statement_edited, statement_replaced, relation_reversed),
        *(verdict_raised, support_raised, use_dropped),
    )
}
"""Name to alteration."""


def altered(
    data: Mapping[str, Any], rng: random.Random
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield alterations without end: name, claim, and the ledger with one entry altered.

    Parameters
    ----------
    data
        A ledger as JSON data, of which the checker refuses nothing.
    rng
        Chooses claims and places.
    """
    entries, whole = data["entries"], dict[str, bool]()
    while True:
        name = rng.choice(list(ALTERATIONS))
        for place in rng.sample(range(len(entries)), len(entries)):
            entry = copy.deepcopy(entries[place])
            if not ALTERATIONS[name](entry, rng) or entry == entries[place]:
                continue
            if entry["id"] not in whole:
                whole[entry["id"]] = not recheck(data, only=entry["id"])[1]
            # what the checker cannot check, it cannot refuse: it is counted elsewhere
            if whole[entry["id"]]:
                changed = [*entries[:place], entry, *entries[place + 1 :]]
                yield name, entry["id"], {**data, "entries": changed}
                break


def refused(data: Any, name: str) -> bool:
    """Return whether the checker refuses a ledger in which one entry was altered."""
    return bool(recheck(data, only=name)[2])


def report(path: Path, *, count: int, seed: int) -> int:
    """Alter a ledger many times, print how many were refused, and return the exit code."""
    data = json.loads(path.read_text(encoding="utf-8"))
    made, kept = Counter[str](), Counter[str]()
    for _, (name, claim, changed) in zip(
        range(count), altered(data, random.Random(seed)), strict=False
    ):
        made[name] += 1
        if not refused(changed, claim):
            kept[name] += 1
            sys.stdout.write(f"not refused: {name} of {claim}\n")
    for name, total in sorted(made.items()):
        sys.stdout.write(f"{name:20s} {total - kept[name]:5d} of {total:5d} refused\n")
    sys.stdout.write(f"{made.total() - kept.total()} of {made.total()} alterations refused\n")
    return 1 if kept else 0
