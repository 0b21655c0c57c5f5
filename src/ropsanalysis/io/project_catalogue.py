"""Reads the catalogue of the programme: its actions, published projects, sectors of policy, words of both topics.

The published projects and figures are read by `published_projects` and `published_cooperation`; their readers can be
had from here, so that a reader of the catalogue needs one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation import schema as cooperation
from ropsanalysis.errors import DataError
from ropsanalysis.io.catalogue import build_entry, load_entries, require_terms, require_unique
from ropsanalysis.io.published_cooperation import (
    CooperationProject,
    PromisedEffect,
    RuralPilot,
    cooperation_project_frame,
    cooperation_projects,
    promised_frame,
    rural_pilot,
)
from ropsanalysis.io.published_projects import (
    FIELDS,
    FURTHER,
    CardProblem,
    PublishedCard,
    adopted_plans,
    card_problems,
    foster_figures,
    published_cards,
    published_foster_frame,
    published_frame,
)
from ropsanalysis.project_monitoring import schema as monitoring

__all__ = [
    "Action", "CardProblem", "CooperationProject", "PromisedEffect", "PublishedCard", "RuralPilot", "Sector", "Serving",
    "action_frame", "actions", "adopted_plans", "card_problems", "cooperation_project_frame", "cooperation_projects",
    "foster_figures", "labels", "promised_frame", "published_cards", "published_foster_frame", "published_frame",
    "report_titles", "rural_pilot", "sector_frame", "sectors",
]  # fmt: skip

SHORT_LENGTH: Final = 30
"""Longest label of an action or sector, in characters, that fits beside a chart."""
REPORTS: Final = (
    "regional_diagnosis", "training_needs", "social_economy", "social_impact", "project_monitoring", "cooperation",
    "national_summary", "local_diagnosis",
)  # fmt: skip

VOCABULARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "indicator": monitoring.INDICATORS,
    "form": monitoring.FORMS,
    "evidence": monitoring.EVIDENCE,
    "team": monitoring.TEAMS,
    "activity_kind": monitoring.ACTIVITY_KINDS,
    "category": monitoring.CATEGORIES,
    "section": monitoring.SECTIONS,
    "plan_evidence": monitoring.PLAN_EVIDENCE,
    "carried_out": monitoring.CARRIED_OUT,
    "field": (*FIELDS, *FURTHER),
    "outcome": cooperation.OUTCOMES,
    "followup": cooperation.FOLLOWUPS,
    "level": cooperation.LEVELS,
    "role": cooperation.ROLES,
    "wave": cooperation.WAVES,
    "element": cooperation.ELEMENTS,
    "coaching_kind": cooperation.COACHING_KINDS,
}
"""Questions of `labels` and the options that each must word; "" stands for none."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A report that serves an action, and the headings of its notebook that do."""

    report: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One of the sixteen obligatory actions.

    Attributes
    ----------
    action
        Its number, 1 to 16.
    team
        Team that mostly does it (`project_monitoring.schema.TEAMS`).
    reference
        Citation of the document that numbers it.
    serves
        Reports of ours whose contents serve it; the table of actions in the monitoring is there for each and is not
        named. Empty where no report does.
    note
        What our reports do not do of it.
    """

    action: int
    title: str
    short: str
    team: str
    reference: str
    serves: tuple[Serving, ...]
    note: str

    @property
    def served_by(self) -> str:
        """The reports and their sections, and what they do not do, in one Polish text."""
        titles = report_titles()
        parts = [f"{titles[entry.report]} – {', '.join(entry.sections)}" for entry in self.serves]
        reports = f"{'; '.join(parts)}." if parts else ""
        return " ".join(text for text in (reports, self.note) if text)


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of policy that takes part in cooperation; `aliases` are other spellings in files."""

    key: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()


@cache
def report_titles() -> dict[str, str]:
    """Return the Polish title of each report by key, as the list of actions names them."""
    return {str(key): str(title) for key, title in load_entries("actions.yaml")["reports"].items()}


@cache
def actions() -> tuple[Action, ...]:
    """Return the sixteen obligatory actions in order.

    Raises
    ------
    DataError
        If they are not numbered 1 to 16, an entry lacks a field or has an unknown one, a label is too long or repeats
        another, a team or report is unknown, or an action that no report serves does not say so.
    """
    file = "actions.yaml"
    entries = load_entries(file)
    found = tuple(_action(entry, str(entries["reference"]), file) for entry in entries["actions"])
    check_actions(found, file)
    return found


