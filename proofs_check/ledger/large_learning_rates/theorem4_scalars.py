"""Paper A, Theorem 4: the scalar facts of its proof, for every number of points."""

from fractions import Fraction
from typing import Final

from sympy import (
    Min,
    Rational,
    Symbol,
    ceiling,
    erf,
    exp,
    floor,
    log,
    sqrt,
)

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real, reals
from proofs_check.evidence import (
    Branch,
    Enclosure,
    From,
    Polynomial,
    Search,
    Steps,
)
from proofs_check.ledger.large_learning_rates.inner_gaps import centred
from proofs_check.ledger.large_learning_rates.irregularity import factor
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SIGMA,
    i,
    mu,
    place,
    sigma,
)
from theory.symbols import Delta, z

__all__ = ["CLAIMS"]

_c = Symbol("c", positive=True)
_h = Symbol("h", positive=True)
_q = Symbol("q", positive=True)
_s = Symbol("s", real=True)
_K = Symbol("K", integer=True, nonnegative=True)
_N = Symbol("N", integer=True, positive=True)

_quarter_of = floor(_N / 4)
_scalar_dense = le(16 * _N**3 * exp(-_q), 1)
_spacings = {
    _N: Integer(lo=2),
    mu: MU,
    sigma: SIGMA,
    Delta: Real(lo=0, lo_open=True, within=(4 * sigma / mu, 6 * sigma / mu)),
}
_decay_of_gap = exp(-(mu**2) * Delta**2 / (4 * sigma**2))
_log_bound = 4 * sigma**2 / mu**2 * log(16 * _N**3)
_squared = mu**2 * Delta**2 / (4 * sigma**2)
_corner = {
    _N: Fraction(2),
    mu: Fraction(1, 2),
    sigma: Fraction(1, 2),
    Delta: Fraction(441, 100),
}
"""Two points for which the hypothesis of Theorem 4 is met with little to spare."""
_corner_q = {_N: Fraction(2), _q: Fraction(4853, 1000)}

