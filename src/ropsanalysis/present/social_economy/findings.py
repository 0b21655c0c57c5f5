"""The opening of the report: cover, key findings and recommendations, all generated from the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Number, Points, Statement
from ropsanalysis.present.social_economy import words
from ropsanalysis.present.social_economy.dynamics import changed_forms, last_year
from ropsanalysis.present.social_economy.enterprises import with_status
from ropsanalysis.present.social_economy.official import place, value
from ropsanalysis.present.social_economy.owes import SIDE, compared, judged_centres
from ropsanalysis.present.social_economy.places import empty_gminas, lacking
from ropsanalysis.present.social_economy.structure import by_form
from ropsanalysis.present.social_economy.targets import counted, verdict
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Flow, Measured, Target
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.stats.records import Estimate

#: Things that one sentence names.
_NAMED: Final = 3
_DATASETS: Final = {
    "gus_sdg": "danych GUS",
    "es_register": "rejestrów",
    "gmina_population": "ludności gmin",
    "es_survey": "badania podmiotów",
    "owes_support": "danych OWES",
    "es_programme": "celów programu",
}
_OFFICIAL_FIRST: Final = "1.B.7"


def cover(economy: SocialEconomy) -> Cover:
    """Return the title page."""
    own, years = economy.structured(), economy.survey_years()
    given = {*(words.OFFICIAL if economy.positions else ()), *economy.sources}
    real = [name for key, name in _DATASETS.items() if key in given and not economy.made_up(key)]
    sources = dict.fromkeys((*(("GUS",) if economy.positions else ()), *filter(None, economy.sources.values())))
    return Cover(
        report="social_economy",
        title="Ekonomia społeczna",
        subtitle=f"Województwo {economy.region.name}",
        teryt=economy.region.teryt,
        region=economy.region.name,
        centre=economy.region.centre,
        edition=economy.edition,
        facts=(
            ("Kod TERYT", economy.region.teryt),
            ("Edycja", economy.edition),
            ("Stan rejestrów", words.long_day(economy.as_of) if economy.as_of else polish.DASH),
            ("Podmioty w rejestrach", Number(None if own is None else own.entities).text),
            ("Badanie podmiotów", f"{polish.years(years[0], years[-1])}" if years else "brak"),
            ("Źródła danych", "; ".join(sources) or polish.DASH),
        ),
        synthetic=economy.synthetic,
        real=f"oprócz {polish.listing(real)}" if economy.synthetic and real else "",
    )


# --- key findings -------------------------------------------------------------------------------------


def key_findings(economy: SocialEconomy) -> Points:
    """Return what a director should know after half a minute, the official figures first."""
    found = [
        _official(economy),
        _size(economy),
        _change(economy),
        _empty(economy),
        _lasting(economy),
        _work(economy),
        _exits(economy),
        _money(economy),
        _condition(economy),
        _targets(economy),
        _support(economy),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _official(economy: SocialEconomy) -> Statement | None:
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for key, indicator in economy.indicators.items():
        position = economy.position(key)
        if position is None or position.value is None:
            continue
        name = f"i{len(pieces)}"
        pieces.append(
            f"{{{name}}} w {position.year}{polish.NBSP}r. – {{{name}_own}}, w Polsce {{{name}_poland}} "
            f"({place(position)}{polish.NBSP}miejsce)"
        )
        parts |= {
            name: f"{polish.lower_first(indicator.short)} {_per(indicator.unit)}",
            f"{name}_own": value(indicator, position.value),
            f"{name}_poland": value(indicator, position.poland),
        }
    if not pieces:
        return None
    return Statement.of(
        "Województwo na tle Polski według GUS: " + "; ".join(pieces) + ". Pierwsze miejsce oznacza najwyższą wartość.",
        **parts,
    )


def _per(unit: str) -> str:
    """Return the unit's denominator, as in "na 10 tys. ludności"."""
    _, found, rest = unit.partition("na ")
    return f"{found}{rest}"


