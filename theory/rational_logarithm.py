"""Rigorous rational bounds on logarithms of rational numbers."""

from sympy import Rational

__all__ = ["log_bounds"]


def log_bounds(value: Rational, *, bits: int = 96) -> tuple[Rational, Rational]:
    r"""Enclose the logarithm of a positive rational number between two rationals.

    .. math:: \log q = k\log2+2\,\mathrm{artanh}\,z,\qquad q = 2^kr,\ \tfrac23\le r<\tfrac43,\
              z = \frac{r-1}{r+1},\qquad \log2 = 2\,\mathrm{artanh}\tfrac13

    Partial sums in integer fixed point, every operation rounded outwards, and the tail bounded by
    a geometric series.

    Parameters
    ----------
    value : Rational
        :math:`q>0`.
    bits : int
        Binary digits after the point, >= 8.

    Returns
    -------
    tuple of Rational
        Lower and upper bound; their distance is a small multiple of :math:`2^{-bits}`.

    Raises
    ------
    ValueError
        If the value is not > 0.

    Notes
    -----
    Claim ``B.monotone``: certifies the threshold without floating point.

    Examples
    --------
    >>> low, high = log_bounds(Rational(2), bits=40)
    >>> low < high, (high - low) < Rational(1, 10**9), round(float(low), 9)
    (True, True, 0.693147181)
    """
    if not value > 0:
        raise ValueError(f"value was {value}; it must be > 0")
    reduced, power = Rational(value), 0
    while 3 * reduced >= 4:
        reduced, power = reduced / 2, power + 1
    while 3 * reduced < 2:
        reduced, power = reduced * 2, power - 1
    two_low, two_high = _double_artanh(Rational(1, 3), bits)
    if reduced >= 1:
        low, high = _double_artanh((reduced - 1) / (reduced + 1), bits)
    else:
        high, low = (-bound for bound in _double_artanh((1 - reduced) / (1 + reduced), bits))
    shift = (
        (power * two_low, power * two_high) if power >= 0 else (power * two_high, power * two_low)
    )
    return low + shift[0], high + shift[1]


def _double_artanh(z: Rational, bits: int) -> tuple[Rational, Rational]:
    """Enclose 2 artanh(z) = 2 (z + z^3/3 + ...) for 0 <= z <= 1/3."""
    unit = 1 << bits
    low, high = (z.p * unit) // z.q, -((-z.p * unit) // z.q)
    square_low, square_high = low * low >> bits, -((-high * high) >> bits)
    total_low, total_high, odd = 0, 0, 1
    while low > 0:
        total_low += low // odd
        total_high += -(-high // odd)
        low, high, odd = low * square_low >> bits, -((-high * square_high) >> bits), odd + 2
    # From here on at most high (1 + z^2 + z^4 + ...) <= high * 9/8 is missing.
    total_high += 2 * high
    return Rational(2 * total_low, unit), Rational(2 * total_high, unit)
