"""The opening of the report: cover, key findings, spine chart, strengths, weaknesses and watch-list."""

from __future__ import annotations

import math
from typing import Any

from ropsanalysis.present import figures, polish
from ropsanalysis.present.blocks import Column, Cover, Figure, Number, Points, Statement, Table
from ropsanalysis.present.regional_diagnosis import words
from ropsanalysis.regional_diagnosis.records import Indicator, Position
from ropsanalysis.regional_diagnosis.view import Listed, RegionalDiagnosis
from ropsanalysis.regions import REGIONS

#: The indicator that every key finding starts with: the office's own field of work.
ASSISTANCE = "1.B.1"


def cover(diagnosis: RegionalDiagnosis) -> Cover:
    """Return the title page."""
    first, last = diagnosis.span()
    compared = len(diagnosis.compared())
    sources = polish.listing(list(dict.fromkeys(i.source for i in diagnosis.indicators.values())))
    return Cover(
        report="regional_diagnosis",
        title="Diagnoza sytuacji regionalnej",
        subtitle=f"Województwo {diagnosis.region.name}",
        teryt=diagnosis.region.teryt,
        region=diagnosis.region.name,
        centre=diagnosis.region.centre,
        edition=diagnosis.edition,
        facts=(
            ("Kod TERYT", diagnosis.region.teryt),
            ("Zakres danych", f"lata {polish.years(first, last)}"),
            (
                "Podstawa porównań",
                f"{polish.plural(compared, 'wskaźnik', 'wskaźniki', 'wskaźników')}, 16 województw i Polska",
            ),
            ("Województwa podobne", polish.listing([peer.name for peer in diagnosis.peers])),
            ("Źródła danych", sources),
        ),
        synthetic=diagnosis.synthetic,
    )


def key_findings(diagnosis: RegionalDiagnosis) -> Points:
    """Return what a director should know after half a minute."""
    found = [
        _balance(diagnosis),
        _assistance(diagnosis),
        _extremes(diagnosis, "strength"),
        _extremes(diagnosis, "weakness"),
        watch_list_summary(diagnosis),
        _falling_behind(diagnosis),
        _trends(diagnosis),
        _index(diagnosis),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _directed(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, Position]]:
    """Return the compared indicators for which one direction is the better one."""
    pairs = [(i, diagnosis.position(i)) for i in diagnosis.compared() if i.direction != "neutral"]
    return [(indicator, position) for indicator, position in pairs if position is not None]


def _balance(diagnosis: RegionalDiagnosis) -> Statement:
    standings = [position.standing for _, position in _directed(diagnosis)]
    known = [s for s in standings if s != "unknown"]

    return Statement.of(
        "Na tle Polski: województwo {region} oceniono na podstawie {n} wskaźników o ustalonym korzystnym kierunku; "
        "korzystniej niż w kraju – {better}, podobnie – {similar}, mniej korzystnie – {worse}.",
        n=Number(len(known)),
        region=diagnosis.region.name,
        better=words.in_so_many(known.count("better")),
        similar=words.in_so_many(known.count("similar")),
        worse=words.in_so_many(known.count("worse")),
    )


def _assistance(diagnosis: RegionalDiagnosis) -> Statement | None:
    indicator = diagnosis.indicators[ASSISTANCE]
    position = diagnosis.position(indicator)
    if position is None or position.value is None:
        return None
    before = diagnosis.value(indicator, position.year - 1)
    change = None if before is None else position.value - before
    return Statement.of(
        "Pomoc społeczna: w {year}\u00a0r. ze świadczeń korzystało w województwie {value} osoby na 10\u00a0tys. "
        "mieszkańców, w Polsce {poland} osoby ({place}; 1.\u00a0miejsce oznacza najniższą wartość, co nie musi "
        "oznaczać najmniejszych potrzeb). Zmiana względem poprzedniego roku: {change} na 10\u00a0tys. mieszkańców.",
        tone=words.tone(position),
        year=str(position.year),
        value=words.value(indicator, position.value),
        poland=words.value(indicator, position.poland),
        place=words.place_in_words(indicator, position),
        change=words.difference(indicator, change),
    )


def _extremes(diagnosis: RegionalDiagnosis, kind: str) -> Statement | None:
    listed = diagnosis.listed(kind)[:3]
    if not listed:
        return None
    parts: dict[str, Any] = {}
    phrases = []
    for number, item in enumerate(listed):
        parts |= {
            f"name{number}": polish.lower_first(item.indicator.short),
            f"unit{number}": words.unit_and_year(item.indicator, item.position.year),
            f"value{number}": words.value(item.indicator, item.position.value),
            f"poland{number}": words.value(item.indicator, item.position.poland),
            f"place{number}": words.place(item.position),
        }
        phrases.append(
            f"{{name{number}}} ({{unit{number}}}: {{value{number}}} wobec {{poland{number}}} w Polsce, "
            f"{{place{number}}}{polish.NBSP}miejsce)"
        )
    opening = "Najkorzystniej na tle kraju: " if kind == "strength" else "Najmniej korzystnie na tle kraju: "
    return Statement.of(opening + polish.listing(phrases) + ".", tone="good" if kind == "strength" else "bad", **parts)


