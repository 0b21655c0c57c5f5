"""The catalogue of the programme says what was published, no more and no less, and cannot be got wrong in silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd
import pytest

from ropsanalysis.cooperation import schema as cooperation
from ropsanalysis.cooperation.effects import COUNTED
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.definitions import Choice
from ropsanalysis.errors import DataError
from ropsanalysis.io import catalogue, project_catalogue, published_cooperation, published_projects
from ropsanalysis.io.catalogue import load_entries
from ropsanalysis.io.project_catalogue import (
    VOCABULARIES,
    Serving,
    action_frame,
    actions,
    adopted_plans,
    card_problems,
    cooperation_project_frame,
    cooperation_projects,
    foster_figures,
    labels,
    promised_frame,
    published_cards,
    published_foster_frame,
    published_frame,
    report_titles,
    rural_pilot,
    sector_frame,
    sectors,
)
from ropsanalysis.io.published_projects import FIELDS, FURTHER
from ropsanalysis.present.origin import choice_value, choices_table
from ropsanalysis.project_monitoring import schema as monitoring
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.reporting import spec
from support import PROJECT

#: Every number that public documents give, typed by eye from them.
NUMBERS = {
    # https://kohesio.eu/en/projects/Q7378987
    "06": {"value": (6_200_901.17, "EUR"), "eu": (5_116_983.64, "EUR")},
    # gov.pl/web/rodzina, selection of the project of Łódzkie
    "10": {"value": (24_621_505.66, "PLN")},
    # mcps.com.pl: "45,6 mln", of which "37,6" from the EU
    "14": {"value": (45_600_000, "PLN"), "eu": (37_600_000, "PLN")},
    # Resolution 9866/2023 of the board of Opolskie: value, 100 %, no own contribution; rpo.opolskie.pl/?p=52718: rest
    "16": {
        "value": (10_032_520.40, "PLN"), "eu": (8_278_835.83, "PLN"), "national": (1_753_684.57, "PLN"),
        "target_supported": (502, "osoby"), "target_qualified": (477, "osoby"), "target_plan_units": (41, "JST"),
        "target_family_share": (0.5, "%"), "target_social_economy_share": (0.7, "%"),
        "target_foster_share": (0.7, "%"), "funding_share": (1, "%"), "own_contribution_share": (0, "%"),
    },
    # https://kohesio.eu/en/projects/Q7378984
    "18": {
        "value": (7_875_510.82, "EUR"), "eu": (6_498_871.53, "EUR"), "target_supported": (1641, "osoby"),
        "target_qualified": (1559, "osoby"), "target_plan_share": (0.5, "%"),
    },
    # https://rops.pomorskie.eu/wlaczamy-pomorskie/
    "22": {"value": (21_792_255.74, "PLN"), "eu": (17_982_969.43, "PLN"), "national": (3_809_286.31, "PLN")},
    # https://koordynacja.swietokrzyskie.pro/o-projekcie
    "26": {
        "value": (13_768_806.14, "PLN"), "eu": (11_362_018.82, "PLN"), "national": (2_406_787.32, "PLN"),
        "target_supported": (688, "osoby"), "target_qualified": (654, "osoby"), "target_plan_share": (0.5, "%"),
    },
    # https://kohesio.eu/en/projects/Q7378975
    "30": {
        "value": (8_427_144.00, "EUR"), "eu": (6_954_079.23, "EUR"), "target_supported": (1756, "osoby"),
        "target_plan_units": (128, "JST"),
    },
}  # fmt: skip

#: First and last day of the published periods, from the same documents and es.rops-opole.pl/?page_id=42 (16) and
#: mediagroupinfo.eu (28).
PERIODS = {
    "06": ("2024-01-01", "2028-12-31"), "10": ("2023-11-01", "2028-12-31"), "16": ("2023-10-01", "2028-12-31"),
    "18": ("2023-11-01", "2028-12-31"), "22": ("2023-10-01", "2028-12-31"), "26": ("2023-09-01", "2028-12-31"),
    "28": ("2023-10-01", "2028-12-31"), "30": ("2023-09-01", "2028-12-31"),
}  # fmt: skip

#: Promised effects: rodzina.umk.pl/cbnr/strona/kooperacja-efektywna-i-skuteczna, and the scope of the project for
#: cities as the office of Opolskie gave it (20 powiats, 30 gminas above 20 thousand, three towns of Opolszczyzna).
EFFECTS = {
    "urban_rural": {
        "model": None, "pilot_units": 50, "pilot_powiats": 20, "pilot_gminas": 30, "entities": 288,
        "coached_workers": 100, "report": None, "covid_entities": 830, "skilled_staff": 200, "di_meetings": 14,
        "cus_trainings": 9, "rops_meetings": 2,
    },
    "cities": {"model": None, "pilot_powiats": 20, "pilot_large_gminas": 30, "opolskie_towns": 3},
}  # fmt: skip

TEXTS = ("text", "list", "day")


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Return the files of the catalogue by name, to be spoilt before a reader sees them."""
    names = ("projects.yaml", "published_figures.yaml", "cooperation_projects.yaml", "actions.yaml",
             "sectors.yaml", "project_options.yaml")  # fmt: skip
    files = {name: copy.deepcopy(load_entries(name)) for name in names}
    readers = (published_cards, foster_figures, adopted_plans, cooperation_projects,
               rural_pilot, actions, report_titles, sectors, project_catalogue._options)  # fmt: skip
    for module in (published_projects, published_cooperation, project_catalogue):
        monkeypatch.setattr(module, "load_entries", lambda name: files[name])
    for reader in readers:
        reader.cache_clear()
    yield files
    for reader in readers:
        reader.cache_clear()


