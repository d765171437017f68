"""The numbers of Theorem 8 for standard samples as MyST Markdown."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from proofs_check.report.document import Formula
from proofs_check.report.myst import inline, number, table
from proofs_check.theorem8_table import SCALES, Theorem8Row, constants_by_source, table_rows

__all__ = ["page"]

HEAD: Final = ("sample", "n")
SIZES: Final = (10, 20, 50)


def page(seed: int) -> str:
    """Return the page.

    Parameters
    ----------
    seed
        Of the Gaussian samples.
    """
    rows = table_rows(SIZES, SCALES, seed=seed)
    opening = (
        f"Made by `scoreproof numbers theorem8 --seed {seed}`; made anew, not edited. Theorem 8 of "
        "paper A says: for "
        r"$\sigma\le\sigma_0$ and $\eta>c\,\sigma^2/(\mu n^2\Delta)$ a linearly stable minimum "
        r"has an excess risk above $c'\,n^5\mu^3\Delta^3/(A^4\sigma^4)$, with "
        r"$A=C_n/\sigma^6$ and the $C_n$ of Lemma 12."
    )
    steps = (
        "The printed steps of Proposition 7 give half of its printed constant "
        "(`A.prop7.P6.amended`); with an exact sum over the gaps the printed constant stands for "
        r"$n\ge4$ (`A.prop7.amended`), and with it those of Theorem 8 (`A.thm8.amended`)."
    )
    lines = [
        "# Theorem 8 in numbers",
        "",
        opening,
        "",
        "## Constants",
        "",
        steps,
        "",
        *table(
            ("", "Proposition 7", "$c$", "$c'$"),
            [
                (
                    name,
                    _formula(variation),
                    _formula(found.learning_rate),
                    _formula(found.excess),
                )
                for name, (variation, found) in constants_by_source().items()
            ],
        ),
        "",
    ]
    for mean_scale in dict.fromkeys(row.mean_scale for row in rows):
        mine = [row for row in rows if row.mean_scale == mean_scale]
        lines += _tables(float(mean_scale), mine)
    return "\n".join(lines).rstrip() + "\n"


def _tables(mean_scale: float, rows: Sequence[Theorem8Row]) -> list[str]:
    """Return the tables of sigma_0 and of the bounds for one value of mu."""
    parts = (r"$\sigma_1$", r"$\sigma_2$", r"$\sigma_3$", r"$\sigma_4$", r"$\sigma_0$")
    thresholds = [
        (
            *_sample(row),
            _number(row.found.spacing),
            _number(row.found.span),
            _number(row.found.amplitude),
            _number(row.found.amended.spacing),
            _both(row, "optimal"),
            _both(row, "risk"),
            _number(row.found.amended.root),
            _both(row, "least"),
        )
        for row in rows
    ]
    bounds = [
        (
            *_sample(row),
            _number(_value(row.noise)),
            _number(row.found.learning_rate),
            _number(row.found.excess),
            _number(row.found.optimal_risk),
            _number(row.found.variation_network),
        )
        for row in rows
    ]
    meaning = (
        r"The four parts of $\sigma_0$; two numbers are the printed and the amended one: "
        r"$\sigma_2$ needs a factor $\Delta^3$ (`A.thm8.P2.amended`), and $\sigma_3=1/n$ may be "
        "taken larger (`A.thm8.P3.amended`)."
    )
    return [
        rf"## At $\mu={mean_scale:g}$",
        "",
        meaning,
        "",
        *table((*HEAD, r"$\Delta$", "$x_n-x_1$", "$C_n$", *parts), thresholds),
        "",
        r"What the theorem says at the amended $\sigma_0$, rounded down:",
        "",
        *table(
            (
                *HEAD,
                r"$\sigma$",
                r"$\eta$ above",
                "excess risk above",
                r"$R_n(s^\star)$ at most",
                r"$TV_\pi$ at least",
            ),
            bounds,
        ),
        "",
    ]


def _sample(row: Theorem8Row) -> tuple[str, str]:
    return row.kind, str(row.size)


def _both(row: Theorem8Row, part: str) -> str:
    printed, amended = (_number(getattr(t, part)) for t in (row.found.printed, row.found.amended))
    return printed if printed == amended else f"{printed}; {amended}"


def _number(value: Any) -> str:
    """Return three digits; bounds run over hundreds of orders of magnitude."""
    import mpmath

    return str(mpmath.nstr(value, 3, strip_zeros=False)).rstrip(".")


def _value(exact: Fraction) -> Any:
    import mpmath

    return mpmath.mpf(exact.numerator) / exact.denominator


def _formula(expr: Any) -> str:
    from sympy import latex

    if expr.is_Rational:
        return number(str(expr))
    return inline(Formula(text=str(expr), latex=latex(expr)))
