"""Outlines of voivodeships and powiats from GeoJSON files, projected and thinned for a small map.

Neighbours must keep a common border after thinning. Every vertex is therefore snapped to one grid
laid over the whole country: the shared vertices of two neighbours fall on the same grid points.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.errors import DataError, UsageError
from ropsanalysis.regions import REGIONS, find

#: Kilometres per degree of latitude, and per degree of longitude at 52° N (the middle of Poland).
_KM = np.array([111.32 * np.cos(np.radians(52)), 111.13])
#: Grid of the thinned outline in kilometres: below a printed pixel at the size of the map.
_GRID_KM = 4.0
#: A ring smaller than this (square kilometres) is an islet nobody could see.
_SMALLEST_KM2 = 60.0
#: The same for powiats, on a map of one voivodeship.
_POWIAT_GRID_KM, _POWIAT_SMALLEST_KM2 = 1.5, 5.0
#: What the names of files of smaller units have in them.
_POWIAT_WORDS, _GMINA_WORDS = ("powiat", "count"), ("gmin", "municip")


def find_file(folder: Path) -> Path | None:
    """Return the folder's file of voivodeship outlines, or None where there is no file.

    Of several files the one named after voivodeships counts: a set of boundaries usually comes with
    powiats and gminas beside it.
    """
    found = _files(folder)
    named = [path for path in found if _is_about(path, ("wojew", "voivod"))]
    others = [path for path in found if not _is_about(path, _POWIAT_WORDS + _GMINA_WORDS)]
    return next(iter([*named, *others]), None)


def find_powiats(folder: Path) -> Path | None:
    """Return the folder's file of powiat outlines, told by its name ("powiaty", "counties"), or None."""
    return next((path for path in _files(folder) if _is_about(path, _POWIAT_WORDS)), None)


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.geojson"), *folder.glob("*.json")])


def _is_about(path: Path, words: tuple[str, ...]) -> bool:
    return any(word in path.name.lower() for word in words)


def read(path: Path) -> dict[str, list[NDArray[np.float64]]]:
    """Read voivodeship outlines.

    Parameters
    ----------
    path
        GeoJSON FeatureCollection in degrees; each feature names its voivodeship by `terc`, `teryt`,
        `name` or `nazwa`.

    Returns
    -------
    dict
        Rings in kilometres by TERYT, each an (n, 2) array.

    Raises
    ------
    DataError
        The file is not GeoJSON or lacks a voivodeship; the message (Polish) says which.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = dict(_shape(feature) for feature in features)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, UsageError) as error:
        raise DataError(
            f"{path.name}: to nie jest plik GeoJSON z granicami województw ({error}). "
            "Oczekiwano FeatureCollection z polem 'terc' lub 'name' w każdym obiekcie. "
            "Popraw plik albo go usuń: raport użyje wtedy mapy kafelkowej."
        ) from error
    missing = [region.name for region in REGIONS if region.teryt not in shapes]
    if missing:
        raise DataError(
            f"{path.name}: brak granic województw: {', '.join(missing)}. "
            "Popraw plik albo go usuń: raport użyje wtedy mapy kafelkowej."
        )
    return shapes


def read_powiats(path: Path, teryt: str) -> dict[str, list[NDArray[np.float64]]]:
    """Read the outlines of one voivodeship's powiats.

    Parameters
    ----------
    path
        GeoJSON FeatureCollection in degrees; each feature has its powiat's four-digit code in `terc` or `teryt`.
    teryt
        Code of the voivodeship.

    Returns
    -------
    dict
        Rings in kilometres by code, each an (n, 2) array.

    Raises
    ------
    DataError
        The file is not GeoJSON, or has no powiat of the voivodeship.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        coded = [(_code(feature), feature) for feature in features]
        shapes = {
            code: _rings(feature, code, grid=_POWIAT_GRID_KM, smallest=_POWIAT_SMALLEST_KM2)
            for code, feature in coded
            if code.startswith(teryt)
        }
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise DataError(
            f"{path.name}: to nie jest plik GeoJSON z granicami powiatów ({error}). Oczekiwano FeatureCollection z "
            "kodem powiatu w polu 'terc' lub 'teryt' każdego obiektu. Popraw plik albo go usuń: raport użyje wtedy "
            "wykresu słupkowego."
        ) from error
    if not shapes:
        raise DataError(
            f"{path.name}: nie ma w nim granic powiatów województwa o kodzie {teryt}. Popraw plik albo go usuń: raport "
            "użyje wtedy wykresu słupkowego."
        )
    return shapes


def _code(feature: dict[str, Any]) -> str:
    properties = feature["properties"]
    code = str(properties.get("terc") or properties["teryt"])
    if not (len(code) == 4 and code.isdecimal()):
        raise ValueError(f"„{code}” nie jest czterocyfrowym kodem powiatu")
    return code


def _shape(feature: dict[str, Any]) -> tuple[str, list[NDArray[np.float64]]]:
    properties = feature["properties"]
    name = next((str(properties[key]) for key in ("terc", "teryt", "name", "nazwa") if properties.get(key)), "")
    return find(name).teryt, _rings(feature, name, grid=_GRID_KM, smallest=_SMALLEST_KM2)


def _rings(feature: dict[str, Any], name: str, *, grid: float, smallest: float) -> list[NDArray[np.float64]]:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [_thin(np.asarray(ring, dtype=float), grid) for polygon in polygons for ring in polygon]
    visible = [ring for ring in rings if len(ring) > 3 and _area(ring) > smallest]
    if not visible:
        raise ValueError(f"obiekt „{name}” nie ma granic")
    return visible


def _thin(ring: NDArray[np.float64], grid: float) -> NDArray[np.float64]:
    snapped = np.round(ring[:, :2] * _KM / grid) * grid
    moved = np.any(np.diff(snapped, axis=0) != 0, axis=1)
    thinned: NDArray[np.float64] = snapped[np.concatenate([[True], moved])]
    return thinned


def _area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)
