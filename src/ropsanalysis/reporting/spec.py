"""The reports there are, and the parameters each takes: checked before anything starts.

Papermill only warns of an unknown parameter and would turn a code such as "02" into 2 when it comes
from a command line. Here every value is checked against its declaration first.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from ropsanalysis.errors import ReportError, UsageError, did_you_mean
from ropsanalysis.regions import POLAND, REGIONS, Region, find
from ropsanalysis.units import LocalUnit

FORMATS = ("html", "pdf", "xlsx", "json", "ipynb")
#: What a run writes unless told otherwise; the executed notebook is for researchers who ask for it.
DEFAULT_FORMATS = ("html", "pdf", "xlsx", "json")

Scalar = str | int | float | bool
#: What a report may be made for, and one such area.
Level = Literal["country", "voivodeship", "powiat", "gmina"]
Area = Region | LocalUnit
#: Levels with so many areas that a report on them is only made where it is asked for.
LOCAL: Final[tuple[Level, ...]] = ("powiat", "gmina")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a report's notebook."""

    name: str
    kind: type[Scalar]
    default: Scalar
    help: str


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A report: the notebook `notebooks/<key>.ipynb` and what it needs.

    Attributes
    ----------
    key
        The one name of the report: notebook, package, command-line word and file.
    title, short
        Polish title, and one word for it where there is little room.
    parameters
        What its notebook takes, beside those that the batch fills in itself.
    levels
        What it is made for: the country, each voivodeship, or each powiat and gmina.
    """

    key: str
    title: str
    short: str
    parameters: tuple[Parameter, ...]
    levels: tuple[Level, ...] = ("voivodeship",)

    @property
    def country(self) -> bool:
        """Whether it is one report on the whole country."""
        return "country" in self.levels

    @property
    def local(self) -> bool:
        """Whether it is made for gminas or powiats, which the list of territorial units names."""
        return any(level in LOCAL for level in self.levels)

    def areas(self, named: Sequence[Region]) -> tuple[Region, ...]:
        """Return those of the named areas that the report is made for; all of them where none is named.

        Of gminas and powiats there are none here: see `ropsanalysis.reporting.areas`.
        """
        own = (POLAND,) if self.country else () if self.local else REGIONS
        return tuple(area for area in own if not named or area in named)

    def fill(self, area: Area, edition: str) -> dict[str, Scalar]:
        """Return the parameters that the batch sets for a run."""
        values = {"region": area.teryt, "unit": area.teryt, "edition": edition}
        return {p.name: values[p.name] for p in self.parameters if p.name in FILLED_IN}

    def check(self, values: Mapping[str, str]) -> dict[str, Scalar]:
        """Return the parameters given on the command line, with their types.

        Raises
        ------
        UsageError
            A name is unknown, or a value is not of the declared type.
        """
        own = {p.name: p for p in self.parameters if p.name not in FILLED_IN}
        typed: dict[str, Scalar] = {}
        for name, text in values.items():
            if name not in own:
                known = f"Known parameters: {', '.join(own) or 'none'}."
                raise UsageError(f"Unknown parameter '{name}' of report '{self.key}'.{did_you_mean(name, own)} {known}")
            typed[name] = _typed(own[name], text)
        return typed


#: How the whole country is named on the command line.
_COUNTRY = frozenset({POLAND.teryt, POLAND.folder, "polska", "poland"})
#: Parameters that the batch sets for each run.
FILLED_IN = frozenset({"region", "unit", "edition"})


_EDITION = Parameter("edition", str, "", "edition printed on the report; empty: last year of data")


def _own_and_edition(region: str) -> tuple[Parameter, ...]:
    return (Parameter("region", str, region, "voivodeship: TERYT code or name"), _EDITION)


REPORTS: dict[str, ReportSpec] = {
    spec.key: spec
    for spec in (
        ReportSpec("regional_diagnosis", "Diagnoza sytuacji regionalnej", "diagnoza", _own_and_edition("28")),
        ReportSpec("training_needs", "Diagnoza potrzeb szkoleniowych", "szkolenia", _own_and_edition("26")),
        ReportSpec("social_economy", "Ekonomia społeczna", "ekonomia społeczna", _own_and_edition("14")),
        ReportSpec("social_impact", "Oddziaływanie społeczne", "oddziaływanie", _own_and_edition("28")),
        ReportSpec("project_monitoring", "Monitoring projektu koordynacyjnego", "projekt", _own_and_edition("26")),
        ReportSpec("cooperation", "Modele kooperacji", "kooperacja", _own_and_edition("04")),
        ReportSpec("national_summary", "Podsumowanie krajowe", "podsumowanie", (_EDITION,), levels=("country",)),
        ReportSpec(
            "local_diagnosis",
            "Diagnoza lokalna",
            "diagnoza lokalna",
            (Parameter("unit", str, "2801011", "gmina or powiat: TERYT code or name"), _EDITION),
            levels=LOCAL,
        ),
    )
}


def _typed(parameter: Parameter, text: str) -> Scalar:
    if parameter.kind is bool:
        if text.lower() in {"true", "yes", "1", "tak"}:
            return True
        if text.lower() in {"false", "no", "0", "nie"}:
            return False
        raise UsageError(f"Parameter '{parameter.name}' takes true or false, not '{text}'.")
    try:
        return parameter.kind(text)
    except ValueError as error:
        kind = {int: "a whole number", float: "a number"}[parameter.kind]  # str cannot fail
        raise UsageError(f"Parameter '{parameter.name}' takes {kind}, not '{text}'.") from error


def find_reports(keys: Iterable[str]) -> list[ReportSpec]:
    """Return the named reports.

    Raises
    ------
    UsageError
        There is no such report.
    """
    specs = []
    for key in keys:
        if key not in REPORTS:
            raise UsageError(f"There is no report '{key}'.{did_you_mean(key, REPORTS)} Reports: {', '.join(REPORTS)}.")
        specs.append(REPORTS[key])
    return specs


def find_regions(names: Iterable[str]) -> list[Region]:
    """Return the named voivodeships, and Poland where named, in order of their codes."""
    found = {POLAND.teryt if name.strip().casefold() in _COUNTRY else find(name).teryt for name in names}
    return [region for region in (POLAND, *REGIONS) if region.teryt in found]


def find_formats(text: str) -> tuple[str, ...]:
    """Return the formats named in a comma-separated text.

    Raises
    ------
    UsageError
        A format is unknown, or none is named.
    """
    names = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    for name in names:
        if name not in FORMATS:
            raise UsageError(
                f"There is no format '{name}'.{did_you_mean(name, FORMATS)} Formats: {', '.join(FORMATS)}."
            )
    if not names:
        raise UsageError(f"No format named. Formats: {', '.join(FORMATS)}.")
    return names


def read_notebook_parameters(path: Path) -> dict[str, Any]:
    """Return name and default of each parameter as the notebook's own cell declares them.

    Raises
    ------
    ReportError
        The file is not a notebook, or has no cell tagged `parameters` with plain assignments.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
        sources = ["".join(cell["source"]) for cell in cells]
    except FileNotFoundError as error:
        raise ReportError(f"{path.name} is missing from notebooks/; restore it from the project.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(
            f"{path.name} is not a readable notebook ({type(error).__name__}: {error}); "
            "restore it, for example with `git checkout -- notebooks/`."
        ) from error
    if len(cells) != 1:
        raise ReportError(f"{path.name} has {len(cells)} cells tagged 'parameters'; it needs exactly one.")
    return _assignments(sources[0], name=path.name)


def _assignments(source: str, *, name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    try:
        for statement in ast.parse(source).body:
            if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
                raise ReportError(f"{name}: each line of the parameters cell reads `name: type = default  # help`.")
            values[statement.target.id] = ast.literal_eval(statement.value) if statement.value else None
    except (SyntaxError, ValueError) as error:
        raise ReportError(f"{name}: the parameters cell is not plain assignments ({error}).") from error
    return values


def check_notebook(spec: ReportSpec, folder: Path) -> Path:
    """Return the report's notebook after checking that it declares the report's parameters.

    Raises
    ------
    ReportError
        The notebook is missing, unreadable, or its parameters differ from the declared ones.
    """
    path = folder / f"{spec.key}.ipynb"
    declared = {p.name: p.default for p in spec.parameters}
    found = read_notebook_parameters(path)
    if found != declared:
        raise ReportError(
            f"{path.name}: its parameters cell says {found}, the report '{spec.key}' declares {declared}."
        )
    return path
