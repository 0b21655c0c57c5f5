"""Reads what a measurement of value needs: impact maps, costs, the cost of doing nothing, and prices by year.

All of it is public or the office's own, so findings name the value. Where a cost cannot be used, all costs of its
voivodeship are set aside: a ratio to a part of the costs would look fine and be too high.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import answers, catalogue
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.row_notes import FIRST
from ropsanalysis.io.social_numbers import PERCENTAGE, read_numbers
from ropsanalysis.io.social_tables import (
    Cell,
    Parse,
    SocialTable,
    TableRead,
    Wrong,
    choice_of,
    finished,
    number_of,
    read_table,
    text_of,
    voivodeship,
    year,
)
from ropsanalysis.regions import by_teryt
from ropsanalysis.social_impact.costs import served
from ropsanalysis.social_impact.schema import (
    ASSUMPTIONS,
    COST_COLUMNS,
    DISTRIBUTIONS,
    EVIDENCE,
    INACTION_COLUMNS,
    MAP_COLUMNS,
    PRICE_COLUMNS,
    SHARES,
)

CURRENCY: Final = "PLN"
INDEX_RANGE: Final = (50.0, 200.0)
"""Index of consumer prices, previous year = 100, beyond which a number is none."""
LONGEST: Final = 60
"""Longest duration of an outcome, in years."""

_CURRENCY_WORDS: Final = ("pln", "zł", "złoty", "złote", "złotych")
_SOURCE: Final = "Wiersz zostaje, a raport powie, że ta cena nie ma źródła. Proszę dopisać źródło."
_REMEDY: Final = "Wiersz odłożono. Proszę poprawić wartość."
_COST_KEY: Final = COST_COLUMNS[:3]
_LARGEST_CHANGE: Final = 30.0
_RATIO: Final = (0.5, 2.0)
"""Numbers that may be prices of a year divided by those of the year before."""


def empty_table(columns: Collection[str]) -> pd.DataFrame:
    """Return one of the tables without rows."""
    return pd.DataFrame({name: pd.Series(dtype=_type(name)) for name in columns})


def read_map(folder: Path, *, label: str, prices: pd.DataFrame, price_year: int | None) -> TableRead:
    """Read ``map.csv`` or ``map.xlsx``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    prices
        Price index by year, columns `PRICE_COLUMNS`.
    price_year
        Year to whose prices amounts are brought; None where it is not known yet, then no line is refused for it.

    Returns
    -------
    TableRead
        Table with the columns `MAP_COLUMNS`; price_year is int64, other numbers are float64.
    """
    ends = {f"{name}_{end}": name for name in ASSUMPTIONS for end in ("low", "high")}
    words = {name: text_of(required=name in ("line", "stakeholder", "outcome")) for name in MAP_COLUMNS}
    parse: dict[str, Parse] = {
        **words,
        "teryt": voivodeship,
        **{name: _assumption(name, required=name != "deadweight") for name in ASSUMPTIONS},
        **{end: _assumption(name, required=False) for end, name in ends.items()},
        "distribution": choice_of(_keys(DISTRIBUTIONS, blank=True), code="IM-37"),
        "currency": _currency,
        "price_year": year,
        "evidence": choice_of(_keys(EVIDENCE), code="IM-42"),
        "evidence_years": number_of(low=0, high=LONGEST, required=False),
    }
    numbers = (*ASSUMPTIONS, *ends, "price_year", "evidence_years")
    read = read_table(folder, "map", label=label, parse=parse, numbers=numbers, prefix="IM")
    read = read.without_repeated(("teryt", "line"), expected="jeden wiersz na linię mapy w województwie")
    read = _priced(_ranges(read), prices, price_year)
    _doubt_unmeasured(read)
    read.doubt(
        read.table["deadweight"].isna(), "IM-41", ["deadweight"],
        "nie podano, jaka część zmian zaszłaby bez wsparcia", expected="udział od 0 do 1, np. 0,25",
        remedy="Wiersz zostaje w mapie, ale nie wejdzie do wskaźnika wartości. Proszę podać udział z jego źródłem.",
    )  # fmt: skip
    read.doubt(
        read.table["proxy_source"] == "", "IM-39", ["proxy_source"], "cena bez źródła",
        expected="źródło i rok ceny", remedy=_SOURCE,
    )  # fmt: skip
    return _finished(read, MAP_COLUMNS)


def read_costs(folder: Path, *, label: str, prices: pd.DataFrame) -> TableRead:
    """Read ``costs.csv`` or ``costs.xlsx``: a row per voivodeship, year and payer.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    prices
        Price index by year, columns `PRICE_COLUMNS`.

    Returns
    -------
    TableRead
        Table with the columns `COST_COLUMNS`; year is int64, amounts and participants are float64.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "year": year,
        "payer": text_of(required=True),
        "amount_pln": number_of(low=0, amounts=True),
        "participants": number_of(low=0, required=False),
    }
    read = read_table(folder, "costs", label=label, parse=parse, numbers=("year", *COST_COLUMNS[3:]), prefix="IM")
    spoiled = _spoiled(read)
    read = read.without_repeated(_COST_KEY, expected="jeden wiersz na województwo, rok i płatnika")
    price_year = price_year_of(read.table, prices)
    # Costs in unknown prices stay: without them a voivodeship would look as if it had no costs.
    read.doubt(
        ~_reachable(read.table["year"], prices, price_year), "IM-32", ["year"],
        f"kosztów z tego roku nie da się przeliczyć na ceny roku {price_year}",
        expected="rok, po którym każdy rok ma wskaźnik cen",
        remedy="Koszty zostają w tabeli, ale wartości złotówki tam nie podamy. Proszę uzupełnić zbiór price_index.",
        together=True,
    )  # fmt: skip
    read = read.refuse(
        read.table["teryt"].isin(spoiled), "IM-45", ["teryt"], "inny wiersz kosztów tego województwa odłożono",
        expected="wszystkie koszty województwa poprawne",
        remedy="Bez części kosztów wartość złotówki byłaby zawyżona. Proszę poprawić tamten wiersz.", together=True,
    )  # fmt: skip
    return _finished(read, COST_COLUMNS)


