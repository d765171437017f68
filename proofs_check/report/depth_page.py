"""Best constants and the hypothesis audit of one paper as MyST Markdown."""

from proofs_check.depth import Depth
from proofs_check.report.myst import code, number, table, words

__all__ = ["render"]


def render(paper: str, depth: Depth) -> str:
    """Return the page of a paper: a table of constants, then one of hypotheses.

    Parameters
    ----------
    paper
        Key of the paper.
    depth
        What `proofs_check.depth.deepen` found.
    """
    lines = [
        f"# Constants and hypotheses of paper {paper}",
        "",
        f"Made by `scoreproof findings {paper} --deep`; made anew, not edited.",
        "",
        "## Best constants",
        "",
        "The best value of each constant lies in a bracket; slack is the printed value over it.",
        "",
    ]
    brackets = [
        (f"`{b.id}`", number(b.printed), words(b.best), words(b.slack) or "-", words(b.known))
        for b in depth.brackets
    ]
    lines += table(("claim", "printed", "best in", "slack", "known by"), brackets)
    lines += ["", "## Hypotheses, left out one at a time", ""]
    lines += [
        "Needed: the claim fails somewhere without it. Not needed: it is proved without it.",
        "",
    ]
    dropped = [(f"`{d.id}`", code(d.hypothesis), d.verdict, words(d.detail)) for d in depth.dropped]
    lines += table(("claim", "hypothesis", "", "without it"), dropped)
    return "\n".join(lines) + "\n"
