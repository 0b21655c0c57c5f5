"""An office's own data of its coordination project, of one voivodeship only: from the check to reports and the list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import own_report
import pandas as pd
import pytest
from own_report import RunCli, Tables, holding, read_json, rows_of, run, said, texts_of

from ropsanalysis.regions import POLAND, REGIONS, find

pytestmark = pytest.mark.slow

REGION = find("26")
#: Who published each dataset, as the office tells it.
SOURCES = {
    "project_card": "Wniosek o dofinansowanie", "project_participants": "Ewidencja uczestników ROPS w Kielcach",
    "supported_entities": "Rejestr podmiotów ROPS", "lpdi": "Wykaz planów ROPS", "cus": "Wykaz centrów ROPS",
    "project_activities": "Rejestr działań ROPS", "project_budget": "Budżet projektu",
    "project_payments": "Rejestr wydatków projektu", "foster_care": "Sprawozdanie województwa",
}  # fmt: skip
CARD, PERSONS, PLANS = "project_card/cards.csv", "project_participants/participants.csv", "lpdi/plans.csv"
BUDGET, PAYMENTS = "project_budget/budget.csv", "project_payments/payments.csv"
ACTIVITIES = "project_activities/activities.csv"
PESEL = "44051401359"  # example number of the Ministry of Digital Affairs


@pytest.fixture(scope="module")
def delivered(built_data: Path) -> Tables:
    """Return the files of one voivodeship by path below `data/raw`; nothing of them says that it is made up."""
    found = {}
    for dataset in SOURCES:
        for path in sorted((built_data / "raw" / dataset).glob("*.csv")):
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            own = table["teryt"] == REGION.teryt if "teryt" in table else table["powiat"].str[:2] == REGION.teryt
            table = table[own].reset_index(drop=True)
            if "source" in table:
                table["source"] = SOURCES[dataset]
            if not table.empty:
                found[f"{dataset}/{path.name}"] = table.replace(r"przykład-?", "FERS.", regex=True)
    attended = found[PERSONS]["evidence"] == "attendance"  # of which the check warns
    found[PERSONS].loc[attended, ["evidence", "evidence_day"]] = ""
    assert {name.partition("/")[0] for name in found} == set(SOURCES)
    assert found.keys() >= {CARD, PERSONS, PLANS, BUDGET, PAYMENTS, ACTIVITIES}
    return found


def office(data: Path, folder: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    return own_report.office(data, folder, tables, SOURCES)


def rendered(project: Path, run_cli: RunCli, *, formats: str = "json") -> Path:
    """Return where the voivodeship's report of a built project is."""
    return own_report.render(run_cli, project, "project_monitoring", REGION, formats=formats)


def summary_of(project: Path, run_cli: RunCli, *, formats: str = "json") -> Path:
    """Return where the national summary of a built project is."""
    return own_report.render(run_cli, project, "national_summary", POLAND, formats=formats)


# ---- the way from check to report ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(built_data: Path, delivered: Tables, tmp_path_factory: pytest.TempPathFactory, run_cli: RunCli) -> Path:
    folder = office(built_data, tmp_path_factory.mktemp("own") / "project", delivered)
    assert "Brak uwag do danych." in run(run_cli, folder, "check").stdout
    run(run_cli, folder, "build")
    return folder


@pytest.fixture(scope="module")
def report(project: Path, run_cli: RunCli) -> Path:
    return rendered(project, run_cli, formats="html,json,xlsx,pdf")


def test_files_of_one_voivodeship_make_a_report_in_every_format(report: Path) -> None:
    cover = read_json(report)["cover"]
    assert (cover["teryt"], cover["synthetic"], cover["real"]) == (REGION.teryt, False, "")
    for name, text in texts_of(report).items():
        for word in ("syntetyczn", "zmyślon", "przykład –"):
            assert word not in text.casefold(), (name, word)
        for source in SOURCES.values():
            assert source in text, (name, source)


