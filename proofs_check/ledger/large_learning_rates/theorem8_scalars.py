"""Paper A, Theorem 8: the arithmetic that turns Propositions 6 and 7 into a learning rate.

``N`` is the number of points, ``S`` = x_n - x_1, ``R`` a risk, ``C`` = C_n in A = C_n / sigma^6,
and ``level`` = mu n^2 Delta / sigma^2.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import E, Expr, Max, Rational, S, Symbol, exp, pi, sqrt

from proofs_check.broken import drop, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real
from proofs_check.evidence import Branch, From, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.setting import MU, SIGMA, mu, place, sigma
from theory.main_theorem import (
    RANGE,
    Theorem8,
    optimal_risk_condition,
    thm8_constants,
    thm8_excess,
)
from theory.symbols import A, Delta, eta
from theory.symbols import n as count

__all__ = ["CLAIMS", "CONSTANTS", "N", "R", "level"]

CONSTANTS: Final[Theorem8] = thm8_constants()
"""The printed constants, derived from those of the children."""

N: Final = Symbol("N", integer=True, positive=True)
R: Final = Symbol("R", nonnegative=True)
_c = Symbol("c", positive=True)
_C = Symbol("C", positive=True)
_S = Symbol("S", positive=True)
_u = Symbol("u", nonnegative=True)
_v = Symbol("v", positive=True)
_t = Symbol("t", nonnegative=True)
_b = Symbol("b", positive=True)
_r = Symbol("r_0", nonnegative=True)
_positive = Real(lo=0, lo_open=True)
_half_line = Real(lo=0)


def _at(expr: Expr) -> Expr:
    result: Expr = expr.subs({count: N, RANGE: _S})
    return result


_excess = _at(thm8_excess(CONSTANTS))
_risk_bound = 2 * _excess
_tail = exp(-(mu**2) * Delta**2 / (32 * sigma**2))
_optimal = 4 * mu**2 * _S**2 / sigma**4 * _tail
_needed = _at(optimal_risk_condition(CONSTANTS))
_printed_needed = _needed / Delta**3
_base = {N: Integer(lo=2), mu: MU, sigma: SIGMA, Delta: _positive}
_amplitude = {**_base, A: _positive}
_with_risk = {**_amplitude, R: _half_line}

level: Final = mu * N**2 * Delta / sigma**2
"""mu n^2 Delta / sigma^2 in scalars."""

NARROW: Final[dict[Symbol, Any]] = {
    N: Fraction(2),
    mu: Fraction(1, 2),
    sigma: Fraction(1, 1000),
    Delta: Fraction(1, 10),
    _S: Fraction(1, 10),
    A: Fraction(3 * 10**6),
}
"""Two points a tenth apart: the printed condition is met, what it should give is not."""


def _sufficient(name: str, needed: Expr, delta: Real, **parts: Any) -> Claim:
    return Claim(
        id=name,
        given={**_base, Delta: delta, _S: _positive, A: _positive},
        where=(le(_tail, needed),),
        lhs=_optimal,
        rel=Rel.LE,
        rhs=_excess,
        **parts,
    )


_from_condition = From(hypothesis=0, weight=4 * mu**2 * _S**2 / sigma**4)

NOISE: Final = (
    Claim(
        id="A.thm8.P1",
        kind=Kind.STEP,
        says="For sigma up to mu Delta/8 the hypotheses of Corollary 3b and Proposition 7 hold.",
        source=place("Theorem 8, proof"),
        given=_base,
        where=(le(sigma, mu * Delta / 8),),
        lhs=Delta,
        rel=Rel.GE,
        rhs=_c * sigma / mu,
        constant=Constant(_c, Rational(8), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=8 / mu),)),)),
            Search(
                also=(
                    {
                        N: Fraction(2),
                        mu: Fraction(1, 2),
                        sigma: Fraction(1, 16),
                        Delta: Fraction(1),
                    },
                )
            ),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0)),
        printed=r"\sigma\le\sigma_1=\mu\Delta/8",
    ),
    _sufficient(
        "A.thm8.P2",
        _printed_needed,
        _positive,
        kind=Kind.STEP,
        says="The printed condition leaves the optimal score half of the risk bound.",
        source=place("Theorem 8, equation (19)"),
        evidence=(Search(also=(NARROW,), examples=40),),
        broken=(scale("rhs", Rational(1, 2)), scale("rhs", Rational(9, 10))),
        printed=r"e^{-\mu^2\Delta^2/32\sigma^2}\le\frac{\pi n^5\mu}{2^{38}e^{1/2}(x_n-x_1)^2A^4}"
        r"\Rightarrow R_n(\theta^\star)\le\frac{\pi n^5\mu^3\Delta^3}{2^{35}e^{1/2}A^4\sigma^4}",
        note="Delta^3 is missing on the right: false when Delta < 1, by a factor up to Delta^-3. "
        "True for Delta >= 1 (A.thm8.P2.wide).",
    ),
    _sufficient(
        "A.thm8.P2.amended",
        _needed,
        _positive,
        kind=Kind.AMENDED,
        amends="A.thm8.P2",
        says="With Delta^3 the condition leaves the optimal score half of the risk bound.",
        source=place("Theorem 8, equation (19), with Delta^3"),
        evidence=(
            Steps(branches=(Branch(parts=(_from_condition,)),)),
            Search(also=({**NARROW, sigma: Fraction(1, 2000)},), examples=40),
        ),
        broken=(
            restate("printed", where=(le(_tail, _printed_needed),)),
            drop(0),
        ),
    ),
    _sufficient(
        "A.thm8.P2.wide",
        _printed_needed,
        Real(lo=1),
        kind=Kind.DERIVED,
        says="The printed condition is sufficient when Delta is at least one.",
        source=place("Theorem 8, equation (19), audit"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(_from_condition,),
                        rest=_excess * (1 - Delta**-3),
                    ),
                )
            ),
            Search(examples=40),
        ),
        broken=(
            restate("any spacing", given={**_base, _S: _positive, A: _positive}),
            drop(0),
        ),
    ),
    Claim(
        id="A.thm8.P2.risk",
        kind=Kind.STEP,
        says="A small excess risk and a small optimal risk give a small risk.",
        source=place("Theorem 8, equation (19)"),
        given={_b: _positive, _r: Real(lo=0, within=(0, _b)), R: Real(lo=0, within=(_b, 2 * _b))},
        where=(le(R - _r, _b), le(_r, _b)),
        lhs=R,
        rel=Rel.LE,
        rhs=2 * _b,
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0), From(hypothesis=1))),)),
            Search(),
        ),
        broken=(drop(0), drop(1), scale("rhs", Rational(99, 100))),
        printed=r"R_n(\theta^\star)\le\frac{\pi n^5\mu^3\Delta^3}{2^{35}e^{1/2}A^4\sigma^4}",
        note="b is the printed bound of the excess risk, with 2^36; the risk has 2^35.",
    ),
)

_in_class = _risk_bound.subs(A, _C / sigma**6)
_scaled = pi / (2**31 * sqrt(E))
_wide: dict[Symbol, Any] = {
    N: Fraction(2),
    mu: Fraction(99, 100),
    sigma: Fraction(1, 2),
    Delta: Fraction(10**6),
    _C: Fraction(1),
}


def _capped(name: str, hypotheses: tuple[Any, ...], **parts: Any) -> Claim:
    return Claim(
        id=name,
        given={**_base, _C: Real(lo=1)},
        where=(le(sigma, 1 / N), *hypotheses),
        lhs=_in_class,
        rel=Rel.LE,
        rhs=1 / (16 * N * sigma**2),
        **parts,
    )


CAP: Final = (
    _capped(
        "A.thm8.P3",
        (),
        kind=Kind.STEP,
        says="For sigma up to 1/n the risk bound is within the hypothesis of Proposition 7.",
        source=place("Theorem 8, equation (20)"),
        evidence=(Search(also=(_wide,), examples=40),),
        broken=(scale("rhs", Rational(1, 2)), scale("rhs", Rational(1, 4))),
        printed=r"\sigma\le\sigma_3=1/n\Rightarrow R_n(\theta^\star)\le\frac1{16n\sigma^2}",
        note="With A = C_n/sigma^6. With C_n >= 1 alone it fails for wide spacings; with the C_n "
        "of Lemma 12, at least 16 (n-1)^4 Delta^2, it holds (A.thm8.P3.amended).",
    ),
    Claim(
        id="A.thm8.P3.cube",
        kind=Kind.LEMMA,
        says="An amplitude of at least one and Delta^2 has a fourth power of at least Delta^3.",
        source=place("Theorem 8, proof repaired"),
        given={Delta: _positive, _C: Real(lo=1, within=(Delta**2, 2 * Delta**2))},
        where=(ge(_C, Delta**2),),
        lhs=_C**4,
        rel=Rel.GE,
        rhs=Delta**3,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(hypothesis=0, weight=(1 + _C + Delta**2) / 2),),
                        rest=Delta**2 * (1 - Delta) ** 2 / 2
                        + _C * (_C - 1) * (_C**2 + _C + Rational(1, 2)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(drop(0), scale("rhs", 2)),
    ),
    Claim(
        id="A.fact.sixth",
        kind=Kind.LEMMA,
        says="The sixth power of a number up to one is at most one.",
        source=place("used without statement"),
        given={_t: _half_line},
        where=(le(_t, 1),),
        lhs=_t**6,
        rel=Rel.LE,
        rhs=1,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(hypothesis=0, weight=1 + _t + _t**2 + _t**3 + _t**4 + _t**5),)
                    ),
                )
            ),
            Search(),
        ),
        broken=(drop(0), scale("rhs", Rational(99, 100))),
    ),
    _capped(
        "A.thm8.P3.amended",
        (ge(_C, Delta**2),),
        kind=Kind.AMENDED,
        amends="A.thm8.P3",
        says="For sigma up to 1/n and C_n >= Delta^2 the risk bound is within Proposition 7.",
        source=place("Theorem 8, equation (20), with the C_n of Lemma 12"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm8.P3.cube",
                                weight=_scaled * N**5 * mu**3 * sigma**20 / (16 * _C**4),
                            ),
                            From(
                                claim="A.fact.sixth",
                                at={_t: N * sigma},
                                weight=_scaled * mu**3 * sigma**14 / (16 * N),
                                because=(From(hypothesis=0, weight=N),),
                            ),
                        ),
                        rest=(1 - _scaled * mu**3 * sigma**16) / (16 * N * sigma**2),
                    ),
                )
            ),
            Search(examples=40, also=(_wide, {**_wide, Delta: Fraction(1)})),
        ),
        broken=(drop(1, name="any amplitude"), scale("rhs", Rational(1, 10**15))),
        note="C_n of Lemma 12 is at least 16 (n-1) (x_n - x_1)^3/Delta >= 16 (n-1)^4 Delta^2.",
    ),
)

_edge = pi * E * A**2 * sigma**2 / (4 * N)
_larger = 2 * pi * E * (A * sigma * N * R) ** 2

CASES: Final = (
    Claim(
        id="A.thm8.P4",
        kind=Kind.STEP,
        says="Below the printed risk the cube root is the larger of both terms.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(le(R, _edge),),
        lhs=(2 * N * R) ** 3,
        rel=Rel.LE,
        rhs=_larger,
        uses=("A.thm8.P4.converse",),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=8 * N**3 * R**2),)),)),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 100)), drop(0)),
        printed=r"\sqrt{2nR}\le(\sqrt{2\pi e}A\sigma nR)^{1/3}\iff R\le\frac{\pi eA^2\sigma^2}{4n}",
        note="Stated by the sixth powers of both sides, which are not negative.",
    ),
    Claim(
        id="A.thm8.P4.converse",
        kind=Kind.STEP,
        says="If the cube root is the larger term, the risk is below the printed one.",
        source=place("Theorem 8, proof"),
        given={**_amplitude, R: _positive},
        where=(le((2 * N * R) ** 3, _larger),),
        lhs=R,
        rel=Rel.LE,
        rhs=_edge,
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=1 / (8 * N**3 * R**2)),)),)),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 100)), drop(0)),
    ),
    Claim(
        id="A.thm8.P4.true",
        kind=Kind.STEP,
        says="Equation (20) puts the risk below the printed one, if A is at least sigma^-2.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(le(R, 1 / (16 * N * sigma**2)), ge(A * sigma**2, 1)),
        lhs=R,
        rel=Rel.LE,
        rhs=_edge,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=0),
                            From(
                                hypothesis=1,
                                weight=(1 + A * sigma**2) / (16 * N * sigma**2),
                            ),
                        ),
                        rest=A**2 * sigma**2 / (16 * N) * (4 * pi * E - 1),
                    ),
                )
            ),
            Search(),
        ),
        broken=(drop(1, name="any A"), drop(0)),
        printed=r"\text{true by (20)}",
        note="Needs 4 pi e A^2 sigma^4 >= 1, which A >= sigma^-2 gives, and so A = C_n/sigma^6.",
    ),
)

_bounded_risk = le(R, _risk_bound)
_cubed = sqrt(E) * A**4 * N * R / (2 * pi * sigma**2)
_cube_root = (sqrt(2 * pi * E) * A * sigma * N * R) ** Rational(1, 3)
_rooted = le(pi * N * mu * Delta, 2**11 * sqrt(E) * A**4)
_precise = ge(A * sigma**2, 1)
_capped_risk = le(R, 1 / (16 * N * sigma**2))


_third_power = sqrt(2 * pi * E) * A * sigma * N * R
_share = sqrt(2 * pi) * sigma / A * level / 2**12
_maximum = Max(sqrt(2 * N * R), _cube_root)
_regime = (_bounded_risk, _capped_risk, _precise)
_close: dict[Symbol, Any] = {
    N: Fraction(2),
    mu: Fraction(1, 2),
    sigma: Fraction(1, 2),
    Delta: Fraction(1),
    A: Fraction(4),
    R: Fraction(1386, 10**14),
}
"""A risk 0.3 per cent below the bound."""
_closer = {**_close, A: Fraction(1747, 10**4), R: Fraction(3810, 10**9)}
"""Both conditions of the second term are met with little to spare."""


def _branch(argument: Expr) -> Branch:
    """Return the certificate of one argument of the maximum."""
    square = argument == sqrt(2 * N * R)
    return Branch(
        parts=(
            From(
                claim="A.fact.square" if square else "A.fact.cube",
                at={_u: argument, _v: _share},
                because=(From(claim="A.thm8.P5.square" if square else "A.thm8.P5.cube"),),
            ),
        )
    )


def _power_claim(name: str, power: int, says: str) -> Claim:
    weight = 1 / sum((_u**k * _v ** (power - 1 - k) for k in range(power)), S.Zero)
    return Claim(
        id=name,
        kind=Kind.LEMMA,
        says=says,
        source=place("used without statement"),
        given={_u: _half_line, _v: Real(lo=0, lo_open=True, within=(_u, 2 * _u))},
        where=(le(_u**power, _v**power),),
        lhs=_u,
        rel=Rel.LE,
        rhs=_v,
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=weight),)),)),
            Search(),
        ),
        broken=(drop(0), scale("rhs", Rational(9, 10))),
    )


POWERS: Final = (
    _power_claim("A.fact.square", 2, "A number with the smaller square is the smaller one."),
    Claim(
        id="A.fact.squares",
        kind=Kind.LEMMA,
        says="Of two numbers that are not negative the smaller one has the smaller square.",
        source=place("used without statement"),
        given={_u: _half_line, _v: Real(lo=0, lo_open=True, within=(_u, 2 * _u))},
        where=(le(_u, _v),),
        lhs=_u**2,
        rel=Rel.LE,
        rhs=_v**2,
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=_u + _v),)),)),
            Search(),
        ),
        broken=(drop(0), scale("rhs", Rational(9, 10))),
    ),
    _power_claim("A.fact.cube", 3, "A number with the smaller cube is the smaller one."),
)

THIRD: Final = (
    Claim(
        id="A.thm8.P5.form",
        kind=Kind.STEP,
        says="The third power of the third term of Proposition 6, simplified.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        lhs=(A / (sqrt(2 * pi) * sigma)) ** 3 * sqrt(2 * pi * E) * A * sigma * N * R,
        rel=Rel.EQ,
        rhs=_cubed,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("A^3", rhs=_cubed / A),
        ),
        printed=r"\frac A{\sqrt{2\pi}\sigma}(\sqrt{2\pi e}A\sigma nR)^{1/3}="
        r"\frac{e^{1/6}A^{4/3}n^{1/3}R^{1/3}}{(2\pi)^{1/3}\sigma^{2/3}}",
        note="Stated by the third powers of both sides.",
    ),
    Claim(
        id="A.thm8.P5",
        kind=Kind.STEP,
        says="The third term of Proposition 6 is at most mu n^2 Delta/(2^12 sigma^2), cubed.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(_bounded_risk,),
        lhs=_cubed,
        rel=Rel.LE,
        rhs=(level / 2**12) ** 3,
        uses=("A.thm8.P5.form", "A.thm8.P5.root"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                hypothesis=0,
                                weight=sqrt(E) * A**4 * N / (2 * pi * sigma**2),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_close,)),
        ),
        broken=(scale("lhs", Rational(101, 100)), drop(0)),
        printed=r"\dots\le\frac{\mu n^2\Delta}{2^{12}\sigma^2}",
        note="With equality at the printed risk: 2^(-35/3) 2^(-1/3) = 2^-12.",
    ),
    Claim(
        id="A.thm8.P5.root",
        kind=Kind.STEP,
        says="The second term of Proposition 6 is at most mu n^2 Delta/(2^13 sigma^2), squared.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(_bounded_risk, _rooted),
        lhs=R / 4,
        rel=Rel.LE,
        rhs=(level / 2**13) ** 2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=0, weight=Rational(1, 4)),
                            From(
                                hypothesis=1,
                                weight=N**4
                                * mu**2
                                * Delta**2
                                / (2**37 * sqrt(E) * A**4 * sigma**4),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_closer,)),
        ),
        broken=(scale("lhs", 2), drop(1, name="any noise"), drop(0)),
        printed=r"\sigma\le\sigma_4\Rightarrow\tfrac{\sqrt R}2\le"
        r"\frac{\mu n^2\Delta}{2^{13}\sigma^2}",
        note="The condition on sigma is pi n mu Delta <= 2^11 e^(1/2) A^4.",
    ),
    Claim(
        id="A.thm8.P5.cube",
        kind=Kind.LEMMA,
        says="The third power of the cube root is at most that of its share.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(_bounded_risk,),
        lhs=_third_power,
        rel=Rel.LE,
        rhs=_share**3,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.thm8.P5", weight=(sqrt(2 * pi) * sigma / A) ** 3),)
                    ),
                )
            ),
            Search(also=(_close,)),
        ),
        broken=(scale("lhs", Rational(101, 100)), drop(0)),
    ),
    Claim(
        id="A.thm8.P5.six",
        kind=Kind.LEMMA,
        says="The sixth power of the square root is at most that of its share.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=_regime,
        lhs=(2 * N * R) ** 3,
        rel=Rel.LE,
        rhs=_share**6,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm8.P4",
                                because=(From(claim="A.thm8.P4.true"),),
                            ),
                            From(
                                claim="A.fact.squares",
                                at={_u: _third_power, _v: _share**3},
                                because=(From(claim="A.thm8.P5.cube"),),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_close,)),
        ),
        broken=(drop(0), scale("rhs", Rational(1, 10**12))),
    ),
    Claim(
        id="A.thm8.P5.square",
        kind=Kind.LEMMA,
        says="The square of the square root is at most that of its share.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=_regime,
        lhs=2 * N * R,
        rel=Rel.LE,
        rhs=_share**2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.cube",
                                at={_u: 2 * N * R, _v: _share**2},
                                because=(From(claim="A.thm8.P5.six"),),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_close,)),
        ),
        broken=(drop(0), scale("rhs", Rational(1, 10**6))),
    ),
    Claim(
        id="A.thm8.P5.third",
        kind=Kind.LEMMA,
        says="The maximum in the third term of Proposition 6 is at most its share.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=_regime,
        lhs=_maximum,
        rel=Rel.LE,
        rhs=_share,
        evidence=(
            Steps(branches=tuple(_branch(a) for a in _maximum.args)),
            Search(also=(_close,), examples=40),
        ),
        broken=(scale("lhs", Rational(101, 100)), drop(0)),
    ),
    Claim(
        id="A.thm8.P5.second",
        kind=Kind.LEMMA,
        says="The second term of Proposition 6 is at most the printed share.",
        source=place("Theorem 8, proof"),
        given=_with_risk,
        where=(_bounded_risk, _rooted),
        lhs=sqrt(R) / 2,
        rel=Rel.LE,
        rhs=level / 2**13,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.square",
                                at={_u: sqrt(R) / 2, _v: level / 2**13},
                                because=(From(claim="A.thm8.P5.root"),),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_closer,)),
        ),
        broken=(scale("lhs", 2), drop(1, name="any noise")),
    ),
)

LAST: Final = (
    Claim(
        id="A.thm8.P6",
        kind=Kind.STEP,
        says="What the second and third terms leave bounds the learning rate.",
        source=place("Theorem 8, proof"),
        given={**_base, eta: _positive},
        where=(ge(1 / (2 * eta) + level / 2**13 + level / 2**12, level / 2**11),),
        lhs=eta,
        rel=Rel.LE,
        rhs=_c / level,
        constant=Constant(_c, CONSTANTS.learning_rate, larger_is_weaker=True, power_of_two=True),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0, weight=2**13 * eta / level),)),)),
            Search(
                also=(
                    {
                        N: Fraction(2),
                        mu: Fraction(1, 2),
                        sigma: Fraction(1, 2),
                        Delta: Fraction(1),
                        eta: Fraction(512),
                    },
                )
            ),
        ),
        broken=(scale("rhs", Rational(99, 100)), drop(0)),
        printed=r"\frac1{2\eta}+\frac{\mu n^2\Delta}{2^{13}\sigma^2}+\frac{\mu n^2\Delta}"
        r"{2^{12}\sigma^2}\ge\frac{\mu n^2\Delta}{2^{11}\sigma^2}\Rightarrow"
        r"\eta\le\frac{2^{12}\sigma^2}{\mu n^2\Delta}",
    ),
)

CLAIMS: Final = (*NOISE, *CAP, *CASES, *POWERS, *THIRD, *LAST)
