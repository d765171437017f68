"""An exact confidence interval of a probability, from the number of successes."""

__all__ = ["clopper_pearson"]


def clopper_pearson(successes: int, trials: int, *, error: float = 0.05) -> tuple[float, float]:
    r"""Return the Clopper-Pearson interval of a probability.

    Its ends solve :math:`P(X\ge k)=P(X\le k)=\text{error}/2` for binomial X, so it misses at most
    with the probability ``error``, whatever the true one is.

    Parameters
    ----------
    successes, trials : int
        0 <= successes <= trials, trials >= 1.
    error : float
        In (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.pdelta``.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 10)
    >>> low, round(high, 4)
    (0.0, 0.3085)
    """
    from scipy.special import betaincinv

    if not 0 <= successes <= trials or trials < 1 or not 0.0 < error < 1.0:
        raise ValueError(
            f"successes, trials, error were {successes}, {trials}, {error}; "
            "0 <= successes <= trials, trials >= 1 and 0 < error < 1 would do"
        )
    tail, missed = 0.5 * error, trials - successes
    low = betaincinv(successes, missed + 1, tail) if successes else 0.0
    high = betaincinv(successes + 1, missed, 1.0 - tail) if missed else 1.0
    return float(low), float(high)
