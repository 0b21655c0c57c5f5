"""Reads the pilots of cooperation, the entities that take part in them, and who works with whom.

All of it is about institutions, so findings name the value.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.schema import PARTNER_COLUMNS, PILOT_COLUMNS, TIE_COLUMNS
from ropsanalysis.io import cooperation_cells as cells
from ropsanalysis.io.cooperation_cells import FUTURE, LEFT_OUT
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.row_notes import LIMIT
from ropsanalysis.io.social_tables import Parse, SocialTable, number_of, read_table, text_of, voivodeship
from ropsanalysis.regions import by_teryt

_ONE_LEVEL: Final = "Raport pokaże, że nie zachowano minimalnej treści modelu. Proszę dopisać brakujące podmioty."


def read_pilots(
    folder: Path, *, label: str, units: pd.DataFrame, projects: pd.DataFrame, year: int | None
) -> SocialTable:
    """Read ``pilots.csv`` or ``pilots.xlsx``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    units
        Territorial units: teryt, level, name, parent, kind.
    projects
        Catalogue of cooperation projects: project, teryt (joined by "+").
    year
        Year that the dataset's provenance states; no data may be of a later one. None where it states none.

    Returns
    -------
    SocialTable
        Table with the columns `PILOT_COLUMNS`; days are datetime64[s], monitoring and aftercare bool.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship, "pilot": text_of(required=True), "name": text_of(required=False),
        "unit": cells.unit_of(units, regions=False), "population": number_of(low=1, whole=True, required=False),
        "project": text_of(required=False), "started": cells.day(required=True), "ended": cells.day(),
        "monitoring": cells.yes_no, "aftercare": cells.yes_no, "as_of": cells.day(required=True),
    }  # fmt: skip
    read = read_table(
        folder, "pilots", label=label, parse=parse, numbers=("population",), prefix="CO", required=True
    )  # fmt: skip
    read = cells.with_days(read, ("started", "ended", "as_of"))
    read = read.without_repeated(("pilot",), expected="jeden wiersz na pilotaż")
    read = read.refuse(
        read.table["unit"].str[:2] != read.table["teryt"], "CO-43", ["teryt", "unit"],
        "jednostka pilotażu leży w innym województwie", expected="kod, który zaczyna się od kodu województwa",
        remedy="Proszę sprawdzić województwo i kod jednostki.",
    )  # fmt: skip
    read = _pilot_days(read, year)
    read = _of_projects(cells.with_yes_no(read, ("monitoring", "aftercare")), projects)
    named = read.table["name"].where(read.table["name"] != "", read.table["pilot"])
    return replace(read, table=read.table.assign(name=named)[list(PILOT_COLUMNS)])


