"""The national summary repeats what the reports on the voivodeships print, adds it up, and tells nothing they hide.

Only finished files are read. First every number on a voivodeship is looked up in its own report; then every number on
all of them together is computed from printed numbers alone. What can be computed so tells nothing new; that the sums
give nothing away is tried by subtraction as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from report_data import CODES, POLAND
from report_edition import Edition, numbers, text_of

from ropsanalysis.cooperation.baskets import baskets
from ropsanalysis.cooperation.case_flow import case_flow
from ropsanalysis.cooperation.cases import voivodeships
from ropsanalysis.cooperation.coaching import coaching
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.io.cooperation import screen_cooperation
from ropsanalysis.io.project_monitoring import screen_project_monitoring
from ropsanalysis.present.blocks import Number
from ropsanalysis.project_monitoring.counting import count_persons
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.parts import parts_table
from ropsanalysis.project_monitoring.reasons import reasons_table
from ropsanalysis.regions import REGIONS, find

pytestmark = pytest.mark.slow

#: Rows of the reports' table of indicators, in its order.
SUPPORTED, QUALIFIED, PLANS = range(3)
TOGETHER = "Razem"
DASH = "–"
#: Shares are stored as percentages with six decimals.
STORED = 1e-6

Row = Sequence[Any]


@pytest.fixture(scope="module")
def summary(editions: dict[str, Edition]) -> Edition:
    return editions["national_summary"]


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rows_of(edition: Edition, teryt: str, key: str) -> dict[str, Row]:
    """Return the rows of a table by their first cell; numbers as such, unrounded, a word in place of one as text."""
    rows = edition.tables(teryt)[key]["rows"]
    found = {text_of(first): [plain(cell) for cell in cells] for first, *cells in rows}
    assert len(found) == len(rows), f"two rows of {key} have one name"
    return found


def plain(cell: str | Mapping[str, Any]) -> Any:
    return text_of(cell) if isinstance(cell, str) or cell["value"] is None else cell["value"]


def capital(teryt: str) -> str:
    name = find(teryt).name
    return name[0].upper() + name[1:]


def number(cell: Any) -> float:
    assert isinstance(cell, int | float), cell
    return float(cell)


class Own(NamedTuple):
    """What a voivodeship's own report prints of its project."""

    indicators: list[Row]
    money: Row
    forecast: Row
    actions: dict[str, Row]

    def plans(self) -> tuple[int, int]:
        counted, units = map(int, str(self.indicators[PLANS][1]).split(" z "))
        return counted, units


@pytest.fixture(scope="module")
def own(editions: dict[str, Edition]) -> dict[str, Own]:
    edition, found = editions["project_monitoring"], {}
    for code in CODES:
        names = [name for name, *_ in edition.tables(code)["indicators"]["rows"]]
        assert [name.split()[0] for name in names] == ["Pracownicy", "Pracownicy,", "Jednostki"]
        found[code] = Own(
            list(rows_of(edition, code, "indicators").values()),
            rows_of(edition, code, "earned_value")["Cały projekt"],
            rows_of(edition, code, "forecast")[TOGETHER],
            rows_of(edition, code, "actions"),
        )
        assert len(found[code].actions) == 16
    return found


def of(edition: Edition, key: str, name: str) -> Row:
    return rows_of(edition, POLAND, key)[name]


# ---- numbers on a voivodeship are those of its report ----------------------------------------------------


def test_every_table_of_the_summary_is_compared_here(summary: Edition) -> None:
    assert set(summary.tables(POLAND)) == {
        "indicators", "indicators_figure_data", "outlook", "money", "money_figure_data", "actions",
        "actions_figure_data", "headlines", "sources",
    }  # fmt: skip
    names = [*map(capital, CODES)]
    for key in ("indicators", "outlook", "money", "headlines"):
        assert [name for name in rows_of(summary, POLAND, key) if name != TOGETHER] == names
    for key in ("indicators_figure_data", "money_figure_data", "actions_figure_data"):
        assert sorted(rows_of(summary, POLAND, key)) == sorted(names)


def test_indicators_and_targets_are_those_of_the_voivodeship(summary: Edition, own: dict[str, Own], teryt: str) -> None:
    shown, mine = of(summary, "indicators", capital(teryt)), own[teryt]
    for place, indicator in ((0, SUPPORTED), (3, QUALIFIED)):
        value, _, target, *_ = mine.indicators[indicator]
        assert list(shown[place : place + 2]) == [value, target]
        assert shown[place + 2] == pytest.approx(100 * number(value) / number(target), abs=STORED)
    share, _, target, *_ = mine.indicators[PLANS]
    assert tuple(shown[6:8]) == mine.plans()
    assert list(shown[8:]) == [share, target]


