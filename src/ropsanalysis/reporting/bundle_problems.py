"""What can be wrong with a bundle: a stable code and Polish words for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CHECKS: Final[dict[str, str]] = {
    "BV-01": "archiwum nieczytelne",
    "BV-02": "przekroczony limit",
    "BV-03": "niedozwolona ścieżka",
    "BV-04": "powtórzona nazwa",
    "BV-05": "niedozwolony rodzaj wpisu",
    "BV-06": "archiwum zmienione",
    "BV-07": "niepoprawny manifest",
    "BV-08": "brak pliku",
    "BV-09": "plik nadmiarowy",
    "BV-10": "plik zmieniony",
    "BV-11": "brak podpisu",
    "BV-12": "podpis niezgodny",
    "BV-13": "inny klucz",
    "BV-14": "inny raport, województwo lub edycja",
    "BV-15": "plik raportu nieczytelny",
    "BV-16": "liczby niezgodne między formatami",
    "BV-17": "ochrona danych niepotwierdzona",
    "BV-18": "uwagi blokujące do danych",
    "BV-19": "dane syntetyczne bez oznaczenia",
    "BV-20": "niepoprawny opis RO-Crate",
    "BV-21": "niepoprawny spis raportów",
    "BV-22": "klucz prywatny w paczce",
    "BV-23": "pochodzenie danych niezgodne",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a bundle.

    Attributes
    ----------
    code
        Key of `CHECKS`.
    file
        Path inside the bundle; empty if it concerns the whole.
    text
        Polish: what was found. It may quote a hostile file, so it is printable.
    """

    code: str
    file: str
    text: str

    @property
    def check(self) -> str:
        """Code and name of the check, as in ``"BV-10 plik zmieniony"``."""
        return f"{self.code} {CHECKS[self.code]}"

    def __str__(self) -> str:
        place = f" – {self.file}" if self.file else ""
        return f"{self.check}{place}: {self.text}"


def problem(code: str, file: str, text: str) -> Problem:
    r"""Return a problem whose file and text can be shown in a terminal.

    Examples
    --------
    >>> str(problem("BV-08", "a\x1b[2Jb", "nie ma go"))
    'BV-08 brak pliku – a�[2Jb: nie ma go'
    """
    return Problem(code, printable(file), printable(text))


def printable(text: str) -> str:
    """Return the text with every character that a terminal might obey, or cannot show, replaced."""
    return "".join(letter if letter.isprintable() or letter == "\u00a0" else "\ufffd" for letter in text)
