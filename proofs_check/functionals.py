"""Quantities that a formula only names: opaque SymPy functions with registered evaluators.

A functional of a sample or a network (a posterior variance, a risk, a largest eigenvalue) is one
SymPy function with up to four faces: how the ledger prints it, a float64 value from `numerics/`, a
rigorous ball, and a symbolic definition from `theory/`. One expression can so be printed,
searched, enclosed and derived.
"""

import sys
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

from sympy import Function, IndexedBase, Symbol

from proofs_check.errors import ClaimError

__all__ = ["Functional", "Point", "Size", "Spacing", "functional", "sample_symbol"]


class Functional(Function):
    """Base of all opaque functionals; make one with `functional`."""

    float64: ClassVar[Callable[..., Any] | None] = None
    """Value from `numerics/`: samples arrive as float64 arrays, numbers as floats."""
    ball: ClassVar[Callable[..., Any] | None] = None
    """Rigorous value at the current precision: samples as tuples of ``fmpq``, numbers as
    ``fmpq`` or ``arb``; returns ``fmpq`` (exact) or ``arb``."""
    unfold: ClassVar[Callable[..., Any] | None] = None
    """Symbolic definition: arguments as expressions; a sample is its symbol or a SymPy tuple."""
    defining: ClassVar[Callable[..., Any] | None] = None
    """Relations that define it, from the symbols of a claim in the order of its `given`; one that
    holds only under hypotheses comes as a tuple with them."""
    declared: ClassVar[frozenset[str]] = frozenset()
    """What its values are said to be, so that a value can contradict it."""
    latex_form: ClassVar[str] = ""
    """LaTeX with ``{0}``, ``{1}`` for the arguments."""

    @classmethod
    def eval(cls, *args: Any) -> None:
        """Never evaluate: the printed form is the stored form."""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        shown = [printer._print(a) for a in self.args]
        body = self.latex_form.format(*shown) if self.latex_form else ""
        if not body:
            body = rf"\operatorname{{{type(self).__name__}}}\left({', '.join(shown)}\right)"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


def functional(
    name: str,
    *,
    nargs: int,
    latex: str = "",
    float64: Callable[..., Any] | None = None,
    ball: Callable[..., Any] | None = None,
    unfold: Callable[..., Any] | None = None,
    defining: Callable[..., Any] | None = None,
    positive: bool | None = None,
    nonnegative: bool | None = None,
    integer: bool | None = None,
) -> type[Functional]:
    """Return a new opaque functional.

    Parameters
    ----------
    name, nargs, latex
        How it is called, how many arguments it takes, how it is printed (``{0}``, ``{1}``, ...).
    float64, ball, unfold
        Evaluators; see `Functional`. At least one of ``ball`` and ``unfold`` is needed, or no
        failure could be certified.
    defining
        Relations that hold by definition; see `Functional`.
    positive, nonnegative, integer
        Facts about its values that hold on the whole domain.

    Raises
    ------
    ClaimError
        Neither ``ball`` nor ``unfold`` is given.

    Examples
    --------
    >>> from sympy import Symbol
    >>> half = functional("half", nargs=1, ball=lambda v: v / 2)
    >>> half(Symbol("a"))
    half(a)
    """
    if ball is None and unfold is None:
        raise ClaimError(f"functional {name}: give a ball evaluator or a symbolic definition")
    facts = {
        "is_real": True,
        "is_extended_real": True,
        "is_finite": True,
        "is_commutative": True,
        "is_positive": positive,
        "is_nonnegative": True if positive else nonnegative,
        "is_integer": integer,
    }
    members: dict[str, Any] = {
        "nargs": nargs,
        # the module that names it, so that two of one name are told apart
        "__module__": sys._getframe(1).f_globals["__name__"],  # noqa: SLF001
        "float64": staticmethod(float64) if float64 else None,
        "ball": staticmethod(ball) if ball else None,
        # asked for by every method and broken variant; the derivation is the same each time
        "unfold": staticmethod(lru_cache(maxsize=256, typed=True)(unfold)) if unfold else None,
        "defining": staticmethod(defining) if defining else None,
        "declared": frozenset(
            name for name, fact in (("positive", positive), ("nonnegative", nonnegative)) if fact
        ),
        "latex_form": latex,
        **{k: v for k, v in facts.items() if v is not None},
    }
    return type(name, (Functional,), members)


def sample_symbol(name: str = "X") -> Symbol:
    """Return the symbol of a data sample."""
    return Symbol(name, commutative=True)


formal_size = Symbol("n", integer=True, positive=True)
"""The number of points of a sample of symbolic size."""


def _point_ball(sample: Any, index: Any) -> Any:
    return sample[int(index) - 1]


def _spacing_ball(sample: Any) -> Any:
    return min(b - a for a, b in pairwise(sample))


def _spacing_definition(sample: Any, index: Any) -> tuple[Any, ...]:
    """Each gap is at least the minimum spacing."""
    from proofs_check.claim import ge

    return (ge(Point(sample, index + 1) - Point(sample, index), Spacing(sample)),)


def _spacing_unfold(sample: Any) -> Any:
    from sympy import Min

    return Min(*[b - a for a, b in zip(sample.args, sample.args[1:], strict=False)])


Point = functional(
    "Point",
    nargs=2,
    latex="x_{{{1}}}",
    float64=lambda sample, index: float(sample[round(index) - 1]),
    ball=_point_ball,
    unfold=lambda sample, index: (
        sample[index] if isinstance(sample, IndexedBase) else sample.args[int(index) - 1]
    ),
)
"""``Point(X, i)`` is x_i, counted from 1."""

Size = functional(
    "Size",
    nargs=1,
    latex="n",
    float64=lambda sample: float(len(sample)),
    ball=len,
    unfold=lambda sample: formal_size if isinstance(sample, IndexedBase) else len(sample.args),
    positive=True,
    integer=True,
)
"""``Size(X)`` is n."""

Spacing = functional(
    "Spacing",
    nargs=1,
    latex=r"\Delta",
    float64=lambda sample: float((sample[1:] - sample[:-1]).min()),
    ball=_spacing_ball,
    unfold=_spacing_unfold,
    defining=_spacing_definition,
    positive=True,
)
"""``Spacing(X)`` is the minimum spacing of neighbouring points."""
