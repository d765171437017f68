"""Paper A, Theorem 4: the weighted variation of the optimal score, for samples of any size."""

from fractions import Fraction
from typing import Final

from sympy import (
    Expr,
    Rational,
    Sum,
    Symbol,
    floor,
)

from proofs_check.broken import restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer
from proofs_check.evidence import (
    Branch,
    From,
    Instances,
    Search,
    Steps,
)
from proofs_check.ledger.large_learning_rates.inner_gaps import (
    amended_weight,
    centred,
    dense,
    inner_weight,
    is_spaced,
    least,
    printed_weight,
    quotient,
    rate,
    rise,
    sampled,
    within_gap,
)
from proofs_check.ledger.large_learning_rates.setting import (
    X,
    data,
    decay,
    gap,
    i,
    j,
    k,
    mu,
    n,
    place,
    sigma,
    x,
)
from proofs_check.quantities.weight_function import (
    GapVariation,
    WeightedVariation,
)

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
_h = Symbol("h", positive=True)
_q = Symbol("q", positive=True)
_K = Symbol("K", integer=True, nonnegative=True)
_N = Symbol("N", integer=True, positive=True)

_named = {
    f"{size} points, sigma = 1/{part}": {
        mu: _half,
        sigma: Fraction(1, part),
        X: tuple(Fraction(r) for r in range(size)),
    }
    for size, part in ((3, 12), (4, 12))
}

_K_of = floor(n / 4)
_unit = mu**3 * gap**3 / (n**3 * sigma**4)
_loss = Rational(1, 2) - 4 * n**3 * decay()
_least_rise = rate * gap**2 / n * _loss

_pair = {
    mu: _half,
    sigma: Fraction(1, 10),
    X: (Fraction(0), Fraction(1)),
    _K: Fraction(0),
    i: Fraction(1),
}

TOTAL: Final = (
    Claim(
        id="A.thm4.each",
        kind=Kind.LEMMA,
        says="Each gap with K points to spare on both sides adds at least its share.",
        source=place("Theorem 4, proof for every n"),
        given={**sampled, _K: Integer(lo=0, hi=n - 2), i: Integer(lo=1, hi=n - 1)},
        where=(dense, ge(i, _K + 1), le(i, n - _K - 1)),
        lhs=GapVariation(*data, i),
        rel=Rel.GE,
        rhs=_unit / 10 * centred(_K + 1) * _loss,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.thm4.gap", because=(is_spaced,)),
                            From(
                                claim="A.fact.gap",
                                weight=2 * inner_weight * rate * (x(i + 1) - x(i) + gap) / (2 * n),
                            ),
                            From(
                                claim="A.thm4.ratio",
                                at={_h: mu * gap / sigma},
                                weight=2 * _least_rise * mu * gap / (8 * n**2) * least,
                                because=(From(claim="A.thm4.two", at={_N: n, _q: quotient}),),
                            ),
                            From(
                                claim="A.thm4.factors",
                                at={_N: n},
                                weight=_least_rise * mu * gap / (10 * n**2),
                            ),
                        ),
                        because=(
                            within_gap,
                            From(claim="A.thm4.loss", at={_N: n, _q: quotient}),
                            From(claim="A.thm4.factors", at={_N: n}),
                        ),
                    ),
                )
            ),
            Search(also=(_pair,), examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(
            scale("rhs", 20),
            restate("no size", rhs=_unit * n**3 * centred(_K + 1)),
        ),
    ),
    Claim(
        id="A.thm4.P5",
        kind=Kind.STEP,
        says="The weighted variation is at least the bound with both brackets.",
        source=place("Theorem 4, proof"),
        given=sampled,
        where=(dense,),
        lhs=WeightedVariation(*data),
        rel=Rel.GE,
        rhs=_c * mu**3 * n * gap**3 / sigma**4 * (Rational(1, 2) - decay(2)) * _loss,
        constant=Constant(_c, Rational(1, 256), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.each",
                                at={i: k, _K: _K_of},
                                over=(k, _K_of + 1, n - _K_of - 1),
                            ),
                            From(claim="A.thm4.count", at={_N: n}, weight=_unit / 10 * _loss),
                        ),
                        rest=Sum(GapVariation(*data, k), (k, 1, _K_of))
                        + Sum(GapVariation(*data, k), (k, n - _K_of, n - 1))
                        + mu**3 * n * gap**3 / sigma**4 / 256 * decay(2) * _loss,
                        because=(
                            From(claim="A.thm4.order.lower", at={_N: n}),
                            From(claim="A.thm4.order.count", at={_N: n}),
                            From(claim="A.thm4.loss", at={_N: n, _q: quotient}),
                        ),
                    ),
                ),
                unfold=(WeightedVariation,),
            ),
            Search(examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(
            scale("rhs", 200),
            restate("no spacing", rhs=mu**3 * n / sigma**4 * n**4 * gap**3),
        ),
        printed=r"\mathrm{TV}_\pi(s^\star)\ge\tfrac{\mu^3n\Delta^3}{256\sigma^4}"
        r"(\tfrac12-e^{-2q})(\tfrac12-4n^3e^{-q}),\quad q=\tfrac{\mu^2\Delta^2}{4\sigma^2}",
        note="The printed derivation needs n >= 10; this one holds for every n >= 2.",
    ),
    Claim(
        id="A.thm4",
        says="The weighted variation of the optimal score is large at low noise.",
        source=place("Theorem 4"),
        given=sampled,
        where=(dense,),
        lhs=WeightedVariation(*data),
        rel=Rel.GE,
        rhs=_c * mu**3 * n * gap**3 / sigma**4,
        constant=Constant(_c, Rational(1, 2**12), larger_is_weaker=False, power_of_two=True),
        steps=(
            "A.thm4.P1",
            "A.thm4.P2",
            "A.thm4.P3",
            "A.thm4.P4",
            "A.thm4.P5",
            "A.thm4.P5.second",
        ),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.thm4.P5"),
                            From(
                                claim="A.thm4.P5.second",
                                at={_N: n, _q: quotient},
                                weight=mu**3 * n * gap**3 / (256 * sigma**4),
                            ),
                        )
                    ),
                )
            ),
            Search(examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(scale("rhs", 2**12), restate("sigma^6", rhs=mu**3 * n * gap**3 / sigma**6)),
        printed=r"\mathrm{TV}_\pi(s^\star)\ge\tfrac{\mu^3n\Delta^3}{2^{12}\sigma^4}",
        note="True for every n >= 2, though the printed proof rests on Proposition 9 (i) and "
        "needs n >= 10.",
    ),
    Claim(
        id="A.thm4.sharp",
        kind=Kind.DERIVED,
        says="The same bound with twice the constant, for every n >= 2.",
        source=place("Theorem 4, sharpened"),
        given=sampled,
        where=(dense,),
        lhs=WeightedVariation(*data),
        rel=Rel.GE,
        rhs=_c * mu**3 * n * gap**3 / sigma**4,
        constant=Constant(_c, Rational(1, 2**11), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.each",
                                at={i: k, _K: _K_of},
                                over=(k, _K_of + 1, n - _K_of - 1),
                            ),
                            From(claim="A.thm4.count", at={_N: n}, weight=_unit / 10 * _loss),
                            From(
                                claim="A.thm4.loss",
                                at={_N: n, _q: quotient},
                                weight=mu**3 * n * gap**3 / (512 * sigma**4),
                            ),
                        ),
                        rest=Sum(GapVariation(*data, k), (k, 1, _K_of))
                        + Sum(GapVariation(*data, k), (k, n - _K_of, n - 1)),
                        because=(
                            From(claim="A.thm4.order.lower", at={_N: n}),
                            From(claim="A.thm4.order.count", at={_N: n}),
                            From(claim="A.thm4.loss", at={_N: n, _q: quotient}),
                        ),
                    ),
                ),
                unfold=(WeightedVariation,),
            ),
            Search(examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(scale("rhs", 2**11), restate("sigma^6", rhs=mu**3 * n * gap**3 / sigma**6)),
    ),
)


