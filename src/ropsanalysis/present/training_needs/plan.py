"""The training plan: what it achieves, whom it reaches, what limits it, what more money would buy."""

from __future__ import annotations

from ropsanalysis.present import curves, polish
from ropsanalysis.present.blocks import Column, Figure, Note, Number, Points, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.records import PlanLimit, PlanSummary
from ropsanalysis.training_needs.view import TrainingNeeds

#: Used-up offers in the table of limits, the most valuable first: a long list of full courses tells nothing more.
_OFFERS = 8
MISSING = Statement("Planu szkoleń nie wyznaczono: brak budżetu, celów projektu albo oszacowań potrzeb.")


def made_plan(needs: TrainingNeeds) -> PlanSummary | None:
    """Return the summary of the plan if groups were planned, be they only the nearest to the targets."""
    summary = needs.plan_summary
    return summary if summary is not None and needs.plan and summary.need_covered is not None else None


def plan_summary(needs: TrainingNeeds) -> Statement:
    """Return what the plan achieves and whether it is the best possible."""
    summary = needs.plan_summary
    if summary is None:
        return MISSING
    if made_plan(needs) is None:
        return Statement(summary.message or MISSING.text, tone="bad" if summary.status == "infeasible" else "text")
    gap = " Pokrycie potrzeb mogłoby być większe co najwyżej o {gap} obecnego." if summary.status == "gap" else ""
    return Statement.of(
        f"{summary.message}{gap} Za {{cost}} z budżetu {{budget}} plan obejmuje {{persons}} (cel: {{supported}}) i "
        "pokrywa {covered} ważonej potrzeby. Liczba osób, które według założeń uzyskają kwalifikacje: {expected}"
        + ("." if summary.persons_qualified is None else " (cel: {qualified}).")
        + " Ważona potrzeba to liczba osób z luką w poszczególnych kompetencjach, pomnożona przez siłę luki; pokrywa "
        "ją każde zaplanowane miejsce dla osoby z luką.",
        tone="bad" if summary.status == "infeasible" else "text",
        cost=words.money(summary.cost_pln),
        budget=words.money(summary.budget_pln),
        persons=persons(summary.persons),
        supported=Number(summary.persons_supported),
        expected=Number(summary.expected_qualified),
        qualified=Number(summary.persons_qualified),
        covered=words.covered(summary.need_covered),
        gap=words.percent(summary.gap),
    )


def persons(number: int | None) -> Number | str:
    """Return so many persons as an object of a verb, in the form the number asks for."""
    return polish.DASH if number is None else Number(number, unit=polish.plural_form(number, "osobę", "osoby", "osób"))


def plan_table(needs: TrainingNeeds) -> Table | None:
    """Return the groups of the plan; None where there is no plan."""
    if not needs.plan:
        return None
    order = {need.competence: place for place, need in enumerate(needs.ranked())}
    rows = sorted(needs.plan, key=lambda row: (order.get(row.competence, len(order)), row.form))
    return Table(
        key="plan",
        title="Planowane grupy szkoleniowe",
        columns=(
            Column("Kompetencja", "left"),
            Column("Forma", "left"),
            Column("Grupy"),
            Column("Miejsca"),
            Column("Godziny"),
            Column("Koszt (zł)"),
            Column("Najwięcej miejsc dla", "left"),
        ),
        rows=tuple(
            (
                words.competence(needs, row.competence),
                needs.labels.get(("form", row.form), row.form),
                Number(row.groups),
                Number(row.seats),
                Number(row.hours),
                Number(row.cost_pln),
                row.audiences or polish.DASH,
            )
            for row in rows
        ),
        source=words.source(needs),
        note="Miejsca to nie osoby: jedna osoba może uczestniczyć w kilku szkoleniach. Godziny i koszt: razem we "
        "wszystkich grupach. Najwięcej miejsc dla: typy instytucji, którym plan przydziela najwięcej miejsc. Kolejność "
        "według siły potrzeby.",
    )


