"""The papers of the ledger."""

from dataclasses import dataclass
from typing import Final

__all__ = ["PAPERS", "Paper"]


@dataclass(frozen=True)
class Paper:
    """A source whose statements are claims.

    Attributes
    ----------
    key
        Short name; claim ids start with it.
    title, authors, version
        What exactly was read.
    """

    key: str
    title: str
    authors: str
    version: str


PAPERS: Final[dict[str, Paper]] = {
    p.key: p
    for p in (
        Paper(
            "A",
            "Taking a Big Step: Large Learning Rates in Denoising Score Matching Prevent "
            "Memorization",
            "Wu, Marion, Biau, Boyer",
            "COLT 2025, PMLR 291:5718-5756, arXiv 2502.03435",
        ),
        Paper(
            "B",
            "A solvable generative model with a linear, one-step denoiser, and the withdrawn "
            "submission on the onset of the memorization to generalization transition",
            "Halder",
            "arXiv 2411.17807; ICLR 2025 submission and its public reviews",
        ),
    )
}
