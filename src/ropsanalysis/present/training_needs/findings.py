"""The opening of the report: cover, key findings and recommendations, all generated from the numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Number, Points, Statement
from ropsanalysis.present.training_needs import words
from ropsanalysis.present.training_needs.audience import differ, most_needy
from ropsanalysis.present.training_needs.delivery import as_common
from ropsanalysis.present.training_needs.plan import made_plan, more_money, persons, without_offer
from ropsanalysis.present.training_needs.wishes import TOP, strength, wish_agreement
from ropsanalysis.training_needs.records import Cell, Need, PlanLimit
from ropsanalysis.training_needs.view import TrainingNeeds

#: Needs, institution types and wishes that one sentence names.
_NAMED = 3
_REST_UNSURE = "kolejność typów jest niepewna, a części wyników nie można podać"
_UNSURE = "Kolejność tych typów instytucji jest niepewna"
_REMEDY = {
    "no_replacement": "uzgodnić z pracodawcami zastępstwa na czas szkoleń",
    "no_time": "dzielić szkolenia na krótkie bloki i uzgadniać terminy z kierownikami",
    "cost": "finansować udział, dojazd i nocleg z projektu",
    "distance": "szkolić zdalnie i w powiatach, nie tylko w siedzibie ROPS",
    "no_offer": "zamówić szkolenia na tematy, których brakuje w ofercie",
    "no_support": "przedstawić pracodawcom wyniki diagnozy i korzyści dla instytucji",
}


_MORE_MONEY = " Ogranicza go budżet: dodatkowe 100\u00a0000\u00a0zł zwiększyłoby pokrycie o {extra} tej potrzeby."


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
    if (first.rank.high or 0) > 1:
        opening = "Najwyższy wynik, choć nie wiadomo na pewno, czy to najsilniejsza potrzeba"
    parts: dict[str, Any] = {**mwds_parts, "rank": words.places(first.rank), "count": Number(len(ranked))}
    text = (
        f"{opening}: {{name}}. Wskaźnik luki MWDS (różnica między oceną ważności a oceną opanowania, pomnożona przez "
        f"ważność) wynosi {mwds}, co daje {{rank}} miejsce wśród {{count}} uszeregowanych kompetencji"
    )
    if first.share.shown:
        text += f". Lukę, czyli ważność ocenioną wyżej niż opanowanie, ma {share} pracowników, {words.based_on()}"
        parts |= {**share_parts, "base": Number(first.base)}
    if first.staff.shown:
        text += f"; szacowana liczba tych osób: {staff}"
        parts |= staff_parts
    return Statement.of(
        text + ". W nawiasach przedziały {confidence}: zakresy wartości, które dają się pogodzić z odpowiedziami.",
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
    unsure = any((later.rank.low or 0) <= (need.rank.high or 0) for need, later in pairwise(following))
    return Statement.of(
        "Kolejne potrzeby: "
        + "; ".join(pieces)
        + "."
        + (" Przedziały miejsc zachodzą na siebie, dlatego ich kolejność jest niepewna." if unsure else ""),
        **parts,
    )


def _wishes(needs: TrainingNeeds) -> Statement | None:
    agreement, wished, ranked = wish_agreement(needs), needs.wished(), needs.ranked()
    if agreement is None or agreement.tau is None or not wished or not ranked:
        return None
    top, first = wished[0], ranked[0]
    share, parts = words.with_interval("wanted", top.wanted_share, words.percent)
    base = f", {words.based_on()}" if top.wanted_base is not None else ""
    place = "; w rankingu potrzeb zajmuje on {need_rank} miejsce" if top.rank.shown else ""
    same = top.competence == first.competence
    other = (
        ""
        if same or first.wanted_rank is None
        else " Kompetencja o najwyższym wskaźniku luki, {first}, zajmuje na liście życzeń {wish_rank} miejsce."
    )
    return Statement.of(
        "Życzenia a potrzeby: zgodność obu kolejności jest {strength} (tau Kendalla {tau}; 1 oznaczałoby tę samą "
        "kolejność), a liczba tematów wspólnych dla obu pierwszych piątek: {shared}. Najczęściej wybierany temat, "
        f"{{name}}, wskazało {share} pracowników{base}{place}." + other,
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
        pieces.append(f"{{where{place}}}, {{what{place}}} – {piece}, {words.based_on(f'base{place}')}")
        parts |= {
            **numbers,
            f"where{place}": words.institution(needs, cell.institution),
            f"what{place}": words.quoted(needs, cell.competence),
            f"base{place}": Number(cell.base),
        }
    known, hidden = len(needs.shown_institutions()), len(needs.hidden_institutions())
    return Statement.of(
        "Kto potrzebuje najbardziej (najwyższy z odsetków osób z luką, które można podać; podajemy je dla {known} z "
        "{types} typów instytucji): "
        + "; ".join(pieces)
        + "."
        + (f" {_UNSURE}." if _order_unsure(needs, cells) else ""),
        known=Number(known),
        types=Number(known + hidden),
        **parts,
    )


def _order_unsure(needs: TrainingNeeds, cells: list[Cell]) -> bool:
    """Return whether nothing tells the named institution types apart: no difference found, or intervals overlap."""
    if differ(needs) is False:
        return True
    return any((later.share.high or 0) >= (cell.share.low or 0) for cell, later in pairwise(cells))


def _plan(needs: TrainingNeeds) -> Statement | None:
    summary = needs.plan_summary
    made = made_plan(needs)
    if summary is None:
        return None
    if made is None:
        return Statement(f"Plan szkoleń: {polish.lower_first(summary.message)}" if summary.message else "Planu nie ma.")
    extra = more_money(needs)
    bought = extra is not None and extra.binding
    second = _second_limit(needs)
    opening = (
        "Celów projektu nie da się osiągnąć jednocześnie; najbliższy im plan" if made.status == "infeasible" else "Plan"
    )
    return Statement.of(
        opening + " za {cost} pokrywa {covered} ważonej potrzeby (liczby osób z luką pomnożonej przez siłę luki) i "
        "obejmuje {persons} (cel: {target})."
        + (_MORE_MONEY if bought else "")
        + (" Poza budżetem najwięcej dałaby zmiana warunku {second}: {unit} to {gain} pokrycia." if second else ""),
        tone="bad" if made.status == "infeasible" else "text",
        cost=words.money(made.cost_pln),
        covered=words.covered(made.need_covered),
        persons=persons(made.persons),
        target=Number(made.persons_supported),
        extra=_points(extra),
        second=f"„{second.label}”" if second else "",
        unit=second.unit if second else "",
        gain=_points(second),
    )  # fmt: skip


def _points(limit: PlanLimit | None) -> Number:
    """Return the additional cover, with the decimals of the table of limits."""
    gained = None if limit is None or limit.extra is None else round(100 * limit.extra, 6)
    return Number(gained, digits=2, unit="p.p.")


def _second_limit(needs: TrainingNeeds) -> PlanLimit | None:
    """Return the limit, the budget aside, whose change would add most; None where each adds less than is printed."""
    others = [limit for limit in needs.plan_limits if limit.binding and limit.limit.split(":")[0] != "budget"]
    worth = [limit for limit in others if round(100 * (limit.extra or 0.0), 2) > 0]
    return max(worth, key=lambda limit: limit.extra or 0.0, default=None)


def _certainty(needs: TrainingNeeds) -> Statement:
    total, quality, hidden = needs.total, needs.quality, needs.hidden_institutions()
    text = "Jak pewne są wyniki: liczba respondentów – {n}"
    parts: dict[str, Any] = {}
    parts["n"] = words.count(None if total is None else total.respondents, reason="protected")
    if total is not None and total.rate is not None:
        text += " ({rate} z {staff} pracowników)"
        parts |= {"rate": words.percent(total.rate), "staff": Number(total.staff)}
    if quality is not None and quality.n_effective is not None:
        text += "; po ważeniu dokładność jest taka jak prostej próby losowej liczącej {effective}"
        parts["effective"] = persons(round(quality.n_effective))
    ranked = needs.ranked()
    if ranked and ranked[0].rank.high is not None and ranked[0].rank.high > 1:
        text += ". Nie da się rozstrzygnąć, która potrzeba jest najsilniejsza"
    if ranked and (secret := needs.unranked()):
        text += ". Kompetencje, których wyników nie podajemy, choć mogą być ważne: {secret}"
        parts["secret"] = _named(needs, secret)
    if hidden and not needs.shown_institutions():
        text += ". Liczba typów instytucji, dla których odsetków osób z luką nie podajemy: {hidden}"
        parts["hidden"] = Number(len(hidden))
    return Statement.of(
        text + ". Oceny są tym, co osoby mówią o sobie, a ci, którzy nie odpowiedzieli, mogą mieć inne potrzeby.",
        **parts,
    )


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
        "są ważniejsze, a zarazem słabiej opanowane od pozostałych"
        if urgent[0].quadrant == "concentrate"
        else "mają najwyższy wskaźnik luki"
    )
    rest = [need for need in ranked[:TOP] if need not in urgent]
    return Statement.of(
        f"Zacząć od szkoleń z kompetencji, które {why}: {{names}}."
        + (" Następnie uwzględnić pozostałe z pierwszej piątki rankingu potrzeb: {rest}." if rest else ""),
        names=_named(needs, urgent),
        rest=_named(needs, rest),
    )


def _for_whom(needs: TrainingNeeds) -> Statement | None:
    cells = most_needy(needs, _NAMED)
    if not cells:
        return None
    pairs = [f"{words.institution(needs, c.institution)} – {words.quoted(needs, c.competence)}" for c in cells]
    caution = f" Nie pomijać pozostałych typów instytucji: {_REST_UNSURE}." if _order_unsure(needs, cells) else ""
    return Statement(
        f"Przy zapraszaniu na szkolenia uwzględnić najczęstsze z luk, które można podać: {'; '.join(pairs)}.{caution}"
    )


def _not_by_wishes(needs: TrainingNeeds) -> Statement | None:
    wished, ranked = needs.wished()[:TOP], needs.ranked()
    top = {need.competence for need in ranked[:TOP]}
    overrated = [n for n in wished if n.competence not in top and n.quadrant in {"keep", "overkill"}]
    if not overrated:
        return None
    return Statement.of(
        "Nie zwiększać liczby szkoleń tylko dlatego, że temat jest chętnie wybierany. Z pierwszej piątki życzeń "
        "dotyczy to tematów spoza pierwszej piątki potrzeb, które pracownicy oceniają jako lepiej opanowane od "
        "pozostałych: {names}.",
        names=_named(needs, overrated),
    )


def _in_which_form(needs: TrainingNeeds) -> Statement | None:
    forms, times = (_labels(needs, question) for question in ("form", "time"))
    if not forms:
        return None
    text = "Prowadzić szkolenia przede wszystkim w " + (
        "formie wskazywanej najczęściej" if len(forms) == 1 else "formach wskazywanych najczęściej"
    )
    text += f": {polish.listing(forms)}"
    if times:
        text += f"; {'termin' if len(times) == 1 else 'terminy'}: {polish.listing(times)}"
    return Statement(text + ".")


def _labels(needs: TrainingNeeds, question: str) -> list[str]:
    """Return the answers that nobody can call rarer than the most common one, in quotes."""
    return [f"„{polish.lower_first(needs.label(answer))}”" for answer in as_common(needs, question)[:_NAMED]]


def _against_barrier(needs: TrainingNeeds) -> Statement | None:
    barriers = [a for a in as_common(needs, "barrier") if a.option in _REMEDY][:_NAMED]
    if not barriers:
        return None
    pieces: list[str] = []
    parts: dict[str, Any] = {"base": words.count(barriers[0].base)}
    for place, barrier in enumerate(barriers):
        piece, numbers = words.with_interval(f"share{place}", barrier.share, words.percent)
        pieces.append(f"{{barrier{place}}} – {piece}")
        parts |= {**numbers, f"barrier{place}": polish.lower_first(needs.label(barrier))}
    opening = "Zmniejszyć najczęstszą przeszkodę" if len(barriers) == 1 else "Zmniejszyć najczęstsze przeszkody"
    return Statement.of(
        f"{opening}: {'; '.join(pieces)}; {words.based_on()}. W tym celu {{remedy}}.",
        remedy="; ".join(_REMEDY[barrier.option] for barrier in barriers),
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
        "Sprawdzić, dlaczego plan nie obejmuje silnych potrzeb: {names}. Powodem może być brak wolnych grup w ofercie "
        "albo koszt.",
        names=_named(needs, unplanned),
    )


def _ask_again(needs: TrainingNeeds) -> Statement | None:
    least = round(2 * needs.choice("min_base"))
    hidden = [i for i in needs.hidden_institutions() if (needs.response[i.key].staff or 0) >= least]
    if not hidden:
        return None
    return Statement.of(
        "Zebrać w następnym badaniu więcej odpowiedzi z typów instytucji, które zatrudniają co najmniej {least} osób, "
        "a których odsetków nie można podać: {names}.",
        least=Number(least),
        names=words.institutions(institution.short for institution in hidden),
    )
