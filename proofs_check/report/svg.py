"""The graph of statements as a picture of its own, for a README or a talk."""

import re
from importlib.resources import files

from proofs_check.report.document import Document
from proofs_check.report.graph import draw
from proofs_check.report.looks import signs, verdict_style

__all__ = ["render"]

_HEAD = re.compile(r'<svg class="graph"[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"[^>]*>')


def render(document: Document) -> str:
    """Return the graph of the first paper of a run as a standalone SVG file.

    Parameters
    ----------
    document
        The run; its verdicts are drawn as in the report.
    """
    paper = document.entries[0].paper
    inner = draw(document, paper)
    head = _HEAD.search(inner)
    if head is None:
        raise AssertionError("the drawing has no size")
    width, height = head.groups()
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8") + verdict_style()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><style>{style}</style>'
        f'<rect width="100%" height="100%" fill="#fbfaf7"/>{signs()}{inner}</svg>\n'
    )
