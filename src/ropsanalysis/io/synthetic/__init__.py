"""Synthetic datasets for a first look: made up, seeded, and marked so in the provenance of every folder.

Nothing here describes a real person, institution or count. What is written takes the same way as delivered files,
through the same readers and the same screening. Datasets come in groups, one for each report. Synthetic and delivered
data never meet in one folder, nor in one group: where any dataset of a group was delivered, none of it is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import atomic, catalogue, provenance, tabular
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.synthetic import answers as drawing
from ropsanalysis.io.synthetic import (
    cooperation,
    exports,
    local_diagnosis,
    planning,
    population,
    project_monitoring,
    social_economy,
    social_impact,
)
from ropsanalysis.io.synthetic.social_places import has_units

__all__ = [
    "COOPERATION", "LOCAL", "PROJECT_MONITORING", "SOCIAL_ECONOMY", "SOCIAL_IMPACT", "SOURCE", "TRAINING", "YEAR",
    "Dataset", "State", "has_units", "is_synthetic", "write_cooperation_demo", "write_impact_demo", "write_local_demo",
    "write_missing", "write_project_demo", "write_social_demo", "write_training_demo",
]  # fmt: skip

State = Literal["written", "unchanged", "delivered", "absent"]
Files = Mapping[str, tuple[bytes, int]]
"""Content and number of data rows (0 for a codebook or description) of each file of a dataset, by name."""

SOURCE: Final = "dane syntetyczne (wygenerowane przez ropsanalysis demo)"
YEAR: Final = 2025


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the provenance of a made-up dataset says: its Polish title, and a note on what is made up."""

    title: str
    note: str


