"""The indicators by type of institution, sub-region and first action, and the entities supported."""

from __future__ import annotations

from collections.abc import Callable

from ropsanalysis.present import polish, stacks, theme
from ropsanalysis.present.blocks import Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import Part
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_OF_AREA = {"powiat": "powiatu miejsca pracy", "subregion": "subregionu miejsca pracy"}
_NOTE = (
    "Każda osoba liczy się raz. Odsetek: ilu na 100 objętych wsparciem w tej części podniosło kwalifikacje. Części, w "
    "których osób jest niewiele, połączono."
)


def parts_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return where most of the supported employees work, by type of institution and sub-region."""
    whole = project.indicator("supported")
    if whole is None or not whole.value:
        return missing(
            "project_participants", "pracowników objętych wsparciem według instytucji, subregionu i działania"
        )
    found = []
    for dimension, template in (
        ("institution", "Najwięcej objętych wsparciem pracuje w instytucjach rodzaju: {which} ({n} z {of}, {share})."),
        ("subregion", "Najwięcej objętych wsparciem według miejsca pracy: {which} ({n} z {of}, {share})."),
    ):
        rows = [row for row in _sorted(project, dimension) if row.supported and "+" not in row.keys]
        if len(rows) > 1:
            name = names.institutions(project, rows[0].keys) if dimension == "institution" else None
            found.append(
                words.say(
                    project, words.PERSONS, template, which=name or names.in_area(project, rows[0].keys),
                    n=words.count(rows[0].supported), of=words.count(whole.value),
                    share=words.percent((rows[0].supported or 0) / whole.value),
                )
            )  # fmt: skip
    if not found:
        return words.say(project, words.PERSONS, "Osób jest zbyt mało, aby podać je według instytucji lub subregionu.")
    return Points(tuple(found))


def institution_figure(project: ProjectMonitoring) -> Figure | None:
    """Return what share of supported employees raised qualifications, by type of institution; None without data."""
    rows = [row for row in _sorted(project, "institution") if row.supported and row.qualified is not None]
    if not rows:
        return None
    shares = [(row, 100 * (row.qualified or 0) / (row.supported or 1)) for row in rows]
    drawn = [
        stacks.Stack(_broken(names.institutions(project, row.keys)), (share, 100 - share)) for row, share in shares
    ]
    parts = (
        stacks.Part("podnieśli kwalifikacje", theme.CLASSES[4], "#ffffff"),
        stacks.Part("objęci wsparciem, jeszcze bez podniesionych kwalifikacji", theme.CLASSES[0]),
    )
    told = [
        f"{names.institutions(project, row.keys)} {Number(share, digits=1, unit='%').text} z {row.supported}"
        for row, share in shares
    ]
    return Figure(
        key="institution_shares",
        title="Ilu objętych wsparciem podniosło kwalifikacje, według rodzaju instytucji",
        svg=stacks.stacked(drawn, parts, key="institution_shares"),
        alt=f"Wykres słupkowy skumulowany w procentach osób objętych wsparciem. Podnieśli kwalifikacje: "
        f"{'; '.join(told)}.",
        description=f"Odsetek osób objętych wsparciem, które podniosły kwalifikacje: {'; '.join(told)}.",
        data=Table(
            key="institution_shares_data",
            title="Osoby objęte wsparciem i te, które podniosły kwalifikacje",
            columns=(Column("Rodzaj instytucji", "left"), Column("Objęci wsparciem"), Column("Podnieśli kwalifikacje")),
            rows=tuple(
                (names.institutions(project, row.keys), words.count(row.supported), words.count(row.qualified))
                for row in rows
            ),
            synthetic=project.made_up(*words.PERSONS),
        ),
        source=words.source(project, *words.PERSONS),
        note="Podstawa odsetków: osoby objęte wsparciem w instytucjach danego rodzaju.",
    )


def _broken(label: str) -> str:
    """Return a label in two lines where it is too long for the room beside a bar."""
    if len(label) <= 26:
        return label
    middle = label.rfind(" ", 0, len(label) // 2 + 6)
    second = label[middle + 1 :]
    return f"{label[:middle]}\n{second if len(second) <= 30 else second[:29] + '…'}"


def institution_table(project: ProjectMonitoring) -> Table | None:
    """Return persons by type of institution; None without data."""
    return _table(
        project, "institution", "Rodzaj instytucji", "Wskaźniki według rodzaju instytucji",
        lambda row: names.institutions(project, row.keys),
    )  # fmt: skip


def subregion_table(project: ProjectMonitoring) -> Table | None:
    """Return persons by sub-region; None without data."""
    return _table(
        project, "subregion", polish.capital(names.area(project)), f"Wskaźniki według {_OF_AREA[names.area(project)]}",
        lambda row: names.subregions(row.keys),
    )  # fmt: skip


def first_action_table(project: ProjectMonitoring) -> Table | None:
    """Return persons by the action of their first support; None without data."""
    return _table(
        project, "action", "Działanie", "Wskaźniki według działania, w którym osoba otrzymała pierwsze wsparcie",
        lambda row: polish.capital(names.actions(project, row.keys)),
    )  # fmt: skip


def _sorted(project: ProjectMonitoring, dimension: str) -> list[Part]:
    return sorted(project.parts(dimension), key=lambda row: (-(row.supported or 0), row.keys))


def _table(
    project: ProjectMonitoring, dimension: str, head: str, title: str, name: Callable[[Part], str]
) -> Table | None:
    rows = _sorted(project, dimension)
    if not rows:
        return None
    total = [_total(project)] if len(rows) > 1 else []
    return Table(
        key=f"parts_{dimension}",
        title=title,
        columns=(
            Column(head, "left"), Column("Objęci wsparciem"), Column("Podnieśli kwalifikacje"), Column("Odsetek (%)")
        ),
        rows=tuple(
            (
                label,
                words.count(row.supported, reason="" if row.supported is not None else "few"),
                words.count(row.qualified, reason="" if row.qualified is not None else "few"),
                words.percent(_share(row), unit=""),
            )
            for label, row in [*((name(row), row) for row in rows), *(("Razem", t) for t in total)]
        ),
        note=words.note(_NOTE, ("few" if None in (row.supported, row.qualified) else "" for row in rows)),
        **words.origin(project, *words.PERSONS),
    )  # fmt: skip


def _total(project: ProjectMonitoring) -> Part:
    values = [
        None if (row := project.indicator(name)) is None or row.value is None else round(row.value)
        for name in ("supported", "qualified")
    ]
    return Part(project.region.teryt, "", "", values[0], values[1])


def _share(row: Part) -> float | None:
    return None if row.qualified is None or not row.supported else row.qualified / row.supported


def entities_table(project: ProjectMonitoring) -> Table | None:
    """Return the supported entities by type of institution; None where the register was not delivered."""
    rows = sorted(project.entities, key=lambda row: (-row.entities, row.keys))
    if not rows:
        return None
    return Table(
        key="entities",
        title="Podmioty objęte wsparciem",
        columns=(Column("Rodzaj instytucji", "left"), Column("Podmioty")),
        rows=(
            *((polish.capital(names.institutions(project, row.keys)), words.count(row.entities)) for row in rows),
            *([("Razem", words.count(sum(row.entities for row in rows)))] if len(rows) > 1 else []),
        ),
        note="Każdy podmiot liczy się raz. Rodzaje z małą liczbą podmiotów połączono.",
        **words.origin(project, *words.ENTITIES),
    )