def card(files: Mapping[str, Any], teryt: str) -> dict[str, Any]:
    figures: dict[str, Any] = next(c for c in files["projects.yaml"]["cards"] if c["teryt"] == teryt)["figures"]
    return figures


def test_the_cards_hold_each_published_number_and_no_other() -> None:
    frame = published_frame()
    found = frame[frame["number"].notna()]
    assert set(zip(found["teryt"], found["field"], found["number"], found["unit"], strict=True)) == {
        (teryt, field, number, unit) for teryt, row in NUMBERS.items() for field, (number, unit) in row.items()
    }


def test_the_cards_hold_each_published_period_and_no_other() -> None:
    texts = published_frame().set_index(["teryt", "field"])["text"]
    days = {card.teryt: (texts[card.teryt, "start"], texts[card.teryt, "end"]) for card in published_cards()}
    assert {teryt: period for teryt, period in days.items() if any(period)} == PERIODS


def test_every_field_of_every_card_is_there_and_empty_where_nobody_published_it() -> None:
    frame = published_frame()
    obligatory = frame[frame["field"].isin(FIELDS)]
    assert len(obligatory) == 16 * len(FIELDS)
    empty = frame["number"].isna() & (frame["text"] == "")
    assert (frame.loc[empty, "source"] == "").all()
    assert (frame.loc[~empty, "source"].str.len() > 20).all()
    # Four projects of which nothing was found, and Śląskie whose title was not visible.
    silent = frame.assign(empty=empty).groupby("teryt")["empty"].all()
    assert set(silent[silent].index) == {"02", "08", "12", "24", "32"}


def test_titles_that_are_machine_translations_say_so() -> None:
    titles = published_frame().query("field == 'title' and text != ''").set_index("teryt")
    english = titles[titles["text"].str.contains(r"\b(?:social policy|The social)\b")]
    assert set(english.index) == {"06", "18", "30"}
    assert english["source"].str.contains("przekład maszynowy").all()
    assert not titles.drop(english.index)["source"].str.contains("przekład").any()


