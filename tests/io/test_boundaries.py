"""Outlines of voivodeships: read, thinned without gaps between neighbours, or refused with a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.io import boundaries
from ropsanalysis.regions import REGIONS
from support import shared_data


def square(west: float, south: float) -> list[list[list[float]]]:
    """Return a polygon of half a degree; neighbours share an edge with vertices in between."""
    steps = np.linspace(0, 0.5, 8)
    ring = [
        *([west + s, south] for s in steps),
        *([west + 0.5, south + s] for s in steps[1:]),
        *([west + 0.5 - s, south + 0.5] for s in steps[1:]),
        *([west, south + 0.5 - s] for s in steps[1:]),
    ]
    return [ring]


def collection(**replaced: Any) -> dict[str, Any]:
    """Return sixteen squares in a row, each named by its code."""
    features = [
        {
            "type": "Feature",
            "properties": {"terc": region.teryt},
            "geometry": {"type": "Polygon", "coordinates": square(15 + index / 2, 51)},
        }
        for index, region in enumerate(REGIONS)
    ]
    features[0] = {**features[0], **replaced}
    return {"type": "FeatureCollection", "features": features}


def written(folder: Path, content: object) -> Path:
    path = folder / "granice.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def points(rings: list[np.ndarray]) -> set[tuple[float, float]]:
    return {tuple(point) for ring in rings for point in ring}


def test_sixteen_squares_are_read_with_their_codes(tmp_path: Path) -> None:
    shapes = boundaries.read(written(tmp_path, collection()))
    assert set(shapes) == {region.teryt for region in REGIONS}
    # Half a degree at 52° N is 34.3 by 55.6 km; the grid moves a border by at most half its step on each side.
    size = np.ptp(shapes["02"][0], axis=0)
    assert size == pytest.approx([34.3, 55.6], abs=boundaries._GRID_KM)


def test_neighbours_share_their_border_after_thinning(tmp_path: Path) -> None:
    shapes = boundaries.read(written(tmp_path, collection()))
    east_border = max(x for x, _ in points(shapes["02"]))
    shared = points(shapes["02"]) & points(shapes["04"])
    assert {x for x, _ in shared} == {east_border}
    assert shared == {point for point in points(shapes["02"]) if point[0] == east_border}


def test_the_published_outlines_touch_their_neighbours() -> None:
    shapes = boundaries.read(shared_data("boundaries") / "poland.voivodeships.json")
    # Mazowieckie borders six voivodeships; opolskie and pomorskie do not touch (map of Poland).
    for neighbour in ("06", "10", "20", "26", "28", "04"):
        assert len(points(shapes["14"]) & points(shapes[neighbour])) >= 5
    assert not points(shapes["16"]) & points(shapes["22"])


def test_the_published_outlines_keep_the_country_s_size() -> None:
    shapes = boundaries.read(shared_data("boundaries") / "poland.voivodeships.json")
    area = sum(boundaries._area(ring) for rings in shapes.values() for ring in rings)
    # 311 928 km² without internal waters (GUS, area of Poland 2024); plane projection and thinning: within 3 %.
    assert area == pytest.approx(311_928, rel=0.03)


@pytest.mark.parametrize(
    "content",
    [
        "", "nie json", "[]", "{}", '{"features": null}', '{"features": [null]}', '{"features": ["x"]}', "null",
        collection(properties=None),
        collection(properties={}),
        collection(properties={"name": "Atlantyda"}),
        collection(properties={"terc": "99"}),
        collection(geometry=None),
        collection(geometry={"type": "Polygon", "coordinates": []} ),
        collection(geometry={"type": "Polygon", "coordinates": [[["a", "b"]]]}),
        collection(geometry={"type": "Point", "coordinates": [20, 52]}),
        collection(geometry={"type": "Polygon", "coordinates": [[]]}),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_with_a_remedy(tmp_path: Path, content: object) -> None:
    with pytest.raises(DataError, match=r"granice\.geojson: .*Popraw plik albo go usuń"):
        boundaries.read(written(tmp_path, content))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "granice.geojson"
    path.write_bytes(json.dumps(collection(properties={"name": "łódzkie"}), ensure_ascii=False).encode("cp1250"))
    with pytest.raises(DataError, match="GeoJSON"):
        boundaries.read(path)


def test_a_missing_voivodeship_is_named(tmp_path: Path) -> None:
    content = collection()
    del content["features"][3]
    with pytest.raises(DataError, match="brak granic województw: lubuskie"):
        boundaries.read(written(tmp_path, content))


def test_an_islet_is_left_out_and_the_mainland_kept(tmp_path: Path) -> None:
    islet = [[[14.0, 51.0], [14.01, 51.0], [14.01, 51.01], [14.0, 51.0]]]
    geometry = {"type": "MultiPolygon", "coordinates": [islet, square(15, 51)]}
    assert len(boundaries.read(written(tmp_path, collection(geometry=geometry)))["02"]) == 1


def test_a_folder_without_a_file_gives_none(tmp_path: Path) -> None:
    assert boundaries.find_file(tmp_path) is None
    assert boundaries.find_file(tmp_path / "nowhere") is None
    assert boundaries.find_file(written(tmp_path, "{}").parent) == tmp_path / "granice.geojson"


def powiats(*codes: str, key: str = "terc") -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {key: code},
            "geometry": {"type": "Polygon", "coordinates": square(15 + index / 2, 51)},
        }
        for index, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}


def test_only_the_voivodeship_s_own_powiats_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, powiats("2601", "2661", "2401", key="teryt"))
    shapes = boundaries.read_powiats(path, "26")
    assert set(shapes) == {"2601", "2661"}
    assert points(shapes["2601"]) & points(shapes["2661"])  # neighbours keep their border


def test_the_published_powiats_are_all_there() -> None:
    path = shared_data("boundaries") / "poland.counties.json"
    # Numbers of powiats with cities with powiat rights (TERYT): Małopolska 22, Opolskie 12, all 380.
    counts = [len(boundaries.read_powiats(path, region.teryt)) for region in REGIONS]
    assert sum(counts) == 380
    assert (len(boundaries.read_powiats(path, "12")), len(boundaries.read_powiats(path, "16"))) == (22, 12)


@pytest.mark.parametrize("content", ["", "null", "{}", powiats("260"), powiats("2401"), powiats("świe")])
def test_a_file_without_the_voivodeship_s_powiats_is_refused_with_a_remedy(tmp_path: Path, content: object) -> None:
    with pytest.raises(DataError, match=r"granice\.geojson: .*Popraw plik albo go usuń"):
        boundaries.read_powiats(written(tmp_path, content), "26")


def test_files_of_several_levels_are_told_by_their_names(tmp_path: Path) -> None:
    for name in ("poland.counties.json", "poland.municipalities.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert boundaries.find_file(tmp_path) is None
    assert boundaries.find_powiats(tmp_path) == tmp_path / "poland.counties.json"
    (tmp_path / "wojewodztwa.geojson").write_text("{}", encoding="utf-8")
    assert boundaries.find_file(tmp_path) == tmp_path / "wojewodztwa.geojson"
