"""The three obligatory indicators: where each stands, beside an even pace, the plan, the target and its forecast."""

from __future__ import annotations

from math import nan
from typing import Any, Final

from ropsanalysis.present import curves, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table, Tone
from ropsanalysis.present.dates import period
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import Indicator, Progress
from ropsanalysis.project_monitoring.schema import COUNTED, INDICATORS
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.stats.records import Estimate

#: Probability of reaching the target from which a finding is good, and below which it is bad.
_LIKELY, _UNLIKELY = 0.8, 0.5
_MERGED: Final = (
    "Stanu po kwartałach, w których przybyło niewiele osób, nie podajemy („ukryto”): są w następnym podanym kwartale."
)
_DATASET: Final = {"supported": "project_participants", "qualified": "project_participants", "plans": "lpdi"}


def tone_of(row: Indicator) -> Tone:
    """Return how good it is where an indicator stands."""
    if is_reached(row):
        return "good"
    if row.probability is None:
        return "text"
    return "good" if row.probability >= _LIKELY else "bad" if row.probability < _UNLIKELY else "text"


def standing(project: ProjectMonitoring, row: Indicator) -> Statement:
    """Return where an indicator stands against its target, an even pace and the plan, and what is forecast."""
    template, parts = _reached(project, row)
    beside = []
    if row.line is not None:
        beside.append("równomierne tempo dałoby {line}")
        parts["line"] = words.value_of(row.indicator, row.line)
    if row.planned is not None:
        beside.append("plan zakładał {planned}")
        parts["planned"] = words.value_of(row.indicator, row.planned)
    if beside:
        template += f" Do {{day}} {', a '.join(beside)}."
        parts["day"] = words.as_of(project)
    more, numbers = _ahead(row)
    tone = tone_of(row)
    total = project.total
    datasets: tuple[str, ...] = words.BEHIND[row.indicator]
    if row.lapsing and row.numerator is not None:
        renewed = project.choice("plans_renewed")
        more += " W {lapsing} z {counted} policzonych jednostek plan wygasa przed końcem projektu; " + (
            "prognoza zakłada, że zastąpi go następny." if renewed else "prognoza ich nie liczy."
        )
        numbers |= {"lapsing": Number(row.lapsing), "counted": Number(row.numerator)}
        tone = "text" if tone == "good" and not renewed and not stays_reached(row) else tone
    if more and row.indicator in COUNTED and total is not None and total.exhausted and not is_reached(row):
        more += " Prognoza nie zna budżetu: przy obecnym tempie wydatków środki wyczerpałyby się około {exhausted}."
        numbers["exhausted"] = period(total.exhausted)
        tone, datasets = ("text" if tone == "good" else tone), (*datasets, *words.MONEY)
    return words.say(project, datasets, f"{template}{more}".strip(), tone=tone, **parts, **numbers)


def is_reached(row: Indicator) -> bool:
    """Return whether the target is reached already."""
    return row.of_target is not None and row.of_target >= 1


def stays_reached(row: Indicator) -> bool:
    """Return whether the target is reached also without the units whose plan expires before the project's end."""
    if row.numerator is None or not row.denominator or row.target is None:
        return is_reached(row)
    return (row.numerator - (row.lapsing or 0)) / row.denominator >= row.target


def _reached(project: ProjectMonitoring, row: Indicator) -> tuple[str, dict[str, Any]]:
    name = names.indicator(project, row.indicator)
    if row.indicator == "plans":
        parts: dict[str, Any] = {
            "value": words.percent(row.value), "n": words.count(row.numerator), "of": words.count(row.denominator)
        }  # fmt: skip
        text = f"{name}: {{n}} z {{of}}, czyli {{value}}"
        if row.target is not None:
            text += ", przy celu {target}"
            parts["target"] = words.percent(row.target, digits=0 if float(100 * row.target).is_integer() else 1)
        return f"{text}.", parts
    parts = {"value": words.count(row.value)}
    text = f"{name}: {{value}}"
    if row.target is not None:
        text += " z {target} planowanych do końca projektu"
        parts["target"] = words.count(row.target)
    if row.of_target is not None:
        text += " ({share} celu)"
        parts["share"] = words.percent(row.of_target)
    return f"{text}.", parts


