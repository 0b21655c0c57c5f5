"""The card, what was published of it, foster care, centres and entities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from monitoring_inputs import make_inputs

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.parameters import MonitoringParameters

USUAL = MonitoringParameters(draws=200)
#: Card of Opolskie as published (resolution 9866/2023 and rpo.opolskie.pl): value, EU and national part, targets.
OPOLSKIE = {
    "value_pln": 10_032_520.40, "eu_pln": 8_278_835.83, "national_pln": 1_753_684.57, "target_supported": 502.0,
    "target_qualified": 477.0,
}  # fmt: skip


def checks(card: dict[str, Any], **rows: Any) -> pd.DataFrame:
    return assess(make_inputs(cards=[OPOLSKIE | card], **rows), parameters=USUAL)["card_checks"].set_index("check")


def test_a_published_card_passes_its_checks_and_one_grosz_fails_them() -> None:
    lines = [{"eu_grosz": 8_278_835_83, "national_grosz": 1_753_684_57}]
    assert checks({}, budget=lines)["passed"].all()
    grosz = checks({"national_pln": 1_753_684.56}, budget=lines)
    assert not grosz.loc["parts_add_up", "passed"]
    assert grosz.loc["parts_add_up", "found"] == 10_032_520.39
    short = checks({}, budget=[{"eu_grosz": 8_278_835_83, "national_grosz": 1_753_684_58}])
    assert short["passed"].to_dict() == {
        "parts_add_up": True,
        "eu_share": True,
        "result_target": True,
        "budget_total": False,
        "eu_total": True,
    }
    assert short.loc["budget_total", "found"] == 10_032_520.41


@pytest.mark.parametrize(
    ("supported", "qualified", "passed"),
    # Published pairs of targets (Świętokrzyskie, Opolskie, Podkarpackie), then pairs that differ by one more.
    [(688, 654, True), (502, 477, True), (1641, 1559, True), (688, 655, False), (502, 475, False)],
)
def test_the_target_of_result_is_95_per_cent_of_that_of_product(supported: int, qualified: int, passed: bool) -> None:
    found = checks({"target_supported": float(supported), "target_qualified": float(qualified)})
    assert found.loc["result_target", "passed"] == passed


def test_what_is_not_known_is_not_passed_and_says_why() -> None:
    found = checks({"eu_pln": float("nan"), "target_supported": float("nan")})
    assert not found["passed"].any()
    assert found["reason"].to_dict() == {
        "parts_add_up": "no_data", "eu_share": "no_data", "result_target": "no_target", "budget_total": "no_budget",
        "eu_total": "no_budget",
    }  # fmt: skip


def test_the_share_of_the_eu_is_checked_to_the_last_digit_of_82_52_per_cent() -> None:
    assert not checks({"eu_pln": 8_277_000.0, "national_pln": 1_755_520.40}).loc["eu_share", "passed"]


def test_published_figures_are_compared_with_the_card_as_far_as_they_can_be() -> None:
    rows = [
        ("16", "value", 10_032_520.40, "", "PLN"), ("16", "eu", 8_300_000.0, "", "PLN"),
        ("16", "national", 1_753_684.50, "", "PLN"), ("16", "target_supported", 503.0, "", "osoby"),
        ("16", "title", float("nan"), "„Projekt”", ""), ("16", "start", float("nan"), "2023-09-01", ""),
        ("16", "leader", float("nan"), "", ""), ("16", "teams", float("nan"), "cztery zespoły", ""),
        ("30", "value", 8_427_144.0, "", "EUR"), ("32", "title", float("nan"), "", ""),
    ]  # fmt: skip
    published = pd.DataFrame(rows, columns=["teryt", "field", "number", "text", "unit"]).assign(
        source="strona projektu", step=[0.01, 100_000.0, *[0.01] * 8]
    )
    inputs = make_inputs(cards=[OPOLSKIE, {"teryt": "30"}])
    found = assess(replace(inputs, published=published), parameters=USUAL)["published"].set_index(["teryt", "field"])
    assert len(found) == len(rows)
    assert found.loc["16", "own"].to_dict() == {
        "value": "10032520.40", "eu": "8278835.83", "national": "1753684.57", "target_supported": "502",
        "title": "Projekt", "start": "2024-01-01", "leader": "ROPS", "teams": "",
    }  # fmt: skip
    # 8,3 million stands for 8,25 to 8,35 million; an amount with grosze for itself alone.
    assert set(found.index[~found["agrees"]]) == {("16", "national"), ("16", "target_supported"), ("16", "start")}
    assert found.loc[("30", "value"), "own"] == ""


def test_a_printed_total_of_foster_care_is_flagged_if_its_parts_make_another_number() -> None:
    rows = [
        # End of 2023: 58 210 + 17 128 = 75 338 against 75,8 thousand printed (przystanekrodzina.pl).
        {"year": 2023, "family": 58_210, "institutional": 17_128, "total_printed": 75_800},
        # End of 2020: 55,5 + 16,0 thousand against 71,5 printed (stat.gov.pl).
        {"year": 2020, "family": 55_500, "institutional": 16_000, "total_printed": 71_500},
        {"year": 2021, "family": 10.0, "institutional": 5.04, "total_printed": 15.1},
        {"year": 2022, "family": 10.0, "institutional": 5.06, "total_printed": 15.1},
        {"year": 2024, "family": 100, "institutional": 7},
    ]
    found = assess(make_inputs(foster_care=rows), parameters=USUAL)["foster_care"].set_index("year")
    assert found["flagged"].to_dict() == {2020: False, 2021: True, 2022: False, 2023: True, 2024: False}
    assert found.loc[2023, "difference"] == 462
    # Shares as in the field's notes: 77,3 % and 77,6 %.
    assert found["share"].round(3)[[2023, 2020]].tolist() == [0.773, 0.776]
    assert pd.isna(found.loc[2024, "difference"])


def test_centres_that_are_open_on_the_day_and_entities_once() -> None:
    centres = [
        {"centre": "a", "name": "CUS w Brzegu", "gminas": "160101+160102", "opened": "2025-12-31"},
        {"centre": "b", "name": "CUS zamknięte", "closed": "2025-12-31"},
        {"centre": "c", "name": "CUS późniejsze", "opened": "2026-01-01"},
    ]
    entities = [{"entity": f"o{n}"} for n in range(6)] + [{"entity": "o0", "form": "training", "institution": "ngo"}]
    entities += [{"entity": f"n{n}", "institution": "ngo", "started": "2025-04-01"} for n in range(3)]
    entities += [{"entity": "z", "institution": "pcpr"}, {"entity": "y", "started": "2026-02-01"}]
    found = assess(make_inputs(cus=centres, entities=entities), parameters=USUAL)
    assert found["centres"][["name", "gminas", "units"]].to_numpy().tolist() == [
        ["CUS w Brzegu", "Brzeg, Skarbimierz", 2]
    ]
    # o0 came first as an NGO (alphabet, same day): 5 centres of assistance; 4 NGOs and 1 PCPR are few, so together.
    assert found["entities"][["keys", "entities"]].to_numpy().tolist() == [["ngo+pcpr", 5], ["ops", 5]]
