"""Every claim with the strength of its evidence, and the scale it is measured on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Statement, Table
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.view import SocialImpact

_SUBJECT: Final = {"persons": "uczestnicy", "gminas": "gminy", "value": "mapa oddziaływania"}
_WORTH: Final = {"improved": "ponad 1\u00a0zł", "worsened": "poniżej 1\u00a0zł", "unclear": "nie rozstrzygnięto"}
DATASETS: Final = {"persons": words.PERSONS, "gminas": words.GMINAS, "value": words.MAP}


def evidence_summary(impact: SocialImpact) -> Statement:
    """Return how many claims have which grade."""
    if not impact.claims:
        return Statement("Raport nie zawiera twierdzeń, których siłę można ocenić: nie dostarczono danych.")
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for grade in sorted({claim.grade or 0 for claim in impact.claims}, reverse=True):
        number = sum((claim.grade or 0) == grade for claim in impact.claims)
        pieces.append(f"{{n{grade}}} – stopień {grade} ({claims.grade_name(impact, grade)})")
        parts[f"n{grade}"] = Number(number)
    return words.say(impact, words.ALL, "Liczba twierdzeń według siły dowodu: " + "; ".join(pieces) + ".", **parts)


def evidence_table(impact: SocialImpact) -> Table | None:
    """Return claim, estimate, interval, grade and what would change our mind; None without claims."""
    if not impact.claims:
        return None
    return Table(
        key="evidence",
        title="Twierdzenia raportu i siła ich dowodów",
        columns=(
            Column("Czego dotyczy", "left"), Column("Wynik"), Column("od"), Column("do"), Column("Jedn."),
            Column("Ocena", "left"), Column("Stopień"), Column("Co zmieniłoby nasze zdanie", "left"),
        ),
        rows=tuple(_row(impact, claim) for claim in impact.claims),
        note=words.note(
            "Stopień: od 0 (brak dowodu) do 5 (losowy przydział), według skali pod tabelą.",
            (_reason(claim) for claim in impact.claims),
        ),
        **words.origin(impact, *words.ALL),
    )  # fmt: skip


def _row(impact: SocialImpact, claim: Claim) -> tuple[Cell, ...]:
    outcome = impact.outcomes.get(claim.outcome)
    if claim.subject == "value" or outcome is None:
        name = "Wartość na 1\u00a0zł nakładów"
        estimate: tuple[Cell, ...] = words.cells(claim.effect, words.ratio, reason=claim.reason)
        unit = "zł"
    else:
        where = ", Polska" if claim.teryt == "00" else ""
        name = f"{outcome.short} ({_SUBJECT[claim.subject]}{where})"
        estimate = words.change_cells(outcome, claim.effect, reason=_reason(claim))
        unit = words.unit(outcome, change=True)
    unit = "na 10\u00a0tys." if unit.startswith("na 10") else unit
    return (name, *estimate, unit, *_judged(claim))


def _judged(claim: Claim) -> tuple[Cell, ...]:
    told = "; ".join(claims.DOUBT[key] for key in claims.doubts(claim))
    verdict = names.CHANGED.get(claim.verdict, polish.DASH)
    if claim.subject == "value":
        verdict = _WORTH.get(claim.verdict, names.CHANGED["unknown"])
    return verdict, Number(claim.grade or 0), polish.capital(told) or polish.DASH


def _reason(claim: Claim) -> str:
    return "few_gminas" if claim.subject == "gminas" and claim.reason == "few" else claim.reason


def grades_table(impact: SocialImpact) -> Table:
    """Return the scale of evidence with the verb that each grade allows."""
    return Table(
        key="grades",
        title="Skala siły dowodu i czasownik, którego raport używa",
        columns=(
            Column("Stopień", "left"), Column("Nazwa", "left"), Column("Czasownik", "left"),
            Column("Kiedy go nadajemy", "left"),
        ),
        rows=tuple(
            (str(entry.grade), entry.name, f"„{entry.verb}”" if entry.verb else polish.DASH, entry.description)
            for entry in impact.grades.values()
        ),
        source="opracowanie własne na podstawie: Maryland Scientific Methods Scale (Sherman i in. 1997).",
    )  # fmt: skip


def datasets(found: Iterable[Claim]) -> tuple[Any, ...]:
    """Return the datasets that claims come from."""
    return tuple(dict.fromkeys(name for claim in found for name in DATASETS[claim.subject]))
