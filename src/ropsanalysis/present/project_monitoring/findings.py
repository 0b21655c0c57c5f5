"""The opening of the report: cover and key findings in plain sentences with their numbers."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Note, Number, Points, Statement
from ropsanalysis.present.project_monitoring import actions, budget, foster, names, words
from ropsanalysis.present.project_monitoring.indicators import standing
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.schema import INDICATORS
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_DATASETS: Final = {
    "project_card": "karty projektu",
    "project_participants": "ewidencji uczestników",
    "supported_entities": "ewidencji podmiotów",
    "lpdi": "wykazu planów (LPDI)",
    "cus": "wykazu CUS",
    "foster_care": "danych o pieczy zastępczej",
    "project_activities": "rejestru działań",
    "project_budget": "budżetu",
    "project_payments": "rejestru wydatków",
}


def cover(project: ProjectMonitoring) -> Cover:
    """Return the title page."""
    card = project.card
    real = [name for key, name in _DATASETS.items() if key in project.sources and not project.made_up(key)]
    if project.synthetic:
        real.append("opublikowanych")
    return Cover(
        report="project_monitoring",
        title="Monitoring projektu koordynacyjnego",
        subtitle=f"Województwo {project.region.name}",
        teryt=project.region.teryt,
        region=project.region.name,
        centre=project.region.centre,
        edition=project.edition,
        facts=(
            ("Kod TERYT", project.region.teryt),
            ("Edycja", project.edition),
            ("Projekt", card.title if card is not None and card.title else polish.DASH),
            ("Okres", f"{words.day(card.start)}{polish.DASH}{words.day(card.end)}" if card else polish.DASH),
            ("Stan na dzień", words.day(project.as_of)),
            ("Źródła danych", "; ".join(dict.fromkeys(filter(None, project.sources.values()))) or polish.DASH),
        ),
        synthetic=project.synthetic,
        real=f"oprócz {polish.listing(real)}" if project.synthetic and real else "",
    )


def key_findings(project: ProjectMonitoring) -> Points:
    """Return what a reader should know after half a minute: indicators, money, what is late, who was not reached."""
    found: list[Statement | None] = [_time(project)]
    for name in INDICATORS:
        row = project.indicator(name)
        if row is not None and row.value is not None:
            found.append(standing(project, row))
    if not project.has_indicator("supported"):
        found.append(missing("project_participants"))
    found += [_gminas(project), *_money(project), _late(project), _foster(project)]
    return Points(tuple(statement for statement in found if statement is not None))


def _time(project: ProjectMonitoring) -> Statement | None:
    card = project.card
    if card is None:
        return missing("project_card")
    shares = [row for row in project.course("supported") if row.line is not None]
    target = next((row.target for row in project.indicators if row.indicator == "supported"), None)
    row = project.indicator("supported")
    gone = None if row is None or not target or row.line is None or not shares else row.line / target
    text = "Projekt trwa od {start} do {end}; dane opisują stan na {day}"
    if gone is not None:
        text += ", gdy minęło {gone} czasu projektu"
    return words.say(
        project, words.CARD, f"{text}.", start=words.long_day(card.start), end=words.long_day(card.end),
        day=words.as_of(project), gone=words.percent(gone),
    )  # fmt: skip


def _gminas(project: ProjectMonitoring) -> Statement | None:
    rows = project.gminas()
    if not project.has_indicator("supported") or not rows:
        return None
    without = sum(not row.reached for row in rows)
    if not without:
        return words.say(
            project, words.PERSONS, "Wsparcie dotarło do pracowników z każdej z {n} gmin.", tone="good",
            n=Number(len(rows)),
        )  # fmt: skip
    return words.say(
        project,
        words.PERSONS,
        "Wsparcie nie dotarło jeszcze do pracowników z {without} z {all} ({share}).",
        without=Number(without),
        all=words.of_gminas(len(rows)),
        share=words.percent(without / len(rows)),
    )


def _money(project: ProjectMonitoring) -> list[Statement | None]:
    row = project.total
    if row is None:
        return [missing("project_budget")]
    if row.spent is None:
        return [missing("project_payments")]
    return [budget.spent(project, row), budget.unspent(project, row)]


def _late(project: ProjectMonitoring) -> Statement | None:
    if not project.has_activities():
        return missing("project_activities")
    _, due, done, late = actions.totals(project)
    text = "Działania: do {day} wykonano {done}, a plan na ten dzień to {due}"
    if not late or not project.late:
        return words.say(
            project, words.ACTIVITIES, f"{text}; opóźnień nie ma.", done=actions.tasks(done), due=Number(due),
            day=words.as_of(project),
        )  # fmt: skip
    worst = max(project.late, key=lambda row: (row.days, -row.action))
    return words.say(
        project,
        words.ACTIVITIES,
        f"{text}; spóźnione: {{late}}, najdłużej – {{days}} – „{{title}}” (działanie {{action}}).",
        tone="bad",
        done=actions.tasks(done),
        due=Number(due),
        day=words.as_of(project),
        late=Number(late),
        days=Number(worst.days, unit=polish.plural_form(worst.days, "dzień", "dni", "dni")),
        title=worst.title or worst.activity,
        action=names.action(project, worst.action),
    )


def _foster(project: ProjectMonitoring) -> Statement | None:
    return foster.share(project) if project.foster_care() else None


def reading_note(project: ProjectMonitoring) -> Note:
    """Return how to read the findings."""
    return Note(
        title="Jak czytać ustalenia.",
        text="Wszystkie liczby opisują stan na jeden dzień i są liczone od początku projektu.",
        items=(
            "Równomierne tempo: tyle byłoby, gdyby do celu zbliżano się codziennie o tyle samo.",
            (
                f"Prognoza zakłada tempo z ostatnich {round(project.number('forecast_months'))} miesięcy; w nawiasie "
                f"przedział, który obejmuje {words.confidence(project)} możliwych wyników. Prognoza nie zna decyzji, "
                "które dopiero zapadną."
            ),
            (
                "Prawdopodobieństwo osiągnięcia celu: w ilu na 100 możliwych dalszych przebiegów projekt osiąga cel, "
                "jeżeli tempo się nie zmieni."
            ),
            (
                "LPDI: lokalny plan deinstytucjonalizacji usług społecznych. Deinstytucjonalizacja: więcej usług "
                "blisko domu, mniej miejsc w dużych placówkach."
            ),
            (
                "Zadanie: jedno szkolenie, spotkanie, badanie, dokument lub inny krok zapisany w rejestrze działań. "
                "Działanie: jedno z 16 działań obowiązkowych programu."
            ),
        ),
    )
