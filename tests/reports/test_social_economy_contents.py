"""Every report on the social economy holds what its data files hold, counted anew without any of the package's code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_data import CODES, POLAND, Series, printed, read_series
from report_edition import Edition, text_of
from test_report_contents import PUBLISHED

from ropsanalysis.regions import find

pytestmark = pytest.mark.slow

OFFICIAL = ("1.B.7", "1.B.8", "1.E.1", "1.E.2")
NGO, PRODUCTION = "Organizacje pozarządowe", "Spółdz. produkcji rolnej"
DISABLED, COMPANIES = "Spółdz. inwal. i niewidomych", "Spółki non profit"
#: What the report calls the legal forms of the court register, and those of the list kept by support centres.
COURT = {
    "Fundacja": NGO, "Stowarzyszenie": NGO, "Spółdzielnia socjalna": "Spółdzielnie socjalne",
    "Spółdzielnia pracy": "Spółdzielnie pracy", "Spółdzielnia inwalidów lub niewidomych": DISABLED,
    "Rolnicza spółdzielnia produkcyjna": PRODUCTION, "Spółka z o.o. (non profit)": COMPANIES,
}  # fmt: skip
CENTRES = {
    "NGO": NGO, "spółdzielnia socjalna": "Spółdzielnie socjalne", "spółdzielnia pracy": "Spółdzielnie pracy",
    "spółdzielnia inwalidów i niewidomych": DISABLED, "RSP": PRODUCTION, "spółka non-profit": COMPANIES,
}  # fmt: skip
UNITS = {
    "CIS": "CIS", "KIS": "KIS", "Warsztat terapii zajęciowej": "WTZ", "Zakład aktywności zawodowej": "ZAZ",
}  # fmt: skip


@pytest.fixture(scope="module")
def edition(editions: dict[str, Edition]) -> Edition:
    return editions["social_economy"]


@pytest.fixture(scope="module")
def series(edition: Edition) -> dict[str, Series]:
    return {one.about["indicator"]: one for one in read_series(edition.project).values()}


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# ---- registers ---------------------------------------------------------------------------------------


def read_list(project: Path, name: str) -> pd.DataFrame:
    path = project / "data" / "raw" / "es_register" / name
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str).fillna("")
    text = path.read_text(encoding="utf-8-sig")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    return pd.read_csv(path, sep=mark, dtype=str, keep_default_na=False, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def entities(edition: Edition) -> pd.DataFrame:
    """Return a row per entity that no list has closed: form as printed, gmina; each entity once."""
    court = read_list(edition.project, "krs.csv")
    parts = [
        still_open(court, "TERYT siedziby", "Data wykreślenia", court["Forma prawna"].map(COURT)),
        still_open_at_centres(edition.project, court),
    ]
    for name, form, gmina, end in (
        ("cis_kis.csv", "Rodzaj", "Kod gminy", "Likwidacja"),
        ("zaz_wtz.xlsx", "Placówka", "TERYT gminy", "Data zakończenia"),
    ):
        table = read_list(edition.project, name)
        parts.append(still_open(table, gmina, end, table[form].map(UNITS)))
    for name, form, gmina, end in (
        ("kgw.csv", "KGW", "TERYT", "DATA_WYKRESLENIA"),
        ("koscielne_osoby_prawne.csv", "Kościelne osoby prawne", "Gmina (kod)", "Do"),
    ):
        table = read_list(edition.project, name)
        parts.append(still_open(table, gmina, end, pd.Series(form, index=table.index)))
    found = pd.concat(parts, ignore_index=True)
    assert found.notna().all(axis=None)
    return found


def still_open(table: pd.DataFrame, gmina: str, end: str, form: pd.Series[str]) -> pd.DataFrame:
    """Return form and gmina of the rows without a day of closing; an entity that moved has one such row."""
    kept = table[end] == ""
    return pd.DataFrame({"form": form[kept], "gmina": table.loc[kept, gmina].str[:6]})


def still_open_at_centres(project: Path, court: pd.DataFrame) -> pd.DataFrame:
    """Return what only the support centres know: no number, no name in its gmina and no decision leads to the court.

    Names are compared word by word in any order, so that quotation marks and the place of "stowarzyszenie" in a name
    do not matter; misspelt names are other names.
    """
    own = read_list(project, "owes_baza.csv")
    decisions = read_list(project, "links.csv")
    same = decisions[decisions["decision"] == "same"]
    rows = [re.findall(r"owes_baza\.csv:(\d+)", " ".join(pair)) for pair in same.iloc[:, :2].to_numpy()]
    decided = {int(row) for found in rows for row in found}
    numbers = {column: set(court[column]) - {""} for column in ("NIP", "REGON")}
    names = set(map(_words, court["Nazwa"], court["TERYT siedziby"]))
    known = (
        own["NIP"].str.replace("-", "").isin(numbers["NIP"])
        | own["REGON"].isin(numbers["REGON"])
        | pd.Series(map(_words, own["Nazwa podmiotu"], own["Gmina TERYT"]), index=own.index).isin(names)
        | (own.index + 2).isin(decided)  # rows as a spreadsheet numbers them
    )
    assert 0 < known.sum() < len(own)
    new = own[~known]
    return still_open(new, "Gmina TERYT", "Zakończenie działalności", new["Rodzaj"].map(CENTRES))


def _words(name: str, gmina: str) -> tuple[str, ...]:
    return (*sorted(re.findall(r"\w+", name.casefold())), gmina[:6])


def test_entities_by_legal_form_are_those_of_the_lists(edition: Edition, entities: pd.DataFrame, teryt: str) -> None:
    own = entities[entities["gmina"].str[:2] == teryt]
    table = {row[0]: row[1]["value"] for row in edition.tables(teryt)["structure"]["rows"]}
    assert table.pop("Razem") == len(own)
    assert {form: count for form, count in table.items() if count} == own["form"].value_counts().to_dict()


def test_gminas_without_an_entity_are_those_no_list_names(edition: Edition, entities: pd.DataFrame, teryt: str) -> None:
    units = pd.read_csv(edition.project / "data" / "raw" / "teryt_units" / "units.csv", dtype=str)
    gminas = units[(units["level"] == "gmina") & (units["teryt"].str[:2] == teryt)].set_index("teryt")["name"]
    empty = gminas.drop(entities["gmina"], errors="ignore")
    start = "Żadnego podmiotu ekonomii społecznej nie ma w "
    *_, told = [point for point in points(edition, teryt) if point["text"].startswith(start)]
    assert (told["values"]["without"]["value"], told["values"]["all"]["value"]) == (len(empty), len(gminas))
    rows = rows_of(edition, teryt, "gminas")
    assert sum(row["Bez żadnego podmiotu"] for row in rows) == len(empty)
    named = [row.get("Gminy bez żadnego podmiotu", "–") for row in rows]
    plain = [
        re.sub(r" \((gm\.|miasto|obszar).*\)", "", name) for name in ", ".join(named).split(", ")
    ]  # "Brodnica (gm. wiejska)"
    assert sorted(name for name in plain if name != "–") == sorted(empty)


def points(edition: Edition, teryt: str) -> list[dict[str, Any]]:
    return [item for e in edition.document(teryt)["elements"] if e["kind"] == "points" for item in e["items"]]


def test_social_enterprises_are_those_that_kept_their_status(edition: Edition, teryt: str) -> None:
    status = read_list(edition.project, "przedsiebiorstwa_spoleczne.xlsx")
    own = status[status["TERYT siedziby"].str[:2] == teryt]
    *_, last = rows_of(edition, teryt, "enterprises")
    assert last["Mają status"] == (own["Data utraty statusu"] == "").sum()


# ---- stocks and flows ----------------------------------------------------------------------------------


def rows_of(edition: Edition, teryt: str, key: str) -> list[dict[str, Any]]:
    """Return the rows of a table by the words above its columns; numbers as such."""
    table = edition.tables(teryt)[key]
    labels = [column["label"] for column in table["columns"]]
    return [
        {label: cell["value"] if isinstance(cell, Mapping) else cell for label, cell in zip(labels, row, strict=True)}
        for row in table["rows"]
    ]


@pytest.mark.parametrize("key", ["flow", "flow_series"])
def test_what_was_and_came_less_what_went_is_what_is(edition: Edition, teryt: str, key: str) -> None:
    rows = rows_of(edition, teryt, key)
    assert len(rows) >= 8
    for row in rows:
        came, went = row["Założone"] + row["Napływ"], row["Zamknięte"] + row["Odpływ"]
        assert row["Na początku"] + came - went == row["Na końcu"], row
        assert min(value for value in row.values() if not isinstance(value, str)) >= 0


def test_every_year_begins_where_the_last_one_ended(edition: Edition, teryt: str) -> None:
    series = rows_of(edition, teryt, "flow_series")
    for before, after in pairwise(series):
        assert (int(after["Rok"]), after["Na początku"]) == (int(before["Rok"]) + 1, before["Na końcu"])
    stocks = {row["Forma"]: row for row in rows_of(edition, teryt, "forms_data")}
    structure = {row["Forma"]: row["Podmioty"] for row in rows_of(edition, teryt, "structure")}
    assert series[-1]["Na końcu"] == structure["Razem"]
    for row in rows_of(edition, teryt, "flow"):
        assert row["Na końcu"] == structure.get(row["Forma"], 0)
        if row["Forma"] != "Razem":
            year = int(series[-1]["Rok"])
            assert (row["Na początku"], row["Na końcu"]) == tuple(
                stocks[row["Forma"]][str(y)] for y in (year - 1, year)
            )
    for row in series:
        assert row["Na końcu"] == sum(stock[row["Rok"]] for stock in stocks.values())


def test_quarters_follow_from_each_other(edition: Edition, teryt: str) -> None:
    table = edition.tables(teryt)["quarters"]
    opening = {row["Forma"]: row["Na początku"] for row in rows_of(edition, teryt, "flow")}
    for form, *quarters in table["rows"]:
        stock = opening[form]
        for cell in quarters:  # "362 (−2, +8)"
            closing, changes = cell.replace("\u00a0", "").replace("\u2212", "-").rstrip(")").split("(")
            stock += sum(map(int, changes.split(",")))
            assert int(closing) == stock, (form, cell)


def test_social_enterprises_follow_from_each_other_and_begin_with_the_act(edition: Edition, teryt: str) -> None:
    rows, before = rows_of(edition, teryt, "enterprises"), 0
    assert rows[0]["Dzień"] == "31.12.2022"  # the first quarter's end after 30.10.2022
    for row in rows:
        assert before + row["Uzyskały"] - row["Utraciły"] == row["Mają status"]
        before = row["Mają status"]


def test_every_change_that_is_listed_has_its_reason(edition: Edition, teryt: str) -> None:
    rows = rows_of(edition, teryt, "changes")
    assert rows
    assert all(row["Powód"].strip(" –") for row in rows)


# ---- figures of Statistics Poland -----------------------------------------------------------------------


def test_official_figures_and_ranks_are_those_published(
    edition: Edition, series: dict[str, Series], teryt: str
) -> None:
    table = edition.tables(teryt)["official"]
    labels = [column["label"] for column in table["columns"]]
    seen = []
    for row in (dict(zip(labels, cells, strict=True)) for cells in table["rows"]):
        code = row["Wskaźnik"].rpartition("(")[2].rstrip(")")
        one, year = series[code], int(row["Rok"])
        assert year == one.latest_common_year()
        value, poland = one.value(teryt, year), one.value(POLAND, year)
        assert value is not None
        assert poland is not None
        assert (text_of(row["Woj."]), text_of(row["Polska"])) == (
            printed(value, one.digits),
            printed(poland, one.digits),
        )
        assert text_of(row["Różnica"]) == printed(value - poland, one.digits, signed=True)
        above = sum(other > value for other in one.regions(year).values())  # the highest value is the first
        last = above + list(one.regions(year).values()).count(value)
        assert row["Miejsce"] == (f"{above + 1}." if last == above + 1 else f"{above + 1}.–{last}.")
        seen.append(code)
    assert tuple(seen) == OFFICIAL


@pytest.mark.parametrize("indicator", OFFICIAL)
def test_figures_copied_from_statistics_poland_are_in_every_report(
    edition: Edition, series: dict[str, Series], indicator: str
) -> None:
    # Copied by hand from the files of Statistics Poland; sources beside PUBLISHED.
    for line in PUBLISHED[indicator].split():
        year, *texts = line.split(",")
        expected = dict(zip([POLAND, *CODES], map(Decimal, texts), strict=True))
        for code in CODES:
            rows = rows_of(edition, code, "official_data")
            own, poland = (
                next(
                    row for row in rows if (row["Wskaźnik"], row["Obszar"]) == (series[indicator].about["short"], area)
                )
                for area in (find(code).short, "Polska")
            )
            assert (own[year], poland[year]) == (float(expected[code]), float(expected[POLAND]))


def test_official_figures_carry_no_mark_and_the_others_do(edition: Edition, teryt: str) -> None:
    tables = edition.tables(teryt)
    marked = {key for key, table in tables.items() if table["synthetic"]}
    assert {"official", "official_data", "sources", "choices"}.isdisjoint(marked)
    assert marked >= {"structure", "flow", "survival", "work", "finances", "condition", "owes", "targets"}
    assert edition.document(teryt)["cover"]["synthetic"] is True
