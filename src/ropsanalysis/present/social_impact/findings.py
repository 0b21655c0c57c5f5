"""The opening of the report: cover and key findings in plain sentences, each with the strength of its evidence."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Note, Number, Points, Statement
from ropsanalysis.present.social_impact import claims, evidence, names, words
from ropsanalysis.present.social_impact.centres import centre_claims, has_gminas
from ropsanalysis.present.social_impact.value import below_in_words, caveat, ratio_in_words, shown_summary
from ropsanalysis.regions import POLAND
from ropsanalysis.social_impact.records import Claim, Level
from ropsanalysis.social_impact.view import SocialImpact

#: Findings on persons, each a sentence of its own.
_TOLD: Final = 4
#: Things that we do not know, named in one sentence.
_UNKNOWN: Final = 3
_DATASETS: Final = {
    "impact_panel": "pomiarów u osób",
    "jst_panel": "danych gmin",
    "impact_map": "mapy oddziaływania",
    "impact_costs": "nakładów",
    "price_index": "wskaźnika cen",
}


def cover(impact: SocialImpact) -> Cover:
    """Return the title page."""
    whole, other = impact.took_part(), impact.took_part("comparison")
    real = [name for key, name in _DATASETS.items() if key in impact.sources and not impact.made_up(key)]
    summary = shown_summary(impact)
    return Cover(
        report="social_impact",
        title="Oddziaływanie społeczne",
        subtitle=f"Województwo {impact.region.name}",
        teryt=impact.region.teryt,
        region=impact.region.name,
        centre=impact.region.centre,
        edition=impact.edition,
        facts=(
            ("Kod TERYT", impact.region.teryt),
            ("Edycja", impact.edition),
            ("Uczestnicy objęci pomiarem", _persons(whole.persons if whole else None, whole.reason if whole else "")),
            ("Grupa porównawcza", _persons(other.persons, other.reason) if other else "brak"),
            ("Mapa oddziaływania", _map(impact) if summary else "brak wyniku"),
            ("Źródła danych", "; ".join(dict.fromkeys(filter(None, impact.sources.values()))) or polish.DASH),
        ),
        synthetic=impact.synthetic,
        real=f"oprócz {polish.listing(real)}" if impact.synthetic and real else "",
    )


def _persons(number: int | None, reason: str) -> str:
    return Number(number, unit=words.persons(number).unit, missing=words.HIDDEN.get(reason, "")).text


def _map(impact: SocialImpact) -> str:
    return polish.plural(len(impact.map_lines), "rezultat", "rezultaty", "rezultatów")


# --- key findings -------------------------------------------------------------------------------------


def key_findings(impact: SocialImpact) -> Points:
    """Return what a reader who knows no statistics should know after half a minute."""
    found = [
        _who(impact),
        _seen(impact),
        *_changed(impact),
        _rest(impact),
        _compared(impact),
        *_gminas(impact),
        _worth(impact),
        _sure(impact),
        _not_known(impact),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def reading_note(impact: SocialImpact) -> Note:
    """Return how to read the findings."""
    best, worst = max(impact.grades, default=5), min(impact.grades, default=0)
    return Note(
        title="Jak czytać ustalenia.",
        text="Przy każdym ustaleniu podajemy, jak mocny jest dowód; od tego zależy też czasownik.",
        items=(
            (
                f"Siła dowodu: od {worst} (brak dowodu) do {best} (o udziale decydował los); skala: rozdział „Siła "
                "dowodów”."
            ),
            (
                f"W nawiasach („od … do …”) przy wynikach osób i gmin: niepewność pomiaru; granice liczymy tak, aby w "
                f"{words.confidence(impact)} takich pomiarów objęły prawdziwą wartość."
            ),
            (
                "W nawiasach („od … do …”) przy wartości na 1\u00a0zł: rozrzut założeń, czyli wyniki przy innych "
                "wartościach założeń, które podał ośrodek. Tego rozrzutu nie zmierzono."
            ),
            "Punkt procentowy: różnica dwóch odsetków; z 20% do 25% jest 5 punktów procentowych.",
            (
                "Reintegracja: pobyt w CIS, KIS, ZAZ lub WTZ, praca w przedsiębiorstwie społecznym albo inne wsparcie "
                "objęte pomiarem."
            ),
        ),
    )


def _who(impact: SocialImpact) -> Statement | None:
    whole, other = impact.took_part(), impact.took_part("comparison")
    if not impact.has_persons() or whole is None or whole.persons is None:
        return None
    seen = impact.retained("m12")
    parts: dict[str, Any] = {"n": words.persons(whole.persons, one="osobę")}
    text = f"Zmierzyliśmy {impact.region.in_locative}, jak zmieniła się sytuacja uczestników: pomiarem objęto {{n}}"
    if seen is not None and seen.share is not None:
        text += "; rok po wyjściu odpowiedziało {seen} z nich"
        parts["seen"] = words.percent(seen.share, digits=0)
    if other is not None and other.persons is not None:
        text += ". O to samo zapytano {other} bez wsparcia"
        parts["other"] = words.persons(other.persons, one="osobę")
    return words.say(impact, words.PERSONS, text + ".", **parts)


def _seen(impact: SocialImpact) -> Statement | None:
    """Say in plain percentages what was seen, of the share with the strongest evidence."""
    shares = [
        c for c in (*claims.decided(impact.claimed("persons")), *impact.claimed("persons"))
        if c.outcome in impact.outcomes and impact.outcomes[c.outcome].kind == "share"
    ]  # fmt: skip
    for claim in shares:
        own = [impact.level(claim.outcome, wave) for wave in ("entry", "m12")]
        if any(level is None or level.level.value is None for level in own):
            continue
        other = [impact.level(claim.outcome, wave, "comparison") for wave in ("entry", "m12")]
        alike = impact.comparison is not None and impact.comparison.verdict in {"good", "doubtful"}
        both = alike and all(level is not None and level.level.value is not None for level in other)
        noun = names.noun(impact, claim.outcome)
        parts: dict[str, Any] = {f"own{k}": words.percent(row.level.value) for k, row in enumerate(own) if row}
        if both:
            parts |= {f"other{k}": words.percent(row.level.value) for k, row in enumerate(other) if row}
        return words.say(
            impact,
            words.PERSONS,
            f"{polish.capital(noun.nominative)}: {{own0}} na wejściu i {{own1}} rok po wyjściu"
            + ("; wśród osób bez wsparcia w tym samym czasie {other0} i {other1}." if both else ".")
            + " Odsetki dotyczą osób, które odpowiedziały w każdym pomiarze ({base}), z poprawką na utratę "
            "pozostałych.",
            base=_base([own[1], other[1] if both else None]),
            **parts,
        )
    return None


def _base(levels: list[Level | None]) -> str:
    """Return how many persons of each group percentages rest on."""
    counts = [words.count(level.n).text for level in levels if level is not None]
    return " i ".join(f"{who}: {n}" for who, n in zip(("uczestnicy", "osoby bez wsparcia"), counts, strict=False))


def _told(impact: SocialImpact) -> list[Claim]:
    """Return the claims that findings state in full: the strongest, and those of something worse above all."""
    decided = claims.decided(impact.claimed("persons"))
    worse = [claim for claim in decided if claim.verdict == "worsened"][:2]
    better = [claim for claim in decided if claim.verdict == "improved"][: _TOLD - len(worse)]
    return better + worse


def _changed(impact: SocialImpact) -> list[Statement]:
    """State the findings on persons; those of one grade and direction share a sentence, and the grade stands once."""
    groups: dict[tuple[Any, ...], list[Claim]] = {}
    for claim in _told(impact):
        kind = (claim.verdict, claim.grade, claim.method == "before_after", claims.weak(impact, claim))
        groups.setdefault(kind, []).append(claim)
    found = []
    for own in groups.values():
        template, parts = claims.sentence(impact, own[0], in_full=True)
        more = []
        for number, claim in enumerate(own[1:]):
            piece, numbers = claims.clause(impact, claim, f"y{number}_")
            more.append(piece)
            parts |= numbers
        others = "inny wskaźnik" if len(more) == 1 else "inne wskaźniki"
        rest = f" Tak samo oceniamy {others}: {'; '.join(more)}." if more else ""
        found.append(
            words.say(
                impact, words.PERSONS, f"{template}{rest} {claims.strength(impact, own[0].grade)}",
                tone="good" if own[0].verdict == "improved" else "bad", **parts,
            )
        )  # fmt: skip
    return found


def _rest(impact: SocialImpact) -> Statement | None:
    """Name the outcomes that the findings above leave out, by what is known of them."""
    rows = impact.claimed("persons")
    if not rows:
        return None
    told = {claim.outcome for claim in _told(impact)}
    compared = any(claim.method != "before_after" for claim in rows if claim.effect.shown)
    what, unclear = (
        ("Różnica", "Porównanie nie rozstrzyga, czy jest różnica we wskaźnikach")
        if compared
        else ("Zmiana", "Pomiar nie rozstrzyga, czy zmieniły się wskaźniki")
    )
    more = [claim for claim in claims.decided(rows) if claim.outcome not in told]
    pieces = []
    for text, chosen in (
        ("Lepszy wynik mają także wskaźniki", [c for c in more if c.verdict == "improved"]),
        ("Gorszy wynik mają także wskaźniki", [c for c in more if c.verdict == "worsened"]),
        (f"{what} mniejsza niż ważna", [c for c in rows if c.verdict == "small" and c.effect.shown]),
        (unclear, [c for c in rows if c.verdict == "unclear"]),
        ("Wyniku nie podajemy dla wskaźników", [c for c in rows if c.verdict == "unknown" or not c.effect.shown]),
    ):
        if chosen:
            pieces.append(f"{text}: {_named(impact, chosen)}.")
    if not pieces:
        return None
    grades = [claim.grade or 0 for claim in rows if claim.effect.shown and claim.outcome not in told]
    if grades:
        best, space = max(impact.grades, default=5), polish.NBSP
        grade = str(grades[0]) if min(grades) == max(grades) else f"{min(grades)}{polish.DASH}{max(grades)}"
        pieces.append(f"Siła dowodu: stopień{space}{grade}{space}z{space}{best}.")
    return words.say(impact, words.PERSONS, " ".join(pieces))


def _named(impact: SocialImpact, chosen: list[Claim]) -> str:
    return polish.listing(polish.lower_first(names.short(impact, claim.outcome)) for claim in chosen)


def _compared(impact: SocialImpact) -> Statement | None:
    row = impact.comparison
    if not impact.has_persons():
        return Statement("Nie wiadomo, co zmieniło się u uczestników: nie dostarczono pomiarów.", tone="bad")
    if row is not None and row.verdict in {"good", "doubtful"}:
        return None
    why = (
        "grupa porównawcza zbyt różni się od uczestników"
        if row is not None and row.verdict == "no_overlap"
        else "nie zapytano podobnych osób bez wsparcia"
    )
    return words.say(
        impact,
        words.PERSONS,
        f"Nie wiadomo, ile ze zmian u uczestników zaszłoby bez wsparcia: {why}. Zmian w czasie nie należy przypisywać "
        "wsparciu.",
        tone="bad",
    )


def _gminas(impact: SocialImpact) -> list[Statement]:
    """State the strongest claim about gminas of the voivodeship, or else that nothing is known."""
    if not has_gminas(impact):
        return [
            Statement("Nie wiadomo, co zmieniło się w gminach z centrami usług społecznych: nie dostarczono danych.")
        ]
    own = [c for c in centre_claims(impact, impact.region.teryt) if c.effect.shown]
    known = own or [c for c in centre_claims(impact, POLAND.teryt) if c.effect.shown]
    if not known:
        return [
            words.say(
                impact,
                words.GMINAS,
                "Nie wiadomo, co zmieniło się po otwarciu centrów usług społecznych: nie da się tego oszacować z "
                "dostarczonych danych.",
            )
        ]
    where = "" if own else "W całej Polsce: "
    decided = claims.decided(known)
    if not decided:
        return [
            words.say(
                impact, words.GMINAS,
                polish.capital(where + "porównanie gmin nie rozstrzyga, czy po otwarciu centrów usług społecznych "
                               "zmieniło się coś w zakresie: {all}.")
                + f" {claims.strength(impact, max(c.grade or 0 for c in known))}",
                all=_named(impact, known),
            )
        ]  # fmt: skip
    template, parts = claims.sentence(impact, decided[0], in_full=True)
    text = where + polish.lower_first(template) if where else template
    return [
        words.say(
            impact, words.GMINAS, f"{text} {claims.strength(impact, decided[0].grade)}",
            tone="good" if decided[0].verdict == "improved" else "bad", **parts,
        )
    ]  # fmt: skip


def _worth(impact: SocialImpact) -> Statement | None:
    summary = shown_summary(impact)
    if summary is None:
        if not impact.has_map() and impact.summary is None:
            return None
        reason = impact.summary.reason if impact.summary is not None else "no_data"
        return words.say(
            impact, words.MAP, "Ile wartości przypada na złotówkę nakładów, nie podajemy: {why}.",
            why=words.because([reason]),
        )  # fmt: skip
    text, parts = ratio_in_words(summary)
    more, numbers = caveat(impact)
    grade = max((claim.grade or 0 for claim in impact.claimed("value")), default=1)
    return words.say(
        impact,
        words.MAP,
        f"Z rachunku opartego na założeniach wynika, że {text}{more}. {claims.strength(impact, grade)}",
        **parts,
        **numbers,
    )


def _sure(impact: SocialImpact) -> Statement | None:
    """Say how sure the value is: how often it is smaller than the inputs, and what it hangs on."""
    summary = shown_summary(impact)
    if summary is None or summary.below_one is None:
        return None
    text, parts = below_in_words(summary)
    if summary.biggest_share is not None:
        text += "; {share} wartości zależy od jednego rezultatu („{line}”)"
    return words.say(
        impact,
        words.MAP,
        text + ".",
        **parts,
        share=words.percent(summary.biggest_share, digits=0),
        line=polish.lower_first(names.line(impact, summary.biggest_line)),
    )


def _not_known(impact: SocialImpact) -> Statement | None:
    keys = [key for key in claims.all_doubts(impact.claims) if key in claims.UNKNOWN]
    if not keys:
        return None
    told = "; ".join(claims.UNKNOWN[key] for key in keys[:_UNKNOWN])
    more = " Resztę podaje rozdział „Siła dowodów”." if len(keys) > _UNKNOWN else ""
    return words.say(impact, evidence.datasets(impact.claims), f"Nie wiemy: {told}.{more}")
