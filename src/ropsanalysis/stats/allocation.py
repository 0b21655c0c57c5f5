r"""Which groups to buy so that most weighted need is covered: allocation as an integer programme.

Notes
-----
Offers o teach a subject c(o) in groups of :math:`m_o` to :math:`s_o` persons for :math:`k_o` each, at most
:math:`C_o` groups. Audience a has :math:`N_a` persons, :math:`d_{ca}` of whom need subject c. Whole numbers are
chosen of groups :math:`g_o`, covered needs :math:`y_{ca}` and unique persons :math:`p_a`:

.. math::

    \max \sum_{ca} w_{ca} y_{ca} - \varepsilon \sum_o k_o g_o \quad\text{subject to}

    \sum_{o: c(o)=c} m_o g_o \le \sum_a y_{ca} \le \sum_{o: c(o)=c} s_o g_o, \qquad
    0 \le y_{ca} \le d_{ca}, \qquad 0 \le g_o \le C_o, \qquad \sum_o k_o g_o \le B,

    p_a \le \sum_{c \notin T} y_{ca} + N_a \Bigl(1 - \prod_{c \in T} (1 - d_{ca}/N_a)\Bigr)
    \quad\text{for every set } T \text{ of subjects}, \qquad \sum_c y_{ca} \le K\, U_a,

    \sum_a p_a \ge P, \qquad r \sum_a p_a \ge Q, \qquad p_a \ge M_a .

What the model assumes:

* every covered need is one seat of one person who needs the subject; nobody takes a subject twice, and seats of
  persons without that need count neither as cover nor towards a target;
* a person may take several subjects and is counted once. Tables give the needs of each subject, not how they
  overlap: needs of one person are taken as independent. By Hall's theorem :math:`p_a` persons can then be found
  for the seats if and only if the limits over all T hold (expected numbers, rounded to whole persons); T empty
  says "no more persons than seats", T full "no more than need anything", :math:`U_a`. ``persons_certain`` is the
  number that holds however needs overlap: the largest :math:`y_{ca}` of each audience;
* with K trainings per person at most, an audience takes at most :math:`K U_a` seats;
* a share r of unique persons gains a qualification, whatever they took (P, Q, r: the project's targets).

:math:`\varepsilon` only decides between plans of equal cover: the whole offer weighs as much as a ten-thousandth
of the need. The limits over T are added, many at a time as tangents (see `allocation_persons`), when a solution
breaks one. With whole groups the rest of the programme is
a flow; so groups are searched as whole numbers first, and seats made whole afterwards. HiGHS is deterministic
unless a time limit stops it.

References
----------
Hall, P. (1935). On representatives of subsets. Journal of the London Mathematical Society 10(1), 26-30.

Huangfu, Q., Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical Programming
Computation 10(1), 119-142.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ropsanalysis.stats.allocation_persons import unique_persons
from ropsanalysis.stats.allocation_problem import IntMatrix, IntVector, Problem
from ropsanalysis.stats.allocation_solver import Solution, Status, solve

__all__ = ["Allocation", "Problem", "Status", "allocate", "unique_persons"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Groups, seats and persons of one plan.

    Attributes
    ----------
    status
        ``optimal``: proven best within a millionth; ``gap``: a plan whose distance to the proven bound is
        ``gap``; ``infeasible``: no plan keeps all limits; ``unsolved``: none was found in the time given.
    gap
        Distance to the proven bound as a share of the cover; NaN without a plan.
    need_covered
        Weighted need covered as a share of all weighted need, 0 where there is none.
    groups
        Shape (o,).
    seats
        Shape (o, a): seats of each audience in the groups of each offer.
    covered
        Shape (c, a): needs covered, the seats summed over the offers of a subject.
    persons
        Shape (a,): most unique persons that these seats reach.
    persons_certain
        Fewest unique persons in all, if needs overlap as much as they can.
    cost
        Money for all groups.
    """

    status: Status
    gap: float
    need_covered: float
    groups: IntVector
    seats: IntMatrix
    covered: IntMatrix
    persons: IntVector
    persons_certain: int
    cost: float

    @property
    def found(self) -> bool:
        """Whether there is a plan at all."""
        return self.status in ("optimal", "gap")


def allocate(problem: Problem, *, time_limit: float) -> Allocation:
    """Cover the most weighted need within all limits.

    Parameters
    ----------
    problem
        Need, offer and limits.
    time_limit
        Seconds for one call of the solver.

    Examples
    --------
    >>> import numpy as np
    >>> one = Problem(subject=np.array([0]), size=np.array([10]), fewest=np.array([5]), cost=np.array([100.0]),
    ...               capacity=np.array([9]), need=np.array([[40]]), weight=np.array([[1.0]]),
    ...               staff=np.array([60]), budget=250.0, trainings_per_person=1, minimum_persons=np.array([0]))
    >>> plan = allocate(one, time_limit=10)
    >>> plan.groups, plan.persons, plan.need_covered
    (array([2]), array([20]), 0.5)
    """
    return as_allocation(problem, solve(problem, aim="need", time_limit=time_limit))


def as_allocation(problem: Problem, solution: Solution) -> Allocation:
    """Complete a solution with its seats, cost and cover."""
    whole = problem.weighted_need
    return Allocation(
        status=solution.status,
        gap=solution.gap,
        need_covered=float((problem.weight * solution.covered).sum()) / whole if whole > 0 else 0.0,
        groups=solution.groups,
        seats=_seats(problem, solution.groups, solution.covered),
        covered=solution.covered,
        persons=solution.persons,
        persons_certain=int(solution.covered.max(axis=0, initial=0).sum()),
        cost=float(problem.cost @ solution.groups),
    )


def _seats(problem: Problem, groups: IntVector, covered: IntMatrix) -> IntMatrix:
    """Distribute the needs covered over the offers of a subject: groups filled in order, audiences in order.

    Every group first gets its fewest persons; what is left fills the offers one after the other.
    """
    seats = np.zeros((len(groups), covered.shape[1]), dtype=np.int64)
    for subject, persons in enumerate(covered):
        offers = np.flatnonzero(problem.subject == subject)
        fewest = problem.fewest[offers] * groups[offers]
        room = (problem.size[offers] * groups[offers] - fewest).cumsum()
        filled = fewest + np.diff(np.minimum(room, persons.sum() - fewest.sum()), prepend=0)
        ends, turns = filled.cumsum(), persons.cumsum()
        overlap = np.minimum.outer(ends, turns) - np.maximum.outer(ends - filled, turns - persons)
        seats[offers] = np.maximum(overlap, 0)
    return seats
