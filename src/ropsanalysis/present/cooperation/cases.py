"""Cases on their way from the signal to the end: how many reach each step, and how long it takes."""

from __future__ import annotations

from math import nan

from ropsanalysis.cooperation.records import CaseFlow, Duration
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import bars, forests, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Points, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing


def cases_summary(models: Cooperation) -> Points:
    """Return how many cases began, reached a contract, ended and lasted, and how long they took."""
    if not models.has_cases():
        return Points((missing("cases"),))
    found = [_began(models), _contract(models), _took(models), _lasted(models)]
    return Points(tuple(statement for statement in found if statement is not None))


def _began(models: Cooperation) -> Statement:
    row = models.step("signal")
    if row is None or row.cases is None:
        return words.say(
            models,
            words.CASES,
            "Liczby spraw nie podajemy: {why}.",
            why=words.because(row.reason if row else "no_data"),
        )
    ended = models.step("ended")
    text = "Sygnał o potrzebie pomocy rozpoczął {n}"
    if ended is not None and ended.cases is not None:
        text += "; zakończyły się {ended}" if 1 < ended.cases % 10 < 5 and ended.cases % 100 not in (12, 13, 14) else (
            "; zakończyło się {ended}" if ended.cases != 1 else "; zakończyła się {ended}"
        )  # fmt: skip
    return words.say(
        models, words.CASES, f"{text}.", n=words.cases(row.cases, one="sprawę"),
        ended=words.count(ended.cases if ended else None),
    )  # fmt: skip


def _contract(models: Cooperation) -> Statement | None:
    row = models.step("contract")
    if row is None or row.cases is None or not row.of:
        return None
    return words.say(
        models,
        words.CASES,
        "Kontrakt socjalny zawarto w {share} wszystkich spraw ({cases} z {of}).",
        share=words.percent(row.cases / row.of),
        cases=words.count(row.cases),
        of=words.count(row.of),
    )


def _took(models: Cooperation) -> Statement | None:
    row = models.duration("signal_contract")
    if row is None or row.median.value is None:
        return None
    text, parts = words.spread("days", row.median, words.days)
    quarter = " W co czwartej sprawie trwa to dłużej niż {upper}." if row.upper is not None else ""
    return words.say(
        models,
        words.CASES,
        f"Połowa spraw dochodzi od sygnału do kontraktu w czasie do {text}. Sprawy bez kontraktu uwzględniamy tak "
        "długo, jak je obserwowano: te, które trwają, do ostatniego dnia danych, a zakończone – do dnia zakończenia."
        f"{quarter}",
        upper=words.days(row.upper),
        **parts,
    )


def _lasted(models: Cooperation) -> Statement | None:
    checked, kept = models.step("followup"), models.step("kept")
    if checked is None or checked.cases is None or not checked.of:
        return None
    if checked.cases == 0:
        return words.say(
            models, words.CASES, "Spraw zakończonych z powodzeniem nie sprawdzano później, więc nie wiadomo, czy "
            "zmiany się utrzymały.", tone="bad",
        )  # fmt: skip
    text = "Po zakończeniu sprawdzono {checked} z {of} spraw zakończonych z powodzeniem"
    if kept is not None and kept.cases is not None and kept.of:
        text += "; zmiana utrzymała się w {share} z nich (n = {n})"
    return words.say(
        models,
        words.CASES,
        f"{text}.",
        checked=words.count(checked.cases),
        of=words.count(checked.of),
        share=words.percent(kept.cases / kept.of if kept and kept.cases is not None and kept.of else None),
        n=words.count(kept.of if kept else None),
    )


def flow_figure(models: Cooperation) -> Figure | None:
    """Return how many cases reached each step; None where nothing is shown."""
    rows = [row for key in names.STEP if (row := models.step(key)) is not None]
    if not any(row.cases is not None for row in rows):
        return None
    shown = [row for row in rows if row.cases is not None]
    told = "; ".join(f"{names.STEP[row.step]} – {words.count(row.cases).text}" for row in shown)
    hidden = [names.STEP[row.step] for row in rows if row.cases is None]
    more = f" Nie podajemy liczby spraw na etapach: {polish.listing(hidden)}." if hidden else ""
    return Figure(
        key="flow",
        title="Sprawy na kolejnych etapach",
        svg=bars.ranked(
            [bars.Bar(polish.capital(names.STEP[row.step]), float(row.cases or 0)) for row in shown],
            key="flow",
            label="liczba spraw",
            digits=0,
            tall=16.0,
        ),
        alt=f"Wykres słupkowy liczby spraw. {polish.capital(told)}.",
        description=f"Liczba spraw na etapach: {told}.{more}",
        data=_flow_data(models, rows + [row for row in [models.step("undiagnosed")] if row is not None]),
        source=words.source(models, *words.CASES),
        note="Diagnozę, kontrakt i koszyk liczymy tak, jak je zapisano, każde z osobna. Sprawa może się zakończyć "
        f"także przed zawarciem kontraktu.{more}",
    )