def test_probabilities_and_forecasts_are_those_of_the_voivodeship(
    summary: Edition, own: dict[str, Own], teryt: str
) -> None:
    rows = own[teryt].indicators
    chances = [row[-1] for row in rows]
    assert list(of(summary, "outlook", capital(teryt))) == chances
    value, _, target, line, _, _, low, high, _ = rows[SUPPORTED]
    *drawn, chance = of(summary, "indicators_figure_data", capital(teryt))
    assert drawn == pytest.approx([100 * number(x) / number(target) for x in (value, line, low, high)], abs=STORED)
    assert chance == chances[SUPPORTED]


def test_money_is_that_of_the_voivodeship(summary: Edition, own: dict[str, Own], teryt: str) -> None:
    shown = of(summary, "money", capital(teryt))
    budget, planned, _, spent, cost, schedule = own[teryt].money
    _, forecast, _, _, unspent, _, _ = own[teryt].forecast
    thousands = [1000 * number(shown[place]) for place in (0, 1, 2, 6, 7)]  # the summary prints millions
    assert thousands == pytest.approx([number(x) for x in (budget, planned, spent, forecast, unspent)], rel=1e-12)
    assert list(shown[4:6]) == [cost, schedule]
    assert shown[3] == pytest.approx(100 * number(spent) / number(budget), abs=STORED)
    plan, share = of(summary, "money_figure_data", capital(teryt))
    assert (plan, share) == pytest.approx((100 * number(planned) / number(budget), number(shown[3])), abs=STORED)


def test_actions_are_those_of_the_voivodeship(summary: Edition, own: dict[str, Own], teryt: str) -> None:
    expected = [late if due else "nie planowano" for _, due, _, late, *_ in own[teryt].actions.values()]
    assert list(of(summary, "actions_figure_data", capital(teryt))) == expected


def test_headlines_are_those_of_the_reports(summary: Edition, editions: dict[str, Edition], teryt: str) -> None:
    place, span, mwds, competence, entities, effect, around, proof, rate, interval, ended = of(
        summary, "headlines", capital(teryt)
    )

    rank, low, high = rows_of(editions["regional_diagnosis"], teryt, "index_data")[find(teryt).name]
    assert (place, span) == (rank, f"{low:.0f}–{high:.0f}")

    needs = rows_of(editions["training_needs"], teryt, "needs_data")
    assert {name: row[0] for name, row in needs.items() if row[3] == 1}[competence] == mwds

    assert entities == rows_of(editions["social_economy"], teryt, "structure")[TOGETHER][2]

    claims = rows_of(editions["social_impact"], teryt, "evidence")
    found, low, high, unit, _, grade, _ = claims["Praca (uczestnicy)"]
    assert unit == "p.p."
    assert effect == (found if isinstance(found, str) else pytest.approx(found, abs=1e-9))
    assert around == (DASH if isinstance(low, str) else f"{signed(low)} do {signed(high)}")
    assert proof == DASH if grade == 0 else proof.endswith(f", {grade}")

    whole = rows_of(editions["cooperation"], teryt, "success_data")["Województwo razem"]
    assert rate == pytest.approx(whole[2], abs=1e-9)
    assert interval == f"{Number(whole[3]).text}–{Number(whole[4]).text}"
    assert ended == whole[1]


def signed(value: float) -> str:
    return Number(value, signed=True).text


def test_sentences_name_voivodeships_with_their_numbers(summary: Edition) -> None:
    chances = summary.tables(POLAND)["outlook"]["rows"]
    printed = {text_of(row[0]).casefold(): [text_of(cell) for cell in row[1:]] for row in chances}
    money = rows_of(summary, POLAND, "money")
    named = 0
    for sentence in sentences(summary):
        for region in REGIONS:
            if chance := re.search(rf"(?<![\w-]){region.name} ((?:mniej niż|ponad)?\s?\d+%)", sentence):
                column = [word in sentence for word in ("objętych wsparciem", "kwalifikacje", "planem")].index(True)
                assert chance[1] == printed[region.name][column], sentence
                named += 1
            elif spent := re.search(rf"województwo {region.name}: wydano ([\d,]+)%", sentence):
                shares = {name: number(row[2]) / number(row[1]) for name, row in money.items() if name != TOGETHER}
                assert min(shares, key=shares.__getitem__) == capital(region.teryt)
                assert spent[1] == Number(100 * min(shares.values()), digits=1).text
                named += 1
    assert named >= 3


