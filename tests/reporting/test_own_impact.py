"""An office's own data on social impact, of one voivodeship only: from the check to the finished report."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import own_report
import pandas as pd
import pytest
from own_report import RunCli, Tables, holding, of, read_json, rows_of, run, said, texts_of

from ropsanalysis.regions import find

pytestmark = pytest.mark.slow

REGION = find("26")
#: Who published each dataset, as the office tells it.
SOURCES = {
    "impact_panel": "Pomiar własny ROPS w Kielcach", "jst_panel": "Sprawozdania gmin świętokrzyskich",
    "impact_map": "Mapa oddziaływania ROPS", "impact_costs": "Sprawozdanie finansowe ROPS",
    "price_index": "GUS, wskaźniki cen",
}  # fmt: skip
MONEY = ("impact_map", "impact_costs", "price_index")
PRICE_SOURCE = "Cennik urzędu marszałkowskiego 2024"
PESEL = "44051401359"  # example number of the Ministry of Digital Affairs
WAVES = ["entry", "exit", "m6", "m12"]


@pytest.fixture(scope="module")
def delivered(built_data: Path) -> Tables:
    """Return the files of one voivodeship by path below `data/raw`; nothing of them says that it is made up."""
    found = {}
    for dataset in SOURCES:
        for path in sorted((built_data / "raw" / dataset).glob("*.csv")):
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            if "teryt" in table:
                table = table[table["teryt"].str[:2] == REGION.teryt].reset_index(drop=True)
            found[f"{dataset}/{path.name}"] = table.replace("przykład – wartość zmyślona", PRICE_SOURCE)
    assert len(found) == 6
    lines = found["impact_map/map.csv"]
    assert lines.loc[0, "outcome_key"] == "work"
    lines.loc[0, "evidence"] = "measured"  # by the panel, where that is delivered
    return found


# ---- the way from check to report ------------------------------------------------------------------------


def office(data: Path, folder: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    return own_report.office(data, folder, tables, SOURCES)


def deliver(folder: Path, name: str, table: pd.DataFrame) -> None:
    own_report.deliver(folder, name, table, SOURCES[name.partition("/")[0]])


def rendered(project: Path, run_cli: RunCli, *, formats: str = "json") -> Path:
    """Build and render as a user would; return where the voivodeship's report is."""
    run(run_cli, project, "build")
    return own_report.render(run_cli, project, "social_impact", REGION, formats=formats)


@pytest.fixture(scope="module")
def report(built_data: Path, delivered: Tables, tmp_path_factory: pytest.TempPathFactory, run_cli: RunCli) -> Path:
    project = office(built_data, tmp_path_factory.mktemp("own") / "project", delivered)
    assert "Brak uwag do danych." in run(run_cli, project, "check").stdout
    return rendered(project, run_cli, formats="html,json,xlsx,pdf")


def test_files_of_one_voivodeship_make_a_report_in_every_format(report: Path) -> None:
    assert {path.suffix for path in report.parent.iterdir()} == {".html", ".json", ".xlsx", ".pdf"}
    cover = read_json(report)["cover"]
    assert (cover["teryt"], cover["synthetic"], cover["real"]) == (REGION.teryt, False, "")
    for name, text in texts_of(report).items():
        assert "syntetyczn" not in text.casefold(), name
        assert "zmyślon" not in text.casefold(), name
        for source in (*SOURCES.values(), PRICE_SOURCE):
            assert source in text, (name, source)


def test_every_chapter_has_its_results(report: Path, delivered: Tables) -> None:
    panel, gminas = delivered["impact_panel/panel.csv"], delivered["jst_panel/jst.csv"].drop_duplicates("teryt")
    persons = panel.groupby("group")["person"].nunique()
    table = {row["Forma wsparcia"]: row["Osoby"] for row in rows_of(report, "participation")}
    assert (table["Razem"], table["Grupa porównawcza"]) == (f"{persons['participant']}", f"{persons['comparison']}")
    assert "3" in {row["Stopień"] for row in rows_of(report, "effects")}  # a like group, but of few entities
    opened = (gminas["opened"] != "").sum()
    assert re.search(rf"Centrum usług społecznych otworzyło .*\b{opened} gmin \(otwarcia:", said(report))
    assert len(rows_of(report, "map")) == len(delivered["impact_map/map.csv"])
    assert "Z rachunku wynika, że na 1 zł nakładów przypada" in said(report)