def coverage_table(needs: TrainingNeeds) -> Table | None:
    """Return how many persons of each institution type the plan reaches."""
    if not needs.plan_coverage:
        return None
    return Table(
        key="plan_coverage",
        title="Osoby objęte planem według typu instytucji",
        columns=(
            Column("Typ instytucji", "left"),
            Column("Pracownicy"),
            Column("Osoby w planie"),
            Column("Udział (%)"),
            Column("Wymagany udział (%)"),
        ),
        rows=tuple(
            (
                words.institution(needs, row.institution),
                Number(row.staff),
                Number(row.persons),
                words.percent(row.share, unit=""),
                words.percent(row.minimum, unit=""),
            )
            for row in needs.plan_coverage
        ),
        source=words.source(needs),
        note="Osoby w planie: planowani uczestnicy, a nie respondenci; każdą osobę liczymy raz, niezależnie od liczby "
        "szkoleń. Wymagany udział: najmniejsza część pracowników, którą plan musi objąć w każdym typie instytucji.",
    )


def _of_kind(needs: TrainingNeeds, kind: str) -> list[PlanLimit]:
    return [limit for limit in needs.plan_limits if limit.limit.split(":")[0] == kind]


def without_offer(needs: TrainingNeeds) -> list[str]:
    """Return the short names of competences that are needed but not on offer."""
    keys = [limit.limit.partition(":")[2] for limit in _of_kind(needs, "no_offer")]
    return [words.competence(needs, key) for key in keys]


def more_money(needs: TrainingNeeds) -> PlanLimit | None:
    """Return what more money would buy; None where that is not known."""
    return next((limit for limit in _of_kind(needs, "budget") if limit.extra is not None), None)


def limits_table(needs: TrainingNeeds) -> Table | None:
    """Return the limits of the plan, those that bind marked."""
    own = [limit for kind in ("budget", "persons_supported", "persons_qualified") for limit in _of_kind(needs, kind)]
    more = [limit for kind in ("coverage", "trainings") for limit in _of_kind(needs, kind)]
    offers = sorted(_of_kind(needs, "capacity"), key=lambda limit: -(limit.extra or 0.0))
    rows = [*own, *more, *offers[:_OFFERS]]
    if not rows:
        return None
    left_out = len(offers) - _OFFERS
    return Table(
        key="plan_limits",
        title="Co ogranicza plan",
        columns=(
            Column("Ograniczenie", "left"),
            Column("W planie"),
            Column("Granica"),
            Column("Zapas", "left"),
            Column("Dodatkowe pokrycie (p.p.)"),
            Column("Po zmianie", "left"),
        ),
        rows=tuple(
            (
                limit.label,
                Number(limit.used),
                Number(limit.available),
                "brak" if limit.binding else "jest",
                Number(None if limit.extra is None else round(100 * limit.extra, 6), digits=2),
                limit.unit or polish.DASH,
            )
            for limit in rows
        ),
        source=words.source(needs),
        note="Zapas: „brak”, gdy plan wyczerpuje ograniczenie albo spełnia wymaganie co do osoby. Dodatkowe pokrycie: "
        "o ile punktów procentowych ważonej potrzeby więcej pokryłby plan po zmianie z ostatniej kolumny. Dla budżetu "
        "obliczono nowy plan, dla pozostałych ograniczeń jest to przybliżenie, w którym liczba grup może być ułamkowa; "
        "0,00 oznacza zmianę mniejszą niż 0,005 p.p. lub jej brak."
        + (f" Liczba pominiętych, mniej istotnych ograniczeń liczby grup: {left_out}." if left_out > 0 else ""),
    )


