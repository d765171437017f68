"""One notation for all papers.

Every symbol of `theory` and of the ledger is made here, with the assumptions that hold in all
papers, so that two expressions about the same quantity are about the same symbol.
"""

from sympy import IndexedBase, Symbol

__all__ = [
    "A",
    "Delta",
    "T",
    "alpha",
    "beta",
    "d",
    "delta",
    "eta",
    "gamma",
    "i",
    "j",
    "k",
    "lambda_",
    "m",
    "mu",
    "n",
    "psi",
    "r",
    "s_d",
    "sigma",
    "t",
    "x",
    "x_0",
    "y",
    "z",
]

# Forward process and observation Y = mu X + sigma xi.
mu = Symbol("mu", positive=True)
sigma = Symbol("sigma", positive=True)
t = Symbol("t", positive=True)
T = Symbol("T", positive=True)
lambda_ = Symbol("lambda", positive=True)
"""Noise scale of the Ornstein-Uhlenbeck process (1 for the standard one)."""
y = Symbol("y", real=True)
z = Symbol("z", real=True)

# Data: x[1] < ... < x[n], minimum spacing Delta.
x = IndexedBase("x", real=True)
n = Symbol("n", integer=True, positive=True)
d = Symbol("d", integer=True, positive=True)
i = Symbol("i", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)
k = Symbol("k", integer=True, positive=True)
Delta = Symbol("Delta", positive=True)

# Networks and training.
m = Symbol("m", integer=True, positive=True)
"""Width of a network in paper A; n - 1 degrees of freedom in paper B."""
eta = Symbol("eta", positive=True)
alpha = Symbol("alpha", positive=True)

# Linear diffusion (paper B).
s_d = Symbol("s_d", positive=True)
gamma = Symbol("gamma", positive=True)
"""Signal-to-noise ratio a^2 s_d^2 / q^2."""
psi = Symbol("psi", positive=True)
"""Aspect ratio (n - 1) / d."""

# Starting point of a diffusion, X_0 = x_0.
x_0 = Symbol("x_0", real=True)

# Stability and risk (paper A).
A = Symbol("A", positive=True)
"""Bound on the outer weights."""
r = Symbol("r", positive=True)
"""Value of a risk."""
beta = Symbol("beta", positive=True)
delta = Symbol("delta", positive=True)
