"""The measured error rates as a page: false statements, sabotages, null runs, containment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.experiment import Arrays
from proofs_check.trust.containment import CHECKS
from proofs_check.trust.mutation_run import OF_FALSE, Row, rows
from proofs_check.trust.null_runs import Calibration, calibration

__all__ = ["Measured", "csv", "measured", "render"]

LISTED: Final = 200
"""Mutants without a refutation that the page names; the CSV has all."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured; parts that were not are empty or ``None``.

    Attributes
    ----------
    mutants
        One row for each changed claim.
    sabotages
        Name, outcome and reason of each sabotage.
    false_proofs
        How often a sabotaged engine proved or enclosed a false statement and the checker of
        certificates confirmed it.
    calibration
        Error rates of simulations.
    points, failed
        Random formulas at random points, and how many failed each check of containment.
    """

    mutants: Sequence[Row] = ()
    sabotages: Sequence[tuple[str, str, str]] = ()
    false_proofs: int = 0
    calibration: Calibration | None = None
    points: int = 0
    failed: Mapping[str, int] | None = None

    @property
    def shown(self) -> list[Row]:
        """Mutants that other code shows to be false."""
        return [r for r in self.mutants if r.shown_by]

    @property
    def sound(self) -> bool:
        """Whether no falsehood was proved or enclosed, and every enclosure held its number."""
        accepted = any(r.outcome == "accepted" for r in self.mutants)
        wrong = accepted or self.false_proofs or any((self.failed or {}).values())
        return not wrong


def measured(cells: Mapping[str, Sequence[Arrays]]) -> Measured:
    """Return what the finished cells of the measurements say."""
    parts: dict[str, object] = {}
    if cells.get("mutants"):
        parts["mutants"] = rows(cells["mutants"])
    if cells.get("sabotage"):
        parts["sabotages"] = [
            (str(c["name"]), str(c["outcome"]), str(c["detail"])) for c in cells["sabotage"]
        ]
        parts["false_proofs"] = sum(int(c["false_proofs"]) for c in cells["sabotage"])
    if cells.get("null-runs"):
        parts["calibration"] = calibration(cells["null-runs"])
    if cells.get("containment"):
        chunks = cells["containment"]
        total = [sum(int(c["failed"][k]) for c in chunks) for k in range(len(CHECKS))]
        parts["points"] = int(sum(int(c["tried"]) for c in chunks))
        parts["failed"] = dict(zip(CHECKS, total, strict=True))
    return Measured(**parts)  # type: ignore[arg-type]


def csv(found: Measured) -> str:
    """Return one row for each mutant and each sabotage."""

    def line(cells: Sequence[str]) -> str:
        return ",".join('"' + c.replace('"', '""') + '"' for c in cells)

    lines = [line(("what", "change", "shown_by", "outcome", "by", "detail"))]
    lines += [
        line((r.claim, r.operator, r.shown_by, r.outcome, r.by, r.detail)) for r in found.mutants
    ]
    lines += [line(("engine", name, "", what, "", why)) for name, what, why in found.sabotages]
    return "\n".join([*lines, ""])


def render(found: Measured, *, profile: str) -> str:
    """Return the page as Markdown."""
    parts = [
        "# Trust\n",
        (
            "How often the engine is wrong, measured as a medical test is: on statements that are "
            "known to be false, on engines that are broken on purpose, on simulations of what is "
            f"true. Written by `scoreproof trust`, {profile} profile.\n"
        ),
    ]
    if found.mutants:
        parts += _mutants(found)
    if found.sabotages:
        parts += _sabotages(found)
    if found.calibration is not None:
        parts += _calibration(found.calibration)
    if found.failed is not None:
        parts += _containment(found.points, found.failed)
    return "\n".join(parts)


def _mutants(found: Measured) -> list[str]:
    shown = found.shown
    count = Counter(r.outcome for r in shown)
    by = Counter(r.shown_by for r in shown)
    killed = len(shown) - count["supported"] - count["accepted"]
    at_once = killed - count["refuted in full"]
    of = max(1, len(shown))
    low, high = clopper_pearson(count["accepted"], len(shown))
    changed = [r for r in found.mutants if r.outcome != "no other value"]
    origins = len({r.claim for r in changed})
    made = (
        f"{len(changed)} changed claims made from {origins} claims that hold; {len(shown)} "
        "of them are shown false at an exact point by code that shares nothing with the engine's "
        f"arithmetic ({by['digits']} at 40 digits, {by['float64']} in float64 with a wide gap).\n"
    )
    lines = [
        "## False neighbours of every claim\n",
        made,
        *_not_shown(found),
        "| the engine says of the false ones | mutants | share |",
        "|---|---:|---:|",
    ]
    for outcome in OF_FALSE:
        share = 100 * count[outcome] / of
        lines.append(f"| {_MEANING[outcome]} | {count[outcome]} | {share:.2f} % |")
    lines += [
        "",
        (
            f"Killed, that is not accepted: {killed} of {len(shown)} ({100 * killed / of:.2f} %), "
            f"{at_once} ({100 * at_once / of:.2f} %) of them by the quick profile. False proofs: "
            f"{count['accepted']} (95 % interval of the rate {low:.2g} to {high:.2g}).\n"
        ),
    ]
    survivors = [r for r in shown if r.outcome != "refuted"]
    if survivors:
        lines += ["Not refuted at once:\n", "| claim | change | says | why |", "|---|---|---|---|"]
        lines += [
            f"| `{r.claim}` | {r.operator} | {r.outcome} | {_cell(r.detail)} |"
            for r in survivors[:LISTED]
        ]
        lines.append("")
    return lines


def _not_shown(found: Measured) -> list[str]:
    """Return why the others are not asked about."""
    others = Counter(r.outcome for r in found.mutants if not r.shown_by)
    if not others:
        return []
    return [
        "Nothing is asked of the engine about the others:\n",
        "| why | number |",
        "|---|---:|",
        *(f"| {_WHY[outcome]} | {n} |" for outcome, n in others.most_common()),
        "",
        *_denied(found),
    ]


def _denied(found: Measured) -> list[str]:
    """Return the claims that the other arithmetic denies somewhere."""
    denied = {r.claim: r.detail for r in found.mutants if r.outcome == "claim denied"}
    if not denied:
        return []
    lines = [f"| `{claim}` | {_cell(detail)} |" for claim, detail in denied.items()]
    return ["| denied claim | by |", "|---|---|", *lines, ""]


_WHY: Final = {
    "weaker": "equivalent or weaker: true, since its margin is that of the claim and something "
    "nonnegative",
    "not seen to fail": "not known: fails at none of the points tried",
    "not confirmed": "not known: float64 sees a failure that no other arithmetic confirms, such as "
    "one that is smaller than its error",
    "claim denied": "not known: there the other arithmetic denies the claim itself, so that it or "
    "the claim is wrong; the table below names them",
    "no other value": "not known: of quantities that the engine alone can value, by balls or by "
    "simulation; the planted variants of such claims and the simulations below stand for them",
}
_MEANING: Final = {
    "refuted": "refuted, with an exact witness",
    "refuted in full": "refuted by the search of the full profile alone",
    "undecided": "undecided",
    "supported": "supported by search alone: no failure found",
    "enclosed": "certified at listed instances only, where it is true",
    "accepted": "**proved or enclosed: a false proof**",
}


def _cell(text: str) -> str:
    short = text if len(text) <= 300 else text[:297] + "..."
    return short.replace("|", "\\|").replace("\n", " ").replace("*", "\\*").replace("_", "\\_")


def _sabotages(found: Measured) -> list[str]:
    count = Counter(what for _, what, _ in found.sabotages)
    lines = [
        "## Engines broken on purpose\n",
        (
            "Each fault is planted alone into an engine that then checks statements of known "
            "truth. It is found out by the controls (verdicts change, no falsehood is accepted), "
            "by the independent checker of certificates, or only by the known truth itself.\n"
        ),
        (
            "False statements that a sabotaged engine proves or encloses, with a certificate that "
            f"the checker confirms: {found.false_proofs}. What is merely supported has no "
            "certificate and claims none.\n"
        ),
        "| found out | engines |",
        "|---|---:|",
        *(f"| {what} | {n} |" for what, n in count.most_common()),
        "",
        "| fault | outcome | how |",
        "|---|---|---|",
        *(f"| {name} | {what} | {_cell(why)} |" for name, what, why in found.sabotages),
        "",
    ]
    return lines


def _calibration(found: Calibration) -> list[str]:
    low, high = found.alarm_interval
    weak, strong = found.power_interval
    return [
        "## Simulations\n",
        (
            f"{found.claims} simulated claims, each moved to where it holds with no room. Of "
            f"{found.runs} null runs of the whole ledger {found.alarms} refute something: "
            f"false-alarm rate {found.alarms / found.runs:.2g} for a full run, "
            f"95 % interval {low:.2g} to {high:.2g} (printed level 1e-3). In {found.doubted} of "
            "them a first sample excludes the truth: an interval that holds only asymptotically "
            "refutes nothing until a fresh, larger sample confirms it.\n"
        ),
        (
            f"Of {found.falsehoods} decisions about claims that are false by twice the printed "
            f"detectable effect {found.caught} refute: power "
            f"{found.caught / max(1, found.falsehoods):.4f}, 95 % interval {weak:.4f} to "
            f"{strong:.4f}.\n"
        ),
    ]


def _containment(points: int, failed: Mapping[str, int]) -> list[str]:
    return [
        "## Enclosures\n",
        (
            f"{points} trials, each of a random formula at a random rational point, and "
            f"{len(failed) * points} checks. The number itself is computed by mpmath at 600 bits, "
            "the enclosures at 24 to 128 bits.\n"
        ),
        "| check | failures |",
        "|---|---:|",
        *(f"| {_CHECK[name]} | {n} |" for name, n in failed.items()),
        "",
    ]


_CHECK: Final = {
    "ball": "a ball of the engine holds the number",
    "interval": "an interval of the engine over a box holds it",
    "fractions": "an interval of the checker of certificates holds it",
    "ball meets fractions": "ball and checker agree",
    "interval meets ball": "interval and ball agree",
}
