"""What lies ahead and across: forecasts, disparities between voivodeships, the composite index."""

from __future__ import annotations

from collections import Counter

from ropsanalysis.present import figures, multiples, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.regional_diagnosis import words
from ropsanalysis.regional_diagnosis.records import Convergence, Dispersion, Forecast, Indicator
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis
from ropsanalysis.regions import find

#: Most panels on one figure of forecasts: what fits half a page.
_PANELS = 6
#: Fewest years for a before-and-after of disparities.
_MIN_YEARS = 5


def _forecasts(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, Forecast]]:
    """Return the compared indicators with a forecast, in the order of the report."""
    pairs = [(indicator, diagnosis.forecasts.get(indicator.key)) for indicator in diagnosis.compared()]
    return [(indicator, forecast) for indicator, forecast in pairs if forecast is not None and forecast.ahead]


def _horizon(diagnosis: RegionalDiagnosis) -> str:
    return polish.plural(int(diagnosis.choice("forecast_horizon")), "rok", "lata", "lat")


def forecast_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return for how many indicators there is a forecast, and why not for the others."""
    made = _forecasts(diagnosis)
    compared = diagnosis.compared()
    status = Counter(diagnosis.forecasts[i.key].status for i in compared if i.key in diagnosis.forecasts)
    return Statement.of(
        "Prognozę na {horizon} policzono dla {made} z {all} porównywanych wskaźników. Pozostałe szeregi są za "
        "krótkie ({short}), przerwane zmianą poziomu ({broken}) lub niepełne ({gaps}). Każdą prognozę sprawdzono na "
        "latach już znanych; liczba prognoz dokładniejszych od założenia, że ostatnia wartość się powtórzy („bez "
        "zmian”): {useful}. Tylko takie prognozy warto brać pod uwagę; wykres pokazuje najwyżej sześć z nich.",
        horizon=_horizon(diagnosis),
        made=Number(len(made)),
        all=Number(len(compared)),
        short=Number(status["too_short"]),
        broken=Number(status["broken"]),
        gaps=Number(status["gaps"]),
        useful=Number(sum(forecast.useful for _, forecast in made)),
    )


def forecast_figure(diagnosis: RegionalDiagnosis) -> Figure | Statement:
    """Return the forecasts that beat "no change", the headline indicators first."""
    useful = [(indicator, forecast) for indicator, forecast in _forecasts(diagnosis) if forecast.useful]
    useful = sorted(useful, key=lambda pair: not pair[0].headline)[:_PANELS]
    if not useful:
        return Statement(
            "Żadna prognoza nie okazała się dokładniejsza od założenia „bez zmian”, dlatego wykresu nie pokazujemy."
        )
    panels = [_fan(diagnosis, indicator, forecast) for indicator, forecast in useful]
    return Figure(
        key="forecasts",
        title=f"Prognozy na {_horizon(diagnosis)}: województwo {diagnosis.region.name}",
        svg=multiples.fans(panels, key="forecasts"),
        alt=f"Wykresy prognoz ({len(panels)}): {polish.listing([i.short for i, _ in useful])}.",
        description=" ".join(_fan_in_words(diagnosis, indicator, forecast) for indicator, forecast in useful),
        data=Table(
            key="forecasts_data",
            title="Prognozy z przedziałami",
            columns=(
                Column("Wskaźnik", "left"),
                Column("Rok"),
                Column("Prognoza"),
                Column("80% od"),
                Column("80% do"),
                Column("95% od"),
                Column("95% do"),
            ),
            rows=tuple(
                (
                    words.with_unit(indicator),
                    str(year.year),
                    *(words.cell(indicator, number) for number in year[1:]),
                )
                for indicator, forecast in useful
                for year in forecast.ahead
            ),
        ),
        source=words.source_of([indicator for indicator, _ in useful]),
        note="Przedział 80% powinien objąć 8 na 10 przyszłych wartości, a przedział 95% – 19 na 20, jeżeli wartości "
        "będą się zmieniać tak jak dotychczas.",
    )


def _fan(diagnosis: RegionalDiagnosis, indicator: Indicator, forecast: Forecast) -> multiples.Fan:
    start = max(indicator.breaks, default=0)
    past = [(o.year, o.value) for o in diagnosis.observed(indicator) if o.value is not None and o.year >= start]
    return multiples.Fan(
        title=indicator.short,
        unit=indicator.unit,
        digits=indicator.digits,
        years=tuple(year for year, _ in past),
        values=tuple(value for _, value in past),
        ahead=tuple(year.year for year in forecast.ahead),
        mean=tuple(year.mean for year in forecast.ahead),
        low80=tuple(year.low80 for year in forecast.ahead),
        high80=tuple(year.high80 for year in forecast.ahead),
        low95=tuple(year.low95 for year in forecast.ahead),
        high95=tuple(year.high95 for year in forecast.ahead),
    )


def _fan_in_words(diagnosis: RegionalDiagnosis, indicator: Indicator, forecast: Forecast) -> str:
    last, now = forecast.ahead[-1], diagnosis.latest(indicator)
    mean, low, high = (words.value(indicator, number).text for number in (last.mean, last.low80, last.high80))
    today = f"{words.value(indicator, now.value).text} w {now.year}{polish.NBSP}r., " if now else ""
    return (
        f"{words.with_unit(indicator)}: {today}prognoza na {last.year}{polish.NBSP}r. {mean}, przedział 80% od {low} "
        f"do {high}."
    )


def forecast_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return every forecast for the last year ahead with its error on years already known."""
    made = _forecasts(diagnosis)
    rows = []
    for indicator, forecast in made:
        last, now = forecast.ahead[-1], diagnosis.latest(indicator)
        error = max(indicator.digits, 1)
        rows.append(
            (
                indicator.short,
                str(forecast.last_year),
                words.cell(indicator, now.value if now else None),
                str(last.year),
                words.cell(indicator, last.mean),
                words.cell(indicator, last.low80),
                words.cell(indicator, last.high80),
                Number(forecast.error, digits=error),
                Number(forecast.naive_error, digits=error),
                "tak" if forecast.useful else "nie",
            )
        )
    return Table(
        key="forecasts",
        title=f"Prognozy i ich błąd na latach już znanych: województwo {diagnosis.region.name}",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Wartość"),
            Column("Rok prognozy"),
            Column("Prognoza"),
            Column("80% od"),
            Column("80% do"),
            Column("Błąd prognozy"),
            Column("Błąd „bez zmian”"),
            Column("Lepsza?", "left"),
        ),
        rows=tuple(rows),
        source=words.source_of([indicator for indicator, _ in made]),
        note=(
            "„80% od” i „80% do”: granice przedziału, który powinien objąć 8 na 10 przyszłych wartości; przycięto je "
            "do wartości możliwych. Błąd, w jednostce wskaźnika: o ile przeciętnie prognoza na rok, dwa lub trzy lata "
            "różniła się od wartości rzeczywistej. „Bez zmian”: założenie, że ostatnia wartość się powtórzy. "
            "„Lepsza”: błąd prognozy mniejszy niż błąd tego założenia."
        ),
    )