def _size(economy: SocialEconomy) -> Statement | None:
    own, poland = economy.structured(), economy.structured(teryt=POLAND.teryt)
    if own is None:
        return None
    beside = "" if poland is None else " (w Polsce {poland})"
    status = with_status(economy)
    having = polish.plural_form(status[-1].enterprises or 0, "miał", "miały", "miało") if status else ""
    enterprises = f" Status przedsiębiorstwa społecznego (PS) {having} {{enterprises}} z nich." if status else ""
    return words.say(
        economy,
        words.DENSITY,
        "{day} rejestry obejmowały {entities} ekonomii społecznej (PES), czyli {density} na 10\u00a0tys. mieszkańców"
        f"{beside}.{enterprises}",
        entities=words.entities(own.entities),
        density=words.density(own.per_10k),
        poland=words.density(None if poland is None else poland.per_10k),
        enterprises=Number(status[-1].enterprises if status else None),
        day=words.long_day(economy.as_of),
    )


def _change(economy: SocialEconomy) -> Statement | None:
    last = last_year(economy)
    if last is None:
        return None
    share = last.change / last.opening if last.opening and last.change else None
    moved = last.arrived - last.left
    grew, parts = words.grew(last.change, "change")
    return words.say(
        economy,
        words.REGISTER,
        f"W {{year}}\u00a0r. liczba podmiotów {grew}"
        + (" ({share})" if share is not None else "")
        + f": założono {{founded}}, a zamknięto {'' if last.exits_known else 'co najmniej '}{{closed}}"
        + ("; saldo przeniesień z innych województw i do innych województw: {moved}" if moved else "")
        + ".",
        year=last.period,
        share=Number(None if share is None else 100 * share, digits=1, unit="%", signed=True),
        founded=Number(last.founded),
        closed=Number(last.closed),
        moved=words.signed(moved),
        **parts,
    )


def _empty(economy: SocialEconomy) -> Statement | None:
    whole, reintegration = lacking(economy, "any"), lacking(economy, "reintegration")
    if whole is None or reintegration is None:
        return None
    return words.say(
        economy,
        words.REGISTER,
        (
            "W {none} z {all} nie ma siedziby żaden podmiot ekonomii społecznej"
            if whole.without
            else "W każdej z {all} ma siedzibę co najmniej jeden podmiot ekonomii społecznej"
        )
        + (
            ", a w {no_unit} ({share}) – żadna jednostka reintegracyjna."
            if whole.without and reintegration.without
            else "; jednostki reintegracyjnej nie ma w {no_unit} ({share})."
            if reintegration.without
            else "; jednostka reintegracyjna jest w każdej gminie."
        ),
        none=words.count(whole.without),
        all=words.gminas(whole.gminas),
        no_unit=words.count(reintegration.without),
        share=words.percent(reintegration.share_without),
    )


def _lasting(economy: SocialEconomy) -> Statement | None:
    whole = economy.survived()
    if whole is None or not whole.at_3.shown:
        return None
    share, parts = words.with_interval("share", whole.at_3, words.percent, " podmiotów")
    poland = economy.survived(teryt=POLAND.teryt)
    beside = ""
    if poland is not None and poland.at_3.shown:
        beside = "; w Polsce {poland}"
        parts["poland"] = words.percent(poland.at_3.value)
    return words.say(
        economy,
        words.REGISTER,
        f"Po 3\u00a0latach od założenia nadal działa {share}{beside}. W nawiasie: granice niepewności (przedział "
        "{confidence}). Podstawa: {n}.",
        n=words.entities(whole.n),
        confidence=words.confidence(economy),
        **parts,
    )


def _shown(economy: SocialEconomy, measure: str, form: str = "") -> Measured | None:
    found = economy.measured(measure, form)
    return found if found is not None and found.value.shown else None


