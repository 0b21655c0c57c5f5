"""Reads the catalogue: indicators, sections of the report, structural context, parameters of methods, survey terms."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

import pandas as pd
import yaml

from ropsanalysis.definitions import (
    DIRECTIONS,
    KINDS,
    MEASUREMENTS,
    STATUSES,
    ZERO_RULES,
    Direction,
    Kind,
    Measurement,
    Status,
    ZeroRule,
)
from ropsanalysis.errors import DataError

_Entry = TypeVar("_Entry")

SHORT_LENGTH: Final = 42
"""Longest label, in characters, that fits beside a chart."""
COMPETENCE_LENGTH: Final = 34
INSTITUTION_LENGTH: Final = 30
INSTITUTION_GROUPS: Final = ("assistance", "family", "social_economy")
FORM_LENGTH: Final = 30
MEASURE_CHAPTERS: Final = ("work", "reintegration", "finances")
MEASURE_KINDS: Final = ("total", "share", "mean", "quantile", "ratio", "index")
OUTCOME_LENGTH: Final = 20
OUTCOME_LEVELS: Final = ("person", "gmina")
OUTCOME_KINDS: Final = ("share", "mean", "ordinal", "scale", "duration")
OUTCOME_DIRECTIONS: Final = ("higher", "lower")
FORM_GROUPS: Final = ("reintegration", "cooperatives", "companies", "organisations", "kgw")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One series of the catalogue; see ``catalogue/indicators.yaml`` for the meaning of each field.

    Attributes
    ----------
    break_years
        First years of a new level, ascending.
    suffix
        Suffix of the columns in the source's file: ``""`` total, ``"_"`` urban, ``"__"`` rural.
    source_name
        Name in the source, where it differs from `name`.
    """

    indicator: str
    name: str
    short: str
    unit: str
    kind: Kind
    digits: int
    direction: Direction
    section: str
    definition: str
    source: str
    measurement: Measurement
    zero: ZeroRule
    break_years: tuple[int, ...] = ()
    break_reason: str = ""
    index_member: bool = False
    headline: bool = False
    caution: str = ""
    status: Status = "used"
    exclusion_reason: str = ""
    suffix: str = ""
    source_name: str = ""

    @property
    def comparable(self) -> bool:
        """Whether values of regions may be compared; counts grow with the region and may not."""
        return self.kind != "count"

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value that can be true, in the indicator's unit."""
        return (0.0, 100.0 if self.kind == "percent" else float("inf"))

    @property
    def source_code(self) -> str:
        """Code of the series in the source: variants share the code of their total."""
        return ".".join(self.indicator.split(".")[:3])


