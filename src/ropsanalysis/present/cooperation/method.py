"""The end of the report: how persons are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from typing import Final

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.definitions import Choice
from ropsanalysis.present import origin
from ropsanalysis.present.blocks import Note, Points, Table
from ropsanalysis.present.cooperation import words

_PROTECTION: Final = (
    (
        "Sprawa jest historią osoby albo rodziny, a pilotaż – gminą, w której ludzie się znają. Sprawy i pracownicy "
        "socjalni występują w danych pod pseudonimami. Wyniku nie podajemy, gdy opiera się na mniej niż {min_cases} "
        "sprawach, a liczby spraw z jakąś cechą także wtedy, gdy ma ją albo nie ma jej mniej niż {min_count}."
    ),
    (
        "Pilotaże o małej liczbie spraw łączymy w taki sposób, aby z różnicy dwóch liczb nie dało się obliczyć "
        "trzeciej. Etapy sprawy, których liczby różnią się o mniej niż {min_count}, nie stoją obok siebie."
    ),
    "Nazwy podmiotów, ich powiązania i opisy pilotaży są jawne: to instytucje, a nie osoby.",
)
_METHODS: Final = (
    (
        "Obietnice: z opublikowanych opisów dwóch projektów. Efekty policzone dotyczą wszystkich województw projektu, "
        "z których są dane; jeżeli któregoś brakuje, wynik oznaczamy jako niepełny. Pozostałe efekty podaje ośrodek."
    ),
    (
        "Minimalna zawartość modelu: osiem elementów z ogłoszenia o konkursie. Diagnozę, kontrakt i koszyk uznajemy za "
        "obecne, gdy ma je co najmniej {min_element_share} spraw pilotażu; animatora, inspiratora i dwa szczeble "
        "odczytujemy z listy partnerów, a monitorowanie i działania po wsparciu – z opisu pilotażu. Każdy etap sprawy "
        "liczymy tak, jak go zapisano: kontrakt bez zapisanej diagnozy jest kontraktem i uchybieniem."
    ),
    (
        "Sieć: powiązania o sile co najmniej {min_strength}, bez kierunku. Gęstość, skupienie powiązań i pośrednictwa "
        "według Freemana (1977, 1978), pośrednictwo animatora w duchu Goulda i Fernandeza (1989), od {min_paths} dróg; "
        "dla województwa drogi wszystkich pilotaży liczymy razem, bez testu. Powiązania między szczeblami: wśród "
        "powiązań podmiotów gminnych i powiatowych. Przed i po porównujemy te same podmioty."
    ),
    (
        "Test zmiany sieci: przy każdej parze podmiotów zamieniamy losowo stan przed i po ({permutations} losowań) i "
        "sprawdzamy, jak często wychodzi różnica co najmniej tak duża. Poprawka Holma na liczbę miar, poziom {alpha}. "
        "Pary jednego podmiotu nie są od siebie niezależne, więc test bywa zbyt hojny. Nie ma grupy porównawczej: "
        "wynik mówi o zmianie, a nie o tym, skąd się wzięła."
    ),
    (
        "Odsetek powodzeń: sprawy zakończone z powodzeniem wśród wszystkich zakończonych; sprawy w toku nie liczą się "
        "do żadnej strony. Przedziały Wilsona na poziomie {confidence}; różnica wobec opublikowanego pilotażu "
        "({published_success} z {published_cases} spraw) z przedziałem Newcombe'a i dokładnym testem Fishera."
    ),
    (
        "Wykres lejkowy (Spiegelhalter 2005): granice {funnel_inner} i {funnel_outer} wokół odsetka województwa, "
        "takie, jakie wynikają z samego przypadku."
    ),
    (
        "Czas między etapami: estymator Kaplana i Meiera, w którym sprawa bez etapu jest obserwowana do swojego "
        "zakończenia albo do ostatniego dnia danych; przedział mediany według Brookmeyera i Crowleya."
    ),
    (
        "Koszyk usług: część zaplanowanych jednostek, którą dostarczono, w zakończonych sprawach z "
        "koszykiem. Przedział (rozkład t) uwzględnia, że usługi jednej sprawy są do siebie podobne. Koszyk "
        "uznajemy za niepełny poniżej {min_delivered}."
    ),
    (
        "Osiąganie celów: wskaźnik T Kiresuka i Shermana (1968) z zakładaną korelacją celów {goal_correlation}, w "
        "sprawach zakończonych. Oceny od −2 do 2 wystawiają ci, którzy prowadzą sprawę, więc wynik zależy także od "
        "tego, jak ostrożnie ustalono cele."
    ),
    (
        "Ocena do rozszerzania: „reguły nie wskazują przeszkód” wymaga co najmniej {min_ended} zakończonych spraw, "
        "odsetka powodzeń nie poniżej węższych granic wykresu lejkowego, przedziału tego odsetka, który nie leży w "
        "całości poniżej wyniku opublikowanego pilotażu, oraz braku stwierdzonych luk w ośmiu elementach. Nie dowodzi, "
        "że model działa. Pozostałe uwagi (koszyk, sieć, sprawdzanie po zakończeniu) podajemy obok oceny; same jej nie "
        "zmieniają."
    ),
    (
        "Zaokrąglenia: różnice i udziały liczymy przed zaokrągleniem, dlatego mogą nieznacznie odbiegać od wyniku "
        "działania na liczbach widocznych w tabeli."
    ),
)


def protection_notes(models: Cooperation) -> Points:
    """Return how persons are protected."""
    return origin.methods(_PROTECTION, models.choices)


def symbols(models: Cooperation) -> Note:
    """Return the meaning of every symbol in the tables."""
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            "ukryto – zbyt mało spraw albo osób",
            "brak danych, nie podano – danych nie dostarczono albo ośrodek nie podał wielkości",
            "brak powiązań, jeden pomiar, zbyt mało dróg – miary sieci nie da się policzyć albo porównać",
            "w toku – żadna sprawa jeszcze się nie zakończyła",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba, na której opiera się wynik: spraw, celów, par podmiotów, dróg",
            f"od, do – granice przedziału {words.confidence(models)}, czyli granice niepewności wyniku",
            "p – jak często różnica co najmniej tak duża zdarza się przypadkiem",
            "p.p. – punkty procentowe",
            "OPS – ośrodek pomocy społecznej; ROPS – regionalny ośrodek polityki społecznej",
        ),
    )


def method_notes(models: Cooperation) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, [_readable(choice) for choice in models.choices])


def _readable(choice: Choice) -> Choice:
    """Return a choice as sentences print it: a share as a percentage, the start of random numbers as a name."""
    if choice.unit in {"udział", "prawdopodobieństwo"}:
        value = float(choice.value)
        digits = 0 if abs(100 * value - round(100 * value)) < 1e-9 else 1
        return choice._replace(value=words.percent(value, digits=digits).text)
    return choice._replace(value=str(choice.value)) if choice.name == "seed" else choice


def choices_of_method(models: Cooperation) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(models.choices, title="Przyjęte parametry")


def sources(models: Cooperation) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        models.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji.",
        sizes=False,
    )