def price_year_of(costs: pd.DataFrame, prices: pd.DataFrame) -> int | None:
    """Return the year to whose prices all amounts are brought.

    Returns
    -------
    int or None
        The last year of the costs, of those that the index reaches where it reaches any; else the last year of the
        index; None where there are neither.
    """
    reached = prices["year"].max() if len(prices) else np.inf
    years = costs["year"][costs["year"] <= reached] if (costs["year"] <= reached).any() else costs["year"]
    if years.empty:
        years = prices["year"]
    return None if years.empty else int(years.max())


def read_inaction(folder: Path, *, label: str, prices: pd.DataFrame, price_year: int | None) -> TableRead:
    """Read ``inaction.csv`` or ``inaction.xlsx``: what arises where nothing is done.

    Returns
    -------
    TableRead
        Table with the columns `INACTION_COLUMNS`; price_year is int64, other numbers are float64.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "item": text_of(required=True),
        "payer": text_of(required=True),
        "persons": number_of(low=0),
        "cost_per_person_year_pln": number_of(low=0, amounts=True),
        "years": number_of(above=0, high=LONGEST),
        "reduction": _share(required=True),
        "price_year": year,
        "source": text_of(required=False),
    }
    numbers = INACTION_COLUMNS[3:8]
    read = read_table(folder, "inaction", label=label, parse=parse, numbers=numbers, prefix="IM")
    read = read.without_repeated(("teryt", "item", "payer"), expected="jeden wiersz na koszt i płatnika")
    read = _priced(read, prices, price_year)
    read.doubt(read.table["source"] == "", "IM-39", ["source"], "koszt bez źródła", expected="źródło i rok kosztu",
               remedy=_SOURCE)  # fmt: skip
    return _finished(read, INACTION_COLUMNS)


def read_prices(folder: Path, *, label: str) -> TableRead:
    """Read ``prices.csv`` or ``prices.xlsx``: index of consumer prices by year, previous year = 100.

    Returns
    -------
    TableRead
        Table with the columns `PRICE_COLUMNS`, by year (int64); index is float64.
    """
    parse: dict[str, Parse] = {"year": year, "index": _index, "source": text_of(required=False)}
    read = read_table(folder, "prices", label=label, parse=parse, numbers=("year", "index"), prefix="IM")
    read = read.without_repeated(("year",), expected="jeden wiersz na rok")
    read.doubt(read.table["source"] == "", "IM-39", ["source"], "wskaźnik bez źródła",
               expected="np. GUS i data publikacji", remedy="Wiersz zostaje. Proszę dopisać źródło.")  # fmt: skip
    done = _finished(read, PRICE_COLUMNS)
    table = done.table.sort_values("year", ignore_index=True)
    return TableRead(table, done.rejected, (*done.findings, *_gaps(table, read.intake.file)), done.files)


def without_ratio(impact_map: pd.DataFrame, costs: pd.DataFrame, *, file: str) -> list[Finding]:
    """Return findings on voivodeships with an impact map but no cost, so that nothing can be divided by it.

    Parameters
    ----------
    file
        Path of the costs inside the project.
    """
    totals = costs.groupby("teryt")["amount_pln"].sum()
    mapped = sorted(impact_map["teryt"].unique())
    found = []
    for words, regions in (
        ("koszty w sumie równe zero", [code for code in mapped if code in totals.index and totals[code] <= 0]),
        ("mapa oddziaływania bez kosztów", [code for code in mapped if code not in totals.index]),
    ):
        if regions:
            found.append(
                Finding("IM-44", "warning", file, None, "amount_pln", f"{words}: {_named(regions)}",
                        "koszty wsparcia większe od zera",
                        "Wartości złotówki tam nie podamy. Proszę dostarczyć koszty wszystkich płatników.")
            )  # fmt: skip
    return found


def too_many_persons(impact_map: pd.DataFrame, costs: pd.DataFrame, *, file: str) -> list[Finding]:
    """Return a finding on lines about participants that count more persons than the costs paid for.

    Parameters
    ----------
    file
        Path of the map inside the project.
    """
    about_persons = {entry.key for entry in catalogue.impact_outcomes() if entry.level == "person"}
    participants = impact_map["teryt"].map(served(costs)).astype("float64")
    wrong = impact_map[impact_map["outcome_key"].isin(about_persons) & (impact_map["quantity"] > participants)]
    if wrong.empty:
        return []
    told = [
        f"{by_teryt(str(row['teryt'])).name}, wiersz {row['line']}: {row['quantity']:g} > {most:g}"
        for row, most in zip(wrong.head(FIRST).to_dict("records"), participants[wrong.index], strict=False)
    ]
    more = f" (wszystkich: {len(wrong)})" if len(wrong) > FIRST else ""
    return [
        Finding("IM-49", "warning", file, None, "quantity", f"{'; '.join(told)}{more}",
                "liczba osób z rezultatem nie większa niż suma uczestników z pliku costs",
                "Wiersz zostaje. Proszę podać wszystkie osoby z rezultatem za cały okres nakładów, każdą raz, bez "
                "odejmowania tego, co zaszłoby bez wsparcia, albo poprawić liczbę uczestników.")
    ]  # fmt: skip


# --- rows --------------------------------------------------------------------------------------------


def _ranges(read: SocialTable) -> SocialTable:
    """Return the lines whose ranges agree with their values; half a range is left out."""
    for name in ASSUMPTIONS:
        value, low, high = (read.table[column] for column in (name, f"{name}_low", f"{name}_high"))
        half = (low.isna() != high.isna()) | (value.isna() & low.notna())
        read.doubt(
            half, "IM-37", [f"{name}_low", f"{name}_high"], "tylko jeden koniec zakresu albo zakres bez wartości",
            expected="wartość z oboma końcami zakresu", remedy="Zakres pominięto. Proszę dopisać brakującą liczbę.",
        )  # fmt: skip
        read.table[f"{name}_low"], read.table[f"{name}_high"] = low.mask(half), high.mask(half)
        read = read.refuse(
            ~half & ((low > value) | (high < value) | (low > high)), "IM-37", [name, f"{name}_low", f"{name}_high"],
            "wartość leży poza swoim zakresem", expected=f"{name}_low ≤ {name} ≤ {name}_high",
            remedy="Proszę sprawdzić trzy liczby.",
        )  # fmt: skip
    ranged = read.table[[f"{name}_low" for name in ASSUMPTIONS]].notna().any(axis=1)
    shaped = read.table["distribution"] != ""
    read.doubt(
        ranged & ~shaped, "IM-37", ["distribution"], "zakresy bez rozkładu",
        expected=f"jedno ze słów: {', '.join(DISTRIBUTIONS)}",
        remedy=f"Przyjęto „{DISTRIBUTIONS[0]}”. Proszę wpisać rozkład.",
    )  # fmt: skip
    read.doubt(
        ~ranged & shaped, "IM-37", ["distribution"], "rozkład bez żadnego zakresu",
        expected="zakres albo pusta komórka",
        remedy="Rozkład pominięto. Proszę dopisać najmniejszą i największą wartość.",
    )  # fmt: skip
    read.table["distribution"] = np.where(ranged, read.table["distribution"].where(shaped, DISTRIBUTIONS[0]), "")
    return read


def _priced(read: SocialTable, prices: pd.DataFrame, price_year: int | None) -> SocialTable:
    """Return the rows whose amounts can be brought to the prices of the report.

    Where none of a voivodeship's can, its rows stay, with a warning: the report then says that prices are missing,
    rather than that nothing was delivered.
    """
    found = f"cen z tego roku nie da się przeliczyć na ceny roku {price_year}"
    expected = "rok, po którym każdy rok ma wskaźnik cen"
    remedy = "Proszę uzupełnić zbiór price_index albo podać cenę z innego roku."
    lost = ~_reachable(read.table["price_year"], prices, price_year)
    all_lost = lost.groupby(read.table["teryt"]).transform("all")
    read.doubt(
        lost & all_lost, "IM-32", ["price_year"], found, expected=expected,
        remedy=f"Wiersze zostają bez wartości. {remedy}", together=True,
    )  # fmt: skip
    return read.refuse(
        lost & ~all_lost, "IM-32", ["price_year"], found, expected=expected, remedy=remedy, together=True
    )


def _reachable(years: pd.Series, prices: pd.DataFrame, price_year: int | None) -> pd.Series:
    """Return for each year whether all years between it and the report's have a price index."""
    known = set(prices["year"])
    ok = {
        found: price_year is None
        or all(step in known for step in range(min(int(found), price_year) + 1, max(int(found), price_year) + 1))
        for found in years.unique()
    }
    return years.map(ok).astype(bool)


