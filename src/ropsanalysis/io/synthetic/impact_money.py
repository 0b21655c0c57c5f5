"""The made-up impact maps, costs, cost of doing nothing and prices; every price says that it is an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic import impact_truth as truth
from ropsanalysis.io.synthetic.social_chance import skewed, split
from ropsanalysis.social_impact.schema import (
    ASSUMPTIONS,
    COST_COLUMNS,
    DISTRIBUTIONS,
    INACTION_COLUMNS,
    MAP_COLUMNS,
    PRICE_COLUMNS,
    SHARES,
)

PAYERS: Final = {"EFS+": 550, "budżet państwa": 200, "samorząd": 170, "środki własne": 80}
"""Who pays for support, and which thousandths."""
_DISCOUNT: Final = 1035


@dataclass(frozen=True, slots=True)
class Line:
    """A line of all impact maps: words, and numbers around which those of a voivodeship lie.

    Attributes
    ----------
    reach
        Of a thousand participants, those with the outcome, those included who would have it anyway.
    price
        PLN per person and year.
    shares
        Deadweight, displacement, attribution and drop-off, in thousandths.
    years, evidence_years
        How long it lasts, and for how long it was observed.
    """

    stakeholder: str
    outcome: str
    key: str
    indicator: str
    proxy: str
    reach: int
    price: int
    years: int
    shares: tuple[int, int, int, int]
    evidence: str
    evidence_years: int


LINES: Final = (
    Line("uczestnicy", "Praca zarobkowa po zakończeniu wsparcia", "work", "osoby pracujące 12 miesięcy po wyjściu",
         "roczna różnica dochodu z pracy i ze świadczeń", 370, 14_500, 3, (600, 80, 200, 250), "measured", 3),
    Line("uczestnicy", "Lepszy dobrostan psychiczny", "wellbeing", "osoby z wyraźną poprawą dobrostanu",
         "roczny koszt wsparcia psychologicznego", 350, 4_200, 2, (300, 0, 250, 300), "measured", 2),
    Line("uczestnicy", "Silniejsze więzi społeczne", "ties", "osoby z wyraźnie silniejszymi więziami",
         "roczny koszt udziału w klubie integracji", 280, 2_600, 2, (300, 0, 300, 350), "literature", 2),
    Line("uczestnicy", "Większe poczucie własnej skuteczności", "efficacy", "osoby z wyraźną poprawą",
         "cena kursu kompetencji osobistych", 330, 1_900, 2, (280, 0, 250, 350), "measured", 2),
    Line("gminy", "Mniej wypłaconych świadczeń", "assistance", "osoby, które przestały korzystać z pomocy",
         "średnie roczne świadczenie z pomocy społecznej", 110, 7_800, 3, (430, 0, 200, 250), "literature", 3),
    Line("budżet państwa", "Składki i podatki od wynagrodzeń", "", "osoby pracujące 12 miesięcy po wyjściu",
         "roczne składki i podatek od przykładowej płacy", 370, 9_600, 3, (600, 100, 200, 250), "literature", 3),
    Line("rodziny", "Mniej czasu na opiekę", "", "rodziny osób uczestniczących",
         "koszt godzin usług opiekuńczych", 200, 5_200, 2, (250, 0, 250, 300), "expert", 2),
    Line("podmioty ekonomii społecznej", "Lepiej przygotowani pracownicy", "", "osoby zatrudnione po wsparciu",
         "koszt szkolenia stanowiskowego", 150, 3_100, 1, (300, 100, 250, 0), "expert", 1),
)  # fmt: skip
_FEWEST: Final = 6
_TWICE: Final = Line(
    "rodziny", "Wyższy dochód rodziny z pracy", "work", "rodziny osób pracujących",
    "roczna różnica dochodu rodziny", 370, 11_000, 3, (600, 80, 200, 250), "measured", 3,
)  # fmt: skip
_TOO_FEW_ANYWAY: Final = 280
"""Deadweight, in thousandths, of the line on work where the map claims more than the measurement shows."""
_TOO_LONG: Final = {"Silniejsze więzi społeczne": (6, 1)}

ITEMS: Final = (
    ("Świadczenia z pomocy społecznej", "gminy", 620, 7_800, 5, 150),
    ("Zasiłki i aktywizacja w urzędach pracy", "budżet państwa", 480, 9_200, 3, 200),
    ("Leczenie kryzysów psychicznych", "budżet państwa", 160, 6_400, 4, 100),
    ("Pobyt w domu pomocy społecznej", "gminy", 30, 62_000, 6, 80),
    ("Utracone składki i podatki", "budżet państwa", 450, 9_600, 5, 170),
)
"""Cost of doing nothing: item, payer, of a thousand participants, PLN a year, years, and what support removes of it."""


def draw_money(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the tables map, costs, inaction and prices, as delivered."""
    maps, costs, inaction = [], [], []
    for number, (teryt, sizes) in enumerate(truth.SIZES.items()):
        persons = 6 * sizes[0]
        lines = _as_measured(teryt, [_line(line, persons, rng) for line in _chosen(teryt, number)])
        value = sum(_present_value(numbers) for _, numbers in lines)
        maps += [_map_row(teryt, place, *line, rng) for place, line in enumerate(lines, start=1)]
        costs += _cost_rows(teryt, value * 1000 // truth.RATIOS[teryt], persons, rng)
        inaction += _inaction_rows(teryt, persons, 3 + number % 3, rng)
    prices = [(year, _decimal(10 * index, 2), truth.EXAMPLE) for year, index in truth.PRICES.items()]
    return {
        "map": pd.DataFrame(maps, columns=list(MAP_COLUMNS)),
        "costs": pd.DataFrame(costs, columns=list(COST_COLUMNS)),
        "inaction": pd.DataFrame(inaction, columns=list(INACTION_COLUMNS)),
        "prices": pd.DataFrame(prices, columns=list(PRICE_COLUMNS)),
    }


def _chosen(teryt: str, number: int) -> list[Line]:
    lines = list(LINES[: _FEWEST + number % (len(LINES) - _FEWEST + 1)])
    return [*lines, _TWICE] if teryt == truth.TOO_MUCH else lines


def _line(line: Line, persons: int, rng: np.random.Generator) -> tuple[Line, dict[str, int]]:
    """Return a line with its numbers in a voivodeship; shares in thousandths."""
    shares = [share + int(rng.integers(-4, 5)) * 10 if share else 0 for share in line.shares]
    return line, {
        "quantity": persons * (line.reach + int(rng.integers(-30, 31))) // 1000,
        "proxy_value": line.price * int(rng.integers(90, 111)) // 1000 * 10,
        "duration_years": line.years,
        **dict(zip(SHARES, shares, strict=True)),
    }


def _as_measured(teryt: str, lines: list[tuple[Line, dict[str, int]]]) -> list[tuple[Line, dict[str, int]]]:
    """Return the lines with one number of persons, and one deadweight, for all that count those in work."""
    (first, work), *_ = lines
    anyway = _TOO_FEW_ANYWAY if teryt == truth.ABOVE else work["deadweight"]
    same = {"quantity": work["quantity"], "deadweight": anyway}
    return [
        (line, numbers | same if line.indicator == first.indicator or line is _TWICE else numbers)
        for line, numbers in lines
    ]


def _present_value(numbers: dict[str, int]) -> int:
    value = numbers["quantity"] * numbers["proxy_value"]
    for name in ("deadweight", "displacement", "attribution"):
        value = value * (1000 - numbers[name]) // 1000
    total = 0
    for year in range(1, numbers["duration_years"] + 1):
        total += value * 1000**year // _DISCOUNT**year
        value = value * (1000 - numbers["drop_off"]) // 1000
    return total


def _map_row(
    teryt: str, place: int, line: Line, numbers: dict[str, int], rng: np.random.Generator
) -> tuple[object, ...]:
    years = _TOO_LONG.get(line.outcome) if teryt == truth.TOO_MUCH else None
    if years:
        numbers = {**numbers, "duration_years": years[0]}
    told: dict[str, object] = {name: _shown(name, numbers[name]) for name in ASSUMPTIONS}
    for name in ("quantity", "proxy_value", "deadweight", "attribution"):
        part = int(rng.integers(10, 31))
        told[f"{name}_low"] = _shown(name, numbers[name] * (100 - part) // 100)
        told[f"{name}_high"] = _shown(name, numbers[name] * (100 + part) // 100)
    source = truth.EXAMPLE
    if teryt == truth.NO_DEADWEIGHT and place == 2:
        told |= dict.fromkeys(("deadweight", "deadweight_low", "deadweight_high"), "")
    if teryt == truth.NO_DEADWEIGHT and place == 3:
        source = ""
    told |= {
        "teryt": teryt, "line": f"{place}", "stakeholder": line.stakeholder, "outcome": line.outcome,
        "outcome_key": line.key, "indicator": line.indicator, "distribution": DISTRIBUTIONS[place % len(DISTRIBUTIONS)],
        "currency": "PLN", "price_year": truth.PRICE_YEAR, "proxy": line.proxy, "proxy_source": source,
        "evidence": _evidence(line, teryt), "evidence_years": years[1] if years else line.evidence_years,
    }  # fmt: skip
    return tuple(told.get(name, "") for name in MAP_COLUMNS)


def _evidence(line: Line, teryt: str) -> str:
    enough = truth.SIZES[teryt][0] >= truth.MANY or teryt == truth.TOO_MUCH
    return line.evidence if enough or line.evidence != "measured" else "expert"


def _cost_rows(teryt: str, total: int, persons: int, rng: np.random.Generator) -> list[tuple[object, ...]]:
    years, payers = np.array([[23, 25, 25, 27]]), np.array([list(PAYERS.values())])
    spent = split(np.array([total // 100]), years + rng.integers(-2, 3, size=years.shape))[0]
    served = split(np.array([persons]), years)[0]
    parts = split(spent, np.repeat(payers, len(years[0]), axis=0))
    # Payers of one year pay together for the same persons.
    return [
        (teryt, year, payer, 100 * int(parts[row, column]), int(served[row]))
        for row, year in enumerate(truth.COST_YEARS)
        for column, payer in enumerate(PAYERS)
    ]


def _inaction_rows(teryt: str, persons: int, count: int, rng: np.random.Generator) -> list[tuple[object, ...]]:
    return [
        (teryt, item, payer, persons * (reach + int(skewed(0, 40, 1, rng)[0])) // 1000,
         price * int(rng.integers(92, 109)) // 100, years, _decimal(removed + 10 * int(rng.integers(-3, 4)), 3),
         truth.PRICE_YEAR, truth.EXAMPLE)
        for item, payer, reach, price, years, removed in ITEMS[:count]
    ]  # fmt: skip


def _shown(name: str, number: int) -> str:
    return _decimal(number, 3) if name in SHARES else str(number)


def _decimal(number: int, digits: int) -> str:
    """Return units of the last digit as text with a decimal point."""
    return f"{number // 10**digits}.{number % 10**digits:0{digits}}"
