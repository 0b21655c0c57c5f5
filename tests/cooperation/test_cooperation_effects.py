"""What projects promised beside what was achieved: counted, stated, added up over voivodeships, or hidden."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from small_pilots import PARTNERS, USUAL, inputs, partner, pilot

from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.effects import COUNTED
from ropsanalysis.io.published_cooperation import COUNTED_FROM

PROJECT: dict[str, Any] = {
    "project": "urban_rural", "title": "Projekt", "teryt": "04+08", "partners": "", "macroregion": "", "start": "",
    "end": "", "value_pln": None, "grant_pln": None, "targets": "", "source": "opis projektu",
}  # fmt: skip


def promise(effect: str, number: float | None, counted_from: str = "") -> dict[str, Any]:
    return {
        "project": "urban_rural", "effect": effect, "name": effect, "number": number, "unit": "szt.",
        "counted_from": counted_from, "source": "opis projektu",
    }  # fmt: skip


def meetings(*pilots: tuple[str, int]) -> list[dict[str, Any]]:
    return [
        {"pilot": key, "worker": f"{key}/{number}", "kind": "group", "day": "2024-05-01", "hours": 2.0}
        for key, workers in pilots
        for number in range(workers)
    ]


def effects(**tables: Any) -> pd.DataFrame:
    data = inputs(projects=[PROJECT], **tables)
    return assess(data, parameters=USUAL)["effects"].set_index(["teryt", "effect"])


PILOTS = [
    pilot("04-a"), pilot("04-b", unit="040204", population=25_000.0), pilot("04-c", unit="0403"),
    pilot("04-d", project=""), pilot("08-a"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("counted_from", "own", "achieved"),
    [
        ("units", 3, 4),  # 040101, 040204 and the powiat 0403; 080101
        ("powiats", 1, 1),  # 0403; the powiats of the gminas are not pilots themselves
        ("gminas", 2, 3),
        ("large_gminas", 1, 1),  # above 20 thousand inhabitants
        ("entities", 3, 3),  # five of 04-a without animator and inspirer; those of 04-d are of no project
    ],
)
def test_effects_are_counted_in_the_pilots_of_the_project(counted_from: str, own: int, achieved: int) -> None:
    partners = [*PARTNERS, *({**one, "pilot": "04-d"} for one in PARTNERS)]
    found = effects(pilots=PILOTS, partners=partners, promised=[promise("x", 8, counted_from)])
    first = found.loc[("04", "x")]
    assert (first["own"], first["achieved"], first["share"]) == (own, achieved, achieved / 8)
    assert (first["basis"], first["complete"], first["reason"]) == ("counted", True, "")
    assert found.loc[("08", "x"), "own"] == achieved - own


def test_gminas_and_powiats_add_up_to_the_units() -> None:
    pilots = [pilot(f"04-g{k:02}", unit=f"04{k:02}01") for k in range(20)]
    pilots += [pilot(f"04-p{k}", unit=f"04{k:02}") for k in range(6)]
    ways = ("units", "gminas", "powiats")
    found = effects(pilots=pilots, promised=[promise(way, 50, way) for way in ways])
    assert [found.loc[("04", way), "achieved"] for way in ways] == [26, 20, 6]


def test_an_institution_in_two_pilots_counts_once() -> None:
    office = partner("pup", "employment", "powiat") | {"name": "Powiatowy Urząd Pracy", "unit": "0401"}
    partners = [
        office,
        office | {"pilot": "04-b", "entity": "urzad", "name": "powiatowy  urząd pracy"},
        office | {"pilot": "04-c", "unit": "0403"},  # that of another powiat
        *(office | {"pilot": key, "unit": ""} for key in ("04-a2", "04-b2")),  # nobody knows of which powiat
        *(partner("szkola", "education", "gmina", pilot=key) | {"unit": "0401"} for key in ("04-a", "04-b")),  # no name
    ]
    pilots = [*PILOTS, pilot("04-a2"), pilot("04-b2")]
    found = effects(pilots=pilots, partners=partners, promised=[promise("x", 8, "entities")])
    assert found.loc[("04", "x"), "achieved"] == 6


def test_every_way_of_counting_of_the_catalogue_is_known() -> None:
    assert {*COUNTED, "coached_workers", ""} == set(COUNTED_FROM)


def test_an_effect_of_one_voivodeship_counts_there_only() -> None:
    found = effects(pilots=PILOTS, promised=[promise("x", 4, "gminas:08")])
    assert found["achieved"].tolist() == [1, 1]
    assert found["complete"].tolist() == [True, True]
    assert pd.isna(found.loc[("04", "x"), "own"])


def test_a_sum_with_a_voivodeship_missing_is_not_complete() -> None:
    found = effects(pilots=PILOTS[:3], promised=[promise("x", 8, "units")])
    assert found.loc[("04", "x"), ["achieved", "complete"]].tolist() == [3, False]


def test_what_offices_state_adds_up() -> None:
    stated = [
        {"teryt": teryt, "project": "urban_rural", "effect": "x", "achieved": number, "as_of": day, "source": "s"}
        for teryt, number, day in (("04", 3, "2024-06-30"), ("08", 5, "2024-06-30"))
    ]
    found = effects(pilots=PILOTS, effects=stated, promised=[promise("x", 14), promise("y", 2), promise("z", None)])
    first = found.loc[("04", "x")]
    assert (first["own"], first["achieved"], first["basis"], first["complete"]) == (3, 8, "stated", True)
    assert first["share"] == 0.571  # 8 / 14
    nothing = found.loc[("04", "y")]
    assert nothing["reason"] == "not_stated"
    assert pd.isna(nothing["achieved"])
    assert pd.isna(found.loc[("04", "z"), "promised"])


def test_a_hidden_part_hides_the_sum() -> None:
    promised = [promise("w", 100, "coached_workers")]
    both = effects(pilots=PILOTS, coaching=meetings(("04-a", 12), ("08-a", 10)), promised=promised)
    assert both["achieved"].tolist() == [22, 22]
    # Nine workers of 08 may not be told: neither may the 21 of both, from which 12 could be taken off.
    hidden = effects(pilots=PILOTS, coaching=meetings(("04-a", 12), ("08-a", 9)), promised=promised)
    assert hidden["reason"].tolist() == ["few", "few"]
    assert hidden[["achieved", "share"]].isna().all(axis=None)
    assert hidden.loc[("04", "w"), "own"] == 12
    assert pd.isna(hidden.loc[("08", "w"), "own"])


def test_workers_beside_the_project_are_not_told_by_a_difference() -> None:
    # 14 coached in the voivodeship, which its table of coaching tells; 12 of them in the project would tell of two.
    found = effects(
        pilots=PILOTS, coaching=meetings(("04-a", 12), ("04-d", 2)), promised=[promise("w", 100, "coached_workers")]
    )
    assert found.loc[("04", "w"), "reason"] == "few"