def _dispersions(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, Dispersion, Dispersion]]:
    """Return the first and last year of each compared indicator since its level last changed."""
    found = []
    for indicator in diagnosis.compared():
        start = max(indicator.breaks, default=0)
        series = [d for d in diagnosis.dispersions.get(indicator.key, ()) if d.year >= start]
        if len(series) >= _MIN_YEARS:
            found.append((indicator, series[0], series[-1]))
    return found


def _cv(dispersion: Dispersion) -> float:
    """Return the coefficient that the verdict on convergence rests on: weighted where population is known."""
    return dispersion.cv if dispersion.cv_weighted is None else dispersion.cv_weighted


def dispersion_figure(diagnosis: RegionalDiagnosis) -> Figure:
    """Return how far apart the voivodeships were and are, indicator by indicator."""
    found = _dispersions(diagnosis)
    changes = [figures.Change(indicator.short, 100 * _cv(a), 100 * _cv(b)) for indicator, a, b in found]
    less = [change.label for change in changes if change.after < change.before]
    return Figure(
        key="dispersion",
        title="Zróżnicowanie województw: pierwszy i ostatni rok szeregu",
        svg=figures.dumbbells(
            changes, key="dispersion", label="współczynnik zmienności między województwami, ważony ludnością (%)"
        ),
        alt=f"Współczynnik zmienności {len(changes)} wskaźników w pierwszym i ostatnim roku; zmalał w {len(less)}.",
        description="Im mniejszy współczynnik zmienności, tym bardziej województwa są do siebie podobne. "
        f"Wskaźniki, których zróżnicowanie zmalało: {polish.listing(less) or 'brak'}.",
        data=Table(
            key="dispersion_data",
            title="Współczynnik zmienności (%)",
            columns=(
                Column("Wskaźnik", "left"),
                Column("Lata", "left"),
                Column("Pierwszy rok"),
                Column("Ostatni rok"),
                Column("Ostatni rok, bez wag"),
            ),
            rows=tuple(
                (
                    indicator.short,
                    polish.years(first.year, last.year),
                    Number(100 * _cv(first), digits=1),
                    Number(100 * _cv(last), digits=1),
                    Number(100 * last.cv, digits=1),
                )
                for indicator, first, last in found
            ),
        ),
        source=words.source_of([indicator for indicator, _, _ in found]),
        note="Współczynnik zmienności: odchylenie standardowe województw jako procent ich średniej, ważone ludnością. "
        "Ocena w tabeli opiera się na wszystkich latach, dlatego może być inna niż wynik porównania dwóch lat. "
        "Szeregi od ostatniej zmiany poziomu, mające co najmniej pięć lat.",
    )