def test_the_number_and_the_teams_that_were_published() -> None:
    texts = published_frame().set_index(["teryt", "field"])["text"]
    assert texts["10", "number"] == "FERS.04.13-IP.06-0012/23"  # gov.pl/web/rodzina
    assert texts["10", "selected"] == "2023-12-01"
    assert texts["10", "leader"] == "Regionalne Centrum Polityki Społecznej w Łodzi"
    # mediagroupinfo.eu: four teams, advisers in four sub-regions
    assert len(texts["28", "teams"].split("; ")) == 4
    assert "czterech subregionach" in texts["28", "teams"]
    assert len(texts["28", "activities"].split("; ")) == 7
    assert len(texts["26", "aims"].split("; ")) == 4  # koordynacja.swietokrzyskie.pro/o-projekcie
    assert len(texts["26", "recipients"].split("; ")) == len(texts["28", "recipients"].split("; ")) == 6
    assert len(texts["16", "tasks"].split("; ")) == 3  # es.rops-opole.pl/?page_id=42


def test_published_parts_add_up_to_the_grosz_and_the_eu_pays_82_52_percent() -> None:
    cards = {card.teryt: card for card in published_cards()}
    with_parts = [c for c in cards.values() if c.number("national") is not None]
    assert {c.teryt for c in with_parts} == {"16", "22", "26"}
    for entry in with_parts:
        eu, national, value = (round(100 * (entry.number(f) or 0)) for f in ("eu", "national", "value"))
        assert eu + national == value
    exact = [c for c in cards.values() if c.number("eu") is not None and c.teryt != "14"]
    assert {c.teryt for c in exact} == {"06", "16", "18", "22", "26", "30"}
    assert {f"{100 * (c.number('eu') or 0) / (c.number('value') or 1):.2f}" for c in exact} == {"82.52"}
    targets = [c for c in cards.values() if c.number("target_qualified") is not None]
    assert {c.teryt for c in targets} == {"16", "18", "26"}
    for entry in targets:
        assert entry.number("target_qualified") == round(0.95 * (entry.number("target_supported") or 0))


# Amounts of koordynacja.swietokrzyskie.pro/o-projekcie, one of them changed.
GOOD = {"value": 13_768_806.14, "eu": 11_362_018.82, "national": 2_406_787.32, "supported": 688, "qualified": 654}


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({}, []),
        ({"national": 2_406_787.31}, ["parts_add_up"]),  # one grosz short
        ({"national": None}, []),
        ({"eu": 11_361_000.0, "national": 2_407_806.14}, ["eu_share"]),  # 82,51 %
        ({"qualified": 653}, ["result_target"]),  # 0.95 * 688 = 653.6
        ({"qualified": 655}, ["result_target"]),
        ({"supported": 502, "qualified": 477}, []),  # 476.9, rpo.opolskie.pl/?p=52718
        ({"supported": 600, "qualified": 570}, []),  # exactly 95 %
        ({"supported": None}, []),
        ({"eu": None, "qualified": 600}, ["result_target"]),
    ],
)
def test_a_card_is_checked_to_the_grosz_and_to_the_person(change: dict[str, float | None], checks: list[str]) -> None:
    assert [problem.check for problem in card_problems(**{**GOOD, **change})] == checks


def test_rounded_amounts_have_the_benefit_of_their_rounding() -> None:
    # 37,6 / 45,6 mln is 82,46 %; any amounts that round so allow 82,26-82,66 %.
    assert card_problems(value=45.6e6, eu=37.6e6, step=1e5) == ()
    assert [p.check for p in card_problems(value=45.6e6, eu=37.6e6)] == ["eu_share"]
    assert [p.check for p in card_problems(value=45.6e6, eu=38.0e6, step=1e5)] == ["eu_share"]


