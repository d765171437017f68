"""How figures look: colours that colour-blind readers tell apart, fonts, lines.

The palette is that of Okabe and Ito; black is kept for curves of theory.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["COLOURS", "MARKERS", "STYLE", "THEORY", "colour", "marker", "style"]

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#7F7F7F")
"""Blue, vermilion, green, purple, sky blue, orange, grey."""

MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
"""A shape goes with each colour, so that a figure reads in grey as well."""

THEORY: Final = "#000000"
"""Colour of curves of theory, and of nothing else."""

STYLE: Final[dict[str, Any]] = {
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelsize": 9,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "figure.facecolor": "white",
    "font.family": "STIXGeneral",
    "font.size": 9,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "mathtext.fontset": "stix",
    # text stays text that can be searched, with fonts that journals accept
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "scoreproof",
    "xtick.labelsize": 8,
    "xtick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.labelsize": 8,
    "ytick.major.width": 0.6,
    "ytick.minor.width": 0.4,
}
"""Settings of matplotlib under which a figure is drawn and written."""


def colour(k: int) -> str:
    """Return the k-th colour of the palette; it starts again at its end.

    Examples
    --------
    >>> colour(0)
    '#0072B2'
    """
    return COLOURS[k % len(COLOURS)]


def marker(k: int) -> str:
    """Return the k-th marker.

    Examples
    --------
    >>> marker(1)
    's'
    """
    return MARKERS[k % len(MARKERS)]


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw and write figures in here: under `STYLE`, with nothing of a user's own settings."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        # its stubs list the names of all settings; ours are text
        settings: Any = STYLE
        mpl.rcParams.update(settings)
        yield
