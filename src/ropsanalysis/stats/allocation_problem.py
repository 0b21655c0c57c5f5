"""Who needs what, what is on offer, and what must be kept: the data of an allocation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

IntVector = NDArray[np.int64]
IntMatrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    """Who needs what, what is on offer, and what must be kept.

    o offers of groups, c subjects, a audiences; every person belongs to one audience.

    Attributes
    ----------
    subject
        Shape (o,): the subject each offer teaches, a row number of ``need``.
    size, fewest
        Shape (o,): most and fewest persons in one group.
    cost
        Shape (o,): price of one group.
    capacity
        Shape (o,): most groups.
    need
        Shape (c, a): persons of an audience who need a subject; whole numbers up to ``staff``.
    weight
        Shape (c, a): how much covering one such need counts; not negative.
    staff
        Shape (a,): persons in an audience.
    budget
        Most money for all groups.
    trainings_per_person
        Most trainings one person takes part in, on average over an audience.
    minimum_persons
        Shape (a,): fewest unique persons of each audience.
    persons_target
        Fewest unique persons in all.
    qualified_target, qualified_rate
        Fewest persons with a qualification, and the share of unique persons who gain one.

    Raises
    ------
    ValueError
        If shapes disagree or a number is out of its range.
    """

    subject: IntVector
    size: IntVector
    fewest: IntVector
    cost: FloatVector
    capacity: IntVector
    need: IntMatrix
    weight: FloatMatrix
    staff: IntVector
    budget: float
    trainings_per_person: int
    minimum_persons: IntVector
    persons_target: int = 0
    qualified_target: int = 0
    qualified_rate: float = 1.0

    def __post_init__(self) -> None:
        offers, (subjects, audiences) = len(self.subject), self.need.shape
        if any(len(each) != offers for each in (self.size, self.fewest, self.cost, self.capacity)):
            raise ValueError("subject, size, fewest, cost and capacity must have one entry per offer")
        if self.weight.shape != self.need.shape or len(self.staff) != audiences:
            raise ValueError("weight must have the shape of need, and staff one entry per column of it")
        if len(self.minimum_persons) != audiences:
            raise ValueError("minimum_persons must have one entry per audience")
        if ((self.subject < 0) | (self.subject >= subjects)).any():
            raise ValueError("subject must hold row numbers of need")
        if ((self.fewest < 1) | (self.fewest > self.size) | (self.capacity < 0) | (self.cost < 0)).any():
            raise ValueError("a group has 1 <= fewest <= size persons; cost and capacity are not negative")
        if ((self.need < 0) | (self.need > self.staff)).any():
            raise ValueError("need must lie between 0 and staff")
        if not (self.weight >= 0).all() or not self.budget >= 0 or not 0 < self.qualified_rate <= 1:
            raise ValueError("weights and budget must not be negative; 0 < qualified_rate <= 1")
        if self.trainings_per_person < 1:
            raise ValueError("trainings_per_person must be at least 1")

    @property
    def weighted_need(self) -> float:
        """Sum of weight x need, the most that can be covered."""
        return float((self.weight * self.need).sum())
