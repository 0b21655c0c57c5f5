"""The opening of the report: cover, key findings and recommendations, all generated from the numbers."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Number, Points, Statement
from ropsanalysis.present.training_needs import words
from ropsanalysis.present.training_needs.audience import most_needy
from ropsanalysis.present.training_needs.delivery import most_common
from ropsanalysis.present.training_needs.plan import made_plan, more_money, persons, without_offer
from ropsanalysis.present.training_needs.wishes import TOP, strength, wish_agreement
from ropsanalysis.training_needs.records import Need
from ropsanalysis.training_needs.view import TrainingNeeds

#: Needs, institution types and wishes that one sentence names.
_NAMED = 3
_REMEDY = {
    "no_replacement": "uzgodnić z pracodawcami zastępstwa i wybierać krótkie bloki zajęć",
    "no_time": "dzielić szkolenia na krótkie bloki i uzgadniać terminy z kierownikami",
    "cost": "finansować udział, dojazd i nocleg z projektu",
    "distance": "szkolić zdalnie i w powiatach, nie tylko w siedzibie ROPS",
    "no_offer": "zamówić szkolenia na tematy, których brakuje w ofercie",
    "no_support": "przedstawić pracodawcom wyniki diagnozy i korzyści dla instytucji",
}


def cover(needs: TrainingNeeds) -> Cover:
    """Return the title page."""
    total = needs.total
    respondents = "liczby nie podajemy"
    if total is not None and total.respondents is not None:
        respondents = f"{words.people(total.respondents)} na {Number(total.staff).text} pracowników badanych instytucji"
    return Cover(
        report="training_needs",
        title="Diagnoza potrzeb szkoleniowych",
        subtitle=f"Województwo {needs.region.name}",
        teryt=needs.region.teryt,
        region=needs.region.name,
        centre=needs.region.centre,
        edition=needs.edition,
        facts=(
            ("Kod TERYT", needs.region.teryt),
            ("Edycja", needs.edition),
            ("Respondenci", respondents),
            ("Źródła danych", needs.source() or polish.DASH),
        ),
        synthetic=needs.synthetic,
    )


def key_findings(needs: TrainingNeeds) -> Points:
    """Return what a director should know after half a minute."""
    found = [_strongest(needs), _next(needs), _wishes(needs), _audience(needs), _plan(needs), _certainty(needs)]
    return Points(tuple(statement for statement in found if statement is not None))


def _strongest(needs: TrainingNeeds) -> Statement:
    ranked = needs.ranked()
    if not ranked:
        return Statement(
            "Potrzeb nie uszeregowano: odpowiedzi z województwa jest zbyt mało, aby oszacować je z wystarczającą "
            "dokładnością.",
            tone="bad",
        )
    first = ranked[0]
    mwds, mwds_parts = words.with_interval("mwds", first.mwds, words.score)
    share, share_parts = words.with_interval("share", first.share, words.percent)
    staff, staff_parts = words.with_interval("staff", first.staff, words.count)
    opening = "Najsilniejsza z potrzeb, które można podać" if needs.unranked() else "Najsilniejsza potrzeba"
    parts: dict[str, Any] = {**mwds_parts, "rank": words.places(first.rank), "count": Number(len(needs.needs))}
    text = f"{opening}: {{name}}. Wskaźnik luki MWDS wynosi {mwds}; miejsce w rankingu: {{rank}} na {{count}}"
    if first.share.shown:
        text += f". Lukę, czyli ważność ocenioną wyżej niż opanowanie, ma {share} pracowników (n = {{base}})"
        parts |= {**share_parts, "base": Number(first.base)}
    if first.staff.shown:
        text += f", co odpowiada liczbie osób: {staff}"
        parts |= staff_parts
    return Statement.of(
        text + ". W nawiasach przedziały {confidence}.",
        name=words.quoted(needs, first.competence),
        confidence=words.confidence(needs),
        **parts,
    )


def _next(needs: TrainingNeeds) -> Statement | None:
    following = needs.ranked()[1 : 1 + _NAMED]
    if not following:
        return None
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for place, need in enumerate(following):
        piece, numbers = words.with_interval(f"mwds{place}", need.mwds, words.score)
        pieces.append(f"{{name{place}}}, miejsce {{rank{place}}}, MWDS {piece}")
        parts |= {
            **numbers,
            f"name{place}": words.quoted(needs, need.competence),
            f"rank{place}": words.places(need.rank),
        }
    return Statement.of("Kolejne potrzeby: " + "; ".join(pieces) + ".", **parts)


def _wishes(needs: TrainingNeeds) -> Statement | None:
    agreement, wished, ranked = wish_agreement(needs), needs.wished(), needs.ranked()
    if agreement is None or agreement.tau is None or not wished or not ranked:
        return None
    top, first = wished[0], ranked[0]
    share, parts = words.with_interval("wanted", top.wanted_share, words.percent)
    base = ", n = {base}" if top.wanted_base is not None else ""
    place = " i w rankingu potrzeb ma {need_rank} miejsce" if top.rank.shown else ""
    same = top.competence == first.competence
    other = (
        ""
        if same or first.wanted_rank is None
        else " Temat o największej luce, {first}, zajmuje na liście życzeń {wish_rank} miejsce."
    )
    return Statement.of(
        "Życzenia a potrzeby: zgodność obu kolejności jest {strength} (tau Kendalla {tau}), a liczba tematów wspólnych "
        f"dla obu pierwszych piątek: {{shared}}. Temat wybierany najczęściej, {{name}}, wskazało {share} "
        f"pracowników{base}{place}." + other,
        strength=strength(agreement.tau),
        tau=words.score(agreement.tau),
        shared=Number(agreement.top5_shared),
        name=words.quoted(needs, top.competence),
        first=words.quoted(needs, first.competence),
        base=Number(top.wanted_base),
        need_rank=words.places(top.rank),
        wish_rank=polish.rank(None if first.wanted_rank is None else round(first.wanted_rank)),
        **parts,
    )


def _audience(needs: TrainingNeeds) -> Statement | None:
    cells = most_needy(needs, _NAMED)
    if not cells:
        return None
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        piece, numbers = words.with_interval(f"share{place}", cell.share, words.percent)
        pieces.append(f"{{where{place}}}, {{what{place}}} – {piece}, n = {{base{place}}}")
        parts |= {
            **numbers,
            f"where{place}": words.institution(needs, cell.institution),
            f"what{place}": words.quoted(needs, cell.competence),
            f"base{place}": Number(cell.base),
        }
    return Statement.of("Kto potrzebuje najbardziej (odsetek osób z luką): " + "; ".join(pieces) + ".", **parts)


def _plan(needs: TrainingNeeds) -> Statement | None:
    summary = needs.plan_summary
    made = made_plan(needs)
    if summary is None:
        return None
    if made is None:
        return Statement(f"Plan szkoleń: {polish.lower_first(summary.message)}" if summary.message else "Planu nie ma.")
    extra = more_money(needs)
    bound = [f"„{limit.label}”" for limit in needs.plan_limits if limit.binding and limit.extra][:2]
    opening = (
        "Celów projektu nie da się osiągnąć jednocześnie; najbliższy im plan" if made.status == "infeasible" else "Plan"
    )
    return Statement.of(
        opening + " za {cost} pokrywa {covered} ważonej potrzeby i obejmuje {persons} (cel: {target})."
        + (" Ograniczenia, które wiążą najmocniej: {bound}." if bound else "")
        + (" Dodatkowe 100 000 zł pokryłoby {extra} potrzeby więcej." if extra is not None else ""),
        tone="bad" if made.status == "infeasible" else "text",
        cost=words.money(made.cost_pln),
        covered=words.covered(made.need_covered),
        persons=persons(made.persons),
        target=Number(made.persons_supported),
        bound=polish.listing(bound),
        extra=Number(
            None if extra is None or extra.extra is None else round(100 * extra.extra, 6), digits=1, unit="p.p."
        ),
    )  # fmt: skip


def _certainty(needs: TrainingNeeds) -> Statement:
    total, quality, hidden = needs.total, needs.quality, needs.hidden_institutions()
    text = "Jak pewne są wyniki: liczba respondentów – {n}"
    parts: dict[str, Any] = {}
    parts["n"] = words.count(None if total is None else total.respondents, reason="protected")
    if total is not None and total.rate is not None:
        text += " ({rate} z {staff} pracowników)"
        parts |= {"rate": words.percent(total.rate), "staff": Number(total.staff)}
    if quality is not None and quality.n_effective is not None:
        text += ", po ważeniu dokładność jak z {effective} odpowiedzi próby prostej"
        parts["effective"] = Number(quality.n_effective)
    ranked = needs.ranked()
    if ranked and ranked[0].rank.high is not None and ranked[0].rank.high > 1:
        text += ". Kolejności najsilniejszych potrzeb nie da się rozstrzygnąć z całą pewnością"
    if ranked and (secret := needs.unranked()):
        text += ". Kompetencje, których wyników nie podajemy, choć mogą być ważne: {secret}"
        parts["secret"] = _named(needs, secret)
    if hidden:
        text += ". Liczba typów instytucji, dla których udziałów nie podajemy: {hidden}"
        parts["hidden"] = Number(len(hidden))
    return Statement.of(text + ".", **parts)


def recommendations(needs: TrainingNeeds) -> Points:
    """Return what follows: what to train first, for whom, in which form, what the offer lacks."""
    found = [
        _what_first(needs),
        _for_whom(needs),
        _not_by_wishes(needs),
        _in_which_form(needs),
        _against_barrier(needs),
        _missing_offer(needs),
        _ask_again(needs),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _named(needs: TrainingNeeds, chosen: list[Need]) -> str:
    return polish.listing([words.quoted(needs, need.competence) for need in chosen])


def _what_first(needs: TrainingNeeds) -> Statement:
    ranked = needs.ranked()
    if not ranked:
        return Statement("Powtórzyć badanie lub zebrać więcej odpowiedzi, zanim powstanie plan szkoleń.")
    urgent = [need for need in ranked if need.quadrant == "concentrate"][:_NAMED] or ranked[:_NAMED]
    why = (
        "są ważne, a słabiej opanowane od pozostałych"
        if urgent[0].quadrant == "concentrate"
        else "mają największą lukę"
    )
    return Statement.of(f"Zacząć od szkoleń z kompetencji, które {why}: {{names}}.", names=_named(needs, urgent))


def _for_whom(needs: TrainingNeeds) -> Statement | None:
    cells = most_needy(needs, _NAMED)
    if not cells:
        return None
    pairs = [f"{words.institution(needs, c.institution)} ({words.competence(needs, c.competence)})" for c in cells]
    return Statement(
        f"Zaprosić w pierwszej kolejności pracowników tam, gdzie luka jest najczęstsza: {polish.listing(pairs)}."
    )


def _not_by_wishes(needs: TrainingNeeds) -> Statement | None:
    wished, ranked = needs.wished()[:TOP], needs.ranked()
    top = {need.competence for need in ranked[:TOP]}
    overrated = [n for n in wished if n.competence not in top and n.quadrant in {"keep", "overkill"}]
    if not overrated:
        return None
    return Statement.of(
        "Nie zwiększać liczby szkoleń tylko dlatego, że temat jest chętnie wybierany: {names} – to tematy z pierwszej "
        "piątki życzeń, które pracownicy oceniają jako dobrze opanowane.",
        names=_named(needs, overrated),
    )


def _in_which_form(needs: TrainingNeeds) -> Statement | None:
    forms, times = most_common(needs, "form"), most_common(needs, "time")
    if not forms:
        return None
    text = f"Prowadzić szkolenia w formie wskazywanej najczęściej: {polish.lower_first(needs.label(forms[0]))}"
    if times:
        text += f"; termin: {polish.lower_first(needs.label(times[0]))}"
    return Statement(text + ".")


def _against_barrier(needs: TrainingNeeds) -> Statement | None:
    barriers = [a for a in most_common(needs, "barrier") if a.option in _REMEDY]
    if not barriers:
        return None
    share, parts = words.with_interval("share", barriers[0].share, words.percent)
    return Statement.of(
        f"Zmniejszyć najczęstszą przeszkodę – {{barrier}}: {share}, n = {{base}}. W tym celu {{remedy}}.",
        barrier=polish.lower_first(needs.label(barriers[0])),
        base=words.count(barriers[0].base),
        remedy=_REMEDY[barriers[0].option],
        **parts,
    )


def _missing_offer(needs: TrainingNeeds) -> Statement | None:
    missing = without_offer(needs)
    if missing:
        return Statement(
            f"Uzupełnić ofertę o szkolenia, których w niej nie ma mimo potrzeby: {polish.listing(missing)}."
        )
    planned = {row.competence for row in needs.plan}
    unplanned = [need for need in needs.ranked()[:TOP] if need.competence not in planned] if planned else []
    if not unplanned:
        return None
    return Statement.of(
        "Sprawdzić, dlaczego plan nie obejmuje silnych potrzeb: {names}. Powodem może być brak miejsc w "
        "ofercie albo koszt.",
        names=_named(needs, unplanned),
    )


def _ask_again(needs: TrainingNeeds) -> Statement | None:
    hidden = [
        i
        for i in needs.hidden_institutions()
        if (staff := needs.response[i.key].staff) and staff >= 2 * needs.choice("min_base")
    ]
    if not hidden:
        return None
    names = polish.listing([institution.short for institution in hidden])
    return Statement(
        f"Zebrać w następnym badaniu więcej odpowiedzi z typów instytucji, o których nic nie wiadomo: {names}."
    )
