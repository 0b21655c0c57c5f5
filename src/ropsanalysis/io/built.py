"""Processed tables of each topic: what they are made from, and whether they are still what the data say.

A topic's tables lie in `data/processed/<topic>` beside a record of the build. The record carries a
checksum of everything the tables depend on; where it no longer fits, nothing is read from them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ropsanalysis
from ropsanalysis.errors import DataError
from ropsanalysis.io import memo, source_code
from ropsanalysis.io.paths import Project

if TYPE_CHECKING:
    import pandas as pd

RECORD: Final = "build.json"
#: Beside the record: what the tables were made from, one checksum each, to say later what has changed.
INPUTS: Final = "inputs.json"

#: In a copy of a project without raw data: which files these are, by checksum.
LISTED: Final = ".listed.json"

#: Ending of the names of the catalogue's files with choices of method.
CHOICES: Final = "parameters.yaml"

#: Parts of the package, besides the topic's own folder, whose change makes tables stale.
_CODE = ("stats", "io", "catalogue", "definitions.py", "regions.py", "units.py")
#: Libraries that compute the tables.
LIBRARIES: Final = ("numpy", "scipy", "pandas", "statsmodels", "pyarrow", "highspy")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic's tables are made from.

    Attributes
    ----------
    key
        Name of the topic: package, report and folder of its tables.
    datasets
        Folders of data/raw that are its own; of a topic whose data an office delivers they may be absent.
    confidential
        Whether the raw data are about single persons or entities, so that no value may reach a message.
    shared
        Folders that come with the project and that it reads besides.
    shipped
        Whether its own data come with the project.
    core
        Those of its datasets of which at least one must be there; empty where any of them will do.
    derived_from
        Topics from whose published tables this one is made; it has no data of its own then.
    """

    key: str
    datasets: tuple[str, ...]
    confidential: bool
    shared: tuple[str, ...] = ()
    shipped: bool = False
    core: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()


TOPICS: Final[Mapping[str, Topic]] = {
    topic.key: topic
    for topic in (
        Topic("regional_diagnosis", ("gus_sdg", "bdl_context"), confidential=False, shipped=True),
        Topic(
            "training_needs",
            ("training_survey", "training_frame", "training_offer", "training_targets"),
            confidential=True,
        ),
        Topic(
            "social_economy",
            ("es_register", "gmina_population", "es_survey", "owes_support", "es_programme"),
            confidential=True,
            shared=("gus_sdg", "bdl_context", "teryt_units"),
        ),
        Topic(
            "social_impact",
            ("impact_panel", "jst_panel", "impact_map", "impact_costs", "price_index"),
            confidential=True,
            shared=("teryt_units",),
            core=("impact_panel", "jst_panel", "impact_map"),
        ),
        Topic(
            "project_monitoring",
            (
                "project_card", "project_participants", "supported_entities", "lpdi", "cus", "foster_care",
                "project_activities", "project_budget", "project_payments",
            ),
            confidential=True,
            shared=("teryt_units",),
            core=("project_card",),
        ),
        Topic(
            "cooperation",
            ("cooperation_network", "cooperation_cases", "cooperation_effects"),
            confidential=True,
            shared=("teryt_units",),
            core=("cooperation_network",),
        ),
        Topic("local_diagnosis", ("bdl_local",), confidential=False, shared=("teryt_units",)),
        Topic(
            "national_summary",
            (),
            confidential=False,
            derived_from=(
                "regional_diagnosis", "training_needs", "social_economy", "social_impact", "project_monitoring",
                "cooperation",
            ),
        ),
    )
}  # fmt: skip


def delivered(project: Project, topic: Topic) -> bool:
    """Whether there is anything to build the topic from."""
    if topic.derived_from:
        return any(delivered(project, TOPICS[key]) for key in topic.derived_from)
    return topic.shipped or any((project.raw / name).is_dir() for name in topic.core or topic.datasets)


def folder(project: Project, key: str) -> Path:
    """Return where a topic's tables lie."""
    return project.processed / key


def fingerprint(project: Project, topic: Topic) -> str:
    """Return a checksum of everything the tables depend on: data, code, catalogue, libraries."""
    return hashlib.sha256(json.dumps(inputs(project, topic), sort_keys=True).encode()).hexdigest()


def inputs(project: Project, topic: Topic) -> dict[str, str]:
    """Return everything the tables depend on, with a checksum or version of each.

    Of code its effect counts, so that a changed comment or docstring makes no table stale.
    """
    known = memo.of(project)
    found = _raw_sums(project, topic)
    package = Path(ropsanalysis.__file__).parent
    for path in _code(package, topic):
        is_code = path.suffix == ".py"
        found[path.relative_to(package).as_posix()] = (
            source_code.read(path, known).digest if is_code else known.sha256(path)
        )
    for key in topic.derived_from:
        if delivered(project, TOPICS[key]):
            found[key] = fingerprint(project, TOPICS[key])
    return {**found, **_versions()}