def test_every_chapter_has_its_results(report: Path, delivered: Tables) -> None:
    persons, plans = delivered[PERSONS], delivered[PLANS]
    indicators = rows_of(report, "indicators")
    assert len(indicators) == 3
    supported = int(indicators[0]["Stan"])
    assert 0.9 * persons["person"].nunique() < supported <= persons["person"].nunique()
    counted, units = map(int, indicators[2]["Podstawa (n z N)"].split(" z "))
    assert counted <= plans["unit"].nunique() < units
    assert len(rows_of(report, "actions")) == 16
    spent = sum(delivered[PAYMENTS][column].astype(float).sum() for column in ("eu_pln", "national_pln"))
    [*_, total] = rows_of(report, "split")
    assert total["Wydano (zł)"].replace("\u00a0", "") == f"{spent:.2f}".replace(".", ",")
    for key in ("card", "reasons", "parts_institution", "earned_value", "plans", "centres", "foster_care", "entities"):
        assert rows_of(report, key), key
    assert "Brak" not in said(report).replace("Brak dowodu", "").replace("brak", "")


def test_the_list_behind_a_number_stays_on_the_screen(project: Path, report: Path, run_cli: RunCli) -> None:
    words = ("audit", "--indicator", "supported", "--region", REGION.teryt)
    done = run(run_cli, project, *words, "--json")
    listed = json.loads(done.stdout)
    rows = listed["entries"]
    subjects = {row["subject"] for row in rows}
    assert sum(row["counted"] for row in rows) == int(rows_of(report, "indicators")[0]["Stan"])
    assert len(subjects) == len(rows) > 100
    for path in report.parent.iterdir():
        found = path.read_bytes().decode("latin-1")
        assert not [subject for subject in subjects if subject in found], path.name


# ---- the national summary of one voivodeship, without any data on cooperation ------------------------------


def test_the_summary_of_one_voivodeship_says_so_and_adds_nothing(project: Path, report: Path, run_cli: RunCli) -> None:
    summary = summary_of(project, run_cli, formats="html,json,xlsx,pdf")
    cover = read_json(summary)["cover"]
    assert (cover["teryt"], cover["synthetic"], cover["real"]) == (POLAND.teryt, False, "")
    shown = {row["Województwo"].casefold(): row for row in rows_of(summary, "indicators")}
    assert list(shown) == [*(region.name for region in REGIONS), "razem"]
    own = rows_of(report, "indicators")
    assert shown[REGION.name]["Objęci wsparciem"] == shown["razem"]["Objęci wsparciem"] == own[0]["Stan"]
    for region in REGIONS:
        if region != REGION:
            assert shown[region.name]["Objęci wsparciem"] == "brak danych"
    money = {row["Województwo"].casefold(): row for row in rows_of(summary, "money")}
    assert money["razem"]["Wydano"] == money[REGION.name]["Wydano"]
    assert len(rows_of(summary, "indicators_figure_data")) == len(rows_of(summary, "actions_figure_data")) == 1
    text = said(summary)
    assert "(1)" in text
    assert not re.search(r"\b(?:nan|inf|none)\b", texts_of(summary)["pdf"].casefold())
    for name, words in texts_of(summary).items():
        assert "syntetyczny" not in words.casefold(), name
        assert "DANE SYNTETYCZNE" not in words, name


def test_a_report_that_nobody_has_data_for_is_no_column_of_the_summary(project: Path, run_cli: RunCli) -> None:
    summary = summary_of(project, run_cli)
    [*_, last] = rows_of(summary, "headlines")
    assert not {"Sprawy udane", "Luka (MWDS)", "ES na 10 tys.", "Praca po roku"} & set(last)
    assert {row["Raport"] for row in rows_of(summary, "sources")} == {
        "Diagnoza sytuacji regionalnej", "Monitoring projektu koordynacyjnego",
    }  # fmt: skip


