"""Rows of several registers that are one entity, and rows that only look like it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_project import (
    BOLESLAWIEC,
    KRAKOW,
    WARSAW,
    RegisterProject,
    codes,
    entity,
    nip,
    quiet,
    regon,
    spell,
    told,
    write_xlsx,
)

from ropsanalysis.io.entity_names import compare_form
from ropsanalysis.io.social_registers import RegistersRead

NGO = {"legal_form": "ngo"}
COOPERATIVE = {"legal_form": "social_cooperative"}


@pytest.fixture
def project(tmp_path: Path) -> RegisterProject:
    return RegisterProject(tmp_path)


def ngo(number: int, **changes: Any) -> dict[str, Any]:
    return entity(number, name=f"Fundacja Przystań {number}") | changes


def entities(read: RegistersRead) -> int:
    return int(read.spells["entity"].nunique())


def review(read: RegistersRead) -> list[tuple[str, str]]:
    return list(zip(read.review["record_a"], read.review["record_b"], strict=True))


# --- numbers --------------------------------------------------------------------------------------------


def test_an_entity_of_two_registers_is_counted_once(project: RegisterProject) -> None:
    project.add("a_ogolny", [
        entity(1, legal_form="Stowarzyszenie", start="2023-01-02", verified="2025-06-01", krs="77", teryt=WARSAW),
        entity(2, legal_form="Fundacja", start="2023-03-04"),
    ], source="KRS")  # fmt: skip
    project.add("b_szczegolowy", [entity(1, name="SPÓŁDZIELNIA SOCJALNA JUTRZENKA 1", verified="2025-03-01",
                                         start_reason="założenie")], source="Spółdzielnie", **COOPERATIVE)  # fmt: skip
    read = quiet(project.read())
    assert entities(read) == 2
    found = spell(read, source="Spółdzielnie")  # the register of one form knows best what it is and where
    assert (found["legal_form"], found["teryt"]) == ("social_cooperative", "126101")
    assert found["start"] == pd.Timestamp("2023-01-02")
    assert found["verified"] == pd.Timestamp("2025-06-01")
    own = read.identifiers[read.identifiers["entity"] == found["entity"]]
    assert set(own["kind"]) == {"nip", "krs", "name"}
    assert dict(zip(read.counts["source"], read.counts["shared"], strict=False))["Spółdzielnie"] == 1


@pytest.mark.parametrize(("kind", "value"), [("nip", nip(5)), ("regon", regon(5)), ("krs", "12345")])
def test_any_number_links(project: RegisterProject, kind: str, value: str) -> None:
    project.add("a", [ngo(1, nip="") | {kind: value}], **NGO)
    project.add("b", [ngo(2, name="Zupełnie inna nazwa", nip="") | {kind: value}], legal_form="nonprofit_company")
    assert entities(quiet(project.read())) == 1


def test_numbers_link_through_a_third_row(project: RegisterProject) -> None:
    project.add("a", [ngo(1, regon="", krs="")], **NGO)
    project.add("b", [ngo(1, regon=regon(1), krs="")], **NGO)
    project.add("c", [ngo(1, nip="", regon=regon(1), krs="44", name="Coś")], **NGO)
    assert entities(quiet(project.read())) == 1


def test_a_unit_of_reintegration_is_not_its_operator(project: RegisterProject) -> None:
    project.add("cis", [entity(1, name="CIS Przystań", nip=nip(7), teryt=KRAKOW)], legal_form="cis")
    project.add("krs", [ngo(2, nip=nip(7))], **NGO)
    project.add("owes", [ngo(2, nip=nip(7), name="Przystań")], **NGO)
    read = quiet(project.read())
    assert sorted(read.spells["legal_form"]) == ["cis", "ngo"]
    assert entities(read) == 2


def test_a_unit_known_to_two_registers_is_one(project: RegisterProject) -> None:
    project.add("cis", [entity(1, name="CIS Przystań", nip=nip(7))], legal_form="cis")
    project.add("wykaz", [entity(1, name="Centrum Integracji Społecznej w Krakowie", nip=nip(7), legal_form="CIS"),
                          entity(1, name="Klub", nip=nip(7), legal_form="KIS"),
                          entity(1, name="CIS w Warszawie", nip=nip(7), legal_form="CIS", teryt=WARSAW)])  # fmt: skip
    read = quiet(project.read())
    assert sorted(zip(read.spells["legal_form"], read.spells["teryt"], strict=True)) == [
        ("cis", "126101"), ("cis", "146501"), ("kis", "126101"),
    ]  # fmt: skip


def test_two_units_of_one_operator_in_one_gmina_stay_two(project: RegisterProject) -> None:
    project.add("wtz", [entity(1, name="WTZ nr 1 „Promyk”", nip=nip(7)), entity(2, name="WTZ nr 2", nip=nip(7))],
                legal_form="wtz")  # fmt: skip
    project.add("pfron", [entity(1, name="Warsztat Terapii Zajęciowej Nr 1 PROMYK", nip=nip(7), legal_form="WTZ",
                                 verified="2025-05-05")])  # fmt: skip
    read = quiet(project.read())
    assert entities(read) == 2
    assert spell(read, name="WTZ nr 1 „Promyk”")["verified"] == pd.Timestamp("2025-05-05")
    assert pd.isna(spell(read, name="WTZ nr 2")["verified"])


def test_a_unit_that_may_be_either_of_two_is_for_a_person(project: RegisterProject) -> None:
    project.add("a_wtz", [entity(1, name="WTZ Promyk", nip=nip(7)), entity(2, name="WTZ Słonko", nip=nip(7))],
                legal_form="wtz")  # fmt: skip
    project.add("b_pfron", [entity(1, name="WTZ przy fundacji", nip=nip(7), legal_form="WTZ")])
    read = project.read()
    assert entities(read) == 3
    assert codes(read) == ["ES-23"]
    assert review(read) == [("a_wtz.csv:2", "b_pfron.csv:2"), ("a_wtz.csv:3", "b_pfron.csv:2")]


def test_two_court_numbers_at_one_time_are_two_entities(project: RegisterProject) -> None:
    project.add("a", [ngo(1, krs="11")], **NGO)
    project.add("b", [ngo(1, krs="22", teryt=WARSAW)], **NGO)
    project.add("c", [ngo(1, krs="", teryt=WARSAW, verified="2025-05-05")], **NGO)
    read = project.read()
    assert codes(read) == ["ES-22", "ES-23"]
    assert entities(read) == 2
    assert "0000000011 i 0000000022" in told(read, "ES-22")[0].found
    # The row without a court number goes with what it has more in common with.
    assert spell(read, teryt="146501")["verified"] == pd.Timestamp("2025-05-05")


def test_two_tax_numbers_of_one_court_number_are_told(project: RegisterProject) -> None:
    project.add("a", [ngo(1, krs="11")], **NGO)
    project.add("b", [ngo(2, krs="11")], **NGO)
    read = project.read()
    assert entities(read) == 1
    assert codes(read) == ["ES-22", "ES-23"]


def test_a_number_that_stands_for_nobody(project: RegisterProject) -> None:
    # One number in every row: no two rows of the register can be one entity at one time, however many there are.
    rows = [ngo(number, nip=nip(1), krs=str(number + 1)) for number in range(300)]
    project.add("a", rows, **NGO)
    project.add("b", [entity(number, name=f"WTZ {number}", nip=nip(1)) for number in range(300)], legal_form="wtz")
    read = project.read()
    assert entities(read) == 600
    assert codes(read) == ["ES-22", "ES-23"]


# --- chains ---------------------------------------------------------------------------------------------


def test_a_chain_of_moves_is_one_entity(project: RegisterProject) -> None:
    steps = [("2023-01-01", "2023-06-01", KRAKOW), ("2023-06-01", "2024-02-29", BOLESLAWIEC),
             ("2024-03-01", "", WARSAW)]  # fmt: skip
    rows = [entity(1, start=start, end=end, teryt=teryt, end_reason="zmiana siedziby" if end else "")
            for start, end, teryt in steps]  # fmt: skip
    project.add("lista", rows, **COOPERATIVE)
    read = quiet(project.read())
    table = read.spells.sort_values("start")
    assert entities(read) == 1
    assert table["teryt"].tolist() == ["126101", "020101", "146501"]
    # The second row gives the last day and not the first after it: the entity was never away.
    assert table["end"].tolist()[:2] == table["start"].tolist()[1:]
    assert table["end_reason"].tolist() == ["zmiana siedziby", "zmiana siedziby", ""]


def test_a_changed_form_with_a_new_court_number(project: RegisterProject) -> None:
    project.add("krs", [entity(1, krs="11", legal_form="spółdzielnia socjalna", end="2024-05-01"),
                        entity(1, krs="22", legal_form="spółka non profit", start="2024-05-01")])  # fmt: skip
    read = quiet(project.read())
    assert entities(read) == 1
    assert read.spells.sort_values("start")["legal_form"].tolist() == ["social_cooperative", "nonprofit_company"]


def test_a_form_changed_from_one_register_to_another(project: RegisterProject) -> None:
    project.add("spoldzielnie", [entity(1, end="2024-05-01")], **COOPERATIVE)
    project.add("spolki", [entity(1, start="2024-05-02")], legal_form="nonprofit_company")
    read = quiet(project.read())
    assert entities(read) == 1
    assert read.spells.sort_values("start")["source"].tolist() == ["Rejestr spoldzielnie", "Rejestr spolki"]
    assert read.spells["end"].min() == pd.Timestamp("2024-05-02")


def test_closed_and_opened_again(project: RegisterProject) -> None:
    project.add("lista", [entity(1, end="2023-08-01"), entity(1, start="2024-08-01")], **COOPERATIVE)
    read = quiet(project.read())
    assert entities(read) == 1
    assert len(read.spells) == 2


def test_nothing_changed_between_two_rows(project: RegisterProject) -> None:
    project.add("lista", [entity(1, end="2023-08-01"), entity(1, start="2023-08-01", size_class="50+")], **COOPERATIVE)
    found = spell(quiet(project.read()))
    assert found["start"] == pd.Timestamp("2023-05-06")
    assert pd.isna(found["end"])
    assert found["size_class"] == "50+"


@pytest.mark.parametrize("identified", [{"id": "KIS/7", "nip": ""}, {"id": "", "nip": nip(7)}])
def test_a_unit_that_moved(project: RegisterProject, identified: dict[str, str]) -> None:
    project.add("kis", [entity(1, name="KIS", end="2024-01-01", **identified),
                        entity(1, name="Klub", start="2024-01-01", teryt=WARSAW, **identified)],
                legal_form="kis")  # fmt: skip
    assert entities(quiet(project.read())) == 1


def test_one_entry_number_for_different_entities(project: RegisterProject) -> None:
    project.add("lista", [entity(1, id="1/2020"), entity(2, id="1/2020")], **COOPERATIVE)
    read = project.read()
    assert codes(read) == ["ES-22"]
    assert entities(read) == 2


# --- registers that disagree ----------------------------------------------------------------------------


def test_registers_that_disagree_on_the_end(project: RegisterProject) -> None:
    project.add("a", [entity(1, end="2024-05-01")], **COOPERATIVE)
    project.add("b", [entity(1), entity(2, end="2024-05-01")], **NGO)
    read = project.read()
    [finding] = read.findings
    assert (finding.code, finding.row, finding.column) == ("ES-24", 2, "Data wykreślenia")
    assert "b.csv, wiersz 2" in finding.found
    assert pd.isna(spell(read, name="Spółdzielnia Socjalna Jutrzenka 1")["end"])


def test_a_list_of_who_is_there_does_not_decide_on_the_end(project: RegisterProject) -> None:
    project.add("a", [entity(1, end="2024-05-01", end_reason="likwidacja")], **COOPERATIVE)
    project.add("b", [{key: value for key, value in entity(1).items() if key != "end"}], **NGO)
    found = spell(quiet(project.read()))
    assert (found["end"], found["end_reason"], found["closures_known"]) == (
        pd.Timestamp("2024-05-01"), "likwidacja", True,
    )  # fmt: skip


def test_registers_that_agree_on_the_end_by_different_days(project: RegisterProject) -> None:
    project.add("a", [entity(1, end="2024-05-01")], **COOPERATIVE)
    project.add("b", [entity(1, end="2024-06-15")], **NGO)
    assert spell(quiet(project.read()))["end"] == pd.Timestamp("2024-05-01")


def test_what_a_list_without_closures_knows(project: RegisterProject) -> None:
    project.add("a", [{key: value for key, value in entity(1).items() if key != "end"}], **COOPERATIVE)
    assert not spell(quiet(project.read()))["closures_known"]


def test_an_entity_is_seen_from_the_first_register_that_shows_it(project: RegisterProject) -> None:
    project.add("a", [entity(1, start="2010-01-01", verified="2025-01-01")], covers_from="2020-01-01", **COOPERATIVE)
    project.add("b", [entity(1, start="2012-01-01", verified="2025-01-01")], covers_from="2015-01-01", **NGO)
    assert spell(quiet(project.read()))["observed_from"] == pd.Timestamp("2015-01-01")


def test_rows_without_a_name_are_linked_by_numbers_only(project: RegisterProject) -> None:
    project.add("a", [ngo(1, name=""), ngo(2, name="")], **NGO)
    project.add("b", [ngo(1, name="", nip="", krs="11")], **NGO)
    read = quiet(project.read())
    assert entities(read) == 3
    assert set(read.spells["name"]) == {"(bez nazwy)"}


# --- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["FUNDACJA „PRZYSTAŃ 1”", "Przystań 1", "przystan - 1, fundacja"])
def test_without_a_number_the_name_and_the_gmina_link(project: RegisterProject, name: str) -> None:
    project.add("a", [ngo(1)], **NGO)
    project.add("b", [ngo(1, name=name, nip="")], **NGO)
    assert entities(quiet(project.read())) == 1


@pytest.mark.parametrize("changes", [{"teryt": WARSAW}, {"nip": nip(9)}])
def test_a_name_alone_does_not_link(project: RegisterProject, changes: dict[str, str]) -> None:
    project.add("a", [ngo(1)], **NGO)
    project.add("b", [ngo(1, nip="") | changes], **NGO)
    read = quiet(project.read())
    assert entities(read) == 2


def test_a_name_that_two_entities_have_is_for_a_person(project: RegisterProject) -> None:
    project.add("a", [ngo(1), ngo(1, nip=nip(2))], **NGO)
    project.add("b", [ngo(1, nip="")], **NGO)
    read = project.read()
    assert codes(read) == ["ES-23"]
    assert entities(read) == 3
    assert {b for _, b in review(read)} == {"b.csv:2"}
    assert len(read.review) == 2


def test_a_foundation_is_not_the_association_of_its_name(project: RegisterProject) -> None:
    project.add("a", [ngo(1)], **NGO)
    project.add("b", [ngo(1, name="Stowarzyszenie Przystań 1", nip="")], **NGO)
    read = project.read()
    assert entities(read) == 2
    assert "inna forma" in read.review["why"].iloc[0]


def test_similar_names_are_kept_apart_and_listed(project: RegisterProject) -> None:
    project.add("a", [ngo(1, name="Fundacja Słoneczny Poranek")], **NGO)
    project.add("b", [ngo(2, name="Fundacja Słonecnzy Poranek", nip=""), ngo(3, name="Fundacja Nocny Stróż", nip="")],
                **NGO)  # fmt: skip
    read = project.read()
    [finding] = read.findings
    assert (finding.code, finding.severity, finding.row) == ("ES-23", "warning", 2)
    assert "links.csv" in finding.remedy
    assert entities(read) == 3
    assert read.review.to_dict("records") == [{
        "record_a": "a.csv:2", "record_b": "b.csv:2", "name_a": "Fundacja Słoneczny Poranek",
        "name_b": "Fundacja Słonecnzy Poranek", "teryt": "126101", "why": "podobne nazwy w jednej gminie",
    }]  # fmt: skip
    assert read.counts["review"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ngo(1, name="Ochotnicza Straż nr 12"), ngo(2, name="Ochotnicza Straż nr 13", nip="")),  # other numbers
        (ngo(1, name="Słoneczny Poranek"), ngo(2, name="Słoneczny Poranka")),  # numbers of their own
        (ngo(1, name="Słoneczny Poranek"), ngo(2, name="Słoneczny Poranka", nip="", teryt=WARSAW)),  # elsewhere
        (ngo(1, name="Fundacja Oda"), ngo(2, name="Fundacja Ody", nip="")),  # too short to tell
    ],
)
def test_names_that_nobody_needs_to_look_at(
    project: RegisterProject, first: dict[str, str], second: dict[str, str]
) -> None:
    project.add("a", [first], **NGO)
    project.add("b", [second], **NGO)
    assert entities(quiet(project.read())) == 2


def test_one_register_does_not_list_an_entity_twice_under_two_names(project: RegisterProject) -> None:
    project.add("a", [ngo(1, name="KGW Wola Dolna", nip=""), ngo(2, name="KGW Wola Dolnaa", nip="")], legal_form="kgw")
    assert entities(quiet(project.read())) == 2


def test_entries_of_one_register_with_one_name(project: RegisterProject) -> None:
    rows = [ngo(1, nip="", id="1"), ngo(1, nip="", id="2")]
    project.add("a", rows, legal_form="kgw")
    read = project.read()
    assert entities(read) == 2
    assert codes(read) == ["ES-23"]


@given(st.text(max_size=40))
def test_comparing_a_name_twice_changes_nothing(name: str) -> None:
    core = compare_form(name).core
    assert compare_form(core).core == core


# --- decisions ------------------------------------------------------------------------------------------


def two_similar(project: RegisterProject) -> None:
    project.add("a", [ngo(1, name="Fundacja Słoneczny Poranek")], **NGO)
    project.add("b", [ngo(2, name="Fundacja Słonecnzy Poranek", nip="", verified="2025-05-05")], **NGO)


@pytest.mark.parametrize("record", ["a.csv:2", f"NIP {nip(1)}", nip(1), "A.CSV : 2", f"nip: {nip(1)[:3]}-{nip(1)[3:]}"])
def test_a_person_says_they_are_the_same(project: RegisterProject, record: str) -> None:
    two_similar(project)
    project.links(f"{record},b.csv:2,same")
    read = quiet(project.read())
    assert read.review.empty
    assert spell(read)["verified"] == pd.Timestamp("2025-05-05")


def test_a_person_says_they_are_different(project: RegisterProject) -> None:
    two_similar(project)
    project.links("b.csv:2,a.csv:2,inny")
    read = quiet(project.read())
    assert entities(read) == 2
    assert read.review.empty


def test_a_person_parts_what_numbers_join(project: RegisterProject) -> None:
    project.add("a", [ngo(1), ngo(1, name="Fundacja Przystań oddział", teryt=WARSAW)], **NGO)
    assert codes(project.read()) == ["ES-14"]
    project.links("a.csv:2,a.csv:3,different")
    read = quiet(project.read())
    assert entities(read) == 2
    assert read.spells["entity"].is_unique


def test_a_person_parts_what_names_join(project: RegisterProject) -> None:
    project.add("a", [ngo(1)], **NGO)
    project.add("b", [ngo(1, nip="")], **NGO)
    project.links("a.csv:2,b.csv:2,different")
    assert entities(quiet(project.read())) == 2


def test_a_person_joins_two_court_numbers(project: RegisterProject) -> None:
    project.add("a", [ngo(1, krs="11")], **NGO)
    project.add("b", [ngo(1, krs="22")], **NGO)
    project.links("11,0000000022,same")
    read = quiet(project.read())
    assert entities(read) == 1


def test_a_number_names_the_operator_before_its_unit(project: RegisterProject) -> None:
    project.add("a", [entity(1, name="CIS", nip=nip(7))], legal_form="cis")
    project.add("b", [ngo(7)], **NGO)
    project.add("c", [ngo(8, nip="", name="Przystań siódma")], **NGO)
    project.links(f"{nip(7)},c.csv:2,same")
    read = quiet(project.read())
    assert sorted(read.spells["legal_form"]) == ["cis", "ngo"]


@pytest.mark.parametrize(
    ("lines", "code", "row"),
    [
        (["a.csv:99,b.csv:2,same"], "ES-27", 2),
        (["a.csv:2,,same"], "ES-27", 2),
        (["a.csv:2,b.csv:2,identyczne"], "ES-08", 2),
        (["a.csv:2,b.csv:2,same", "b.csv:2,a.csv:2,different"], "ES-30", 3),
    ],
)
def test_decisions_that_cannot_be_used(project: RegisterProject, lines: list[str], code: str, row: int) -> None:
    two_similar(project)
    project.links(*lines)
    read = project.read()
    assert codes(read) == sorted([code, "ES-23"])
    assert row in [finding.row for finding in told(read, code)]
    assert row in read.rejected["row"].tolist()
    assert entities(read) == 2


def test_a_file_of_decisions_without_its_columns(project: RegisterProject) -> None:
    two_similar(project)
    (project.folder / "links.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    read = project.read()
    assert {finding.code for finding in read.findings if finding.severity == "blocking"} == {"ES-01"}


def test_lists_on_two_sheets_of_one_workbook(project: RegisterProject) -> None:
    header = ["Nazwa", "NIP", "TERYT", "Data wpisu", "Data wykreślenia"]
    for stem, name in (("x", "Fundacja Słoneczny Poranek"), ("y", "Fundacja Słonecnzy Poranek")):
        project.add(stem, [ngo(1, name=name)], file="razem.xlsx", sheet=stem, **NGO)
        (project.folder / f"{stem}.csv").unlink()
    write_xlsx(project.folder / "razem.xlsx", [header, list(ngo(1, name="Fundacja Słoneczny Poranek").values())],
               sheet="x", y=[header, list(ngo(2, name="Fundacja Słonecnzy Poranek", nip="").values())])  # fmt: skip
    assert review(project.read()) == [("razem.xlsx#x:2", "razem.xlsx#y:2")]
    project.links("razem.xlsx#x:2,razem.xlsx#y:2,same")
    assert entities(quiet(project.read())) == 1


# --- status ---------------------------------------------------------------------------------------------


def status_list(project: RegisterProject, *rows: dict[str, Any], **about: Any) -> RegistersRead:
    project.add("ps", [{"status_until": "", **row} for row in rows], **about)
    return project.read()


def test_a_list_of_the_status_adds_to_entities(project: RegisterProject) -> None:
    project.add("a", [ngo(7, krs="11"), ngo(8), ngo(9)], **NGO)
    project.add("cis", [entity(1, name="CIS", nip=nip(7))], legal_form="cis")
    read = status_list(
        project,
        {"name": "PRZYSTAŃ 7", "nip": nip(7), "teryt": "", "status_since": "2023-04-01"},
        {"name": "Przystań 8 fundacja", "nip": "", "teryt": KRAKOW, "status_since": "2024-01-01",
         "status_until": "2024-09-01"},
        {"name": "Nieznana", "nip": nip(99), "teryt": KRAKOW, "status_since": "2024-01-01"},
    )  # fmt: skip
    names = read.spells.set_index("entity")["name"]
    found = [(names[one], since, until) for one, since, until in read.status.itertuples(index=False)]
    assert sorted(found, key=lambda one: one[0])[0][:2] == ("Fundacja Przystań 7", pd.Timestamp("2023-04-01"))
    assert sorted(found, key=lambda one: one[0])[1] == (
        "Fundacja Przystań 8", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-09-01"),
    )  # fmt: skip
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-27", 4)]
    assert len(read.status) == 2
    assert read.counts[read.counts["source"] == "Rejestr ps"].to_numpy().tolist() == [["12", "Rejestr ps", 2, 2, 2, 0]]


def test_the_status_began_on_30_october_2022(project: RegisterProject) -> None:
    project.add("a", [ngo(7), ngo(8)], **NGO)
    read = status_list(
        project,
        {"name": "a", "nip": nip(7), "status_since": "2022-10-29"},
        {"name": "b", "nip": nip(8), "status_since": "2022-10-30", "status_until": "2024-01-01"},
    )
    assert [(finding.code, finding.row, finding.column) for finding in read.findings] == [("ES-13", 2, "Status od")]
    assert read.status["since"].tolist() == [pd.Timestamp("2022-10-30")]


def test_the_status_ends_with_the_entity(project: RegisterProject) -> None:
    project.add("a", [ngo(7, end="2024-06-01"), ngo(8, end="2023-06-01")], **NGO)
    read = status_list(project, {"name": "a", "nip": nip(7), "status_since": "2023-04-01"},
                       {"name": "b", "nip": nip(8), "status_since": "2023-08-01"})  # fmt: skip
    assert read.status["since"].tolist() == [pd.Timestamp("2023-04-01")]
    assert read.status["until"].tolist() == [pd.Timestamp("2024-06-01")]


def test_the_status_told_by_two_lists_is_one(project: RegisterProject) -> None:
    project.add("a", [ngo(7, status_since="2023-01-01", status_until="2024-01-01")], **NGO)
    read = status_list(project, {"name": "a", "nip": nip(7), "status_since": "2023-06-01"})
    assert read.status["since"].tolist() == [pd.Timestamp("2023-01-01")]
    assert read.status["until"].isna().tolist() == [True]


def test_the_status_lost_and_granted_again(project: RegisterProject) -> None:
    project.add("a", [ngo(7)], **NGO)
    first = {"status_since": "2023-01-01", "status_until": "2023-06-01"}
    read = status_list(
        project, *({"name": "a", "nip": nip(7)} | own for own in (first, {"status_since": "2024-01-01"}))
    )
    assert len(quiet(read).status) == 2


# --- the whole ------------------------------------------------------------------------------------------


def mixture() -> dict[str, list[dict[str, Any]]]:
    """Return lists with every kind of overlap, by the name of each list."""
    general = [ngo(number, krs=str(number), legal_form="Fundacja") for number in range(1, 12)]
    general += [entity(20, legal_form="spółdzielnia socjalna", krs="20", end="2024-05-01"),
                entity(20, legal_form="spółka non profit", krs="21", start="2024-05-01")]  # fmt: skip
    database = [ngo(3, nip="", start="2023-02-01"), ngo(4, name="Fundacja Przytsań 4", nip=""),
                ngo(5, verified="2025-01-01"), ngo(30, nip=""), ngo(31, nip="", teryt=WARSAW),
                ngo(6, nip=nip(7))]  # fmt: skip
    units = [entity(1, name=f"CIS {number}", nip=nip(number), id=str(number)) for number in (3, 4)]
    return {"krs": general, "owes": database, "cis": units}


def write_mixture(project: RegisterProject, order: np.random.Generator | None = None) -> RegistersRead:
    for stem, rows in mixture().items():
        shuffled = rows if order is None else [rows[one] for one in order.permutation(len(rows))]
        about = {"krs": {}, "owes": NGO, "cis": {"legal_form": "cis"}}[stem]
        project.add(stem, shuffled, **about)
    return project.read()


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_does_not_matter(tmp_path: Path, seed: int) -> None:
    first = write_mixture(RegisterProject(tmp_path / "a"))
    second = write_mixture(RegisterProject(tmp_path / "b"), np.random.default_rng(seed))
    for table in ("spells", "status", "identifiers", "counts"):
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))
    names = ["name_a", "name_b", "teryt", "why"]
    pd.testing.assert_frame_equal(
        first.review[names].sort_values(names, ignore_index=True),
        second.review[names].sort_values(names, ignore_index=True),
    )
    assert len(first.review) > 0


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    project = RegisterProject(tmp_path)
    first, second = write_mixture(project), project.read()
    pd.testing.assert_frame_equal(first.spells, second.spells)
    assert first.findings == second.findings


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_register_that_repeats_others_adds_no_entity(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=8, unique=True))
    repeated = data.draw(st.lists(st.sampled_from(numbers), unique=True))
    kinds = data.draw(st.lists(st.sampled_from(["nip", "krs", "name"]), min_size=len(repeated), max_size=len(repeated)))
    project = RegisterProject(tmp_path_factory.mktemp("registers"))
    project.add("a", [ngo(number, krs=str(number)) for number in numbers], **NGO)
    rows = []
    for number, kind in zip(repeated, kinds, strict=True):
        row = ngo(number, krs=str(number), name="Coś zupełnie innego")
        keep = {"nip": {"krs": ""}, "krs": {"nip": ""}, "name": {"nip": "", "krs": "", "name": f"PRZYSTAŃ {number}"}}
        rows.append(row | keep[kind])
    if rows:
        project.add("b", rows, **NGO)
    read = quiet(project.read())
    assert entities(read) == len(numbers)
    assert len(read.spells) == len(numbers)


def test_spells_of_an_entity_never_overlap(tmp_path: Path) -> None:
    read = write_mixture(RegisterProject(tmp_path))
    for _, own in read.spells.sort_values("start").groupby("entity"):
        for (_, earlier), (_, later) in itertools.pairwise(own.iterrows()):
            assert earlier["end"] <= later["start"]
