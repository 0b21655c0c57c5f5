"""How entities come and go: opening, those founded, arrived, closed and left, closing; and the log of changes."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish, waterfall
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Change, Flow
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.stats.records import Estimate

EVENT = {
    "founded": "założenie",
    "closed": "zamknięcie",
    "moved_in": "przeniesienie z innego województwa",
    "moved_out": "przeniesienie do innego województwa",
    "changed_to": "przekształcenie w tę formę",
    "changed_from": "przekształcenie w inną formę",
    "status_gained": "uzyskanie statusu PS",
    "status_lost": "utrata statusu PS",
}
#: Quarters of the table by quarters, and rows of the log.
_QUARTERS = 4
_LOGGED = 40
_BALANCE = "Napływ i odpływ: podmioty, które zmieniły {what}; nie liczymy ich jako założonych ani zamkniętych."


def last_year(economy: SocialEconomy, form: str = "") -> Flow | None:
    """Return the flow of the last whole calendar year; None where there is none."""
    whole = [f for f in economy.years(form) if f.first_day.endswith("01-01") and f.last_day.endswith("12-31")]
    return whole[-1] if whole else None


def flow_summary(economy: SocialEconomy) -> Points | Statement:
    """Return what came and went in the last whole year, at which rates, and since the start of the series."""
    last = last_year(economy)
    if last is None:
        return words.say(
            economy,
            words.REGISTER,
            "Rejestry obejmują mniej niż jeden pełny rok, dlatego ruchu podmiotów nie opisujemy.",
        )
    found = [_balance(economy, last), _rates(economy, last), _by_form(economy), _history(economy, last)]
    return Points(tuple(statement for statement in found if statement is not None))


def _balance(economy: SocialEconomy, last: Flow) -> Statement:
    moved = last.arrived or last.left
    at_least = "" if last.exits_known else "co najmniej "
    return words.say(
        economy,
        words.REGISTER,
        "W {year}\u00a0r. liczba podmiotów "
        + ("zmieniła się z {opening} na {closing} ({change})" if last.change else "nie zmieniła się ({closing})")
        + f": założono {{founded}}, a zamknięto {at_least}{{closed}}"
        + ("; liczba przeniesień z innych województw: {arrived}, do innych: {left}" if moved else "")
        + ".",
        year=last.period,
        opening=Number(last.opening),
        closing=Number(last.closing),
        change=words.signed(last.change),
        founded=Number(last.founded),
        closed=Number(last.closed),
        arrived=Number(last.arrived),
        left=Number(last.left),
    )


def per_hundred(rate: float | None) -> Number:
    """Return a yearly rate as entities per 100 entities."""
    return words.percent(rate, unit="")


def _rates(economy: SocialEconomy, last: Flow) -> Statement | None:
    if not last.entry_rate.shown:
        return None
    entry, parts = words.with_interval("entry", last.entry_rate, per_hundred)
    text = f"W {{year}}\u00a0r. na każde 100 podmiotów założono {entry}"
    if last.exits_known and last.exit_rate.shown:
        leave, more = words.with_interval("exit", last.exit_rate, per_hundred)
        text += f", a zamknięto {leave}"
        parts |= more
        tail = ""
    else:
        tail = (
            " Liczby zamkniętych na 100 podmiotów nie podajemy, bo część rejestrów usuwa wpisy podmiotów zamkniętych."
        )
    return words.say(
        economy,
        words.REGISTER,
        text
        + ". Podstawą jest średnia ze stanu na początku i na końcu roku; w nawiasach przedziały {confidence}."
        + tail,
        year=last.period,
        confidence=words.confidence(economy),
        **parts,
    )


def changed_forms(economy: SocialEconomy) -> list[Flow]:
    """Return the legal forms whose number changed in the last whole year, the largest change first."""
    flows = [last_year(economy, key) for key in economy.forms]
    return sorted((f for f in flows if f is not None and f.change), key=lambda f: -abs(f.change))


def _by_form(economy: SocialEconomy) -> Statement | None:
    flows = changed_forms(economy)
    sides = [
        ("najwięcej przybyło: ", [f for f in flows if f.change > 0]),
        ("najwięcej ubyło: ", [f for f in flows if f.change < 0]),
    ]
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for name, side in sides:
        if side:
            pieces.append(name + ", ".join(f"{{form_{f.legal_form}}} ({{change_{f.legal_form}}})" for f in side[:4]))
            parts |= {f"form_{f.legal_form}": polish.lower_first(words.form(economy, f.legal_form)) for f in side[:4]}
            parts |= {f"change_{f.legal_form}": words.signed(f.change) for f in side[:4]}
    if not pieces:
        return None
    return words.say(economy, words.REGISTER, "Zmiany według form prawnych – " + "; ".join(pieces) + ".", **parts)


def _history(economy: SocialEconomy, last: Flow) -> Statement | None:
    years = [f for f in economy.years() if f.period <= last.period]
    if len(years) < 2:
        return None
    first = years[0]
    change = last.closing - first.opening
    grew, parts = words.grew(change, "change")
    share = change / first.opening if first.opening and change else None
    return words.say(
        economy,
        words.REGISTER,
        f"Od początku {{first}}\u00a0r. do końca {{last}}\u00a0r. liczba podmiotów {grew}"
        + (" ({percent})" if share is not None else "")
        + ".",
        first=first.period,
        last=last.period,
        percent=Number(None if share is None else 100 * share, digits=1, unit="%", signed=True),
        **parts,
    )


def flow_figure(economy: SocialEconomy) -> Figure | None:
    """Return how the last whole year led from its opening to its closing."""
    last = last_year(economy)
    if last is None:
        return None
    steps = [waterfall.Step("założone", last.founded)]
    if last.arrived or last.left:
        steps.append(waterfall.Step("napływ z innych województw", last.arrived))
    steps.append(waterfall.Step("zamknięte", -last.closed))
    if last.arrived or last.left:
        steps.append(waterfall.Step("odpływ do innych województw", -last.left))
    told = "; ".join(f"{step.label} {polish.signed(step.change)}" for step in steps)
    start, end = f"stan na początku {last.period}\u00a0r.", f"stan na końcu {last.period}\u00a0r."
    return Figure(
        key="flow",
        title=f"Od początku do końca {last.period}\u00a0r.: liczba podmiotów i jej zmiany",
        svg=waterfall.waterfall(last.opening, steps, key="flow", first=start, last=end),
        alt=f"Wykres kaskadowy zmian liczby podmiotów w {last.period}\u00a0r.: z {polish.number(last.opening)} na "
        f"{polish.number(last.closing)}.",
        description=f"{polish.capital(start)}: {polish.number(last.opening)}; {told}; {end}: "
        f"{polish.number(last.closing)}.",
        data=Table(
            key="flow_data",
            title=f"Zmiany liczby podmiotów w {last.period}\u00a0r.",
            columns=(Column("Pozycja", "left"), Column("Podmioty")),
            rows=(
                (polish.capital(start), Number(last.opening)),
                *((polish.capital(step.label), words.signed(step.change)) for step in steps),
                (polish.capital(end), Number(last.closing)),
            ),
            synthetic=economy.made_up(*words.REGISTER),
        ),
        source=words.source(economy, *words.REGISTER),
        note="Słupki zmian mają wspólną skalę. Słupki stanu na początku i na końcu nie zaczynają się od zera.",
    )


_FLOW_COLUMNS = (
    Column("Na początku"),
    Column("Założone"),
    Column("Napływ"),
    Column("Zamknięte"),
    Column("Odpływ"),
    Column("Na końcu"),
)


def _flow_cells(flow: Flow) -> tuple[Number, ...]:
    amounts = (flow.opening, flow.founded, flow.arrived, flow.closed, flow.left, flow.closing)
    return tuple(Number(amount) for amount in amounts)


def span(estimate: Estimate, *, digits: int = 1) -> str:
    """Return an interval of shares (0–1) in percent, as in "3,1–5,8"."""
    if estimate.low is None or estimate.high is None:
        return polish.DASH
    ends = (words.percent(end, unit="", digits=digits).text for end in (estimate.low, estimate.high))
    return polish.DASH.join(ends)


def flow_table(economy: SocialEconomy) -> Table | None:
    """Return the balance of the last whole year by legal form; None where there is none."""
    rows = _last_year_by_form(economy)
    if not rows:
        return None
    return Table(
        key="flow",
        title=f"Ruch podmiotów w {rows[0].period}\u00a0r. według formy prawnej",
        columns=(Column("Forma", "left"), *_FLOW_COLUMNS),
        rows=tuple((words.form(economy, f.legal_form), *_flow_cells(f)) for f in rows),
        **words.origin(economy, *words.REGISTER),
        note=_BALANCE.format(what="formę albo województwo")
        + " Stan na początku plus założone i napływ, minus zamknięte i odpływ daje stan na końcu. W wierszu „Razem” "
        "napływ i odpływ nie obejmują zmian formy, bo nie zmieniają one liczby wszystkich podmiotów.",
        highlight=(0,) if not rows[0].legal_form else (),
    )


def _last_year_by_form(economy: SocialEconomy) -> list[Flow]:
    flows = [last_year(economy, key) for key in ("", *economy.forms)]
    return [f for f in flows if f is not None and (f.opening or f.closing or f.founded or f.arrived)]


def rates_table(economy: SocialEconomy) -> Table | None:
    """Return the entry and exit rates of the last whole year by legal form, beside Poland's; None without any."""
    rows = _last_year_by_form(economy)
    if not rows:
        return None
    year = rows[0].period
    poland = {
        f.legal_form: f for key in ("", *economy.forms) for f in economy.years(key, POLAND.teryt) if f.period == year
    }
    unknown = any(not flow.exits_known for flow in rows)
    return Table(
        key="rates",
        title=f"Założone i zamknięte w {year}\u00a0r. na 100 podmiotów",
        columns=(
            Column("Forma", "left"),
            Column("Założone na 100"),
            Column("od–do"),
            *((Column("Polska"),) if poland else ()),
            Column("Zamknięte na 100"),
            Column("od–do"),
            *((Column("Polska"),) if poland else ()),
        ),
        rows=tuple(
            (
                words.form(economy, flow.legal_form),
                *_rate_cells(flow.entry_rate),
                *((_poland_rate(poland.get(flow.legal_form), "entry_rate"),) if poland else ()),
                *_rate_cells(flow.exit_rate),
                *((_poland_rate(poland.get(flow.legal_form), "exit_rate"),) if poland else ()),
            )
            for flow in rows
        ),
        **words.origin(economy, *words.REGISTER),
        note="Na 100: na 100 podmiotów średniego stanu w roku. „od–do”: przedział "
        f"{words.confidence(economy)}; gdy podmiotów jest kilka, jest bardzo szeroki."
        + (" Kreska przy zamkniętych: rejestr nie zachowuje wpisów podmiotów zamkniętych." if unknown else ""),
        highlight=(0,) if not rows[0].legal_form else (),
    )


