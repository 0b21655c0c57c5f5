"""Spells beside what counting day by day tells: the status, known exits, units, gaps in the inhabitants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_registers import make_inputs, make_population, make_spells, make_status, make_units, shuffled, spell

from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import (
    Population,
    Spells,
    covers_poland,
    day_of,
    exits_known,
    movement,
    rows_of,
    units_of,
    with_status,
)

UNITS = make_units(("14", "26"))


def moves(*rows: dict[str, Any], status: tuple[tuple[str, str, str | None], ...] = ()) -> tuple[Inputs, Spells]:
    inputs = make_inputs(units=UNITS, spells=make_spells(rows), status=make_status(status))
    return inputs, Spells.of(inputs)


def one_period(inputs: Inputs, spells: Spells, level: str, first: str, last: str) -> dict[str, list[int]]:
    found = movement(
        spells,
        rows_of(spells, units_of(inputs, spells, level), by_form=False),
        first=[day_of(pd.Timestamp(first))],
        last=[day_of(pd.Timestamp(last))],
    )
    return {name: getattr(found, name)[:, 0].tolist() for name in ("founded", "arrived", "closed", "left", "closing")}


def test_spells_do_not_depend_on_the_order_of_rows() -> None:
    rows = (
        spell("a", teryt="140101", start="2015-01-01", end="2020-01-01"),
        spell("a", teryt="260101", start="2020-01-01", end="2020-01-01"),  # two stays of no length on one day
        spell("a", teryt="140201", start="2020-01-01", end="2020-01-01"),
        spell("a", teryt="140102", start="2020-01-01"),
        spell("b", start="2016-01-01"),
    )
    inputs, spells = moves(*rows)
    expected = one_period(inputs, spells, "gmina", "2020-01-01", "2020-01-01")
    assert spells.continues.sum() == 3
    for seed in range(5):
        other = shuffled(inputs, seed=seed)
        assert one_period(other, Spells.of(other), "gmina", "2020-01-01", "2020-01-01") == expected


def test_the_status_holds_only_while_the_entity_does() -> None:
    inputs, spells = moves(
        spell("a", start="2015-01-01", end="2024-03-01"),  # changes its form, keeps the status, closes with it
        spell("a", "cis", start="2024-03-01", end="2025-02-01"),
        spell("b", start="2023-06-01"),  # registered later than it got the status
        spell("c", start="2015-01-01"),
        status=(("a", "2023-01-01", None), ("b", "2023-01-01", None), ("c", "2024-01-01", "2024-07-01")),
    )
    found = with_status(inputs, spells)
    table = inputs.spells.iloc[found.row]
    told = list(zip(table["entity"], table["legal_form"], found.first, found.last, strict=True))
    days = {text: day_of(pd.Timestamp(text)) for text in ("2023-01-01", "2024-03-01", "2025-02-01", "2024-07-01")}
    assert told[:2] == [
        ("a", "ngo", days["2023-01-01"], days["2024-03-01"]),
        ("a", "cis", days["2024-03-01"], days["2025-02-01"]),
    ]
    assert told[2][:3] == ("b", "ngo", day_of(pd.Timestamp("2023-06-01")))
    assert told[3] == ("c", "ngo", day_of(pd.Timestamp("2024-01-01")), days["2024-07-01"])
    assert found.continues.tolist() == [False, True, False, False]
    assert found.goes_on.tolist() == [True, False, False, False]


def test_a_status_without_an_entity_on_any_of_its_days_counts_for_nothing() -> None:
    inputs, spells = moves(spell("a", start="2015-01-01", end="2023-01-01"), status=(("a", "2023-01-01", None),))
    assert with_status(inputs, spells).row.size == 0


def test_exits_are_known_where_all_registers_keep_them_and_from_the_day_they_would_show_them() -> None:
    inputs, spells = moves(
        spell("a", "cis", "140101"),
        spell("b", "ngo", "140101", closures_known=False),
        spell("c", "cis", "260101", observed_from="2020-01-01"),
    )
    first = [day_of(pd.Timestamp(day)) for day in ("2019-12-31", "2020-01-01")]
    whole = rows_of(spells, units_of(inputs, spells, "voivodeship"), by_form=False)
    assert exits_known(spells, whole, first).tolist() == [[False, False], [False, True]]
    by_form = rows_of(spells, units_of(inputs, spells, "voivodeship"), by_form=True)
    cis = by_form.form.index("cis")
    assert exits_known(spells, by_form, first)[cis].tolist() == [True, True]


def test_poland_is_counted_only_with_all_voivodeships() -> None:
    codes = sorted({f"{number:02d}" for number in range(2, 33, 2)})
    units = make_units(codes, powiats=1, gminas=1)
    everywhere = [spell(f"e{code}", teryt=f"{code}0101") for code in codes]
    assert covers_poland(Spells.of(make_inputs(units=units, spells=make_spells(everywhere))))
    assert not covers_poland(Spells.of(make_inputs(units=units, spells=make_spells(everywhere[1:]))))


def test_units_are_those_of_voivodeships_with_entities() -> None:
    inputs, spells = moves(spell("a", teryt="260101"))
    assert units_of(inputs, spells, "powiat").teryt == ("2601", "2602")


class TestPopulation:
    @pytest.mark.parametrize(
        ("missing", "known", "unknown"),
        [
            # A gmina split off later was part of its neighbour: its powiat is known without it.
            (["140102"], ["1401", "14", "00"], ["140102"]),
            # A powiat nobody counted: what holds it is not known.
            (["140101", "140102"], ["1402", "26"], ["1401", "14", "00"]),
        ],
    )
    def test_gaps(self, missing: list[str], known: list[str], unknown: list[str]) -> None:
        table = make_population(UNITS, (2020,))
        people = Population(make_inputs(units=UNITS, population=table[~table["teryt"].isin(missing)]))
        assert not any(np.isnan(people.of((code,), [2020])).any() for code in known)
        assert all(np.isnan(people.of((code,), [2020])).all() for code in unknown)

    def test_nothing_is_known_without_a_table_or_of_a_unit_that_there_is_not(self) -> None:
        empty = Population(make_inputs(units=UNITS, population=make_population(UNITS, ())))
        assert np.isnan(empty.of(("14", "140101", "00"), [2020])).all()
        people = Population(make_inputs(units=UNITS))
        assert np.isnan(people.of(("99",), [2020])).all()
