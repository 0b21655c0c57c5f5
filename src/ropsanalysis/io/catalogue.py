"""Reads the catalogue: indicators, sections of the report, structural context, parameters of methods."""

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
    value: int | float
    unit: str
    description: str
    reason: str


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
    entries = tuple(_indicator(entry) for entry in _load("indicators.yaml"))
    _require_unique("indicators.yaml", [entry.indicator for entry in entries])
    _require_unique("indicators.yaml", [entry.short for entry in entries])
    return entries


@cache
def sections() -> dict[str, str]:
    """Return the key and the Polish title of each section, in the order of the report."""
    return {str(key): str(title) for key, title in _load("sections.yaml").items()}


@cache
def context_variables() -> tuple[ContextVariable, ...]:
    """Return the variables of the structural context."""
    return tuple(_build(ContextVariable, entry, "context.yaml") for entry in _load("context.yaml"))


@cache
def parameters() -> tuple[Parameter, ...]:
    """Return the parameters of the methods with their descriptions and reasons."""
    entries = tuple(_build(Parameter, entry, "parameters.yaml") for entry in _load("parameters.yaml"))
    _require_unique("parameters.yaml", [entry.name for entry in entries])
    return entries


def parameter_values() -> dict[str, int | float]:
    """Return the value of each parameter by name."""
    return {entry.name: entry.value for entry in parameters()}


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


def _load(name: str) -> Any:
    text = (files("ropsanalysis.catalogue") / name).read_text(encoding="utf-8")
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise DataError(f"Katalog {name} nie jest poprawnym plikiem YAML: {error}") from error


def _build(kind: type[_Entry], entry: dict[str, Any], file: str) -> _Entry:
    label = entry.get("indicator") or entry.get("name")
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
    built = _build(Indicator, {**entry, "break_years": years}, "indicators.yaml")
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


def _require_unique(file: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(f"Katalog {file}: powtórzone wpisy {', '.join(repeated)}.")