@dataclass(frozen=True, slots=True)
class ContextVariable:
    """One variable of the structural context, with its name in exports of the Local Data Bank."""

    indicator: str
    bdl_name: str
    name: str
    short: str
    unit: str
    digits: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the methods: its value, unit, and why it was chosen (Polish, for the report)."""

    name: str
    value: bool | int | float | str
    unit: str
    description: str
    reason: str


@dataclass(frozen=True, slots=True)
class Competence:
    """One competence that a survey of training needs asks about; `aliases` are other spellings in files."""

    key: str
    name: str
    short: str
    definition: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Institution:
    """One type of institution; `group` is assistance, family or social_economy."""

    key: str
    name: str
    short: str
    group: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalForm:
    """One legal form or kind of entity of the social economy.

    Attributes
    ----------
    group
        One of `FORM_GROUPS`.
    logged
        Whether its changes are listed one by one.
    most, most_source
        More entities than this in one voivodeship are not believed; where the number comes from (Polish).
    aliases
        Other spellings in files.
    """

    key: str
    name: str
    short: str
    group: str
    logged: bool
    most: int
    most_source: str
    aliases: tuple[str, ...] = ()

    @property
    def reintegration(self) -> bool:
        """Whether it is a unit of social and vocational reintegration."""
        return self.group == "reintegration"


@dataclass(frozen=True, slots=True)
class SurveyMeasure:
    """One measure from the survey of social economy entities.

    Attributes
    ----------
    unit
        Unit in print; "%" stands for a share from 0 to 1 that is printed in percent.
    digits
        Decimals in print.
    chapter
        One of `MEASURE_CHAPTERS`.
    kind
        One of `MEASURE_KINDS`.
    base
        What the value is about or relates to (Polish, for the report): a share without its base can be misread.
    """

    key: str
    name: str
    short: str
    unit: str
    digits: int
    chapter: str
    kind: str
    base: str


@dataclass(frozen=True, slots=True)
class ImpactOutcome:
    """One outcome of the report on social impact; see ``catalogue/impact_outcomes.yaml``.

    Attributes
    ----------
    level, kind, direction
        One of `OUTCOME_LEVELS`, `OUTCOME_KINDS`, `OUTCOME_DIRECTIONS`.
    unit
        Unit of a change; "%" stands for a share from 0 to 1 that is printed in percent.
    digits
        Decimals in print.
    low, high
        Smallest and largest possible value; None where there is none.
    items
        Items whose mean a scale is.
    """

    key: str
    level: str
    kind: str
    name: str
    short: str
    unit: str
    digits: int
    direction: str
    low: float | None = None
    high: float | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceGrade:
    """One grade of evidence: the verb it allows, and stems of words that lower grades must not use."""

    grade: int
    name: str
    verb: str
    stems: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question of a survey of training needs."""

    question: str
    option: str
    label: str
    aliases: tuple[str, ...] = ()