_VERDICT = {
    "converging": "różnice względne maleją",
    "diverging": "różnice względne rosną",
    "unclear": "brak wyraźnego kierunku",
}


def _convergence(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, Convergence]]:
    pairs = [(indicator, diagnosis.convergence.get(indicator.key)) for indicator in diagnosis.compared()]
    return [(indicator, found) for indicator, found in pairs if found is not None and found.beta is not None]


def convergence_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return in how many indicators the voivodeships draw nearer to one another."""
    verdicts = Counter(found.verdict for _, found in _convergence(diagnosis))
    return Statement.of(
        "Czy województwa upodabniają się do siebie? Spośród {n} wskaźników o wystarczająco długich szeregach różnice "
        "między województwami, mierzone względem średniej, wyraźnie maleją w {closer} (upodabniają się), wyraźnie "
        "rosną w {apart} (oddalają się), a kierunek jest niejednoznaczny w {unclear}. Gdy maleje sama średnia, różnice "
        "względne mogą rosnąć, choć różnice w jednostkach wskaźnika maleją.",
        n=Number(verdicts.total()),
        closer=words.in_so_many(verdicts["converging"]),
        apart=words.in_so_many(verdicts["diverging"]),
        unclear=words.in_so_many(verdicts["unclear"]),
    )


def _probability(p: float | None) -> Number | str:
    """Return a p-value; a very small one is not printed as zero."""
    return "< 0,001" if p is not None and p < 0.001 else Number(p, digits=3)


def convergence_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return beta and sigma convergence by indicator."""
    rows = _convergence(diagnosis)
    return Table(
        key="convergence",
        title="Zmiana zróżnicowania między województwami",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Lata", "left"),
            Column("β"),
            Column("p (β)"),
            Column("Zmiana CV rocznie (p.p.)"),
            Column("p (CV)"),
            Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                indicator.short,
                polish.years(found.first_year, found.last_year),
                Number(found.beta, digits=3, signed=True),
                _probability(found.p_value),
                Number(None if found.sigma_slope is None else 100 * found.sigma_slope, digits=2, signed=True),
                _probability(found.sigma_p),
                _VERDICT[found.verdict],
            )
            for indicator, found in rows
        ),
        source=words.source_of([indicator for indicator, _ in rows]),
        note=(
            "CV: współczynnik zmienności, czyli odchylenie standardowe jako procent średniej; jego ujemna zmiana "
            "oznacza, że różnice między województwami względem średniej maleją. Ujemne β: wskaźnik rósł szybciej (lub "
            "malał wolniej) tam, gdzie na początku był niższy. p: prawdopodobieństwo, że tak wyraźny wynik dałby sam "
            "przypadek. Ocena opiera się wyłącznie na trendzie CV i wymaga p (CV) poniżej 0,05."
            + (" Obliczenia ważone ludnością." if any(found.weighted for _, found in rows) else "")
        ),
    )


