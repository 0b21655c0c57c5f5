"""The end of the report: how persons are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from typing import Final

from ropsanalysis.definitions import Choice
from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Table
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.social_impact.view import SocialImpact

_PROTECTION: Final = (
    (
        "Osoby występują w danych pod pseudonimami. Wyniku nie podajemy, gdy opiera się na mniej niż {min_persons} "
        "osobach, a odsetka także wtedy, gdy cechę ma albo nie ma jej mniej niż {min_count} osób."
    ),
    (
        "Formy wsparcia o małej liczbie osób łączymy, a ukryte liczby chronimy także przed obliczeniem z sum. Liczb o "
        "gminach nie ukrywamy, bo są jawne; nie podajemy tylko wyników, które opierają się na mniej niż {min_opened} "
        "gminach z centrum."
    ),
)
_METHODS: Final = (
    (
        "Uczestników i grupę porównawczą pytano cztery razy: na wejściu, na wyjściu oraz 6 i 12 miesięcy później. "
        "Utrata osób: wagi odwrotne do prawdopodobieństwa odpowiedzi we wszystkich pomiarach, przewidzianego z cech na "
        "wejściu; największe wagi przycinamy na kwantylu {trim_quantile}. Utrata większa niż {max_attrition} obniża "
        "stopień dowodu."
    ),
    ("Rzetelność skal: alfa Cronbacha z przedziałem Feldta i omega McDonalda. Wynik skali to średnia jej pozycji."),
    (
        "Zmiana: różnica między wejściem a rokiem po wyjściu u tych samych osób. Odsetki porównuje test McNemara, "
        "średnie – test dla par, odpowiedzi uporządkowane – model porządkowy. Na liczbę wskaźników poprawiamy metodą "
        "Holma. Przedziały na poziomie {confidence} uwzględniają, że osoby z jednego podmiotu są do siebie podobne, i "
        "wymagają co najmniej {min_clusters} podmiotów."
    ),
    (
        "Najmniejsza ważna zmiana: {smallest_difference_share} osób (w odsetkach) albo {smallest_difference_sd} "
        "odchylenia standardowego na wejściu. Ocena „poprawa” albo „pogorszenie” wymaga, aby przedział nie obejmował "
        "zera, a „mniej niż ważna zmiana” – aby cały leżał poniżej ważnej zmiany; w pozostałych "
        "przypadkach wynik jest nierozstrzygnięty."
    ),
    (
        "Porównanie z osobami bez wsparcia: różnica w różnicach, ważenie odwrotnością prawdopodobieństwa udziału, "
        "ważenie podwójnie odporne (AIPW) i wagi równoważące. Porównujemy tylko wtedy, gdy podobne osoby ma co "
        "najmniej {min_overlap} uczestników; grupy uznajemy za podobne, gdy żadna cecha nie różni się o więcej niż "
        "{max_imbalance} odchylenia standardowego."
    ),
    (
        "Cecha, której nie zmierzono: wartość E (VanderWeele i Ding 2017) i delta Oster (2019) z mnożnikiem "
        "{r_squared_max}. Mówią, jak silna musiałaby być taka cecha, a nie czy istnieje."
    ),
    (
        "Centra usług społecznych: otwierano je w różnych latach, dlatego różnice liczymy osobno dla gmin z jednego "
        "roku otwarcia i każdego roku (Callaway i Sant'Anna 2021), a potem uśredniamy. Porównujemy z gminami, które "
        "centrum nie mają, oraz – na próbę – z tymi, które otworzą je później. Przedziały punktowe i pas łączny "
        "pochodzą z losowania gmin ze zwracaniem; liczba losowań: {bootstrap_draws}. Próba placebo udaje otwarcie o "
        "{placebo_years} lata wcześniej."
    ),
    (
        "Siła dowodu: stopień wynika ze sposobu porównania (bez grupy porównawczej – 2, z grupą – 3, z grupą wyrównaną "
        "– 4, z losowym przydziałem – 5). Stopień obniża nieudane wyrównanie grup, różnica przed otwarciem centrum, "
        "duża utrata osób i mała liczba podmiotów lub gmin. Czasownik zdania odpowiada stopniowi; o przyczynie mówi "
        "dopiero stopień 5."
    ),
    (
        "Wartość (SROI): liczba × cena × (1 − efekt jałowy) × (1 − wyparcie) × (1 − wkład innych); po pierwszym roku "
        "maleje o zanikanie, a kolejne lata dyskontujemy stopą {discount_rate}. Ceny z różnych "
        "lat przeliczamy wskaźnikiem cen. Wskaźnik: wartość podzielona przez nakłady."
    ),
    (
        "Niepewność wartości: założenia losujemy z podanych granic, {map_draws} razy, ze stałym ziarnem {seed}; bez "
        "granic założenie się nie zmienia. Wynik uznajemy za zależny od jednego wiersza, gdy jego udział przekracza "
        "{dominant_share}."
    ),
    (
        "Zaokrąglenia: różnice i udziały liczymy przed zaokrągleniem, dlatego mogą nieznacznie odbiegać od wyniku "
        "działania na liczbach widocznych w tabeli."
    ),
)
_TABLES: Final = {
    "participation": "uczestnicy",
    "retention": "kolejne pomiary",
    "lost": "utrata osób",
    "reliability": "rzetelność skal",
    "levels": "poziom wskaźników",
    "changes": "zmiany",
    "balance": "podobieństwo grup",
    "overlap": "prawdopodobieństwo udziału",
    "comparison": "ocena grupy porównawczej",
    "effects": "różnice wobec osób bez wsparcia",
    "centre_effects": "różnice po otwarciu centrów",
    "centre_tests": "próby kontrolne gmin",
    "cost_per": "nakłady na trwały rezultat",
    "claims": "twierdzenia",
}


def protection_notes(impact: SocialImpact) -> Points:
    """Return how persons are protected."""
    return origin.methods(_PROTECTION, impact.choices)


def protection_table(impact: SocialImpact) -> Table | None:
    """Return how many results are hidden; None where nothing is."""
    hiding = [row for row in impact.protection if row.hidden]
    if not hiding:
        return None
    return Table(
        key="protection",
        title="Ile wyników ukryto",
        columns=(Column("Zestaw wyników", "left"), Column("Wyniki"), Column("Ukryte")),
        rows=tuple(
            (polish.capital(_TABLES.get(row.table, row.table)), Number(row.results), Number(row.hidden))
            for row in hiding
        ),
        **words.origin(impact, *words.PERSONS),
    )


def symbols(impact: SocialImpact) -> Note:
    """Return the meaning of every symbol in the tables."""
    kinds = "; ".join(
        f"{text[text.index('(') + 1 : -1]} – {text[: text.index('(') - 1]}"
        for text in names.KIND.values()
        if "(" in text
    )
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            "ukryto – zbyt mało osób albo trzeba chronić inne liczby",
            "brak porównania, grupy różne – nie ma grupy porównawczej albo jest zbyt inna; różnicy nie szacujemy",
            "brak danych, niestabilne – danych nie dostarczono albo nie wystarczają do wiarygodnej liczby",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba osób, na których opiera się wynik, bez ważenia",
            f"od, do – granice przedziału {words.confidence(impact)}, czyli granice niepewności wyniku",
            "p – prawdopodobieństwo tak dużej różnicy, gdyby w rzeczywistości jej nie było",
            "p.p. – punkty procentowe; pkt – punkty skali odpowiedzi od 1 do 5",
            f"skróty: {kinds}; CUS – centrum usług społecznych; DPS – dom pomocy społecznej",
        ),
    )


def method_notes(impact: SocialImpact) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, [_readable(choice) for choice in impact.choices])


def _readable(choice: Choice) -> Choice:
    """Return a choice as sentences print it: a share as a percentage, the start of random numbers as a name."""
    if choice.unit in {"udział", "prawdopodobieństwo", "stopa roczna"}:
        value = float(choice.value)
        digits = 0 if abs(100 * value - round(100 * value)) < 1e-9 else 1
        return choice._replace(value=words.percent(value, digits=digits).text)
    return choice._replace(value=str(choice.value)) if choice.name == "seed" else choice


def choices_of_method(impact: SocialImpact) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(impact.choices, title="Przyjęte parametry")


def sources(impact: SocialImpact) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        impact.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji.",
        sizes=False,
    )