def code_digest(project: Project, topic: Topic) -> str:
    """Return a checksum of the code and catalogue that compute the tables, without choices of method and data.

    It tells an edition made by other code from one made from other data or by other choices, which are recorded apart.
    """
    own = {
        name: value
        for name, value in inputs(project, topic).items()
        if name.endswith((".py", ".yaml")) and not name.startswith("data/") and not name.endswith(CHOICES)
    }
    own |= {key: code_digest(project, TOPICS[key]) for key in topic.derived_from}
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


def _raw_sums(project: Project, topic: Topic) -> dict[str, str]:
    """Return the checksum of each file of raw data that a topic is made from, by its path in the project."""
    folders = (*topic.datasets, *topic.shared)
    try:
        kept: dict[str, str] = json.loads((project.raw / LISTED).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        known = memo.of(project)
        files = [path for name in folders for path in _files(project.raw / name)]
        return {f"data/{path.relative_to(project.raw.parent).as_posix()}": known.sha256(path) for path in files}
    return {path: digest for path, digest in kept.items() if path.split("/")[2] in folders}


def listed(project: Project, keys: Iterable[str]) -> dict[str, Any]:
    """Return what a copy of the project without raw data has to be told of them: folders, and checksums of files."""
    topics = [TOPICS[key] for key in keys]
    names = {name for topic in topics for name in (*topic.datasets, *topic.shared)}
    files = {path: digest for topic in topics for path, digest in _raw_sums(project, topic).items()}
    there = sorted(name for name in names if (project.raw / name).is_dir())
    return {"folders": there, "files": dict(sorted(files.items()))}


def lay_list(project: Project, raw: Mapping[str, Any]) -> None:
    """Make the folders of raw data in a copy of a project, empty, and the list of what they would hold."""
    for name in raw["folders"]:
        (project.raw / name).mkdir(parents=True, exist_ok=True)
    project.raw.mkdir(parents=True, exist_ok=True)
    (project.raw / LISTED).write_text(json.dumps(dict(raw)), encoding="utf-8")


def _code(package: Path, topic: Topic) -> Iterator[Path]:
    for name in (*_CODE, topic.key):
        yield from _files(package / name)


def _files(root: Path) -> list[Path]:
    found = [root] if root.is_file() else root.rglob("*")
    return sorted(path for path in found if path.is_file() and not _passing(path))


def _passing(path: Path) -> bool:
    """Whether a file comes and goes by itself: byte-code, or the lock of a file open in an office program."""
    return "__pycache__" in path.parts or path.name.startswith((".", "~$"))


def fresh(project: Project, topic: Topic) -> dict[str, Any]:
    """Return the record of the last build if the tables are whole and up to date, else nothing."""
    found = recorded(project, topic.key)
    return found if found.get("fingerprint") == fingerprint(project, topic) else {}


def record(project: Project, key: str) -> dict[str, Any]:
    """Return the record of a topic's last build.

    Raises
    ------
    DataError
        There is none, or it was made from other data or by other code than there is now.
    """
    topic = TOPICS[key]
    if not delivered(project, topic):
        wanted = ", ".join(f"data/raw/{name}" for name in topic.datasets)
        raise DataError(
            f"Brak danych do raportu {key}: proszę dostarczyć zbiory {wanted} albo utworzyć dane syntetyczne "
            "poleceniem `ropsanalysis demo`, a potem uruchomić `ropsanalysis build`."
        )
    found = recorded(project, key)
    if not found:
        raise DataError(f"Brak przetworzonych danych do raportu {key}. Proszę najpierw uruchomić `ropsanalysis build`.")
    if found.get("fingerprint") != fingerprint(project, topic):
        raise DataError(
            f"Dane lub kod zmieniły się od ostatniego przetworzenia (raport {key}). "
            "Proszę ponownie uruchomić `ropsanalysis build`."
        )
    return found


def tables(
    project: Project, key: str, *, only: Collection[str] | None = None
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Return a topic's record and its tables by name.

    Parameters
    ----------
    only
        Names of the tables that are wanted, where not all are; those that the topic has not are left out.

    Raises
    ------
    DataError
        The tables are missing, damaged or stale.
    """
    from ropsanalysis.io import store  # which imports pandas: who asks whether anything changed need not wait for it

    about = record(project, key)
    names = [name for name in about["tables"] if only is None or name in only]
    return about, {name: store.read_table(folder(project, key) / f"{name}.parquet") for name in names}


def edition(project: Project) -> str:
    """Return the default name of an edition: the last year that any topic's data reach."""
    years = [recorded(project, key).get("latest_year", 0) for key in TOPICS]
    return str(max(years))


def recorded(project: Project, key: str) -> dict[str, Any]:
    """Return the record of a topic's last build, stale or not; empty if it or any of the tables is missing."""
    place = folder(project, key)
    try:
        found: dict[str, Any] = json.loads((place / RECORD).read_text(encoding="utf-8"))
        whole = all((place / f"{name}.parquet").is_file() for name in found["tables"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if whole else {}


def changed(project: Project, key: str) -> list[str]:
    """Return what has changed since a topic's tables were built: names of files, topics and libraries."""
    now = inputs(project, TOPICS[key])
    try:
        before = json.loads((folder(project, key) / INPUTS).read_text(encoding="utf-8"))
        return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    except (OSError, ValueError, TypeError, AttributeError):
        return []
