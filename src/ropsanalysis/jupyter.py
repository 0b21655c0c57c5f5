"""What a notebook calls to get its data: the same few words in JupyterLab and in a batch.

from ropsanalysis import jupyter
diagnosis = jupyter.regional_diagnosis(region, edition=edition)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.errors import DataError
from ropsanalysis.io import boundaries as outlines
from ropsanalysis.io import built, catalogue, local_areas, local_catalogue, project_catalogue
from ropsanalysis.io.paths import Project
from ropsanalysis.local_diagnosis.assess import PARTS, part
from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present.maps import Shapes
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis
from ropsanalysis.regions import find
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.training_needs.view import TrainingNeeds


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
    about, tables = built.tables(Project.current(), "regional_diagnosis")
    return RegionalDiagnosis.read(
        find(region), tables, sections=catalogue.sections(), **_origin(about, edition, "parameters")
    )


def training_needs(region: str, *, edition: str = "") -> TrainingNeeds:
    """Return the training needs of one voivodeship from the built, protected tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the year of the survey.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale, or the survey does not cover the voivodeship.
    """
    about, tables = built.tables(Project.current(), "training_needs")
    chosen = find(region)
    if chosen.teryt not in about["regions"]:
        raise DataError(f"Badanie nie obejmuje województwa {chosen.genitive}: brak odpowiedzi z tego województwa.")
    return TrainingNeeds.read(chosen, tables, **_origin(about, edition, "training_parameters"))


def social_economy(region: str, *, edition: str = "") -> SocialEconomy:
    """Return the condition of the social economy of one voivodeship from the built, protected tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the year of the registers.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale, or no register covers the voivodeship.
    """
    about, tables = built.tables(Project.current(), "social_economy")
    chosen = find(region)
    if chosen.teryt not in about["regions"]:
        raise DataError(
            f"Rejestry nie obejmują województwa {chosen.genitive}: brak w nich podmiotów z tego województwa."
        )
    return SocialEconomy.read(
        chosen,
        tables,
        measures=catalogue.measure_frame(),
        **_datasets(about),
        **_origin(about, edition, "social_economy_parameters"),
    )


def social_impact(region: str, *, edition: str = "") -> SocialImpact:
    """Return the social impact in one voivodeship from the built, protected tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the last year that the data describe.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale, or nothing was delivered about the voivodeship.
    """
    about, tables = built.tables(Project.current(), "social_impact")
    chosen = find(region)
    if chosen.teryt not in about["regions"]:
        raise DataError(f"Dane o oddziaływaniu społecznym nie obejmują województwa {chosen.genitive}.")
    return SocialImpact.read(
        chosen,
        tables,
        grades=catalogue.evidence_grades(),
        **_datasets(about),
        **_origin(about, edition, "impact_parameters"),
    )


def project_monitoring(region: str, *, edition: str = "") -> ProjectMonitoring:
    """Return where the coordination project of one voivodeship stands, from the built, protected tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the year of the data.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale, or no card of a project of the voivodeship was delivered.
    """
    about, tables = built.tables(Project.current(), "project_monitoring")
    chosen = find(region)
    if chosen.teryt not in about["regions"]:
        raise DataError(f"Dane o projektach koordynacyjnych nie obejmują województwa {chosen.genitive}.")
    return ProjectMonitoring.read(
        chosen,
        tables,
        **_datasets(about),
        labels={question: project_catalogue.labels(question) for question in project_catalogue.VOCABULARIES},
        **_origin(about, edition, "monitoring_parameters"),
    )


def national_summary(*, edition: str = "") -> NationalSummary:
    """Return what the reports on all voivodeships say, side by side, from their built tables.

    Parameters
    ----------
    edition
        Printed on the report; by default the last year that any of the reports reaches.

    Raises
    ------
    DataError
        The tables are missing or stale.
    """
    about, tables = built.tables(Project.current(), "national_summary")
    datasets = about["datasets"]
    return NationalSummary.read(
        tables,
        edition=edition or str(about["latest_year"]),
        choices=(),
        files=(),
        synthetic=about["synthetic"],
        synthetic_datasets=frozenset(name for name, dataset in datasets.items() if dataset["synthetic"]),
        sources={name: dataset["source"] for name, dataset in datasets.items()},
    )


def cooperation(region: str, *, edition: str = "") -> Cooperation:
    """Return the cooperation models of one voivodeship from the built, protected tables.

    Parameters
    ----------
    region
        TERYT code or name in any usual spelling.
    edition
        Printed on the report; by default the last year that the data describe.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The tables are missing or stale, or no pilot of the voivodeship was delivered.
    """
    about, tables = built.tables(Project.current(), "cooperation")
    chosen = find(region)
    if chosen.teryt not in about["regions"]:
        raise DataError(f"Dane o modelach kooperacji nie obejmują województwa {chosen.genitive}: brak w nich pilotaży.")
    return Cooperation.read(
        chosen,
        tables,
        **_datasets(about),
        **_origin(about, edition, "cooperation_parameters"),
    )


def local_diagnosis(unit: str, *, edition: str = "") -> LocalDiagnosis:
    """Return the diagnosis of one gmina or powiat from the built tables of its voivodeship.

    Parameters
    ----------
    unit
        TERYT code (six or seven digits of a gmina, four of a powiat), or a name that only one unit has.
    edition
        Printed on the report; by default the latest year of the data.

    Raises
    ------
    UsageError
        There is no such unit, or several have the name.
    DataError
        The tables are missing or stale, or the data do not cover the voivodeship.
    """
    project = Project.current()
    [chosen] = local_areas.find_areas([unit], local_areas.read_areas(project.raw))
    own = {name: part(name, chosen.region.teryt) for name in PARTS}
    about, tables = built.tables(project, "local_diagnosis", only=("indicators", *own.values()))
    if chosen.region.teryt not in about["regions"]:
        raise DataError(f"Dane o gminach i powiatach nie obejmują województwa {chosen.region.genitive}.")
    return LocalDiagnosis.read(
        chosen,
        {"indicators": tables["indicators"], **{name: tables[whole] for name, whole in own.items()}},
        sections=local_catalogue.sections(),
        sources=_datasets(about)["sources"],
        **_origin(about, edition, "local_parameters"),
    )


#: What is printed as the source of a dataset that an office delivered without naming one.
_SOURCES: Final = {
    "es_register": "rejestry podmiotów ekonomii społecznej",
    "gmina_population": "liczba ludności gmin",
    "es_survey": "badanie podmiotów ekonomii społecznej",
    "owes_support": "dane o wsparciu OWES",
    "es_programme": "regionalny program rozwoju ekonomii społecznej",
    "impact_panel": "pomiary u uczestników i w grupie porównawczej",
    "jst_panel": "dane gmin w kolejnych latach",
    "impact_map": "mapa oddziaływania",
    "impact_costs": "nakłady według płatników",
    "price_index": "wskaźnik cen towarów i usług konsumpcyjnych",
    "project_card": "karta projektu",
    "project_participants": "ewidencja uczestników projektu",
    "supported_entities": "ewidencja podmiotów objętych wsparciem",
    "lpdi": "wykaz lokalnych planów deinstytucjonalizacji",
    "cus": "wykaz centrów usług społecznych",
    "foster_care": "dane o pieczy zastępczej",
    "project_activities": "rejestr działań projektu",
    "project_budget": "budżet projektu",
    "project_payments": "rejestr wydatków projektu",
    "cooperation_network": "pilotaże, partnerzy i powiązania",
    "cooperation_cases": "sprawy, koszyki usług i cele",
    "cooperation_effects": "efekty i coaching według ośrodków",
    "bdl_local": "GUS, Bank Danych Lokalnych",
}


def boundaries() -> Shapes | None:
    """Return outlines of the voivodeships where `data/raw/boundaries` holds a file, else None.

    Raises
    ------
    DataError
        The file is not one of voivodeship outlines.
    """
    path = outlines.find_file(Project.current().raw / "boundaries")
    return None if path is None else outlines.read(path)


def powiat_boundaries(region: str) -> Shapes | None:
    """Return outlines of a voivodeship's powiats where `data/raw/boundaries` holds a file of powiats, else None.

    Raises
    ------
    UsageError
        There is no such voivodeship.
    DataError
        The file is not one of powiat outlines.
    """
    path = outlines.find_powiats(Project.current().raw / "boundaries")
    return None if path is None else outlines.read_powiats(path, find(region).teryt)


class _Datasets(TypedDict):
    """What a view is told of each dataset that was delivered."""

    synthetic_datasets: frozenset[str]
    sources: dict[str, str]


def _datasets(about: Mapping[str, Any]) -> _Datasets:
    """Return which datasets are made up, and the source of each; those of which there is no file are left out."""
    folders = {folder for file in about["files"] for folder in file["path"].split("/")}
    there = {name: dataset for name, dataset in about["datasets"].items() if name in folders}
    return {
        "synthetic_datasets": frozenset(name for name, dataset in there.items() if dataset.get("synthetic")),
        "sources": {name: dataset.get("source") or _SOURCES.get(name, "") for name, dataset in there.items()},
    }


class _Origin(TypedDict):
    """What every view is told of where its tables come from."""

    edition: str
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool


def _origin(about: Mapping[str, Any], edition: str, parameters: str) -> _Origin:
    return {
        "edition": edition or str(about["latest_year"]),
        "choices": tuple(Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters(parameters)),
        "files": tuple(
            SourceFile(f["path"], f["sha256"], f["bytes"], f["rows_in"], f["rows_out"], f["source"])
            for f in about["files"]
        ),
        "synthetic": about["synthetic"],
    }