def _doubt_unmeasured(read: SocialTable) -> None:
    """Leave out keys of outcomes that the catalogue does not have."""
    known = [entry.key for entry in catalogue.impact_outcomes()]
    odd = (read.table["outcome_key"] != "") & ~read.table["outcome_key"].isin(known)
    for text in read.table.loc[odd, "outcome_key"].unique():
        read.doubt(
            read.table["outcome_key"] == text, "IM-43", ["outcome_key"], f"„{text[:60]}”",
            expected=f"jeden ze skutków: {', '.join(known)}",
            remedy="Wiersz zostaje, ale bez związku ze zmierzonym skutkiem. Proszę poprawić klucz. "
            f"{suggest(text, known)}".strip(),
        )  # fmt: skip
    read.table["outcome_key"] = read.table["outcome_key"].mask(odd, "")


def _spoiled(read: SocialTable) -> set[str]:
    """Return the voivodeships of which some cost cannot be used: refused already, or told in two ways."""
    raw = read.intake.table
    if raw is None:
        return set()
    place, refused = raw.header.index("teryt"), read.notes.refused
    cells = [row.cells[place] for row in raw.rows if row.number in refused and place < len(row.cells)]
    apart = read.table.drop_duplicates()
    divided = apart.loc[apart.duplicated(list(_COST_KEY), keep=False), "teryt"]
    return {teryt for teryt in map(answers.voivodeship, cells) if teryt} | set(divided)