def _rate_cells(rate: Estimate) -> tuple[Number, str]:
    return per_hundred(rate.value), span(rate)


def _poland_rate(flow: Flow | None, name: str) -> Number:
    return per_hundred(None if flow is None else getattr(flow, name).value)


def flow_series(economy: SocialEconomy) -> Table | None:
    """Return the balance of all forms together and its rates, year by year; None where there is none."""
    rows = list(economy.years())
    if not rows:
        return None
    part = rows[-1] if not rows[-1].last_day.endswith("12-31") else None
    exits = any(flow.exit_rate.shown for flow in rows)
    return Table(
        key="flow_series",
        title="Ruch podmiotów w kolejnych latach",
        columns=(
            Column("Rok", "left"),
            *_FLOW_COLUMNS,
            Column("Założone na 100"),
            *((Column("Zamknięte na 100"),) if exits else ()),
        ),
        rows=tuple(
            (
                f.period,
                *_flow_cells(f),
                per_hundred(f.entry_rate.value),
                *((per_hundred(f.exit_rate.value),) if exits else ()),
            )
            for f in rows
        ),
        **words.origin(economy, *words.REGISTER),
        note=_BALANCE.format(what="województwo")
        + " Na 100: na 100 podmiotów średniego stanu w roku."
        + ("" if exits else " Zamkniętych na 100 nie podajemy, bo część rejestrów usuwa wpisy podmiotów zamkniętych.")
        + (f" Rok {part.period}: do {words.day(part.last_day)}" + "." if part is not None else ""),
    )


