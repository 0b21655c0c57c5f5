"""Recommendations: which pilots are a pattern for others, what to mend first, and which data to deliver."""

from __future__ import annotations

from typing import Final

from ropsanalysis.cooperation.records import Advice
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Points, Statement, Table, Tone
from ropsanalysis.present.cooperation import names, words

_SENTENCE: Final[dict[str, tuple[str, Tone]]] = {
    "extend": (
        (
            "Reguły nie wskazują przeszkód, aby korzystać z doświadczeń: {who}. Zakończono tam co najmniej {least} "
            "spraw, a odsetek powodzeń nie jest wyraźnie niższy ani od wyniku województwa, ani od opublikowanego "
            "pilotażu gmin wiejskich; nie stwierdzono też braku żadnego elementu minimalnej zawartości{remarks}. To "
            "warunek wstępny, a nie dowód, że model działa."
        ),
        "good",
    ),
    "mend_first": (
        ("Najpierw uzupełnić model, potem go rozszerzać. Elementy minimalnej zawartości, których brakuje: {who}."),
        "bad",
    ),
    "watch": (
        "Obserwować dalej: {who}. Zakończonych spraw jest tam mniej niż {least}, za mało na zalecenie.",
        "text",
    ),
    "look_closer": (
        (
            "Wyjaśnić, skąd wynik: {who}. Odsetek powodzeń jest tam wyraźnie niższy od wyniku województwa albo od "
            "opublikowanego pilotażu gmin wiejskich, bardziej, niż tłumaczyłby to przypadek."
        ),
        "bad",
    ),
}


def by_verdict(models: Cooperation) -> dict[str, list[str]]:
    """Return the names of the pilots by verdict, in the order of the verdicts."""
    found: dict[str, list[str]] = {}
    for verdict in names.VERDICT:
        who = [names.pilots(models, row.pilots) for row in models.advice if row.verdict == verdict]
        if who:
            found[verdict] = who
    return found


def recommendations(models: Cooperation) -> Points:
    """Return what to do next: about the pilots, then about what is not known."""
    found = [
        *(_verdict(models, verdict, who) for verdict, who in by_verdict(models).items()),
        _undiagnosed(models),
        _below_published(models),
        *_mend(models),
        _deliver(models),
    ]
    return Points(tuple(statement for statement in found if statement is not None) or (_go_on(models),))


def _verdict(models: Cooperation, verdict: str, who: list[str]) -> Statement:
    text, tone = _SENTENCE[verdict]
    if verdict == "mend_first":
        who = [
            f"{names.pilots(models, row.pilots)} – {polish.listing(names.missing(row.causes))}"
            for row in models.advice
            if row.verdict == verdict
        ]
    parts: dict[str, Cell] = {"who": "; ".join(who)}
    if verdict in {"watch", "extend"}:
        parts["least"] = words.count(models.choice("min_ended"))
    if verdict == "extend":
        remarks = any(row.causes for row in models.advice if row.verdict == verdict)
        parts["remarks"] = "; uwagi do nich podaje tabela poniżej" if remarks else ""
    return words.say(models, words.PILOTS, text, tone=tone, **parts)


def _below_published(models: Cooperation) -> Statement | None:
    """Say that the rate of the whole voivodeship is below the published one, where chance does not explain it."""
    row, other = models.rate(), models.comparison
    if row is None or other is None or other.difference.value is None or other.p is None:
        return None
    if other.difference.value >= 0 or other.p >= models.choice("alpha"):
        return None
    return words.say(
        models,
        words.CASES,
        "Przed rozszerzeniem modelu wyjaśnić, dlaczego z powodzeniem zakończyła się mniejsza część spraw niż w "
        "opublikowanym pilotażu gmin wiejskich: {own} (n = {n}) wobec {published} (n = {of}).",
        tone="bad",
        own=words.percent(row.rate.value),
        n=words.count(row.ended),
        published=words.percent(other.rate.value),
        of=words.count(other.of),
    )