def sentences(summary: Edition) -> Iterator[str]:
    for element in summary.document(POLAND)["elements"]:
        for one in element["items"] if element["kind"] == "points" else [element]:
            if element["kind"] in {"points", "statement"}:
                yield one["text"].replace("\u00a0", " ")


# ---- numbers on all of them come from printed numbers alone ----------------------------------------------


def test_sums_of_indicators_are_those_of_the_printed_numbers(summary: Edition, own: dict[str, Own]) -> None:
    shown = of(summary, "indicators", TOGETHER)
    for place, indicator in ((0, SUPPORTED), (3, QUALIFIED)):
        value, target = (sum(number(one.indicators[indicator][k]) for one in own.values()) for k in (0, 2))
        assert list(shown[place : place + 2]) == [value, target]
        assert shown[place + 2] == pytest.approx(100 * value / target, abs=STORED)
    counted, units = (sum(column) for column in zip(*(one.plans() for one in own.values()), strict=True))
    assert list(shown[6:8]) == [counted, units]
    assert shown[8] == pytest.approx(100 * counted / units, abs=STORED)
    assert shown[9] == DASH  # targets in percent are not added


def test_sums_of_money_are_those_of_the_printed_numbers(summary: Edition, own: dict[str, Own]) -> None:
    shown = of(summary, "money", TOGETHER)
    budget, planned, earned, spent = (sum(number(one.money[k]) for one in own.values()) for k in range(4))
    assert [1000 * number(x) for x in shown[:3]] == pytest.approx([budget, planned, spent], rel=1e-12)
    assert shown[3] == pytest.approx(100 * spent / budget, abs=STORED)
    assert list(shown[4:6]) == pytest.approx([earned / spent, earned / planned], rel=1e-12)
    assert list(shown[6:]) == [DASH, DASH]  # forecasts are not added


def test_sums_of_actions_are_those_of_the_printed_numbers(summary: Edition, own: dict[str, Own]) -> None:
    shown = list(rows_of(summary, POLAND, "actions").values())
    assert len(shown) == 16
    for action, row in enumerate(shown):
        mine = [list(one.actions.values())[action] for one in own.values()]
        due, done, late = (sum(number(one[k]) for one in mine) for k in (1, 2, 3))
        assert list(row) == [due, done, late, sum(one[3] > 0 for one in mine)]


def test_every_number_in_words_is_one_of_the_tables_or_counts_rows_of_them(summary: Edition) -> None:
    tables = {key: rows_of(summary, POLAND, key) for key in ("indicators", "outlook", "money", "actions")}
    rows = [row for table in summary.tables(POLAND).values() for row in table["rows"]]
    known = {text_of(cell).split("\u00a0mln")[0].strip("%") for row in rows for cell in row}
    due, late = (sum(number(row[k]) for row in tables["actions"].values()) for k in (0, 2))
    unsure = [
        sum(cell == "mniej niż 1%" or (not isinstance(cell, str) and cell < 50) for cell in column)
        for column in zip(*tables["outlook"].values(), strict=True)
    ]
    budget, planned, *_ = tables["money"].pop(TOGETHER)
    exceeding = sum(number(row[6]) > number(row[0]) for row in tables["money"].values())
    known |= {Number(value).text for value in (due, late, exceeding, *unsure, *range(1, 17))}
    known |= {Number(100 * planned / budget, digits=1).text, "1", "50"}  # "mniej niż 1%"; of a chance below one half
    known |= {Number(max(0, count - 4)).text for count in unsure}  # so many more than are named
    for sentence in sentences(summary):
        if "województwo" in sentence and "wydano" in sentence:
            continue  # of one voivodeship: compared above
        found = re.findall(r"\d+(?: \d{3})*(?:,\d+)?", re.sub(r"\d{4}–\d{4}", "", sentence))  # years aside
        assert [text for text in found if text.replace(" ", "\u00a0") not in known] == [], sentence


# ---- nothing hidden can be derived -----------------------------------------------------------------------

Key = tuple[str, ...]


class Hidden(NamedTuple):
    """Numbers of persons and cases by place (table, columns that name the row, column of the number).

    published: what the sixteen reports print, by voivodeship and place; secret: what they do not.
    """

    published: dict[str, dict[Key, float]]
    secret: dict[str, dict[Key, float]]


