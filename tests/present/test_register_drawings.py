"""Drawings of registers: bars, columns, a waterfall and survival curves name and place what they are given."""

from __future__ import annotations

import re
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ropsanalysis.definitions import Choice
from ropsanalysis.present import bars, multiples, origin, polish, steps, theme, waterfall
from ropsanalysis.present.blocks import cell_text

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def test_ranked_bars_name_every_unit_and_say_where_a_value_is_missing() -> None:
    marks = [bars.Mark("woj. x", 8.9, "region"), bars.Mark("Polska", 10.0, "poland")]
    svg = bars.ranked(
        [bars.Bar("miński", 11.8), bars.Bar("Ostrołęka", nan)], key="b", label="na 10 tys.", digits=1, marks=marks
    )
    assert {"miński", "Ostrołęka", "11,8", "brak danych", "woj. x: 8,9", "Polska: 10,0"} <= set(texts(svg))
    assert theme.REGION in svg
    assert "Polska" not in " ".join(texts(bars.ranked([bars.Bar("a", 1)], key="b", label="x", digits=0)))


@pytest.mark.parametrize("values", [[0.0, 0.0], [5.0, nan, 71.0], [3.0]])
def test_columns_print_each_value(values: list[float]) -> None:
    svg = bars.columns([bars.Bar(f"kw. {i}", value) for i, value in enumerate(values)], key="c", up="podmioty")
    found = texts(svg)
    assert {"podmioty", *(f"kw. {i}" for i in range(len(values)))} <= set(found)
    assert all(polish.number(value) in found for value in values)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5000), st.lists(st.integers(-300, 400), min_size=1, max_size=4))
def test_a_waterfall_ends_at_opening_plus_changes(opening: int, changes: list[int]) -> None:
    given_steps = [waterfall.Step(f"zmiana {i}", change) for i, change in enumerate(changes)]
    found = texts(waterfall.waterfall(opening, given_steps, key="w", first="początek", last="koniec"))
    assert {polish.number(opening), polish.number(opening + sum(changes)), "początek", "koniec"} <= set(found)
    assert all(polish.signed(change) in found for change in changes)


def test_what_went_is_drawn_hollow() -> None:
    came = waterfall.waterfall(10, [waterfall.Step("a", 3)], key="w", first="x", last="y")
    went = waterfall.waterfall(10, [waterfall.Step("a", -3)], key="w", first="x", last="y")
    assert f"fill:{theme.PEER}" in came
    assert f"fill:{theme.PEER}" not in went


def curve(*, band: bool) -> steps.Curve:
    years, shares = (0.0, 0.5, 1.0, 2.0), (100.0, 90.0, 90.0, 70.0)
    ends = (tuple(s - 5 for s in shares), tuple(min(s + 5, 100) for s in shares)) if band else ((), ())
    return steps.Curve(years, shares, *ends)


def test_survival_curves_stay_level_until_they_fall() -> None:
    drawn = steps.survival(
        [steps.Panel("Spółdzielnie", curve(band=False))], key="s", region="woj. x", unit="%", interval="przedział 95%"
    )
    paths = [e for e in etree.fromstring(drawn.encode()).iter(f"{SVG}path") if theme.REGION in e.get("style", "")]
    numbers = [[float(n) for n in re.findall(r"-?\d*\.?\d+", e.get("d").split("l", 1)[1])] for e in paths]
    line = max(numbers, key=max)  # the others belong to the key, which is short
    moves = list(zip(line[::2], line[1::2], strict=True))
    assert all(across == 0 or down == 0 for across, down in moves)  # steps, never slopes
    assert sum(down != 0 for _, down in moves) == 2  # it falls at 0.5 and at 2 years, not at 1
    assert "70" in texts(drawn)


def test_poland_and_the_band_are_named_only_where_they_are_drawn() -> None:
    alone = steps.Panel("Spółdzielnie", curve(band=True))
    both = steps.Panel("Spółdzielnie", curve(band=True), curve(band=False))
    named = [
        texts(steps.survival([panel], key="s", region="woj. x", unit="%", interval="przedział 95%"))
        for panel in (alone, both)
    ]
    assert ["Polska" in found for found in named] == [False, True]
    assert all("przedział 95%" in found and "Spółdzielnie" in found for found in named)


def test_trajectories_name_only_the_lines_they_have() -> None:
    line = multiples.Line("x", "region", (2020, 2021), (1.0, 2.0))
    found = texts(multiples.trajectories([multiples.Panel("CIS", "podmioty", 0, (line,))], key="t", region="woj. x"))
    assert "woj. x" in found
    assert not {"Polska", "województwa podobne", "pozostałe województwa"} & set(found)


@pytest.mark.parametrize(("value", "printed"), [(0.998, "0,998"), (0.95, "0,95"), (0.1, "0,10"), (8.0, "8")])
def test_a_choice_is_printed_with_all_its_decimals(value: float, printed: str) -> None:
    assert cell_text(origin.choice_value(Choice("x", value, "", ""))) == printed
