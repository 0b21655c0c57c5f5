"""The end of the summary: how it was made, what its signs mean, which reports it was taken from."""

from __future__ import annotations

from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Statement, Table

_METHODS = (
    (
        "Każda liczba o województwie pochodzi z tabel raportu tego województwa; podsumowanie niczego nie szacuje i "
        "nie czyta danych o osobach ani podmiotach."
    ),
    (
        "Sumy obejmują województwa, dla których jest raport. Jeżeli raport któregokolwiek z nich ukrywa albo pomija "
        "składnik, sumy nie podajemy, aby nie dało się go odjąć."
    ),
    (
        "Udziały i wskaźniki sum obliczamy z sum, a nie jako średnie z województw. Prognoz, szans i przedziałów nie "
        "sumujemy."
    ),
    (
        "Definicji wskaźników programu FERS 2021–2027 nie udało się odnaleźć w publicznych źródłach. Reguły liczenia "
        "są parametrami, które drukuje raport każdego województwa; porównanie województw wymaga jednakowych reguł."
    ),
    (
        "Kolejność województw w tabelach jest kolejnością kodów TERYT. Miejsc nie nadajemy tam, gdzie nie da się "
        "powiedzieć, czy więcej znaczy lepiej."
    ),
)


def method_notes(summary: NationalSummary) -> Points:
    """Return how the summary was made."""
    del summary
    return Points(tuple(Statement(text) for text in _METHODS))


def symbols(summary: NationalSummary) -> Note:
    """Return the meaning of the signs in the tables."""
    del summary
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            "brak raportu – województwo nie dostarczyło danych do tego raportu",
            "ukryto – raport województwa nie podaje tej liczby, aby chronić dane",
            "brak celu, brak budżetu, brak danych – tego województwo nie podało",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "p.p. – punkty procentowe; ES – ekonomia społeczna",
            "MWDS – średnia ważona różnica między ważnością a opanowaniem kompetencji; im wyższa, tym większa potrzeba",
        ),
    )


def sources_table(summary: NationalSummary) -> Table:
    """Return the reports that the summary was taken from."""
    return Table(
        key="sources",
        title="Raporty, z których pochodzą liczby",
        columns=(
            Column("Raport", "left"), Column("Ostatni rok danych"), Column("Województwa"), Column("Dane", "left"),
            Column("Suma kontrolna (początek)", "left"),
        ),
        rows=tuple(
            (
                row.title, str(row.year), Number(row.regions), "syntetyczne" if row.synthetic else "dostarczone",
                row.fingerprint[:12],
            )
            for row in summary.reports
        ),
        note="Suma kontrolna obejmuje dane, kod i biblioteki, z których powstały tabele raportu; pełną zawiera plik "
        f"manifest.json tej edycji. Dane {polish.DASH} syntetyczne, jeżeli choć jeden zbiór jest zmyślony na pokaz.",
        source="opracowanie własne.",
    )  # fmt: skip