#: Columns that name a row, and columns with numbers of persons, cases or units of services.
PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "parts": (("dimension", "keys"), ("supported", "qualified")),
    "reasons": (("indicator", "rules"), ("number", "of")),
    "action_states": (("action",), ("persons",)),
    "case_flow": (("step",), ("cases",)),
    "baskets": (("sector",), ("cases", "planned", "delivered")),
    "coaching": (("kind",), ("workers", "meetings")),
}


@pytest.fixture(scope="module")
def hidden(summary: Edition) -> Hidden:
    """Compare the tables that the reports are made of with the same tables in which nothing is hidden."""
    data = summary.project / "data"
    paths = {path.stem: path for key in ("project_monitoring", "cooperation")
             for path in (data / "processed" / key).glob("*.parquet")}  # fmt: skip
    published = by_place({table: pd.read_parquet(paths[table]) for table in PLACES})
    everything = by_place(unprotected(data / "raw"))
    secret = {
        code: {place: value for place, value in everything[code].items() if place not in published[code]}
        for code in CODES
    }
    return Hidden(published, secret)


def unprotected(raw: Path) -> dict[str, pd.DataFrame]:
    projects, models = screen_project_monitoring(raw).inputs, screen_cooperation(raw).inputs
    assert projects is not None
    assert models is not None
    bare = MonitoringParameters(min_persons=1, min_count=1)
    counted = count_persons(projects.participants, projects.cards, parameters=bare)
    persons = {
        code: counted.supports_of(code).groupby("action", as_index=False).agg(persons=("person", "nunique"))
        for code in CODES
    }
    open_to_all, regions = CooperationParameters(min_cases=1, min_count=1), voivodeships(models)
    return {
        "parts": parts_table(projects, counted, parameters=bare),
        "reasons": reasons_table(projects, counted, parameters=bare),
        "action_states": pd.concat([table.assign(teryt=code) for code, table in persons.items()]),
        "case_flow": case_flow(regions, parameters=open_to_all),
        "baskets": baskets(models, regions, parameters=open_to_all),
        "coaching": coaching(models, regions, parameters=open_to_all),
    }


def by_place(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[Key, float]]:
    found: dict[str, dict[Key, float]] = {code: {} for code in CODES}
    for table, (names, columns) in PLACES.items():
        for row in tables[table].to_dict("records"):
            for column in columns:
                if not pd.isna(row[column]):
                    found[row["teryt"]][table, *(str(row[name]) for name in names), column] = float(row[column])
    return found


def national_numbers(document: Mapping[str, Any]) -> set[float]:
    """Return all numbers that the summary has of the country as a whole: its sums and its sentences."""
    found = {one.value for one in numbers({"elements": [e for e in document["elements"] if e["kind"] != "figure"]})}
    return {float(value) for value in found if value is not None}


def rest_of(hidden: Hidden, code: str, place: Key) -> float | None:
    """Return the sum of what the fifteen other reports print at a place; None where one of them does not."""
    others = [hidden.published[other].get(place) for other in CODES if other != code]
    known = [value for value in others if value is not None]
    return sum(known) if len(known) == len(others) else None


def derived(hidden: Hidden, told: set[float]) -> list[tuple[str, Key]]:
    """Return the hidden numbers that the summary's numbers give, less those of the fifteen other reports.

    A number of the summary and the difference of any two of them are tried.
    """
    reachable = {0.0, *told}
    reachable |= {a - b for a, b in combinations(sorted(told, reverse=True), 2)}
    return [
        (code, place)
        for code, places in hidden.secret.items()
        for place, value in places.items()
        if (rest := rest_of(hidden, code, place)) is not None and value + rest in reachable
    ]


def test_no_hidden_number_is_left_when_the_other_fifteen_are_taken_away(summary: Edition, hidden: Hidden) -> None:
    assert sum(map(len, hidden.secret.values())) > 100, "the demonstration hides a good many numbers"
    assert derived(hidden, national_numbers(summary.document(POLAND))) == []


def test_the_subtraction_finds_a_sum_with_a_hidden_part(summary: Edition, hidden: Hidden) -> None:
    lone = [
        (code, place, value + rest)
        for code, places in hidden.secret.items()
        for place, value in places.items()
        if (rest := rest_of(hidden, code, place)) is not None
    ]
    assert lone, "some number is hidden in one report alone"
    told = national_numbers(summary.document(POLAND))
    for code, place, total in lone:
        assert (code, place) in derived(hidden, {*told, total})
        assert (code, place) in derived(hidden, {*told, total + 1e6, 1e6})  # as the difference of two