def test_a_summary_without_any_project_says_what_there_is(built_data: Path, tmp_path: Path, run_cli: RunCli) -> None:
    project = office(built_data, tmp_path / "project", {})
    run(run_cli, project, "build")
    summary = summary_of(project, run_cli)
    assert "Żadne województwo nie dostarczyło danych o projekcie koordynacyjnym." in said(summary)
    assert not any(rows_of(summary, key) for key in ("indicators", "money", "actions", "outlook"))
    assert len(rows_of(summary, "headlines")) == len(REGIONS)


# ---- some of the datasets only -----------------------------------------------------------------------------


def test_a_card_alone_makes_a_report_that_says_what_is_missing(
    built_data: Path, delivered: Tables, tmp_path: Path, run_cli: RunCli
) -> None:
    project = office(built_data, tmp_path / "project", {CARD: delivered[CARD]})
    run(run_cli, project, "build")
    report = rendered(project, run_cli)
    text = said(report)
    for missing in ("Brak ewidencji uczestników", "Brak rejestru działań", "Brak budżetu", "Brak wykazu lokalnych"):
        assert missing in text, missing
    assert rows_of(report, "card")
    assert not any(rows_of(report, key) for key in ("actions", "reasons", "earned_value", "plans", "parts_institution"))
    summary = summary_of(project, run_cli)
    [row] = [row for row in rows_of(summary, "indicators") if row["Województwo"].casefold() == REGION.name]
    assert row["Objęci wsparciem"] in {"brak danych", "–"}


# ---- bad input ---------------------------------------------------------------------------------------------

#: A unit that does not exist (any more): the register of territorial units holds no such code.
GONE = "260499"

Expected = list[tuple[str, str, int | None, str]]


def spoilt(tables: Tables) -> tuple[Tables, Expected]:
    """Return the office's files with all bad input of the issue at once, and code, file, row and column of each."""
    persons, plans = tables[PERSONS].copy(), tables[PLANS].copy()
    budget, payments, activities = (tables[name].copy() for name in (BUDGET, PAYMENTS, ACTIVITIES))
    expected: Expected = []

    def spoil(table: pd.DataFrame, name: str, code: str, row: int, **changes: str) -> None:
        for column, value in changes.items():
            table.loc[row, column] = value
        expected.append((code, Path(name).name, row + 2, ", ".join(changes)))

    rows = persons["person"].map(persons["person"].value_counts())
    fine = (persons["complete"] == "1") & (persons["institution"] != "")
    last, before = persons.index[(rows == 1) & fine & (persons["evidence"] == "")][:2]
    proven = (persons["evidence"] == "state_diploma") & fine & (persons["evidence_day"] <= persons["ended"])
    early, attended = persons[proven].drop_duplicates("person").index[:2]
    used = set(persons.loc[[last, before, early, attended], "person"])
    again = persons.index[persons["person"].duplicated() & ~persons["person"].isin(used)][0]
    spelt = persons.loc[again, "person"].lower().replace("-", " ")
    spoil(persons, PERSONS, "PM-12", again, person=spelt)
    spoil(persons, PERSONS, "PM-13", early, evidence_day=day_before(persons.loc[early, "started"]))
    expected[-1] = (*expected[-1][:3], "evidence_day, started")
    spoil(persons, PERSONS, "PM-14", attended, evidence="attendance")
    spoil(persons, PERSONS, "PM-15", before, action="17")
    spoil(persons, PERSONS, "PM-18", last, started="2032-05-01", ended="", left="")
    expected[-1] = (*expected[-1][:3], "started")
    spoil(plans, PLANS, "PM-40", 0, unit=GONE)
    spoil(payments, PAYMENTS, "PM-35", 0, line="999")
    spoil(payments, PAYMENTS, "PM-26", 1, day="2032-01-02")
    budget.loc[0, "eu_pln"] = f"{float(budget.loc[0, 'eu_pln']) - 0.01:.2f}"
    expected += [("PM-32", "budget.csv", None, column) for column in ("eu_pln", "value_pln")]
    spoil(activities, ACTIVITIES, "PM-15", 0, action="17")
    return {
        **tables, PERSONS: persons, PLANS: plans, BUDGET: budget, PAYMENTS: payments, ACTIVITIES: activities,
    }, expected  # fmt: skip