@pytest.mark.parametrize(
    ("field", "entry", "message"),
    [
        ("budget", {"number": 1, "unit": "PLN", "source": "swietokrzyskie"}, "nieznane pola budget"),
        ("value", {"number": 13_768_806.14, "unit": "PLN"}, "brak źródła"),
        ("value", {"number": 13_768_806.14, "unit": "PLN", "source": "gazeta"}, "nieznane źródło „gazeta”"),
        ("value", {"number": 13_768_806.14, "unit": "USD", "source": "swietokrzyskie"}, "jednostka „USD”"),
        ("value", {"number": 13_768_806.14, "unit": "EUR", "source": "swietokrzyskie"}, "różnych walutach"),
        ("value", {"text": "13 mln", "unit": "PLN", "source": "swietokrzyskie"}, "oczekiwano liczby"),
        ("value", {"number": 13_768_806.15, "unit": "PLN", "source": "swietokrzyskie"}, "13768806,14.*13768806,15"),
        ("title", {"number": 3, "source": "swietokrzyskie"}, "oczekiwano tekstu"),
        ("title", {"text": "x", "source": "swietokrzyskie", "zrodlo": "y"}, "nieznane pola zrodlo"),
        ("start", {"text": "1.09.2023", "source": "swietokrzyskie"}, "data w innym zapisie"),
        ("start", {"text": "2029-01-01", "source": "swietokrzyskie"}, "kończy się przed rozpoczęciem"),
        ("target_plan_share", {"number": 50, "unit": "%", "source": "swietokrzyskie"}, "udział większy niż 1"),
        ("target_supported", {"number": 688.5, "unit": "osoby", "source": "swietokrzyskie"}, "całkowitej"),
        ("target_supported", {"number": -1, "unit": "osoby", "source": "swietokrzyskie"}, "nieujemnej"),
        ("target_qualified", {"number": 645, "unit": "osoby", "source": "swietokrzyskie"}, "645.*95,00%.*688"),
    ],
)
def test_a_bad_card_is_refused_with_a_reason(
    entries: dict[str, Any], field: str, entry: dict[str, Any], message: str
) -> None:
    card(entries, "26")[field] = entry
    with pytest.raises(DataError, match=message):
        published_cards()


def test_a_card_must_speak_of_every_field_and_every_voivodeship(entries: dict[str, Any]) -> None:
    del card(entries, "26")["leader"]
    with pytest.raises(DataError, match=r"brak pól leader.*null"):
        published_cards()
    card(entries, "26")["leader"] = None
    cards = entries["projects.yaml"]["cards"]
    cards[0], cards[1] = cards[1], cards[0]
    with pytest.raises(DataError, match="16 województw po kolei"):
        published_cards()


def test_each_document_has_a_name_and_who_issued_it() -> None:
    for file in ("projects.yaml", "published_figures.yaml", "cooperation_projects.yaml"):
        used = json.dumps(load_entries(file))
        for document in load_entries(file)["documents"]:
            assert document["name"], document
            assert document["issuer"], document
            assert document["address"] or document["key"] == "opolskie_resolution", document  # found on paper only
            assert used.count(f'"source": "{document["key"]}"') > 0, f"{file}: {document['key']} gives no figure"


def test_there_are_sixteen_actions_each_with_a_label_for_charts_and_a_team() -> None:
    assert [entry.action for entry in actions()] == list(range(1, 17))
    assert all(0 < len(entry.short) <= 30 for entry in actions())
    assert {entry.team for entry in actions()} == set(monitoring.TEAMS)
    assert all("9866/2023" in entry.reference for entry in actions())
    # Words of the resolution of Opolskie by which an action is known, whatever words are ours.
    known = {5: "szkoleniowych", 6: "superwizja", 7: "centrów usług społecznych", 8: "komitetów", 12: "Sieciowanie",
             13: "akredytacji", 14: "zatrudnieniu socjalnym", 15: "Marka", 16: "cudzoziemców"}  # fmt: skip
    assert all(word in actions()[number - 1].title for number, word in known.items())


def test_an_action_that_no_report_serves_says_so() -> None:
    assert [entry.action for entry in actions() if not entry.serves] == [15]
    frame = action_frame().set_index("key")
    assert frame.loc[15, "serves"].startswith("Żaden raport")
    assert frame.loc[7, "serves"].startswith("Oddziaływanie społeczne – Centra usług społecznych w gminach; Monitoring")
    assert list(frame.columns) == ["title", "short", "team", "serves", "reference"]


def test_titles_of_reports_are_those_of_the_reports() -> None:
    titles = report_titles()
    assert tuple(titles) == project_catalogue.REPORTS
    assert {key: titles[key] for key in spec.REPORTS} == {key: entry.title for key, entry in spec.REPORTS.items()}