def curve_figure(needs: TrainingNeeds) -> Figure | None:
    """Return the share of need that each budget covers; None where there is no curve."""
    summary, points = made_plan(needs), sorted(needs.plan_curve)
    if len(points) < 2:
        return None
    own = None
    if summary is not None and summary.budget_pln is not None and summary.need_covered is not None:
        own = curves.Bought(summary.budget_pln / 1000, 100 * summary.need_covered)
    bought = [curves.Bought(point.budget_pln / 1000, 100 * point.need_covered) for point in points]
    first, last = points[0], points[-1]
    ends = [f"{words.money(p.budget_pln).text} – {words.covered(p.need_covered).text}" for p in (first, last)]
    return Figure(
        key="plan_curve",
        title="Budżet a pokryta potrzeba",
        svg=curves.curve(
            bought, own=own, key="plan_curve", across="budżet (tys. zł)", up="pokryta ważona potrzeba (%)",
            name="budżet projektu",
        ),
        alt=f"Krzywa pokrycia potrzeb w zależności od budżetu, od {ends[0]} do {ends[1]}.",
        description="Pokryta potrzeba przy kolejnych budżetach: "
        + "; ".join(f"{words.money(p.budget_pln).text} – {words.covered(p.need_covered).text}" for p in points)
        + ".",
        data=Table(
            key="plan_curve_data",
            title="Budżet i pokryta potrzeba",
            columns=(Column("Budżet (zł)", "left"), Column("Pokryta potrzeba (%)"), Column("Osoby w planie")),
            rows=tuple(
                (Number(p.budget_pln), words.covered(p.need_covered, unit=""), Number(p.persons)) for p in points
            ),
        ),
        source=words.source(needs),
        note="Każdy punkt to osobny plan, najlepszy przy danym budżecie i tych samych warunkach. Budżetów, przy "
        "których celów nie da się osiągnąć, na wykresie nie ma. Pokryta potrzeba: część ważonej potrzeby.",
    )  # fmt: skip


def conflicts_table(needs: TrainingNeeds) -> Table | None:
    """Return the targets that cannot be met together; None where there are none."""
    if not needs.plan_conflicts:
        return None
    return Table(
        key="plan_conflicts",
        title="Cele, których nie da się osiągnąć jednocześnie",
        columns=(Column("Cel lub warunek", "left"), Column("Wymagane"), Column("Możliwe")),
        rows=tuple((c.label, Number(c.required), Number(c.possible)) for c in needs.plan_conflicts),
        source=words.source(needs),
        note="Możliwe: wartości najbliższe celom, które da się osiągnąć razem. Dla budżetu „możliwe” oznacza kwotę, "
        "którą projekt ma, a „wymagane” – kwotę potrzebną do osiągnięcia wszystkich celów.",
    )


def offer_gaps(needs: TrainingNeeds) -> Points | None:
    """Return which needs nobody offers training for, and which are covered in full."""
    items = []
    if missing := without_offer(needs):
        items.append(Statement(f"Brak szkoleń w ofercie mimo potrzeby: {polish.listing(missing)}.", tone="bad"))
    full = [words.competence(needs, limit.limit.partition(":")[2]) for limit in _of_kind(needs, "saturated")]
    if full:
        items.append(Statement(f"Potrzeba pokryta w całości: {polish.listing(full)}.", tone="good"))
    return Points(tuple(items)) if items else None


def plan_note(needs: TrainingNeeds) -> Note | None:
    """Return what "the best plan" means and what it does not."""
    if made_plan(needs) is None:
        return None
    return Note(
        title="Jak rozumieć plan.",
        text="Program szuka planu, który pokryje najwięcej ważonej potrzeby w granicach budżetu, wielkości i liczby "
        "dostępnych grup, liczby szkoleń na osobę, wymaganego udziału każdego typu instytucji i celów projektu. Tam, "
        "gdzie wyniku typu instytucji nie można podać, przyjmuje odsetek osób z luką z całego województwa. Nie "
        "uwzględnia preferowanych form i terminów, jakości wykonawców ani zgody pracodawców, a przy innych wagach plan "
        "mógłby być inny. Dlatego przed decyzją należy sprawdzić zwłaszcza typy instytucji, z których plan obejmuje "
        "prawie wszystkich albo tylko wymaganą część pracowników. Plan jest punktem wyjścia do decyzji.",
    )