def check_actions(found: tuple[Action, ...], file: str) -> None:
    """Refuse a list that is not the sixteen actions, each whole; errors as for `actions`."""
    numbers = [entry.action for entry in found]
    if numbers != list(monitoring.ACTIONS):
        raise DataError(f"Katalog {file}: działania muszą mieć numery od 1 do 16 po kolei, a mają: {numbers}.")
    require_terms(file, [(str(entry.action), entry.short) for entry in found], SHORT_LENGTH)
    require_unique(file, [entry.title for entry in found])
    for entry in found:
        problems = [f"nieznany raport „{s.report}”" for s in entry.serves if s.report not in REPORTS]
        problems += [f"raport „{s.report}” bez rozdziałów" for s in entry.serves if not s.sections]
        if entry.team not in monitoring.TEAMS:
            problems.append(f"zespół „{entry.team}” (dozwolone: {', '.join(monitoring.TEAMS)})")
        if not entry.serves and not entry.note:
            problems.append("żaden raport nie służy działaniu, a uwaga (note) tego nie mówi")
        if problems:
            raise DataError(f"Katalog {file}, działanie {entry.action}: {'; '.join(problems)}.")


def _action(entry: Mapping[str, Any], reference: str, file: str) -> Action:
    serves = tuple(Serving(str(report), tuple(sections)) for report, sections in entry.get("serves", {}).items())
    return build_entry(Action, {**entry, "serves": serves, "reference": reference}, file)


def action_frame() -> pd.DataFrame:
    """Return the actions as a table: key (int64, 1-16), title, short, team, serves (`Action.served_by`), reference."""
    rows = [(e.action, e.title, e.short, e.team, e.served_by, e.reference) for e in actions()]
    columns = ["key", "title", "short", "team", "serves", "reference"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "str") | {"key": "int64"})


@cache
def sectors() -> tuple[Sector, ...]:
    """Return the sectors of policy in the order of `cooperation.schema.SECTORS`.

    Raises
    ------
    DataError
        If one is missing, unknown or in another place, or an entry is not whole.
    """
    file = "sectors.yaml"
    found = tuple(
        build_entry(Sector, {**entry, "aliases": tuple(entry.get("aliases", ()))}, file) for entry in load_entries(file)
    )
    require_terms(file, [(entry.key, entry.short) for entry in found], SHORT_LENGTH)
    _require_vocabulary(file, "sector", [entry.key for entry in found], cooperation.SECTORS)
    return found


def sector_frame() -> pd.DataFrame:
    """Return the sectors as a table: key, name, short."""
    rows = [(entry.key, entry.name, entry.short) for entry in sectors()]
    return pd.DataFrame(rows, columns=["key", "name", "short"]).astype("str")


@cache
def _options() -> dict[str, dict[str, str]]:
    file = "project_options.yaml"
    found = {
        str(question): {str(option): str(label) for option, label in options.items()}
        for question, options in load_entries(file).items()
    }
    _require_vocabulary(file, "pytania", list(found), tuple(VOCABULARIES))
    for question, options in found.items():
        _require_vocabulary(file, question, list(options), VOCABULARIES[question])
        require_unique(file, list(options.values()))
    return found


def labels(question: str) -> dict[str, str]:
    """Return the Polish label of each option of a vocabulary, in the order of its schema.

    Parameters
    ----------
    question
        One of `VOCABULARIES`.

    Raises
    ------
    DataError
        If there is no such vocabulary, or the catalogue does not word each of its options once.
    """
    if question not in VOCABULARIES:
        raise DataError(f"Katalog project_options.yaml: nie ma słownika „{question}” (są: {', '.join(VOCABULARIES)}).")
    return dict(_options()[question])


def _require_vocabulary(file: str, name: str, found: list[str], expected: tuple[str, ...]) -> None:
    if found != list(expected):
        raise DataError(
            f"Katalog {file}, „{name}”: oczekiwano po kolei {', '.join(map(repr, expected))}, jest "
            f"{', '.join(map(repr, found))}."
        )
