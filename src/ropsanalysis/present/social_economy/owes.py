"""The support centres (OWES): what they did, what lasts of it, and which of them differ by more than chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import ascii_uppercase
from typing import Any, Final, NamedTuple

from ropsanalysis.present import funnels, polish
from ropsanalysis.present.blocks import Column, Figure, Note, Number, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.social_economy.records import FunnelPoint, Owes
from ropsanalysis.social_economy.view import SocialEconomy

VERDICT: Final = {
    "within": "w granicach przypadku",
    "above": "powyżej granicy 95%",
    "below": "poniżej granicy 95%",
    "far_above": "powyżej granicy 99,8%",
    "far_below": "poniżej granicy 99,8%",
}


#: The same without statistics: whether more or fewer of a centre's jobs last.
SIDE: Final = {"above": "większa", "far_above": "większa", "below": "mniejsza", "far_below": "mniejsza"}


class _Plotted(NamedTuple):
    """How one measure is drawn: by what factor values are shown, and what its axes are called."""

    title: str
    up: str
    across: str
    column: str
    base: str
    factor: float
    base_factor: float
    digits: int


_PLOTTED: Final = {
    "share_12m": _Plotted(
        "Miejsca pracy, które przetrwały 12 miesięcy", "% utworzonych miejsc pracy, które istnieją po 12 miesiącach",
        "miejsca pracy utworzone co najmniej 12 miesięcy temu", "Trwa (%)", "Miejsca pracy", 100.0, 1.0, 1,
    ),
    "share_24m": _Plotted(
        "Miejsca pracy, które przetrwały 24 miesiące", "% utworzonych miejsc pracy, które istnieją po 24 miesiącach",
        "miejsca pracy utworzone co najmniej 24 miesiące temu", "Trwa (%)", "Miejsca pracy", 100.0, 1.0, 1,
    ),
    "jobs_per_million": _Plotted(
        "Miejsca pracy na milion złotych", "utworzone miejsca pracy na 1 mln zł", "koszt działań (mln zł)",
        "Miejsca pracy na 1 mln zł", "Koszt (mln zł)", 1.0, 1.0, 1,
    ),
}  # fmt: skip


def centres(economy: SocialEconomy) -> dict[str, Owes]:
    """Return the voivodeship's support centres, all years together, by the letter that stands for them in figures."""
    whole = sorted((row for row in economy.owes if row.year == 0), key=lambda row: row.name)
    return dict(zip(ascii_uppercase, whole, strict=False))


def owes_summary(economy: SocialEconomy) -> Statement:
    """Return how many jobs the centres helped to create, how many last and what a lasting job cost."""
    own = centres(economy)
    if not own:
        return words.missing("owes_support")
    jobs = _sum(row.jobs_created for row in own.values())
    base, lasting = _sum(row.base_12m for row in own.values()), _sum(row.jobs_after_12m for row in own.values())
    years = sorted({row.year for row in economy.owes if row.year})
    when = "" if not years else " w {years}\u00a0r." if len(years) == 1 else " w latach {years}"
    share = (
        " Po 12\u00a0miesiącach nadal istniało {share} z {base} miejsc, od których utworzenia minął co najmniej rok."
        if base
        else ""
    )
    told, names = compared(economy, VERDICT)
    return words.say(
        economy,
        words.SUPPORT,
        "W województwie {count}. Przy ich wsparciu" + when + " utworzono {jobs}." + share + told,
        count=polish.plural_form(len(own), "działa", "działają", "działa")
        + polish.NBSP
        + polish.plural(len(own), "ośrodek wsparcia", "ośrodki wsparcia", "ośrodków wsparcia")
        + " ekonomii społecznej (OWES)",
        years=polish.years(years[0], years[-1]) if years else polish.DASH,
        jobs=Number(jobs, unit=polish.plural_form(round(jobs), "miejsce pracy", "miejsca pracy", "miejsc pracy")),
        base=Number(base),
        share=words.percent(lasting / base if base else None),
        **names,
    )


def judged_centres(economy: SocialEconomy) -> list[FunnelPoint]:
    """Return the voivodeship's support centres in the funnel plot of jobs that last a year."""
    return [point for point in economy.owes_funnel.get("share_12m", ()) if point.teryt == economy.region.teryt]


