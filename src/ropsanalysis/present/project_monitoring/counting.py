"""Who was not counted and why, and the rules of counting in words, as the parameters set them."""

from __future__ import annotations

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Column, Note, Points, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.project_monitoring.records import Reason
from ropsanalysis.project_monitoring.schema import INDICATORS
from ropsanalysis.project_monitoring.view import ProjectMonitoring


def reasons_summary(project: ProjectMonitoring) -> Points | None:
    """Return how many persons and units were looked at, and for how many the most frequent reason stands."""
    found = [told for name in INDICATORS if (told := _most(project, name)) is not None]
    return Points(tuple(found)) if found else None


def _most(project: ProjectMonitoring, indicator: str) -> Statement | None:
    rows = [row for row in project.not_counted(indicator) if row.number]
    if not rows or not project.has_indicator(indicator):
        return None
    most = max(rows, key=lambda row: row.number or 0)
    what = "jednostek, których nie policzono" if indicator == "plans" else "osób, których nie policzono"
    return words.say(
        project,
        words.BEHIND[indicator],
        f"{names.indicator(project, indicator)} – {_called(most, alone=len(rows) == 1)} wśród {what}: {{why}} "
        "({n} z {of}, czyli {share}).",
        why=names.rules(most.rules),
        n=words.count(most.number),
        of=words.count(most.of),
        share=words.percent(_share(most)),
    )


def _called(row: Reason, *, alone: bool) -> str:
    """Return what a row's reason is among the others; joined ones are not one reason."""
    if "+" in row.rules:
        return "powody (łącznie)" if alone else "najczęstsze powody (łącznie)"
    return "jedyny powód" if alone else "najczęstszy powód"


def reasons_table(project: ProjectMonitoring) -> Table | None:
    """Return for each indicator why persons and units are not counted; None where all are."""
    rows = [(name, row) for name in INDICATORS if project.has_indicator(name) for row in project.not_counted(name)]
    if not rows:
        return None
    return Table(
        key="reasons",
        title="Kogo nie policzono i dlaczego",
        columns=(
            Column("Powód", "left"), Column("Wskaźnik", "left"), Column("Nie policzono"), Column("Z ilu"),
            Column("Odsetek (%)"),
        ),
        rows=tuple(
            (
                polish.capital(names.rules(row.rules)),
                names.SHORT[name],
                words.count(row.number, reason="" if row.number is not None else "few"),
                words.count(row.of),
                words.percent(_share(row), unit=""),
            )
            for name, row in rows
        ),
        note=words.note(
            "„Z ilu”: wszystkie osoby w ewidencji albo wszystkie jednostki mianownika; od tej liczby liczony jest "
            "odsetek. Każda osoba i jednostka ma jeden powód; kto ma kilka wpisów, dostaje powód tego, któremu do "
            "policzenia brakło najmniej. Powody, które dotyczą niewielu osób, połączono. Listę wierszy za każdą liczbą "
            "wypisuje na komputerze urzędu polecenie „ropsanalysis audit”.",
            ("few" if row.number is None else "" for _, row in rows),
        ),
        **words.origin(project, *words.PERSONS, *words.PLANS),
    )  # fmt: skip


def _share(row: Reason) -> float | None:
    return None if row.number is None or not row.of else row.number / row.of


def counting_rules(project: ProjectMonitoring) -> Note:
    """Return the rules of counting in words, as the parameters set them."""
    return Note(
        title="Reguły liczenia.",
        text="Definicji wskaźników programu FERS nie znaleźliśmy w opublikowanych dokumentach. Dlatego reguły są "
        "parametrami, które można zmienić; poniżej te, których użyto. Wzorem są zasady EFS z lat 2014–2020.",
        items=(*_supported_rules(project), *_qualified_rules(project), *_plan_rules(project)),
    )


def _supported_rules(project: ProjectMonitoring) -> list[str]:
    rules = ["Objęci wsparciem: każda osoba liczy się raz, bez względu na liczbę form wsparcia i zapis nazwiska."]
    rules.append("Wsparcie musi się rozpocząć najpóźniej w dniu, na który są dane.")
    if project.choice("complete_data_only"):
        rules.append("Osoba z niepełnymi danymi nie liczy się w żadnym wskaźniku.")
    else:
        rules.append("Osoba z niepełnymi danymi liczy się tak samo jak inne.")
    if project.choice("institution_required"):
        rules.append("Liczą się tylko pracownicy instytucji i podmiotów działających na rzecz włączenia społecznego.")
    left = project.chosen("forms_not_counted")
    if left:
        rules.append(f"Nie liczą się formy wsparcia: {names.list_of(project, 'form', left)}.")
    return rules


def _qualified_rules(project: ProjectMonitoring) -> list[str]:
    weeks = polish.plural(round(project.number("weeks_after_leaving")), "tydzień", "tygodnie", "tygodni")
    accepted = project.chosen("accepted_evidence")
    enough = "" if "attendance" in accepted else " Samo zaświadczenie o udziale nie wystarcza."
    rules = [
        f"Podnieśli kwalifikacje: dowodem jest {_either(project, 'evidence', accepted)}.{enough}",
        f"Dowód nie może być starszy niż rozpoczęcie wsparcia ani powstać później niż {weeks} po wyjściu z projektu.",
    ]
    if project.choice("qualified_must_be_supported"):
        rules.append("Kwalifikacje liczą się tylko u osób policzonych jako objęte wsparciem.")
    return rules


def _plan_rules(project: ProjectMonitoring) -> list[str]:
    row = project.indicator("plans")
    size = "" if row is None or row.denominator is None else f" (razem {words.count(row.denominator).text})"
    sections = names.list_of(project, "section", project.chosen("plan_sections"))
    carried = project.chosen("plan_carried_out")
    rules = [
        f"Plany (LPDI): mianownik to {names.PLAN_UNITS.get(str(project.choice('plan_units')), '')}{size}.",
        f"Dowodem przyjęcia planu jest {_either(project, 'plan_evidence', project.chosen('plan_evidence'))}.",
    ]
    if sections:
        rules.append(f"Plan musi mieć części: {sections}.")
    if carried:
        rules.append(f"Dowodem realizacji planu jest {_either(project, 'carried_out', carried)}.")
    else:
        rules.append("Dowodu realizacji planu reguły nie wymagają.")
    return rules


def _either(project: ProjectMonitoring, question: str, keys: list[str]) -> str:
    found = [polish.lower_first(project.label(question, key)) for key in keys]
    return " albo ".join(filter(None, [", ".join(found[:-1]), found[-1]])) if found else "żaden dokument"
