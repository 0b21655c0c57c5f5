"""Drawings of the social economy: everything named is there, labels keep apart, shares fill their bars."""

from __future__ import annotations

import re
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ropsanalysis.present import funnels, stacks, theme, tracks

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def funnel(units: list[funnels.Unit]) -> str:
    limits = [
        funnels.Limits(n, 70.0, (70 - 90 / n**0.5, 70 + 90 / n**0.5), (70 - 140 / n**0.5, 70 + 140 / n**0.5))
        for n in (10, 30, 100, 300)
    ]
    return funnels.funnel(
        units, limits, key="funnel", across="miejsca pracy", up="% trwałych",
        names=("własne", "pozostałe", "95%", "99,8%"),
    )  # fmt: skip


def test_a_funnel_names_its_own_units_and_leaves_the_others_unnamed() -> None:
    svg = funnel([funnels.Unit(50, 64, "A", own=True), funnels.Unit(90, 90, "B", own=False)])
    assert "A" in texts(svg)
    assert "B" not in texts(svg)
    assert {"miejsca pracy", "% trwałych", "własne", "pozostałe", "95%", "99,8%"} <= set(texts(svg))
    assert svg.count(theme.REGION) >= 2


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(12, 290), st.integers(0, 100)), min_size=2, max_size=6, unique=True))
def test_labels_of_own_units_lie_inside_the_drawing_and_apart(points: list[tuple[int, int]]) -> None:
    units = [funnels.Unit(base, value, chr(65 + i), own=True) for i, (base, value) in enumerate(points)]
    root = etree.fromstring(funnel(units).encode())
    width, height = map(float, root.get("viewBox").split()[2:])
    found = []
    for element in root.iter(f"{SVG}text"):
        if "".join(element.itertext()) in {unit.label for unit in units}:
            moved = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", element.get("transform", ""))
            place = moved.groups() if moved else (element.get("x"), element.get("y"))
            found.append([float(value) for value in place])
    assert len(found) == len(units)
    places = np.array(found)
    assert ((places > 0) & (places < (width, height))).all()
    apart = np.abs(places[:, None] - places[None]) + 99 * np.eye(len(units))[:, :, None]
    assert ((apart[..., 0] > 6) | (apart[..., 1] > 6)).all()


PARTS = [stacks.Part("sprzedaż", "#f6c89b"), stacks.Part("dotacje", "#6aaed6"), stacks.Part("inne", "#d9dde2")]


def test_a_bar_is_as_long_as_its_parts_and_small_parts_carry_no_number() -> None:
    svg = stacks.stacked([stacks.Stack("województwo", (60.0, 37.0, 3.0), own=True)], PARTS, key="s")
    assert {"60", "37"} <= set(texts(svg))
    assert "3" not in texts(svg)
    assert {"sprzedaż", "dotacje", "inne", "województwo"} <= set(texts(svg))


def test_a_hidden_structure_says_so_and_shows_no_part() -> None:
    shown = stacks.stacked([stacks.Stack("ZAZ", (60.0, 40.0, 0.0))], PARTS, key="s")
    hidden = stacks.stacked([stacks.Stack("ZAZ", (), instead="ukryto")], PARTS, key="s")
    assert "ukryto" in texts(hidden)
    assert hidden.count(PARTS[0].colour) == 1  # only the key
    assert shown.count(PARTS[0].colour) == 2


@pytest.mark.parametrize("latest", [-500.0, -20.0, 55.0, 100.0, 900.0])
def test_a_track_keeps_every_mark_inside_and_says_its_verdict(latest: float) -> None:
    rows = [
        tracks.Track("Cel pierwszy", latest, 40.0, 60.0, 120.0, "na dobrej drodze"),
        tracks.Track("Cel drugi", latest, nan, nan, nan, "nie można ocenić"),
    ]
    svg = tracks.tracks(rows, key="t", names=("ostatnia wartość", "równe tempo", "prognoza"))
    assert {"Cel pierwszy", "Cel drugi", "na dobrej drodze", "nie można ocenić"} <= set(texts(svg))
    assert "nan" not in svg.lower()
    assert tracks._FIRST < tracks._inside(latest, tracks._FIRST) < tracks._LAST
