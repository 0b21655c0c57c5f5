"""Reads what offices state to have achieved of the promised effects, and the coaching of social workers.

Effects are public, so findings name the value. A social worker's key becomes a keyed pseudonym at once, and nothing of
a row of coaching is told.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.effects import COUNTED
from ropsanalysis.cooperation.schema import COACHING_COLUMNS, EFFECT_COLUMNS, Inputs
from ropsanalysis.io import cooperation_cells as cells
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.social_tables import Parse, SocialTable, number_of, read_table, text_of, voivodeship
from ropsanalysis.regions import by_teryt

LONGEST_MEETING: Final = 12
"""Most hours of one meeting with a coach."""


def read_coaching(folder: Path, *, label: str, pilots: pd.DataFrame, key: bytes) -> SocialTable:
    """Read ``coaching.csv`` or ``coaching.xlsx``: a row per social worker and meeting.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    pilots
        Columns `cooperation.schema.PILOT_COLUMNS`.
    key
        Key of pseudonyms.

    Returns
    -------
    SocialTable
        Table with the columns `COACHING_COLUMNS`.
    """
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "worker": text_of(required=True), "kind": cells.word_of("coaching_kind"),
        "day": cells.day(required=True), "hours": number_of(),
    }  # fmt: skip
    read = read_table(
        folder, "coaching", label=label, parse=parse, numbers=("hours",), prefix="CO", confidential=True
    )  # fmt: skip
    read = cells.with_pseudonyms(cells.of_pilots(read, pilots), "worker", key, within_pilot=False)
    read = cells.not_in_future(cells.with_days(read, ("day",)), "day", pilots)
    hours = read.table["hours"]
    read = read.refuse(
        (hours <= 0) | (hours > LONGEST_MEETING), "CO-39", ["hours"], "liczba godzin, której jedno spotkanie nie ma",
        expected=f"liczba większa od 0, najwyżej {LONGEST_MEETING}", remedy="Proszę podać godziny jednego spotkania.",
    )  # fmt: skip
    read = read.refuse(
        read.table.duplicated(), "CO-25", list(COACHING_COLUMNS), "wiersz powtarza inny wiersz",
        expected="jeden wiersz na osobę i spotkanie", remedy="Proszę usunąć powtórzony wiersz.",
    )  # fmt: skip
    return replace(read, table=read.table[list(COACHING_COLUMNS)])


def read_effects(folder: Path, *, label: str, promised: pd.DataFrame, projects: pd.DataFrame, last: pd.Timestamp) -> (
    SocialTable
):  # fmt: skip
    """Read ``effects.csv`` or ``effects.xlsx``: a row per voivodeship, project and effect.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    promised, projects
        Catalogue of the projects: project, effect; project, teryt (joined by "+").
    last
        Last day that the data of any pilot describe.

    Returns
    -------
    SocialTable
        Table with the columns `EFFECT_COLUMNS`.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship, "project": text_of(required=True), "effect": text_of(required=True),
        "achieved": number_of(low=0), "as_of": cells.day(required=True), "source": text_of(required=False),
    }  # fmt: skip
    read = read_table(folder, "effects", label=label, parse=parse, numbers=("achieved",), prefix="CO")
    read = cells.with_days(read, ("as_of",))
    known = "" if pd.isna(last) else f"{last:%Y-%m-%d}"
    read = read.refuse(
        read.table["as_of"] > last, cells.FUTURE, ["as_of"], "dzień późniejszy niż dzień stanu danych pilotaży",
        expected=f"data do {known}", remedy="Proszę poprawić datę albo dzień stanu danych w pliku pilots.",
    )  # fmt: skip
    read = _promised(read, promised, projects)
    read = read.without_repeated(EFFECT_COLUMNS[:3], expected="jeden wiersz na województwo, projekt i efekt")
    return replace(read, table=read.table[list(EFFECT_COLUMNS)])


def _promised(read: SocialTable, promised: pd.DataFrame, projects: pd.DataFrame) -> SocialTable:
    """Refuse projects that are not known, that do not cover the voivodeship, and effects that were not promised."""
    covered = dict(zip(projects["project"], projects["teryt"].str.split("+"), strict=True))
    for key in sorted(set(read.table["project"]) - set(covered)):
        read = read.refuse(
            read.table["project"] == key, "CO-44", ["project"], f"projekt „{key[:40]}”",
            expected=f"jeden z projektów: {', '.join(covered)}",
            remedy=f"Proszę poprawić klucz projektu. {suggest(key, list(covered))}".strip(), together=True,
        )  # fmt: skip
    places = zip(read.table["project"], read.table["teryt"], strict=True)
    outside = [teryt not in covered[project] for project, teryt in places]
    read = read.refuse(
        _flags(outside, read), "CO-44", ["teryt", "project"], "projekt nie obejmuje tego województwa",
        expected="projekt makroregionu, w którym leży województwo", remedy="Proszę sprawdzić klucz i województwo.",
    )  # fmt: skip
    for project in sorted(set(read.table["project"])):
        keys = list(promised.loc[promised["project"] == project, "effect"])
        here = read.table.loc[read.table["project"] == project, "effect"]
        for effect in sorted(set(here) - set(keys)):
            near = suggest(effect, keys)
            read = read.refuse(
                (read.table["project"] == project) & (read.table["effect"] == effect), "CO-41", ["effect"],
                f"efekt „{effect[:40]}”", expected=f"jeden z efektów: {', '.join(keys)}",
                remedy=f"Proszę poprawić klucz efektu. {near}".strip(), together=True,
            )  # fmt: skip
    return read


def about_counts(inputs: Inputs, *, file: str) -> list[Finding]:
    """Return findings on effects that an office states to be lower than what its own data count.

    Parameters
    ----------
    file
        Path of the effects, for findings. How many social workers there are is not told.
    """
    ways = inputs.promised.set_index(["project", "effect"])["counted_from"]
    found = []
    for row in inputs.effects.to_dict("records"):
        what, _, only = str(ways[(row["project"], row["effect"])]).partition(":")
        own = inputs.pilots[(inputs.pilots["project"] == row["project"]) & (inputs.pilots["teryt"] == row["teryt"])]
        if not what or only not in ("", row["teryt"]):
            continue
        if what in COUNTED:
            counted = COUNTED[what](inputs, own)
        else:
            counted = inputs.coaching.loc[inputs.coaching["pilot"].isin(own["pilot"]), "worker"].nunique()
        if row["achieved"] < counted:
            told = (
                f"podano {row['achieved']:g}, a z danych wynika {counted}"
                if what in COUNTED
                else "podano mniej, niż wynika z danych"
            )
            found.append(
                Finding("CO-42", "warning", file, None, "achieved",
                        f"województwo {by_teryt(str(row['teryt'])).name}, efekt „{row['effect']}”: {told}",
                        "liczba nie mniejsza niż w dostarczonych danych",
                        "Raport pokaże liczbę z danych. Proszę sprawdzić obie.")
            )  # fmt: skip
    return found


def _flags(wrong: list[bool], read: SocialTable) -> pd.Series[bool]:
    return pd.Series(np.array(wrong, dtype=bool), index=read.table.index)
