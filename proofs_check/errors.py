"""Errors that a user can mend: one line that names the field, what is wrong and what would do."""

__all__ = ["ClaimError", "InputError", "LedgerError", "ScoreproofError"]


class ScoreproofError(Exception):
    """Base of the errors that the command line prints as one line, with exit code 2."""


class InputError(ScoreproofError):
    """An argument, option or file that cannot be used."""


class ClaimError(ScoreproofError):
    """A record that is not a claim: a float, a symbol without domain, no evidence, ..."""


class LedgerError(ScoreproofError):
    """Claims that do not fit together: a duplicate id, an unknown or cyclic dependency."""