def _pilot_days(read: SocialTable, year: int | None) -> SocialTable:
    as_of = read.table["as_of"]
    # No clock is read. A day of the future shows against the year of the dataset, or against the other pilots.
    years = sorted(as_of.dt.year)
    last = year if year is not None else years[(len(years) - 1) // 2] + 1 if years else 0
    read = read.refuse(
        as_of.dt.year > last, FUTURE, ["as_of"],
        "dzień stanu danych późniejszy niż rok zbioru (provenance.json) albo o ponad rok niż w innych pilotażach",
        expected=f"data do końca roku {last}", remedy="Proszę poprawić dzień, do którego sięgają dane.",
    )  # fmt: skip
    read = read.refuse(
        read.table["started"] > read.table["as_of"], FUTURE, ["started", "as_of"],
        "początek pilotażu po dniu stanu danych", expected="data nie późniejsza niż „as_of”",
        remedy="Proszę poprawić datę albo dzień stanu danych.",
    )  # fmt: skip
    read = read.refuse(
        read.table["ended"] < read.table["started"], "CO-27", ["started", "ended"], "koniec pilotażu przed początkiem",
        expected="koniec nie wcześniejszy niż początek", remedy="Proszę sprawdzić obie daty.",
    )  # fmt: skip
    late = read.table["ended"] > read.table["as_of"]
    read.doubt(
        late, FUTURE, ["ended", "as_of"], "koniec pilotażu po dniu stanu danych",
        expected="data nie późniejsza niż „as_of”",
        remedy="Koniec pominięto: pilotaż liczy się jako trwający. Proszę sprawdzić datę.",
    )  # fmt: skip
    return replace(read, table=read.table.assign(ended=read.table["ended"].mask(late)))


def _of_projects(read: SocialTable, projects: pd.DataFrame) -> SocialTable:
    """Return the pilots without projects that are not known or do not cover the voivodeship; the pilots stay."""
    covered = dict(zip(projects["project"], projects["teryt"].str.split("+"), strict=True))
    stated = read.table["project"]
    for key in sorted(set(stated) - {"", *covered}):
        near = suggest(key, list(covered))
        read.doubt(
            stated == key, "CO-44", ["project"], f"projekt „{key[:40]}”",
            expected=f"{', '.join(covered)} albo pusta komórka",
            remedy=f"Projekt pominięto, pilotaż zostaje. Proszę poprawić klucz. {near}".strip(), together=True,
        )  # fmt: skip
    known = stated.isin(list(covered))
    pairs = zip(stated, read.table["teryt"], strict=True)
    outside = known & pd.Series([teryt not in covered.get(key, ()) for key, teryt in pairs], index=stated.index)
    read.doubt(
        outside, "CO-44", ["teryt", "project"], "projekt nie obejmuje tego województwa",
        expected="projekt makroregionu, w którym leży województwo",
        remedy="Projekt pominięto, pilotaż zostaje. Proszę sprawdzić klucz i województwo.", together=True,
    )  # fmt: skip
    return replace(read, table=read.table.assign(project=stated.where(known & ~outside, "")))


def read_partners(folder: Path, *, label: str, units: pd.DataFrame, pilots: pd.DataFrame) -> SocialTable:
    """Read ``partners.csv`` or ``partners.xlsx``: a row per entity of a pilot.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    units
        Territorial units: teryt, level, name, parent, kind.
    pilots
        Columns `PILOT_COLUMNS`.

    Returns
    -------
    SocialTable
        Table with the columns `PARTNER_COLUMNS`; a pilot has one animator at most, the first of several.
    """
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "entity": text_of(required=True), "name": text_of(required=False),
        "sector": cells.sector_of(), "level": cells.word_of("level"), "role": cells.word_of("role", code="CO-23"),
        "unit": cells.unit_of(units, regions=True), "joined": cells.day(), "left": cells.day(),
    }  # fmt: skip
    read = read_table(folder, "partners", label=label, parse=parse, numbers=(), prefix="CO")
    read = cells.of_pilots(cells.with_days(read, ("joined", "left")), pilots)
    read = read.without_repeated(("pilot", "entity"), expected="jeden wiersz na podmiot w pilotażu")
    read = _partner_days(read, pilots)
    read = _one_animator(read)
    named = read.table["name"].where(read.table["name"] != "", read.table["entity"])
    return replace(read, table=read.table.assign(name=named)[list(PARTNER_COLUMNS)])


def _partner_days(read: SocialTable, pilots: pd.DataFrame) -> SocialTable:
    table = read.table
    crossed = table["joined"] > table["left"]
    read.doubt(
        crossed, "CO-19", ["joined", "left"], "podmiot odszedł, zanim dołączył",
        expected="odejście nie wcześniejsze niż dołączenie",
        remedy="Obie daty pominięto, podmiot zostaje. Proszę je sprawdzić.",
    )  # fmt: skip
    last = cells.last_days(read, pilots)
    late = {name: table[name] > last for name in ("joined", "left")}
    for name, wrong in late.items():
        read.doubt(
            wrong & ~crossed, FUTURE, [name], "data późniejsza niż dzień stanu danych pilotażu",
            expected="data nie późniejsza niż „as_of” w pliku pilots", remedy=LEFT_OUT,
        )  # fmt: skip
    return replace(
        read, table=table.assign(**{name: table[name].mask(wrong | crossed) for name, wrong in late.items()})
    )


def _one_animator(read: SocialTable) -> SocialTable:
    leads = read.table["role"] == "animator"
    further = leads & read.table[leads].duplicated("pilot").reindex(read.table.index, fill_value=False)
    read.doubt(
        further, "CO-16", ["pilot", "role"], "pilotaż ma już animatora", expected="jeden animator (OPS) w pilotażu",
        remedy="Animatorem jest pierwszy podany podmiot, ten liczy się jako partner. Proszę poprawić role.",
    )  # fmt: skip
    return replace(read, table=read.table.assign(role=read.table["role"].mask(further, "partner")))


