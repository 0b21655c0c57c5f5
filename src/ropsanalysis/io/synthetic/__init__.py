"""Synthetic datasets for a first look: made up, seeded, and marked so in the provenance of every folder.

Nothing here describes a real person, institution or count. What is written takes the same way as delivered files,
through the same readers and the same screening. Synthetic and delivered data never meet in one folder, nor in one
report: where any of the datasets was delivered, none is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import atomic, catalogue, provenance, tabular
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.synthetic import answers as drawing
from ropsanalysis.io.synthetic import exports, planning, population

State = Literal["written", "unchanged", "delivered", "absent"]

SOURCE: Final = "dane syntetyczne (wygenerowane przez ropsanalysis demo)"
YEAR: Final = 2025

_TITLES: Final = {
    "training_survey": "Badanie potrzeb szkoleniowych kadr (przykład)",
    "training_frame": "Zatrudnienie według województwa i typu instytucji (przykład)",
    "training_offer": "Oferta szkoleń (przykład)",
    "training_targets": "Cele i budżety szkoleń (przykład)",
}
_NOTES: Final = {
    "training_survey": "Odpowiedzi są zmyślone; nie pochodzą od żadnej osoby.",
    "training_frame": "Liczby są zmyślone; nie opisują żadnej instytucji.",
    "training_offer": "Ceny, liczebności grup i możliwości wykonawców są przykładowe.",
    "training_targets": (
        "Budżety są zmyślone. Liczby osób dla województw 16, 18, 26 i 30 odpowiadają celom podanym w opisach "
        "projektów, pozostałe są zmyślone: cel rezultatu wynosi w nich 95% celu produktu."
    ),
}
_SURVEYS: Final[dict[Callable[..., dict[str, bytes]], tuple[str, ...]]] = {
    exports.limesurvey: ("02", "10", "12", "14", "24", "30"),
    exports.spss: ("06", "16", "18", "20", "26"),
    exports.workbook: ("04", "08", "22", "28", "32"),
}
_LITTER: Final = ("Thumbs.db", "desktop.ini")


def is_synthetic(folder: Path) -> bool:
    """Return whether the folder's ``provenance.json`` says that its dataset is synthetic; false without one."""
    try:
        about = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("synthetic") is True


def write_training_demo(raw: Path, *, seed: int = 20251, respondents: int = 5000) -> tuple[Path, ...]:
    """Write a synthetic survey of training needs of 16 voivodeships, with its frame, offer and targets.

    Parameters
    ----------
    raw
        The project's folder of raw data; the datasets become folders in it.
    seed
        The same seed gives the same bytes on every machine.
    respondents
        Number of respondents over all voivodeships.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        If a folder holds data that this function did not write, or that were changed since: then nothing at all
        is written. If `respondents` is below 1 or above the number of staff.
    """
    for dataset in _TITLES:
        _require_own(raw / dataset)
    written: list[Path] = []
    for dataset, files in _datasets(seed, respondents).items():
        records = [
            FileRecord(name, provenance.sha256(content), len(content), rows, rows, "synthetic", SOURCE)
            for name, (content, rows) in files.items()
        ]
        about = {
            "dataset": dataset,
            "title": _TITLES[dataset],
            "source": SOURCE,
            "synthetic": True,
            "year": YEAR,
            "seed": seed,
            "note": _NOTES[dataset],
        }
        # First the mark, then the data: an interrupted run leaves nothing that could pass for delivered data.
        written.append(raw / dataset / "provenance.json")
        atomic.write_text(written[-1], provenance.to_json(records, about=about))
        for name, (content, _) in files.items():
            written.append(atomic.write_bytes(raw / dataset / name, content))
    return tuple(written)


