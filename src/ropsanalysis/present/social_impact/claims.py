"""How a claim is put: the verb follows the grade of its evidence, here and nowhere else.

A sentence about an estimate of a lower grade must not use a stem of a higher one; tests read all sentences for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.social_impact import evidence
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.view import SocialImpact

#: What is judged, in the nominative and in the dative; feminine, as the verbs of the catalogue are.
_SUBJECT: Final = {
    "persons": ("reintegracja", "reintegracji"),
    "gminas": ("działalność centrów usług społecznych", "działalności centrów usług społecznych"),
}
_THAN: Final = {
    ("persons", evidence.COMPARED): "ze zmian w grupie porównawczej",
    ("persons", evidence.BALANCED): "ze zmian w podobnej grupie bez wsparcia",
    ("persons", evidence.RANDOMISED): "ze zmian w grupie, której los nie przydzielił wsparcia",
    ("gminas", evidence.COMPARED): "ze zmian w gminach bez centrum",
    ("gminas", evidence.BALANCED): "ze zmian w gminach bez centrum",
    ("gminas", evidence.RANDOMISED): "ze zmian w gminach, którym los nie przydzielił centrum",
}
_WHEN: Final = {"persons": "rok po wyjściu", "gminas": "po otwarciu"}
DOUBT: Final = {
    "no_comparison": "pomiar u podobnych osób bez wsparcia",
    "no_overlap": "grupa porównawcza bardziej podobna do uczestników",
    "imbalance": "grupa porównawcza o takim samym składzie (mierzone cechy nadal się różnią)",
    "attrition": "odpowiedzi osób utraconych z badania",
    "few_clusters": "pomiar w większej liczbie podmiotów",
    "few_gminas": "więcej gmin z centrum",
    "pre_trend": "dowód, że przed otwarciem gminy zmieniały się tak samo",
    "placebo": "dowód, że przed otwarciem nie było różnicy",
    "confounder": "niezmierzona cecha osób silniejsza niż wartość E",
    "unmeasured_change": "inna zmiana, która zaszła w gminach z centrum w tym samym czasie",
    "chance": "dokładniejszy pomiar (różnica może być przypadkowa)",
    "assumptions": "pomiar wielkości, które są założeniami",
    "one_line": "inna cena jednego rezultatu",
    "short": "dłuższa obserwacja",
}
"""What would change our mind, as a list names it."""
UNKNOWN: Final = {
    "no_comparison": "co w tym czasie stałoby się z uczestnikami bez wsparcia",
    "no_overlap": "co w tym czasie stałoby się z uczestnikami bez wsparcia, bo grupa porównawcza jest zbyt inna",
    "imbalance": "ile z różnicy bierze się stąd, że grupy różniły się od początku",
    "attrition": "jak powiodło się osobom, których nie udało się zapytać ponownie",
    "few_clusters": "czy tak samo byłoby w innych podmiotach",
    "few_gminas": "czy tak samo byłoby w innych gminach",
    "pre_trend": "czy przed otwarciem centrów gminy zmieniały się tak samo",
    "placebo": "czy różnica między gminami nie powstała jeszcze przed otwarciem centrów",
    "confounder": "czy grup nie różni coś, czego nie zmierzono, na przykład motywacja",
    "unmeasured_change": "czy w gminach z centrum nie zaszła w tym samym czasie inna zmiana",
    "assumptions": "ile naprawdę wynoszą wielkości, które w rachunku wartości są założeniami",
    "one_line": "jaka byłaby wartość przy innej cenie rezultatu, który o niej rozstrzyga",
    "short": "czy zmiany trwają dłużej, niż je obserwowano",
}
"""What we do not know, as after "Nie wiemy,"."""
_WEAK: Final = {
    "imbalance": "grupy różnią się mierzonymi cechami",
    "attrition": "utracono zbyt wiele osób",
    "few_clusters": "osoby pochodzą ze zbyt małej liczby podmiotów",
    "few_gminas": "gmin jest zbyt mało",
    "pre_trend": "gminy zmieniały się różnie już przed otwarciem centrów",
    "placebo": "różnica istniała już przed otwarciem centrów",
}
_UNTESTED: Final = {
    "pre_trend": "nie da się sprawdzić, czy przed otwarciem centrów gminy zmieniały się tak samo",
    "placebo": "nie da się sprawdzić, czy różnicy nie było już przed otwarciem centrów",
}
"""What is weak about a comparison: what was found, and which check cannot be made."""


def grade_name(impact: SocialImpact, grade: int | None) -> str:
    """Return the name of a grade; one without number counts as no evidence."""
    found = impact.grades.get(grade or evidence.UNKNOWN)
    return "brak dowodu" if found is None else found.name


def strength(impact: SocialImpact, grade: int | None) -> str:
    """Return the sentence that closes every finding: how strong its evidence is."""
    number = grade or evidence.UNKNOWN
    best, space = max(impact.grades, default=5), polish.NBSP
    return f"Siła dowodu: {grade_name(impact, number)} (stopień{space}{number}{space}z{space}{best})."


def weak(impact: SocialImpact, claim: Claim) -> str:
    """Return what is weak about the comparison behind a claim, as after a colon; empty where nothing is."""
    untested = {
        row.test
        for row in impact.centre_tests
        if (row.teryt, row.outcome, row.controls) == (claim.teryt, claim.outcome, claim.method) and row.reason
    }
    keys = [key for key in evidence.WEAK if key in doubts(claim)]
    if set(_UNTESTED) <= untested & set(keys):
        keys.remove("placebo")  # one sentence says for both that nothing can be checked
    return "; ".join(_UNTESTED[key] if claim.subject == "gminas" and key in untested else _WEAK[key] for key in keys)


def sentence(
    impact: SocialImpact, claim: Claim, name: str = "x", *, in_full: bool = False
) -> tuple[str, dict[str, Any]]:
    """Return the template of the sentence that states a claim of persons or gminas, and the numbers it prints.

    Parameters
    ----------
    name
        Name of the number in the template, when several sentences are joined.
    in_full
        Whether to write units out instead of shortening them.

    Notes
    -----
    Grade 2 stands for a change in time and for a weak comparison; the sentence of the latter says what is weak.
    """
    noun, outcome = names.noun(impact, claim.outcome), impact.outcomes.get(claim.outcome)
    if outcome is None or not claim.effect.shown:
        return f"{polish.capital(noun.nominative)} – nie podajemy wyniku ({words.because([claim.reason])}).", {}

    def show(value: float | None) -> Any:
        return words.in_unit(outcome, value, change=True, in_full=in_full)

    difference = claim.effect.value or 0.0
    if claim.verdict not in {"improved", "worsened"} or not difference:
        return _undecided(impact, claim, name)
    amount, parts = words.spread(name, words.without_sign(claim.effect), show)
    grade = claim.grade or evidence.UNKNOWN
    entry = impact.grades.get(grade)
    if entry is None or not entry.verb:
        return f"{polish.capital(noun.nominative)} – różnica wynosi {amount}.", parts
    subject, dative = _SUBJECT[claim.subject]
    name_of = f"{noun.nominative}{_comma(noun)}"
    if claim.method == "before_after":
        return f"{polish.capital(dative)} {entry.verb} zmiana: {name_of} {noun.moved(difference)} o {amount}.", parts
    when = "" if outcome.kind == "duration" else f" {_WHEN[claim.subject]}"
    than = _THAN[claim.subject, max(grade, evidence.COMPARED)]
    rest = f"{name_of} {noun.was}{when} o {amount} {noun.compared(difference)}, niż wynikałoby {than}"
    if grade <= evidence.BEFORE_AFTER:  # a comparison, but a weak one: the verb of a change in time, not its wording
        better = "korzystniejsza" if claim.verdict == "improved" else "mniej korzystna"
        lacking = weak(impact, claim)
        why = f" Porównanie jest słabe: {lacking}." if lacking else " Porównanie jest słabe."
        return f"{polish.capital(dative)} {entry.verb} {better} zmiana: {rest}.{why}", parts
    return f"{polish.capital(subject)} {entry.verb}{_link(entry.verb, claim.verdict)} {rest}.", parts


def clause(impact: SocialImpact, claim: Claim, name: str) -> tuple[str, dict[str, Any]]:
    """Return a claim after another one of the same grade: the difference alone, without a verb of evidence."""
    outcome, noun = impact.outcomes[claim.outcome], names.noun(impact, claim.outcome)

    def show(value: float | None) -> Any:
        return words.in_unit(outcome, value, change=True, in_full=True)

    difference = claim.effect.value or 0.0
    amount, parts = words.spread(name, words.without_sign(claim.effect), show)
    name_of = f"{noun.nominative}{_comma(noun)}"
    if claim.method == "before_after":
        return f"{name_of} {noun.moved(difference)} o {amount}", parts
    return f"{name_of} {noun.was} o {amount} {noun.compared(difference)}", parts


def _link(verb: str, verdict: str) -> str:
    """Return what joins a verb of the catalogue to the clause that states the difference."""
    if verb.endswith(" do"):
        return " tego, że"
    if verb.endswith(" z"):
        return f" {'korzystniejszą' if verdict == 'improved' else 'mniej korzystną'} zmianą:"
    return ", że"


def _comma(noun: names.Noun) -> str:
    """Return the comma that closes a name with a clause of its own."""
    return "," if "," in noun.tail else ""


def _undecided(impact: SocialImpact, claim: Claim, name: str) -> tuple[str, dict[str, Any]]:
    outcome = impact.outcomes[claim.outcome]

    def show(value: float | None) -> Any:
        return words.in_unit(outcome, value, change=True, signed=True)

    noun = polish.capital(names.noun(impact, claim.outcome).nominative)
    amount, parts = words.spread(name, claim.effect, show)
    what = "zmiana w czasie" if claim.method == "before_after" else "różnica"
    if claim.verdict == "small":
        return f"{noun} – {what} jest mniejsza niż ważna i wynosi {amount}.", parts
    low, high = claim.effect.low, claim.effect.high
    corrected = low is not None and high is not None and low * high > 0
    after = "po poprawce na liczbę wskaźników " if corrected else ""
    return f"{noun} – {after}wynik nie rozstrzyga, czy jest {what}; oszacowano ją na {amount}.", parts


def doubts(claim: Claim) -> list[str]:
    """Return the keys of what would change our mind, in the order of the claim."""
    return [key for key in claim.doubts.split("+") if key in DOUBT]


def all_doubts(claims: Iterable[Claim]) -> list[str]:
    """Return the keys that occur in any claim, in the order of the evidence scale's list."""
    found = {key for claim in claims for key in doubts(claim)}
    return [key for key in evidence.DOUBTS if key in found]


def by_strength(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims with the strongest evidence first, else in their order."""
    return sorted(claims, key=lambda claim: -(claim.grade or 0))


def decided(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims that something became better or worse, the strongest evidence first."""
    return by_strength(c for c in claims if c.verdict in {"improved", "worsened"} and c.effect.shown)
