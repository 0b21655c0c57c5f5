"""From raw data to processed tables, once and over all regions: screening, statistics, provenance."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

import ropsanalysis
from ropsanalysis.cooperation.assess import assess as assess_cooperation
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.errors import DataError, RopsError
from ropsanalysis.io import (
    atomic,
    built,
    catalogue,
    cooperation,
    local_diagnosis,
    memo,
    project_monitoring,
    provenance,
    screening,
    social_economy,
    social_impact,
    store,
    training,
)
from ropsanalysis.io.built import TOPICS, Topic
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.paths import Project
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.local_diagnosis.assess import assess as assess_local
from ropsanalysis.local_diagnosis.assess import covered_voivodeships
from ropsanalysis.local_diagnosis.parameters import LocalParameters
from ropsanalysis.national_summary.assess import Built as BuiltReport
from ropsanalysis.national_summary.assess import assess as summarise
from ropsanalysis.project_monitoring.assess import assess as assess_project_monitoring
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.regional_diagnosis.assess import assess as assess_regions
from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regions import POLAND
from ropsanalysis.reporting.spec import REPORTS
from ropsanalysis.social_economy.assess import assess as assess_social_economy
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_impact.assess import assess as assess_social_impact
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.training_needs.assess import assess as assess_training
from ropsanalysis.training_needs.parameters import TrainingParameters


class Screened(Protocol):
    """What screening of any topic's data leaves."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...  # noqa: D102
    @property
    def rejected(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def files(self) -> tuple[FileRecord, ...]: ...  # noqa: D102
    @property
    def blocking(self) -> tuple[Finding, ...]: ...  # noqa: D102


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
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Computed:
    tables: Mapping[str, pd.DataFrame]
    parameters: Mapping[str, Any]
    latest_year: int
    regions: tuple[str, ...]


def _compute_regional(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values()
    inputs = {name: getattr(screened, name) for name in ("observations", "indicators", "context")}
    national = assess_regions(**inputs, parameters=DiagnosisParameters(**parameters))
    known = screened.observations.dropna(subset=["value"])
    return _Computed(
        tables={**inputs, **_frames(national)},
        parameters=parameters,
        latest_year=int(known["year"].max()),
        regions=_regions(known["teryt"]),
    )


def _compute_training(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("training_parameters")
    national = assess_training(screened.inputs, parameters=TrainingParameters(**parameters))
    return _Computed(
        tables=_frames(national),
        parameters=parameters,
        latest_year=screened.inputs.survey.year,
        regions=_regions(screened.inputs.survey.respondents["teryt"]),
    )


def _compute_social_economy(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("social_economy_parameters")
    inputs = screened.inputs
    return _Computed(
        tables=assess_social_economy(inputs, parameters=SocialEconomyParameters(**parameters)),
        parameters=parameters,
        latest_year=int(inputs.as_of.year),
        regions=_regions(inputs.spells["teryt"].str[:2]),
    )


def _compute_social_impact(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("impact_parameters")
    inputs = screened.inputs
    places = (inputs.panel["teryt"], inputs.jst["teryt"].str[:2], inputs.impact_map["teryt"])
    return _Computed(
        tables=assess_social_impact(inputs, parameters=SocialImpactParameters(**parameters)),
        parameters=parameters,
        latest_year=inputs.year,
        regions=_regions(pd.concat(places)),
    )


def _compute_project_monitoring(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("monitoring_parameters")
    inputs = screened.inputs
    return _Computed(
        tables=assess_project_monitoring(inputs, parameters=MonitoringParameters(**parameters)),
        parameters=parameters,
        latest_year=inputs.year,
        regions=_regions(inputs.cards["teryt"]),
    )


def _compute_cooperation(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("cooperation_parameters")
    inputs = screened.inputs
    return _Computed(
        tables=assess_cooperation(inputs, parameters=CooperationParameters(**parameters)),
        parameters=parameters,
        latest_year=inputs.year,
        regions=_regions(inputs.pilots["teryt"]),
    )


def _compute_local(screened: Any) -> _Computed:
    parameters: dict[str, Any] = catalogue.parameter_values("local_parameters")
    inputs = screened.inputs
    return _Computed(
        tables=assess_local(inputs, parameters=LocalParameters(**parameters)),
        parameters=parameters,
        latest_year=inputs.latest_year,
        regions=covered_voivodeships(inputs),
    )


def _frames(tables: Any) -> dict[str, pd.DataFrame]:
    return {field.name: getattr(tables, field.name) for field in fields(tables)}


def _regions(codes: pd.Series[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes.unique()) - {POLAND.teryt}))


_SCREEN: Mapping[str, Callable[[Path], Any]] = {
    "regional_diagnosis": screening.screen_regional,
    "training_needs": training.screen_training,
    "social_economy": social_economy.screen_social_economy,
    "social_impact": social_impact.screen_social_impact,
    "project_monitoring": project_monitoring.screen_project_monitoring,
    "cooperation": cooperation.screen_cooperation,
    "local_diagnosis": local_diagnosis.screen_local,
}
_COMPUTE: Mapping[str, Callable[[Any], _Computed]] = {
    "regional_diagnosis": _compute_regional,
    "training_needs": _compute_training,
    "social_economy": _compute_social_economy,
    "social_impact": _compute_social_impact,
    "project_monitoring": _compute_project_monitoring,
    "cooperation": _compute_cooperation,
    "local_diagnosis": _compute_local,
}


def screen(project: Project, topics: Sequence[Topic] = tuple(TOPICS.values())) -> dict[str, Screened]:
    """Screen the raw data of each topic that has any."""
    found: dict[str, Screened] = {}
    for topic in topics:
        if not topic.derived_from and built.delivered(project, topic):
            with no_values_in_messages(topic):
                found[topic.key] = _SCREEN[topic.key](project.raw)
    return found


def build(project: Project, *, force: bool = False) -> list[Build]:
    """Screen the raw data of every topic and compute its tables, over all regions.

    Parameters
    ----------
    force
        Compute even where nothing has changed.

    Raises
    ------
    DataError
        Screening found something that stops the build; rejected rows are kept in
        `data/processed/rejected`, what a person should decide in `data/processed/review`, and the tables of the last
        good build stay as they are.
    DisclosureError
        Counts that would give somebody away could not be protected; that topic has no tables then.
    """
    records = {} if force else {key: built.fresh(project, topic) for key, topic in TOPICS.items()}
    stale = [topic for key, topic in TOPICS.items() if not records.get(key) and built.delivered(project, topic)]
    marks = {topic.key: built.fingerprint(project, topic) for topic in stale}
    screened = screen(project, stale)
    for key, one in screened.items():
        store.write_rejected(one.rejected, project.rejected / key)
        store.write_review(getattr(one, "review", None), project.review / f"{key}.csv")
    if any(one.blocking for one in screened.values()):
        raise DataError(screening.format_findings([f for one in screened.values() for f in one.findings]))
    done = []
    for key in TOPICS:
        if key in screened:
            _build_one(project, TOPICS[key], screened[key], marks[key])
            done.append(Build(built.folder(project, key), fresh=False, findings=screened[key].findings))
        elif key in marks:
            _build_derived(project, TOPICS[key], marks[key])
            done.append(Build(built.folder(project, key), fresh=False, findings=()))
        elif record := records.get(key):
            done.append(_unchanged(built.folder(project, key), record))
    memo.of(project).save()
    return done


def _unchanged(folder: Path, record: Mapping[str, Any]) -> Build:
    return Build(folder, fresh=True, findings=tuple(Finding(**finding) for finding in record["findings"]))


def _build_one(project: Project, topic: Topic, screened: Screened, mark: str) -> None:
    with no_values_in_messages(topic):
        computed = _COMPUTE[topic.key](screened)
    datasets = {name: _dataset(project.raw / name) for name in (*topic.datasets, *topic.shared)}
    files = [replace(file, source=file.source or _source(datasets, file.path)) for file in screened.files]
    _store(project, topic, computed, mark, datasets=datasets, findings=screened.findings, files=files)


def _build_derived(project: Project, topic: Topic, mark: str) -> None:
    """Build a topic from the published tables of others, which are built by now."""
    sources = [key for key in topic.derived_from if built.delivered(project, TOPICS[key])]
    found = {key: built.tables(project, key) for key in sources}
    reports = {
        key: BuiltReport(
            title=REPORTS[key].title,
            tables=tables,
            regions=tuple(about["regions"]),
            year=about["latest_year"],
            synthetic=about["synthetic"],
            fingerprint=about["fingerprint"],
        )
        for key, (about, tables) in found.items()
    }
    computed = _Computed(
        tables=summarise(reports),
        parameters={},
        latest_year=max(report.year for report in reports.values()),
        regions=(POLAND.teryt,),
    )
    datasets = {key: {"source": report.title, "synthetic": report.synthetic} for key, report in reports.items()}
    _store(project, topic, computed, mark, datasets=datasets, findings=(), files=())


def _store(
    project: Project,
    topic: Topic,
    computed: _Computed,
    mark: str,
    *,
    datasets: Mapping[str, Mapping[str, Any]],
    findings: Sequence[Finding],
    files: Sequence[FileRecord],
) -> None:
    """Write a topic's tables and the record of their build."""
    folder = built.folder(project, topic.key)
    (folder / built.RECORD).unlink(missing_ok=True)  # without its record a half-written build counts as none
    for name, table in computed.tables.items():
        store.write_table(table, folder / f"{name}.parquet")
    about: dict[str, Any] = {
        "fingerprint": mark,
        "latest_year": computed.latest_year,
        "regions": computed.regions,
        "synthetic": any(dataset.get("synthetic", False) for dataset in datasets.values()),
        "tables": list(computed.tables),
        "package_version": ropsanalysis.__version__,
        "code": built.code_digest(project, topic),
        "libraries": {name: version(name) for name in built.LIBRARIES},
        "parameters": dict(computed.parameters),
        "findings": [asdict(finding) for finding in findings],
        "datasets": datasets,
    }
    atomic.write_text(folder / built.INPUTS, json.dumps(built.inputs(project, topic), ensure_ascii=False, indent=1))
    atomic.write_text(folder / built.RECORD, provenance.to_json(files, about=about))


@contextmanager
def no_values_in_messages(topic: Topic) -> Iterator[None]:
    """Let no value of a person reach a message: of an unforeseen error only its kind and place are told."""
    try:
        yield
    except (RopsError, MemoryError):
        raise
    except Exception as error:
        if not topic.confidential:
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}, line {last.lineno}, in {last.name}"
        raise RopsError(
            f"{topic.key}: unexpected {type(error).__name__} ({place}). The data are confidential, so its message "
            "is not shown. Please report this place, without any data."
        ) from None


def _source(datasets: Mapping[str, Mapping[str, Any]], path: str) -> str:
    """Return who published a dataset's figures, as its importer noted."""
    name = next((name for name in datasets if name in Path(path).parts), "")
    return str(datasets.get(name, {}).get("source", ""))


def _dataset(folder: Path) -> dict[str, Any]:
    """Return the provenance that the importer left with a dataset; empty for one without."""
    path = folder / "provenance.json"
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