def test_nothing_is_told_of_poland_from_one_voivodeship(report: Path) -> None:
    assert not [row for row in rows_of(report, "evidence") if "Polska" in row["Czego dotyczy"]]
    assert "W Polsce" not in said(report)
    assert "Dla Polski różnicy po otwarciu centrów nie szacujemy: brak danych." in said(report)
    [*_, without] = rows_of(report, "centre_cohorts")
    assert "Polska" not in without  # a 0 would say that no gmina of the country opened a centre
    for key in ("centre_effects", "events_data", "centre_tests"):
        assert {row["Obszar"] for row in rows_of(report, key)} == {"województwo"}


# ---- some of the datasets only -----------------------------------------------------------------------------


def test_gminas_alone_make_a_report(built_data: Path, delivered: Tables, tmp_path: Path, run_cli: RunCli) -> None:
    folder = rendered(office(built_data, tmp_path / "project", of(delivered, "jst_panel")), run_cli)
    assert read_json(folder)["cover"]["synthetic"] is False
    text = said(folder)
    for missing in ("Brak pomiarów u osób", "Brak mapy oddziaływania", "Nakładów nie dostarczono"):
        assert missing in text
    assert {row["Czego dotyczy"].partition(" (")[2] for row in rows_of(folder, "evidence")} == {"gminy)"}
    assert rows_of(folder, "centre_effects")
    assert not any(rows_of(folder, key) for key in ("participation", "levels_data", "effects", "map", "cost_per"))
    assert "Uzupełnić dane do następnej edycji: pomiary u osób" in text


@pytest.fixture(scope="module")
def priced(
    built_data: Path, delivered: Tables, tmp_path_factory: pytest.TempPathFactory, run_cli: RunCli
) -> tuple[Path, Path]:
    """Return a project with a map, costs and prices only, and its report."""
    project = office(built_data, tmp_path_factory.mktemp("priced") / "project", of(delivered, *MONEY))
    return project, rendered(project, run_cli)


def test_a_map_with_costs_and_prices_alone_makes_a_report(priced: tuple[Path, Path], delivered: Tables) -> None:
    _, folder = priced
    text = said(folder)
    for missing in ("Brak pomiarów u osób", "Brak danych o gminach w kolejnych latach"):
        assert missing in text
    assert re.search(r"Kosztu jednego trwałego rezultatu\b[^:.]* nie podajemy: brak danych\.", text)
    [ratio] = rows_of(folder, "evidence")
    assert (ratio["Czego dotyczy"], ratio["Stopień"]) == ("Wartość na 1\u00a0zł nakładów", "1")
    measured = delivered["impact_map/map.csv"]["evidence"].eq("measured").sum()
    [remark] = [line for line in text.splitlines() if "Wiersz podano jako zmierzony" in line]
    assert remark.count("„") == measured
    assert len(rows_of(folder, "costs")) == len(delivered["impact_costs/costs.csv"])


def test_lines_that_cannot_be_valued_change_nothing_of_the_others(
    priced: tuple[Path, Path], delivered: Tables, run_cli: RunCli
) -> None:
    project, _ = priced
    before = built_tables(project)
    assert before.keys() >= {"map_lines", "value_summary", "claims", "costs"}
    table = delivered["impact_map/map.csv"]
    added = table.iloc[[0] * len(BAD_LINES)].copy()
    added["line"] = [f"zła {number}" for number in range(len(added))]
    for place, (column, value, _) in enumerate(BAD_LINES):
        added.iloc[place, added.columns.get_loc(column)] = value
    deliver(project, "impact_map/map.csv", pd.concat([table, added]))
    run(run_cli, project, "build")
    after = built_tables(project)
    assert {name for name in before if after[name] != before[name]} == {"overclaims"}  # the remark that they lack
    remarks = pd.read_parquet(project / "data" / "processed" / "social_impact" / "overclaims.parquet")
    assert remarks.loc[remarks["code"] == "left_out", "found"].tolist() == [str(len(added))]
    refused = pd.read_csv(
        project / "data" / "processed" / "rejected" / "social_impact" / "impact_map-map.csv", dtype=str
    )
    assert refused["row"].tolist() == [str(2 + len(table) + place) for place in range(len(added))]
    assert refused["code"].tolist() == [code for _, _, code in BAD_LINES]


def built_tables(project: Path) -> dict[str, str]:
    """Return what the report is made from, as text by table."""
    tables = (project / "data" / "processed" / "social_impact").glob("*.parquet")
    return {path.stem: pd.read_parquet(path).to_csv() for path in tables}


