"""Drawings of the training needs: everything named is there, nothing covers anything, nothing hidden gets a number."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ropsanalysis.present import curves, heatmap, quadrants, rankings, slopes, theme

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def places(svg: str, wanted: set[str]) -> np.ndarray:
    """Return the positions of the given texts, shape (n, 2)."""
    found = [e for e in etree.fromstring(svg.encode()).iter(f"{SVG}text") if "".join(e.itertext()) in wanted]
    turned = [re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", e.get("transform", "")) for e in found]
    return np.array(
        [
            (float(m.group(1)), float(m.group(2))) if m else (float(e.get("x")), float(e.get("y")))
            for e, m in zip(found, turned, strict=True)
        ]
    )


def heat(values: list[list[float]], columns: list[str]) -> str:
    return heatmap.heatmap(
        values, rows=[f"wiersz {i}" for i in range(len(values))], columns=columns, edges=(20, 40, 60, 80),
        classes=("a", "b", "c", "d", "e"), key="heat",
    )  # fmt: skip


def spots(points: list[tuple[float, float]]) -> list[quadrants.Spot]:
    return [quadrants.Spot(900 + i, f"rzecz {i}", x, y, marked=i == 0) for i, (x, y) in enumerate(points)]


FIELDS = quadrants.Fields(3.0, 4.0, ("ważne, słabe", "ważne, dobre", "nieważne, słabe", "nieważne, dobre"))


def test_a_field_without_a_number_is_crossed_and_says_nothing() -> None:
    shown = heat([[10.0, 55.0], [80.0, 99.0]], ["A", "B"])
    hidden = heat([[10.0, float("nan")], [80.0, 99.0]], ["A", "B"])
    assert "55" in texts(shown)
    assert "55" not in texts(hidden)
    assert "ukryto" in texts(hidden)
    assert "ukryto" not in texts(shown)  # a key to something that is not there would only puzzle
    assert theme.NO_DATA in hidden


def test_a_value_on_a_bound_belongs_to_the_upper_class() -> None:
    # Classes "20–39%", "40–59%": 40 is the first value of the second.
    assert theme.CLASSES[2] in heat([[40.0]], ["A"]).split("fill:", 1)[1]
    one = heat([[40.0]], ["A"])
    other = heat([[39.0]], ["A"])
    assert one.count(theme.CLASSES[2]) == 2  # the key and the field
    assert other.count(theme.CLASSES[2]) == 1  # the key alone


def test_long_headings_are_turned_and_whole() -> None:
    columns = ["OPS/MOPS", *(f"Wsparcie rodziny i piecza {i}" for i in range(12))]
    svg = heat([[50.0] * 13], columns)
    assert "rotate(-90" in svg
    words = " ".join(texts(svg))
    assert all(word in words for name in columns for word in name.split())


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 5), st.floats(1, 5)), min_size=2, max_size=20))
def test_numbers_of_the_quadrants_do_not_cover_one_another(points: list[tuple[float, float]]) -> None:
    apart = list({(round(x, 1), round(y, 1)) for x, y in points})
    svg = quadrants.quadrants(spots(apart), fields=FIELDS, key="q", across="x", up="y")
    numbers = {str(900 + i) for i in range(len(apart))}
    at = places(svg, numbers)
    on_plot = at[at[:, 0] < 300]  # right of it stands the list of names
    assert len(on_plot) == len(apart)
    distance = np.abs(on_plot[:, None] - on_plot[None]) + np.eye(len(apart))[..., None] * 99
    crowded = (distance < 7).all(axis=2)
    assert len(apart) > 12 or not crowded.any()  # of twenty points in one heap some numbers must touch


def test_every_quadrant_and_every_thing_is_named() -> None:
    svg = quadrants.quadrants(
        spots([(2, 3), (4, 5), (3, 4)]), fields=FIELDS, key="q", across="opanowanie", up="ważność"
    )
    found = " ".join(texts(svg))
    assert all(f"rzecz {i}" in found for i in range(3))
    assert all(word in found for name in FIELDS.names for word in name.split())


@given(st.permutations(range(1, 9)))
@settings(max_examples=5, deadline=None)
def test_both_orders_list_everything_once(order: list[int]) -> None:
    things = [slopes.Slope(f"temat {i}", left, i, i <= 3) for i, left in enumerate(order, start=1)]
    found = texts(slopes.slopes(things, key="s", left="Życzenia", right="Potrzeby"))
    assert sorted(t for t in found if "temat" in t) == sorted(
        [f"temat {t.right} {t.left}." for t in things] + [f"{t.right}. temat {t.right}" for t in things]
    )


def test_a_ranking_shows_notes_headings_and_a_reference_only_where_there_is_one() -> None:
    rows = [rankings.Row("Formy"), rankings.Row("zdalnie", 40, 30, 50, note="40%")]
    plain = rankings.ranking(rows, key="r", label="%", region="woj. x", interval="przedział 95%")
    both = rankings.ranking(
        [rankings.Row("a", 1, 0, 2, reference=1.5)], key="r", label="MWDS", region="woj. x", reference="Polska",
        interval="przedział 95%",
    )  # fmt: skip
    assert {"Formy", "zdalnie", "40%"} <= set(texts(plain))
    assert "Polska" not in texts(plain)
    assert "Polska" in texts(both)


@pytest.mark.parametrize("own", [None, curves.Bought(600, 40)])
def test_a_curve_labels_each_point_once(own: curves.Bought | None) -> None:
    points = [curves.Bought(300, 25), curves.Bought(600, 40), curves.Bought(900, 50)]
    found = texts(curves.curve(points, own=own, key="c", across="tys. zł", up="%", name="budżet"))
    assert [found.count(f"{n},0%") for n in (25, 40, 50)] == [1, 1, 1]
    assert ("budżet" in found) == (own is not None)
