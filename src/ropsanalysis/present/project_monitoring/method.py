"""How the report was made: protection of persons, symbols, methods with the choices used, sources."""

from __future__ import annotations

from typing import Final

from ropsanalysis.definitions import Choice
from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Note, Points, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_PROTECTION: Final = (
    (
        "Osoby liczymy po pseudonimach nadanych przy wczytaniu danych; nazwisk, numerów PESEL, adresów ani telefonów "
        "nie ma w tabelach, na podstawie których powstał raport."
    ),
    (
        "Części mniejsze niż {min_persons} osób łączymy z innymi. Łączymy także wtedy, gdy w części podniosło "
        "kwalifikacje albo nie podniosło ich od 1 do mniej niż {min_count} osób. Części tabeli sumują się do "
        "wskaźnika, więc ukrytej liczby nie da się wyliczyć przez odejmowanie."
    ),
    (
        "Stan na koniec kwartału podajemy tylko wtedy, gdy liczba osób objętych wsparciem, tych, które podniosły "
        "kwalifikacje, i pozostałych oraz ich zmiana od poprzedniego podanego kwartału to zero albo co najmniej "
        "{min_count}. Inne kwartały łączymy z następnym podanym („ukryto”); to samo dotyczy ostatniego tempa. Stan na "
        "dzień danych podajemy zawsze, bo wymaga tego program."
    ),
    (
        "Gminy, do których dotarło wsparcie, wymieniamy z nazwy, ale bez liczby osób. Plany (LPDI), centra usług "
        "społecznych, budżet i działania są jawne i nie podlegają ochronie."
    ),
    (
        "Listę osób za liczbą pokazuje tylko polecenie „ropsanalysis audit” na komputerze urzędu; nie trafia ona do "
        "żadnego publikowanego pliku."
    ),
)
_METHODS: Final = (
    (
        "Objęci wsparciem i podnieśli kwalifikacje: liczba różnych osób, które spełniają wszystkie reguły z rozdziału "
        "„Wskaźniki”. Powód, dla którego kogoś nie policzono, zapisujemy dla każdej osoby i jednostki."
    ),
    (
        "Plany (LPDI): jednostki z planem, który spełnia reguły, podzielone przez wszystkie jednostki mianownika. "
        "Miasto na prawach powiatu jest gminą i powiatem; parametr mówi, czy liczy się raz."
    ),
    (
        "Równomierne tempo: prosta od zera w dniu rozpoczęcia projektu do celu w dniu zakończenia. Plan: wartości, "
        "które urząd podał w karcie; między nimi prosta."
    ),
    (
        "Prognoza: dalszy przebieg losujemy {draws} razy, tak jakby trwało tempo z ostatnich {forecast_months} "
        "miesięcy, z jego wahaniami z miesiąca na miesiąc i niepewnością samego tempa; podajemy medianę i przedział "
        "{confidence}. Prawdopodobieństwo osiągnięcia celu to udział losowań, które go osiągają. Początek liczb "
        "losowych: {seed}."
    ),
    (
        "Prognoza planów: tempo to jednostki, które zaczęły się liczyć według reguł każdego dnia. Jednostki, których "
        "plan wygasa w znanym już dniu, odejmujemy od tego dnia. Założenie, że każdy taki plan od razu zastąpi "
        "następny (wtedy nic nie odejmujemy): {plans_renewed}."
    ),
    (
        "Budżet: plan to kwoty linii budżetu z kwartałów do dnia danych, bieżący kwartał w części, która minęła. "
        "Wartość wypracowana działania: plan razy liczba wykonanych zadań przez liczbę zadań, których termin minął, "
        "najwyżej cały budżet działania; każde zadanie waży tyle samo, bo godzin niewykonanych zadań nie znamy. "
        "Zarządzanie i koszty pośrednie: tyle, ile zaplanowano. Wskaźnik kosztu = wartość wypracowana : wydano; "
        "wskaźnik terminu = wartość wypracowana : plan. Prognoza wydatków zakłada obecne tempo i może przekroczyć "
        "budżet; niewykorzystane jest wtedy 0."
    ),
    (
        "Kwoty liczymy w pełnych groszach; udział UE w karcie porównujemy z {eu_share}, z dokładnością do "
        "{eu_share_tolerance}."
    ),
    (
        "Spóźnione zadanie: niewykonane co najmniej {late_days} dni po planowanym terminie. Zadanie wykonane po "
        "terminie nie jest spóźnione, bo już je wykonano."
    ),
    (
        "Piecza zastępcza: udział rodzinnej pieczy to dzieci w pieczy rodzinnej podzielone przez sumę obu rodzajów "
        "pieczy. Sumę wydrukowaną w źródle uznajemy za niezgodną, gdy różni się od składników o więcej niż połowę "
        "ostatniej podanej cyfry."
    ),
    (
        "Raport opisuje, co zrobiono i ile to kosztowało. Nie mówi, czy zmiany w województwie wynikają z projektu; o "
        "tym traktuje raport „Oddziaływanie społeczne”."
    ),
    (
        "Zaokrąglenia: różnice i udziały liczymy przed zaokrągleniem, dlatego mogą nieznacznie odbiegać od wyniku "
        "działania na liczbach widocznych w tabeli."
    ),
)
_LISTS: Final = {
    "forms_not_counted": "form",
    "accepted_evidence": "evidence",
    "plan_sections": "section",
    "plan_evidence": "plan_evidence",
    "plan_carried_out": "carried_out",
}


