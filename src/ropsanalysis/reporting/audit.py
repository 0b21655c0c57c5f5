"""The list behind a number of the monitoring of projects, for the office's own machine alone.

The raw data are screened anew and every person or unit is listed, by pseudonym or code, with the rows of the file that
speak of it. No report, table or edition ever holds such a list: rendering does not know this module, and a list is not
written to where editions, tables or raw data lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ropsanalysis.errors import DataError, RopsError, UsageError, did_you_mean
from ropsanalysis.io import atomic, built, catalogue, tabular
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project
from ropsanalysis.io.screening import format_findings
from ropsanalysis.project_monitoring.ledger import RULES, ledger
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.regions import Region
from ropsanalysis.reporting import build, manifest

COUNTED_ROWS: Final = "counted"
"""Word that selects what is counted, where a rule selects what is not."""

_TOPIC: Final = TOPICS["project_monitoring"]
_TITLES: Final = {
    "supported": "pracownicy objęci wsparciem",
    "qualified": "pracownicy, którzy podnieśli kwalifikacje",
    "plans": "jednostki, które mają i realizują plan deinstytucjonalizacji",
}
_HEADINGS: Final = {
    "subject": "pseudonim lub kod", "name": "nazwa", "rows": "wiersze pliku", "counted": "liczy się", "rule": "reguła",
    "explanation": "wyjaśnienie",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """The list behind one number.

    Attributes
    ----------
    indicator
        "supported", "qualified" or "plans".
    region
        The voivodeship.
    as_of
        Day that the data describe, such as "2025-12-31".
    published
        The number in the report: persons, or units that count.
    entries
        All persons or units, with the columns of `ledger.LEDGER_COLUMNS`; of units also name.
    shown
        The entries that were asked for.
    """

    indicator: str
    region: Region
    as_of: str
    published: int
    entries: pd.DataFrame
    shown: pd.DataFrame

    @property
    def counted(self) -> int:
        """How many entries count."""
        return int(self.entries["counted"].sum())

    @property
    def by_rule(self) -> dict[str, int]:
        """How many entries each rule keeps out, in the order of the rules."""
        found = self.entries["rule"].value_counts()
        return {rule: int(found[rule]) for rule in RULES[self.indicator] if rule in found.index}


def audit(project: Project, *, indicator: str, region: Region, rule: str = "") -> Audit:
    """List what an indicator of a voivodeship's report is made of.

    Parameters
    ----------
    indicator
        "supported", "qualified" or "plans".
    rule
        Which entries to show: those that this rule keeps out, "counted" for those that count, "" for all. The totals
        are of all entries whatever is shown.

    Raises
    ------
    UsageError
        The indicator has no such rule.
    DataError
        There are no fresh tables to compare with, the data are refused, or they do not cover the voivodeship.
    RopsError
        The list does not come to the number in the report.
    """
    known = (COUNTED_ROWS, *RULES[indicator])
    if rule and rule not in known:
        raise UsageError(
            f"The indicator '{indicator}' has no rule '{rule}'.{did_you_mean(rule, known)} Rules: {', '.join(known)}."
        )
    _, tables = built.tables(project, _TOPIC.key)
    published = _published(tables, indicator, region)
    screened = build.screen(project, (_TOPIC,))[_TOPIC.key]
    if screened.blocking:
        raise DataError(format_findings(screened.findings))
    parameters: dict[str, Any] = catalogue.parameter_values("monitoring_parameters")
    inputs: Any = getattr(screened, "inputs")  # noqa: B009 - what all topics' screenings share has no inputs
    with build.no_values_in_messages(_TOPIC):
        entries = ledger(inputs, indicator=indicator, teryt=region.teryt, parameters=MonitoringParameters(**parameters))
    if indicator == "plans":
        names = dict(zip(inputs.units["teryt"], inputs.units["name"], strict=True))
        entries.insert(1, "name", entries["subject"].map(names).fillna(""))
    shown = entries if not rule else entries[entries["counted"] if rule == COUNTED_ROWS else entries["rule"] == rule]
    as_of = str(tables["cards"].set_index("teryt").loc[region.teryt, "as_of"])
    found = Audit(indicator, region, as_of, published, entries, shown.reset_index(drop=True))
    if found.counted != published:
        raise RopsError(
            f"Lista nie zgadza się z raportem: liczy się na niej {found.counted}, a w raporcie jest {published} "
            f"({indicator}, województwo {region.name}). Proszę uruchomić `ropsanalysis build --force` i spróbować "
            "ponownie; jeśli różnica zostanie, proszę ją zgłosić, bez żadnych danych."
        )
    return found


def _published(tables: dict[str, pd.DataFrame], indicator: str, region: Region) -> int:
    """Return the number in the report.

    Raises
    ------
    DataError
        The report has none.
    """
    table = tables["indicators"]
    row = table[(table["teryt"] == region.teryt) & (table["indicator"] == indicator)]
    column = "numerator" if indicator == "plans" else "value"
    if row.empty or pd.isna(row[column].iloc[0]):
        raise DataError(
            f"Raport dla województwa {region.genitive} nie podaje tej liczby ({indicator}), bo nie dostarczono danych."
        )
    return int(row[column].iloc[0])


def check_target(project: Project, path: Path) -> Path:
    """Return where a list may be written.

    Raises
    ------
    UsageError
        The file is no CSV, is a folder, or lies where reports, tables, raw data or an edition are.
    """
    target = path.resolve()
    if target.suffix.lower() != ".csv" or target.is_dir():
        raise UsageError(f"The list is written as a CSV file; '{path}' is none.")
    closed = [folder.resolve() for folder in (project.reports, project.raw.parent)]
    edition = any((folder / manifest.NAME).exists() for folder in target.parents)
    if edition or any(folder in target.parents for folder in closed):
        raise UsageError(
            f"The list is about single persons and must not be written to '{path}': it would lie among reports or "
            "data that are handed on. Name a file outside the project's 'reports' and 'data' and outside any edition."
        )
    return target


def write_csv(found: Audit, path: Path) -> Path:
    """Write the entries shown as CSV and return the path; see `check_target`."""
    return atomic.write_text(path, tabular.frame_to_csv(found.shown))


def as_json(found: Audit) -> dict[str, Any]:
    """Return the list and its totals for programs."""
    return {
        "indicator": found.indicator, "teryt": found.region.teryt, "as_of": found.as_of, "counted": found.counted,
        "not_counted": len(found.entries) - found.counted, "rules": found.by_rule, "published": found.published,
        "entries": found.shown.to_dict("records"),
    }  # fmt: skip


def summary(found: Audit) -> str:
    """Return the totals as a Polish text."""
    outside = len(found.entries) - found.counted
    lines = [
        f"Wskaźnik: {_TITLES[found.indicator]}; województwo {found.region.name}; stan na {found.as_of}.",
        f"Liczy się: {found.counted}. Nie liczy się: {outside}. Razem: {len(found.entries)}.",
        *(f"  {rule}: {number}" for rule, number in found.by_rule.items()),
        f"W raporcie: {found.published}, zgodnie z listą.",
    ]
    return "\n".join(lines)


def as_text(found: Audit) -> str:
    """Return the list and its totals as a Polish text."""
    return "\n".join([*_lines(found.shown), "", summary(found)])


def _lines(entries: pd.DataFrame) -> Iterator[str]:
    table = entries.assign(counted=entries["counted"].map({True: "tak", False: "nie"}))
    rows = [[_HEADINGS[str(name)] for name in table.columns], *table.astype(str).to_numpy().tolist()]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