def _ahead(row: Indicator) -> tuple[str, dict[str, Any]]:
    if row.forecast.value is None:
        return "", {}
    if is_reached(row):
        return " Cel już osiągnięto.", {}
    text, parts = words.spread("forecast", row.forecast, lambda value: words.value_of(row.indicator, value))
    text = f" Prognoza na koniec projektu: {text}"
    if row.probability is not None:
        text += "; prawdopodobieństwo osiągnięcia celu: {probability}"
        parts["probability"] = words.rare(row.probability)
    return f"{text}.", parts


def indicators_summary(project: ProjectMonitoring) -> Points:
    """Return where the three indicators stand, and the pace that is needed beside the recent one."""
    found = []
    for name in INDICATORS:
        row = project.indicator(name)
        if row is None or row.value is None:
            if name != "qualified":  # the same dataset as the first indicator
                found.append(missing(_DATASET[name]))
            continue
        found += [standing(project, row), *_pace(project, row)]
    return Points(tuple(found))


def _pace(project: ProjectMonitoring, row: Indicator) -> list[Statement]:
    if row.needed_per_month is None or row.recent_per_month is None or row.needed_per_month <= 0:
        return []
    return [
        words.say(
            project,
            words.BEHIND[row.indicator],
            "Tempo ({what}): do celu potrzeba średnio {needed} miesięcznie; w ostatnich {months} miesiącach "
            "przybywało średnio {recent}.",
            what=polish.lower_first(names.indicator(project, row.indicator)),
            needed=words.per_month(row.needed_per_month, row.indicator),
            recent=words.per_month(row.recent_per_month, row.indicator),
            months=words.count(project.number("forecast_months")),
        )
    ]


def indicators_table(project: ProjectMonitoring) -> Table | None:
    """Return the three indicators side by side; None where the voivodeship has none."""
    rows = [row for name in INDICATORS if (row := project.indicator(name)) is not None]
    if not rows:
        return None
    return Table(
        key="indicators",
        title=f"Wskaźniki obowiązkowe na dzień {words.day(project.as_of)}",
        columns=(
            Column("Wskaźnik", "left"), Column("Stan"), Column("Podstawa (n z N)"), Column("Cel"),
            Column("Równomierne tempo"), Column("Plan"), Column("Prognoza"), Column("od"), Column("do"),
            Column("Szansa na cel"),
        ),
        rows=tuple(_cells(project, row) for row in rows),
        note=words.note(
            "Pracownicy w osobach; plany (LPDI) w procentach jednostek samorządu. Równomierne tempo i plan: ile byłoby "
            "na dzień danych. Prognoza: stan na koniec projektu, „od” i „do” to przedział "
            f"{words.confidence(project)}. Szansa na cel: prawdopodobieństwo według prognozy.",
            (row.reason for row in rows),
        ),
        **words.origin(project, *words.PERSONS, *words.PLANS),
    )  # fmt: skip


def _cells(project: ProjectMonitoring, row: Indicator) -> tuple[Cell, ...]:
    shown = [words.value_of(row.indicator, v) for v in (row.line, row.planned, *row.forecast)]
    share = row.indicator == "plans" and row.denominator is not None and row.numerator is not None
    return (
        names.indicator(project, row.indicator),
        words.value_of(row.indicator, row.value, reason=row.reason),
        f"{row.numerator} z {row.denominator}" if share else polish.DASH,
        words.value_of(row.indicator, row.target, reason="" if row.target is not None else "no_target"),
        *shown,
        words.rare(row.probability),
    )


def supported_figure(project: ProjectMonitoring) -> Figure | None:
    """Return how the number of supported employees grew; None without data."""
    return _course(project, "supported")


