"""Drawings of social impact: texts fit into their boxes, labels keep apart, everything given is drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ropsanalysis.present import chains, forests, histograms, lettering, panels, theme, tornados

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(alphabet="aąbcćdeęfghijklłmnńoópqrsśtuwyzźż –()%", min_size=1, max_size=70).filter(str.strip)


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


@given(WORDS, st.floats(24, 200), st.booleans())
def test_wrapped_lines_fit_and_lose_no_letter(text: str, room: float, bold: bool) -> None:
    lines = lettering.wrapped(text, room, 7.6, bold=bold)
    assert all(lettering.width(line, 7.6, bold=bold) <= room for line in lines)
    assert re.sub(r"[-\s]", "", "".join(lines)) == re.sub(r"[-\s]", "", text)


def test_a_line_is_as_wide_as_matplotlib_draws_it() -> None:
    with theme.styled():
        figure, surface = theme.new_surface(100)
        figure.set_dpi(72)
        canvas = FigureCanvasAgg(figure)
        drawn = surface.text(0, 50, "Odsetek osób pracujących", fontsize=8, fontweight="bold")
        extent = drawn.get_window_extent(canvas.get_renderer())
    assert lettering.width("Odsetek osób pracujących", 8, bold=True) == pytest.approx(extent.width, rel=0.05)


boxes = st.builds(chains.Box, title=WORDS, text=WORDS, tone=st.sampled_from(["plain", "good", "bad", "open"]))


@settings(max_examples=25)
@given(st.lists(st.lists(boxes, min_size=1, max_size=11), min_size=2, max_size=5))
def test_boxes_of_a_chain_stay_apart_inside_the_page_and_hold_their_texts(found: list[list[chains.Box]]) -> None:
    stages = [chains.Stage(f"Poziom {k}", tuple(row), "uwaga do poziomu") for k, row in enumerate(found)]
    height, placed, tops = chains.layout(stages)
    every = [box for row in placed for box in row]
    assert len(every) == sum(map(len, found))
    for box in every:
        assert box.left >= 0
        assert box.left + box.width <= theme.WIDTH * 72 + 1e-6
        assert box.bottom >= 0
        assert box.bottom + box.height <= height
        room = box.width - 8
        assert all(lettering.width(line, chains._TITLE, bold=True) <= room for line in box.title)
        assert all(lettering.width(line, chains._TEXT) <= room for line in box.lines)
        assert chains._LINE * (len(box.title) + len(box.lines)) <= box.height
    for k, one in enumerate(every):
        for other in every[k + 1 :]:
            apart = (
                one.left + one.width <= other.left
                or other.left + other.width <= one.left
                or one.bottom >= other.bottom + other.height
                or other.bottom >= one.bottom + one.height
            )
            assert apart
    for row, below in pairwise(zip(placed, tops, strict=True)):
        assert min(box.bottom for box in row[0]) - below[1] >= 12  # room for the arrow


def test_a_chain_writes_every_text_and_an_arrow_between_stages() -> None:
    stages = [
        chains.Stage("Nakłady", (chains.Box("Gminy", "491 tys. zł"),)),
        chains.Stage("Zmiany", (chains.Box("Praca", "poprawa", "good"), chains.Box("Więzi", "nie wiadomo", "open"))),
        chains.Stage("Wartość", (chains.Box("Na 1 zł", "1,90 zł"),)),
    ]
    svg = chains.chain(stages, key="c")
    assert {"Nakłady", "Gminy", "491 tys. zł", "Praca", "poprawa", "nie wiadomo", "1,90 zł"} <= set(texts(svg))
    assert svg.count(f"fill:{theme.MUTED}") >= 2
    assert "stroke-dasharray" in svg


def test_a_forest_draws_the_band_each_point_and_each_note() -> None:
    rows = [
        forests.Row("Praca", (forests.Mark(0, 6.2, 5.3, 7.1), forests.Mark(1, 2.4, 1.2, 3.6)), "+31,2 p.p."),
        forests.Row("Bardzo długa nazwa wskaźnika, która zajmie kilka wierszy", (forests.Mark(0, -1.0),), "−0,2 pkt"),
    ]
    svg = forests.forest(
        rows, key="f", kinds=["przed i po", "AIPW"], label="krotność", interval="przedział 95%",
        band=(1.0, "mniej niż ważna"), ends=("gorzej", "lepiej"), notes="zmiana",
    )  # fmt: skip
    found = texts(svg)
    assert {"Praca", "+31,2 p.p.", "−0,2 pkt", "przed i po", "AIPW", "przedział 95%", "mniej niż ważna"} <= set(found)
    assert all(lettering.width(t, 7.8) <= forests._LABELS for t in found if t.startswith(("Bardzo", "wskaź", "zajmie")))
    assert forests._BAND in svg
    assert "nan" not in svg.lower()


@settings(max_examples=20)
@given(st.lists(st.floats(-50, 50), min_size=2, max_size=3))
def test_labels_at_the_ends_of_lines_keep_apart(ends: list[float]) -> None:
    roles: list[theme.Role] = ["region", "peer", "poland"]
    series = tuple(panels.Series(role, (0.0, 1.0), (0.0, end)) for role, end in zip(roles, ends, strict=False))
    chart = panels.Panel("Praca", "%", 3, series, ((0.0, "wej."), (1.0, "wyj.")))
    root = etree.fromstring(panels.panels([chart], key="p", names=[("region", "u")]).encode())
    places = []
    for element in root.iter(f"{SVG}text"):
        style = element.get("style") or (element.getparent().get("style") or "")
        if re.search(r"7\.2px", style):
            moved = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", element.get("transform", ""))
            places.append(float(moved.group(2) if moved else element.get("y")))
    places.sort()
    assert len(places) == len(series)
    if len(series) == 2:
        assert places[1] - places[0] >= 8.5


def test_panels_skip_what_is_missing_and_mark_the_event() -> None:
    series = panels.Series(
        "region", (-2.0, -1.0, 0.0, 1.0), (0.1, nan, 2.0, 3.0), (-1.0, nan, 1.0, 2.0), (1.0, nan, 3.0, 4.0),
        (-2.0, nan, 0.0, 1.0), (2.0, nan, 4.0, 5.0),
    )  # fmt: skip
    chart = panels.Panel("Usługi", "różnica", 1, (series,), ((-2.0, "−2"), (0.0, "0")), start=-0.5, zero=True)
    svg = panels.panels([chart], key="p", names=[("region", "woj.")], interval="punktowy", band="łączny")
    assert {"Usługi", "−2", "0", "woj.", "punktowy", "łączny", "3,0"} <= set(texts(svg))
    assert "nan" not in svg.lower()
    assert panels._BAND["region"] in svg


def test_a_distribution_leaves_what_is_below_the_line_hollow() -> None:
    bins = [histograms.Bin(0.5, 1.0, 10.0), histograms.Bin(1.0, 1.5, 60.0), histograms.Bin(1.5, 2.0, 30.0)]
    svg = histograms.distribution(
        bins, key="h", across="wartość", up="%", lines=[histograms.Line(1.0, "1 zł", dashed=True)], split=1.0
    )
    assert svg.count(f"fill:{theme.CLASSES[2]}") == 2
    assert {"wartość", "%", "1 zł"} <= set(texts(svg))


def test_mirrored_distributions_have_no_negative_label() -> None:
    bins = [histograms.Bin(0.0, 0.5, 30.0, 70.0), histograms.Bin(0.5, 1.0, 70.0, 30.0)]
    found = texts(histograms.mirrored(bins, key="m", across="p", up="%", names=("w górę", "w dół")))
    assert {"w górę", "w dół"} <= set(found)
    assert not [t for t in found if t.startswith("−")]


def test_a_tornado_names_each_assumption_with_its_range() -> None:
    swings = [
        tornados.Swing(
            "Cena – stała praca rok po wyjściu z bardzo długą nazwą rezultatu", 1.6, 2.2, "17 tys.", "25 tys."
        ),
        tornados.Swing("Zanikanie", 1.9, 1.8, "5%", "30%"),
    ]
    svg = tornados.tornado(
        swings, base=1.9, key="t", label="zł", names=("najmniej", "najwięcej"), notes="od – do", line=(1.0, "1 zł"),
        estimate="wynik",
    )  # fmt: skip
    found = texts(svg)
    assert {"Zanikanie", "17 tys. – 25 tys.", "5% – 30%", "najmniej", "najwięcej", "1 zł", "wynik"} <= set(found)
    assert all(lettering.width(t, 7.4) <= tornados._LABELS for t in found if t.startswith("Cena"))


def test_edges_and_inks_have_enough_contrast_on_their_fills() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        light, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for tone, fill in chains._FILL.items():
        assert contrast(theme.INK, fill) >= 4.5, tone
        assert contrast(chains._EDGE[tone], fill) >= 3, tone
    assert all(contrast(colour, "#ffffff") >= 3 for _, colour, _ in forests.KINDS)
