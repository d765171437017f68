"""Networks of the theoretical class of paper A as exact values of a symbol.

A network is a flat tuple of fractions, four for each group of equal neurons: inner weight (1 or
-1), outer weight, bias, number of copies. Its width is the total number of copies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Symbol

from proofs_check.claim import exact
from proofs_check.domains import Choices, Domain, Environment
from proofs_check.errors import ClaimError

__all__ = ["Network", "groups_of", "network"]

_PARTS = 4
_SHARES = tuple(Fraction(p, 8) for p in (4, 2, 6, 1, 7, 3, 5))


def network(*groups: Sequence[Any]) -> tuple[Fraction, ...]:
    """Return the value of a network from rows ``(inner, outer, knot[, copies])``.

    Knots are easier to read than biases; the bias of a row is ``-inner * knot``.

    Examples
    --------
    >>> network((1, 2, 3))
    (Fraction(1, 1), Fraction(2, 1), Fraction(-3, 1), Fraction(1, 1))
    """
    flat: list[Fraction] = []
    for inner, outer, knot, *copies in groups:
        sign, place = Fraction(inner), Fraction(knot)
        flat += [sign, Fraction(outer), -sign * place, Fraction(copies[0] if copies else 1)]
    return tuple(flat)


def groups_of(value: Sequence[Any]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield the groups of a network: inner weight, outer weight, bias, copies."""
    for start in range(0, len(value), _PARTS):
        inner, outer, bias, copies = value[start : start + _PARTS]
        yield inner, outer, bias, copies


@dataclass(frozen=True, kw_only=True)
class Network(Domain):
    """Networks with inner weights +-1, exact outer weights and biases.

    Parameters
    ----------
    draw_groups
        Most groups of equal neurons that are drawn; it changes no verdict.
    draw_copies
        Most copies of a neuron that are drawn.
    single
        Whether every group must be one neuron; this does change the domain.
    sample, mean_scale, noise
        Symbols of the data, mu and sigma, given earlier: knots are then drawn on, near and
        far from the noisy centres. They change no verdict.

    Examples
    --------
    >>> Network().contains(network((1, 2, 3)), {})
    True
    >>> Network().contains((Fraction(2), Fraction(1), Fraction(0), Fraction(1)), {})
    False
    """

    draw_groups: int = 4
    draw_copies: int = 3
    single: bool = False
    sample: Symbol | None = None
    mean_scale: Any = 1
    noise: Any = 1

    def __post_init__(self) -> None:
        """Check the numbers of neurons."""
        if self.draw_groups < 1 or self.draw_copies < 1:
            raise ClaimError("given: a network needs draw_groups >= 1 and draw_copies >= 1")
        for name in ("mean_scale", "noise"):
            object.__setattr__(self, name, exact(getattr(self, name), where=name))

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of the hints."""
        found: set[Symbol] = set() if self.sample is None else {self.sample}
        for expr in (self.mean_scale, self.noise):
            found |= expr.free_symbols
        return found

    def _scene(self, env: Environment) -> tuple[tuple[Fraction, ...], Fraction]:
        """Return noisy centres and noise level that the draws refer to."""
        mu = Fraction(1)
        noise = Fraction(1)
        for expr, value in env.items():
            mu = value if expr == self.mean_scale else mu
            noise = value if expr == self.noise else noise
        points = env.get(self.sample) if self.sample is not None else None
        return tuple(mu * x for x in points or (Fraction(0), Fraction(1))), noise

    def _knot(self, choices: Choices, env: Environment) -> Fraction:
        centres, noise = self._scene(env)
        centre: Fraction = choices.pick(centres)
        length = centres[-1] - centres[0] or Fraction(1)
        kind = choices.integer(0, 5)
        if kind == 0:
            return centre
        if kind <= 2:
            reach = noise * choices.pick(_SHARES) * (2 * kind)
            return centre + choices.pick((1, -1)) * reach
        if kind <= 4:
            return centres[0] + length * choices.pick(_SHARES)
        return centre + choices.pick((1, -1)) * length * choices.integer(1, 8)

    def _outer(self, choices: Choices, env: Environment) -> Fraction:
        centres, noise = self._scene(env)
        length = centres[-1] - centres[0] or Fraction(1)
        scale = choices.pick((Fraction(1), noise, length / 2, 1 / noise**2, 4 / noise**2))
        size = scale * choices.pick((Fraction(1), *_SHARES)) * choices.pick((1, 1, 4))
        return choices.pick((1, -1)) * size

    def _copies(self, choices: Choices) -> int:
        most = 1 if self.single else self.draw_copies
        return choices.integer(1, most) if choices.integer(0, 2) == 2 else 1

    def draw(self, choices: Choices, env: Environment) -> tuple[Fraction, ...]:
        """Return a network of few groups; some draws are mirrored pairs or share a knot."""
        count = choices.integer(1, self.draw_groups)
        rows: list[tuple[Any, ...]] = []
        shape = choices.integer(0, 3)
        for _ in range(count):
            row = (
                choices.pick((1, -1)),
                self._outer(choices, env),
                rows[0][2] if rows and choices.integer(0, 6) == 6 else self._knot(choices, env),
                self._copies(choices),
            )
            rows.append(row)
        if shape == 0:
            centres, _ = self._scene(env)
            total = centres[0] + centres[-1]
            rows += [(-inner, outer, total - knot, copies) for inner, outer, knot, copies in rows]
        if shape == 1:
            rows = [(inner, rows[0][1], knot, copies) for inner, _, knot, copies in rows]
        return network(*rows)

    def corners(self, env: Environment) -> tuple[tuple[Fraction, ...], ...]:
        """Return zero, one neuron, a mirrored pair, and descents of slope -1/sigma^2."""
        centres, noise = self._scene(env)
        first, last = centres[0], centres[-1]
        middle, length = (first + last) / 2, last - first or Fraction(1)
        steep = 1 / noise**2
        pair = ((1, length / 2, middle), (-1, length / 2, middle))
        descent = tuple((1, -2 * steep, c) for c in centres[:1])
        teeth = tuple(
            row for c in centres for row in ((1, -4 * steep, c - noise), (1, 4 * steep, c + noise))
        )
        found = (
            network((1, 0, first)),
            network((1, 1, middle)),
            network(*pair),
            network(*pair, (1, noise, last, 3), (-1, noise, first, 3)),
            network((1, -steep, middle), (-1, steep, middle)),
            network(*descent, (1, 2 * steep, last + noise)),
            network(*teeth),
            network((1, steep, last + 100 * length), (-1, steep, first)),
        )
        return tuple(value for value in found if self.contains(value, env))

    def contains(self, value: Any, env: Environment) -> bool:  # noqa: ARG002
        """Return whether a tuple of fractions is a network with at least one neuron."""
        if not isinstance(value, tuple) or not value or len(value) % _PARTS:
            return False
        if not all(isinstance(v, Fraction) for v in value):
            return False
        return all(
            abs(inner) == 1 and copies >= 1 and copies.denominator == 1 and self._allows(copies)
            for inner, _, _, copies in groups_of(value)
        )

    def _allows(self, copies: Fraction) -> bool:
        return copies == 1 or not self.single

    def __str__(self) -> str:
        """Return the domain in words."""
        return "networks with inner weights +-1" + (", listed singly" if self.single else "")