def watch_list_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return the watch-list in one sentence."""
    listed = diagnosis.listed("watch")
    if not listed:
        return Statement(
            "Lista ostrzegawcza jest pusta: wśród wskaźników, których trend można ocenić, nie ma takiego, który byłby "
            "wyraźnie mniej korzystny niż w Polsce, a zarazem wyraźnie się pogarszał.",
            tone="good",
        )
    names = polish.listing([polish.lower_first(item.indicator.short) for item in listed])
    return Statement.of(
        "Lista ostrzegawcza (wartość mniej korzystna niż w Polsce i wyraźne pogorszenie): {names}.",
        tone="bad",
        names=names,
    )


def _falling_behind(diagnosis: RegionalDiagnosis) -> Statement | None:
    listed = diagnosis.listed("falling_behind")
    if not listed:
        return None
    names = polish.listing([polish.lower_first(item.indicator.short) for item in listed])
    return Statement.of(
        "Rosnący dystans do Polski (wartość mniej korzystna niż krajowa i coraz bardziej od niej odległa): {names}.",
        tone="bad",
        names=names,
    )


def _trends(diagnosis: RegionalDiagnosis) -> Statement:
    markers = [diagnosis.trend(indicator).marker for indicator, _ in _directed(diagnosis)]
    judged = [marker for marker in markers if marker != "too_short"]
    return Statement.of(
        "Kierunek zmian (spośród {n} wskaźników o wystarczająco długich szeregach): poprawa – {up}, "
        "pogorszenie – {down}, brak wyraźnej zmiany – {flat}.",
        n=Number(len(judged)),
        up=words.in_so_many(judged.count("improving")),
        down=words.in_so_many(judged.count("worsening")),
        flat=words.in_so_many(judged.count("no_clear_change")),
    )


def _index(diagnosis: RegionalDiagnosis) -> Statement | None:
    own = diagnosis.own_index()
    if own is None:
        return None
    return Statement.of(
        "Wskaźnik złożony: {score} pkt na 100 i {rank}.{nbsp}miejsce w kraju; w 90% wariantów liczonych innymi, "
        "równie uzasadnionymi sposobami miejsca od {low}. do {high}.",
        score=Number(own.score, digits=1),
        rank=Number(own.rank),
        low=Number(own.low),
        high=Number(own.high),
        nbsp=polish.NBSP,
    )


def peer_group(diagnosis: RegionalDiagnosis) -> Statement:
    """Return which voivodeships are most similar, and by what."""
    return Statement.of(
        "W tabelach rozdziałów i na wykresach przebiegu w latach obok Polski pokazujemy województwa najbardziej "
        "podobne pod względem struktury: {peers}. Podobieństwo mierzymy udziałem ludności miast, gęstością "
        "zaludnienia, liczbą ludności i jej zmianą oraz dochodem na osobę. Z tych cech raport ocenia tylko dochód.",
        peers=polish.listing([peer.name for peer in diagnosis.peers]),
    )


def spine_chart(diagnosis: RegionalDiagnosis) -> Figure:
    """Return the region against Poland on every indicator that has a better direction."""
    pairs = _directed(diagnosis)
    rows = [_spine_row(diagnosis, indicator, position) for indicator, position in pairs]
    data = Table(
        key="spine_data",
        title="Województwo na tle Polski",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Odległość (odch. stand.)"),
            Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                words.with_unit(indicator),
                str(position.year),
                words.cell(
                    indicator,
                    position.value,
                    missing=words.missing_reason(diagnosis, indicator, position.year),
                ),
                words.cell(indicator, position.poland),
                Number(position.z, digits=2, signed=True),
                words.STANDING[position.standing],
            )
            for indicator, position in pairs
        ),
    )
    worse = [i.short for i, p in pairs if p.standing == "worse"]
    better = [i.short for i, p in pairs if p.standing == "better"]
    alt = (
        f"Położenie województwa {diagnosis.region.genitive} względem Polski w {len(rows)} wskaźnikach: "
        f"korzystniej w {len(better)}, mniej korzystnie w {len(worse)}."
    )
    description = (
        "Każdy wiersz to jeden wskaźnik. Pionowa linia oznacza Polskę, szare kropki pozostałe województwa, a znak "
        "wyróżniony kolorem województwo, którego dotyczy raport; im dalej w prawo, tym korzystniej. "
        f"Korzystniej niż w Polsce: {polish.listing(better) or 'żaden wskaźnik'}. "
        f"Mniej korzystnie: {polish.listing(worse) or 'żaden wskaźnik'}."
    )
    return Figure(
        key="spine",
        title=f"Województwo {diagnosis.region.name} na tle Polski i pozostałych województw",
        svg=figures.spine(rows, key="spine", region=f"woj. {diagnosis.region.name}"),
        alt=alt,
        description=description,
        data=data,
        source=words.source_of([i for i, _ in pairs]),
        note=(
            f"Dane za ostatni rok, w którym wartość ma co najmniej {diagnosis.choice('min_regions'):.0f} województw. "
            "Odchylenie standardowe to typowa "
            "odległość województw od ich średniej. „Podobnie” oznacza różnicę nie większą niż "
            f"{Number(diagnosis.choice('similarity_band_sd'), digits=2).text} odchylenia. Na "
            "wykresie wartości skrajne przycięto do ±3,2 odchylenia."
        ),
    )


def _spine_row(diagnosis: RegionalDiagnosis, indicator: Indicator, position: Position) -> figures.SpineRow:
    others = [diagnosis.position(indicator, r.teryt) for r in REGIONS if r.teryt != diagnosis.region.teryt]
    return figures.SpineRow(
        label=indicator.short,
        region=math.nan if position.z is None else position.z,
        others=tuple(math.nan if p is None or p.z is None else p.z for p in others),
        standing=position.standing,
        value=words.value(indicator, position.value).text,
        poland=words.value(indicator, position.poland).text,
    )


def watch_list(diagnosis: RegionalDiagnosis) -> Table | Statement:
    """Return the indicators that are worse than Poland and getting worse, or a sentence that there are none."""
    listed = diagnosis.listed("watch")
    return _listing(listed, key="watch_list", title="Lista ostrzegawcza") if listed else watch_list_summary(diagnosis)


def falling_behind(diagnosis: RegionalDiagnosis) -> Table | Statement:
    """Return the indicators that are worse than Poland and losing ground against it, or that there are none."""
    listed = diagnosis.listed("falling_behind")
    if not listed:
        return Statement(
            "Poza listą ostrzegawczą żaden wskaźnik mniej korzystny niż w Polsce nie oddala się wyraźnie od wartości "
            "krajowej."
        )
    return Table(
        key="falling_behind",
        title="Rosnący dystans do Polski",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Polska = 100"),
            Column("Zmiana rocznie (pkt)"),
            Column("Lata", "left"),
        ),
        rows=tuple(_gap_row(diagnosis, item) for item in listed),
        source=words.source_of([item.indicator for item in listed]),
        note="„Polska = 100”: wartość województwa jako procent wartości dla Polski. Zmiana: o ile punktów rocznie "
        "przeciętnie zmieniał się ten procent w podanych latach.",
    )


def _gap_row(diagnosis: RegionalDiagnosis, item: Listed) -> tuple[str | Number, ...]:
    indicator, position = item.indicator, item.position
    trend = diagnosis.relative_trends[indicator.key, diagnosis.region.teryt]
    level = None if position.value is None or not position.poland else 100 * position.value / position.poland
    span = (
        "" if trend.first_year is None or trend.last_year is None else polish.years(trend.first_year, trend.last_year)
    )
    return (
        words.with_unit(indicator),
        str(position.year),
        words.cell(indicator, position.value),
        words.cell(indicator, position.poland),
        Number(level, digits=1),
        Number(trend.slope, digits=1, signed=True),
        span,
    )


def strengths_and_weaknesses(diagnosis: RegionalDiagnosis, kind: str) -> Table | Statement:
    """Return the strengths (`strength`) or weaknesses (`weakness`) with their numbers."""
    listed = diagnosis.listed(kind)
    title = "Mocne strony" if kind == "strength" else "Słabe strony"
    if not listed:
        end = "najlepszych miejsc i wypada korzystniej" if kind == "strength" else "ostatnich miejsc i wypada słabiej"
        return Statement(
            f"{title}: brak wskaźników, w których województwo zajmuje jedno z "
            f"{diagnosis.choice('extreme_ranks'):.0f} {end} niż Polska."
        )
    return _listing(listed, key=kind, title=f"{title} województwa {diagnosis.region.genitive}")


def _listing(listed: list[Listed], *, key: str, title: str) -> Table:
    return Table(
        key=key,
        title=title,
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Różnica"),
            Column("Miejsce"),
            Column("Trend", "left"),
        ),
        rows=tuple(
            (
                words.with_unit(item.indicator),
                str(item.position.year),
                words.cell(item.indicator, item.position.value),
                words.cell(item.indicator, item.position.poland),
                words.difference(item.indicator, item.position.difference),
                words.place(item.position),
                words.TREND[item.trend.marker],
            )
            for item in listed
        ),
        source=words.source_of([item.indicator for item in listed]),
    )
