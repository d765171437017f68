"""Planted errors: what the engine says of statements that are false on purpose.

Every claim carries broken variants. The engine runs all methods on them in every check; here the
answers are collected: a variant that some method accepts is a hole, one that is refuted is a kill.
True claims must survive every seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proofs_check.claim import Claim
from proofs_check.engine import LedgerResult
from proofs_check.verdict import Verdict

__all__ = ["PlantedRow", "Summary", "planted_rows", "summary"]


@dataclass(frozen=True, kw_only=True)
class PlantedRow:
    """One false variant of one claim, over all seeds.

    Attributes
    ----------
    certified
        Methods that called it proved or enclosed: unsound.
    supported
        Methods that found nothing against it: toothless there, their yes does not count.
    refuted
        In how many of the runs it was refuted with an exact witness.
    witness
        One counterexample.
    """

    claim: str
    variant: str
    certified: tuple[str, ...]
    supported: tuple[str, ...]
    refuted: int
    runs: int
    witness: str

    @staticmethod
    def header() -> tuple[str, ...]:
        """Return the names of the columns."""
        return ("claim", "variant", "outcome", "refuted", "runs", "accepted_by", "witness")

    @property
    def outcome(self) -> str:
        """Return ``accepted``, ``refuted`` or ``undecided``."""
        if self.certified:
            return "accepted"
        return "refuted" if self.refuted == self.runs else "undecided"

    def csv(self) -> str:
        """Return the row as CSV."""
        accepted = " ".join((*self.certified, *self.supported))
        cells = (
            self.claim,
            self.variant,
            self.outcome,
            str(self.refuted),
            str(self.runs),
            accepted,
            self.witness,
        )
        return ",".join('"' + c.replace('"', '""') + '"' for c in cells)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Counts over all rows, as text and as a decision."""

    text: str
    sound: bool


def planted_rows(
    claims: Mapping[str, Claim], names: Sequence[str], runs: Sequence[LedgerResult]
) -> list[PlantedRow]:
    """Return one row for each broken variant of the named claims.

    A claim that is refuted as printed has no false neighbours to learn from and is left out.
    """
    rows = []
    for name in names:
        results = [r.results[name] for r in runs]
        if any(r.own is Verdict.REFUTED for r in results):
            continue
        for k, variant in enumerate(claims[name].broken):
            controls = [r.controls[k] for r in results]
            accepted = {
                (f.method, f.verdict)
                for r in results
                for f in r.findings
                if variant.name in f.toothless
            }
            witness = next((str(c.witness) for c in controls if c.witness), "")
            rows.append(
                PlantedRow(
                    claim=name,
                    variant=variant.name,
                    certified=tuple(sorted({m for m, v in accepted if v.certified})),
                    supported=tuple(sorted({m for m, v in accepted if not v.certified})),
                    refuted=sum(c.verdict is Verdict.REFUTED for c in controls),
                    runs=len(runs),
                    witness=witness,
                )
            )
    return rows


def summary(
    rows: Sequence[PlantedRow], names: Sequence[str], runs: Sequence[LedgerResult]
) -> Summary:
    """Return counts: planted, accepted, refuted, undecided, and false refutations of claims."""
    count = len(rows)
    accepted = [r for r in rows if r.outcome == "accepted"]
    refuted = [r for r in rows if r.outcome == "refuted"]
    undecided = [r for r in rows if r.outcome == "undecided"]
    first = runs[0].results
    changing = [n for n in names if any(r.results[n].own is not first[n].own for r in runs)]
    share = 100 * len(refuted) / count if count else 100.0
    lines = [
        f"{count} false variants of {len({r.claim for r in rows})} claims, {len(runs)} seeds",
        f"  proved or enclosed by some method: {len(accepted)}",
        f"  refuted with an exact witness in every run: {len(refuted)} ({share:.1f} %)",
        f"  undecided in some run: {len(undecided)}",
        f"claims whose verdict depends on the seed: {len(changing)}",
    ]
    lines += [f"  accepted: {r.claim} ~ {r.variant} by {', '.join(r.certified)}" for r in accepted]
    lines += [f"  undecided: {r.claim} ~ {r.variant} ({r.refuted}/{r.runs})" for r in undecided]
    lines += [f"  {n}: {', '.join(r.results[n].own.name for r in runs)}" for n in changing]
    return Summary(text="\n".join(lines), sound=not accepted and not changing)