def _gaps(table: pd.DataFrame, file: str) -> list[Finding]:
    missing = (
        sorted(set(range(int(table["year"].min()), int(table["year"].max()))) - set(table["year"]))
        if len(table)
        else []
    )
    if not missing:
        return []
    return [
        Finding("IM-47", "warning", file, None, "year", f"brak lat: {', '.join(map(str, missing))}",
                "wskaźnik każdego roku od pierwszego do ostatniego",
                "Kwot sprzed luki nie da się przeliczyć na ceny po niej. Proszę dopisać brakujące lata.")
    ]  # fmt: skip


def _finished(read: SocialTable, columns: tuple[str, ...]) -> TableRead:
    table = read.table[list(columns)]
    return finished(read, table.astype({name: _type(name) for name in columns}))


def _type(name: str) -> str:
    if name in ("year", "price_year"):
        return "int64"
    numbers = {*ASSUMPTIONS, *COST_COLUMNS[3:], *INACTION_COLUMNS[3:7], "index", "evidence_years"}
    return "float64" if name in numbers or name.endswith(("_low", "_high")) else "str"


def _named(regions: Collection[str]) -> str:
    return ", ".join(by_teryt(code).name for code in regions)


# --- cells -------------------------------------------------------------------------------------------


def _keys(words: Collection[str], *, blank: bool = False) -> Mapping[str, str]:
    return {**({"": ""} if blank else {}), **{word: word for word in words}}


