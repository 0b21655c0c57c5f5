"""Drawings of cooperation models: entities and names keep apart, stand twice in the same place, texts fit."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ropsanalysis.present import funnels, lettering, matrices, networks, theme
from ropsanalysis.stats.network import circle_layout

SVG = "{http://www.w3.org/2000/svg}"
#: Short names of the sectors as the catalogue has them, the longest of them included.
SECTORS = ("Pomoc społeczna", "Rodzina i piecza zastępcza", "Rynek pracy", "Edukacja", "Zdrowie", "Kultura i sport",
           "Sądownictwo", "Policja", "NGO i PES", "Urzędy samorządu", "Inne")  # fmt: skip
NAMES = ("było i jest", "nowe", "zanikłe", "animator")
sectors_of = st.lists(st.integers(0, len(SECTORS) - 1), min_size=2, max_size=28)


def network(sectors: list[int], ties: tuple[networks.Tie, ...] = ()) -> networks.Network:
    """Return a network whose first entity is the animator."""
    places = circle_layout(sectors, 0)
    nodes = tuple(
        networks.Node(k + 1, float(x), float(y), sector, animator=k == 0)
        for k, (sector, (x, y)) in enumerate(zip(sectors, places, strict=True))
    )
    return networks.Network("Gmina", ("przed", "po"), nodes, ties)


def drawn(svg: str) -> list[tuple[str, float, float]]:
    found = []
    for element in etree.fromstring(svg.encode()).iter(f"{SVG}text"):
        moved = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", element.get("transform", ""))
        x, y = moved.groups() if moved else (element.get("x"), element.get("y"))
        found.append(("".join(element.itertext()), float(x), float(y)))
    return found


@settings(max_examples=40, deadline=None)
@given(sectors_of)
def test_up_to_28_entities_have_room_whatever_their_sectors(sectors: list[int]) -> None:
    nodes = network(sectors).nodes
    assert networks.fits(nodes)
    places = networks.places(nodes)
    assert np.hypot(*places.T).max() <= networks.RADIUS + 1e-9
    for one, other in combinations(places, 2):
        assert np.hypot(*(one - other)) >= networks._NEAREST


def test_a_crowd_does_not_fit() -> None:
    assert not networks.fits(network([0] * 90).nodes)


@settings(max_examples=40, deadline=None)
@given(sectors_of)
def test_names_of_sectors_keep_apart_from_one_another_from_the_circle_and_from_the_edge(sectors: list[int]) -> None:
    boxes = []
    for label in networks.labels(network(sectors), SECTORS):
        wide = max(lettering.width(line, networks._SIZE) for line in label.lines)
        left = label.x if label.x >= 0 else label.x - wide
        boxes.append((left, label.y - label.height / 2, left + wide, label.y + label.height / 2))
    for left, bottom, right, top in boxes:
        assert -theme.WIDTH * 72 / 4 <= left < right <= theme.WIDTH * 72 / 4
        corner = np.hypot(max(left, -right, 0.0), max(bottom, -top, 0.0))  # the point of the box nearest to the middle
        assert corner >= networks.RADIUS + networks.ENTITY
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_entities_stand_in_the_same_places_before_and_after() -> None:
    svg = networks.networks([network([0, 0, 3, 3, 5, 7])], key="n", sectors=SECTORS, names=NAMES)
    places: dict[str, list[tuple[float, float]]] = {}
    for text, x, y in drawn(svg):
        if text.isdigit():
            places.setdefault(text, []).append((x, y))
    assert len(places) == 6
    for before, after in places.values():
        assert after[0] - before[0] == pytest.approx(theme.WIDTH * 72 / 2, abs=0.2)
        assert after[1] == before[1]


def test_a_new_tie_is_heavier_than_an_old_one_and_absent_before() -> None:
    def strokes(*ties: networks.Tie) -> list[str]:
        svg = networks.networks([network([0, 1, 2], ties)], key="n", sectors=SECTORS, names=NAMES)
        return re.findall(r"stroke-width:([\d.]+)", svg)

    bare = strokes()
    old, new, gone = (strokes(networks.Tie(1, 2, *kind)) for kind in ((True, True), (False, True), (True, False)))
    assert old.count(str(networks._OLD)) > bare.count(str(networks._OLD))
    assert new.count(str(networks._NEW)) == bare.count(str(networks._NEW)) + 1
    assert gone.count(str(networks._GONE)) > bare.count(str(networks._GONE))
    assert networks._NEW > 2 * networks._OLD


def test_sectors_differ_by_shape_or_fill_and_numbers_are_read_on_them() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert len({(shape, fill) for shape, fill, _ in networks.SHAPES}) == len(networks.SHAPES) >= len(SECTORS)
    for _, fill, ink in networks.SHAPES:
        light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    fills = sorted({luminance(fill) for _, fill, _ in networks.SHAPES})
    assert all((b + 0.05) / (a + 0.05) >= 1.5 for a, b in pairwise(fills))  # apart without colour


def test_the_drawing_is_as_high_as_it_says() -> None:
    found = [network([0, 1, 2, 3, 4, 5]), network([0, 0, 0, 1, 1])]
    svg = networks.networks(found, key="n", sectors=SECTORS, names=NAMES)
    viewed = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
    assert viewed is not None
    assert float(viewed.group(1)) == pytest.approx(networks.height(found, sectors=SECTORS, names=NAMES), abs=0.1)


def test_a_matrix_says_each_state_by_a_word_and_keeps_its_texts_in_their_cells() -> None:
    cells = [[matrices.Cell("yes", "83%"), matrices.Cell("no"), matrices.Cell("unknown", "ukryto")]] * 2
    rows = ["Gmina Barcin", "Pilotaż o bardzo długiej nazwie, która zajmie kilka wierszy tabeli"]
    svg = matrices.matrix(cells, rows=rows, columns=["Diagnoza", "Kontrakt socjalny", "Koszyk usług"], key="m")
    texts = [text for text, _, _ in drawn(svg)]
    assert [texts.count(word) for word in ("tak", "nie", "?", "83%", "ukryto")] == [2] * 5
    labels = [t for t in texts if t and rows[1].startswith(t[:6])]
    assert all(lettering.width(text, matrices._SIZE) <= matrices._LABELS for text in labels)
    assert "stroke-dasharray" in svg


def test_a_funnel_of_shares_ends_at_all_of_them_and_has_no_empty_key() -> None:
    limits = [funnels.Limits(float(n), 95.0, (90.0, 100.0), (85.0, 100.0)) for n in (10, 20, 30)]
    svg = funnels.funnel(
        [funnels.Unit(20, 100.0, "Gmina", own=True)], limits, key="f", across="n", up="%",
        names=("pilotaże", "", "95%", "99,8%"), ceiling=100.0,
    )  # fmt: skip
    texts = [text for text, _, _ in drawn(svg)]
    assert {"pilotaże", "95%", "99,8%", "Gmina"} <= set(texts)
    assert "" not in texts
    assert max(int(text) for text in texts if text.isdigit()) <= 100
