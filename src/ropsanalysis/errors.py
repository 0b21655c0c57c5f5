"""The package's own errors: what went wrong, where, what was expected, what to do.

Each class carries the exit code that the command line ends with, so that whoever runs a batch
can tell a misspelt option (2) from refused data (3) without reading the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RopsError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code = 1


class UsageError(RopsError):
    """The call names something that does not exist: a region, report, parameter or format."""

    exit_code = 2


class DataError(RopsError):
    """A data file cannot be used as it is; the message (Polish) says where and what to correct."""

    exit_code = 3


class DisclosureError(RopsError):
    """Published counts would give somebody away; the message (Polish) says which tables and what to do."""

    exit_code = 4


class ReportError(RopsError):
    """One report could not be made, checked or written."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that suggests the nearest known words, or an empty text.

    Examples
    --------
    >>> did_you_mean("malopolska", ["malopolskie", "mazowieckie"])
    " Did you mean 'malopolskie'?"
    >>> did_you_mean("xyz", ["malopolskie"])
    ''
    """
    near = get_close_matches(word, list(known), n=2, cutoff=0.6)
    if not near:
        return ""
    return " Did you mean " + " or ".join(repr(name) for name in near) + "?"
