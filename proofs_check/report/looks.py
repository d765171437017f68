"""How each verdict looks: a colour for light and dark pages, a sign, a line, and what it means.

No two verdicts share any of them, so a page reads in grey, and without colour vision, as well.
"""

from dataclasses import dataclass
from typing import Final

from proofs_check.verdict import Verdict

__all__ = ["LOOKS", "Look", "chip", "sign", "signs", "slug", "verdict_style"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """Appearance and meaning of one verdict.

    Attributes
    ----------
    light, dark
        Colour on a light and on a dark page, as ``#rrggbb``.
    sign
        Path of a line drawing in a square of side 16.
    dash, width
        Dash pattern (``"none"`` when solid) and width of a frame.
    means
        One line for people.
    """

    light: str
    dark: str
    sign: str
    dash: str
    width: str
    means: str


LOOKS: Final[dict[Verdict, Look]] = {
    Verdict.PROVED: Look(
        light="#00664b",
        dark="#4fd1a5",
        sign="M3 8.5l3.3 3.5L13 4.5",
        dash="none",
        width="1.5",
        means="shown on the whole domain, with a certificate",
    ),
    Verdict.ENCLOSED: Look(
        light="#0b5cad",
        dark="#6cb6ff",
        sign="M5.8 3H3v10h2.8M10.2 3H13v10h-2.8M7.2 8h1.6",
        dash="12 2",
        width="2",
        means="shown with a certificate on the stated box or for the stated instances",
    ),
    Verdict.SUPPORTED: Look(
        light="#6a4fb3",
        dark="#b9a5ff",
        sign="M8 3.2l5.5 9.6h-11z",
        dash="6 3",
        width="2",
        means="searched or simulated without finding a failure; not shown",
    ),
    Verdict.ARGUED: Look(
        light="#8a5a00",
        dark="#e8b04a",
        sign="M3 4.5h10M3 8h10M3 11.5h6",
        dash="2 3",
        width="2",
        means="argued in prose; no machine has checked it",
    ),
    Verdict.UNDECIDED: Look(
        light="#59616d",
        dark="#aab2bd",
        sign="M5.3 6a2.7 2.7 0 1 1 4 2.3c-.9.5-1.3.9-1.3 1.9M8 12.6v.5",
        dash="1 4",
        width="2",
        means="nothing could be said; never counted as passed",
    ),
    Verdict.VACUOUS: Look(
        light="#8c2d7e",
        dark="#f08fd8",
        sign="M8 3a5 5 0 1 0 .01 0zM3.5 13.5l9-11",
        dash="9 3 2 3",
        width="2",
        means="the hypotheses contradict each other",
    ),
    Verdict.REFUTED: Look(
        light="#b3261e",
        dark="#ff8a80",
        sign="M4 4l8 8M12 4l-8 8",
        dash="none",
        width="3.5",
        means="false at a witness that satisfies every hypothesis; certified unless simulated",
    ),
    Verdict.ERROR: Look(
        light="#1c1c1c",
        dark="#f2f2f2",
        sign="M8 2.5v7M8 12.3v1",
        dash="3 1.5",
        width="3.5",
        means="the check crashed; the run fails",
    ),
}
"""Strongest first, the error last."""


def slug(verdict: Verdict) -> str:
    """Return the name of a verdict in classes and ids.

    Examples
    --------
    >>> slug(Verdict.PROVED)
    'v-proved'
    """
    return f"v-{verdict.name.lower()}"


def sign(verdict: Verdict, *, x: float | None = None) -> str:
    """Return the sign of a verdict as part of a node; `signs` must be on the page.

    Parameters
    ----------
    verdict
        The verdict.
    x
        Distance from the left of the node; without it the sign lies on the part on the left.
    """
    place = 'class="on"' if x is None else f'x="{x:g}"'
    return f'<use {place} href="#d-{slug(verdict)}"/>'


def chip(verdict: Verdict, *, before: str = "", quiet: bool = False) -> str:
    """Return a verdict as a label with sign and word.

    Parameters
    ----------
    verdict
        The verdict.
    before
        Plain word in front, such as ``rolled up``.
    quiet
        Outlined instead of filled.
    """
    kind = "chip quiet" if quiet else "chip"
    lead = f'<span class="before">{before} </span>' if before else ""
    return (
        f'<span class="{kind} {slug(verdict)}">{lead}<svg>'
        f'<use href="#{slug(verdict)}"/></svg>{verdict.name}</span>'
    )


def signs() -> str:
    """Return the drawing, itself not shown, that defines the signs for a page."""
    # labels scale a sign with their letters; in drawings it has a size of its own
    symbols = "".join(
        f'<symbol id="{name}{slug(verdict)}" viewBox="0 0 16 16"{size}><path d="{look.sign}" '
        'fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" '
        'stroke-linejoin="round"/></symbol>'
        for name, size in (("", ""), ("d-", ' width="18" height="18"'))
        for verdict, look in LOOKS.items()
    )
    return f'<svg class="signs" aria-hidden="true" width="0" height="0">{symbols}</svg>'


def verdict_style() -> str:
    """Return the style rules for colours and frames of verdicts, light and dark."""
    light = "".join(f"--{slug(v)}:{look.light};" for v, look in LOOKS.items())
    dark = "".join(f"--{slug(v)}:{look.dark};" for v, look in LOOKS.items())
    rules = "".join(
        f".{slug(v)}{{--v:var(--{slug(v)})}}"
        f".{slug(v)}>.frame{{stroke-dasharray:{look.dash};stroke-width:{look.width}}}"
        for v, look in LOOKS.items()
    )
    return (
        f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"
    )
