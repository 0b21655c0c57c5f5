"""Stock and flow against counting day by day, for every unit and legal form; inhabitants of units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_registers import make_inputs, make_population, make_spells, make_status, make_units, shuffled, spell

from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import Movement, Population, Rows, Spells, movement, rows_of, units_of

START = np.datetime64("2024-01-01", "D")
DAYS = 24
UNITS = make_units()
GMINAS = ("140101", "140102", "140201", "260101")
FORMS = ("ngo", "cis", "kgw")
WIDTH = {"country": 0, "voivodeship": 2, "powiat": 4}
NAMES = ("opening", "founded", "arrived", "closed", "left", "closing")

Place = tuple[str, str] | None
"""Gmina and legal form of an entity on a day; None where it is not there."""


def iso(day: int) -> str:
    return str(START + day)


def number(day: int) -> int:
    return int((START + day).astype(np.int64))


@st.composite
def histories(draw: st.DrawFn) -> list[list[Place]]:
    """Draw where each of some entities is on each day: it comes, moves, changes its form, goes and may come back."""
    place = st.none() | st.tuples(st.sampled_from(GMINAS), st.sampled_from(FORMS))
    found = []
    for _ in range(draw(st.integers(1, 6))):
        turns = sorted(draw(st.sets(st.integers(1, DAYS - 1), max_size=5)))
        days: list[Place] = []
        for begin, end in zip([0, *turns], [*turns, DAYS], strict=True):
            days.extend([draw(place)] * (end - begin))
        found.append(days)
    return found


def as_spells(entities: list[list[Place]]) -> pd.DataFrame:
    """Return histories as spells; what lasts on the last day has not ended."""
    rows = []
    for number_of, days in enumerate(entities):
        day = 0
        while day < DAYS:
            end = day + 1
            while end < DAYS and days[end] == days[day]:
                end += 1
            if (place := days[day]) is not None:
                over = iso(end) if end < DAYS else None
                rows.append(spell(f"e{number_of}", place[1], place[0], iso(day), over))
            day = end
    return make_spells(rows)


def counted_by_days(
    entities: list[list[Place]], inside: Callable[[Place], bool], first: int, last: int
) -> dict[str, int]:
    """Count one row over one period by going through its days; on the eve of day 0 nobody is there."""
    counts = dict.fromkeys(NAMES, 0)
    for days in entities:
        at = [None, *days]  # at[d] is the state on the eve of day d
        counts["opening"] += inside(at[first])
        counts["closing"] += inside(at[last + 1])
        for before, after in zip(at[first : last + 1], at[first + 1 : last + 2], strict=True):
            if inside(before) == inside(after):
                continue
            if inside(after):
                counts["founded" if before is None else "arrived"] += 1
            else:
                counts["closed" if after is None else "left"] += 1
    return counts


def moved(inputs: Inputs, level: str, *, by_form: bool, periods: list[tuple[int, int]]) -> tuple[Rows, Movement]:
    spells = Spells.of(inputs)
    rows = rows_of(spells, units_of(inputs, spells, level), by_form=by_form)
    first, last = [number(first) for first, _ in periods], [number(last) for _, last in periods]
    return rows, movement(spells, rows, first=first, last=last)


@settings(max_examples=60)
@given(histories(), st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)), min_size=1, max_size=3))
def test_flows_are_those_of_counting_day_by_day(entities: list[list[Place]], drawn: list[tuple[int, int]]) -> None:
    periods = [(min(pair), max(pair)) for pair in drawn]
    spells = as_spells(entities)
    inputs = make_inputs(units=UNITS, spells=spells)
    for level, width in WIDTH.items():
        for by_form in (False, True):
            rows, found = moved(inputs, level, by_form=by_form, periods=periods)
            for row, (teryt, form) in enumerate(zip(rows.teryt, rows.form, strict=True)):

                def inside(place: Place, teryt: str = teryt, form: str = form, width: int = width) -> bool:
                    return place is not None and place[0][:width] == teryt[:width] and form in ("", place[1])

                for period, (first, last) in enumerate(periods):
                    own = {name: int(getattr(found, name)[row, period]) for name in NAMES}
                    assert own == counted_by_days(entities, inside, first, last), (level, teryt, form)


@settings(max_examples=40)
@given(histories(), st.integers(0, DAYS - 1), st.integers(0, DAYS - 1), st.integers(0, 3))
def test_the_balance_holds_with_entities_that_were_there_on_no_day(
    entities: list[list[Place]], one: int, other: int, gone: int
) -> None:
    spells = as_spells(entities)
    same_day = [spell(f"gone{k}", FORMS[k % 3], GMINAS[k], iso(5 + k), iso(5 + k)) for k in range(gone)]
    spells = pd.concat([spells, make_spells(same_day)], ignore_index=True)
    inputs = make_inputs(units=UNITS, spells=spells)
    for level in WIDTH:
        _, m = moved(inputs, level, by_form=True, periods=[(min(one, other), max(one, other))])
        assert (m.opening + m.founded + m.arrived - m.closed - m.left == m.closing).all()
        assert all((getattr(m, name) >= 0).all() for name in NAMES)


def test_a_move_is_an_event_only_for_the_units_it_crosses() -> None:
    # From gmina 140101 to 140201: other powiat, same voivodeship.
    spells = make_spells([spell("a", "ngo", "140101", iso(0), iso(10)), spell("a", "ngo", "140201", iso(10))])
    inputs = make_inputs(units=UNITS, spells=spells)
    rows, powiats = moved(inputs, "powiat", by_form=False, periods=[(5, 15)])
    by_powiat = dict(zip(rows.teryt, range(rows.size), strict=True))
    assert (powiats.left[by_powiat["1401"], 0], powiats.arrived[by_powiat["1402"], 0]) == (1, 1)
    assert powiats.founded.sum() == powiats.closed.sum() == 0
    _, regions = moved(inputs, "voivodeship", by_form=False, periods=[(5, 15)])
    assert regions.left.sum() == regions.arrived.sum() == 0


def test_a_change_of_form_is_an_event_only_for_the_forms() -> None:
    spells = make_spells([spell("a", "kis", start=iso(0), end=iso(10)), spell("a", "cis", start=iso(10))])
    inputs = make_inputs(units=UNITS, spells=spells)
    rows, by_form = moved(inputs, "voivodeship", by_form=True, periods=[(5, 15)])
    row = {pair: i for i, pair in enumerate(zip(rows.teryt, rows.form, strict=True))}
    assert (by_form.left[row["14", "kis"], 0], by_form.arrived[row["14", "cis"], 0]) == (1, 1)
    _, whole = moved(inputs, "voivodeship", by_form=False, periods=[(5, 15)])
    assert whole.left.sum() == whole.arrived.sum() == whole.founded.sum() == whole.closed.sum() == 0


def test_who_comes_back_after_a_gap_was_closed_and_is_founded_anew() -> None:
    spells = make_spells([spell("a", start=iso(0), end=iso(8)), spell("a", start=iso(9))])
    _, found = moved(make_inputs(units=UNITS, spells=spells), "country", by_form=False, periods=[(1, 20)])
    assert (found.closed[0, 0], found.founded[0, 0], found.opening[0, 0], found.closing[0, 0]) == (1, 1, 1, 1)


def test_an_entity_is_there_on_its_first_day_but_not_on_its_last() -> None:
    spells = make_spells([spell("a", start=iso(3), end=iso(6))])
    days = [(day, day) for day in range(2, 8)]
    _, found = moved(make_inputs(units=UNITS, spells=spells), "country", by_form=False, periods=days)
    assert found.closing[0].tolist() == [0, 1, 1, 1, 0, 0]
    assert (found.founded[0].tolist(), found.closed[0].tolist()) == ([0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0])


def test_the_order_of_rows_makes_no_difference() -> None:
    spells = make_spells(
        [
            spell("b", "ngo", "260101", iso(2), iso(9)),
            spell("a", "kis", "140101", iso(0), iso(4)),
            spell("a", "cis", "140201", iso(4), iso(12)),
            spell("c", "kgw", "140102", iso(1)),
        ]
    )
    inputs = make_inputs(units=UNITS, spells=spells, status=make_status([("c", iso(3), None)]))
    expected = moved(inputs, "powiat", by_form=True, periods=[(0, 6), (7, 23)])
    for seed in range(4):
        rows, found = moved(shuffled(inputs, seed=seed), "powiat", by_form=True, periods=[(0, 6), (7, 23)])
        assert rows.teryt == expected[0].teryt
        for name in NAMES:
            np.testing.assert_array_equal(getattr(found, name), getattr(expected[1], name))


# --- inhabitants --------------------------------------------------------------------------------------


def inhabitants(population: pd.DataFrame, teryt: tuple[str, ...], year: int) -> list[float]:
    """Return inhabitants of units of one level in a year."""
    people = Population(make_inputs(units=UNITS, spells=make_spells([spell("a")]), population=population))
    return np.asarray(people.of(teryt, [year]), dtype=np.float64).ravel().tolist()


def test_a_year_without_a_count_takes_the_one_before_and_never_a_later_one() -> None:
    early, late = make_population(UNITS, [2020], each=1000), make_population(UNITS, [2023], each=1200)
    population = pd.concat([early, late], ignore_index=True)
    # Four gminas in each voivodeship.
    assert inhabitants(population, ("14",), 2022) == [4000.0]
    assert inhabitants(population, ("14",), 2024) == [4800.0]
    assert np.isnan(inhabitants(population, ("14",), 2019)).all()


@pytest.mark.parametrize(("teryt", "expected"), [("140101", 10_000), ("1401", 20_000), ("14", 40_000), ("00", 80_000)])
def test_units_have_the_inhabitants_of_their_gminas(teryt: str, expected: int) -> None:
    assert inhabitants(make_population(UNITS), (teryt,), 2025) == [expected]


def test_poland_has_no_sum_where_a_voivodeship_has_no_inhabitants() -> None:
    population = make_population(UNITS)
    only = population[population["teryt"].str.startswith("14")].reset_index(drop=True)
    assert inhabitants(only, ("14",), 2025) == [40_000.0]
    assert np.isnan(inhabitants(only, ("26",), 2025)).all()
    assert np.isnan(inhabitants(only, ("00",), 2025)).all()