def _currency(text: str) -> Cell | Wrong:
    if answers.normalise(text) in map(answers.normalise, _CURRENCY_WORDS):
        return CURRENCY
    remedy = f"{_REMEDY} Cenę w innej walucie proszę przeliczyć na złote. {suggest(text.casefold(), _CURRENCY_WORDS)}"
    return Wrong("IM-31", CURRENCY, remedy.strip())


def _assumption(name: str, *, required: bool) -> Parse:
    if name in SHARES:
        return _share(required=required)
    if name == "duration_years":
        return number_of(above=0, high=LONGEST, required=required)
    # A price may be negative: support has costs for somebody, too.
    return number_of(required=required, amounts=True) if name == "proxy_value" else number_of(low=0, required=required)


def _share(*, required: bool) -> Parse:
    """Return a reader of shares from 0 to 1; a percentage is not guessed at."""
    expected = "udział od 0 do 1, np. 0,25"

    def parse(text: str) -> Cell | Wrong:
        value = float(read_numbers([text])[0])
        if np.isnan(value) and not required:
            return value
        if value == PERCENTAGE:
            return Wrong(
                "IM-35", expected, "Wiersz odłożono. Proszę wpisać udział zamiast procentu, np. 0,25 zamiast 25%."
            )
        if not np.isfinite(value):
            return Wrong("IM-38", expected)
        if value > 1:
            share = f"{value / 100:g}".replace(".", ",")
            return Wrong("IM-35", expected, f"{_REMEDY} Jeżeli to procent, proszę wpisać {share}.")
        if value < 0:
            return Wrong("IM-35", expected, f"{_REMEDY} Udział nie może być ujemny.")
        return value

    return parse


def _index(text: str) -> Cell | Wrong:
    expected = f"wskaźnik, rok poprzedni = 100, od {INDEX_RANGE[0]:g} do {INDEX_RANGE[1]:g}"
    value = float(read_numbers([text])[0])
    if not np.isfinite(value) and value != PERCENTAGE:
        return Wrong("IM-38", expected)
    if value == PERCENTAGE or not INDEX_RANGE[0] <= value <= INDEX_RANGE[1]:
        change = abs(value) <= _LARGEST_CHANGE
        hint = f"Jeżeli to zmiana cen w procentach, proszę wpisać {_told(100 + value)}" if change else ""
        if _RATIO[0] <= value <= _RATIO[1]:
            hint += f"; jeżeli iloraz cen obu lat – {_told(100 * value)}"
        return Wrong("IM-46", expected, f"{_REMEDY} {hint}." if hint else _REMEDY)
    return value


def _told(number: float) -> str:
    return f"{number:g}".replace(".", ",")