TRAINING: Final[Mapping[str, Dataset]] = {
    "training_survey": Dataset(
        "Badanie potrzeb szkoleniowych kadr (przykład)", "Odpowiedzi są zmyślone; nie pochodzą od żadnej osoby."
    ),
    "training_frame": Dataset(
        "Zatrudnienie według województwa i typu instytucji (przykład)",
        "Liczby są zmyślone; nie opisują żadnej instytucji.",
    ),
    "training_offer": Dataset(
        "Oferta szkoleń (przykład)", "Ceny, liczebności grup i możliwości wykonawców są przykładowe."
    ),
    "training_targets": Dataset(
        "Cele i budżety szkoleń (przykład)",
        "Budżety są zmyślone. Liczby osób dla województw 16, 18, 26 i 30 odpowiadają celom podanym w opisach "
        "projektów, pozostałe są zmyślone: cel rezultatu wynosi w nich 95% celu produktu.",
    ),
}
SOCIAL_ECONOMY: Final[Mapping[str, Dataset]] = {
    "es_register": Dataset(
        "Rejestry i wykazy podmiotów ekonomii społecznej (przykład)",
        "Podmioty, ich nazwy, numery i daty są zmyślone; prawdziwe są tylko kody gmin. Żaden urząd skarbowy ani "
        "rejestr nie nadaje numerów, które tu wpisano.",
    ),
    "gmina_population": Dataset(
        "Ludność gmin (przykład)",
        "Liczby są zmyślone. Jedynie suma dla województwa w 2024 r. jest zbliżona do danych GUS.",
    ),
    "es_survey": Dataset(
        "Badanie podmiotów ekonomii społecznej (przykład)", "Odpowiedzi są zmyślone; nie pochodzą od żadnego podmiotu."
    ),
    "owes_support": Dataset(
        "Wsparcie udzielone przez OWES (przykład)", "Ośrodki, ich nazwy, podregiony i wyniki są zmyślone."
    ),
    "es_programme": Dataset(
        "Cele programów rozwoju ekonomii społecznej (przykład)",
        "Cele są zmyślone. Wartości bazowe wskaźników GUS są opublikowane, pozostałe wynikają ze zmyślonych rejestrów.",
    ),
}
SOCIAL_IMPACT: Final[Mapping[str, Dataset]] = {
    "impact_panel": Dataset(
        "Pomiar zmian u osób objętych wsparciem i w grupie porównawczej (przykład)",
        "Odpowiedzi są zmyślone; nie pochodzą od żadnej osoby.",
    ),
    "jst_panel": Dataset(
        "Usługi społeczne w gminach i centra usług społecznych (przykład)",
        "Wartości i lata otwarcia centrów są zmyślone; prawdziwe są tylko kody gmin.",
    ),
    "impact_map": Dataset(
        "Mapy oddziaływania (przykład)", "Liczby, ceny i założenia są zmyślone; ceny są oznaczone jako przykłady."
    ),
    "impact_costs": Dataset(
        "Koszty wsparcia i koszty zaniechania (przykład)", "Kwoty są zmyślone; nie opisują żadnego programu."
    ),
    "price_index": Dataset(
        "Wskaźnik cen (przykład)", "Wskaźniki są zmyślone; nie są to dane GUS. Proszę je zastąpić opublikowanymi."
    ),
}
PROJECT_MONITORING: Final[Mapping[str, Dataset]] = {
    "project_card": Dataset(
        "Karty projektów koordynacyjnych (przykład)",
        "Opublikowane są tylko dane, które wymienia pole „source” karty. Pozostałe, a także plan i podział na "
        "subregiony, są zmyślone.",
    ),
    "project_participants": Dataset(
        "Pracownicy objęci wsparciem (przykład)",
        "Osoby, pracodawcy i daty są zmyślone; prawdziwe są tylko kody gmin i powiatów.",
    ),
    "supported_entities": Dataset(
        "Podmioty objęte wsparciem (przykład)", "Podmioty są zmyślone; prawdziwe są tylko kody gmin i powiatów."
    ),
    "lpdi": Dataset(
        "Lokalne plany deinstytucjonalizacji (przykład)",
        "Plany są zmyślone; nie mówią nic o jednostkach, których nazwy i kody w nich wpisano.",
    ),
    "cus": Dataset(
        "Centra usług społecznych (przykład)",
        "Centra są zmyślone; nie mówią nic o gminach, których nazwy i kody w nich wpisano.",
    ),
    "foster_care": Dataset(
        "Dzieci w pieczy zastępczej (przykład)", "Liczby dla województw są zmyślone; nie są to dane GUS."
    ),
    "project_activities": Dataset("Działania projektów (przykład)", "Działania, daty i frekwencja są zmyślone."),
    "project_budget": Dataset(
        "Budżety projektów (przykład)",
        "Podział na pozycje i kwartały jest zmyślony; suma jest równa wartości z karty projektu.",
    ),
    "project_payments": Dataset("Płatności projektów (przykład)", "Płatności są zmyślone."),
}
COOPERATION: Final[Mapping[str, Dataset]] = {
    "cooperation_network": Dataset(
        "Pilotaże modeli kooperacji i sieć współpracy (przykład)",
        "Pilotaże, podmioty i relacje są zmyślone; prawdziwe są tylko kody gmin i powiatów.",
    ),
    "cooperation_cases": Dataset(
        "Sprawy osób i rodzin w modelu kooperacji (przykład)",
        "Sprawy, daty, usługi i cele są zmyślone; nie pochodzą od żadnej osoby.",
    ),
    "cooperation_effects": Dataset(
        "Osiągnięte efekty projektów kooperacji i coaching (przykład)",
        "Osiągnięte liczby i spotkania są zmyślone; opublikowane są tylko liczby obiecane, które są w katalogu.",
    ),
}
LOCAL: Final[Mapping[str, Dataset]] = {
    "bdl_local": Dataset(
        "Gminy i powiaty w kształcie eksportu BDL (przykład)",
        "Liczby są zmyślone; nie są to dane GUS. Prawdziwe są tylko kody, nazwy i rodzaje jednostek.",
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
    return _write(raw, TRAINING, seed, lambda: _training(seed, respondents))


def write_social_demo(raw: Path, *, seed: int = social_economy.SEED) -> tuple[Path, ...]:
    """Write a synthetic social economy of 16 voivodeships: registers, inhabitants, survey, support and targets.

    Parameters
    ----------
    raw
        The project's folder of raw data; the datasets become folders in it. Its list of territorial units says which
        gminas there are.
    seed
        The same seed gives the same bytes on every machine.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        If a folder holds data that this function did not write, or that were changed since: then nothing at all
        is written. If there is no list of territorial units.
    """
    return _write(raw, SOCIAL_ECONOMY, seed, lambda: social_economy.draw_datasets(raw, seed=seed))


def write_impact_demo(raw: Path, *, seed: int = social_impact.SEED) -> tuple[Path, ...]:
    """Write a synthetic measurement of social impact of 16 voivodeships: persons, gminas, maps, costs and prices.

    Parameters
    ----------
    raw
        The project's folder of raw data; the datasets become folders in it. Its list of territorial units says which
        gminas there are.
    seed
        The same seed gives the same bytes on every machine.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        As for `write_social_demo`.
    """
    return _write(raw, SOCIAL_IMPACT, seed, lambda: social_impact.draw_datasets(raw, seed=seed))


def write_project_demo(raw: Path, *, seed: int = project_monitoring.SEED) -> tuple[Path, ...]:
    """Write synthetic coordination projects of 16 voivodeships: cards, persons, plans, centres, activities and money.

    Parameters
    ----------
    raw
        The project's folder of raw data; the datasets become folders in it. Its list of territorial units says which
        gminas and powiats there are.
    seed
        The same seed gives the same bytes on every machine.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        As for `write_social_demo`.
    """
    return _write(raw, PROJECT_MONITORING, seed, lambda: project_monitoring.draw_datasets(raw, seed=seed))


def write_cooperation_demo(raw: Path, *, seed: int = cooperation.SEED) -> tuple[Path, ...]:
    """Write synthetic pilots of cooperation of 16 voivodeships: networks, cases, effects and coaching.

    Parameters
    ----------
    raw
        The project's folder of raw data; the datasets become folders in it. Its list of territorial units says which
        gminas and powiats there are.
    seed
        The same seed gives the same bytes on every machine.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        As for `write_social_demo`.
    """
    return _write(raw, COOPERATION, seed, lambda: cooperation.draw_datasets(raw, seed=seed))


def write_local_demo(raw: Path, *, seed: int = local_diagnosis.SEED) -> tuple[Path, ...]:
    """Write synthetic exports of the Local Data Bank for all gminas and powiats.

    Parameters
    ----------
    raw
        The project's folder of raw data; the dataset becomes a folder in it. Its list of territorial units says which
        gminas and powiats there are.
    seed
        The same seed gives the same bytes on every machine.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UsageError
        As for `write_social_demo`.
    """
    return _write(raw, LOCAL, seed, lambda: local_diagnosis.draw_datasets(raw, seed=seed))


def write_missing(raw: Path, *, force: bool = False) -> dict[str, State]:
    """Write each group of the demo unless it is there already, and nothing of a group that an office delivers.

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
        "absent": not written, because another dataset of its group was delivered, or, in all groups but training
        needs, because there is no list of territorial units with the gminas.

    Raises
    ------
    UsageError
        As for the functions that write one group.
    """
    states: dict[str, State] = {}
    for group, write, possible in (
        (TRAINING, write_training_demo, True),
        (SOCIAL_ECONOMY, write_social_demo, has_units(raw)),
        (SOCIAL_IMPACT, write_impact_demo, has_units(raw)),
        (PROJECT_MONITORING, write_project_demo, has_units(raw)),
        (COOPERATION, write_cooperation_demo, has_units(raw)),
        (LOCAL, write_local_demo, has_units(raw)),
    ):
        found = _states(raw, group)
        if "delivered" not in found.values() and possible and (force or "absent" in found.values()):
            write(raw)
            found = dict.fromkeys(found, "written")
        states |= found
    return states


def _states(raw: Path, group: Iterable[str]) -> dict[str, State]:
    """Return for each dataset of a group what lies in its folder."""
    states: dict[str, State] = {}
    for dataset in group:
        folder = raw / dataset
        states[dataset] = "absent" if not _files(folder) else "unchanged" if is_synthetic(folder) else "delivered"
    return states


def _write(
    raw: Path, group: Mapping[str, Dataset], seed: int, draw: Callable[[], Mapping[str, Files]]
) -> tuple[Path, ...]:
    """Write the datasets of a group, after making sure that nothing else lies in their folders."""
    for dataset in group:
        _require_own(raw / dataset)
    written: list[Path] = []
    for dataset, files in draw().items():
        records = [
            FileRecord(name, provenance.sha256(content), len(content), rows, rows, "synthetic", SOURCE)
            for name, (content, rows) in files.items()
        ]
        about = {
            "dataset": dataset,
            "title": group[dataset].title,
            "source": SOURCE,
            "synthetic": True,
            "year": YEAR,
            "seed": seed,
            "note": group[dataset].note,
        }
        # First the mark, then the data: an interrupted run leaves nothing that could pass for delivered data.
        written.append(raw / dataset / "provenance.json")
        atomic.write_text(written[-1], provenance.to_json(records, about=about))
        for name, (content, _) in files.items():
            written.append(atomic.write_bytes(raw / dataset / name, content))
    return tuple(written)


def _training(seed: int, respondents: int) -> dict[str, Files]:
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


def _csv(name: str, frame: pd.DataFrame) -> Files:
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