def compared(economy: SocialEconomy, called: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return a sentence to add, and its names: of which own centres more or fewer jobs last than chance explains.

    Parameters
    ----------
    called
        What a verdict is called, in brackets after the name.
    """
    judged = judged_centres(economy)
    beyond = [point for point in judged if point.verdict != "within"]
    names = {"names": polish.listing(f"{point.name} ({called[point.verdict]})" for point in beyond)}
    if not judged:
        return "", names
    if not beyond:
        return " Różnice w trwałości miejsc pracy między ośrodkami mogą być dziełem przypadku.", names
    told = (
        " Trwałość miejsc pracy wyraźnie odbiega od wyniku wszystkich ośrodków razem: {names}. Tak duża różnica rzadko "
        "jest dziełem przypadku."
    )
    return told, names


def owes_table(economy: SocialEconomy) -> Table | None:
    """Return what each support centre did, all years together; None without data on support."""
    own = centres(economy)
    if not own:
        return None
    return Table(
        key="owes",
        title="Działania ośrodków wsparcia ekonomii społecznej",
        columns=(
            Column("Ośrodek (podregion)", "left"),
            Column("Godziny doradztwa"),
            Column("Utworzone PS"),
            Column("Godziny na 1 PS"),
            Column("Utworzone miejsca pracy"),
            Column("Koszt (tys. zł)"),
            Column("Koszt 1 miejsca (zł)"),
        ),
        rows=tuple(
            (
                f"{letter}. {row.name}"
                + (f" ({row.subregion})" if row.subregion and row.subregion not in row.name else ""),
                Number(row.advice_hours),
                Number(row.enterprises_created),
                Number(row.hours_per_enterprise),
                Number(row.jobs_created),
                words.thousands(row.cost_pln, unit=""),
                words.money(row.cost_per_job, unit=""),
            )
            for letter, row in own.items()
        ),
        note="Wszystkie lata razem. PS: przedsiębiorstwa społeczne. Kolejność alfabetyczna; tabela nie jest "
        "rankingiem.",
        **words.origin(economy, *words.SUPPORT),
    )


def owes_lasting_table(economy: SocialEconomy) -> Table | None:
    """Return what lasts of the jobs that each centre helped to create; None without data on support."""
    own = centres(economy)
    if not own:
        return None
    return Table(
        key="owes_lasting",
        title="Trwałość i koszt miejsc pracy utworzonych przy wsparciu OWES",
        columns=(
            Column("Ośrodek", "left"),
            Column("Starsze niż 12 mies."),
            Column("Trwa po 12 mies. (%)"),
            Column("od"),
            Column("do"),
            Column("Starsze niż 24 mies."),
            Column("Trwa po 24 mies. (%)"),
            Column("od"),
            Column("do"),
            Column("Koszt trwałego miejsca (zł)"),
        ),
        rows=tuple(
            (
                f"{letter}. {row.name}",
                Number(row.base_12m),
                *words.percent_cells(row.share_12m),
                Number(row.base_24m),
                *words.percent_cells(row.share_24m),
                words.money(row.cost_per_lasting_job, unit=""),
            )
            for letter, row in own.items()
        ),
        note="Starsze niż 12 (24) mies.: miejsca pracy, od których utworzenia minęło co najmniej 12 (24) miesiące; "
        f"tylko one są podstawą odsetka. „od” i „do”: przedział {words.confidence(economy)}. Koszt trwałego miejsca: "
        "koszt działań z lat, z których pochodzą te miejsca pracy, podzielony przez liczbę miejsc istniejących po 12 "
        "miesiącach.",
        **words.origin(economy, *words.SUPPORT),
    )


def owes_funnel_figure(economy: SocialEconomy, measure: str = "share_12m") -> Figure | None:
    """Return all support centres within the limits of chance; None where there are none, here or at all.

    Parameters
    ----------
    measure
        share_12m, share_24m or jobs_per_million.
    """
    points, limits = economy.owes_funnel.get(measure, ()), economy.owes_limits.get(measure, ())
    letters = {row.owes: letter for letter, row in centres(economy).items()}
    shown = [p for p in points if p.base is not None and p.value is not None]
    if not limits or not any(point.owes in letters for point in shown):
        return None
    look = _PLOTTED[measure]
    units = [
        funnels.Unit(
            (point.base or 0.0) * look.base_factor, (point.value or 0.0) * look.factor, letters.get(point.owes, ""),
            own=point.owes in letters,
        )
        for point in shown
    ]  # fmt: skip
    drawn = [
        funnels.Limits(
            limit.base * look.base_factor,
            limit.centre * look.factor,
            (limit.low_inner * look.factor, limit.high_inner * look.factor),
            (limit.low_outer * look.factor, limit.high_outer * look.factor),
        )
        for limit in limits
    ]
    own = [point for point in shown if point.owes in letters]
    told = [
        f"{letters[point.owes]} ({point.name}): {_value(point, measure).text}, {VERDICT[point.verdict]}"
        for point in own
    ]
    inner = words.percent(economy.choice("funnel_inner"), digits=0).text
    outer = words.percent(economy.choice("funnel_outer")).text
    key = f"owes_funnel_{measure}"
    return Figure(
        key=key,
        title=f"{look.title}: ośrodki wsparcia na tle granic przypadku",
        svg=funnels.funnel(
            units, drawn, key=key, across=look.across, up=look.up,
            names=("ośrodki z województwa", "pozostałe ośrodki", f"granice {inner}", f"granice {outer}"),
        ),
        alt=f"Wykres lejkowy {len(shown)} ośrodków wsparcia. " + "; ".join(told) + ".",
        description=f"Środek lejka: {_value(own[0], measure, centre=True).text}. Ośrodki województwa: "
        + "; ".join(told)
        + f". Liczba pozostałych ośrodków: {len(shown) - len(own)}.",
        data=Table(
            key=f"{key}_data",
            title=f"{look.title} według ośrodków",
            columns=(
                Column("Ośrodek", "left"),
                Column(look.base),
                Column(look.column),
                Column("Granica dolna 95%"),
                Column("Granica górna 95%"),
                Column("Ocena", "left"),
            ),
            rows=tuple(_funnel_row(point, measure) for point in _alphabetical(shown)),
            highlight=tuple(i for i, point in enumerate(_alphabetical(shown)) if point.owes in letters),
            synthetic=economy.made_up(*words.SUPPORT),
        ),
        source=words.source(economy, *words.SUPPORT),
        note=f"Linia przerywana: wynik wszystkich ośrodków razem. Różnica między nim a wynikiem ośrodka w granicach "
        f"{inner} może być dziełem przypadku. Im mniej miejsc pracy lub środków, tym szersze granice. "
        + _dispersion(shown[0]),
    )  # fmt: skip


def _dispersion(point: FunnelPoint) -> str:
    if not point.adjusted:
        return "Zróżnicowanie wyników nie jest większe niż losowe, dlatego granic nie poszerzono."
    return (
        "Ośrodki różnią się między sobą bardziej niż losowo (współczynnik rozproszenia "
        f"{Number(point.dispersion, digits=2).text}), dlatego granice odpowiednio poszerzono."
    )


def _alphabetical(points: list[FunnelPoint]) -> list[FunnelPoint]:
    return sorted(points, key=lambda point: (point.teryt, point.name))


def _value(point: FunnelPoint, measure: str, *, centre: bool = False) -> Number:
    look = _PLOTTED[measure]
    value = point.centre if centre else point.value
    unit = "%" if look.factor == 100.0 else ""
    return Number(None if value is None else round(value * look.factor, 6), digits=look.digits, unit=unit)


def _funnel_row(point: FunnelPoint, measure: str) -> tuple[str | Number, ...]:
    look = _PLOTTED[measure]
    numbers = [(point.value, look.factor), (point.low_inner, look.factor), (point.high_inner, look.factor)]
    base = None if point.base is None else point.base * look.base_factor
    return (
        point.name,
        Number(base, digits=0 if look.factor == 100.0 else 1),
        *(Number(None if v is None else round(v * f, 6), digits=look.digits) for v, f in numbers),
        VERDICT[point.verdict],
    )


def owes_note(economy: SocialEconomy) -> Note | None:
    """Return how to read the funnel plots and what the data do not say; None without data on support."""
    if not economy.owes:
        return None
    return Note(
        title="Jak czytać wykresy lejkowe.",
        text="Ośrodków nie szeregujemy: przy małej liczbie miejsc pracy wysoki lub niski wynik często jest dziełem "
        "przypadku. Uwagi wymagają dopiero ośrodki poza granicami. Także wtedy trzeba najpierw zapytać, czy pracują z "
        "innymi osobami i w innych warunkach oraz czy tak samo liczą miejsca pracy.",
        items=(
            "Dane pochodzą ze sprawozdań ośrodków; raport ich nie sprawdza.",
            "Raport nie ocenia spełniania standardów akredytacji: ich tekstu nie ma wśród danych.",
        ),
    )


def _sum(values: Iterable[float | None]) -> float:
    return sum(value for value in values if value is not None)