def headings(report: str) -> set[str]:
    notebook = json.loads((PROJECT / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8"))
    lines = [line for cell in notebook["cells"] if cell["cell_type"] == "markdown" for line in cell["source"]]
    return {line.lstrip("#").strip() for line in lines if line.startswith("#")}


@pytest.mark.parametrize("report", sorted(spec.REPORTS))
def test_sections_that_serve_an_action_are_headings_of_the_notebook(report: str) -> None:
    named = {section for entry in actions() for s in entry.serves if s.report == report for section in s.sections}
    assert named <= headings(report)


@pytest.mark.parametrize(
    ("number", "change", "message"),
    [
        (3, {"action": 17}, "od 1 do 16"),
        (3, {"team": "zarząd"}, "zespół „zarząd”"),
        (3, {"serves": (Serving("raport", ("Wstęp",)),)}, "nieznany raport „raport”"),
        (3, {"serves": (Serving("cooperation", ()),)}, "bez rozdziałów"),
        (3, {"serves": (), "note": ""}, "żaden raport nie służy"),
        (3, {"short": "x" * 31}, "31 znaków"),
        (3, {"title": actions()[0].title}, "powtórzone"),
    ],
)
def test_a_bad_list_of_actions_is_refused(number: int, change: dict[str, Any], message: str) -> None:
    spoilt = tuple(replace(entry, **change) if entry.action == number else entry for entry in actions())
    with pytest.raises(DataError, match=message):
        project_catalogue.check_actions(spoilt, "actions.yaml")


def test_a_missing_action_is_refused() -> None:
    with pytest.raises(DataError, match="od 1 do 16"):
        project_catalogue.check_actions(actions()[:-1], "actions.yaml")


def test_promised_effects_are_those_published() -> None:
    found = {p.project: {e.effect: e.number for e in p.effects} for p in cooperation_projects()}
    assert found == EFFECTS
    frame = promised_frame()
    assert frame["number"].isna().sum() == 3
    assert frame["number"].dtype == "float64"
    assert (frame["source"] != "").all()
    counted = set(frame.loc[frame["counted_from"] != "", "effect"])
    assert counted == {
        "pilot_units", "pilot_powiats", "pilot_gminas", "entities", "coached_workers", "pilot_large_gminas",
        "opolskie_towns",
    }  # fmt: skip
    assert EFFECTS["urban_rural"]["pilot_units"] == 20 + 30  # powiats and gminas of the same page


def test_each_way_of_counting_that_the_catalogue_names_is_one_that_the_report_knows() -> None:
    assert set(published_cooperation.COUNTED_FROM) == {"", "coached_workers", *COUNTED}


def test_the_two_cooperation_projects_are_as_published() -> None:
    frame = cooperation_project_frame().set_index("project")
    # rodzina.umk.pl: 31 604 368,34 zł, of it 4 868 206,71; until 31.12.2022; six voivodeships and a university.
    assert frame.loc["urban_rural", ["teryt", "end", "value_pln", "grant_pln"]].tolist() == [
        "04+08+22+28+30+32", "2022-12-31", 31_604_368.34, 4_868_206.71
    ]  # fmt: skip
    assert len(cooperation_projects()[0].partners) == 6
    # Scope of the project for cities: at most 12 894 064,00 zł in 2018-2021; leader, three partners, five voivodeships.
    cities = cooperation_projects()[1]
    assert (cities.value_pln, cities.value_note, cities.grant_pln) == (
        12_894_064.00, "wartość prognozowana, najwyżej tyle", None
    )  # fmt: skip
    assert (cities.start, cities.end, len(cities.partners), cities.teryt) == (
        "2018", "2021", 3, ("02", "10", "12", "16", "24")
    )  # fmt: skip
    assert "najwyżej" in frame.loc["cities", "source"]
    assert frame["grant_pln"].isna().tolist() == [False, True]


def test_the_minimum_content_of_the_model_is_there_in_eight_elements() -> None:
    rural, cities = cooperation_projects()
    assert tuple(cities.elements) == cooperation.ELEMENTS
    assert len(cooperation.ELEMENTS) == 8
    assert not rural.elements
    assert any("minimalna zawartość" in text for text in rural.not_found)
    # Areas of cooperation: education, health, culture and sport, courts, police; the other one adds the labour market.
    named = {"education", "health", "culture_sport", "courts", "police"}
    assert named <= set(cities.areas)
    assert named | {"employment"} <= set(rural.areas)


def test_the_pilot_of_rural_gminas_is_as_published_with_what_was_not_found() -> None:
    pilot = rural_pilot()
    # liderzykooperacji.pl: 140 of 172, 5 voivodeships, 350 entities, 16, 10-13 and 21 months, 86,34 % and 74 %.
    found = {f.key: (f.number, f.of, f.high) for f in pilot.figures}
    assert found == {
        "success": (140, 172, None), "voivodeships": (5, None, None), "entities": (350, None, None),
        "team_months": (16, None, None), "case_months": (10, None, 13), "support_months": (21, None, None),
        "professionalisation": (0.8634, None, None), "effectiveness": (0.74, None, None),
    }  # fmt: skip
    parameters = CooperationParameters()
    assert (parameters.published_success, parameters.published_cases) == (140, 172)
    assert any("skala" in text for text in pilot.not_found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"teryt": ["00"]}, "województwa: 00"),
        ({"areas": ["sport"]}, "sektory: sport"),
        ({"elements": {"diagnosis": "x"}}, "elementy: aftercare"),
        ({"source": ""}, "brak źródła"),
        ({"effects": [{"effect": "a", "name": "b", "number": 1, "unit": "c", "counted_from": "guess"}]}, "guess"),
        ({"effects": [{"effect": "a", "name": "b", "number": 1, "unit": "c", "counted_from": "units:14"}]}, "units:14"),
        ({"effects": [{"effect": "a", "name": "b", "number": 1, "unit": "c"}] * 2}, "powtórzone wpisy a"),
        ({"sponsor": "x"}, "nieznane pola sponsor"),
    ],
)
def test_a_bad_cooperation_project_is_refused(entries: dict[str, Any], change: dict[str, Any], message: str) -> None:
    entries["cooperation_projects.yaml"]["projects"][0].update(change)
    with pytest.raises(DataError, match=message):
        cooperation_projects()