def day_before(text: str) -> str:
    return (pd.Timestamp(text) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")


@pytest.fixture(scope="module")
def all_bad(
    built_data: Path, delivered: Tables, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Tables, Expected]:
    tables, expected = spoilt(delivered)
    return office(built_data, tmp_path_factory.mktemp("bad") / "project", tables), tables, expected


def test_all_bad_input_is_told_at_once_with_place_and_remedy(
    all_bad: tuple[Path, Tables, Expected], run_cli: RunCli
) -> None:
    project, tables, expected = all_bad
    done = run_cli("check", "--json", "--project", project)
    assert done.returncode == 0  # warnings: what is bad is left out, or counted by its rule
    findings = [one for one in json.loads(done.stdout) if one["code"].startswith("PM-")]
    told = {(one["code"], Path(one["file"]).name, one["row"], one["column"]) for one in findings}
    assert told >= set(expected), sorted(told, key=str)
    assert {code for code, *_ in told} == {code for code, *_ in expected}  # and of nothing else
    assert {one["severity"] for one in findings} == {"warning"}
    for one in findings:
        assert (project / one["file"]).is_file()
        assert all(one[name] for name in ("found", "expected", "remedy"))
        if one["file"].endswith("participants.csv"):
            assert not set(tables[PERSONS]["person"]) & set(re.findall(r"[\w-]+", json.dumps(one)))


def test_what_is_left_of_bad_files_builds_and_renders(
    all_bad: tuple[Path, Tables, Expected], report: Path, run_cli: RunCli
) -> None:
    project, _, _ = all_bad
    run(run_cli, project, "build")
    bad = rendered(project, run_cli, formats="html,json,xlsx,pdf")
    before, after = ([int(rows_of(one, "indicators")[k]["Stan"]) for k in range(2)] for one in (report, bad))
    assert after[0] == before[0] - 2  # the one with action 17, the one of 2032; the two spellings are one person
    assert after[1] == before[1] - 2  # a certificate older than the training, and one of attendance
    counted, units = rows_of(report, "indicators")[2], rows_of(bad, "indicators")[2]
    assert counted["Podstawa (n z N)"].split(" z ")[1] == units["Podstawa (n z N)"].split(" z ")[1]
    checks = {row["Wynik"] for row in rows_of(bad, "card_checks") if "Linie budżetu" in row["Sprawdzenie"]}
    assert checks == {"niezgodne"}
    assert len(rows_of(bad, "actions")) == 16
    assert not re.search(r"\b(?:nan|inf|none)\b", texts_of(bad)["pdf"].casefold())


def test_a_pesel_among_participants_is_refused_and_written_nowhere(
    built_data: Path, delivered: Tables, tmp_path: Path, run_cli: RunCli
) -> None:
    persons = delivered[PERSONS].copy()
    persons.loc[persons["person"] == persons["person"].iloc[0], "person"] = PESEL
    project = office(built_data, tmp_path / "project", {**delivered, PERSONS: persons})
    checked, built = (run_cli(*words, "--project", project) for words in (("check", "--json"), ("build",)))
    assert (checked.returncode, built.returncode) == (3, 3)
    [finding] = [one for one in json.loads(checked.stdout) if one["severity"] == "blocking"]
    assert (finding["code"], finding["column"]) == ("PM-10", "person")
    assert finding["file"] == f"data/raw/{PERSONS}"
    assert "PESEL" in finding["found"]
    assert finding["remedy"]
    assert "PM-10" in built.stderr
    assert not (project / "data" / "processed" / "project_monitoring").exists()
    for done in (checked, built):
        assert PESEL not in done.stdout + done.stderr
    raw = project / "data" / "raw" / PERSONS
    assert PESEL in raw.read_text(encoding="utf-8-sig")  # the search below would find it
    assert list(holding(project, PESEL)) == [raw]