def test_participants_without_a_comparison_group_make_a_report_of_changes(
    built_data: Path, delivered: Tables, tmp_path: Path, run_cli: RunCli
) -> None:
    panel = delivered["impact_panel/panel.csv"]
    seen = panel.groupby("person")["wave"].transform("nunique") == len(WAVES)
    kept = panel[(panel["group"] == "participant") & seen]  # nobody is lost, so that all weigh the same
    project = office(built_data, tmp_path / "project", {"impact_panel/panel.csv": kept})
    folder = rendered(project, run_cli)
    text = said(folder)
    assert "Nie ma grupy porównawczej, dlatego nie da się oszacować" in text
    assert "Zmian w czasie nie należy przypisywać wsparciu." in text
    assert not any(rows_of(folder, key) for key in ("effects", "methods_data", "balance_data", "overlap_data"))
    assert {row["Stopień"] for row in rows_of(folder, "evidence")} == {"2", "0"}
    assert {row["Uczestnicy (%)"] for row in rows_of(folder, "retention_data")} == {"100"}
    # Without weights a printed share is the plain share of who answered at all waves.
    works = kept.pivot_table(index="person", columns="wave", values="work", aggfunc="first")[WAVES]
    works = works[(works != "").all(axis=1) & works.notna().all(axis=1)]
    levels = [row for row in rows_of(folder, "levels_data") if row["Wskaźnik"] == "Praca"]
    assert [row["Poziom"] for row in levels] == [polish(100 * (works[wave] == "1").mean()) for wave in WAVES]
    assert {row["n"] for row in levels} == {str(len(works))}


