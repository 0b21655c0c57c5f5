"""What screening found in a file, worded for the person who must correct it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final, Literal

Severity = Literal["blocking", "warning"]

CHECKS: Final[dict[str, str]] = {
    "GUS-01": "brak kolumny",
    "GUS-02": "brak pliku",
    "GUS-03": "plik pusty",
    "GUS-04": "sam nagłówek, bez danych",
    "GUS-05": "kodowanie znaków",
    "GUS-06": "format pliku",
    "GUS-07": "wartość nie jest liczbą",
    "GUS-08": "przecinek dziesiętny",
    "GUS-09": "powtórzona obserwacja",
    "GUS-10": "kod TERYT zapisany niezgodnie",
    "GUS-11": "nieznany kod TERYT",
    "GUS-12": "nieznany wskaźnik",
    "GUS-13": "rok spoza zakresu",
    "GUS-14": "wartość niemożliwa",
    "GUS-15": "zero zamiast braku danych",
    "GUS-16": "województwa nie sumują się do Polski",
    "GUS-17": "kopia poprzedniego roku",
    "GUS-18": "brak województwa w ostatnim roku",
    "GUS-19": "flaga niezgodna z wartością",
    "GUS-20": "kolumna nieużywana",
    "GUS-21": "niezgodna liczba komórek",
    "GUS-22": "niepoprawny opis wskaźnika",
    "GUS-23": "wskaźnik bez obserwacji",
    "GUS-24": "podejrzany rząd wielkości",
    "GUS-25": "wskaźnik wyłączony",
    "TN-01": "brak kolumny",
    "TN-02": "brak pliku",
    "TN-03": "plik pusty",
    "TN-04": "sam nagłówek, bez danych",
    "TN-05": "kodowanie znaków",
    "TN-06": "format pliku",
    "TN-07": "brak zbioru",
    "TN-08": "niepoprawna książka kodów",
    "TN-09": "nieznany klucz w książce kodów",
    "TN-10": "dane osobowe w pliku",
    "TN-11": "kolumna z danymi osobowymi",
    "TN-12": "ocena spoza skali",
    "TN-13": "wartość nie jest liczbą",
    "TN-14": "nieznana odpowiedź",
    "TN-15": "nieznany typ instytucji",
    "TN-16": "nieznane województwo",
    "TN-17": "ankieta z innego województwa",
    "TN-18": "ankieta niedokończona",
    "TN-19": "powtórzony respondent",
    "TN-20": "kolumna nieużywana",
    "TN-21": "niezgodna liczba komórek",
    "TN-22": "sprzeczne odpowiedzi",
    "TN-23": "jednakowe oceny",
    "TN-24": "jednakowe ankiety",
    "TN-25": "respondenci spoza operatu",
    "TN-26": "więcej respondentów niż pracowników",
    "TN-27": "powtórzony wiersz",
    "TN-28": "wartość niemożliwa",
    "TN-29": "różne lata badania",
    "TN-30": "różne skale ocen",
    "TN-31": "brak wymaganej odpowiedzi",
    "TN-32": "sprzeczne cele projektu",
    "TN-33": "klucz pseudonimów",
    "TN-34": "dane prawdziwe razem z pokazowymi",
    "TN-35": "zero w operacie",
    "TN-36": "niepoprawny opis pochodzenia",
    "TN-37": "kompetencja bez pary ocen",
    "TN-38": "nieznana wartość",
    "TN-39": "plik bez książki kodów",
    "TN-40": "nieznany wskaźnik projektu",
    "ES-01": "brak kolumny",
    "ES-02": "brak pliku",
    "ES-03": "plik pusty",
    "ES-04": "sam nagłówek, bez danych",
    "ES-05": "kodowanie znaków",
    "ES-06": "format pliku",
    "ES-07": "brak zbioru",
    "ES-08": "niepoprawny opis listy",
    "ES-09": "nieznany klucz opisu",
    "ES-10": "dane osobowe w pliku",
    "ES-11": "data niepoprawna",
    "ES-12": "zamknięcie przed otwarciem",
    "ES-13": "status przed 30.10.2022",
    "ES-14": "jeden NIP, dwa podmioty",
    "ES-15": "podmiot poza gminą",
    "ES-16": "nieznana forma prawna",
    "ES-17": "niewiarygodna liczba podmiotów",
    "ES-18": "niepoprawny identyfikator",
    "ES-19": "rejestr nieaktualny",
    "ES-20": "kolumna nieużywana",
    "ES-21": "niezgodna liczba komórek",
    "ES-22": "sprzeczne identyfikatory",
    "ES-23": "podobne nazwy do przejrzenia",
    "ES-24": "sprzeczne rejestry",
    "ES-25": "powtórzony wiersz",
    "ES-26": "data z przyszłości",
    "ES-27": "podmiot spoza rejestru",
    "ES-28": "wartość niemożliwa",
    "ES-29": "składniki nie sumują się",
    "ES-30": "sprzeczne wartości",
    "ES-31": "nieznana miara celu",
    "ES-32": "sprzeczny cel",
    "ES-33": "ludność nie zgadza się z GUS",
    "ES-34": "dane prawdziwe razem z pokazowymi",
    "ES-35": "brak ludności gminy",
    "ES-36": "niepoprawny opis pochodzenia",
    "ES-37": "różne dni stanu",
    "ES-38": "wartość nie jest liczbą",
    "ES-39": "plik bez opisu",
    "ES-40": "nieznana jednostka terytorialna",
    "IM-01": "brak kolumny",
    "IM-02": "brak pliku",
    "IM-03": "plik pusty",
    "IM-04": "sam nagłówek, bez danych",
    "IM-05": "kodowanie znaków",
    "IM-06": "format pliku",
    "IM-07": "brak zbioru",
    "IM-10": "dane osobowe w pliku",
    "IM-11": "kolumna z danymi osobowymi",
    "IM-12": "osoba w obu grupach",
    "IM-13": "fala przed wejściem albo bez wejścia",
    "IM-14": "powtórzona fala osoby",
    "IM-15": "osoba zmienia województwo, podmiot lub rodzaj wsparcia",
    "IM-16": "odpowiedź spoza skali",
    "IM-17": "nieznana odpowiedź",
    "IM-18": "niemożliwy wiek lub czas bez pracy",
    "IM-19": "niemożliwe godziny albo godziny bez pracy",
    "IM-20": "kolumna nieużywana",
    "IM-21": "niezgodna liczba komórek",
    "IM-22": "czas do pracy sprzeczny z pracą",
    "IM-23": "brak grupy porównawczej",
    "IM-24": "różne cechy jednej osoby",
    "IM-25": "powtórzony wiersz",
    "IM-26": "rok otwarcia centrum spoza danych",
    "IM-27": "różne lata otwarcia centrum",
    "IM-28": "wartość niemożliwa",
    "IM-29": "wszystkie centra otwarte w jednym roku",
    "IM-30": "brak lat gminy",
    "IM-31": "nieznana waluta",
    "IM-32": "rok cen bez wskaźnika",
    "IM-33": "klucz pseudonimów",
    "IM-34": "dane prawdziwe razem z pokazowymi",
    "IM-35": "udział poza zakresem 0–1",
    "IM-36": "niepoprawny opis pochodzenia",
    "IM-37": "sprzeczny zakres założenia",
    "IM-38": "wartość nie jest liczbą",
    "IM-39": "cena bez źródła",
    "IM-40": "nieznana jednostka terytorialna",
    "IM-41": "brak udziału zmian, które zaszłyby bez wsparcia",
    "IM-42": "nieznany rodzaj dowodu",
    "IM-43": "nieznany skutek",
    "IM-44": "brak kosztów albo koszty równe zero",
    "IM-45": "niepełne koszty województwa",
    "IM-46": "niemożliwy wskaźnik cen",
    "IM-47": "luka we wskaźniku cen",
    "IM-48": "nieznany rok danych",
    "IM-49": "więcej osób w mapie niż uczestników",
    "PM-01": "brak kolumny",
    "PM-02": "brak pliku",
    "PM-03": "plik pusty",
    "PM-04": "sam nagłówek, bez danych",
    "PM-05": "kodowanie znaków",
    "PM-06": "format pliku",
    "PM-07": "brak zbioru",
    "PM-08": "województwo bez karty projektu",
    "PM-09": "niepoprawna data",
    "PM-10": "dane osobowe w pliku",
    "PM-11": "kolumna z danymi osobowymi",
    "PM-12": "jedna osoba pod kilkoma zapisami",
    "PM-13": "dowód kwalifikacji sprzed wsparcia",
    "PM-14": "zaświadczenie o uczestnictwie zamiast kwalifikacji",
    "PM-15": "nieznane działanie",
    "PM-16": "sprzeczne dane jednej osoby",
    "PM-17": "dowód bez daty albo data bez dowodu",
    "PM-18": "data poza okresem projektu",
    "PM-19": "kwartał poza okresem projektu",
    "PM-20": "kolumna nieużywana",
    "PM-21": "niezgodna liczba komórek",
    "PM-22": "nieznany typ instytucji",
    "PM-23": "niewiarygodna frekwencja albo liczba godzin",
    "PM-24": "nieznana odpowiedź",
    "PM-25": "powtórzony wiersz",
    "PM-26": "data z przyszłości",
    "PM-27": "daty w niemożliwej kolejności",
    "PM-28": "wartość niemożliwa",
    "PM-29": "części projektu nie sumują się do wartości",
    "PM-30": "udział UE inny niż w programie",
    "PM-31": "cel rezultatu większy niż cel produktu",
    "PM-32": "budżet niezgodny z kartą projektu",
    "PM-33": "klucz pseudonimów",
    "PM-34": "dane prawdziwe razem z pokazowymi",
    "PM-35": "płatność bez pozycji budżetu",
    "PM-36": "niepoprawny opis pochodzenia",
    "PM-37": "płatności wyższe niż pozycja budżetu",
    "PM-38": "wartość nie jest liczbą",
    "PM-39": "sprzeczne opisy pozycji budżetu",
    "PM-40": "nieznana jednostka terytorialna",
    "PM-41": "gmina w kilku centrach",
    "PM-42": "suma dzieci niezgodna z podaną",
    "PM-43": "jednostka z innego województwa",
    "PM-44": "malejący plan wskaźnika",
    "CO-01": "brak kolumny",
    "CO-02": "brak pliku",
    "CO-03": "plik pusty",
    "CO-04": "sam nagłówek, bez danych",
    "CO-05": "kodowanie znaków",
    "CO-06": "format pliku",
    "CO-07": "brak zbioru",
    "CO-08": "nieznany pilotaż",
    "CO-09": "niepoprawna data",
    "CO-10": "dane osobowe w pliku",
    "CO-11": "kolumna z danymi osobowymi",
    "CO-12": "podmiot relacji spoza pilotażu",
    "CO-13": "relacja podmiotu z samym sobą",
    "CO-14": "relacja podana dwa razy z różną siłą",
    "CO-15": "brak animatora",
    "CO-16": "kilku animatorów",
    "CO-17": "brak inspiratora",
    "CO-18": "partnerzy z jednego szczebla samorządu",
    "CO-19": "odejście przed dołączeniem",
    "CO-20": "kolumna nieużywana",
    "CO-21": "niezgodna liczba komórek",
    "CO-22": "nieznany sektor",
    "CO-23": "nieznana rola",
    "CO-24": "nieznana odpowiedź",
    "CO-25": "powtórzony wiersz",
    "CO-26": "data z przyszłości",
    "CO-27": "daty w niemożliwej kolejności",
    "CO-28": "wartość niemożliwa",
    "CO-29": "wynik sprzeczny z datą zakończenia",
    "CO-30": "dostarczono więcej, niż zaplanowano",
    "CO-31": "poziom celu poza skalą",
    "CO-32": "waga celu niewiększa od zera",
    "CO-33": "klucz pseudonimów",
    "CO-34": "dane prawdziwe razem z pokazowymi",
    "CO-35": "nieznana sprawa",
    "CO-36": "niepoprawny opis pochodzenia",
    "CO-37": "powtórzona sprawa",
    "CO-38": "wartość nie jest liczbą",
    "CO-39": "niewiarygodna liczba godzin coachingu",
    "CO-40": "nieznana jednostka terytorialna",
    "CO-41": "nieznany efekt",
    "CO-42": "efekt mniejszy, niż wynika z danych",
    "CO-43": "jednostka z innego województwa",
    "CO-44": "nieznany projekt albo projekt z innych województw",
    "CO-45": "pilotaż bez podmiotów",
    "LD-01": "brak kolumny",
    "LD-02": "brak pliku",
    "LD-03": "plik pusty",
    "LD-04": "sam nagłówek, bez danych",
    "LD-05": "kodowanie znaków",
    "LD-06": "format pliku",
    "LD-08": "niepoprawne nazwy zmiennych",
    "LD-10": "kod TERYT bez zera na początku",
    "LD-11": "kod niewłaściwej długości",
    "LD-12": "nieznana jednostka terytorialna",
    "LD-13": "zmieniony rodzaj gminy",
    "LD-14": "jednostka i rok powtórzone z różnymi wartościami",
    "LD-15": "gminy nie sumują się do powiatu",
    "LD-16": "powiaty nie sumują się do województwa",
    "LD-17": "część większa niż całość",
    "LD-18": "zero zamiast braku danych",
    "LD-19": "brak gmin",
    "LD-20": "zmienna nieużywana",
    "LD-21": "niezgodna liczba komórek",
    "LD-22": "brak powiatów",
    "LD-23": "przecinek dziesiętny",
    "LD-24": "rok spoza zakresu",
    "LD-26": "brak zmiennej",
    "LD-28": "wartość niemożliwa",
    "LD-29": "nieznany atrybut",
    "LD-36": "niepoprawny opis pochodzenia",
    "LD-38": "wartość nie jest liczbą",
}
"""Stable code and Polish name of each check; checks of a file as such have one number in every topic."""

Prefix = Literal["GUS", "TN", "ES", "IM", "PM", "CO", "LD"]
"""Topic whose file is checked: the regional diagnosis, training needs, the social economy, social impact, project
monitoring, cooperation, or the diagnosis of gminas and powiats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes
    ----------
    code
        Key of `CHECKS`.
    severity
        ``"blocking"`` stops the build; ``"warning"`` does not.
    file
        Path of the file inside the project.
    row
        Row as a spreadsheet numbers it (the header is row 1); None if it concerns the whole file.
    column
        Column's name, or an empty text.
    found, expected, remedy
        Polish: what stands there, what should, what to do.
    """

    code: str
    severity: Severity
    file: str
    row: int | None
    column: str
    found: str
    expected: str
    remedy: str

    def redacted(self, redact: Callable[[str], str]) -> Finding:
        """Return the finding without identifiers, should a name of a file, column or key or a cell hold one."""
        return replace(
            self,
            file=redact(self.file),
            column=redact(self.column),
            found=redact(self.found),
            expected=redact(self.expected),
            remedy=redact(self.remedy),
        )

    @property
    def check(self) -> str:
        """Code and name of the check, e.g. ``"GUS-01 brak kolumny"``."""
        return f"{self.code} {CHECKS[self.code]}"


def suggest(word: str, known: Sequence[str]) -> str:
    """Return a Polish question with the nearest known words, or an empty text.

    Examples
    --------
    >>> suggest("wskaznik", ["wskaźnik", "rok"])
    'Czy chodziło o „wskaźnik”?'
    """
    near = get_close_matches(word, known, n=2, cutoff=0.6)
    return f"Czy chodziło o {' albo '.join(f'„{name}”' for name in near)}?" if near else ""


def format_findings(findings: Sequence[Finding], *, limit: int = 10) -> str:
    """Return findings as a plain Polish text, blocking ones first.

    Parameters
    ----------
    limit
        Of one check in one file at most this many are listed; the rest is counted.

    Examples
    --------
    >>> empty = Finding("GUS-03", "blocking", "a.csv", None, "", "0 bajtów", "dane", "Uzupełnić.")
    >>> print(format_findings([empty]))
    BŁĘDY, które wstrzymują obliczenia: 1
    <BLANKLINE>
    GUS-03 plik pusty - a.csv
      jest:     0 bajtów
      ma być:   dane
      co robić: Uzupełnić.
    """
    if not findings:
        return "Kontrola danych nie wykazała uwag."
    parts: list[str] = []
    titles = {"blocking": "BŁĘDY, które wstrzymują obliczenia", "warning": "OSTRZEŻENIA"}
    for severity, title in titles.items():
        chosen = [finding for finding in findings if finding.severity == severity]
        if not chosen:
            continue
        parts.append(f"{title}: {len(chosen)}")
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in chosen:
            groups.setdefault((finding.file, finding.code), []).append(finding)
        for (file, _), group in sorted(groups.items()):
            parts.extend(_format_one(finding) for finding in group[:limit])
            if len(group) > limit:
                parts.append(f"{group[0].check} - {file}: pozostałe takie uwagi: {len(group) - limit}.")
    return "\n\n".join(parts)


def _format_one(finding: Finding) -> str:
    place = finding.file
    if finding.row is not None:
        place += f", wiersz {finding.row}"
    if finding.column:
        place += f", kolumna „{finding.column}”"
    return (
        f"{finding.check} - {place}\n"
        f"  jest:     {finding.found}\n"
        f"  ma być:   {finding.expected}\n"
        f"  co robić: {finding.remedy}"
    )