def write_missing(raw: Path, *, force: bool = False) -> dict[str, State]:
    """Write the demo unless it is there already, and nothing where an office has delivered any of its datasets.

    Parameters
    ----------
    raw
        The project's folder of raw data.
    force
        Write the demo anew even if it is there.

    Returns
    -------
    dict
        What became of each dataset: "written", "unchanged" (an earlier demo), "delivered" (left alone), or
        "absent" (not written, because another dataset was delivered).

    Raises
    ------
    UsageError
        As for `write_training_demo`.
    """
    states: dict[str, State] = {}
    for dataset in _TITLES:
        folder = raw / dataset
        states[dataset] = "absent" if not _files(folder) else "unchanged" if is_synthetic(folder) else "delivered"
    if "delivered" in states.values():
        return states
    if force or "absent" in states.values():
        write_training_demo(raw)
        return dict.fromkeys(states, "written")
    return states


def _datasets(seed: int, respondents: int) -> dict[str, dict[str, tuple[bytes, int]]]:
    """Return for each dataset its files: content and number of data rows (0 for a codebook) by name."""
    # A stream of chance for each part, so that a change in one leaves the others as they were.
    chance = {
        part: np.random.default_rng([seed, number])
        for number, part in enumerate(("frame", "people", "answers", "files", "targets"))
    }
    frame = population.draw_frame(chance["frame"])
    people = population.draw_respondents(frame, respondents=respondents, rng=chance["people"])
    groups = {entry.key: entry.group for entry in catalogue.institutions()}
    answers = drawing.draw_answers(people, groups=groups, rng=chance["answers"])
    labels = _labels()
    survey: dict[str, tuple[bytes, int]] = {}
    for write, regions in _SURVEYS.items():
        part = answers.of_regions(regions)
        if part.people.empty:  # so few respondents that none comes from there
            continue
        for name, content in write(part, labels=labels, year=YEAR, rng=chance["files"]).items():
            survey[name] = content, 0 if name.endswith(".yaml") else len(part.people)
    return {
        "training_survey": survey,
        "training_frame": _csv("frame.csv", frame),
        "training_offer": _csv("offer.csv", planning.build_offer()),
        "training_targets": _csv("targets.csv", planning.draw_targets(frame, chance["targets"])),
    }


def _labels() -> dict[str, dict[str, str]]:
    labels = {
        "competence": {entry.key: entry.name for entry in catalogue.competences()},
        "institution": {entry.key: entry.name for entry in catalogue.institutions()},
    }
    for entry in catalogue.survey_options():
        labels.setdefault(entry.question, {})[entry.option] = entry.label
    return labels


def _csv(name: str, frame: pd.DataFrame) -> dict[str, tuple[bytes, int]]:
    text = tabular.frame_to_csv(frame.astype(object).where(frame.notna(), ""))
    return {name: (text.encode("utf-8"), len(frame))}


def _files(folder: Path) -> dict[str, Path]:
    """Return what lies in a dataset's folder, by name, without what systems and spreadsheets leave there."""
    return {
        path.name: path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if not path.name.startswith((".", "~$")) and path.name not in _LITTER
    }


def _require_own(folder: Path) -> None:
    """Refuse a folder with anything in it that an earlier run did not write just so."""
    present = _files(folder)
    if not present:
        return
    if not is_synthetic(folder):
        raise _refusal(folder, "holds data that are not synthetic", present)
    records = provenance.from_json(present.pop("provenance.json").read_text(encoding="utf-8"))
    known = {(record.path, record.sha256) for record in records}
    foreign = [
        name
        for name, path in present.items()
        if not path.is_file() or (name, provenance.sha256(path.read_bytes())) not in known
    ]
    if foreign:
        raise _refusal(folder, "holds files that were added or changed after the demo was written", foreign)


def _refusal(folder: Path, why: str, names: Iterable[str]) -> UsageError:
    return UsageError(
        f"{folder} {why} ({', '.join(sorted(names))}). Synthetic data are never mixed with others, so nothing was "
        "written. Move the folder away, or use another project folder for the demo."
    )