def about_pilots(pilots: pd.DataFrame, partners: pd.DataFrame, *, file: str) -> list[Finding]:
    """Return what pilots lack of the minimum content that their list of partners shows.

    Parameters
    ----------
    file
        Path of the list of partners, for findings.
    """
    found: list[Finding] = []
    for pilot, teryt in zip(pilots["pilot"], pilots["teryt"], strict=True):
        place = f"pilotaż „{pilot}” (województwo {by_teryt(teryt).name})"
        here = partners[partners["pilot"] == pilot]
        roles, levels = set(here["role"]), sorted(set(here["level"]) - {"region"})
        if here.empty:
            found.append(_about(file, "CO-45", "pilot", f"{place}: żadnego podmiotu", "podmioty, które współpracują"))
            continue
        if "animator" not in roles:
            found.append(_about(file, "CO-15", "role", f"{place}: nikt nie jest animatorem", "jeden animator (OPS)"))
        if "inspirer" not in roles:
            found.append(_about(file, "CO-17", "role", f"{place}: nikt nie jest inspiratorem", "inspirator (ROPS)"))
        if len(levels) < 2:
            told = f"podmioty tylko szczebla: {levels[0]}" if levels else "żadnego podmiotu gminy ani powiatu"
            found.append(_about(file, "CO-18", "level", f"{place}: {told}", "podmioty gminy i powiatu"))
    return found


def _about(file: str, code: str, column: str, found: str, expected: str) -> Finding:
    return Finding(code, "warning", file, None, column, found, expected, _ONE_LEVEL)


def read_ties(folder: Path, *, label: str, pilots: pd.DataFrame, partners: pd.DataFrame) -> SocialTable:
    """Read ``ties.csv`` or ``ties.xlsx``: a row per wave and pair of entities that work together.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    pilots, partners
        Columns `PILOT_COLUMNS` and `PARTNER_COLUMNS`.

    Returns
    -------
    SocialTable
        Table with the columns `TIE_COLUMNS`, source < target, one row per wave and pair.
    """
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "wave": cells.word_of("wave"), "source": text_of(required=True),
        "target": text_of(required=True), "strength": number_of(low=1, high=3, whole=True),
    }  # fmt: skip
    read = read_table(folder, "ties", label=label, parse=parse, numbers=("strength",), prefix="CO")
    read = cells.of_pilots(read, pilots)
    read = read.refuse(
        read.table["source"] == read.table["target"], "CO-13", ["source", "target"], "relacja podmiotu z samym sobą",
        expected="dwa różne podmioty pilotażu", remedy="Proszę poprawić jeden z kluczy.",
    )  # fmt: skip
    read = _among_partners(read, partners)
    ends = read.table[["source", "target"]]
    read = replace(read, table=read.table.assign(source=ends.min(axis=1), target=ends.max(axis=1)))
    copies = read.refuse(
        read.table.duplicated(), "CO-25", ["source", "target"], "relacja podana drugi raz z tą samą siłą",
        expected="jeden wiersz na parę podmiotów, bez względu na ich kolejność", remedy="Proszę usunąć powtórzenie.",
        together=True,
    )  # fmt: skip
    once = copies.refuse(
        copies.table.duplicated(list(TIE_COLUMNS[:4]), keep=False), "CO-14", ["source", "target", "strength"],
        "ta sama relacja ma w pliku różną siłę",
        expected="jeden wiersz na parę podmiotów, bez względu na ich kolejność",
        remedy="Żadnego z tych wierszy nie użyto. Proszę zostawić poprawny.",
    )  # fmt: skip
    return replace(once, table=once.table[list(TIE_COLUMNS)].astype({"strength": "int64"}))


def _among_partners(read: SocialTable, partners: pd.DataFrame) -> SocialTable:
    known = {str(pilot): set(here["entity"]) for pilot, here in partners.groupby("pilot")}
    for name in ("source", "target"):
        pairs = zip(read.table["pilot"], read.table[name], strict=True)
        strange = sorted({(pilot, entity) for pilot, entity in pairs if entity not in known.get(pilot, ())})
        for pilot, entity in strange[:LIMIT]:
            near = suggest(entity, sorted(known.get(pilot, ())))
            read = read.refuse(
                (read.table["pilot"] == pilot) & (read.table[name] == entity), "CO-12", [name],
                f"podmiotu „{entity[:40]}” nie ma w pilotażu „{pilot[:40]}”",
                expected="klucz podmiotu z pliku partners, z tego samego pilotażu",
                remedy=f"Proszę poprawić klucz albo dopisać podmiot. {near}".strip(), together=True,
            )  # fmt: skip
        left = pd.Series(list(zip(read.table["pilot"], read.table[name], strict=True)), index=read.table.index)
        read = read.refuse(
            left.isin(strange[LIMIT:]), "CO-12", [name], "podmiotów nie ma w ich pilotażach",
            expected="klucz podmiotu z pliku partners, z tego samego pilotażu",
            remedy="Proszę poprawić klucze albo dopisać podmioty.", together=True,
        )  # fmt: skip
    return read
