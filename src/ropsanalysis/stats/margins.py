"""Known distributions of the population that a sample is weighted to, and whether the two fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.vocabulary import FloatVector

MarginProblem = Literal["bad_target", "unknown_code", "no_members", "zero_target", "sums_differ"]

MARGIN_WORDS: dict[MarginProblem, str] = {
    "bad_target": "the target is negative, infinite or missing",
    "unknown_code": "a row holds a code that has no target; leave such rows out first",
    "no_members": "there is a target but nobody with a positive weight; merge the category with another",
    "zero_target": "the target is 0 but there are members; correct the frame or leave them out",
    "sums_differ": "its targets add up to another total than those of the first margin; rescale one of them",
}


class MarginError(UsageError):
    """Targets and sample do not fit together.

    Attributes
    ----------
    problem
        What is wrong, a key of ``MARGIN_WORDS``.
    margin
        Index of the margin in the list (0 where there is only one).
    category
        Index of the first category concerned (for ``unknown_code`` the code itself); None for ``sums_differ``.
    """

    def __init__(self, problem: MarginProblem, *, margin: int, category: int | None) -> None:
        where = f"margin {margin}" if category is None else f"margin {margin}, category {category}"
        super().__init__(f"{where}: {MARGIN_WORDS[problem]}")
        self.problem: MarginProblem = problem
        self.margin = margin
        self.category = category


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable whose distribution in the population is known.

    Attributes
    ----------
    codes
        Shape (n,): category of each row, 0 to k - 1.
    totals
        Shape (k,): people in the population per category.
    """

    codes: NDArray[np.int64]
    totals: FloatVector


def as_margin(codes: ArrayLike, totals: ArrayLike, *, index: int = 0) -> Margin:
    """Return codes, shape (n,), and totals, shape (k,), as a margin; ``index`` is its place in error messages.

    Raises
    ------
    MarginError
        If a total is negative, infinite or missing, or a code has no total.
    """
    # Bad targets are looked for here, so that the error can say where.
    targets = np.array(totals, dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(targets) & (targets >= 0)))
    if bad.size:
        raise MarginError("bad_target", margin=index, category=int(bad[0]))
    whole = np.array(codes)
    if whole.ndim != 1 or not np.issubdtype(whole.dtype, np.integer):
        raise UsageError(f"margin {index}: codes must be one row of whole numbers, one per answer")
    unknown = whole[(whole < 0) | (whole >= targets.size)]
    if unknown.size:
        raise MarginError("unknown_code", margin=index, category=int(unknown[0]))
    return Margin(whole.astype(np.int64), targets)


def check_members(margin: Margin, weights: FloatVector, *, index: int) -> None:
    """Refuse a target without members and members without a target.

    Raises
    ------
    MarginError
        With the index of the first such category.
    """
    present = achieved_totals(weights, margin) > 0
    wanted = margin.totals > 0
    problems: tuple[tuple[MarginProblem, NDArray[np.bool_]], ...] = (
        ("no_members", wanted & ~present),
        ("zero_target", present & ~wanted),
    )
    for problem, where in problems:
        if where.any():
            raise MarginError(problem, margin=index, category=int(np.flatnonzero(where)[0]))


def achieved_totals(weights: FloatVector, margin: Margin) -> FloatVector:
    """Sum the weights per category, shape (k,)."""
    return np.bincount(margin.codes, weights=weights, minlength=margin.totals.size).astype(np.float64)
