"""Maps: every voivodeship is there, in the drawing and in words, with its value or with the reason it has none."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from matplotlib.path import Path as Outline

from ropsanalysis.io import boundaries
from ropsanalysis.present import maps, theme
from ropsanalysis.regions import REGIONS
from support import shared_data

NAN = float("nan")
VALUES = {region.teryt: 10.0 + index for index, region in enumerate(REGIONS)}


def texts(svg: str) -> list[str]:
    root = etree.fromstring(svg.encode())
    return ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]


def draw(values: dict[str, float], **kwargs: object) -> str:
    return maps.draw(values, key="map", teryt="28", digits=1, unit="osoby na 10 tys. ludności", **kwargs)


def true_shapes() -> maps.Shapes:
    return boundaries.read(shared_data("boundaries") / "poland.voivodeships.json")


# Quintiles of 10, 11, …, 25 by linear interpolation (numpy's default): 10, 13, 16, 19, 22, 25.
def test_classes_are_quintiles() -> None:
    classes = maps.Classes.of(list(VALUES.values()))
    assert classes.edges == (10, 13, 16, 19, 22, 25)
    assert [classes.index(v) for v in (10, 12.9, 13, 21.9, 22, 25)] == [0, 0, 1, 3, 4, 4]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=16))
def test_every_value_has_one_of_five_classes_and_order_is_kept(values: list[float]) -> None:
    classes = maps.Classes.of(values)
    found = [classes.index(value) for value in sorted(values)]
    assert found == sorted(found)
    assert set(found) <= set(range(5))


def test_missing_values_do_not_move_the_classes() -> None:
    values = list(VALUES.values())
    assert maps.Classes.of([*values, NAN, NAN]) == maps.Classes.of(values)


def test_words_name_every_voivodeship_once_and_poland() -> None:
    text = maps.in_words(VALUES, digits=1, poland=17.3)
    for region in REGIONS:
        assert len(re.findall(rf"(?<![\w-]){re.escape(region.name)} {VALUES[region.teryt]:.0f},0", text)) == 1
    assert text.endswith("Polska: 17,3.")
    assert len(re.findall(r"Klasa \d", text)) == 5


def test_words_say_where_there_is_no_value_and_never_zero() -> None:
    text = maps.in_words({**VALUES, "02": NAN}, digits=1, poland=None)
    assert "Brak danych: dolnośląskie." in text
    assert "Polska" not in text
    assert "dolnośląskie 0" not in text


def test_words_name_a_voivodeship_that_the_figures_lack_altogether() -> None:
    text = maps.in_words({k: v for k, v in VALUES.items() if k != "32"}, digits=1, poland=NAN)
    assert "Brak danych: zachodniopomorskie." in text


@pytest.mark.parametrize("kind", ["tiles", "outlines"])
def test_a_map_shows_all_sixteen_with_their_values(kind: str) -> None:
    shown = texts(draw(VALUES, shapes=true_shapes() if kind == "outlines" else None))
    for region in REGIONS:
        assert region.abbreviation in " ".join(shown)
        assert f"{VALUES[region.teryt]:.0f},0" in " ".join(shown)


@pytest.mark.parametrize("kind", ["tiles", "outlines"])
def test_the_own_region_is_outlined_in_its_colour_once(kind: str) -> None:
    svg = draw(VALUES, shapes=true_shapes() if kind == "outlines" else None)
    assert len(re.findall(f"stroke:{theme.REGION}", svg)) == 1


def test_a_missing_value_is_a_dash_in_the_colour_of_no_data() -> None:
    svg = draw({**VALUES, "02": NAN})
    assert "–" in texts(svg)
    assert "brak danych" in texts(svg)
    assert svg.count(theme.NO_DATA) == 2  # the tile and the legend
    assert theme.NO_DATA not in draw(VALUES)


def test_a_map_that_lacks_an_outline_is_one_of_tiles() -> None:
    some = {region.teryt: [np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 0.0]])] for region in REGIONS[1:]}
    assert draw(VALUES, shapes=some) == draw(VALUES)


def test_equal_values_make_a_map_and_words_all_the_same() -> None:
    equal = dict.fromkeys(VALUES, 5.0)
    assert "małopolskie 5,0" in maps.in_words(equal, digits=1, poland=5.0)
    assert draw(equal).startswith("<svg ")


def test_the_figures_are_left_as_they_were() -> None:
    before = {**VALUES, "02": NAN}
    given_values = dict(before)
    draw(given_values)
    assert repr(given_values) == repr(before)


@pytest.mark.parametrize("teryt", ["12", "14", "24"])
def test_values_of_powiats_stand_inside_them_and_apart(teryt: str) -> None:
    shapes = boundaries.read_powiats(shared_data("boundaries") / "poland.counties.json", teryt)
    points = maps._label_points(shapes)
    assert len(points) > 0.6 * len(shapes)
    for code, point in points.items():
        holders = [
            other for other in shapes if sum(Outline(r, closed=True).contains_point(point) for r in shapes[other]) % 2
        ]
        assert holders == [code]  # not in the city that a powiat surrounds
    values = {code: float(index) for index, code in enumerate(shapes)}
    drawn = texts(maps.draw_units(values, key="k", digits=1, unit="podmioty", shapes=shapes))
    labels = [f"{values[code]:.1f}".replace(".", ",") for code in points]
    assert sorted(set(labels) & set(drawn)) == sorted(labels)
