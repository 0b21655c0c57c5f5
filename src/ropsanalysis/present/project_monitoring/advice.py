"""Recommendations by rules: each says what to do, why with its numbers, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Number, Points, Statement
from ropsanalysis.present.dates import period
from ropsanalysis.present.project_monitoring import card, names, reach, words
from ropsanalysis.present.project_monitoring.actions import tasks
from ropsanalysis.present.project_monitoring.services import unit_name
from ropsanalysis.project_monitoring.records import Indicator, Late, Money
from ropsanalysis.project_monitoring.view import ProjectMonitoring

#: A forecast that reaches its target with this probability needs no advice.
_SAFE: Final = 0.8
#: An index of earned value below this asks for advice.
_WEAK: Final = 0.9
#: Share of the budget left from which advice is given.
_LEFT: Final = 0.02
#: Places named in one sentence.
_NAMED: Final = 5
#: Evidence that is missing or not enough, though the person was supported.
_EVIDENCE: Final = frozenset({"no_evidence", "attendance_only", "evidence_not_accepted"})
_PLAN_STEPS: Final = {
    "not_carried_out": "dowodu realizacji planu",
    "sections_missing": "części planu",
    "not_adopted": "uchwały lub zarządzenia o przyjęciu planu",
    "expired": "nowego planu w miejsce tego, który już nie obowiązuje",
}


def recommendations(project: ProjectMonitoring) -> Points:
    """Return what to do, the obligatory indicators first, then actions, money and data."""
    rules: tuple[Callable[[ProjectMonitoring], Iterable[Statement | None]], ...] = (
        _pace, _gminas, _evidence, _incomplete, _plans, _renewals, _late, _money, _weak_actions, _card, _deliver,
    )  # fmt: skip
    found = [statement for rule in rules for statement in rule(project) if statement is not None]
    if not found:
        found = [words.say(project, words.CARD, "Prowadzić projekt w obecnym tempie i powtórzyć raport po kwartale.")]
    return Points(tuple(found))


def advice(
    project: ProjectMonitoring, datasets: Iterable[str], what: str, *, why: str, where: str = "", **parts: Cell
) -> Statement:
    """Return one recommendation: what to do, why, and where to act."""
    named: dict[str, Any] = {**parts, "where": where}
    place = " Gdzie: {where}." if where else ""
    return words.say(project, datasets, f"{what}. Dlaczego: {why}.{place}", **named)


def _behind(row: Indicator | None) -> bool:
    if row is None or row.value is None or (row.of_target is not None and row.of_target >= 1):
        return False
    return row.probability is not None and row.probability < _SAFE


_PACE: Final = {
    "supported": ("Obejmować wsparciem więcej pracowników", "Utrzymać co najmniej obecne tempo obejmowania wsparciem"),
    "qualified": (
        "Prowadzić więcej pracowników do egzaminów i dyplomów",
        "Utrzymać co najmniej obecne tempo podnoszenia kwalifikacji",
    ),
}
"""What to do where the recent pace is too slow, and where it is just enough but not safe."""


def _pace(project: ProjectMonitoring) -> Iterable[Statement | None]:
    for name, (faster, keep) in _PACE.items():
        row = project.indicator(name)
        if row is None or not _behind(row) or row.needed_per_month is None or row.recent_per_month is None:
            continue
        parts: dict[str, Any] = {
            "needed": words.per_month(row.needed_per_month, name),
            "recent": words.per_month(row.recent_per_month, name),
            "months": Number(project.number("forecast_months")),
            "chance": words.rare(row.probability),
        }
        yield advice(
            project, words.PERSONS, faster if row.recent_per_month < row.needed_per_month else keep,
            why="do celu potrzeba średnio {needed} miesięcznie, a w ostatnich {months} miesiącach przybywało {recent}; "
            "przy tym tempie prawdopodobieństwo osiągnięcia celu to {chance}",
            where=_fewest(project, name), **parts,
        )  # fmt: skip


def _fewest(project: ProjectMonitoring, name: str) -> str:
    """Return the sub-regions and types of institutions with the fewest persons, or the lowest share of qualified."""
    told = []
    for dimension, label in (("subregion", names.in_area), ("institution", names.institutions)):
        known = [row for row in project.parts(dimension) if row.supported and row.qualified is not None]
        rows = [row for row in known if "+" not in row.keys]  # joined parts name no place to act
        if len(rows) < 2:
            continue
        if name == "qualified":
            row = min(rows, key=lambda row: (row.qualified or 0) / (row.supported or 1))
            number = f"podniosło kwalifikacje {row.qualified} z {row.supported}"
        else:
            row = min(rows, key=lambda row: row.supported or 0)
            number = f"objęto wsparciem {row.supported}"
        told.append(f"{label(project, row.keys)} ({number})")
    return f"najmniej – {polish.listing(told)}" if told else ""


def _gminas(project: ProjectMonitoring) -> Iterable[Statement | None]:
    if not reach.is_known(project):
        return
    gminas = project.gminas()
    without = [row for row in gminas if not row.reached]
    if not without:
        return
    rows = sorted((p for p in reach.powiats(project) if p.without), key=lambda p: (-len(p.without), p.name))
    where = "; ".join(
        f"{words.powiat(p.name)} ({', '.join(reach.gmina(unit, p.gminas) for unit in p.without)})" for p in rows[:3]
    )
    rest = " Pozostałe gminy wymienia rozdział „Wskaźniki”" if len(rows) > 3 else ""
    yield advice(
        project, words.PERSONS, "Zaprosić do projektu pracowników z gmin, do których wsparcie nie dotarło",
        why="bez wsparcia {verb} {n} z {all} ({share})", where=f"{where}{'.' if rest else ''}{rest}",
        verb=polish.plural_form(len(without), "jest", "są", "jest"), n=Number(len(without)),
        all=words.of_gminas(len(gminas)), share=words.percent(len(without) / len(gminas)),
    )  # fmt: skip


def _evidence(project: ProjectMonitoring) -> Iterable[Statement | None]:
    rows = [
        row for row in project.not_counted("qualified")
        if row.number and not _EVIDENCE.isdisjoint(row.rules.split("+"))
    ]  # fmt: skip
    row = project.indicator("qualified")
    number = sum(r.number or 0 for r in rows)
    if not number or not project.has_indicator("qualified"):
        return
    detail = "; ".join(f"{names.rules(r.rules)} – {Number(r.number).text}" for r in rows)
    lacking = None if row is None or row.target is None or row.value is None else row.target - row.value
    beside = "" if lacking is None or lacking <= 0 else ", a do celu brakuje {lacking}"
    yield advice(
        project, words.PERSONS, "Zebrać dowody podniesienia kwalifikacji, a gdzie ich nie ma – zorganizować egzaminy",
        why=f"kwalifikacji nie policzono {{persons}} ({{detail}}){beside}", where=_fewest(project, "qualified"),
        persons=Number(number, unit="osobie" if number == 1 else "osobom"), detail=detail,
        lacking=words.persons(lacking),
    )  # fmt: skip


def _incomplete(project: ProjectMonitoring) -> Iterable[Statement | None]:
    for row in project.not_counted("supported"):
        if row.number and "incomplete" in row.rules.split("+"):
            also = "niepełne dane" if row.rules == "incomplete" else names.rules(row.rules)
            base = "" if row.of is None else " z {of} w ewidencji"
            reason = "powody (łącznie)" if "+" in row.rules else "powód"
            yield advice(
                project, words.PERSONS, "Uzupełnić w ewidencji dane osób, których wskaźniki nie liczą",
                why=f"nie policzono {{n}}{base}; {reason}: {also}",
                where="lista wierszy na komputerze urzędu: polecenie „ropsanalysis audit”",
                n=words.persons(row.number), of=Number(row.of),
            )  # fmt: skip


def _plans(project: ProjectMonitoring) -> Iterable[Statement | None]:
    row = project.indicator("plans")
    if row is None or row.value is None or row.target is None or row.denominator is None or row.value >= row.target:
        return
    # Only where nothing else is missing is a unit one step away.
    lacking = -int(-row.target * row.denominator // 1) - (row.numerator or 0)
    units = project.counted_units()
    steps = []
    for rule, what in _PLAN_STEPS.items():
        own = [unit for unit in units if unit.plan == rule and unit.lacking == 1]
        if own:
            own.sort(key=lambda unit: (unit.level == "gmina", polish.sort_key(unit.name)))
            steps.append(f"{what} ({listed(unit_name(project, unit) for unit in own)})")
    none = sum(unit.plan == "" for unit in units)
    where = "; ".join(steps) or f"{none} jednostek nie ma jeszcze planu"
    yield advice(
        project, words.PLANS, "Wesprzeć samorządy w przyjęciu i realizacji planów (LPDI)",
        why="plan opracowany i realizowany ma {n} z {of} ({share}), do celu {target} brakuje {lacking}; bez planu: "
        "{none}",
        where=f"najbliżej są jednostki, którym brakuje jednego kroku: {where}" if steps else where,
        n=Number(row.numerator), of=words.units(row.denominator), share=words.percent(row.value),
        target=words.percent(row.target, digits=0), lacking=words.units(max(lacking, 0)),
        none=Number(none),
    )  # fmt: skip


def _renewals(project: ProjectMonitoring) -> Iterable[Statement | None]:
    row = project.indicator("plans")
    if row is None or not row.lapsing or row.numerator is None or project.card is None:
        return
    end = project.card.end
    own = [unit for unit in project.counted_units() if unit.plan == "counted" and unit.until and unit.until < end]
    own.sort(key=lambda unit: (unit.until, polish.sort_key(unit.name)))
    yield advice(
        project, words.PLANS, "Wesprzeć samorządy w odnowieniu planów (LPDI), które wygasną przed końcem projektu",
        why="w {n} z {of} policzonych jednostek plan wygasa przed końcem projektu ({end})",
        where=listed(f"{unit_name(project, unit)}{polish.NBSP}– {words.day(unit.until)}" for unit in own),
        n=Number(row.lapsing), of=Number(row.numerator), end=words.day(end),
    )  # fmt: skip


def listed(found: Iterable[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    rows = list(found)
    if len(rows) <= _NAMED + 1:
        return polish.listing(rows)
    return f"{', '.join(rows[:_NAMED])} i {len(rows) - _NAMED} innych"


def _days(number: float) -> str:
    return polish.plural_form(round(number), "dzień", "dni", "dni")


def _late(project: ProjectMonitoring) -> Iterable[Statement | None]:
    rows = sorted(project.late, key=lambda row: -row.days)
    if not rows:
        return
    by_action: dict[int, list[Late]] = {}
    for row in rows:
        by_action.setdefault(row.action, []).append(row)
    worst = sorted(by_action.items(), key=lambda item: (-len(item[1]), item[0]))[:3]
    where = "; ".join(
        f"{names.action(project, number)} ({len(own)}, najdłużej {own[0].days}"
        f"{polish.NBSP}{polish.plural_form(own[0].days, 'dzień', 'dni', 'dni')})"
        for number, own in worst
    )
    teams = dict.fromkeys(project.label("team", row.team) for row in rows)
    yield advice(
        project, words.ACTIVITIES, "Wykonać spóźnione zadania albo zmienić ich terminy w harmonogramie",
        why="co najmniej {days} po terminie: {late}; odpowiadają: {teams}", where=where, late=tasks(len(rows)),
        days=Number(project.number("late_days"), unit=_days(project.number("late_days"))),
        teams=polish.listing(polish.lower_first(team) for team in teams),
    )  # fmt: skip


def _money(project: ProjectMonitoring) -> Iterable[Statement | None]:
    row = project.total
    if row is None or row.unspent.value is None or not row.budget:
        return
    if row.unspent.low is not None and row.unspent.low > _LEFT * row.budget:
        yield advice(
            project, words.MONEY, "Przyspieszyć wydatki albo zawczasu zmienić plan i przesunąć środki",
            why="przy obecnym tempie na koniec projektu niewykorzystane będzie {left} (od {low} do {high})",
            where=_least_spent(project), left=words.amount(row.unspent.value), low=words.amount(row.unspent.low),
            high=words.amount(row.unspent.high),
        )  # fmt: skip
    elif row.forecast.value is not None and row.forecast.low is not None and row.forecast.low > row.budget:
        when = "; środki wyczerpałyby się około {when}" if row.exhausted else ""
        yield advice(
            project, words.MONEY, "Ograniczyć wydatki albo wystąpić o zmianę budżetu",
            why=f"przy obecnym tempie wydatki przekroczyłyby budżet o {{over}}{when}", where=_overspent(project),
            over=words.amount(row.forecast.value - row.budget), when=period(row.exhausted) if row.exhausted else "",
        )  # fmt: skip


def _least_spent(project: ProjectMonitoring) -> str:
    """Return the categories of costs that are farthest behind their plan, in złoty."""
    behind = [
        (row.planned - row.spent, row) for row in project.amounts("category")
        if row.planned is not None and row.spent is not None and row.planned > row.spent
    ]  # fmt: skip
    behind.sort(key=lambda pair: -pair[0])
    told = [
        f"{polish.lower_first(project.label('category', row.key))} ({words.amount(gap).text})"
        for gap, row in behind[:3]
    ]
    return f"kategorie kosztów najdalej za planem – {polish.listing(told)}" if told else ""


def _overspent(project: ProjectMonitoring) -> str:
    rows = [row for row in project.amounts("action") if row.cost_index is not None and row.cost_index < _WEAK]
    rows.sort(key=lambda row: row.cost_index or 0.0)
    return "; ".join(
        f"{_action(project, row)} (wskaźnik kosztu {words.index(row.cost_index).text})" for row in rows[:3]
    )


def _action(project: ProjectMonitoring, row: Money) -> str:
    return names.action(project, int(row.key)) if row.key.isdigit() else row.key


def _weak_actions(project: ProjectMonitoring) -> Iterable[Statement | None]:
    total = project.total
    if total is None or total.schedule_index is None or total.schedule_index >= _WEAK:
        return
    rows = [row for row in project.amounts("action") if row.schedule_index is not None and row.schedule_index < _WEAK]
    rows.sort(key=lambda row: row.schedule_index or 0.0)
    yield advice(
        project, words.MONEY, "Nadrobić działania, w których wykonano mniej, niż zaplanowano na ten dzień",
        why="wskaźnik terminu całego projektu to {index}, czyli wykonano {share} tego, co zaplanowano (licząc według "
        "kwot budżetu)",
        where="; ".join(f"{_action(project, row)} ({words.index(row.schedule_index).text})" for row in rows[:_NAMED]),
        index=words.index(total.schedule_index), share=words.percent(total.schedule_index, digits=0),
    )  # fmt: skip


def _card(project: ProjectMonitoring) -> Iterable[Statement | None]:
    failed = [
        row for row in project.card_checks if row.expected is not None and row.found is not None and not row.passed
    ]
    if failed:
        yield advice(
            project, (*words.CARD, "project_budget"), "Poprawić kartę projektu lub budżet",
            why="nie zgadza się: {checks}",
            checks="; ".join(polish.lower_first(names.CHECK.get(row.check, row.check)) for row in failed),
        )  # fmt: skip
    fields = [card.field(project, row) for row in project.published if not row.agrees]
    if fields:
        yield advice(
            project, words.CARD, "Wyjaśnić różnice między kartą urzędu a opublikowanymi dokumentami",
            why="różnią się pozycje: {fields}", fields=polish.listing(polish.lower_first(name) for name in fields),
        )  # fmt: skip


def _deliver(project: ProjectMonitoring) -> Iterable[Statement | None]:
    wanted = []
    if not project.has_indicator("supported"):
        wanted.append("ewidencję uczestników")
    if not project.has_indicator("plans"):
        wanted.append("wykaz planów (LPDI)")
    if not project.has_activities():
        wanted.append("rejestr działań")
    if project.total is None or project.total.budget is None:
        wanted.append("budżet")
    if project.total is None or project.total.spent is None:
        wanted.append("rejestr wydatków")
    if "cus" not in project.sources:
        wanted.append("wykaz centrów usług społecznych")
    if not project.foster_care():
        wanted.append("dane o pieczy zastępczej")
    yield Statement(f"Uzupełnić dane do następnej edycji: {polish.listing(wanted)}.") if wanted else None