def test_published_foster_care_keeps_the_printed_total_beside_the_parts() -> None:
    frame = published_foster_frame()
    assert tuple(frame.columns) == monitoring.FOSTER_COLUMNS
    rows = frame.set_index("year")[["family", "institutional", "total_printed"]]
    # stat.gov.pl, end of 2020: 55,5 and 16,0 of 71,5 thousand. przystanekrodzina.pl, end of 2023: 58 210 and 17 128,
    # printed as 75,8 thousand, although they are 75 338.
    assert rows.loc[2020].tolist() == [55_500, 16_000, 71_500]
    assert rows.loc[2023].tolist() == [58_210, 17_128, 75_800]
    assert frame.set_index("year")["step"].to_dict() == {2020: 100, 2023: 1}
    cited = frame.set_index("year")["source"]
    assert "podajemy adres serwisu" in cited[2023]
    assert "inne źródło podaje 75,3 tys. dzieci: MartaJac/BI_NGO" in cited[2023]
    assert "inne źródło" not in cited[2020]
    total = rows["family"] + rows["institutional"]
    assert total.tolist() == [71_500, 75_338]
    assert (rows["family"] / total).round(3).tolist() == [0.776, 0.773]
    assert (frame["teryt"] == "00").all()
    further = {(f.year, f.unit, f.number) for f in foster_figures()}
    assert further == {
        (2020, "%", -0.008), (2022, "dzieci", 72_800), (2023, "%", 0.035), (2023, "dzieci", 556),
        (2022, "placówki", 1307), (2023, "placówki", 1318), (2023, "%", 0.058), (2023, "%", 0.638),
        (2023, "%", 0.304), (2023, "dzieci", 75_300),
    }  # fmt: skip
    assert abs(72_800 * 1.035 - 75_338) < 50  # both speak for 75,3 thousand, not for 75,8
    assert abs(0.058 + 0.638 + 0.304 - 1) < 1e-12