def _over_gaps(weight: Expr) -> Expr:
    """Return the bound of P2 for a least weight of the i-th gap."""
    total: Expr = Sum((2 * weight * rise).subs(i, j), (j, 1, n - 1))
    return total


CHAIN: Final = (
    Claim(
        id="A.thm4.P2",
        kind=Kind.STEP,
        says="The weighted variation is at least the sum over gaps of weight times rise.",
        source=place("Theorem 4, proof"),
        given=sampled,
        where=(dense,),
        lhs=WeightedVariation(*data),
        rel=Rel.GE,
        rhs=_over_gaps(printed_weight),
        evidence=(
            Instances(at=_named),
            Search(also=tuple(_named.values()), examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(scale("rhs", 4), restate("times n^2", rhs=_over_gaps(n**2 * printed_weight))),
        printed=r"\mathrm{TV}_\pi(s^\star)\ge\sum_{i=1}^{n-1}\tfrac\mu{n^2}"
        r"(\tfrac12-e^{-\mu^2\Delta^2/2\sigma^2})"
        r"\min\{\tfrac{i^2(i-1)}2,\tfrac{(n-i)^2(n-i+1)}2\}\Delta\cdot2\tfrac{\mu^2}{\sigma^4}"
        r"\Big(\tfrac{(x_i-x_{i+1})^2}{2n}-4n^2\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}\Big)",
        note="Printed as a consequence of Proposition 9 (i), which is false; no failure is known.",
    ),
    Claim(
        id="A.thm4.P2.amended",
        kind=Kind.AMENDED,
        amends="A.thm4.P2",
        says="The weighted variation is at least the sum over gaps of weight times rise.",
        source=place("Theorem 4, proof, with the amended Proposition 9 (i)"),
        given=sampled,
        where=(dense,),
        lhs=WeightedVariation(*data),
        rel=Rel.GE,
        rhs=_over_gaps(amended_weight),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="A.thm4.P2.gap", at={i: k}, over=(k, 1, n - 1)),)),
                ),
                unfold=(WeightedVariation,),
            ),
            Search(also=tuple(_named.values()), examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(scale("rhs", 40), restate("times n^3", rhs=_over_gaps(n**3 * amended_weight))),
    ),
)

CLAIMS: Final = (*TOTAL, *CHAIN)
