"""Which reports an edition has as JSON, and which of them are earlier editions of those about to be rendered.

Nothing heavy is imported here: whoever plans a run asks this first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ropsanalysis.errors import UsageError

if TYPE_CHECKING:
    from ropsanalysis.reporting.spec import Area, ReportSpec

#: Ending of the names of comparisons' own JSON, which may lie among the reports.
COMPARISON: Final = ".diff.json"

#: A report is known by its key and the code of its region.
Key = tuple[str, str]


def find(place: Path) -> dict[Key, Path]:
    """Return the reports' JSON files of an edition, or the one file named.

    Parameters
    ----------
    place
        The folder of an edition (a folder for each area, reports inside; those of gminas and powiats in folders of
        their voivodeship's), or the JSON of one report.

    Raises
    ------
    UsageError
        There is no such place, it holds no JSON of a report, or two of the same one.
    """
    if place.is_file():
        return {_key(place): place}
    if not place.is_dir():
        raise UsageError(f"There is nothing at {place}; name the folder of an edition or the JSON of a report.")
    found: dict[Key, Path] = {}
    for path in sorted([*place.glob("*/*.json"), *place.glob("*/*/*/*.json")]):
        if path.name.endswith(COMPARISON):
            continue
        key = _key(path)
        if key in found:
            raise UsageError(f"{found[key]} and {path} are the same report for the same region; keep one of them.")
        found[key] = path
    if not found:
        raise UsageError(
            f"{place} holds no JSON of a report; name the folder of one edition, such as reports/2025, "
            "whose reports were rendered with the format json."
        )
    return found


def read(path: Path) -> dict[str, Any]:
    """Return the JSON of a report.

    Raises
    ------
    UsageError
        The file cannot be read, or is not JSON of a report.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is damaged or not JSON ({error}); take it from its edition again.") from error
    if not isinstance(data, dict) or not isinstance(data.get("cover"), dict):
        raise UsageError(f"{path} is not the JSON of a report.")
    return data


def earlier(place: Path, wanted: Sequence[tuple[Area, ReportSpec]], *, target: Path) -> dict[Key, Path]:
    """Return the JSON of an earlier edition for each wanted report that it has.

    Parameters
    ----------
    place
        The folder of the earlier edition, or the JSON of the one report that is wanted.
    target
        Folder of the edition about to be written.

    Raises
    ------
    UsageError
        There is no such place, it is the edition about to be written, it has none of the reports, or one of its
        files is another report than its name says.
    """
    if not place.exists():
        raise UsageError(f"There is nothing at {place}; name the folder of an earlier edition or the JSON of a report.")
    if target.resolve() in (place.resolve(), *place.resolve().parents):
        raise UsageError(f"{place} is the edition about to be written; compare with an earlier one.")
    found: dict[Key, Path] = {}
    for region, spec in wanted:
        path = place / region.folder / f"{spec.key}.json" if place.is_dir() else place
        if not path.is_file():
            continue
        if _key(path) != (spec.key, region.teryt):
            report, teryt = _key(path)
            raise UsageError(f"{path} is the report {report} for {teryt}, not {spec.key} for {region.teryt}.")
        found[spec.key, region.teryt] = path.resolve()
    if not found:
        raise UsageError(f"{place} has none of the reports to render; name the folder of one edition: reports/2024.")
    return found


def _key(path: Path) -> Key:
    """Return which report a file is.

    Raises
    ------
    UsageError
        It is none; its key becomes the name of a file, so that anything else than a plain name is refused.
    """
    cover = read(path)["cover"]
    report, teryt = str(cover.get("report", "")), str(cover.get("teryt", ""))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", report) or not re.fullmatch(r"[0-9]+", teryt):
        raise UsageError(f"{path} is not the JSON of a report: its cover names no report and region.")
    return report, teryt
