"""How many different persons a number of seats can reach, when a person may take several trainings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ropsanalysis.stats.allocation_problem import IntMatrix, Problem
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

FAR_BELOW_ONE = 1e-4
"""What is no difference between numbers of persons: well above the tolerance of the solver, 1e-6."""
HALF = 0.5
"""Expected numbers of persons are rounded to the nearest whole number, halves upwards."""


@dataclass(frozen=True, slots=True)
class Tangent:
    """A limit on the unique persons of an audience: ``level`` + sum over subjects of min(covered, ``most``)."""

    audience: int
    level: float
    most: FloatVector


def reachable(problem: Problem, audience: int) -> int:
    """Persons of an audience who need at least one subject, needs being independent."""
    staff = max(int(problem.staff[audience]), 1)
    nobody = float(np.prod(1 - problem.need[:, audience] / staff))
    return int(np.floor(staff * (1 - nobody) + HALF + FAR_BELOW_ONE))


def unique_persons(problem: Problem, covered: FloatMatrix | IntMatrix) -> FloatVector:
    """Most unique persons per audience, shape (a,), when each covered need (c, a) is a seat; whole numbers."""
    return np.floor(most_persons(problem, covered) + HALF + FAR_BELOW_ONE)


def most_persons(problem: Problem, covered: FloatMatrix | IntMatrix) -> FloatVector:
    """Return the expected numbers that `unique_persons` rounds."""
    return np.array([tightest(problem, covered, audience)[0] for audience in range(len(problem.staff))])


def tightest(problem: Problem, covered: FloatMatrix | IntMatrix, audience: int) -> tuple[float, Tangent]:
    r"""Return the limit on unique persons, and the tangent that states it.

    Notes
    -----
    The limit is the least :math:`F(h(T)) + \sum_{c\notin T} y_c` over sets T of subjects, with
    :math:`F(s) = N(1 - e^{-s})` and :math:`h(T) = -\sum_{c\in T}\ln(1-d_c/N)`. Adding c to T changes the sum by
    :math:`N e^{-h(T)} d_c/N - y_c`, so the best T holds the subjects with the highest covered shares
    :math:`y_c / d_c`: only the first parts of that order need be tried. F is concave; replaced by its tangent
    at the best T, the least over *all* T is :math:`a + \sum_c \min(b h_c, y_c)`: one limit for very many sets. It
    leaves room for rounding.
    """
    seats, need = covered[:, audience], problem.need[:, audience]
    staff = max(int(problem.staff[audience]), 1)
    rate = -np.log1p(-np.minimum(need / staff, 1 - 1e-12))
    order = np.argsort(-np.divide(seats, need, out=np.zeros(len(need)), where=need > 0), kind="stable")
    outside = np.append(seats[order][::-1].cumsum()[::-1], 0)
    depth = np.append(0.0, rate[order].cumsum())
    sums = staff * -np.expm1(-depth) + outside
    best = int(np.argmin(sums))
    slope = staff * float(np.exp(-depth[best]))
    level = staff - slope - slope * depth[best] + HALF
    return float(sums[best]), Tangent(audience, level, slope * rate)
