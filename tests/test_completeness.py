"""The catalogue is complete: every series described, every exclusion explained, every parameter justified."""

from __future__ import annotations

import csv
from dataclasses import asdict

import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.io import catalogue
from ropsanalysis.io.catalogue import INDICATOR_COLUMNS, Indicator
from ropsanalysis.regional_diagnosis import schema
from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from support import PROJECT, shared_data

ENTRIES = catalogue.indicators()
USED = [entry for entry in ENTRIES if entry.status == "used"]


def test_every_series_of_the_source_has_an_entry() -> None:
    with (shared_data("gus_sdg") / "indicators.csv").open(encoding="utf-8", newline="") as file:
        published = {row["indicator"] for row in csv.DictReader(file)}
    assert len(published) == 34  # the source's list of 2025
    assert {entry.source_code for entry in ENTRIES} == published


def test_twenty_eight_series_are_used_and_six_excluded_with_a_reason() -> None:
    # The source's notes: 1.D.4, 1.F.3, 10.A.9 repeat others, 1.E.3 is mislabelled, 1.B.6 hardly varies,
    # 1.C.3 is about shopping.
    excluded = {entry.indicator for entry in ENTRIES if entry.status == "excluded"}
    assert excluded == {"1.D.4", "1.F.3", "10.A.9", "1.E.3", "1.B.6", "1.C.3"}
    assert len({entry.source_code for entry in USED}) == 28
    assert {entry.indicator for entry in USED if entry.suffix} == {
        "1.G.1.miasto", "1.G.1.wies", "1.G.2.miasto", "1.G.2.wies",
    }  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.indicator)
def test_entries_are_fit_for_a_report(entry: Indicator) -> None:
    assert len(entry.short) <= 42
    assert entry.definition.endswith(".")
    assert entry.status == "excluded" or entry.caution.endswith(".")
    assert entry.unit != "sztuki"  # the source's unit for families and persons alike
    assert "  " not in entry.name + entry.caution + entry.definition
    assert (entry.unit == "%") == (entry.kind == "percent")
    if entry.kind == "count":
        assert entry.direction == "neutral"
        assert not entry.comparable


def test_break_years_of_the_notes_are_in_the_catalogue() -> None:
    breaks = {entry.indicator: entry.break_years for entry in USED if entry.break_years}
    # "Level break between 2019 and 2020" (1.G.1, 1.G.8), "Level breaks ... 2013, 2024" (1.A.3), "possible
    # break" 2024 (1.F.2); 1.D.2 has no regional data for 2012-2018.
    assert breaks == {
        "1.A.3": (2013, 2024), "1.F.2": (2024,), "1.D.2": (2019,), "1.G.8": (2020,),
        "1.G.1": (2020,), "1.G.1.miasto": (2020,), "1.G.1.wies": (2020,),
    }  # fmt: skip


def test_sections_are_filled_and_titled() -> None:
    titles = catalogue.sections()
    assert list(titles) == ["poverty", "services", "civil_society", "housing", "labour", "families"]
    assert {entry.section for entry in USED} == set(titles)


def test_eight_headlines_and_an_index_of_directed_indicators() -> None:
    assert sum(entry.headline for entry in ENTRIES) == 8
    members = [entry for entry in ENTRIES if entry.index_member]
    assert all(entry.direction != "neutral" and entry.comparable for entry in members)
    assert len({entry.section for entry in members}) == 5  # families: no member, see the caution of 1.A.3


def test_the_frame_keeps_the_schema() -> None:
    frame = schema.validate(catalogue.indicator_frame(), schema.INDICATORS)
    assert list(frame.columns) == list(INDICATOR_COLUMNS)


def test_parameters_agree_with_the_code_and_are_justified() -> None:
    assert catalogue.parameter_values() == asdict(DiagnosisParameters())
    for entry in catalogue.parameters():
        assert "ybór metodyczny" in entry.reason  # no parameter claims a law it does not have
        assert entry.description.endswith(".")


def test_digits_are_those_published() -> None:
    digits: dict[str, int] = {}
    path = PROJECT / "data" / "raw" / "gus_sdg" / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            decimals = len(row["value"].partition(".")[2])
            digits[row["indicator"]] = max(digits.get(row["indicator"], 0), decimals)
    assert digits == {entry.indicator: entry.digits for entry in USED}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "liczba"}, "kind"),
        ({"short": "x" * 43}, "43 znaków"),
        ({"status": "excluded"}, "powód"),
        ({"direction": "neutral"}, "wskaźnika złożonego"),
        ({"break_years": [2020]}, "break_reason"),
        ({"kierunek": "lower"}, "nieznane pola kierunek"),
    ],
)
def test_a_bad_entry_is_refused(change: dict[str, object], message: str) -> None:
    good: dict[str, object] = {
        "indicator": "9.X.1", "name": "n", "short": "s", "unit": "%", "kind": "percent", "digits": 1,
        "direction": "lower", "section": "poverty", "definition": "d", "source": "GUS",
        "measurement": "survey", "zero": "missing", "index_member": True,
    }  # fmt: skip
    assert catalogue._indicator(good).comparable
    with pytest.raises(DataError, match=message):
        catalogue._indicator({**good, **change})
