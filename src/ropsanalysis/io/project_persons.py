"""Reads who was supported: persons and the entities that employ them.

A person's key becomes a keyed pseudonym at once, the same for all spellings. Findings about persons name rows and
columns, never a key or another value that could point at somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io import identifiers
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.person_keys import person_pseudonym
from ropsanalysis.io.project_cells import action_of, institutions, maybe_day, whole_of, word_of, yes_no
from ropsanalysis.io.project_checks import (
    doubt_future,
    looked_up,
    of_projects,
    refuse_outside,
    refuse_unknown,
    with_days,
)
from ropsanalysis.io.project_units import Units
from ropsanalysis.io.social_tables import (
    Parse,
    SocialTable,
    TableRead,
    finished,
    read_table,
    text_of,
    voivodeship,
)
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.published import listed
from ropsanalysis.project_monitoring.schema import ENTITY_COLUMNS, EVIDENCE, FORMS, PARTICIPANT_COLUMNS

_DAYS: Final = ("started", "ended", "left", "evidence_day")
_LEFT_OUT: Final = "Datę pominięto, reszta wiersza zostaje. Proszę ją poprawić."


@dataclass(frozen=True, slots=True)
class Key:
    """The key of pseudonyms, or the finding that says why there is none."""

    value: bytes | None
    findings: tuple[Finding, ...] = ()


def load_key(project: Path, *, file: str) -> Key:
    """Return the key of pseudonyms of a project folder; `file` is what cannot be read without it."""
    try:
        return Key(identifiers.load_key(project))
    except DataError as error:
        remedy = "Bez klucza nie można zastąpić kluczy osób pseudonimami, więc pliku nie użyto."
        return Key(
            None,
            (Finding("PM-33", "blocking", file, None, "person", str(error), "klucz poza folderem projektu", remedy),),
        )


def read_participants(
    folder: Path, *, label: str, cards: pd.DataFrame, units: Units, key: bytes, parameters: MonitoringParameters
) -> TableRead:
    """Read ``participants.csv`` or ``participants.xlsx``: a row per person and form of support.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    cards
        Projects, for their days; rows of a voivodeship without a card are set aside.
    key
        Key of pseudonyms.
    parameters
        ``accepted_evidence``.

    Returns
    -------
    TableRead
        Table with the columns `PARTICIPANT_COLUMNS`, in the order of the file.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "person": text_of(required=True),
        "unit": text_of(required=False),
        "employer": text_of(required=False),
        "institution": text_of(required=False),
        "form": word_of("form", FORMS),
        "action": action_of(),
        **dict.fromkeys(("started", "ended", "left"), maybe_day),
        "complete": yes_no,
        "evidence": word_of("evidence", EVIDENCE),
        "evidence_day": maybe_day,
    }
    read = read_table(
        folder, "participants", label=label, parse=parse, numbers=("complete",), prefix="PM", plain=("employer",),
        confidential=True,
    )  # fmt: skip
    read = of_projects(read, cards)
    read = _as_pseudonyms(read, key)
    read = read.refuse(
        read.table.drop(columns="spelling").duplicated(), "PM-25", list(parse)[1:], "wiersz powtarza inny wiersz",
        expected="jeden wiersz na osobę i formę wsparcia", remedy="Proszę usunąć powtórzony wiersz.",
    )  # fmt: skip
    _doubt_spellings(read)
    _find_institutions(read)
    _find_workplaces(read, units)
    with_days(read, _DAYS)
    read = refuse_outside(read, cards, "started", remedy="Proszę poprawić dzień rozpoczęcia wsparcia.")
    _in_order(read)
    doubt_future(
        read, cards, ("started", "left", "evidence_day"),
        remedy="Wiersz zostaje, ale do dnia stanu danych się nie liczy. Proszę sprawdzić datę albo pole as_of karty.",
    )  # fmt: skip
    _doubt_evidence(read, parameters)
    _doubt_completeness(read)
    table = read.table.assign(
        row=read.rows.astype("int64"), action=whole_of(read.table["action"]), complete=read.table["complete"] == 1
    )
    return finished(read, table[list(PARTICIPANT_COLUMNS)])