def _estimated(
    name: str, row: Measured, show: Callable[[float | None], Number], parts: dict[str, Any], of: str = ""
) -> str:
    """Return the piece of a template with an estimate, its interval, what it is a share of, and the answers to it."""
    parts[f"{name}_n"] = Number(row.base)
    answers = "" if row.base is None else f"odpowiedzi:{polish.NBSP}{{{name}_n}}"
    if row.value.low is None or row.value.high is None:
        parts[name] = show(row.value.value)
        return f"{{{name}}}{of}" + (f" ({answers})" if answers else "")
    piece, numbers = words.with_interval(name, row.value, show, of)
    parts |= numbers
    return f"{piece[:-1]}; {answers})" if answers else piece


def _work(economy: SocialEconomy) -> Statement | None:
    staff, risk = _shown(economy, "staff"), _shown(economy, "risk_share")
    if staff is None and risk is None:
        return None
    parts: dict[str, Any] = {"year": str((staff or risk or _NOTHING).year), "confidence": words.confidence(economy)}
    pieces = []
    if staff is not None:
        told = _estimated("staff", staff, words.count, parts)
        pieces.append("podmioty zatrudniały na umowę o pracę szacunkowo " + told)
        parts["staff"] = words.persons(staff.value.value, one="osobę")
    if risk is not None:
        told = _estimated("risk", risk, words.percent, parts, " zatrudnionych")
        pieces.append("osoby zagrożone wykluczeniem społecznym stanowiły " + told)
    return words.say(
        economy,
        words.SURVEY,
        "W {year}\u00a0r. "
        + "; ".join(pieces)
        + ". W nawiasach: granice niepewności (przedział {confidence}) i liczba podmiotów, które odpowiedziały.",
        **parts,
    )


_NOTHING: Final = Measured("", "", 0, "", Estimate(None, None, None), None, "")


def _exits(economy: SocialEconomy) -> Statement | None:
    share, cost = _shown(economy, "exit_to_work_share"), _shown(economy, "cost_per_participant_pln")
    if share is None:
        return None
    parts: dict[str, Any] = {"year": str(share.year)}
    text = (
        "W {year}\u00a0r. spośród osób, które zakończyły udział w reintegracji, pracę na otwartym rynku podjęło "
        + _estimated("share", share, words.percent, parts)
    )
    if cost is not None:
        text += "; koszt na uczestnika wyniósł {cost}"
        parts["cost"] = words.money(cost.value.value)
    return words.say(economy, words.SURVEY, text + ".", **parts)


def _money(economy: SocialEconomy) -> Statement | None:
    public, positive = _shown(economy, "public_share"), _shown(economy, "positive_result_share")
    if public is None and positive is None:
        return None
    parts: dict[str, Any] = {"year": str((public or positive or _NOTHING).year)}
    pieces = []
    if public is not None:
        told = _estimated("public", public, words.percent, parts, " przychodów sektora")
        pieces.append("środki publiczne stanowiły " + told)
    if positive is not None:
        told = _estimated("positive", positive, words.percent, parts, " podmiotów")
        pieces.append("dodatni wynik finansowy osiągnęło " + told)
    return words.say(economy, words.SURVEY, "W {year}\u00a0r. " + "; ".join(pieces) + ".", **parts)


def _condition(economy: SocialEconomy) -> Statement | None:
    own = economy.condition()
    if own is None or own.score is None or own.rank.value is None:
        return None
    return words.say(
        economy,
        words.CONDITION,
        "Wskaźnik złożony kondycji sektora wynosi {score} na 100\u00a0punktów, co daje {rank}\u00a0miejsce wśród {n} "
        "województw. Przy innych, równie uzasadnionych sposobach liczenia województwo zajmuje zwykle "
        "{places}\u00a0miejsce.",
        score=Number(own.score, digits=1),
        rank=polish.rank(round(own.rank.value)),
        n=Number(own.n),
        places=words.places(own.rank),
    )


def _targets(economy: SocialEconomy) -> Statement | None:
    if not economy.targets:
        return None
    told, parts = counted(economy)
    bad = any(target.verdict == "off_track" for target in economy.targets)
    return words.say(economy, words.PROGRAMME, f"{told}.", tone="bad" if bad else "text", **parts)


