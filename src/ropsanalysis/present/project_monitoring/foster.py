"""Children in foster care: the share of family care here, and the published figures for Poland, errors flagged."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Column, Number, Points, Statement, Table
from ropsanalysis.present.project_monitoring import words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import FosterCare
from ropsanalysis.project_monitoring.social_services import half_digit
from ropsanalysis.project_monitoring.view import ProjectMonitoring


def foster_summary(project: ProjectMonitoring) -> Points:
    """Return the share of family care in the voivodeship and in Poland, and printed totals that do not add up."""
    own, poland = project.foster_care(), project.foster_care(poland=True)
    found = [share(project)] if own else [missing("foster_care")]
    if poland:
        last = poland[-1]
        found.append(
            Statement.of(
                "W Polsce na koniec {year} r. w rodzinnej pieczy zastępczej było {share} dzieci umieszczonych w pieczy "
                "({family} z {total}).",
                year=str(last.year),
                share=words.percent(last.share),
                family=words.stepped(last.family, last.step),
                total=words.stepped(last.total, last.step),
            )
        )
    found += [_flagged(row) for row in poland if row.flagged]
    found += [_flagged(row, project) for row in own if row.flagged]
    return Points(tuple(found))


def share(project: ProjectMonitoring) -> Statement:
    """Return the share of family care in the voivodeship, in the last year and in the first.

    Raises
    ------
    IndexError
        There is no year of the voivodeship.
    """
    rows = project.foster_care()
    first, last = rows[0], rows[-1]
    before = "" if first.year == last.year else "; na koniec {first_year} r. było to {first}"
    return words.say(
        project,
        words.FOSTER,
        f"{words.here(project.region)} na koniec {{year}} r. w rodzinnej pieczy zastępczej było {{share}} dzieci "
        f"umieszczonych w pieczy ({{family}} z {{total}}){before}.",
        year=str(last.year),
        share=words.percent(last.share),
        family=Number(last.family),
        total=Number(last.total),
        first_year=str(first.year),
        first=words.percent(first.share),
    )


def _flagged(row: FosterCare, project: ProjectMonitoring | None = None) -> Statement:
    text = (
        "Uwaga do roku {year}: źródło drukuje łącznie {printed} dzieci, a jego własne składniki dają {total} "
        "({family} + {institutional}); różnica {difference} nie wynika z zaokrąglenia. Odsetek liczymy ze składników."
    )
    parts: dict[str, Any] = {
        "year": str(row.year), "printed": _printed(row), "total": Number(row.total),
        "family": Number(row.family), "institutional": Number(row.institutional),
        "difference": Number(None if row.difference is None else abs(row.difference)),
    }  # fmt: skip
    if project is None:
        return Statement.of(text, tone="bad", **parts)
    return words.say(project, words.FOSTER, text, tone="bad", **parts)


def foster_table(project: ProjectMonitoring) -> Table | None:
    """Return foster care in the voivodeship by year; None where it was not delivered."""
    rows = project.foster_care()
    if not rows:
        return None
    return _table(
        rows, key="foster_care", title=f"Piecza zastępcza {project.region.in_locative}",
        synthetic=project.made_up(*words.FOSTER), source=words.source(project, *words.FOSTER),
    )  # fmt: skip


def foster_poland_table(project: ProjectMonitoring) -> Table | None:
    """Return the published figures for Poland; None where there are none."""
    rows = project.foster_care(poland=True)
    if not rows:
        return None
    source = "; ".join(dict.fromkeys(f"{row.year}: {row.source}" for row in rows if row.source))
    return _table(
        rows, key="foster_care_poland", title="Piecza zastępcza w Polsce (liczby opublikowane)", synthetic=False,
        source=f"{source}." if source else "",
    )  # fmt: skip


def _table(rows: list[FosterCare], *, key: str, title: str, synthetic: bool, source: str) -> Table:
    printed = any(row.printed is not None for row in rows)
    return Table(
        key=key,
        title=title,
        columns=(
            Column("Rok", "left"), Column("Rodzinna"), Column("Instytucjonalna"), Column("Razem"),
            Column("Rodzinna (% razem)"),
            *((Column("Suma według źródła"), Column("Różnica"), Column("Ocena", "left")) if printed else ()),
        ),
        rows=tuple(
            (
                str(row.year), *(words.stepped(n, row.step) for n in (row.family, row.institutional, row.total)),
                words.percent(row.share, unit=""),
                *(
                    (_printed(row), Number(row.difference, signed=True), _verdict(row))
                    if printed
                    else ()
                ),
            )
            for row in rows
        ),
        note="Dzieci, stan na koniec roku. Razem: suma obu rodzajów pieczy."
        + (
            " „niezgodna”: suma w źródle różni się od jego składników o więcej niż połowę ostatniej podanej cyfry."
            if printed
            else ""
        ),
        source=source,
        synthetic=synthetic,
    )  # fmt: skip


def _printed(row: FosterCare) -> Number:
    """Return a total with the digits that its source printed, as far as they can be told from the number."""
    return words.stepped(row.printed, 1.0 if row.printed is None else 2 * half_digit(row.printed))


def _verdict(row: FosterCare) -> str:
    if row.printed is None:
        return polish.DASH
    return "niezgodna" if row.flagged else "zgodna"
