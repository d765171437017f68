"""What a notebook shows of a claim, of a run and of its document: HTML without a style sheet."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from proofs_check.report.formulas import domain_formula, relation_formula, statement_formula
from proofs_check.report.looks import LOOKS
from proofs_check.report.markup import formula, text
from proofs_check.verdict import Verdict

if TYPE_CHECKING:
    from proofs_check.claim import Claim
    from proofs_check.engine import LedgerResult, Result
    from proofs_check.report.document import Document

__all__ = ["claim_html", "document_html", "result_html", "run_html"]


def claim_html(claim: "Claim") -> str:
    """Return a claim: what it says, its statement, domains and hypotheses.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from proofs_check import Claim, Rel, Search, flip, reals
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="square",
    ...     says="a square is not negative",
    ...     given={a: reals},
    ...     lhs=a**2,
    ...     rel=Rel.GE,
    ...     rhs=0,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> claim_html(claim)[:75]
    '<div><p><b>square</b> (statement, unpublished): a square is not negative</p'
    """
    shown = [formula(domain_formula(s, d)) for s, d in claim.given.items()]
    held = [formula(relation_formula(h)) for h in claim.where]
    where = f"{text(claim.kind.value)}, {text(claim.source)}"
    return (
        f"<div><p><b>{text(claim.id)}</b> ({where}): {text(claim.says)}</p>"
        f"<p>{formula(statement_formula(claim), block=True)}</p>{_line('for', shown)}"
        f"{_line('where', held)}</div>"
    )


def _line(word: str, formulas: Iterable[str]) -> str:
    joined = ", &emsp;".join(formulas)
    return f"<p>{word} {joined}</p>" if joined else ""


def result_html(result: "Result") -> str:
    """Return the result of one claim: verdicts, findings, what became of its broken variants."""
    rows = [(f.method, _word(f.counted), text(f.detail)) for f in result.findings]
    rows += [
        (f"false variant: {text(c.variant)}", _word(c.verdict), text(c.witness or ""))
        for c in result.controls
    ]
    head = f"<b>{text(result.id)}</b> {_word(result.own)}, rolled up {_word(result.rolled)}"
    witness = f"<p>fails at {text(result.witness)}</p>" if result.witness else ""
    return f"<div><p>{head}</p>{witness}{_table(('by', 'verdict', 'shown'), rows)}</div>"


def run_html(run: "LedgerResult") -> str:
    """Return a run: one row for each claim."""
    rows = [
        (
            text(name),
            _word(r.own),
            _word(r.rolled),
            text(f"fails at {r.witness}" if r.witness else r.best.detail),
        )
        for name, r in run.results.items()
    ]
    return _counted(rows, f"{text(run.profile)} profile, seed {run.seed}")


def document_html(document: "Document") -> str:
    """Return a document: one row for each claim."""
    rows = [(text(e.id), _word(e.own), _word(e.rolled), text(e.headline)) for e in document.entries]
    return _counted(rows, f"{text(document.profile)} profile, seed {document.seed}")


def _counted(rows: Sequence[tuple[str, ...]], how: str) -> str:
    claims = f"{len(rows)} claim{'s' * (len(rows) != 1)}"
    table = _table(("claim", "own", "rolled up", "finding"), rows)
    return f"<div><p>{claims}, {how}</p>{table}</div>"


def _word(verdict: Verdict) -> str:
    """Return a verdict in words: on a page of unknown colours, no colour of ours."""
    return f'<abbr title="{text(LOOKS[verdict].means)}">{verdict.name}</abbr>'


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table whose cells are HTML already."""
    names = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