def index_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return the region's composite index with the interval of its rank."""
    own = diagnosis.own_index()
    if own is None:
        return Statement("Wskaźnika złożonego nie policzono: dla województwa brakuje zbyt wielu jego składowych.")
    ordered = sorted(own.sections, key=lambda key: own.sections[key])
    return Statement.of(
        "Wskaźnik złożony województwa {region} wynosi {score} pkt na 100, co daje {rank}.{nbsp}miejsce w kraju. Przy "
        "innych sposobach sprowadzania wskaźników do wspólnej skali, innych wagach, sposobach łączenia i zestawach "
        "wskaźników w 90% wariantów jest to miejsce od {low}. do {high}. Najwyżej wypada dziedzina „{best}” "
        "({best_score} pkt), najniżej „{worst}” ({worst_score} pkt).",
        region=diagnosis.region.genitive,
        score=Number(own.score, digits=1),
        rank=Number(own.rank),
        low=Number(own.low),
        high=Number(own.high),
        best=diagnosis.sections[ordered[-1]],
        best_score=Number(own.sections[ordered[-1]], digits=1),
        worst=diagnosis.sections[ordered[0]],
        worst_score=Number(own.sections[ordered[0]], digits=1),
        nbsp=polish.NBSP,
    )


def index_figure(diagnosis: RegionalDiagnosis) -> Figure:
    """Return the rank of every voivodeship with its interval."""
    bars = [
        figures.Interval(find(s.teryt).name, s.rank, s.low, s.high, diagnosis.role(s.teryt)) for s in diagnosis.index
    ]
    own = next((bar for bar in bars if bar.role == "region"), None)
    where = f"; {own.label} {own.point:.0f}., od {own.low:.0f}. do {own.high:.0f}." if own else "."
    return Figure(
        key="index",
        title="Wskaźnik złożony: miejsca województw i ich niepewność",
        svg=figures.intervals(
            bars, key="index", label="miejsce (1 = najkorzystniejsze); kreska: 90% wariantów obliczeń"
        ),
        alt=f"Miejsca województw według wskaźnika złożonego z przedziałem{where}",
        description="Kolejność według wskaźnika złożonego: "
        + "; ".join(f"{b.label} {b.point:.0f}. (od {b.low:.0f}. do {b.high:.0f}.)" for b in bars)
        + ".",
        data=Table(
            key="index_data",
            title="Miejsca województw i przedziały miejsc",
            columns=(Column("Województwo", "left"), Column("Miejsce"), Column("Od"), Column("Do")),
            rows=tuple((b.label, Number(b.point), Number(b.low), Number(b.high)) for b in bars),
            highlight=tuple(index for index, bar in enumerate(bars) if bar.role == "region"),
        ),
        source=words.source_of(list(diagnosis.indicators.values())),
        note="Długa kreska oznacza, że miejsce silnie zależy od przyjętego sposobu liczenia. Kolor niebieski: "
        "województwa podobne.",
    )


#: Chapter titles that fit the head of a narrow column.
_SHORT_SECTIONS = {
    "poverty": "Ubóstwo i pomoc",
    "services": "Usługi i reintegr.",
    "civil_society": "Społ. obywat.",
    "housing": "Mieszkania",
    "labour": "Praca i niepełn.",
    "families": "Rodziny",
}


def index_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return the scores of all voivodeships, in all and by chapter."""
    sections = [key for key in diagnosis.sections if diagnosis.index and key in diagnosis.index[0].sections]
    titles = polish.listing([f"„{diagnosis.sections[key]}”" for key in sections])
    return Table(
        key="index",
        title="Wskaźnik złożony według dziedzin (0–100)",
        columns=(
            Column("Województwo", "left"),
            Column("Miejsce"),
            Column("Wynik"),
            *(Column(_SHORT_SECTIONS[key]) for key in sections),
        ),
        rows=tuple(
            (
                find(score.teryt).name,
                Number(score.rank),
                Number(score.score, digits=1),
                *(Number(score.sections[key], digits=1) for key in sections),
            )
            for score in diagnosis.index
        ),
        source=words.source_of(list(diagnosis.indicators.values())),
        note="We wskaźniku 0 oznacza najmniej korzystną, a 100 najkorzystniejszą wartość wśród województw; wynik "
        f"dziedziny jest średnią jej wskaźników. Dziedziny w kolejności kolumn: {titles}.",
        highlight=tuple(n for n, score in enumerate(diagnosis.index) if score.teryt == diagnosis.region.teryt),
    )
