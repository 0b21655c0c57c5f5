"""What changed for participants: levels at the four waves, and the change from entry to a year after the exit."""

from __future__ import annotations

from math import nan
from typing import Any, Final

from ropsanalysis.present import forests, panels, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.present.social_impact.missing import missing
from ropsanalysis.social_impact.records import Change, Level, Outcome
from ropsanalysis.social_impact.schema import GROUPS, WAVES
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.records import Estimate

_SIZE: Final = {"d": "d", "h": "h", "or": "OR"}
_CAUTION: Final = (
    "Są to zmiany w czasie. Nie mówią, co w tym samym czasie stałoby się bez wsparcia; o tym jest następny rozdział."
)
_NOTHING: Final = Estimate(None, None, None)
#: What the axis of figures shows that put outcomes of different units side by side.
MULTIPLES: Final = "krotność najmniejszej ważnej zmiany"
ENDS: Final = ("◂ mniej korzystnie", "korzystniej ▸")


def shown_changes(impact: SocialImpact) -> list[tuple[Outcome, Change]]:
    """Return the outcomes of persons whose change is shown."""
    found = [(outcome, impact.change(outcome.key)) for outcome in impact.measured("person")]
    return [(outcome, row) for outcome, row in found if row is not None and row.change.shown]


def change_summary(impact: SocialImpact) -> Points | Statement:
    """Return which outcomes became better or worse, and of which nothing can be said."""
    if not impact.has_persons():
        return missing("impact_panel")
    rows = shown_changes(impact)
    if not rows:
        return words.say(
            impact, words.PERSONS, "Zmian u uczestników nie podajemy: {why}.",
            why=words.because(row.reason for row in impact.changes),
        )  # fmt: skip
    found = [
        _listed(impact, rows, "improved", "Rok po wyjściu było lepiej niż na wejściu: {all}.", "good"),
        _listed(impact, rows, "worsened", "Rok po wyjściu było gorzej niż na wejściu: {all}.", "bad"),
        _listed(impact, rows, "small", "Zmiana była mniejsza niż ważna: {all}."),
        _listed(impact, rows, "unclear", "Pomiar nie rozstrzyga, czy zaszła ważna zmiana: {all}."),
        _unsure(impact, rows),
        Statement(_CAUTION),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _unsure(impact: SocialImpact, rows: list[tuple[Outcome, Change]]) -> Statement | None:
    """Say why figures leave results out, also where no figure is left to say it."""
    told = words.left_out(impact, [row.change for _, row in rows]).strip()
    return Statement(told.replace("Pominięto wyniki", "Na wykresach pominięto wyniki")) if told else None


def _without_interval(impact: SocialImpact) -> list[Estimate]:
    """Return the levels that the figure of levels would show, if they had intervals."""
    found = [
        (o, _level(impact, o.key, w, g)) for o in impact.measured("person") for g in _groups(impact) for w in WAVES
    ]
    return [level for outcome, level in found if not _all_alike(outcome, level) and outcome.kind != "duration"]


def _listed(
    impact: SocialImpact, rows: list[tuple[Outcome, Change]], verdict: str, template: str, tone: Any = "text"
) -> Statement | None:
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for number, (outcome, row) in enumerate(row for row in rows if row[1].verdict == verdict):
        pieces.append(f"{polish.lower_first(outcome.short)} ({{v{number}}})")
        parts[f"v{number}"] = words.in_unit(outcome, row.change.value, change=True, signed=True)
    if not pieces:
        return None
    return words.say(impact, words.PERSONS, template.replace("{all}", polish.listing(pieces)), tone=tone, **parts)


def levels_figure(impact: SocialImpact) -> Figure | None:
    """Return levels at the four waves of participants and comparison group; None where none is shown."""
    charts, told = [], []
    for outcome in impact.measured("person"):
        series = [s for group in _groups(impact) if (s := _series(impact, outcome, group)) is not None]
        if series:
            ticks = tuple((float(place), names.SHORT_WAVE[wave]) for place, wave in enumerate(WAVES))
            unit, digits = _unit(outcome), 1 if outcome.digits is None else outcome.digits
            charts.append(panels.Panel(outcome.short, unit, digits, tuple(series), ticks))
            told.append(_in_words(impact, outcome))
    if not charts:
        return None
    roles = {s.role for chart in charts for s in chart.series}
    keys: list[tuple[Any, str]] = [("region", "uczestnicy"), ("peer", "grupa porównawcza")]
    return Figure(
        key="levels",
        title="Poziom wskaźników w czterech pomiarach",
        svg=panels.panels(
            charts,
            key="levels",
            names=[(role, name) for role, name in keys if role in roles],
            interval=f"przedział {words.confidence(impact)}",
        ),
        alt=f"Małe wykresy ({len(charts)}). {' '.join(told)}",
        description=" ".join(told),
        data=_levels_data(impact),
        source=words.source(impact, *words.PERSONS),
        note="wej. – wejście, wyj. – wyjście, +6 i +12 – miesiące po wyjściu. Osoby, które odpowiedziały we wszystkich "
        "pomiarach, z wagami za utratę pozostałych. Skale nie zaczynają się od zera."
        + words.left_out(impact, _without_interval(impact)),
    )


def _groups(impact: SocialImpact) -> tuple[str, ...]:
    """Return the groups whose levels may stand side by side: one that is too different invites a false comparison."""
    row = impact.comparison
    return GROUPS[:1] if row is not None and row.verdict == "no_overlap" else GROUPS


def _series(impact: SocialImpact, outcome: Outcome, group: str) -> panels.Series | None:
    levels = [_level(impact, outcome.key, wave, group) for wave in WAVES]
    levels = [level if words.has_interval(level) or _all_alike(outcome, level) else _NOTHING for level in levels]
    if sum(level.shown for level in levels) < 2 or not any(words.has_interval(level) for level in levels):
        return None  # a lone point, such as a time known only at the end, is no course over time
    factor = 100.0 if outcome.kind == "share" else 1.0

    def column(values: list[float | None]) -> tuple[float, ...]:
        return tuple(nan if value is None else factor * value for value in values)

    beside = 0.0 if group == "participant" else 0.1
    return panels.Series(
        "region" if group == "participant" else "peer",
        tuple(place + beside for place in range(4)),
        column([level.value for level in levels]),
        column([level.low for level in levels]),
        column([level.high for level in levels]),
    )


def _all_alike(outcome: Outcome, level: Estimate) -> bool:
    """Return whether a level is that of a group that all have or all lack the trait, which needs no interval."""
    return outcome.kind == "share" and level.value in {0.0, 1.0}


def _level(impact: SocialImpact, outcome: str, wave: str, group: str) -> Estimate:
    row: Level | None = impact.level(outcome, wave, group)
    return _NOTHING if row is None else row.level


def _unit(outcome: Outcome) -> str:
    return {"share": "% osób", "scale": "średnia, pkt (1–5)", "ordinal": "średnia, pkt (1–5)"}.get(
        outcome.kind, outcome.unit
    )


def _in_words(impact: SocialImpact, outcome: Outcome) -> str:
    told = []
    for group in _groups(impact):
        first, last = (_level(impact, outcome.key, wave, group).value for wave in (WAVES[0], WAVES[-1]))
        if first is not None and last is not None:
            ends = (words.in_unit(outcome, value).text for value in (first, last))
            told.append(f"{names.GROUP[group]} z {' do '.join(ends)}")
    return words.stopped(f"{outcome.short}: {'; '.join(told)}") if told else f"{outcome.short}: pomiary niepełne."


def _levels_data(impact: SocialImpact) -> Table:
    rows: list[tuple[Cell, ...]] = []
    reasons = set()
    for outcome in impact.measured("person"):
        for group in _groups(impact):
            for wave in WAVES:
                row = impact.level(outcome.key, wave, group)
                if row is None:
                    continue
                reasons.add(row.reason)
                rows.append(
                    (
                        outcome.short, names.GROUP[group], names.WAVE[wave],
                        *words.cells(
                            row.level, lambda v, o=outcome: words.in_unit(o, v, bare=True), reason=row.reason  # type: ignore[misc]
                        ),
                        words.count(row.n), words.unit(outcome),
                    )
                )  # fmt: skip
    return Table(
        key="levels_data",
        title="Poziom wskaźników w czterech pomiarach",
        columns=(
            Column("Wskaźnik", "left"), Column("Grupa", "left"), Column("Pomiar", "left"), Column("Poziom"),
            Column("od"), Column("do"), Column("n"), Column("Jednostka", "left"),
        ),
        rows=tuple(rows),
        note=words.explained(reasons),
        synthetic=impact.made_up(*words.PERSONS),
    )  # fmt: skip


def in_multiples(outcome: Outcome, estimate: Estimate, smallest: float) -> tuple[float, float, float]:
    """Return a change and its interval as multiples of the smallest important one; to the right is better."""
    sign = -1.0 if outcome.direction == "lower" else 1.0
    ends = [nan if v is None else sign * v / smallest for v in (estimate.low, estimate.high)]
    low, high = sorted(ends) if ends[0] == ends[0] and ends[1] == ends[1] else ends
    return sign * (estimate.value or 0.0) / smallest, low, high


def change_figure(impact: SocialImpact) -> Figure | None:
    """Return each change beside the smallest important one; None where no change is shown."""
    rows = [(outcome, row) for outcome, row in shown_changes(impact) if row.smallest and words.has_interval(row.change)]
    if not rows:
        return None
    lines, told = [], []
    for outcome, row in rows:
        point, low, high = in_multiples(outcome, row.change, row.smallest or 1.0)
        text = words.in_unit(outcome, row.change.value, change=True, signed=True).text
        lines.append(forests.Row(outcome.short, (forests.Mark(0, point, low, high),), text))
        told.append(f"{outcome.short} {text} ({names.CHANGED[row.verdict]})")
    return Figure(
        key="changes",
        title="Zmiana od wejścia do roku po wyjściu na tle najmniejszej ważnej zmiany",
        svg=forests.forest(
            lines,
            key="changes",
            kinds=["zmiana u uczestników"],
            label=MULTIPLES,
            interval=f"przedział {words.confidence(impact)}",
            band=(1.0, "mniej niż ważna zmiana"),
            ends=ENDS,
            notes="zmiana",
        ),
        alt=f"Zmiany wskaźników z przedziałami: {'; '.join(told)}.",
        description=f"Oś podaje krotność najmniejszej ważnej zmiany; na prawo jest korzystniej. {'; '.join(told)}.",
        data=_change_data(impact, rows),
        source=words.source(impact, *words.PERSONS),
        note="1 oznacza najmniejszą ważną zmianę: {share} albo {sd} odchylenia standardowego na wejściu.".format(
            share=words.percent(impact.choice("smallest_difference_share"), unit="p.p.", digits=0).text,
            sd=words.plain(impact.choice("smallest_difference_sd"), digits=1).text,
        )
        + words.left_out(impact, [row.change for _, row in shown_changes(impact)]),
    )


def _change_data(impact: SocialImpact, rows: list[tuple[Outcome, Change]]) -> Table:
    return Table(
        key="changes_data",
        title="Zmiana w krotnościach najmniejszej ważnej zmiany",
        columns=(Column("Wskaźnik", "left"), Column("Zmiana"), Column("od"), Column("do")),
        rows=tuple(
            (
                outcome.short,
                *(words.plain(v, signed=True) for v in in_multiples(outcome, row.change, row.smallest or 1.0)),
            )
            for outcome, row in rows
        ),
        note="Liczby dodatnie: korzystniej.",
        synthetic=impact.made_up(*words.PERSONS),
    )


def change_table(impact: SocialImpact) -> Table | None:
    """Return the changes with their intervals, sizes and verdicts; None without a panel."""
    found = [(o, row) for o in impact.measured("person") if (row := impact.change(o.key)) is not None]
    if not found:
        return None
    return Table(
        key="change_table",
        title="Zmiana u uczestników od wejścia do roku po wyjściu",
        columns=(
            Column("Wskaźnik", "left"), Column("n"), Column("Zmiana"), Column("od"), Column("do"), Column("Jedn."),
            Column("Ważna"), Column("Efekt"), Column("p (Holm)"), Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                outcome.short,
                words.count(row.n),
                *words.change_cells(outcome, row.change, reason=row.reason),
                words.unit(outcome, change=True),
                words.in_unit(outcome, row.smallest, change=True, bare=True),
                Number(row.size.value, digits=2, unit=_SIZE.get(row.size_name, "")),
                words.probability(row.p_adjusted),
                names.CHANGED.get(row.verdict, polish.DASH) if row.change.shown else polish.DASH,
            )
            for outcome, row in found
        ),
        note=words.note(
            "Ważna: najmniejsza ważna zmiana. Efekt: d – zmiana w odchyleniach standardowych, h – miara Cohena dla "
            "odsetków, OR – iloraz szans wyższej odpowiedzi. p: po poprawce Holma na liczbę wskaźników. Zmiany liczymy "
            "z wartości niezaokrąglonych.",
            (row.reason for _, row in found),
        ),
        **words.origin(impact, *words.PERSONS),
    )  # fmt: skip
