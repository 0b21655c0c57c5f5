"""The measures taken from the survey: what each is, what it is rounded to, and whose hidden numbers would tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ropsanalysis.social_economy.schema import REVENUE_SOURCES

Scope = Literal["all", "reintegration", "margins"]

AMOUNT: Final = 1000.0
"""Amounts are published in whole thousands of PLN."""
SHARE_STEP: Final = 0.001
"""Shares and what is like them are published in tenths of a percent."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the survey.

    Attributes
    ----------
    key
        As in the catalogue.
    families
        Families of magnitudes (see `families`) that must all be shown where it is.
    step
        What values and ends of intervals are rounded to, in its unit.
    low, high
        Smallest and largest value that can be.
    scope
        Where it is published: everywhere, for reintegration units only, or only along the margins of the table of
        voivodeships by legal forms.
    probability
        For a quantile its probability, else 0.
    """

    key: str
    families: tuple[str, ...]
    step: float
    low: float = 0.0
    high: float = float("inf")
    scope: Scope = "all"
    probability: float = 0.0


def _share(key: str, *families: str, scope: Scope = "all") -> Measure:
    return Measure(key, families, SHARE_STEP, high=1.0, scope=scope)


MEASURES: Final = (
    Measure("staff", ("staff",), 1.0),
    Measure("staff_fte", ("staff",), 1.0),
    Measure("fte_per_person", ("staff",), 0.01),
    _share("employing_share", "staff", "employing"),
    Measure("staff_risk", ("risk",), 1.0),
    _share("risk_share", "risk"),
    Measure("volunteers", ("volunteers",), 1.0),
    Measure("places", ("participants",), 1.0, scope="reintegration"),
    Measure("participants", ("participants",), 1.0, scope="reintegration"),
    Measure("occupancy", ("participants",), SHARE_STEP, scope="reintegration"),
    Measure("exits", ("exits",), 1.0, scope="reintegration"),
    Measure("exits_to_work", ("to_work",), 1.0, scope="reintegration"),
    _share("exit_to_work_share", "to_work", scope="reintegration"),
    Measure("cost_per_participant_pln", ("cost", "participants"), 100.0, scope="reintegration"),
    Measure("revenue_total_pln", ("money",), AMOUNT),
    Measure("costs_pln", ("money",), AMOUNT),
    Measure("result_pln", ("money",), AMOUNT, low=float("-inf")),
    _share("positive_result_share", "money", "positive_result"),
    Measure("result_margin", ("money",), SHARE_STEP, low=float("-inf")),
    _share("public_share", "public"),
    *(_share(f"revenue_share_{source}", "money", scope="margins") for source in REVENUE_SOURCES),
    Measure("revenue_hhi", ("money",), SHARE_STEP, high=1.0, scope="margins"),
    Measure("revenue_hhi_median", ("money",), 0.1, high=1.0, probability=0.5),
    Measure("revenue_q10", ("money",), AMOUNT, probability=0.1),
    Measure("revenue_q25", ("money",), AMOUNT, probability=0.25),
    Measure("revenue_median", ("money",), AMOUNT, probability=0.5),
    Measure("revenue_q75", ("money",), AMOUNT, probability=0.75),
    Measure("revenue_q90", ("money",), AMOUNT, probability=0.9),
    Measure("liquidity_median", ("money",), 0.1, probability=0.5),
    _share("liquid_share", "money", "liquid"),
    _share("contracts_share", "money", "contracts"),
)
"""In the order of the catalogue. A share by source is hidden by `protection_sources`; the index of the structure where
any of them is."""