def _as_pseudonyms(read: SocialTable, key: bytes) -> SocialTable:
    """Return the rows with pseudonyms in place of keys; how a key was spelt stays as a number only."""
    read.table["spelling"] = pd.factorize(read.table["person"])[0]
    pairs = list(zip(read.table["teryt"], read.table["person"], strict=True))
    known = {pair: person_pseudonym(pair[1], key, within=pair[0]) for pair in dict.fromkeys(pairs)}
    read.table["person"] = pd.Series([known[pair] for pair in pairs], dtype="str")
    return read.refuse(
        read.table["person"] == "", "PM-28", ["person"], "klucz osoby bez żadnej litery ani cyfry",
        expected="klucz osoby, ten sam we wszystkich jej wierszach", remedy="Proszę wpisać klucz bez nazwiska i PESEL.",
    )  # fmt: skip


def _doubt_spellings(read: SocialTable) -> None:
    """Name the rows of each person whose key is spelt in several ways."""
    table = read.table.assign(row=read.rows)
    first = table.groupby(["teryt", "person", "spelling"], sort=False)["row"].first()
    several = first[first.groupby(level=[0, 1]).transform("size") > 1]
    for _, rows in several.groupby(level=[0, 1], sort=False):
        earliest, *others = sorted(int(row) for row in rows)
        for row in others:
            read.doubt(
                read.rows == row, "PM-12", ["person"], f"ta sama osoba co w wierszu {earliest}, klucz zapisany inaczej",
                expected="jeden zapis klucza osoby we wszystkich jej wierszach",
                remedy="Osobę policzono raz. Jeżeli to dwie osoby, proszę nadać im klucze różne nie tylko wielkością "
                "liter, odstępami i zerami na początku.",
            )  # fmt: skip


def _find_institutions(read: SocialTable) -> None:
    known = institutions()
    found = read.table["institution"].map(lambda text: known.get(normalise(text), "") if text else "").astype("str")
    read.doubt(
        (found == "") & (read.table["institution"] != ""), "PM-22", ["institution"], "nieznany typ instytucji",
        expected="klucz albo nazwa typu instytucji z katalogu, albo pusta komórka",
        remedy="Wiersz zostaje bez typu instytucji, a taka osoba nie wchodzi do wskaźników. Proszę poprawić typ.",
        together=True,
    )  # fmt: skip
    read.table["institution"] = found


def _find_workplaces(read: SocialTable, units: Units) -> None:
    """Leave out places of work that there are not; the person still counts."""
    found = looked_up(read, units)
    remedy = "Osoba się liczy, ale bez miejsca pracy. Proszę poprawić kod."
    unknown = found.map(lambda unit: bool(unit.problem) and not unit.elsewhere).astype(bool)
    elsewhere = found.map(lambda unit: unit.elsewhere).astype(bool)
    read.doubt(unknown, "PM-40", ["unit"], "nieznane miejsce pracy",
               expected="kod gminy (6–7 cyfr) albo powiatu (4 cyfry) albo pusta komórka", remedy=remedy)  # fmt: skip
    read.doubt(elsewhere, "PM-43", ["unit"], "miejsce pracy w innym województwie",
               expected="gmina albo powiat województwa, które prowadzi projekt", remedy=remedy)  # fmt: skip
    read.table["unit"] = found.map(lambda unit: unit.code).astype("str")


def _in_order(read: SocialTable) -> None:
    table = read.table
    for name, words in (
        ("ended", "wsparcie kończy się, zanim się zaczęło"), ("left", "osoba opuściła projekt przed tym wsparciem"),
    ):  # fmt: skip
        wrong = table[name] < table["started"]
        read.doubt(wrong, "PM-27", ["started", name], words, expected="data nie wcześniejsza niż początek wsparcia",
                   remedy=_LEFT_OUT)  # fmt: skip
        table[name] = table[name].mask(wrong)


