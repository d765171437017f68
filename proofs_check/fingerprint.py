"""What a claim's result depends on, as one number: equal fingerprints, equal results.

A fingerprint covers the statement, its hypotheses, the evidence and the broken variants; the
statements that its certificate of steps quotes; the code of every method, quantity and formula;
the versions of the libraries; seed and profile. Prose (`says`, `note`, `source`) is not in it, nor
are the claims that are only rolled up: those change no result of the claim itself.
"""

import functools
import hashlib
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from sympy import Basic, Dummy, Symbol

from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.evidence import Argued, MonteCarlo, Steps
from proofs_check.functionals import Functional
from proofs_check.sources import ENGINE, engine_fingerprint, files_fingerprint

__all__ = ["engine_fingerprint", "files_fingerprint", "fingerprint"]

LIBRARY_MODULES: Final = frozenset({"numpy", "scipy", "sympy", "mpmath", "flint", "hypothesis"})


def fingerprint(claim: Claim, context: Context) -> str:
    """Return the fingerprint of a claim in a run.

    Parameters
    ----------
    claim
        The claim.
    context
        The run; children are looked up in ``context.claims``.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> from proofs_check.broken import flip
    >>> from proofs_check.domains import reals
    >>> from proofs_check.evidence import Enclosure
    >>> a = Symbol("a", real=True)
    >>> parts = {"id": "exp", "given": {a: reals}, "lhs": exp(a), "rel": ">=", "rhs": 1 + a}
    >>> parts |= {"evidence": (Enclosure(),), "broken": (flip(),)}
    >>> one = Claim(says="exp lies above its tangent", **parts)
    >>> other = Claim(says="the tangent lies below", **parts)
    >>> fingerprint(one, Context()) == fingerprint(other, Context())
    True
    >>> fingerprint(one, Context()) == fingerprint(one, Context(seed=1))
    False
    """
    from proofs_check.methods.steps import children

    reader = _Reader()
    reader.text(engine_fingerprint())
    reader.value((claim.id, context.full, context.seed, context.control, context.cover_boxes))
    reader.statement(claim)
    reader.value((claim.evidence, claim.broken))
    for evidence in claim.evidence:
        if isinstance(evidence, MonteCarlo):
            reader.value(Fraction(context.level))
        if isinstance(evidence, Argued):
            document = context.documents / f"{claim.id}.md"
            reader.text(document.read_text(encoding="utf-8") if document.exists() else "")
        if isinstance(evidence, Steps):
            for name in children(evidence):
                if name in context.claims:
                    reader.text(name)
                    reader.statement(context.claims[name])
    return reader.digest.hexdigest()


class _Reader:
    """Reads plain data, expressions and functions into one digest, the same in every process."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.expressions: dict[Basic, int] = {}
        self.dummies: dict[Dummy, int] = {}
        self.functions: dict[int, int] = {}

    def text(self, text: str) -> None:
        data = text.encode()
        self.digest.update(b"%d:" % len(data))
        self.digest.update(data)

    def statement(self, claim: Claim) -> None:
        self.value((dict(claim.given), claim.where, claim.lhs, claim.rel, claim.rhs))
        self.value(claim.constant)

    def value(self, value: Any) -> None:
        """Read a value with its type; what is no plain data is named by where it is defined."""
        if isinstance(value, Basic):
            self._expression(value)
        elif isinstance(value, Enum) or value is None or isinstance(value, (bool, int, str)):
            self.text(f"{type(value).__name__} {value}")
        elif isinstance(value, (float, Fraction, bytes, complex)):
            self.text(f"{type(value).__name__} {value!r}")
        elif is_dataclass(value) and not isinstance(value, type):
            self.text(f"record {type(value).__qualname__}")
            for f in fields(value):
                self.text(f.name)
                self.value(getattr(value, f.name))
        elif isinstance(value, Mapping):
            self.text(f"table {len(value)}")
            for key, entry in value.items():
                self.value(key)
                self.value(entry)
        elif isinstance(value, (tuple, list)):
            self.text(f"row {len(value)}")
            for entry in value:
                self.value(entry)
        elif isinstance(value, (set, frozenset)):
            self.text(f"set {sorted(map(str, value))}")
        else:
            self._program(value)

    def _expression(self, expr: Basic) -> None:
        if expr in self.expressions:
            self.text(f"seen {self.expressions[expr]}")
            return
        if isinstance(expr, Dummy):
            number = self.dummies.setdefault(expr, len(self.dummies))
            self.text(f"Dummy {expr.name} {number} {sorted(expr.assumptions0.items())}")
        elif isinstance(expr, Symbol):
            self.text(f"Symbol {expr.name} {sorted(expr.assumptions0.items())}")
        elif not expr.args:
            self.text(f"{type(expr).__name__} {expr}")
        else:
            self.text(f"{type(expr).__name__} {len(expr.args)}")
            for argument in expr.args:
                self._expression(argument)
        if isinstance(expr, Functional):
            self._program(type(expr))
        self.expressions[expr] = len(self.expressions)

    def _program(self, value: Any) -> None:
        """Read a function or class: by name where the engine's code covers it, else by its code."""
        if isinstance(value, functools.partial):
            self.text("partial")
            self.value((value.func, value.args, dict(value.keywords)))
            return
        if isinstance(value, (staticmethod, classmethod, types.MethodType)):
            self._program(value.__func__)
            return
        if isinstance(value, types.ModuleType):
            self.text(f"module {value.__name__}")
            return
        home = str(getattr(value, "__module__", ""))
        name = str(getattr(value, "__qualname__", type(value).__qualname__))
        self.text(f"{home} {name}")
        if _covered(home):
            return
        if id(value) in self.functions:
            self.text(f"seen {self.functions[id(value)]}")
            return
        self.functions[id(value)] = len(self.functions)
        if isinstance(value, types.FunctionType):
            self._function(value)
        elif isinstance(value, type):
            for key, member in sorted(vars(value).items()):
                if isinstance(member, (staticmethod, classmethod, types.FunctionType)):
                    self.text(key)
                    self._program(member)
        elif not isinstance(value, types.BuiltinFunctionType):
            self.value(getattr(value, "__dict__", {}))

    def _function(self, value: types.FunctionType) -> None:
        self._code(value.__code__)
        self.value((value.__defaults__, value.__kwdefaults__))
        for cell in value.__closure__ or ():
            self.value(cell.cell_contents)
        for name in _names(value.__code__):
            if name in value.__globals__:
                self.text(name)
                self.value(value.__globals__[name])

    def _code(self, code: types.CodeType) -> None:
        self.digest.update(code.co_code)
        self.value((code.co_names, code.co_varnames, code.co_freevars))
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._code(constant)
            else:
                self.value(constant)


def _names(code: types.CodeType) -> Iterator[str]:
    """Yield the names that a function, or one inside it, looks up outside of itself."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _covered(module: str) -> bool:
    """Return whether `engine_fingerprint` or Python's version covers a module's code."""
    top = module.split(".", maxsplit=1)[0]
    if top in ENGINE:
        return not module.startswith("proofs_check.ledger")
    return top in LIBRARY_MODULES or top in sys.stdlib_module_names