def qualified_figure(project: ProjectMonitoring) -> Figure | None:
    """Return how the number of employees who raised their qualifications grew; None without data."""
    return _course(project, "qualified")


def plans_figure(project: ProjectMonitoring) -> Figure | None:
    """Return how the share of units with a plan grew; None without data."""
    return _course(project, "plans")


def _course(project: ProjectMonitoring, name: str) -> Figure | None:
    row, rows = project.indicator(name), project.course(name)
    if row is None or row.value is None or not any(r.reached is not None for r in rows):
        return None
    percent = name == "plans"
    base = "" if row.denominator is None or not percent else f" ({row.denominator} jednostek = 100%)"

    def at(value: float | None) -> float:
        return nan if value is None else 100 * value if percent else value

    def path(values: list[float | None]) -> tuple[float, ...]:
        return tuple(map(at, values)) if any(v is not None for v in values) else ()

    ahead = [r.forecast if r.reached is None else Estimate(None, None, None) for r in rows]
    target = "" if row.target is None else f"cel: {words.value_of(name, row.target).text}"
    svg = curves.course(
        curves.Course(
            tuple(r.quarter for r in rows), tuple(at(r.reached) for r in rows), path([r.planned for r in rows]),
            path([r.line for r in rows]), path([e.value for e in ahead]), path([e.low for e in ahead]),
            path([e.high for e in ahead]), at(row.target),
        ),
        names=curves.CourseNames(
            "stan", "plan", "równomierne tempo", "prognoza (mediana)", f"przedział {words.confidence(project)}", target
        ),
        key=f"course_{name}",
        up=f"% jednostek samorządu{base}" if percent else "osoby, narastająco",
        digits=1 if percent else 0,
        unit="%" if percent else "",
    )  # fmt: skip
    told = standing(project, row).text
    return Figure(
        key=f"course_{name}",
        title=f"{names.indicator(project, name)}: stan, plan i prognoza",
        svg=svg,
        alt=f"Wykres liniowy według kwartałów. {told}",
        description=_in_words(rows, name),
        data=_course_data(project, name, rows),
        source=words.source(project, *words.BEHIND[name]),
        note=(
            "Stan na koniec kwartału według reguł liczenia tego dnia; plan, który wygasł, już się nie liczy. "
            if percent
            else "Stan na koniec kwartału, narastająco od początku projektu. "
        )
        + "Równomierne tempo: prosta od zera na początku projektu do celu na jego końcu."
        + (f" {_MERGED}" if any(r.reason == "few" for r in rows) else ""),
    )


def _in_words(rows: list[Progress], name: str) -> str:
    told = [
        f"{period(r.quarter)}: {words.value_of(name, r.reached).text}"
        + ("" if r.planned is None else f" (plan {words.value_of(name, r.planned).text})")
        for r in rows
        if r.reached is not None
    ]
    last = rows[-1]
    end = (
        ""
        if last.forecast.value is None
        else f" Prognoza na koniec projektu: {words.value_of(name, last.forecast.value).text}."
    )
    return f"Stan na koniec kwartałów: {'; '.join(told)}.{end}"


def _course_data(project: ProjectMonitoring, name: str, rows: list[Progress]) -> Table:
    unit = " (%)" if name == "plans" else ""

    def cell(value: float | None, reason: str = "") -> Cell:
        return words.value_of(name, value, reason=reason, unit=False)

    return Table(
        key=f"course_{name}_data",
        title=f"{names.indicator(project, name)} na koniec kwartału{unit}",
        columns=tuple(
            Column(label, "left" if place == 0 else "right")
            for place, label in enumerate(
                ("Kwartał", "Stan", "Równomierne tempo", "Plan", "Prognoza", "Prognoza od", "Prognoza do")
            )
        ),
        rows=tuple(
            (period(r.quarter), cell(r.reached, r.reason), *map(cell, (r.line, r.planned, *r.forecast))) for r in rows
        ),
        synthetic=project.made_up(*words.BEHIND[name]),
    )
