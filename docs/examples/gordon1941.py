"""A ledger for Gordon's bounds of Mills' ratio.

R. D. Gordon, "Values of Mills' ratio of area to bounding ordinate and of the normal probability
integral for large values of the argument", Annals of Mathematical Statistics 12(3), 364-366 (1941),
doi 10.1214/aoms/1177731721.

For every x > 0

    x / (x^2 + 1)  <=  Mills' ratio  <=  1 / x,   Mills' ratio = exp(x^2/2) int_x^oo exp(-t^2/2) dt.

Dictionary: the area is written with the complementary error function of x / sqrt(2), and both sides
are multiplied by the ordinate exp(-x^2/2). The steps are the usual proof, in our words.

    scoreproof verify docs/examples/gordon1941.py
"""

from sympy import Rational, Symbol, erfc, exp, oo, pi, sqrt

from proofs_check import (
    Branch,
    Claim,
    Constant,
    From,
    Kind,
    Real,
    Rel,
    Search,
    Source,
    Steps,
    scale,
)

PAPER = "Gordon, Ann. Math. Statist. 12 (1941) 364-366"

x = Symbol("x", positive=True)
t = Symbol("t", positive=True)
c = Symbol("c", positive=True)

above_zero = Real(lo=0, lo_open=True)
beyond_x = Real(lo=x)
ordinate = exp(-(t**2) / 2)
area = sqrt(pi / 2) * erfc(x / sqrt(2))  # the integral of exp(-t^2/2) from x on

UPPER_STEP = Claim(
    id="gordon.upper.P1",
    kind=Kind.STEP,
    says="Beyond x the ordinate is at most t/x times itself, which can be integrated.",
    source=Source(PAPER, "proof of the upper bound"),
    given={x: above_zero, t: beyond_x},
    lhs=ordinate,
    rel=Rel.LE,
    rhs=t / x * ordinate,
    evidence=(Steps(branches=(Branch(rest=(t - x) / x * ordinate),)), Search()),
    broken=(scale("lhs", Rational(11, 10)),),
)

UPPER = Claim(
    id="gordon.upper",
    says="Mills' ratio is at most 1/x.",
    source=Source(PAPER, "upper bound"),
    given={x: above_zero},
    lhs=area,
    rel=Rel.LE,
    rhs=c * exp(-(x**2) / 2) / x,
    constant=Constant(c, Rational(1)),
    steps=(UPPER_STEP.id,),
    evidence=(
        Steps(branches=(Branch(parts=(From(claim=UPPER_STEP.id, along=(t, x, oo)),)),)),
        Search(),
    ),
    broken=(scale("rhs", Rational(19, 20)),),
)

LOWER_STEP = Claim(
    id="gordon.lower.P1",
    kind=Kind.STEP,
    says="Beyond x the factor 1 + 1/t^2 is largest at x.",
    source=Source(PAPER, "proof of the lower bound"),
    given={x: above_zero, t: beyond_x},
    lhs=(1 + 1 / t**2) * ordinate,
    rel=Rel.LE,
    rhs=(1 + 1 / x**2) * ordinate,
    evidence=(
        Steps(branches=(Branch(rest=(t - x) * (t + x) / (t * x) ** 2 * ordinate),)),
        Search(),
    ),
    broken=(scale("lhs", Rational(11, 10)),),
)

LOWER = Claim(
    id="gordon.lower",
    says="Mills' ratio is at least x / (x^2 + 1).",
    source=Source(PAPER, "lower bound"),
    given={x: above_zero},
    lhs=area,
    rel=Rel.GE,
    rhs=x / (x**2 + 1) * exp(-(x**2) / 2),
    steps=(LOWER_STEP.id,),
    evidence=(
        Steps(
            branches=(
                Branch(
                    parts=(From(claim=LOWER_STEP.id, along=(t, x, oo), weight=x**2 / (x**2 + 1)),)
                ),
            )
        ),
        Search(),
    ),
    broken=(scale("rhs", Rational(11, 10)),),
)
