"""From raw data to processed tables, once and over all regions: screening, statistics, provenance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ropsanalysis
from ropsanalysis.errors import DataError
from ropsanalysis.io import atomic, catalogue, provenance, screening, store
from ropsanalysis.io.paths import Project
from ropsanalysis.regional_diagnosis.assess import NationalTables, assess
from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters

TOPIC = "regional_diagnosis"
RECORD = "build.json"
#: Datasets the regional diagnosis is built from, as folders of data/raw.
DATASETS = ("gus_sdg", "bdl_context")
#: Tables besides the national ones.
INPUTS = ("observations", "indicators", "context")
TABLES = (*INPUTS, *(field.name for field in fields(NationalTables)))

#: Parts of the package whose change makes processed tables stale, and the libraries that compute them.
_CODE = ("stats", "regional_diagnosis", "io", "catalogue", "definitions.py", "regions.py")
_LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "pyarrow")


@dataclass(frozen=True, slots=True)
class Build:
    """What a build found and wrote.

    Attributes
    ----------
    folder
        Where the tables are.
    fresh
        Whether nothing had changed since the last build, so that nothing was computed.
    findings
        Findings of screening, none of them blocking.
    """

    folder: Path
    fresh: bool
    findings: tuple[screening.Finding, ...]


def screen(project: Project) -> screening.Screening:
    """Screen the raw data."""
    return screening.screen_regional(project.raw)


def build(project: Project, *, force: bool = False) -> Build:
    """Screen the raw data and compute every national table.

    Parameters
    ----------
    force
        Compute even where nothing has changed.

    Raises
    ------
    DataError
        Screening found something that stops the build; rejected rows are kept in
        `data/processed/rejected`, and the tables of the last good build stay as they are.
    """
    folder = project.processed / TOPIC
    mark = fingerprint(project)
    screened = screen(project)
    store.write_rejected(screened.rejected, project.rejected)
    if screened.blocking:
        raise DataError(screening.format_findings(screened.findings))
    if not force and _recorded(folder).get("fingerprint") == mark and _complete(folder):
        return Build(folder, fresh=True, findings=screened.findings)
    choices: dict[str, Any] = catalogue.parameter_values()
    tables = assess(
        screened.observations,
        screened.indicators,
        screened.context,
        parameters=DiagnosisParameters(**choices),
    )
    (folder / RECORD).unlink(missing_ok=True)  # without its record a half-written build counts as none
    for name in TABLES:
        store.write_table(getattr(screened if name in INPUTS else tables, name), folder / f"{name}.parquet")
    _write_record(project, folder, screened, mark)
    return Build(folder, fresh=False, findings=screened.findings)


def _write_record(project: Project, folder: Path, screened: screening.Screening, mark: str) -> None:
    about: dict[str, Any] = {
        "fingerprint": mark,
        "latest_year": int(screened.observations.dropna(subset=["value"])["year"].max()),
        "package_version": ropsanalysis.__version__,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "parameters": catalogue.parameter_values(),
        "findings": [asdict(finding) for finding in screened.findings],
        "datasets": {name: _dataset(project.raw / name) for name in DATASETS},
    }
    files = [replace(file, source=_source(project, file.path)) for file in screened.files]
    atomic.write_text(folder / RECORD, provenance.to_json(files, about=about))


def _source(project: Project, path: str) -> str:
    """Return who published a dataset's figures, as its importer noted."""
    name = next((name for name in DATASETS if name in Path(path).parts), "")
    return str(_dataset(project.raw / name).get("source", ""))


def _dataset(folder: Path) -> dict[str, Any]:
    """Return the provenance that the importer left with a dataset; empty for one without."""
    path = folder / "provenance.json"
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def fingerprint(project: Project) -> str:
    """Return a checksum of everything the tables depend on: data, code, catalogue, libraries."""
    digest = hashlib.sha256()
    for path in _inputs(project):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    digest.update(json.dumps({name: version(name) for name in _LIBRARIES}).encode())
    return digest.hexdigest()


def _inputs(project: Project) -> Iterator[Path]:
    package = Path(ropsanalysis.__file__).parent
    roots = [*(project.raw / name for name in DATASETS), *(package / name for name in _CODE)]
    for root in roots:
        found = [root] if root.is_file() else root.rglob("*")
        yield from sorted(p for p in found if p.is_file() and not _passing(p))


def _passing(path: Path) -> bool:
    """Whether a file comes and goes by itself: byte-code, or the lock of a file open in an office program."""
    return "__pycache__" in path.parts or path.name.startswith((".", "~$"))


def record(project: Project) -> dict[str, Any]:
    """Return the record of the last build.

    Raises
    ------
    DataError
        There is none, or it was made from other data or by other code than there is now.
    """
    folder = project.processed / TOPIC
    found = _recorded(folder)
    if not found or not _complete(folder):
        raise DataError("Brak przetworzonych danych. Proszę najpierw uruchomić `ropsanalysis build`.")
    if found.get("fingerprint") != fingerprint(project):
        raise DataError(
            "Dane lub kod zmieniły się od ostatniego przetworzenia. Proszę ponownie uruchomić `ropsanalysis build`."
        )
    return found


def _recorded(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _complete(folder: Path) -> bool:
    return all((folder / f"{name}.parquet").is_file() for name in TABLES)