def _support(economy: SocialEconomy) -> Statement | None:
    whole = [row for row in economy.owes if row.year == 0]
    jobs = sum(row.jobs_created or 0 for row in whole)
    if not whole or not jobs:
        return None
    base, after = sum(row.base_12m or 0 for row in whole), sum(row.jobs_after_12m or 0 for row in whole)
    told, names = compared(economy, SIDE)
    return words.say(
        economy,
        words.SUPPORT,
        "Przy pomocy {n} wsparcia ekonomii społecznej (OWES) utworzono {jobs}"
        + (
            ". Po 12\u00a0miesiącach nadal istniało {share} z {base} miejsc, od których utworzenia minął rok"
            if base
            else ""
        )
        + f".{told}",
        n=Number(len(whole), unit=polish.plural_form(len(whole), "ośrodka", "ośrodków", "ośrodków")),
        jobs=Number(jobs, unit=polish.plural_form(round(jobs), "miejsce pracy", "miejsca pracy", "miejsc pracy")),
        share=words.percent(after / base if base else None),
        base=Number(base),
        **names,
    )


# --- recommendations ----------------------------------------------------------------------------------


def recommendations(economy: SocialEconomy) -> Points:
    """Return what follows from the numbers, each recommendation with the number it rests on."""
    found = [
        _reach_gminas(economy),
        _add_reintegration(economy),
        _ask_why_closed(economy),
        _support_young(economy),
        _help_to_work(economy),
        _sell_more(economy),
        _mend_targets(economy),
        _talk_to_centres(economy),
        _verify(economy),
        *_collect(economy),
    ]
    told = tuple(statement for statement in found if statement is not None)
    return Points(
        told
        or (Statement("Z danych nie wynikają rekomendacje: żaden z warunków, od których zależą, nie jest spełniony."),)
    )


def _reach_gminas(economy: SocialEconomy) -> Statement | None:
    """Where a gmina has no entity, or none of reintegration, the support centres should go there first."""
    empty = empty_gminas(economy)
    whole, reintegration = lacking(economy, "any"), lacking(economy, "reintegration")
    if whole is not None and empty:
        counted = Counter(gmina.parent for gmina in empty)
        most = [words.powiat(economy, teryt) for teryt, _ in sorted(counted.items(), key=lambda p: (-p[1], p[0]))]
        which = "Takie gminy są tylko w jednym powiecie:" if len(most) == 1 else "Najwięcej takich gmin mają:"
        which = "Takie gminy mają:" if 1 < len(most) <= _NAMED else which
        return words.say(
            economy,
            words.DENSITY,
            "Skierować działania animacyjne OWES do {n} bez żadnego podmiotu (z {all} w województwie)"
            + words.inhabited(whole)
            + f". {which} {{where}}.",
            n=words.gminas(whole.without),
            all=Number(whole.gminas),
            people=words.persons(whole.population_without),
            where=polish.listing(most[:_NAMED]),
        )
    if reintegration is None or not reintegration.without:
        return None
    return words.say(
        economy,
        words.DENSITY,
        "Zachęcać sąsiednie gminy do wspólnego prowadzenia jednostek reintegracyjnych: nie ma ich w {n} z {all}"
        + words.inhabited(reintegration)
        + ".",
        n=Number(reintegration.without),
        all=words.gminas(reintegration.gminas),
        people=words.persons(reintegration.population_without),
    )


def _add_reintegration(economy: SocialEconomy) -> Statement | None:
    """Where Statistics Poland counts fewer units of reintegration per inhabitant than in Poland, create more."""
    position, indicator = economy.position(_OFFICIAL_FIRST), economy.indicators.get(_OFFICIAL_FIRST)
    if indicator is None or position is None or position.value is None or position.poland is None:
        return None
    if position.value >= position.poland:
        return None
    return Statement.of(
        "Zwiększać dostęp do CIS, ZAZ i WTZ: według GUS w {year}\u00a0r. przypadało ich {value} na 100\u00a0tys. "
        "ludności, a w Polsce {poland} ({place}\u00a0miejsce wśród województw).",
        year=str(position.year),
        value=value(indicator, position.value),
        poland=value(indicator, position.poland),
        place=place(position),
    )


