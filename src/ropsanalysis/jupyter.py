"""What a notebook calls to get its data: the same few words in JupyterLab and in a batch.

from ropsanalysis import jupyter
diagnosis = jupyter.regional_diagnosis(region, edition=edition)
"""

from __future__ import annotations

import os
from pathlib import Path

from ropsanalysis.io import boundaries as outlines
from ropsanalysis.io import catalogue, store
from ropsanalysis.io.paths import Project
from ropsanalysis.present.maps import Shapes
from ropsanalysis.regional_diagnosis.records import Choice, SourceFile
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis
from ropsanalysis.regions import find
from ropsanalysis.reporting import build
from ropsanalysis.reporting.worker import PROJECT_VARIABLE


def project() -> Project:
    """Return the project that the notebook belongs to.

    Raises
    ------
    UsageError
        The notebook lies outside a project folder.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    return Project(Path(named)) if named else Project.find()


def regional_diagnosis(region: str, *, edition: str = "") -> RegionalDiagnosis:
    """Return the diagnosis of one voivodeship from the built tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the latest year of the data.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale; the message says to build them.
    """
    here = project()
    record = build.record(here)
    tables = {name: store.read_table(here.processed / build.TOPIC / f"{name}.parquet") for name in build.TABLES}
    return RegionalDiagnosis.read(
        find(region),
        tables,
        edition=edition or str(record["latest_year"]),
        sections=catalogue.sections(),
        choices=tuple(Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters()),
        files=tuple(
            SourceFile(f["path"], f["sha256"], f["bytes"], f["rows_in"], f["rows_out"], f["source"])
            for f in record["files"]
        ),
        synthetic=any(dataset.get("synthetic", False) for dataset in record["datasets"].values()),
    )


def boundaries() -> Shapes | None:
    """Return outlines of the voivodeships where `data/raw/boundaries` holds a file, else None.

    Raises
    ------
    DataError
        The file is not one of voivodeship outlines.
    """
    path = outlines.find_file(project().raw / "boundaries")
    return None if path is None else outlines.read(path)