def test_units_with_a_plan_in_pomorskie_are_six_that_exist() -> None:
    # rops.pomorskie.eu/2024/05/21/lokalne-plany-deinstytucjonalizacji/
    found = {plan.unit: plan.name for plan in adopted_plans()}
    units = pd.read_csv(PROJECT / "data" / "raw" / "teryt_units" / "units.csv", dtype="str").set_index("teryt")["name"]
    assert {code: units[code] for code in found} == {
        "2215": "wejherowski", "220403": "Kolbudy", "221208": "Redzikowo", "221201": "Ustka", "2216": "sztumski",
        "221309": "Skarszewy",
    }  # fmt: skip
    assert all(units[code] in name for code, name in found.items())
    assert {plan.as_of for plan in adopted_plans()} == {"2024-05-21"}


def test_bad_published_figures_are_refused(entries: dict[str, Any]) -> None:
    figures = entries["published_figures.yaml"]
    figures["foster_care"][0]["family"] = -1
    with pytest.raises(DataError, match="ujemna"):
        published_foster_frame()
    figures["foster_care"][0].update(family=55_500, source="")
    with pytest.raises(DataError, match="brak źródła"):
        published_foster_frame()
    figures["foster_care"][0].update(source="gus_2020", beside="analysis_2023")
    with pytest.raises(DataError, match="nie podaje liczby dla tego roku"):
        published_foster_frame()
    figures["adopted_plans"][0]["uchwala"] = "x"
    with pytest.raises(DataError, match="uchwala"):
        adopted_plans()


def test_sectors_and_words_are_those_of_the_schemas() -> None:
    assert sector_frame()["key"].tolist() == list(cooperation.SECTORS)
    spellings = [alias.lower() for entry in sectors() for alias in entry.aliases]
    assert len(spellings) == len(set(spellings))
    for question, options in VOCABULARIES.items():
        assert tuple(labels(question)) == options
        assert all(label == label.strip() and label[0].isupper() for label in labels(question).values())
    assert labels("evidence")["attendance"] == "Zaświadczenie o udziale"
    with pytest.raises(DataError, match="nie ma słownika „kolor”"):
        labels("kolor")


def test_a_word_that_is_missing_or_too_much_is_refused(entries: dict[str, Any]) -> None:
    del entries["project_options.yaml"]["team"]["training"]
    with pytest.raises(DataError, match=r"project_options\.yaml, „team”.*'training'"):
        labels("team")
    entries["sectors.yaml"].reverse()
    with pytest.raises(DataError, match=r"sectors\.yaml"):
        sectors()


def test_fields_of_the_cards_have_labels() -> None:
    assert tuple(labels("field")) == (*FIELDS, *FURTHER)


@pytest.mark.parametrize(
    ("name", "defaults"),
    [("monitoring_parameters", MonitoringParameters()), ("cooperation_parameters", CooperationParameters())],
)
def test_parameters_agree_with_the_code_and_are_justified(
    name: str, defaults: MonitoringParameters | CooperationParameters
) -> None:
    values, coded = catalogue.parameter_values(name), asdict(defaults)
    assert values == coded
    assert {key: type(value) for key, value in values.items()} == {key: type(value) for key, value in coded.items()}
    for entry in catalogue.parameters(name):
        assert entry.description.endswith(".")
        assert entry.reason.endswith(".")
        assert any(word in entry.reason for word in ("Wybór", "Udział obliczony", "Iloraz", "Liczba z", "Wartość"))


def test_a_parameter_that_is_yes_or_no_is_printed_in_words() -> None:
    choices = [Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters("monitoring_parameters")]
    flags = {choice.name: choice_value(choice) for choice in choices if isinstance(choice.value, bool)}
    assert flags == {
        "complete_data_only": "tak", "institution_required": "tak", "qualified_must_be_supported": "tak",
        "plans_renewed": "nie",
    }  # fmt: skip
    assert choice_value(choices[0]._replace(value=False)) == "nie"
    printed = choices_table(choices, title="Przyjęte parametry").rows
    assert printed[0][1] == "tak"