def _doubt_evidence(read: SocialTable, parameters: MonitoringParameters) -> None:
    table = read.table
    evident = table["evidence"] != ""
    read.doubt(
        evident & (table["evidence_day"] < table["started"]), "PM-13", ["evidence_day", "started"],
        "dowód kwalifikacji wystawiono przed rozpoczęciem tego wsparcia",
        expected="data nie wcześniejsza niż początek wsparcia",
        remedy="Osoba nie liczy się na tej podstawie jako ta, która podniosła kwalifikacje. Proszę sprawdzić obie "
        "daty i wiersz, w którym wpisano dowód.",
    )  # fmt: skip
    if "attendance" not in listed(parameters.accepted_evidence):
        read.doubt(
            table["evidence"] == "attendance", "PM-14", ["evidence"],
            "zaświadczenie o uczestnictwie podano jako dowód kwalifikacji",
            expected="dyplom, świadectwo albo wynik egzaminu zewnętrznego",
            remedy="Wsparcie się liczy, podniesienie kwalifikacji nie. Jeżeli był egzamin, proszę podać jego dowód.",
            together=True,
        )  # fmt: skip
    read.doubt(
        evident & table["evidence_day"].isna(), "PM-17", ["evidence", "evidence_day"], "dowód kwalifikacji bez daty",
        expected="data wystawienia dowodu", remedy="Bez daty dowód się nie liczy. Proszę ją dopisać.", together=True,
    )  # fmt: skip
    alone = ~evident & table["evidence_day"].notna()
    read.doubt(
        alone, "PM-17", ["evidence", "evidence_day"], "data bez rodzaju dowodu", expected="rodzaj dowodu kwalifikacji",
        remedy="Datę pominięto. Proszę dopisać rodzaj dowodu.", together=True,
    )  # fmt: skip
    table["evidence_day"] = table["evidence_day"].mask(alone)


def _doubt_completeness(read: SocialTable) -> None:
    told = read.table.groupby(["teryt", "person"])["complete"]
    first = ~read.table.duplicated(["teryt", "person"])
    read.doubt(
        first & (told.transform("nunique") > 1), "PM-16", ["complete"],
        "w jednych wierszach dane osoby są kompletne, a w innych nie", expected="to samo we wszystkich wierszach osoby",
        remedy="Liczą się tylko wiersze z kompletnymi danymi. Proszę sprawdzić dane osoby.",
    )  # fmt: skip


def read_entities(folder: Path, *, label: str, cards: pd.DataFrame, units: Units) -> TableRead:
    """Read ``entities.csv`` or ``entities.xlsx``: a row per supported entity and form of support.

    Returns
    -------
    TableRead
        Table with the columns `ENTITY_COLUMNS`.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "entity": text_of(required=True),
        "unit": text_of(required=True),
        "institution": text_of(required=False),
        "form": word_of("form", FORMS),
        "action": action_of(),
        "started": maybe_day,
    }
    read = read_table(folder, "entities", label=label, parse=parse, numbers=(), prefix="PM", plain=("entity",))
    read = of_projects(read, cards)
    read = read.refuse(
        read.table.duplicated(), "PM-25", list(parse)[1:], "wiersz powtarza inny wiersz",
        expected="jeden wiersz na podmiot i formę wsparcia", remedy="Proszę usunąć powtórzony wiersz.",
    )  # fmt: skip
    read = refuse_unknown(read, units)
    _find_institutions(read)
    with_days(read, ("started",))
    read = refuse_outside(read, cards, "started", remedy="Proszę poprawić dzień rozpoczęcia wsparcia.")
    doubt_future(read, cards, ("started",))
    table = read.table.assign(action=whole_of(read.table["action"]))
    return finished(read, table[list(ENTITY_COLUMNS)])
