"""The end of the report on a gmina or powiat: how it was made, with what choices, from which files."""

from __future__ import annotations

from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.present import origin
from ropsanalysis.present.blocks import Column, Points, Table

_DIRECTION = {"lower": "niżej = lepiej", "higher": "wyżej = lepiej", "neutral": "bez kierunku"}
_METHODS = (
    (
        "Wskaźniki: iloraz dwóch wielkości z eksportu Banku Danych Lokalnych, liczony z wartości niezaokrąglonych. "
        "Wartość województwa to suma liczników podzielona przez sumę mianowników jego gmin albo powiatów."
    ),
    (
        "Rok: ostatni, w którym udział jednostek z wartością wynosi co najmniej {min_coverage}. Zmianę liczymy "
        "względem wartości sprzed {change_years} lat albo od początku krótszego szeregu."
    ),
    (
        "Grupa porównawcza: jednostki tego samego rodzaju w województwie; gdy jest ich mniej niż {min_group}, "
        "jednostki tego rodzaju w kraju. Miejsce w grupie dotyczy jednostek, które mają wartość; równe wartości mają "
        "wspólne najlepsze miejsce."
    ),
    (
        "Mocne i słabe strony: wskaźniki o ustalonym kierunku, przy których jednostka należy do najkorzystniejszej "
        "(najmniej korzystnej) części grupy; udział tej części w grupie: {extreme_share}. Nie zaliczamy do nich "
        "wskaźników z małych liczb ani takich, których przedział obejmuje medianę grupy."
    ),
    (
        "Małe liczby: licznik poniżej {small_count} osób albo mianownik poniżej {small_base}. Przedziały na poziomie "
        "{confidence}: Wilsona dla części całości, Poissona (Garwooda) dla pozostałych liczb osób."
    ),
    "Jednostki podobnej wielkości: {n_peers} jednostek grupy o najbliższej liczbie ludności (w ujęciu względnym).",
)


def method_notes(diagnosis: LocalDiagnosis) -> Points:
    """Return how the report was made, with the choices that were used."""
    return origin.methods(_METHODS, diagnosis.choices)


def choices_of_method(diagnosis: LocalDiagnosis) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(diagnosis.choices, title="Przyjęte parametry (wybory metodyczne, nie wymogi prawa)")


def definitions(diagnosis: LocalDiagnosis) -> Table:
    """Return what each indicator is."""
    return Table(
        key="definitions",
        title="Wskaźniki użyte w raporcie",
        columns=(Column("Wskaźnik", "left"), Column("Definicja", "left"), Column("Kierunek", "left")),
        rows=tuple((one.short, one.definition, _DIRECTION[one.direction]) for one in diagnosis.indicators.values()),
        note="Kierunek wskazuje, którą wartość przyjęto za korzystniejszą.",
    )


def sources(diagnosis: LocalDiagnosis) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        diagnosis.files, note="Pełne sumy kontrolne zawiera plik manifest.json tej edycji.", sizes=False
    )
