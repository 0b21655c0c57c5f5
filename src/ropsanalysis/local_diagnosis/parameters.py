"""The choices of method behind the diagnosis of gminas and powiats."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ropsanalysis.errors import UsageError


@dataclass(frozen=True, slots=True)
class LocalParameters:
    """Choices of method; none follows from a law, so reports print those used.

    Attributes
    ----------
    min_group
        Fewest units of a kind that a voivodeship must have to be a group of its own.
    min_coverage
        Share of units with a value that makes a year fit for comparing.
    change_years
        Years that a change looks back on.
    extreme_share
        Share of the group at either end that counts as a strength or weakness.
    small_count, small_base
        Persons in a numerator, and size of a denominator, below which an indicator is marked.
    confidence
        Coverage of the intervals.
    n_peers
        Units of the group named as nearest by population.
    sum_tolerance
        Difference of sums that screening tells, as a share of the whole.
    """

    min_group: int = 8
    min_coverage: float = 0.5
    change_years: int = 5
    extreme_share: float = 0.2
    small_count: int = 20
    small_base: int = 100
    confidence: float = 0.95
    n_peers: int = 6
    sum_tolerance: float = 0.005

    def __post_init__(self) -> None:
        """Refuse values that no method could work with.

        Raises
        ------
        UsageError
            Naming the parameter, its value and what is allowed.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("min_coverage", "confidence", "sum_tolerance") and not 0 < value < 1:
                raise UsageError(f"parameter {field.name} is {value!r}; it must lie between 0 and 1")
            if not value > 0:
                raise UsageError(f"parameter {field.name} is {value!r}; it must be positive")
        if not self.extreme_share < 0.5:
            raise UsageError(f"parameter extreme_share is {self.extreme_share!r}; it must be below 0.5")