def polish(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


# ---- bad input ---------------------------------------------------------------------------------------------

#: Column of the impact map, a value that it must not have, and the check that finds it.
BAD_LINES = (
    ("currency", "dukaty", "IM-31"),  # no currency
    ("currency", "EUR", "IM-31"),  # one that nobody converted
    ("price_year", "2005", "IM-32"),  # a year that the index does not reach
    ("price_year", "rok", "IM-38"),  # no year
    ("attribution", "1,25", "IM-35"),  # a share above 1
    ("deadweight", "-0,1", "IM-35"),  # a negative deadweight
)


def spoilt(tables: Tables) -> tuple[Tables, list[tuple[str, str, int | None, str]]]:
    """Return the office's files with all bad input of the issue at once, and code, file, row and column of each."""
    panel = tables["impact_panel/panel.csv"].copy()
    days = dict(zip(WAVES, ("2023-01-10", "2023-07-10", "2024-01-10", "2024-07-10"), strict=True))
    panel["date"] = panel["wave"].map(days)
    whole = panel.groupby("person")["wave"].transform("nunique") == len(WAVES)
    persons = panel.loc[(panel["group"] == "participant") & whole, "person"].unique()
    # Young people who have just lost their work beside older ones without it for years: nobody is like anybody.
    number = pd.Series(pd.factorize(panel["person"])[0], index=panel.index)
    young = panel["group"] == "comparison"
    panel["age"] = (45 + number % 15).where(~young, 20 + number % 6).astype(str)
    panel["months_out_of_work"] = (30 + number % 20).where(~young, number % 3).astype(str)

    def place(person: str, wave: str) -> int:
        [found] = panel.index[(panel["person"] == person) & (panel["wave"] == wave)]
        return int(found)

    file, expected = "panel.csv", []
    panel.loc[place(persons[0], "m12"), ["group", "kind"]] = ["comparison", ""]
    expected.append(("IM-12", file, place(persons[0], "entry") + 2, "person, group"))  # all rows of the person
    panel.loc[place(persons[1], "exit"), "date"] = "2022-12-31"
    expected.append(("IM-13", file, place(persons[1], "exit") + 2, "wave, date"))
    panel.loc[place(persons[2], "m6"), "wb_1"] = "7"
    expected.append(("IM-16", file, place(persons[2], "m6") + 2, "wb_1"))

    lines = tables["impact_map/map.csv"]
    lines = pd.concat([lines] * 2, ignore_index=True).iloc[: 2 + len(BAD_LINES)].copy()
    lines["line"] = [str(number) for number in range(len(lines))]
    for row, (column, value, code) in enumerate(BAD_LINES, start=2):  # the first two stay good
        lines.loc[row, column] = value
        expected.append((code, "map.csv", row + 2, column))
    expected.append(("IM-44", "costs.csv", None, "amount_pln"))
    expected.append(("IM-29", "jst.csv", None, "opened"))
    return {
        **tables,
        "impact_panel/panel.csv": panel,
        "jst_panel/jst.csv": tables["jst_panel/jst.csv"].assign(opened="2021"),
        "impact_map/map.csv": lines,
        "impact_costs/costs.csv": tables["impact_costs/costs.csv"].assign(amount_pln="0"),
    }, expected


@pytest.fixture(scope="module")
def all_bad(
    built_data: Path, delivered: Tables, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Tables, list[tuple[str, str, int | None, str]]]:
    tables, expected = spoilt(delivered)
    return office(built_data, tmp_path_factory.mktemp("bad") / "project", tables), tables, expected


def test_all_bad_input_is_told_at_once_with_place_and_remedy(
    all_bad: tuple[Path, Tables, list[tuple[str, str, int | None, str]]], run_cli: RunCli
) -> None:
    project, tables, expected = all_bad
    done = run_cli("check", "--json", "--project", project)
    assert done.returncode == 0  # warnings: what is bad is left out
    findings = [one for one in json.loads(done.stdout) if one["code"].startswith("IM-")]
    told = {(one["code"], Path(one["file"]).name, one["row"], one["column"]) for one in findings}
    assert told >= set(expected)
    assert {code for code, *_ in told} == {code for code, *_ in expected}  # and of nothing else
    assert {one["severity"] for one in findings} == {"warning"}
    for one in findings:
        assert (project / one["file"]).is_file()
        assert all(one[name] for name in ("found", "expected", "remedy"))
        if one["file"].endswith("panel.csv"):  # of persons no answer is told
            assert not set(tables["impact_panel/panel.csv"]["person"]) & set(json.dumps(one).replace('"', " ").split())
    [zero] = [one for one in findings if one["code"] == "IM-44"]
    assert "równe zero" in zero["found"]
    once = [one for one in findings if one["code"] == "IM-29"]
    assert all("wpływu nie da się oszacować" in one["remedy"] for one in once)


def test_what_is_left_of_bad_files_builds_and_says_why_nothing_is_estimated(
    all_bad: tuple[Path, Tables, list[tuple[str, str, int | None, str]]], run_cli: RunCli
) -> None:
    project, tables, _ = all_bad
    folder = rendered(project, run_cli)
    text, evidence = said(folder), rows_of(folder, "evidence")
    panel = tables["impact_panel/panel.csv"]
    table = {row["Forma wsparcia"]: row["Osoby"] for row in rows_of(folder, "participation")}
    clean = panel.drop_duplicates(["person", "group"]).drop_duplicates("person", keep=False)
    assert table["Razem"] == str((clean["group"] == "participant").sum())  # less the one in both groups
    # Nobody to compare with: the change in time only.
    assert "Grupa porównawcza zbyt różni się od uczestników" in text
    assert not any(rows_of(folder, key) for key in ("effects", "methods_data", "confounder"))
    assert {row["Stopień"] for row in evidence if row["Czego dotyczy"].endswith("(uczestnicy)")} == {"2", "0"}
    # All gminas opened in one year.
    assert "Dla województwa różnicy po otwarciu centrów nie szacujemy: brak gmin bez centrum do porównania." in text
    gminas = [row for row in evidence if row["Czego dotyczy"].endswith("(gminy)")]
    assert {(row["Wynik"], row["od"], row["Stopień"]) for row in gminas} == {("brak gmin bez centrum", "–", "0")}
    # Inputs of zero: lines have a value, and nothing is divided by nothing.
    assert "Wartości przypadającej na złotówkę nakładów nie podajemy: nie podano nakładów albo wynoszą zero." in text
    assert [row["Wynik"] for row in evidence if row["Czego dotyczy"].startswith("Wartość")] == ["brak nakładów"]
    lines = rows_of(folder, "map")
    assert [row["Rezultat"] for row in lines] == tables["impact_map/map.csv"]["outcome"].tolist()[:2]
    assert all(row["Razem (tys. zł)"] not in ("", "–") for row in lines)
    assert not re.search(r"\b(?:nan|inf|infinity|none)\b", json.dumps(read_json(folder)["elements"]).casefold())


def test_a_pesel_in_the_panel_is_refused_and_written_nowhere(
    built_data: Path, delivered: Tables, tmp_path: Path, run_cli: RunCli
) -> None:
    panel = delivered["impact_panel/panel.csv"].copy()
    panel.loc[panel["person"] == panel["person"].iloc[0], "person"] = PESEL
    project = office(built_data, tmp_path / "project", {**delivered, "impact_panel/panel.csv": panel})
    checked, built = (run_cli(*words, "--project", project) for words in (("check", "--json"), ("build",)))
    assert (checked.returncode, built.returncode) == (3, 3)
    [finding] = [one for one in json.loads(checked.stdout) if one["severity"] == "blocking"]
    assert (finding["code"], finding["column"]) == ("IM-10", "person")
    assert finding["file"] == "data/raw/impact_panel/panel.csv"
    assert "PESEL" in finding["found"]
    assert finding["remedy"]
    assert "IM-10" in built.stderr
    assert not (project / "data" / "processed" / "social_impact").exists()
    for done in (checked, built):
        assert PESEL not in done.stdout + done.stderr
    raw = project / "data" / "raw" / "impact_panel" / "panel.csv"
    assert PESEL in raw.read_text(encoding="utf-8-sig")  # the search below would find it
    assert list(holding(project, PESEL)) == [raw]