def quarter_table(economy: SocialEconomy) -> Table | None:
    """Return the entities of each legal form at the end of the last quarters, with what went and came in brackets."""
    forms = [form for form in economy.forms.values() if economy.quarters(form.key)]
    shown = [flow.period for flow in economy.quarters()][-_QUARTERS:]
    if not forms or not shown:
        return None
    rows = []
    for key in ("", *(form.key for form in forms)):
        flows = {flow.period: flow for flow in economy.quarters(key)}
        if any(flow.opening or flow.closing for flow in flows.values()):
            rows.append((words.form(economy, key), *(_with_changes(flows.get(period)) for period in shown)))
    return Table(
        key="quarters",
        title="Podmioty według formy prawnej w ostatnich kwartałach",
        columns=(Column("Forma", "left"), *(Column(words.period(period)) for period in shown)),
        rows=tuple(rows),
        **words.origin(economy, *words.REGISTER),
        note="Stan na koniec kwartału. W nawiasie: ile podmiotów w tym kwartale ubyło (−) i ile przybyło (+), łącznie "
        "ze zmianami formy prawnej i województwa; 0 oznacza brak zmian.",
        highlight=(0,),
    )


def _with_changes(flow: Flow | None) -> str:
    if flow is None:
        return polish.DASH
    gone, come = flow.closed + flow.left, flow.founded + flow.arrived
    told = [polish.signed(change) for change in (-gone, come) if change]
    changes = f",{polish.NBSP}".join(told) or "0"
    return f"{polish.number(flow.closing)}{polish.NBSP}({changes})"