INDICATOR_COLUMNS: Final = (
    "indicator",
    "name",
    "short",
    "unit",
    "kind",
    "digits",
    "direction",
    "section",
    "definition",
    "source",
    "measurement",
    "break_years",
    "comparable",
    "index_member",
    "headline",
    "caution",
    "status",
    "exclusion_reason",
    "source_file",
    "source_commit",
)
"""Columns of the table of indicators, in order."""


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return all indicators, used and excluded, in the order of the report.

    Raises
    ------
    DataError
        If an entry lacks a field, has an unknown one, or a value outside its list.
    """
    entries = tuple(_indicator(entry) for entry in load_entries("indicators.yaml"))
    require_unique("indicators.yaml", [entry.indicator for entry in entries])
    require_unique("indicators.yaml", [entry.short for entry in entries])
    return entries


@cache
def sections() -> dict[str, str]:
    """Return the key and the Polish title of each section, in the order of the report."""
    return {str(key): str(title) for key, title in load_entries("sections.yaml").items()}


@cache
def context_variables() -> tuple[ContextVariable, ...]:
    """Return the variables of the structural context."""
    return tuple(build_entry(ContextVariable, entry, "context.yaml") for entry in load_entries("context.yaml"))


@cache
def parameters(name: str = "parameters") -> tuple[Parameter, ...]:
    """Return the parameters of the methods with their descriptions and reasons.

    Parameters
    ----------
    name
        Which file of the catalogue, such as ``parameters`` or ``training_parameters``.
    """
    file = f"{name}.yaml"
    entries = tuple(build_entry(Parameter, entry, file) for entry in load_entries(file))
    require_unique(file, [entry.name for entry in entries])
    return entries


def parameter_values(name: str = "parameters") -> dict[str, bool | int | float | str]:
    """Return the value of each parameter by name."""
    return {entry.name: entry.value for entry in parameters(name)}


@cache
def competences() -> tuple[Competence, ...]:
    """Return the competences of the survey of training needs, in the order of the report.

    Raises
    ------
    DataError
        If an entry lacks a field, has an unknown one, a label too long for a chart, or repeats another.
    """
    file = "competences.yaml"
    entries = tuple(build_entry(Competence, _with_aliases(entry), file) for entry in load_entries(file))
    require_terms(file, [(entry.key, entry.short) for entry in entries], COMPETENCE_LENGTH)
    return entries


@cache
def institutions() -> tuple[Institution, ...]:
    """Return the types of institution, in the order of the report.

    Raises
    ------
    DataError
        As for `competences`, or if a group is unknown.
    """
    file = "institutions.yaml"
    entries = tuple(build_entry(Institution, _with_aliases(entry), file) for entry in load_entries(file))
    require_terms(file, [(entry.key, entry.short) for entry in entries], INSTITUTION_LENGTH)
    for entry in entries:
        if entry.group not in INSTITUTION_GROUPS:
            allowed = ", ".join(INSTITUTION_GROUPS)
            raise DataError(f"Katalog {file}, wpis „{entry.key}”: grupa „{entry.group}” (dozwolone: {allowed}).")
    return entries


@cache
def legal_forms() -> tuple[LegalForm, ...]:
    """Return the legal forms of the social economy, in the order of the report.

    Raises
    ------
    DataError
        As for `institutions`, or if a bound is not positive or has no source.
    """
    file = "legal_forms.yaml"
    entries = tuple(build_entry(LegalForm, _with_aliases(entry), file) for entry in load_entries(file))
    require_terms(file, [(entry.key, entry.short) for entry in entries], FORM_LENGTH)
    for entry in entries:
        if entry.group not in FORM_GROUPS:
            allowed = ", ".join(FORM_GROUPS)
            raise DataError(f"Katalog {file}, wpis „{entry.key}”: grupa „{entry.group}” (dozwolone: {allowed}).")
        if entry.most < 1 or not entry.most_source:
            raise DataError(f"Katalog {file}, wpis „{entry.key}”: granica (most) musi być dodatnia i mieć źródło.")
    return entries


@cache
def measures() -> tuple[SurveyMeasure, ...]:
    """Return the measures from the survey of social economy entities, in the order of the report.

    Raises
    ------
    DataError
        If an entry lacks a field, has an unknown one, a label too long for a chart, repeats another, names no base, or
        has a chapter or kind that is not known.
    """
    file = "social_economy_measures.yaml"
    entries = tuple(build_entry(SurveyMeasure, entry, file) for entry in load_entries(file))
    require_terms(file, [(entry.key, entry.short) for entry in entries], SHORT_LENGTH)
    allowed = {"chapter": MEASURE_CHAPTERS, "kind": MEASURE_KINDS}
    for entry in entries:
        for name, values in allowed.items():
            if getattr(entry, name) not in values:
                found = getattr(entry, name)
                raise DataError(
                    f"Katalog {file}, wpis „{entry.key}”: {name} = „{found}” (dozwolone: {', '.join(values)})."
                )
        if not entry.base:
            raise DataError(f"Katalog {file}, wpis „{entry.key}”: brak podstawy (base), do której odnosi się wartość.")
    return entries


@cache
def impact_outcomes() -> tuple[ImpactOutcome, ...]:
    """Return the outcomes of the report on social impact, in the order of the report.

    Raises
    ------
    DataError
        If an entry lacks a field, has an unknown one, a label too long for a chart, repeats another, has a value
        outside its list, bounds the wrong way round, or is a scale without items or bounds.
    """
    file = "impact_outcomes.yaml"
    entries = tuple(
        build_entry(ImpactOutcome, {**entry, "items": tuple(entry.get("items", ()))}, file)
        for entry in load_entries(file)
    )
    require_terms(file, [(entry.key, entry.short) for entry in entries], OUTCOME_LENGTH)
    allowed = {"level": OUTCOME_LEVELS, "kind": OUTCOME_KINDS, "direction": OUTCOME_DIRECTIONS}
    for entry in entries:
        problems = [
            f"{name} = „{getattr(entry, name)}” (dozwolone: {', '.join(values)})"
            for name, values in allowed.items()
            if getattr(entry, name) not in values
        ]
        if (entry.kind == "scale") != bool(entry.items):
            problems.append("pozycje (items) ma skala i tylko skala")
        if entry.kind in ("scale", "ordinal", "duration") and None in (entry.low, entry.high):
            problems.append("brak granic (low, high)")
        if entry.low is not None and entry.high is not None and entry.low >= entry.high:
            problems.append("low musi być mniejsze niż high")
        if problems:
            raise DataError(f"Katalog {file}, wpis „{entry.key}”: {'; '.join(problems)}.")
    return entries


@cache
def evidence_grades() -> tuple[EvidenceGrade, ...]:
    """Return the grades of evidence, weakest first.

    Raises
    ------
    DataError
        If an entry lacks a field or has an unknown one, or the grades are not 0, 1, 2 and so on.
    """
    file = "evidence_grades.yaml"
    entries = tuple(
        build_entry(EvidenceGrade, {**entry, "stems": tuple(map(str, entry.get("stems", ())))}, file)
        for entry in load_entries(file)
    )
    require_unique(file, [entry.name for entry in entries])
    if [entry.grade for entry in entries] != list(range(len(entries))):
        raise DataError(f"Katalog {file}: stopnie muszą być kolejnymi liczbami od 0.")
    return entries


@cache
def survey_options() -> tuple[Option, ...]:
    """Return the answers to all closed questions of the survey of training needs, question by question."""
    file = "survey_options.yaml"
    entries = []
    for question, answers in load_entries(file).items():
        read = [build_entry(Option, _with_aliases({**answer, "question": question}), file) for answer in answers]
        require_unique(file, [answer.option for answer in read])
        require_unique(file, [answer.label for answer in read])
        entries.extend(read)
    return tuple(entries)


def competence_frame() -> pd.DataFrame:
    """Return the competences as a table: key, name, short."""
    return pd.DataFrame(
        [(entry.key, entry.name, entry.short) for entry in competences()], columns=["key", "name", "short"]
    )


def institution_frame() -> pd.DataFrame:
    """Return the types of institution as a table: key, name, short, group."""
    rows = [(entry.key, entry.name, entry.short, entry.group) for entry in institutions()]
    return pd.DataFrame(rows, columns=["key", "name", "short", "group"])


def legal_form_frame() -> pd.DataFrame:
    """Return the legal forms as a table: key, name, short, group, reintegration, logged."""
    columns = ["key", "name", "short", "group", "reintegration", "logged"]
    return pd.DataFrame([[getattr(entry, name) for name in columns] for entry in legal_forms()], columns=columns)


def measure_frame() -> pd.DataFrame:
    """Return the measures of the survey of entities as a table: key, name, short, unit, digits, chapter, kind, base."""
    columns = [field.name for field in fields(SurveyMeasure)]
    return pd.DataFrame([[getattr(entry, name) for name in columns] for entry in measures()], columns=columns)


def impact_outcome_frame() -> pd.DataFrame:
    """Return the outcomes as a table.

    Returns
    -------
    pandas.DataFrame
        Columns key, level, kind, name, short, unit, digits, direction, low, high (float64, NaN for none) and items
        (separated by commas).
    """
    columns = [field.name for field in fields(ImpactOutcome)]
    rows = [[getattr(entry, name) for name in columns[:-1]] + [",".join(entry.items)] for entry in impact_outcomes()]
    return pd.DataFrame(rows, columns=columns).astype({"digits": "int64", "low": "float64", "high": "float64"})


def option_frame() -> pd.DataFrame:
    """Return the answers as a table: question, option, label."""
    rows = [(entry.question, entry.option, entry.label) for entry in survey_options()]
    return pd.DataFrame(rows, columns=["question", "option", "label"])


def indicator_frame(source_files: dict[str, tuple[str, str]] | None = None) -> pd.DataFrame:
    """Return the table of indicators.

    Parameters
    ----------
    source_files
        For each code of the source its file and that file's commit; columns stay empty where absent.

    Returns
    -------
    pandas.DataFrame
        One row per indicator, columns `INDICATOR_COLUMNS`; break years as text separated by spaces.
    """
    rows = []
    for entry in indicators():
        file, commit = (source_files or {}).get(entry.source_code, ("", ""))
        values = {name: getattr(entry, name) for name in INDICATOR_COLUMNS if hasattr(entry, name)}
        values["break_years"] = " ".join(str(year) for year in entry.break_years)
        rows.append({**values, "source_file": file, "source_commit": commit})
    return pd.DataFrame(rows, columns=list(INDICATOR_COLUMNS))


#: The safe loader in C where the library has it: each report reads the catalogue, and it is ten times as quick.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_entries(name: str) -> Any:
    """Return what a YAML file of the catalogue holds.

    Raises
    ------
    DataError
        If the file is no YAML.
    """
    text = (files("ropsanalysis.catalogue") / name).read_text(encoding="utf-8")
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - safe, whichever of the two it is
    except yaml.YAMLError as error:
        raise DataError(f"Katalog {name} nie jest poprawnym plikiem YAML: {error}") from error


def build_entry(kind: type[_Entry], entry: dict[str, Any], file: str) -> _Entry:
    """Build a dataclass from an entry of a file.

    Raises
    ------
    DataError
        If the entry has a field that the dataclass does not know, or lacks one that it needs.
    """
    label = next((entry[name] for name in ("indicator", "key", "option", "name", "action") if name in entry), "")
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(entry) - known)
    if unknown:
        raise DataError(f"Katalog {file}, wpis „{label}”: nieznane pola {', '.join(unknown)}.")
    try:
        return kind(**entry)
    except TypeError as error:
        raise DataError(f"Katalog {file}, wpis „{label}”: brak wymaganego pola ({error}).") from error


def _indicator(entry: dict[str, Any]) -> Indicator:
    years = tuple(sorted(int(year) for year in entry.get("break_years", ())))
    built = build_entry(Indicator, {**entry, "break_years": years}, "indicators.yaml")
    allowed: dict[str, tuple[str, ...]] = {
        "kind": KINDS,
        "direction": DIRECTIONS,
        "measurement": MEASUREMENTS,
        "zero": ZERO_RULES,
        "status": STATUSES,
        "section": tuple(sections()),
        "suffix": ("", "_", "__"),
    }
    problems = [
        f"{name} = „{getattr(built, name)}” (dozwolone: {', '.join(values)})"
        for name, values in allowed.items()
        if getattr(built, name) not in values
    ]
    if len(built.short) > SHORT_LENGTH:
        problems.append(f"short ma {len(built.short)} znaków (najwyżej {SHORT_LENGTH})")
    if (built.status == "excluded") != bool(built.exclusion_reason):
        problems.append("wskaźnik wyłączony musi mieć podany powód, a używany nie może go mieć")
    if built.index_member and (built.direction == "neutral" or not built.comparable or built.status != "used"):
        problems.append("do wskaźnika złożonego wchodzą tylko używane wskaźniki porównywalne i o znanym kierunku")
    if built.break_years and not built.break_reason:
        problems.append("lata zmiany poziomu wymagają uzasadnienia (break_reason)")
    if problems:
        raise DataError(f"Katalog indicators.yaml, wpis „{built.indicator}”: {'; '.join(problems)}.")
    return built


def _with_aliases(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "aliases": tuple(str(alias) for alias in entry.get("aliases", ()))}


def require_terms(file: str, terms: list[tuple[str, str]], longest: int) -> None:
    """Refuse terms (key, short label) that repeat each other or whose label is too long for a chart."""
    require_unique(file, [key for key, _ in terms])
    require_unique(file, [short for _, short in terms])
    for key, short in terms:
        if len(short) > longest:
            raise DataError(f"Katalog {file}, wpis „{key}”: short ma {len(short)} znaków (najwyżej {longest}).")


def require_unique(file: str, names: list[str]) -> None:
    """Refuse names that occur twice."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(f"Katalog {file}: powtórzone wpisy {', '.join(repeated)}.")