def protection_notes(project: ProjectMonitoring) -> Points:
    """Return how persons are protected."""
    return origin.methods(_PROTECTION, _readable(project))


def symbols(project: ProjectMonitoring) -> Note:
    """Return the meaning of every symbol in the tables."""
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            "ukryto – zbyt mało osób",
            "brak danych, brak celu, brak planu, brak budżetu – danych nie dostarczono",
            "nie opublikowano – nie znaleźliśmy liczby w publicznych dokumentach",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            f"od, do – granice przedziału {words.confidence(project)}",
            (
                "skróty: LPDI – lokalny plan deinstytucjonalizacji; DI – deinstytucjonalizacja; CUS – centrum usług "
                "społecznych; JST – jednostka samorządu terytorialnego; ES – ekonomia społeczna; OWES – ośrodek "
                "wsparcia ekonomii społecznej; EFS+ – Europejski Fundusz Społeczny Plus"
            ),
        ),
    )


def method_notes(project: ProjectMonitoring) -> Points:
    """Return the methods, a sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, _readable(project))


def choices_of_method(project: ProjectMonitoring) -> Table:
    """Return the parameters of the methods as they were used, in words where they are keys."""
    return origin.choices_table(
        [_in_words(project, choice) for choice in project.choices], title="Przyjęte parametry i reguły"
    )


def _in_words(project: ProjectMonitoring, choice: Choice) -> Choice:
    if choice.name in _LISTS:
        keys = project.chosen(choice.name)
        return choice._replace(value=names.list_of(project, _LISTS[choice.name], keys) or "nie wymieniono")
    if choice.name == "plan_units":
        return choice._replace(value=names.PLAN_UNITS.get(str(choice.value), str(choice.value)))
    return choice._replace(value=str(choice.value)) if choice.name == "seed" else choice


def _readable(project: ProjectMonitoring) -> list[Choice]:
    """Return the choices as sentences print them: a share as a percentage, the start of random numbers as a name."""
    found = []
    for choice in project.choices:
        shown = _in_words(project, choice)
        if choice.name in {"eu_share", "confidence", "result_to_product"}:
            digits = 2 if choice.name == "eu_share" else 0
            shown = choice._replace(value=words.percent(float(choice.value), digits=digits).text)
        elif choice.name == "eu_share_tolerance":
            points = polish.number(100 * float(choice.value), digits=3)
            shown = choice._replace(value=f"{points}{polish.NBSP}punktu procentowego")
        found.append(shown)
    return found


def sources(project: ProjectMonitoring) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        project.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji. Źródła opublikowanych liczb o projekcie podaje tabela w rozdziale „Karta projektu”.",
        sizes=False,
    )