SCALARS: Final = (
    Claim(
        id="A.thm4.P1.two",
        kind=Kind.LEMMA,
        says="The hypothesis for two points keeps mu Delta / sigma above 2.",
        source=place("Theorem 4, proof"),
        given={_h: Real(lo=0, lo_open=True, within=(4, 6))},
        where=(le(128 * exp(-(_h**2) / 4), 1),),
        lhs=_h,
        rel=Rel.GE,
        rhs=_c,
        constant=Constant(_c, Rational(2), larger_is_weaker=False, power_of_two=True),
        evidence=(Enclosure(), Search()),
        broken=(restate("constant 9/2", rhs=Rational(9, 2)), drop(0)),
    ),
    Claim(
        id="A.thm4.P1",
        kind=Kind.STEP,
        says="The hypothesis of Theorem 4 implies that of Proposition 2.",
        source=place("Theorem 4, proof"),
        given=_spacings,
        where=(le(16 * _N**3 * _decay_of_gap, 1),),
        lhs=Delta,
        rel=Rel.GE,
        rhs=_c * sigma / mu,
        constant=Constant(_c, Rational(2), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.P1.two",
                                at={_h: mu * Delta / sigma},
                                weight=sigma / mu,
                                because=(From(claim="A.thm4.two", at={_q: _squared}),),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_corner,)),
        ),
        broken=(
            restate("constant 9/2", rhs=Rational(9, 2) * sigma / mu),
            drop(0),
        ),
        printed=r"16n^3e^{-\mu^2\Delta^2/4\sigma^2}\le1\Rightarrow\Delta\ge2\sigma/\mu",
    ),
    Claim(
        id="A.fact.tangent",
        kind=Kind.LEMMA,
        says="The exponential lies above its tangent at zero.",
        source=place("used without statement"),
        given={_s: reals},
        lhs=exp(_s),
        rel=Rel.GE,
        rhs=1 + _s,
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(101, 100)), flip()),
    ),
    Claim(
        id="A.thm4.cond",
        says="The hypothesis of Theorem 4 bounds the spacing below.",
        source=place("Theorem 4, after it"),
        given=_spacings,
        where=(le(16 * _N**3 * _decay_of_gap, 1),),
        lhs=Delta**2,
        rel=Rel.GE,
        rhs=_log_bound,
        uses=("A.thm4.cond.converse",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.tangent",
                                at={_s: log(16 * _N**3) - _squared},
                                weight=4 * sigma**2 / mu**2,
                            ),
                            From(hypothesis=0, weight=4 * sigma**2 / mu**2),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(11, 10)), drop(0)),
        printed=r"\Delta^2\ge4\tfrac{\sigma^2}{\mu^2}\ln(16n^3)",
    ),
    Claim(
        id="A.thm4.cond.converse",
        says="That bound of the spacing gives the hypothesis of Theorem 4 back.",
        source=place("Theorem 4, after it"),
        given=_spacings,
        where=(ge(Delta**2, _log_bound),),
        lhs=16 * _N**3 * _decay_of_gap,
        rel=Rel.LE,
        rhs=1,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.tangent",
                                at={_s: _squared - log(16 * _N**3)},
                                weight=16 * _N**3 * _decay_of_gap,
                            ),
                            From(
                                hypothesis=0,
                                weight=16 * _N**3 * _decay_of_gap * mu**2 / (4 * sigma**2),
                            ),
                        )
                    ),
                )
            ),
            Search(also=(_corner,)),
        ),
        broken=(scale("lhs", Rational(11, 10)), drop(0)),
    ),
    Claim(
        id="A.fact.ceiling",
        kind=Kind.LEMMA,
        says="Rounding up does not make smaller.",
        source=place("used without statement"),
        given={_N: Integer(lo=1)},
        lhs=ceiling(_N / 4),
        rel=Rel.GE,
        rhs=_N / 4,
        evidence=(Polynomial(residues={_N: 4}), Search()),
        broken=(scale("rhs", Rational(101, 100)), flip()),
    ),
    Claim(
        id="A.fact.floor",
        kind=Kind.LEMMA,
        says="Rounding down does not make larger.",
        source=place("used without statement"),
        given={_N: Integer(lo=1)},
        lhs=floor(3 * _N / 4),
        rel=Rel.LE,
        rhs=3 * _N / 4,
        evidence=(Polynomial(residues={_N: 4}), Search()),
        broken=(scale("rhs", Rational(99, 100)), flip()),
    ),
    Claim(
        id="A.thm4.P3.factor",
        kind=Kind.LEMMA,
        says="Beyond n/4 + 1 the factor is at least n^3/128.",
        source=place("Theorem 4, proof"),
        given={_N: Integer(lo=2), z: Real(lo=_N / 4 + 1)},
        lhs=factor(z),
        rel=Rel.GE,
        rhs=_N**3 / 128,
        evidence=(Polynomial(shift={z: z + _N / 4 + 1}), Search()),
        broken=(scale("rhs", Rational(3, 2)), flip()),
    ),
    *(
        Claim(
            id=name,
            kind=kind,
            amends=amends,
            says="In the middle half of the gaps the factors are at least n^3/128.",
            source=place("Theorem 4, proof"),
            given={_N: Integer(lo=2), i: Integer(lo=1, hi=_N - 1)},
            where=(ge(i, ceiling(_N / 4) + 1), le(i, floor(3 * _N / 4) - 1)),
            lhs=Min(factor(i), last),
            rel=Rel.GE,
            rhs=_c * _N**3,
            constant=Constant(_c, Rational(1, 128), larger_is_weaker=False, power_of_two=True),
            evidence=(
                Steps(
                    branches=(
                        Branch(
                            parts=(
                                From(
                                    claim="A.thm4.P3.factor",
                                    at={z: i},
                                    because=(From(claim="A.fact.ceiling"),),
                                ),
                            )
                        ),
                        Branch(
                            parts=(
                                From(
                                    claim="A.thm4.P3.factor",
                                    at={z: _N - i},
                                    because=(From(claim="A.fact.floor"),),
                                ),
                            ),
                            rest=last - factor(_N - i),
                        ),
                    )
                ),
                Search(),
            ),
            broken=(scale("rhs", 2), drop(0), drop(1)),
            printed=printed,
        )
        for name, kind, amends, last, printed in (
            (
                "A.thm4.P3",
                Kind.STEP,
                None,
                (_N - i) ** 2 * (_N - i + 1) / 2,
                r"\min\Big\{\tfrac{i^2(i-1)}2,\tfrac{(n-i)^2(n-i+1)}2\Big\}\ge\tfrac{n^3}{128}",
            ),
            (
                "A.thm4.P3.amended",
                Kind.AMENDED,
                "A.thm4.P3",
                factor(_N - i),
                r"\min\Big\{\tfrac{i^2(i-1)}2,\tfrac{(n-i)^2(n-i-1)}2\Big\}\ge\tfrac{n^3}{128}",
            ),
        )
    ),
    Claim(
        id="A.thm4.P4",
        kind=Kind.STEP,
        says="From ten points on at least a quarter of the gaps lies in the middle half.",
        source=place("Theorem 4, proof"),
        given={_N: Integer(lo=10)},
        lhs=floor(3 * _N / 4) - 1 - ceiling(_N / 4),
        rel=Rel.GE,
        rhs=_N / 4,
        evidence=(Polynomial(residues={_N: 4}), Search()),
        broken=(
            restate("from nine on", given={_N: Integer(lo=9)}),
            restate("from six on", given={_N: Integer(lo=6, hi=7)}),
            restate("five points", given={_N: Integer(lo=5, hi=5)}),
            restate("two and three points", given={_N: Integer(lo=2, hi=3)}),
        ),
        printed=r"\#\{\lceil n/4\rceil+1,\dots,\lfloor3n/4\rfloor-1\}\ge n/4\quad(n\ge10)",
        note="Fails for n = 2, 3, 5, 6 and 9 and holds for 4, 7 and 8; the theorem does not print "
        "n >= 10.",
    ),
    Claim(
        id="A.thm4.P4.small",
        kind=Kind.DERIVED,
        says="The count also holds for seven and eight points.",
        source=place("Theorem 4, proof, audit of n >= 10"),
        given={_N: Integer(lo=7, hi=8)},
        lhs=floor(3 * _N / 4) - 1 - ceiling(_N / 4),
        rel=Rel.GE,
        rhs=_N / 4,
        evidence=(Polynomial(residues={_N: 4}), Search()),
        broken=(
            restate("six points too", given={_N: Integer(lo=6, hi=8)}),
            restate("nine points too", given={_N: Integer(lo=7, hi=9)}),
        ),
    ),
    Claim(
        id="A.thm4.P5.first",
        kind=Kind.LEMMA,
        says="Under the hypothesis exp(-2q) is at most a quarter.",
        source=place("Theorem 4, proof"),
        given={_N: Integer(lo=2), _q: Real(lo=0, lo_open=True, within=(4, 8))},
        where=(_scalar_dense,),
        lhs=exp(-2 * _q),
        rel=Rel.LE,
        rhs=Rational(1, 4),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.two",
                                weight=(Rational(1, 2) + exp(-_q)) / 128,
                            ),
                        ),
                        rest=Rational(63, 128) * (Rational(1, 2) + exp(-_q)),
                    ),
                )
            ),
            Search(also=(_corner_q,)),
        ),
        broken=(scale("rhs", Rational(1, 5000)), drop(0)),
    ),
    Claim(
        id="A.thm4.P5.second",
        kind=Kind.STEP,
        says="Under the hypothesis each bracket of the bound is at least a quarter.",
        source=place("Theorem 4, proof"),
        given={_N: Integer(lo=2), _q: Real(lo=0, lo_open=True, within=(4, 8))},
        where=(_scalar_dense,),
        lhs=(Rational(1, 2) - exp(-2 * _q)) * (Rational(1, 2) - 4 * _N**3 * exp(-_q)),
        rel=Rel.GE,
        rhs=_c,
        constant=Constant(_c, Rational(1, 16), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.P5.first",
                                weight=Rational(1, 2) - 4 * _N**3 * exp(-_q),
                            ),
                            From(hypothesis=0, weight=Rational(1, 16)),
                        ),
                    ),
                )
            ),
            Search(also=(_corner_q,)),
        ),
        broken=(restate("larger bound", rhs=Rational(127, 1000)), drop(0)),
        printed=r"(\tfrac12-e^{-2q})(\tfrac12-4n^3e^{-q})\ge(\tfrac12-\tfrac14)(\tfrac12-\tfrac14)",
    ),
    Claim(
        id="A.thm4.ratio",
        kind=Kind.LEMMA,
        says="Under the hypothesis an eighth of a spacing holds two fifths of the noise.",
        source=place("Theorem 4, proof for every n"),
        given={_h: Real(lo=0, lo_open=True, within=(4, 6))},
        where=(le(128 * exp(-(_h**2) / 4), 1),),
        lhs=erf(sqrt(2) * _h / 16),
        rel=Rel.GE,
        rhs=Rational(2, 5),
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(11, 10)), drop(0)),
    ),
    Claim(
        id="A.thm4.count",
        kind=Kind.LEMMA,
        says="The gaps of the middle half add up to enough, for every n >= 2.",
        source=place("Theorem 4, proof for every n"),
        given={_N: Integer(lo=2)},
        lhs=(_N - 2 * _quarter_of - 1) * centred(_quarter_of + 1),
        rel=Rel.GE,
        rhs=_c * _N**4,
        constant=Constant(_c, Rational(5, 256), larger_is_weaker=False),
        evidence=(Polynomial(residues={_N: 4}), Search()),
        broken=(scale("rhs", Rational(13, 10)), restate("cube", rhs=_N**3 / 5)),
        note="The best constant is 2/81, attained at n = 3.",
    ),
    Claim(
        id="A.thm4.factor",
        kind=Kind.LEMMA,
        says="The factor of the inner half grows with the number of points on a side.",
        source=place("Theorem 4, proof for every n"),
        given={_K: Integer(lo=0), i: Integer(lo=_K + 1)},
        lhs=centred(i),
        rel=Rel.GE,
        rhs=centred(_K + 1),
        evidence=(Polynomial(shift={i: i + _K + 1}), Search()),
        broken=(scale("rhs", Rational(101, 100)), flip()),
    ),
    Claim(
        id="A.thm4.factors",
        kind=Kind.LEMMA,
        says="With K points to spare on both sides the smaller factor is that of K + 1.",
        source=place("Theorem 4, proof for every n"),
        given={
            _N: Integer(lo=2),
            _K: Integer(lo=0),
            i: Integer(lo=1, hi=_N - 1),
        },
        where=(ge(i, _K + 1), le(i, _N - _K - 1)),
        lhs=Min(centred(i), centred(_N - i)),
        rel=Rel.GE,
        rhs=centred(_K + 1),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="A.thm4.factor"),)),
                    Branch(parts=(From(claim="A.thm4.factor", at={i: _N - i}),)),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0), drop(1)),
    ),
    *(
        Claim(
            id=f"A.thm4.order.{name}",
            kind=Kind.LEMMA,
            says="The middle half of the gaps is not empty.",
            source=place("Theorem 4, proof for every n"),
            given={_N: Integer(lo=2)},
            lhs=larger,
            rel=Rel.GE,
            rhs=0,
            evidence=(Polynomial(residues={_N: 4}), Search()),
            broken=(flip(), restate("by two more", lhs=larger - 2)),
        )
        for name, larger in (
            ("lower", _quarter_of),
            ("count", _N - 2 * _quarter_of - 2),
        )
    ),
    *(
        Claim(
            id=name,
            kind=Kind.LEMMA,
            says=says,
            source=place("Theorem 4, proof for every n"),
            given={_N: Integer(lo=2), _q: Real(lo=0, lo_open=True, within=(4, 8))},
            where=(_scalar_dense,),
            lhs=lhs,
            rel=Rel.LE,
            rhs=rhs,
            evidence=(
                Steps(branches=(Branch(parts=(From(hypothesis=0, weight=weight),), rest=rest),)),
                Search(also=(_corner_q,)),
            ),
            broken=(scale("rhs", Rational(1, 3)), drop(0)),
        )
        for name, says, lhs, rhs, weight, rest in (
            (
                "A.thm4.two",
                "The hypothesis is weakest for two points.",
                128 * exp(-_q),
                Rational(1),
                Rational(1),
                16 * (_N - 2) * (_N**2 + 2 * _N + 4) * exp(-_q),
            ),
            (
                "A.thm4.loss",
                "Under the hypothesis the rise keeps half of its main term.",
                4 * _N**3 * exp(-_q),
                Rational(1, 4),
                Rational(1, 4),
                Rational(0),
            ),
        )
    ),
)

CLAIMS: Final = SCALARS
