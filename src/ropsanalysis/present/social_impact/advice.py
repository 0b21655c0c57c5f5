"""Recommendations, generated from what is doubtful, from what the impact map overclaims, and from the verdicts."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Points, Statement
from ropsanalysis.present.social_impact import claims, evidence, names, words
from ropsanalysis.present.social_impact.uncertainty import widest
from ropsanalysis.regions import POLAND
from ropsanalysis.social_impact import evidence as scale
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.view import SocialImpact

_BY_DOUBT: Final = {
    "no_comparison": "Zbudować grupę porównawczą: zapytać o to samo i w tych samych terminach podobne osoby, które nie "
    "korzystają ze wsparcia, na przykład z list oczekujących.",
    "no_overlap": "Dobrać grupę porównawczą na nowo, spośród osób podobnych do uczestników pod względem cech na "
    "wejściu, przede wszystkim czasu bez pracy.",
    "imbalance": "Uzupełnić grupę porównawczą o osoby, których jest w niej za mało, tak aby obie grupy różniły się "
    "tylko wsparciem.",
    "attrition": "Ograniczyć utratę osób: zbierać kilka sposobów kontaktu na wejściu i pytać także tych, którzy "
    "przerwali udział.",
    "few_clusters": "Objąć pomiarem więcej podmiotów; kilka podmiotów to za mało, aby odróżnić wsparcie od dobrego "
    "lub złego podmiotu.",
    "few_gminas": "Ocenę centrów usług społecznych w województwie odłożyć, aż otworzy je więcej gmin{poland}.",
    "pre_trend": "Nie przedstawiać porównania gmin jako dowodu, że centra działają, dopóki nie wykaże się, że przed "
    "ich otwarciem gminy zmieniały się tak samo.",
    "placebo": "Sprawdzić, co w gminach z centrum zmieniło się jeszcze przed jego otwarciem.",
    "assumptions": "Zmierzyć wielkości, które w rachunku wartości są założeniami",
    "one_line": "Sprawdzić w innym źródle cenę rezultatu, od którego zależy wynik rachunku",
    "short": "Powtórzyć pomiar dwa lata po wyjściu, aby sprawdzić, czy zmiany się utrzymują.",
}
_BY_CHECK: Final = {
    "left_out": "Poprawić wiersze mapy oddziaływania, które pominięto z powodu błędów",
    "no_source": "Podać źródło ceny albo usunąć wiersz z mapy oddziaływania",
    "counted_twice": "Zostawić w mapie tylko jeden z wierszy, które liczą ten sam rezultat",
    "no_deadweight": "Oszacować, ile zmieniłoby się bez wsparcia (efekt jałowy)",
    "too_long": "Skrócić czas trwania rezultatu do okresu, w którym go obserwowano, albo obserwować dłużej",
    "no_range": "Podać najmniejszą i największą możliwą wartość założeń",
    "above_measured": "Zmniejszyć liczbę osób albo zwiększyć efekt jałowy do tego, co dopuszcza pomiar",
    "unmeasured": "Zmienić podstawę wiersza z pomiaru na założenie albo zmierzyć rezultat z grupą porównawczą",
}


def recommendations(impact: SocialImpact) -> Points:
    """Return what to do next, first about the programme, then about its measurement and the impact map."""
    found = [
        _build_on(impact),
        _look_into(impact),
        _do_not_claim(impact),
        *_by_doubts(impact),
        *_by_checks(impact),
        _deliver(impact),
    ]
    return Points(tuple(statement for statement in found if statement is not None) or (_go_on(impact),))


def _shorts(impact: SocialImpact, found: list[Claim]) -> str:
    return polish.listing(dict.fromkeys(polish.lower_first(names.short(impact, c.outcome)) for c in found))


def _build_on(impact: SocialImpact) -> Statement | None:
    strong = [
        c for c in claims.decided(impact.claimed("persons"))
        if (c.grade or 0) >= scale.BALANCED and c.verdict == "improved"
    ]  # fmt: skip
    if not strong:
        return None
    return words.say(
        impact,
        words.PERSONS,
        "Przy planowaniu wsparcia opierać się na wynikach o najmocniejszych dowodach: {all}.",
        tone="good",
        all=_shorts(impact, strong),
    )


def _look_into(impact: SocialImpact) -> Statement | None:
    worse = [c for c in claims.decided(impact.claims) if c.verdict == "worsened" and c.subject != "value"]
    if not worse:
        return None
    return words.say(
        impact, evidence.datasets(worse), "Wyjaśnić z podmiotami i gminami, skąd gorszy wynik: {all}.", tone="bad",
        all=_shorts(impact, worse),
    )  # fmt: skip


def _do_not_claim(impact: SocialImpact) -> Statement | None:
    weak = [c for c in claims.decided(impact.claimed("persons")) if c.method == "before_after"]
    if not weak:
        return None
    return words.say(
        impact,
        words.PERSONS,
        "W sprawozdaniach opisywać jako zmianę w czasie, a nie jako osiągnięcie wsparcia: {all}.",
        all=_shorts(impact, weak),
    )


def _by_doubts(impact: SocialImpact) -> list[Statement]:
    found = []
    for key in claims.all_doubts(impact.claims):
        text = _BY_DOUBT.get(key)
        about = [claim for claim in impact.claims if key in claims.doubts(claim)]
        if text is None:
            continue
        parts: dict[str, Any] = {}
        if key == "assumptions":
            text, parts = _most_needed(impact, text)
        if key == "few_gminas":
            whole = any(claim.effect.shown for claim in impact.claimed("gminas", POLAND.teryt))
            parts = {"poland": "; do tego czasu korzystać z wyniku dla Polski" if whole else ""}
        elif key == "one_line":
            summary = impact.summary
            text += ": „{line}”." if summary is not None and summary.biggest_line else "."
            parts = {"line": polish.lower_first(names.line(impact, summary.biggest_line)) if summary else ""}
        found.append(words.say(impact, evidence.datasets(about), text, **parts))
    return found


def _most_needed(impact: SocialImpact, text: str) -> tuple[str, dict[str, Any]]:
    most = widest(impact)
    if most is None:
        return f"{text}.", {}
    return f"{text}; wynik najbardziej zmienia: {{what}} ({{line}}).", {
        "what": names.assumption(most.assumption),
        "line": f"rezultat „{polish.lower_first(names.line(impact, most.line))}”"
        if most.line
        else "wszystkie rezultaty",
    }


def _by_checks(impact: SocialImpact) -> list[Statement]:
    found = []
    for code, text in _BY_CHECK.items():
        rows = [row for row in impact.overclaims if row.code == code]
        if rows:
            lines = dict.fromkeys(f"„{polish.lower_first(names.line(impact, row.line))}”" for row in rows if row.line)
            tail = f": {polish.listing(lines)}" if lines else ""
            found.append(words.say(impact, words.MAP, f"{text}{{tail}}.", tail=tail))
    return found


def _deliver(impact: SocialImpact) -> Statement | None:
    wanted = []
    if not impact.has_persons():
        wanted.append("pomiary u osób na wejściu, na wyjściu oraz 6 i 12 miesięcy później")
    if not impact.centre_cohorts:
        wanted.append("dane o gminach w kolejnych latach")
    if not impact.has_map():
        wanted.append("mapę oddziaływania")
    if not impact.costs:
        wanted.append("nakłady według płatnika i roku")
    return Statement(f"Uzupełnić dane do następnej edycji: {polish.listing(wanted)}.") if wanted else None


def _go_on(impact: SocialImpact) -> Statement:
    return words.say(impact, words.ALL, "Powtórzyć pomiar w następnym roku w tym samym układzie.")