def _ask_why_closed(economy: SocialEconomy) -> Statement | None:
    """Where entities of a form are surely closed more often than founded, find out why."""
    shrunk = [flow for flow in changed_forms(economy) if _surely_shrinks(flow)][:_NAMED]
    if not shrunk:
        return None
    pieces: list[str] = []
    parts: dict[str, Any] = {"year": shrunk[0].period}
    for number, flow in enumerate(shrunk):
        pieces.append(f"{{form{number}}} (zamknięto {{closed{number}}}, założono {{founded{number}}})")
        parts |= {
            f"form{number}": polish.lower_first(words.form(economy, flow.legal_form)),
            f"closed{number}": Number(flow.closed),
            f"founded{number}": Number(flow.founded),
        }
    return words.say(
        economy,
        words.REGISTER,
        "Ustalić z OWES, dlaczego w {year}\u00a0r. zamknięto wyraźnie więcej podmiotów, niż założono. Dotyczy to form: "
        + "; ".join(pieces)
        + ".",
        **parts,
    )


def _surely_shrinks(flow: Flow) -> bool:
    """Return whether the intervals of both rates keep apart, the exits above the entries."""
    return (flow.exit_rate.low or 0.0) > (flow.entry_rate.high or 1.0)


def _support_young(economy: SocialEconomy) -> Statement | None:
    """Where entities last surely shorter than in Poland, accompany the young ones."""
    own, poland = economy.survived(), economy.survived(teryt=POLAND.teryt)
    if own is None or poland is None or own.at_3.high is None or poland.at_3.value is None:
        return None
    if own.at_3.high >= (poland.at_3.value if poland.at_3.low is None else poland.at_3.low):
        return None
    share, parts = words.with_interval("share", own.at_3, words.percent, " założonych podmiotów")
    return words.say(
        economy,
        words.REGISTER,
        "Objąć nowe podmioty doradztwem przez pierwsze 3\u00a0lata: po tym czasie nadal działa "
        f"{share}, a w Polsce {{poland}}.",
        poland=words.percent(poland.at_3.value),
        **parts,
    )


def _help_to_work(economy: SocialEconomy) -> Statement | None:
    """Where participants surely find work less often than in Poland, look at what others do."""
    own = _shown(economy, "exit_to_work_share")
    poland = economy.measured("exit_to_work_share", teryt=POLAND.teryt)
    if own is None or own.value.high is None or poland is None or poland.value.value is None:
        return None
    least = poland.value.value if poland.value.low is None else poland.value.low
    if own.value.high >= least:  # as the chapter says it: the intervals must be apart
        return None
    parts: dict[str, Any] = {"poland": words.percent(poland.value.value)}
    return words.say(
        economy,
        words.SURVEY,
        "Wzmocnić przygotowanie do pracy w jednostkach reintegracyjnych: spośród osób, które zakończyły udział, pracę "
        "na otwartym rynku podjęło " + _estimated("share", own, words.percent, parts) + ", a w Polsce {poland}.",
        **parts,
    )


def _sell_more(economy: SocialEconomy) -> Statement | None:
    """Where most of the money is surely public, help to sell."""
    public, contracts = _shown(economy, "public_share"), _shown(economy, "contracts_share")
    if public is None:
        return None
    least = public.value.value if public.value.low is None else public.value.low
    if least is None or least <= 1 / 2:
        return None
    parts: dict[str, Any] = {}
    text = "Wspierać sprzedaż na rynku: środki publiczne stanowią ponad połowę przychodów sektora – " + _estimated(
        "public", public, words.percent, parts
    )
    if contracts is not None:
        text += "; choć jedno zamówienie publiczne realizowało " + _estimated(
            "contracts", contracts, words.percent, parts, " podmiotów"
        )
    return words.say(economy, words.SURVEY, text + ".", **parts)