def change_log(economy: SocialEconomy) -> Table | Statement:
    """Return the newest changes one by one, each with its reason; or that there were none."""
    months = f"{economy.choice('log_months'):.0f}"
    if not economy.changes:
        return words.say(
            economy,
            words.REGISTER,
            "W ostatnich {months} miesiącach rejestry nie wykazują zmian jednostek reintegracyjnych, spółdzielni, "
            "spółek non profit ani statusu przedsiębiorstwa społecznego.",
            months=months,
        )
    newest = sorted(economy.changes, key=lambda c: (c.day, c.name), reverse=True)
    shown, rest = newest[:_LOGGED], len(newest) - _LOGGED
    return Table(
        key="changes",
        title=f"Zmiany w rejestrach w ostatnich {months} miesiącach",
        columns=(
            Column("Data", "left"),
            Column("Podmiot", "left"),
            Column("Forma", "left"),
            Column("Gmina", "left"),
            Column("Zmiana", "left"),
            Column("Powód", "left"),
        ),
        rows=tuple(_logged(economy, change) for change in shown),
        **words.origin(economy, *words.REGISTER),
        note="Od najnowszych. Powód podajemy słowami rejestru, a gdy rejestr go nie wskazuje, opisujemy rodzaj wpisu. "
        "Tabela obejmuje jednostki reintegracyjne, spółdzielnie i spółki non profit oraz status przedsiębiorstwa "
        "społecznego (PS); zmian organizacji pozarządowych i kół gospodyń wiejskich nie wymieniamy pojedynczo."
        + (f" Liczba wcześniejszych zmian, których tu nie ma: {polish.number(rest)}." if rest > 0 else ""),
    )


def _place(economy: SocialEconomy, gmina: str) -> str:
    """Return a gmina with its powiat, as many gminas have the same name; a city with powiat rights is both."""
    name, powiat = words.unit(economy, gmina), words.unit(economy, gmina[:4])
    return name if name == powiat else f"{name} ({powiat})"


def _logged(economy: SocialEconomy, change: Change) -> tuple[Cell, ...]:
    return (
        words.day(change.day),
        change.name,
        words.form(economy, change.legal_form),
        _place(economy, change.gmina),
        EVENT.get(change.event, change.event),
        change.reason,
    )