def _undiagnosed(models: Cooperation) -> Statement | None:
    """Say how many contracts lack the diagnosis that should be before them."""
    row = models.step("undiagnosed")
    if row is None or not row.cases or not row.of:
        return None
    return words.say(
        models,
        words.CASES,
        "Uzupełnić diagnozy albo ich zapisy: bez zapisanej diagnozy jest {n} z {of} kontraktów.",
        n=words.count(row.cases),
        of=words.count(row.of),
    )


def _mend(models: Cooperation) -> list[Statement]:
    """Say once what several pilots have to mend."""
    wanted = {
        "no_followup": "Sprawdzać sprawy po zakończeniu; bez tego nie wiadomo, czy zmiany się utrzymują: {who}.",
        "basket_short": "Ustalić z partnerami, których zaplanowanych usług brakuje i dlaczego: {who}.",
        "no_network_change": "Powtórzyć pomiar powiązań; dotychczasowa zmiana sieci może być przypadkowa: {who}.",
    }
    found = []
    for cause, text in wanted.items():
        keys = [
            row.pilots if cause == "no_network_change" else row.rated
            for row in models.advice
            if cause in row.causes.split("+")
        ]
        if keys:
            who = "; ".join(names.pilots(models, key) for key in dict.fromkeys(keys))
            found.append(words.say(models, words.PILOTS, text, who=who))
    return found


def _deliver(models: Cooperation) -> Statement | None:
    wanted = [
        text
        for text, there in (
            ("listę pilotaży i partnerów", bool(models.pilots)),
            ("powiązania między podmiotami przed wprowadzeniem modelu i po nim", models.has_ties()),
            ("przebieg spraw od sygnału do zakończenia", models.has_cases()),
            ("koszyki usług", any(row.reason != "no_data" for row in models.baskets)),
            ("ocenę osiągania celów", any(row.reason != "no_data" for row in models.goals)),
            ("spotkania coachingowe", any(row.reason != "no_data" for row in models.coaching)),
        )
        if not there
    ]
    return Statement(f"Uzupełnić dane do następnej edycji: {polish.listing(wanted)}.") if wanted else None


def _go_on(models: Cooperation) -> Statement:
    return words.say(models, words.ALL, "Powtórzyć pomiar w następnym roku w tym samym układzie.")


def _who(models: Cooperation, row: Advice) -> str:
    """Return the pilots of a row, and with which others their cases are joined."""
    own = row.pilots.split("+")
    others = [names.pilot(models, key) for key in row.rated.split("+") if key not in own]
    found = polish.listing(names.pilot(models, key) for key in own) if others else names.pilots(models, row.pilots)
    return f"{found} (sprawy łącznie z: {polish.listing(others)})" if others else found


def advice_table(models: Cooperation) -> Table | None:
    """Return the table on extending the model: pilots, verdict, reasons, what to mend; None without pilots."""
    if not models.advice:
        return None
    order = list(names.VERDICT)
    rows = sorted(models.advice, key=lambda row: order.index(row.verdict) if row.verdict in order else len(order))
    return Table(
        key="advice",
        title="Rozszerzanie modelu: ocena pilotaży",
        columns=(
            Column("Pilotaż", "left"), Column("Ocena", "left"), Column("Dlaczego", "left"),
            Column("Co uzupełnić", "left"), Column("Sprawy (n)"), Column("Udane (%)"),
        ),
        rows=tuple(
            (
                _who(models, row),
                names.VERDICT.get(row.verdict, row.verdict),
                names.causes(row.causes),
                names.mend(row.causes),
                words.count(row.ended, reason="few"),
                words.percent(row.rate, unit="", reason="few"),
            )
            for row in rows
        ),
        note=words.note(
            "Sprawy: zakończone; udane: zakończone z powodzeniem. Sprawy pilotaży o małej ich liczbie połączono, aby "
            "nie wskazywać osób: liczby i uwagi ze spraw dotyczą ich łącznie, a braki w opisie pilotażu i wśród "
            "partnerów – każdego z osobna. Ocena wynika z reguł podanych w rozdziale „Metoda”; nie zastępuje decyzji.",
            ["few"] if any(row.ended is None or row.rate is None for row in rows) else (),
        ),
        **words.origin(models, *words.PILOTS),
    )  # fmt: skip
