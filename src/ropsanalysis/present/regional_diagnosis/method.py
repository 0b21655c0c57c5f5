"""The end of the report: how it was made, with what choices, from which files."""

from __future__ import annotations

from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Points, Table
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis

_DIRECTION = {"lower": "niżej = lepiej", "higher": "wyżej = lepiej", "neutral": "bez kierunku"}
_MEASUREMENT = {"register": "sprawozdawczość", "survey": "badanie próbkowe"}

_METHODS = (
    (
        "Położenie: wartość z ostatniego roku, w którym dane ma co najmniej {min_regions} województw. Miejsce 1. jest "
        "najkorzystniejsze; przy równych wartościach podajemy wspólny przedział miejsc. Odległość od Polski mierzymy "
        "w odchyleniach standardowych województw."
    ),
    (
        "Mocne i słabe strony: wskaźniki, w których województwo zajmuje jedno z {extreme_ranks} najlepszych "
        "(ostatnich) miejsc i wypada korzystniej (mniej korzystnie) niż Polska. Lista ostrzegawcza: wartość mniej "
        "korzystna niż w Polsce i wyraźne pogorszenie. Rosnący dystans: wartość mniej korzystna niż w Polsce, która "
        "w relacji do krajowej wyraźnie się pogarsza."
    ),
    (
        "Czy różnica może być przypadkowa: GUS nie publikuje w tych plikach błędów losowych, dlatego różnicę między "
        "województwem a Polską porównujemy z jej zwykłymi wahaniami wokół własnego trendu z ostatnich "
        "{trend_window} lat; "
        "miara wahań jest odporna na pojedyncze wartości odstające."
    ),
    (
        "Trend: przeciętna zmiana roczna (nachylenie Theila–Sena, czyli mediana zmian między parami lat) i test "
        "Manna–Kendalla z poprawką na wartości powtarzające się, który rozstrzyga, czy zmiana jest wyraźna; dla "
        "ostatnich {trend_window} lat, z pominięciem lat sprzed zmiany poziomu szeregu."
    ),
    (
        "Prognoza: wygładzanie wykładnicze z trendem tłumionym (z roku na rok coraz słabszym); przedziały 80% i 95%; "
        "błąd sprawdzony na latach już znanych. Prognozy nie ma, gdy szereg jest krótszy niż "
        "{min_years_forecast} lat, przerwany "
        "lub niepełny."
    ),
    (
        "Zróżnicowanie: współczynnik zmienności między województwami (σ) i zależność tempa zmian od poziomu "
        "początkowego (β), ważone ludnością."
    ),
    (
        "Wskaźnik złożony według podręcznika OECD i JRC (2008): ujednolicony kierunek, ograniczenie wartości "
        "odstających, skala od 0 (najmniej korzystna wartość) do 100 (najkorzystniejsza), równe wagi wskaźników "
        "w dziedzinie i równe wagi dziedzin, średnia arytmetyczna; przedział miejsc z wariantów skali, wag, sposobu "
        "łączenia i zestawu wskaźników."
    ),
    (
        "Zaokrąglenia: liczby zaokrąglamy raz, przy wyświetlaniu; różnice liczymy z wartości niezaokrąglonych, "
        "dlatego mogą nieznacznie odbiegać od wyniku odejmowania liczb widocznych w tabeli."
    ),
)


def method_notes(diagnosis: RegionalDiagnosis) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, diagnosis.choices)


def choices_of_method(diagnosis: RegionalDiagnosis) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(diagnosis.choices, title="Przyjęte parametry (wybory metodyczne, nie wymogi prawa)")


def indicator_catalogue(diagnosis: RegionalDiagnosis) -> Table:
    """Return what each indicator is: code, name, unit, direction, kind of data, years."""
    rows = []
    for indicator in diagnosis.indicators.values():
        if indicator.is_variant:
            continue
        years = [o.year for o in diagnosis.observed(indicator, "00") if o.value is not None]
        rows.append(
            (
                indicator.name,
                indicator.key,
                indicator.unit,
                _DIRECTION[indicator.direction],
                "tak" if indicator.index_member else "nie",
                _MEASUREMENT[indicator.measurement],
                polish.years(min(years), max(years)) if years else polish.DASH,
            )
        )
    return Table(
        key="catalogue",
        title="Wskaźniki użyte w raporcie",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Symbol", "left"),
            Column("Jednostka", "left"),
            Column("Kierunek", "left"),
            Column("We wskaźniku złożonym", "left"),
            Column("Rodzaj danych", "left"),
            Column("Lata", "left"),
        ),
        rows=tuple(rows),
        note=(
            "Kierunek wskazuje, którą wartość przyjęto za korzystniejszą. Wskaźniki mieszkaniowe 1.G.1 i 1.G.2 "
            "podajemy także osobno dla miast i wsi. Szeregi powtórzone, o niejasnym znaczeniu lub spoza zakresu "
            "diagnozy pominięto; ich listę z uzasadnieniem zawiera plik indicators.yaml w kodzie projektu."
        ),
    )


def sources(diagnosis: RegionalDiagnosis) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        diagnosis.files, note="Pełne sumy kontrolne zawiera plik manifest.json tej edycji.", sizes=True
    )