def _mend_targets(economy: SocialEconomy) -> Statement | None:
    """Where a target is off track, change the course or the target."""
    missed = [target for target in economy.targets if target.verdict == "off_track"]
    if not missed:
        return None
    pieces = [_target(number, target) for number, target in enumerate(missed[:_NAMED])]
    parts: dict[str, Any] = {}
    for _, numbers in pieces:
        parts |= numbers
    more = f" Pozostałe takie cele ({len(missed) - _NAMED}) podaje tabela celów." if len(missed) > _NAMED else ""
    late = any(verdict(target) == "missed" for target in missed)
    return words.say(
        economy,
        words.PROGRAMME,
        "Zmienić działania albo zrewidować cele, których "
        + ("nie osiągnięto w terminie lub " if late else "")
        + "przy obecnym przebiegu prawdopodobnie nie uda się osiągnąć: "
        + "; ".join(text for text, _ in pieces)
        + f".{more}",
        tone="bad",
        **parts,
    )


def _target(number: int, target: Target) -> tuple[str, dict[str, Any]]:
    names = (f"t{number}_name", f"t{number}_forecast", f"t{number}_target")
    unit = "%" if target.unit == "%" else ""
    late = verdict(target) == "missed"
    reached = target.latest if late else target.forecast.value
    forecast, goal = (Number(shown, digits=target.digits, unit=unit) for shown in (reached, target.target))
    told = (
        f"w {target.latest_year}{polish.NBSP}r.: {{{names[1]}}}, cel na {target.target_year}{polish.NBSP}r."
        if late
        else f"prognoza na {target.target_year}{polish.NBSP}r.: {{{names[1]}}}, cel"
    )
    text = f"{{{names[0]}}} ({told}: {{{names[2]}}})"
    return text, {names[0]: polish.lower_first(target.name), names[1]: forecast, names[2]: goal}


def _talk_to_centres(economy: SocialEconomy) -> Statement | None:
    """Where a support centre differs by more than chance, ask why; where it does better, learn from it."""
    judged = judged_centres(economy)
    low = [point.name for point in judged if point.verdict in {"below", "far_below"}]
    high = [point.name for point in judged if point.verdict in {"above", "far_above"}]
    if not low and not high:
        return None
    text = "Omówić z ośrodkami wsparcia trwałość utworzonych miejsc pracy."
    if low:
        text += " Wyraźnie mniejsza niż we wszystkich ośrodkach razem: {low}."
    if high:
        text += " Wyraźnie większa niż we wszystkich ośrodkach razem: {high}; te doświadczenia warto poznać."
    text += " Tak duże różnice rzadko są dziełem przypadku."
    return words.say(economy, words.SUPPORT, text, low=polish.listing(low), high=polish.listing(high))


def _verify(economy: SocialEconomy) -> Statement | None:
    """Where entries were not verified, say of which form most."""
    own = economy.structured()
    if own is None or own.active is None or own.active >= own.entities:
        return None
    unsure = sorted(
        ((row.entities - row.active, row) for row in by_form(economy) if row.active is not None), key=lambda p: -p[0]
    )
    most = [(number, row) for number, row in unsure if number][:1]
    if not most:
        return None
    number, row = most[0]
    return words.say(
        economy,
        words.REGISTER,
        "Sprawdzić wpisy, których weryfikacji w ostatnich {months} rejestry nie wykazują: {n} z {all}, najwięcej – "
        "{form} ({most}).",
        months=Number(economy.choice("verification_months"), unit="miesiącach"),
        n=Number(own.entities - own.active),
        all=Number(own.entities),
        form=polish.lower_first(words.form(economy, row.legal_form)),
        most=Number(number),
    )


def _collect(economy: SocialEconomy) -> list[Statement]:
    """Where a dataset is missing, say what the report could tell with it."""
    wanted = []
    if not economy.survey_years():
        wanted.append("badanie podmiotów (praca, reintegracja, finanse)")
    if not economy.owes:
        wanted.append("dane o wsparciu OWES")
    if not economy.targets:
        wanted.append("cele programu regionalnego")
    if not wanted:
        return []
    return [Statement(f"Uzupełnić dane do następnej edycji: {polish.listing(wanted)}.")]
