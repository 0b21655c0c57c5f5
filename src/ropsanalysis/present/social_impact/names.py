"""Names that the report inflects or explains: outcomes, kinds of support, waves, traits, assumptions, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ropsanalysis.present import polish
from ropsanalysis.social_impact.view import SocialImpact


class Noun(NamedTuple):
    """An outcome as sentences name it.

    Attributes
    ----------
    head
        Its noun in the nominative case.
    feminine
        Gender of the noun; else masculine.
    tail
        What follows the noun and does not change.
    more, less
        How it is put that there is more or less of it, up to the ending: "wyższ", "niższ".
    """

    head: str
    feminine: bool
    tail: str
    more: str = "wyższ"
    less: str = "niższ"

    @property
    def nominative(self) -> str:
        """The whole name, as in "odsetek osób pracujących zarobkowo"."""
        return f"{self.head} {self.tail}"

    def compared(self, difference: float) -> str:
        """Return the adjective for a difference: "wyższy", "niższa"."""
        return (self.more if difference > 0 else self.less) + ("a" if self.feminine else "y")

    def moved(self, difference: float) -> str:
        """Return the verb for a change in time: "wzrósł", "wzrosła", "spadł", "spadła"."""
        if difference > 0:
            return "wzrosła" if self.feminine else "wzrósł"
        return "spadła" if self.feminine else "spadł"

    @property
    def was(self) -> str:
        """The past tense of "to be" in its gender."""
        return "była" if self.feminine else "był"


def _share(tail: str) -> Noun:
    return Noun("odsetek", False, tail)


def _number(tail: str) -> Noun:
    return Noun("liczba", True, tail, "większ", "mniejsz")


def _rating(tail: str) -> Noun:
    return Noun("ocena", True, tail)


_NOUNS: Final[Mapping[str, Noun]] = {
    "work": _share("osób pracujących zarobkowo"),
    "hours": _number("godzin pracy w tygodniu"),
    "income_work": _share("osób utrzymujących się głównie z pracy"),
    "assistance": _share("osób korzystających z pomocy społecznej"),
    "education": Noun("poziom", False, "wykształcenia"),
    "health": _rating("własnego zdrowia"),
    "wellbeing": _rating("dobrostanu psychicznego"),
    "ties": _rating("więzi społecznych"),
    "efficacy": _rating("poczucia własnej skuteczności"),
    "months_to_work": Noun("czas", False, "do podjęcia pracy", "dłuższ", "krótsz"),
    "home_care_per_10k": _number("osób korzystających z usług opiekuńczych w miejscu zamieszkania"),
    "residential_per_10k": _number("mieszkańców domów pomocy społecznej, za których płaci gmina"),
    "assistance_per_10k": _number("osób ze świadczeniami pomocy społecznej"),
}
KIND: Final = {
    "cis": "centra integracji społecznej (CIS)",
    "kis": "kluby integracji społecznej (KIS)",
    "zaz": "zakłady aktywności zawodowej (ZAZ)",
    "wtz": "warsztaty terapii zajęciowej (WTZ)",
    "ps": "praca w przedsiębiorstwie społecznym (PS)",
    "other": "inne formy wsparcia",
}
WAVE: Final = {"entry": "wejście", "exit": "wyjście", "m6": "6 mies. po wyjściu", "m12": "12 mies. po wyjściu"}
SHORT_WAVE: Final = {"entry": "wej.", "exit": "wyj.", "m6": "+6", "m12": "+12"}
GROUP: Final = {"participant": "uczestnicy", "comparison": "grupa porównawcza"}
METHOD: Final = {
    "before_after": "przed i po",
    "did": "różnica w różnicach",
    "ipw": "ważenie (IPW)",
    "aipw": "ważenie (AIPW)",
    "balancing": "wagi równoważące",
}
TRAIT: Final = {
    "female": "Kobiety",
    "male": "Mężczyźni",
    "sex": "Płeć",
    "age": "Wiek",
    "disability": "Niepełnosprawność",
    "months_out_of_work": "Miesiące bez pracy",
    "income_source": "Źródło dochodu",
}
ASSUMPTION: Final = {
    "quantity": "liczba osób",
    "proxy_value": "cena",
    "duration_years": "czas trwania",
    "deadweight": "efekt jałowy",
    "displacement": "efekt wyparcia",
    "attribution": "wkład innych",
    "drop_off": "zanikanie",
    "discount_rate": "stopa dyskontowa",
    "rate": "stopa dyskontowa",
    "inputs": "nakłady",
}
CHANGED: Final = {
    "improved": "poprawa",
    "worsened": "pogorszenie",
    "small": "mniej niż ważna zmiana",
    "unclear": "nie rozstrzygnięto",
    "unknown": "nie wiadomo",
}
RESTS_ON: Final = {
    "measured": "pomiar",
    "literature": "literatura",
    "expert": "ocena ekspertów",
    "assumed": "założenie",
}
CONTROLS: Final = {"never": "gminy bez centrum", "not_yet": "także przed otwarciem"}


def noun(impact: SocialImpact, outcome: str) -> Noun:
    """Return an outcome as sentences name it; one that is new in the catalogue by its name in quotes."""
    if outcome in _NOUNS:
        return _NOUNS[outcome]
    return Noun("wskaźnik", False, f"„{long(impact, outcome)}”")


def long(impact: SocialImpact, outcome: str) -> str:
    """Return the full name of an outcome."""
    return impact.outcomes[outcome].name if outcome in impact.outcomes else outcome


def short(impact: SocialImpact, outcome: str) -> str:
    """Return the short name of an outcome."""
    return impact.outcomes[outcome].short if outcome in impact.outcomes else outcome


def kinds(keys: str) -> str:
    """Return the names of the kinds of support that a row stands for.

    Examples
    --------
    >>> kinds("cis+kis"), kinds("")
    ('Centra integracji społecznej (CIS) i kluby integracji społecznej (KIS)', 'Razem')
    """
    if not keys:
        return "Razem"
    return polish.capital(polish.listing(KIND.get(key, key) for key in keys.split("+")))


def short_kinds(keys: str) -> str:
    """Return kinds of support by their acronyms.

    Examples
    --------
    >>> short_kinds("cis+other")
    'CIS i inne'
    """
    return polish.listing("inne" if key == "other" else key.upper() for key in keys.split("+"))


def trait(impact: SocialImpact, key: str) -> str:
    """Return the name of a trait at entry; an outcome measured at entry is a trait as well."""
    for prefix, text in (("income_source_", "Źródło dochodu: "), ("sex_", "Płeć: ")):
        if key.startswith(prefix):
            return text + _PARTS.get(key.removeprefix(prefix), key.removeprefix(prefix))
    if key in TRAIT:
        return TRAIT[key]
    return short(impact, key.removesuffix("_entry")) if key.removesuffix("_entry") in impact.outcomes else key


_PARTS: Final = {
    "work": "praca", "benefit": "zasiłek", "pension": "emerytura lub renta", "family": "rodzina", "other": "inne",
    "none": "brak", "female": "kobiety", "male": "mężczyźni",
}  # fmt: skip


def assumption(key: str) -> str:
    """Return the name of an assumption of the impact map."""
    return ASSUMPTION.get(key, key)


def line(impact: SocialImpact, key: str) -> str:
    """Return the outcome that a line of the impact map values; "" stands for all lines."""
    if not key:
        return "wszystkie wiersze"
    found = impact.line(key)
    return key if found is None else found.outcome
