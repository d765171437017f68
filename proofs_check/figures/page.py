"""The page of a figure: it draws, writes down what it drew, and refuses theory that is false.

Matplotlib is used by its objects alone; there is no global state, so that figures may be drawn in
any order. It is imported when a page is made.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from proofs_check.errors import ScoreproofError
from proofs_check.figures.looks import THEORY, colour, marker
from proofs_check.recorded import Recorded
from proofs_check.verdict import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure as Drawing

__all__ = ["Page", "Panel", "TheoryRefusedError"]

WIDTH: Final = 6.75
"""Inches of a full text width."""


class TheoryRefusedError(ScoreproofError):
    """A curve of theory whose claim does not stand."""


class Page:
    """A page with panels.

    Parameters
    ----------
    name
        Name of the figure, for messages.
    verdicts
        Verdicts of the claims that the figure names; theory is drawn from these claims alone.
    """

    def __init__(self, name: str, verdicts: Mapping[str, Recorded]) -> None:
        from matplotlib.figure import Figure

        self.name = name
        self.drawing: Drawing = Figure(layout="constrained")
        self.panels_drawn: list[Panel] = []
        self._verdicts = verdicts

    def panels(
        self,
        columns: int = 1,
        rows: int = 1,
        *,
        height: float = 2.4,
        width: float = WIDTH,
        share_x: bool = False,
        share_y: bool = False,
        widths: tuple[float, ...] | None = None,
    ) -> list["Panel"]:
        """Divide the page into panels, row by row; once for a page.

        Parameters
        ----------
        columns, rows
            How many.
        height
            Inches of one row.
        width
            Inches of the page.
        share_x, share_y
            Whether all have the same range.
        widths
            Relative widths of the columns.
        """
        self.drawing.set_size_inches(width, height * rows)
        grid = self.drawing.subplots(
            rows,
            columns,
            sharex=share_x,
            sharey=share_y,
            squeeze=False,
            width_ratios=widths,
        )
        self.panels_drawn = [Panel(self, axes) for axes in grid.ravel()]
        return self.panels_drawn

    def legend(self, *, columns: int = 4) -> None:
        """Put one legend for all panels below them; each label appears once."""
        entries: dict[str, Any] = {}
        for panel in self.panels_drawn:
            for handle, label in zip(*panel.axes.get_legend_handles_labels(), strict=True):
                entries.setdefault(label, handle)
        self.drawing.legend(
            list(entries.values()), list(entries), loc="outside lower center", ncols=columns
        )

    def verdict(self, claim: str) -> Recorded:
        """Return the verdict of a claim of the figure.

        Raises
        ------
        TheoryRefusedError
            The figure does not name the claim.
        """
        if claim not in self._verdicts:
            raise TheoryRefusedError(
                f"{self.name}: draws {claim} as theory but does not name it among its claims"
            )
        return self._verdicts[claim]

    def stands(self, claim: str) -> bool:
        """Return whether theory may be drawn from a claim: ARGUED or stronger, rolled up."""
        return self.verdict(claim).rolled >= Verdict.ARGUED

    def record(self) -> list[dict[str, Any]]:
        """Return what was drawn, panel by panel, as plain data."""
        return [panel.record() for panel in self.panels_drawn]


class Panel:
    """One pair of axes, and the list of what is drawn in it.

    Attributes
    ----------
    axes
        Matplotlib's axes, for what has no method here; data drawn there directly is not recorded.
    """

    def __init__(self, page: Page, axes: "Axes") -> None:
        self.axes = axes
        self._page = page
        self._series: list[dict[str, Any]] = []

    def label(
        self,
        *,
        title: str = "",
        x: str = "",
        y: str = "",
        log_x: bool = False,
        log_y: bool = False,
    ) -> None:
        """Set title, labels with units and kinds of axes."""
        if title:
            self.axes.set_title(title)
        if x:
            self.axes.set_xlabel(x)
        if y:
            self.axes.set_ylabel(y)
        if log_x:
            self.axes.set_xscale("log")
            _plain_minor(self.axes.xaxis)
        if log_y:
            self.axes.set_yscale("log")
            _plain_minor(self.axes.yaxis)

    def ticks(self, values: ArrayLike, *, axis: str = "x") -> None:
        """Put the ticks of an axis at these values and nowhere else, as plain numbers."""
        from matplotlib.ticker import NullLocator

        of = self.axes.xaxis if axis == "x" else self.axes.yaxis
        places = [float(value) for value in np.asarray(values)]
        of.set_ticks(places, labels=[f"{value:g}" for value in places])
        of.set_minor_locator(NullLocator())

    def line(
        self,
        label: str,
        x: ArrayLike,
        y: ArrayLike,
        *,
        low: ArrayLike | None = None,
        high: ArrayLike | None = None,
        k: int = 0,
        markers: bool = False,
        dashed: bool = False,
        **how: Any,
    ) -> None:
        """Draw what was measured or computed as a line, with a band if there is one.

        Parameters
        ----------
        label
            For the legend and the record.
        x, y, low, high
            Of one length.
        k
            Number of colour and marker.
        markers, dashed
            Whether points are marked; whether the line is dashed.
        how
            Further arguments of matplotlib's ``plot``.
        """
        self._keep("line", label, x=x, y=y, low=low, high=high)
        look: dict[str, Any] = {"color": colour(k), "linestyle": "--" if dashed else "-"}
        if markers:
            look["marker"] = marker(k)
        self.axes.plot(np.asarray(x), np.asarray(y), label=label, **(look | how))
        if low is not None and high is not None:
            self.axes.fill_between(
                np.asarray(x), np.asarray(low), np.asarray(high), color=colour(k), alpha=0.2, lw=0
            )

    def points(
        self,
        label: str,
        x: ArrayLike,
        y: ArrayLike,
        *,
        low: ArrayLike | None = None,
        high: ArrayLike | None = None,
        k: int = 0,
        **how: Any,
    ) -> None:
        """Draw points, with error bars if there are any; parameters as of `line`."""
        self._keep("points", label, x=x, y=y, low=low, high=high)
        look: dict[str, Any] = {"color": colour(k), "marker": marker(k), "linestyle": "none"}
        if low is None or high is None:
            self.axes.plot(np.asarray(x), np.asarray(y), label=label, **(look | how))
            return
        middle = np.asarray(y, dtype=np.float64)
        error = np.abs(np.stack([middle - np.asarray(low), np.asarray(high) - middle]))
        look |= {"capsize": 2, "elinewidth": 0.8}
        self.axes.errorbar(np.asarray(x), middle, yerr=error, label=label, **(look | how))

    def mesh(self, label: str, x: ArrayLike, y: ArrayLike, values: ArrayLike, **how: Any) -> None:
        """Draw values over a grid as colours, with a scale; ``values`` has shape (y, x)."""
        self._keep("mesh", label, x=x, y=y, values=values)
        look: dict[str, Any] = {"cmap": "viridis", "shading": "nearest", "rasterized": True}
        drawn = self.axes.pcolormesh(
            np.asarray(x), np.asarray(y), np.asarray(values), **(look | how)
        )
        self._page.drawing.colorbar(drawn, ax=self.axes, label=label)

    def theory(
        self,
        claim: str,
        label: str,
        x: ArrayLike,
        y: ArrayLike,
        *,
        style: str = "--",
        **how: Any,
    ) -> None:
        """Draw a curve of theory, in black, with its claim and verdict in the legend.

        Raises
        ------
        TheoryRefusedError
            The claim is refuted, vacuous or undecided, or the figure does not name it.
        """
        named = self._allowed(claim, label)
        self._keep("theory", label, claim=claim, x=x, y=y)
        look: dict[str, Any] = {"color": THEORY, "linestyle": style, "linewidth": 1.0}
        self.axes.plot(np.asarray(x), np.asarray(y), label=named, **(look | how))

    def level(self, claim: str, label: str, y: float, *, style: str = "--") -> None:
        """Draw a horizontal line of theory over the whole panel; see `theory`."""
        named = self._allowed(claim, label)
        self._keep("level", label, claim=claim, y=y)
        self.axes.axhline(y, color=THEORY, linestyle=style, linewidth=1.0, label=named)

    def threshold(self, claim: str, label: str, x: float, *, style: str = ":") -> None:
        """Draw a vertical line of theory over the whole panel; see `theory`."""
        named = self._allowed(claim, label)
        self._keep("threshold", label, claim=claim, x=x)
        self.axes.axvline(x, color=THEORY, linestyle=style, linewidth=1.0, label=named)

    def note(self, text: str, *, x: float = 0.03, y: float = 0.97) -> None:
        """Write a short text into the panel, at shares of its width and height."""
        self._series.append({"kind": "note", "text": text})
        self.axes.text(
            x, y, text, transform=self.axes.transAxes, va="top", fontsize=7.5, color="#444444"
        )

    def record(self) -> dict[str, Any]:
        """Return what was drawn as plain data."""
        axes = self.axes
        return {
            "title": axes.get_title(loc="left"),
            "x": {"label": axes.get_xlabel(), "scale": axes.get_xscale()},
            "y": {"label": axes.get_ylabel(), "scale": axes.get_yscale()},
            "series": self._series,
        }

    def _allowed(self, claim: str, label: str) -> str:
        verdict = self._page.verdict(claim)
        if not self._page.stands(claim):
            raise TheoryRefusedError(
                f"{self._page.name}: draws {claim} as theory, which is {verdict.rolled.name}; "
                "draw its repair, or nothing"
            )
        return f"{label}  [{claim}: {verdict.rolled.name.lower()}]"

    def _keep(self, kind: str, label: str, *, claim: str = "", **data: Any) -> None:
        row: dict[str, Any] = {"kind": kind, "label": label}
        if claim:
            row["claim"] = claim
        for name, values in data.items():
            if values is not None:
                row[name] = _plain(np.asarray(values))
        self._series.append(row)


def _plain_minor(axis: "Axis") -> None:
    """Write 5 and not 5 x 10^0 where an axis shows less than a decade or so."""
    from matplotlib.ticker import LogFormatter

    axis.set_minor_formatter(LogFormatter(minor_thresholds=(1.0, 0.4)))


def _plain(values: NDArray[Any]) -> Any:
    """Return an array as nested lists; what is not finite, JSON writes as null."""
    if values.dtype.kind in "US":
        return values.tolist()
    plain = values.astype(np.float64).astype(object)
    plain[~np.isfinite(values)] = None
    return plain.tolist()
