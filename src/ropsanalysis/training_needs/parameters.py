"""The choices of method behind the report on training needs, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from ropsanalysis.errors import UsageError

QuadrantCut = Literal["mean", "midpoint"]


@dataclass(frozen=True, slots=True)
class TrainingParameters:
    """Choices of method; the statutory ones follow the act on official statistics, the rest is policy.

    Attributes
    ----------
    threshold
        Fewest respondents (or fewest answers) behind a published count.
    statutory_min_units, statutory_dominance
        Fewer units than this, or one unit's share above this, make an aggregate confidential by law.
    protection_width
        Smallest width of the interval an attacker may derive for a hidden count.
    zero_is_disclosive
        Whether "nobody answered" is hidden like a small count.
    min_base
        Fewest answers for an estimate: with less, an interval for a share spans some 40 points.
    max_half_width
        Largest half width of the interval of a share that is still shown.
    confidence
        Level of the intervals.
    quadrant_cut
        Where the lines between the quadrants run: through the means over the competences, or through the middle of the
        scale.
    bootstrap_draws
        Draws behind the intervals of ranks.
    seed
        Start of the random numbers, fixed so that every run agrees.
    collapse_below
        Respondents under which a cell of voivodeship and institution type is merged before weighting.
    trim_ratio
        Largest weight, as a multiple of the median weight.
    share_digits
        Decimals of published shares.
    staff_base
        Base that totals of staff of a voivodeship and of Poland are rounded to.
    alpha
        Level of the tests, after correction for their number.
    max_profiles
        Largest number of typical profiles that is tried.
    plan_min_filling
        Share of a group's places that must be taken for the group to start.
    plan_max_trainings
        Most trainings per person in need, on average over an institution type.
    plan_curve_steps
        Budgets on the curve of budget and covered need.
    plan_time_limit
        Seconds the solver may take for one plan.
    """

    threshold: int = 5
    statutory_min_units: int = 3
    statutory_dominance: float = 0.75
    protection_width: int = 5
    zero_is_disclosive: bool = False
    min_base: int = 20
    max_half_width: float = 0.20
    confidence: float = 0.95
    quadrant_cut: QuadrantCut = "mean"
    bootstrap_draws: int = 500
    seed: int = 20251
    collapse_below: int = 10
    trim_ratio: float = 5.0
    share_digits: int = 2
    staff_base: int = 50
    alpha: float = 0.05
    max_profiles: int = 6
    plan_min_filling: float = 0.75
    plan_max_trainings: int = 3
    plan_curve_steps: int = 6
    plan_time_limit: float = 10.0

    def __post_init__(self) -> None:
        """Refuse values that no method could work with.

        Raises
        ------
        UsageError
            Naming the parameter, its value and what is allowed.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "quadrant_cut":
                if value not in ("mean", "midpoint"):
                    raise UsageError(f"quadrant_cut must be 'mean' or 'midpoint', got {value!r}.")
            elif field.name in ("statutory_dominance", "max_half_width", "confidence", "alpha", "plan_min_filling"):
                if not 0 < value < 1:
                    raise UsageError(f"{field.name} must lie between 0 and 1, got {value!r}.")
            elif field.name != "zero_is_disclosive" and value < _LEAST.get(field.name, 1):
                raise UsageError(f"{field.name} must be at least {_LEAST.get(field.name, 1)}, got {value!r}.")


_LEAST = {"seed": 0, "threshold": 2, "min_base": 2, "max_profiles": 2, "protection_width": 2, "plan_time_limit": 0}