def _flow_data(models: Cooperation, rows: list[CaseFlow]) -> Table:
    return Table(
        key="flow_data",
        title="Sprawy na kolejnych etapach",
        columns=(
            Column("Etap", "left"), Column("Sprawy"), Column("Z ilu spraw (n)"), Column("Odsetek (%)"),
        ),
        rows=tuple(
            (
                polish.capital({**names.STEP, **names.FAULT}[row.step]), words.count(row.cases, reason=row.reason),
                words.count(row.of, reason=row.reason or "few"),
                words.percent(row.cases / row.of if row.cases is not None and row.of else None, unit=""),
            )
            for row in rows
        ),
        note=words.note(
            "Z ilu spraw: wszystkie sprawy, a od zakończenia z powodzeniem – sprawy na poprzednim etapie; przy "
            "kontraktach bez diagnozy: wszystkie kontrakty.",
            [row.reason or ("few" if row.of is None else "") for row in rows],
        ),
        synthetic=models.made_up(*words.CASES),
    )  # fmt: skip


def durations_figure(models: Cooperation) -> Figure | None:
    """Return the median days between steps with their intervals; None where nothing is shown."""
    rows = [row for key in names.DURATION if (row := models.duration(key)) is not None]
    shown = [row for row in rows if row.median.value is not None]
    if not shown:
        return None
    told = "; ".join(f"{names.DURATION[row.step]} – {_days(row)}" for row in shown)
    return Figure(
        key="durations",
        title="Czas między etapami sprawy",
        svg=forests.forest(
            [
                forests.Row(
                    polish.capital(names.DURATION[row.step]),
                    (
                        forests.Mark(
                            0,
                            row.median.value or 0.0,
                            nan if row.median.low is None else row.median.low,
                            nan if row.median.high is None else row.median.high,
                        ),
                    ),
                    words.days(row.median.value).text,
                )
                for row in shown
            ],
            key="durations",
            kinds=["mediana"],
            label="dni",
            interval=f"przedział {words.confidence(models)}",
            notes="mediana",
        ),
        alt=f"Wykres median liczby dni z przedziałami. {polish.capital(told)}.",
        description=f"Mediana liczby dni: {told}.",
        data=_duration_data(models, rows),
        source=words.source(models, *words.CASES),
        note="Mediana: połowa spraw trwa krócej, połowa dłużej; sprawy, które etapu jeszcze nie osiągnęły, są "
        "uwzględnione (estymator Kaplana i Meiera).",
    )


def _days(row: Duration) -> str:
    text, parts = words.spread("d", row.median, words.days)
    return text.format_map({name: part.text for name, part in parts.items()})


def _duration_data(models: Cooperation, rows: list[Duration]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            polish.capital(names.DURATION[row.step]),
            *words.cells(row.median, words.count, reason=row.reason), words.count(row.lower), words.count(row.upper),
            words.count(row.cases, reason=row.reason or "few"), words.count(row.events, reason=row.reason or "few"),
        )
        for row in rows
    ]  # fmt: skip
    return Table(
        key="durations_data",
        title="Dni między etapami sprawy",
        columns=(
            Column("Etapy", "left"), Column("Mediana"), Column("od"), Column("do"), Column("Kwartyl 25%"),
            Column("Kwartyl 75%"), Column("Sprawy (n)"), Column("Doszły do etapu"),
        ),
        rows=tuple(cells),
        note=words.note(
            "„od” i „do”: przedział mediany.",
            [row.reason or ("few" if None in (row.cases, row.events) else "") for row in rows],
        ),
        synthetic=models.made_up(*words.CASES),
    )  # fmt: skip
