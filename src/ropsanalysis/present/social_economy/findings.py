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
from ropsanalysis.present.social_economy.places import empty_gminas, lacking
from ropsanalysis.present.social_economy.structure import by_form
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Flow, FunnelPoint, Measured, Target
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
            f"{{{name}}} ({position.year}{polish.NBSP}r.) – {{{name}_own}} wobec {{{name}_poland}} w Polsce, "
            f"{place(position)}{polish.NBSP}miejsce"
        )
        parts |= {
            name: f"{polish.lower_first(indicator.short)} {_per(indicator.unit)}",
            f"{name}_own": value(indicator, position.value),
            f"{name}_poland": value(indicator, position.poland),
        }
    if not pieces:
        return None
    return Statement.of(
        "Na tle Polski według GUS: " + "; ".join(pieces) + " (1.\u00a0miejsce oznacza wartość najwyższą).", **parts
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
    enterprises = "; liczba przedsiębiorstw społecznych: {enterprises}" if status else ""
    return words.say(
        economy,
        words.DENSITY,
        "Rejestry obejmują {entities}, czyli {density} na 10\u00a0tys. mieszkańców" + beside + enterprises + "."
        " Stan na {day}",
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
    share = last.change / last.opening if last.opening else None
    moved = last.arrived - last.left
    grew, parts = words.grew(last.change, "change")
    return words.say(
        economy,
        words.REGISTER,
        f"W {{year}}\u00a0r. liczba podmiotów {grew}"
        + (" ({share} stanu z początku roku)" if share is not None else "")
        + f": założono {{founded}}, zamknięto {'' if last.exits_known else 'co najmniej '}{{closed}}"
        + (", saldo przeniesień między województwami {moved}" if moved else "")
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
        "Gminy bez żadnego podmiotu ekonomii społecznej: {none} na {all}; bez podmiotu reintegracyjnego: {no_unit} "
        "({share}).",
        none=words.count(whole.without),
        all=words.count(whole.gminas),
        no_unit=words.count(reintegration.without),
        share=words.percent(reintegration.share_without),
    )


def _lasting(economy: SocialEconomy) -> Statement | None:
    whole = economy.survived()
    if whole is None or not whole.at_3.shown:
        return None
    share, parts = words.with_interval("share", whole.at_3, words.percent)
    poland = economy.survived(teryt=POLAND.teryt)
    beside = ""
    if poland is not None and poland.at_3.shown:
        beside = "; w Polsce {poland}"
        parts["poland"] = words.percent(poland.at_3.value)
    return words.say(
        economy,
        words.REGISTER,
        f"Po 3\u00a0latach od założenia działa {share} podmiotów{beside}. Podstawa: {{n}}; w nawiasie przedział "
        "{confidence}.",
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
    based = "" if row.base is None else f", {words.based_on(f'{name}_n')}"
    if row.value.low is None or row.value.high is None:
        parts[name] = show(row.value.value)
        return f"{{{name}}}{of}{based}"
    piece, numbers = words.with_interval(name, row.value, show)
    parts |= numbers
    return piece + of + based


def _work(economy: SocialEconomy) -> Statement | None:
    staff, risk = _shown(economy, "staff"), _shown(economy, "risk_share")
    if staff is None and risk is None:
        return None
    parts: dict[str, Any] = {
        "year": str((staff or risk or _NOTHING).year),
        "told": f" n{polish.NBSP}– liczba podmiotów, które odpowiedziały.",
    }
    pieces = []
    if staff is not None:
        pieces.append("liczba osób zatrudnionych na umowę o pracę: " + _estimated("staff", staff, words.count, parts))
    if risk is not None:
        pieces.append(
            "udział osób zagrożonych wykluczeniem społecznym wśród zatrudnionych: "
            + _estimated("risk", risk, words.percent, parts)
        )
    return words.say(economy, words.SURVEY, "Praca w {year}\u00a0r. – " + "; ".join(pieces) + ".{told}", **parts)


_NOTHING: Final = Measured("", "", 0, "", Estimate(None, None, None), None, "")


def _exits(economy: SocialEconomy) -> Statement | None:
    share, cost = _shown(economy, "exit_to_work_share"), _shown(economy, "cost_per_participant_pln")
    if share is None:
        return None
    parts: dict[str, Any] = {"year": str(share.year)}
    text = (
        "Reintegracja w {year}\u00a0r. – wśród osób, które zakończyły udział, pracę na otwartym rynku podjęło "
        + _estimated("share", share, words.percent, parts)
    )
    if cost is not None:
        text += "; koszt na uczestnika: {cost}"
        parts["cost"] = words.money(cost.value.value)
    return words.say(economy, words.SURVEY, text + ".", **parts)


def _money(economy: SocialEconomy) -> Statement | None:
    public, positive = _shown(economy, "public_share"), _shown(economy, "positive_result_share")
    if public is None and positive is None:
        return None
    parts: dict[str, Any] = {"year": str((public or positive or _NOTHING).year)}
    pieces = []
    if public is not None:
        pieces.append(
            "udział środków publicznych w przychodach sektora: " + _estimated("public", public, words.percent, parts)
        )
    if positive is not None:
        pieces.append(
            "odsetek podmiotów z dodatnim wynikiem: " + _estimated("positive", positive, words.percent, parts)
        )
    return words.say(economy, words.SURVEY, "Finanse w {year}\u00a0r. – " + "; ".join(pieces) + ".", **parts)


def _condition(economy: SocialEconomy) -> Statement | None:
    own = economy.condition()
    if own is None or own.score is None or own.rank.value is None:
        return None
    return words.say(
        economy,
        words.CONDITION,
        "Wskaźnik złożony kondycji sektora: {score}\u00a0pkt na 100 i {rank} miejsce wśród {n} województw; w "
        "wariantach liczonych innymi, równie uzasadnionymi sposobami miejsca {places}",
        score=Number(own.score, digits=1),
        rank=polish.rank(round(own.rank.value)),
        n=Number(own.n),
        places=words.places(own.rank),
    )


_VERDICTS: Final = {
    "reached": "osiągnięte",
    "on_track": "na dobrej drodze",
    "off_track": "zagrożone",
    "cannot_say": "bez możliwości oceny",
}


def _targets(economy: SocialEconomy) -> Statement | None:
    if not economy.targets:
        return None
    counted = Counter(target.verdict for target in economy.targets)
    bad = counted["off_track"] > 0
    return words.say(
        economy,
        words.PROGRAMME,
        "Cele programu regionalnego ({n}): "
        + ", ".join(f"{name} – {{{key}}}" for key, name in _VERDICTS.items() if counted[key])
        + ".",
        tone="bad" if bad else "text",
        n=Number(len(economy.targets)),
        **{key: Number(counted[key]) for key in _VERDICTS},
    )


def _support(economy: SocialEconomy) -> Statement | None:
    whole = [row for row in economy.owes if row.year == 0]
    jobs = sum(row.jobs_created or 0 for row in whole)
    if not whole or not jobs:
        return None
    base, after = sum(row.base_12m or 0 for row in whole), sum(row.jobs_after_12m or 0 for row in whole)
    judged = _judged(economy)
    unusual = [point for point in judged if point.verdict != "within"]
    if not judged:
        compared = ""
    elif unusual:
        compared = " Trwałość miejsc pracy różni się od ogólnej bardziej, niż tłumaczyłby to przypadek: {names}."
    else:
        compared = " Różnice trwałości między ośrodkami nie przekraczają tego, co może być przypadkiem."
    return words.say(
        economy,
        words.SUPPORT,
        "Przy wsparciu ośrodków wsparcia ekonomii społecznej (OWES; liczba ośrodków: {n}) utworzono {jobs}"
        + ("; po 12\u00a0miesiącach istniało {share} z {base}, dla których ten czas minął" if base else "")
        + f".{compared}",
        n=Number(len(whole)),
        jobs=Number(jobs, unit=polish.plural_form(round(jobs), "miejsce pracy", "miejsca pracy", "miejsc pracy")),
        share=words.percent(after / base if base else None),
        base=Number(base),
        names=polish.listing([point.name for point in unusual]),
    )


def _judged(economy: SocialEconomy) -> list[FunnelPoint]:
    """Return the voivodeship's support centres in the funnel plot of jobs that last a year."""
    return [point for point in economy.owes_funnel.get("share_12m", ()) if point.teryt == economy.region.teryt]


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
        told or (Statement("Z danych nie wynikają zalecenia: żaden z warunków, które je wywołują, nie zachodzi."),)
    )


def _reach_gminas(economy: SocialEconomy) -> Statement | None:
    """Where a gmina has no entity, or none of reintegration, the support centres should go there first."""
    empty = empty_gminas(economy)
    whole, reintegration = lacking(economy, "any"), lacking(economy, "reintegration")
    if whole is not None and empty:
        counted = Counter(gmina.parent for gmina in empty)
        most = [words.powiat(economy, teryt) for teryt, _ in sorted(counted.items(), key=lambda p: (-p[1], p[0]))]
        return words.say(
            economy,
            words.DENSITY,
            "Skierować animację OWES do gmin bez żadnego podmiotu: {n} na {all} (liczba mieszkańców: {people}). "
            "Najwięcej takich gmin: {where}.",
            n=Number(whole.without),
            all=Number(whole.gminas),
            people=Number(whole.population_without),
            where=", ".join(most[:_NAMED]),
        )
    if reintegration is None or not reintegration.without:
        return None
    return words.say(
        economy,
        words.DENSITY,
        "Zachęcać do wspólnego prowadzenia podmiotów reintegracyjnych przez sąsiednie gminy: nie ma ich w {n} na "
        "{all} (liczba mieszkańców: {people}).",
        n=_in_gminas(reintegration.without),
        all=Number(reintegration.gminas),
        people=Number(reintegration.population_without),
    )


def _in_gminas(number: int) -> Number:
    return Number(number, unit="gminie" if number == 1 else "gminach")


def _add_reintegration(economy: SocialEconomy) -> Statement | None:
    """Where Statistics Poland counts fewer units of reintegration per inhabitant than in Poland, create more."""
    position, indicator = economy.position(_OFFICIAL_FIRST), economy.indicators.get(_OFFICIAL_FIRST)
    if indicator is None or position is None or position.value is None or position.poland is None:
        return None
    if position.value >= position.poland:
        return None
    return Statement.of(
        "Zwiększać dostęp do CIS, ZAZ i WTZ: według GUS w {year}\u00a0r. przypadało ich {value} na 100\u00a0tys. "
        "ludności, w Polsce {poland} ({place}\u00a0miejsce w kraju).",
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
        "Ustalić z OWES, dlaczego w {year}\u00a0r. zamknięto wyraźnie więcej podmiotów, niż założono: "
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
    if own.at_3.high >= poland.at_3.value:
        return None
    share, parts = words.with_interval("share", own.at_3, words.percent)
    return words.say(
        economy,
        words.REGISTER,
        "Objąć nowe podmioty doradztwem przez pierwsze 3\u00a0lata: po tym czasie działa "
        f"{share} założonych, a w Polsce {{poland}}.",
        poland=words.percent(poland.at_3.value),
        **parts,
    )


def _help_to_work(economy: SocialEconomy) -> Statement | None:
    """Where participants surely find work less often than in Poland, look at what others do."""
    own = _shown(economy, "exit_to_work_share")
    poland = economy.measured("exit_to_work_share", teryt=POLAND.teryt)
    if own is None or own.value.high is None or poland is None or poland.value.value is None:
        return None
    if own.value.high >= poland.value.value:
        return None
    parts: dict[str, Any] = {"poland": words.percent(poland.value.value)}
    return words.say(
        economy,
        words.SURVEY,
        "Wzmocnić przygotowanie do pracy w podmiotach reintegracyjnych: zatrudnienie na otwartym rynku podjęło "
        + _estimated("share", own, words.percent, parts, " osób, które zakończyły udział")
        + "; w Polsce {poland}.",
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
    text = "Wspierać sprzedaż na rynku: ponad połowa przychodów sektora to środki publiczne – " + _estimated(
        "public", public, words.percent, parts
    )
    if contracts is not None:
        text += "; zamówienie publiczne realizowało " + _estimated(
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
    more = f" Pozostałe zagrożone cele ({len(missed) - _NAMED}) podaje tabela celów." if len(missed) > _NAMED else ""
    return words.say(
        economy,
        words.PROGRAMME,
        "Zmienić działania albo zrewidować cele, których przy obecnym przebiegu nie uda się osiągnąć: "
        + "; ".join(text for text, _ in pieces)
        + f".{more}",
        tone="bad",
        **parts,
    )


def _target(number: int, target: Target) -> tuple[str, dict[str, Any]]:
    names = (f"t{number}_name", f"t{number}_forecast", f"t{number}_target")
    unit = "%" if target.unit == "%" else ""
    forecast, goal = (
        Number(shown, digits=target.digits, unit=unit) for shown in (target.forecast.value, target.target)
    )
    text = f"{{{names[0]}}} (prognoza na {target.target_year}{polish.NBSP}r.: {{{names[1]}}}, cel: {{{names[2]}}})"
    return text, {names[0]: polish.lower_first(target.name), names[1]: forecast, names[2]: goal}


def _talk_to_centres(economy: SocialEconomy) -> Statement | None:
    """Where a support centre differs by more than chance, ask why; where it does better, learn from it."""
    judged = _judged(economy)
    low = [point.name for point in judged if point.verdict in {"below", "far_below"}]
    high = [point.name for point in judged if point.verdict in {"above", "far_above"}]
    if not low and not high:
        return None
    text = (
        "Omówić z ośrodkami wsparcia trwałość utworzonych miejsc pracy, bo różni się ona bardziej, niż tłumaczyłby to "
        "przypadek:"
    )
    if low:
        text += " mniejsza niż w pozostałych – {low}"
    if high:
        text += (";" if low else "") + " większa – {high}, których doświadczenia warto upowszechnić"
    return words.say(economy, words.SUPPORT, text + ".", low=polish.listing(low), high=polish.listing(high))


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
        "Zweryfikować wpisy, których nie sprawdzano od ponad {months} miesięcy: {n} z {all}, najwięcej – {form} "
        "({most}).",
        months=Number(economy.choice("verification_months")),
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
