"""The rules of counting and the choices of method behind the monitoring of projects, reasons in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from ropsanalysis.errors import DataError, did_you_mean
from ropsanalysis.project_monitoring.schema import (
    CARRIED_OUT,
    EVIDENCE,
    FORMS,
    PLAN_EVIDENCE,
    PLAN_UNITS,
    SECTIONS,
)


@dataclass(frozen=True, slots=True)
class MonitoringParameters:
    """Rules and choices; definitions of the programme FERS were not found, so each rule can be changed.

    Attributes
    ----------
    complete_data_only
        Whether a person with incomplete data is in no indicator.
    institution_required
        Whether only employees of institutions of the catalogue count.
    forms_not_counted
        Forms of support that do not make a person supported, joined by commas.
    accepted_evidence
        Kinds of evidence accepted as raised qualifications, joined by commas.
    weeks_after_leaving
        Weeks after leaving the project within which the evidence must be dated.
    qualified_must_be_supported
        Whether only persons counted as supported can count as qualified.
    plan_units
        Units of the share of plans: "cities_once" (gminas and powiats, a city with powiat rights once), "all" (gminas
        and powiats, such a city twice), "gminas", "powiats".
    plan_sections
        Sections a plan must have, joined by commas.
    plan_evidence
        Kinds of evidence accepted for the adoption of a plan.
    plan_carried_out
        Kinds of evidence accepted for its being carried out; empty: not required.
    plans_renewed
        Whether the forecast takes for granted that a plan which expires is followed by another at once.
    eu_share
        Share of the EU in a project's money.
    eu_share_tolerance
        Largest difference from that share that counts as the same.
    result_to_product
        Ratio of the target of qualified to that of supported found in published projects.
    min_persons
        Fewest persons of a published part.
    min_count
        Fewest persons with and without a trait of a published part, unless nobody has (or lacks) it.
    forecast_months
        Months before the day of the data from which the forecast goes on.
    draws
        Draws of the forecast.
    seed
        Start of the random numbers.
    confidence
        Level of the intervals.
    late_days
        Days after its planned day from which an activity not done counts as late.
    """

    complete_data_only: bool = True
    institution_required: bool = True
    forms_not_counted: str = ""
    accepted_evidence: str = "state_diploma,external_exam"
    weeks_after_leaving: int = 4
    qualified_must_be_supported: bool = True
    plan_units: str = "cities_once"
    plan_sections: str = "diagnosis,programme,costs,resources,monitoring"
    plan_evidence: str = "resolution,order"
    plan_carried_out: str = "annual_report,monitoring,contract"
    plans_renewed: bool = False
    eu_share: float = 0.8252
    eu_share_tolerance: float = 0.00005
    result_to_product: float = 0.95
    min_persons: int = 10
    min_count: int = 5
    forecast_months: int = 12
    draws: int = 20_000
    seed: int = 6_2026
    confidence: float = 0.95
    late_days: int = 30

    def __post_init__(self) -> None:
        """Refuse a key that is in no vocabulary: a misspelt kind of evidence would silently count nobody.

        Raises
        ------
        DataError
            Naming the parameter and the key.
        """
        for name, known in _KEYS.items():
            for key in filter(None, (part.strip() for part in str(getattr(self, name)).split(","))):
                if key not in known:
                    raise DataError(
                        f"Parametr {name}: nieznana wartość „{key}”.{did_you_mean(key, known)} "
                        f"Dopuszczalne: {', '.join(filter(None, known))}."
                    )


_KEYS = {
    "forms_not_counted": FORMS, "accepted_evidence": EVIDENCE, "plan_sections": SECTIONS,
    "plan_evidence": PLAN_EVIDENCE, "plan_carried_out": CARRIED_OUT, "plan_units": PLAN_UNITS,
}  # fmt: skip
