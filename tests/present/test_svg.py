"""A tidied drawing is well-formed, says what it said, repeats byte for byte and carries nothing active."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib.figure import Figure

from ropsanalysis.present import theme
from ropsanalysis.present.svg import tidy, to_svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "</text><script>alert(1)</script>",
    "$x^2$",
    "$\\frac{1}{2}$",
    "R&D <5%",
    "zażółć gęślą jaźń ŁÓDŹ",
    "a\"b'c",
    "]]>",
    "x -->",
    '" onload="alert(1)',
    'style="fill:none"',
    ' id="a" ',
    "url(#evil)",
    ' d="M 1.23456 2"',
]


def drawing(*labels: str, key: str = "figure") -> str:
    """Draw a line with a marker (referenced ids), a clipped bar and the labels."""
    with theme.styled():
        figure = Figure(figsize=(3, 2))
        axes = figure.add_subplot()
        axes.plot([2020, 2021, 2022], [1.0, 3.0, 2.0], marker="o")
        axes.bar([2020, 2021], [1, 2])
        for index, label in enumerate(labels):
            axes.text(2020, index / 4, label)
        return to_svg(figure, key=key)


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(svg).iter(f"{NAMESPACE}text")]


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_drawn_as_the_text_it_is(label: str) -> None:
    svg = drawing(label)
    assert label.strip() in [text.strip() for text in texts(svg)]
    assert not list(parsed(svg).iter(f"{NAMESPACE}script"))


@settings(max_examples=25)
@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_any_label_leaves_the_drawing_well_formed(label: str) -> None:
    assert label in texts(drawing(label))


def test_nothing_in_the_drawing_acts_or_points_outside() -> None:
    root = parsed(drawing(*HOSTILE[:3]))
    for element in root.iter():
        name = etree.QName(element).localname
        assert name not in {"script", "style", "metadata", "image", "foreignObject", "a"}
        for attribute, value in element.attrib.items():
            local = etree.QName(attribute).localname
            assert not local.startswith("on")
            if local == "href":
                assert value.startswith("#")


def test_ids_of_two_figures_never_meet_and_each_reference_has_its_target() -> None:
    drawings = {key: drawing("a", key=key) for key in ("poverty-1.B.1", "poverty-1.B.2")}
    ids = {key: set(re.findall(r' id="([^"]*)"', svg)) for key, svg in drawings.items()}
    one, two = ids.values()
    assert one
    assert not one & two
    for key, svg in drawings.items():
        references = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
        assert references
        assert references <= ids[key]


def test_an_id_stands_once_in_a_drawing() -> None:
    ids = re.findall(r' id="([^"]*)"', drawing("a", "b"))
    assert len(ids) == len(set(ids))


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert drawing("ąć", key="a") == drawing("ąć", key="a")


def test_a_drawing_carries_no_date_no_generator_and_no_document_type() -> None:
    svg = drawing("a")
    assert svg.startswith("<svg ")
    assert not re.search(r"matplotlib|<!|<\?|\b20\d\d-\d\d-\d\d", svg, re.IGNORECASE)


def test_tidying_moves_no_point_by_more_than_half_a_tenth() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9" version="1.1">'
        '<path d="M 0.123456 7.987 L -0.04 3 L 1e-05 4.25" style="fill: none"/></svg>'
    )
    before, after = (
        [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", re.search(r' d="([^"]*)"', text)[1])]
        for text in (svg, tidy(svg, key="k"))
    )
    assert len(before) == len(after) == 6
    assert all(abs(a - b) <= 0.0501 for a, b in zip(before, after, strict=True))


def test_joining_strokes_of_one_style_keeps_every_stroke() -> None:
    stroke = '<path d="M 0 {0} L 5 {0}" style="fill: none; stroke: #000000"/>'
    lines = "".join(stroke.format(y) for y in range(4))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{lines}</svg>'
    path = " ".join(element.get("d") for element in parsed(tidy(svg, key="k")).iter(f"{NAMESPACE}path"))
    starts = [float(y) for y in re.findall(r"M\s*0 (\d+)", path)]
    assert starts == [0, 1, 2, 3]
    assert all(a < b for a, b in pairwise(starts))


def test_a_reference_and_its_target_are_renamed_together_and_idle_ids_go() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
        '<defs><path id="m1" d="M 0 0 L 1 1"/></defs><g id="axes_1"><use xlink:href="#m1" x="1.26" y="2"/></g></svg>'
    )
    tidied = tidy(svg, key="1.B.1 mapa")
    assert re.findall(r'(?: id|href)="([^"]*)"', tidied) == ["1-B-1-mapa-m1", "#1-B-1-mapa-m1"]
    parsed(tidied)
