"""What lies ahead and across: forecasts, disparities between voivodeships, the composite index."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from ropsanalysis.present import figures, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.regional_diagnosis import words
from ropsanalysis.present.regional_diagnosis.findings import index_row
from ropsanalysis.regional_diagnosis.view import Indicator, RegionalDiagnosis
from ropsanalysis.regions import find

#: Most panels on one figure of forecasts: what fits half a page.
_PANELS = 6


class _Forecast(NamedTuple):
    """A forecast with its back-test errors, both in the indicator's unit."""

    indicator: Indicator
    ahead: pd.DataFrame
    last_year: int
    error: float
    naive_error: float

    @property
    def useful(self) -> bool:
        """Whether it beat "nothing will change" on years already known."""
        return self.error < self.naive_error


def _forecasts(diagnosis: RegionalDiagnosis) -> list[_Forecast]:
    quality, ahead = diagnosis.tables.forecast_quality, diagnosis.tables.forecasts
    own = quality[(quality["teryt"] == diagnosis.region.teryt) & (quality["status"] == "ok")].set_index("indicator")
    rows = ahead[ahead["teryt"] == diagnosis.region.teryt]
    found = []
    for indicator in diagnosis.indicators.values():
        if indicator.key in own.index and indicator.comparable and not indicator.is_variant:
            judged = own.loc[indicator.key]
            found.append(
                _Forecast(
                    indicator=indicator,
                    ahead=rows[rows["indicator"] == indicator.key].sort_values("year"),
                    last_year=int(judged["last_year"]),
                    error=float(judged["mae"]),
                    naive_error=float(judged["mae_naive"]),
                )
            )
    return found


def forecast_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return for how many indicators there is a forecast, and why not for the others."""
    made = _forecasts(diagnosis)
    useful = [forecast for forecast in made if forecast.useful]
    status = diagnosis.tables.forecast_quality
    own = status[status["teryt"] == diagnosis.region.teryt].set_index("indicator")["status"]
    compared = [i.key for i in diagnosis.compared()]
    refused = own[own.index.isin(compared)]
    return Statement.of(
        "Prognozę na trzy lata policzono dla {made} z {all} porównywanych wskaźników. Pozostałe szeregi są za "
        "krótkie ({short}), przerwane zmianą metody ({broken}) lub niepełne ({gaps}). W próbie wstecznej, czyli na "
        "latach już znanych, prognoza okazała się dokładniejsza od założenia „bez zmian” dla {useful} wskaźników; "
        "tylko te prognozy warto brać pod uwagę i tylko one są na wykresie.",
        made=Number(len(made)),
        all=Number(len(compared)),
        short=Number(int((refused == "too_short").sum())),
        broken=Number(int((refused == "broken").sum())),
        gaps=Number(int((refused == "gaps").sum())),
        useful=Number(len(useful)),
    )


def forecast_figure(diagnosis: RegionalDiagnosis) -> Figure | Statement:
    """Return the forecasts that beat "no change", the headline indicators first."""
    useful = [forecast for forecast in _forecasts(diagnosis) if forecast.useful]
    useful = sorted(useful, key=lambda forecast: not forecast.indicator.headline)[:_PANELS]
    if not useful:
        return Statement(
            "Żadna prognoza nie okazała się dokładniejsza od założenia „bez zmian”, dlatego wykresu nie pokazujemy."
        )
    panels = [_fan(diagnosis, forecast) for forecast in useful]
    rows = [row for forecast in useful for row in _ahead_rows(forecast)]
    return Figure(
        key="forecasts",
        title=f"Prognozy na trzy lata: województwo {diagnosis.region.name}",
        svg=figures.fans(panels, key="forecasts"),
        alt=f"Wykresy prognoz ({len(panels)}): {polish.listing([f.indicator.short for f in useful])}.",
        description=" ".join(_fan_in_words(diagnosis, forecast) for forecast in useful),
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
            rows=tuple(rows),
        ),
        source=words.source_of([f.indicator for f in useful]),
        note="Przedział 80% (95%) powinien objąć 8 na 10 (19 na 20) przyszłych wartości, jeśli dotychczasowy "
        "sposób zmian się utrzyma.",
    )


def _fan(diagnosis: RegionalDiagnosis, forecast: _Forecast) -> figures.Fan:
    indicator, ahead = forecast.indicator, forecast.ahead
    past = [o for o in diagnosis.observed(indicator) if o.value is not None and o.year >= _start(indicator)]
    return figures.Fan(
        title=indicator.short,
        unit=indicator.unit,
        digits=indicator.digits,
        years=tuple(o.year for o in past),
        values=tuple(o.value for o in past if o.value is not None),
        ahead=tuple(int(year) for year in ahead["year"]),
        mean=tuple(ahead["mean"]),
        low80=tuple(ahead["low80"]),
        high80=tuple(ahead["high80"]),
        low95=tuple(ahead["low95"]),
        high95=tuple(ahead["high95"]),
    )


def _start(indicator: Indicator) -> int:
    return max(indicator.breaks, default=0)


def _ahead_rows(forecast: _Forecast) -> list[tuple[str | Number, ...]]:
    columns = ("mean", "low80", "high80", "low95", "high95")
    return [
        (
            words.with_unit(forecast.indicator),
            str(int(row["year"])),
            *(words.cell(forecast.indicator, float(row[column])) for column in columns),
        )
        for _, row in forecast.ahead.iterrows()
    ]


def _fan_in_words(diagnosis: RegionalDiagnosis, forecast: _Forecast) -> str:
    indicator, last = forecast.indicator, forecast.ahead.iloc[-1]
    now = words.value(indicator, diagnosis.value(indicator, forecast.last_year)).text
    mean, low, high = (words.value(indicator, float(last[name])).text for name in ("mean", "low80", "high80"))
    return (
        f"{indicator.short} ({indicator.unit}): {now} w {forecast.last_year}{polish.NBSP}r., prognoza na "
        f"{int(last['year'])}{polish.NBSP}r. {mean}, przedział 80% od {low} do {high}."
    )


def forecast_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return every forecast for the last year ahead with its error on years already known."""
    rows = []
    made = _forecasts(diagnosis)
    for forecast in made:
        indicator, last = forecast.indicator, forecast.ahead.iloc[-1]
        rows.append(
            (
                words.with_unit(indicator),
                str(forecast.last_year),
                words.cell(indicator, diagnosis.value(indicator, forecast.last_year)),
                str(int(last["year"])),
                words.cell(indicator, float(last["mean"])),
                words.cell(indicator, float(last["low80"])),
                words.cell(indicator, float(last["high80"])),
                Number(forecast.error, digits=max(indicator.digits, 1)),
                Number(forecast.naive_error, digits=max(indicator.digits, 1)),
                "tak" if forecast.useful else "nie",
            )
        )
    return Table(
        key="forecasts",
        title=f"Prognozy i ich błąd w próbie wstecznej: województwo {diagnosis.region.name}",
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
        source=words.source_of([f.indicator for f in made]),
        note=(
            "Błąd to średnia bezwzględna różnica między prognozą a wartością rzeczywistą dla lat już znanych "
            "(horyzont od roku do trzech lat). „Bez zmian” zakłada, że ostatnia wartość się powtórzy."
        ),
    )


def _dispersion_rows(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, pd.Series, pd.Series]]:
    rows = []
    for indicator in diagnosis.compared():
        table = diagnosis.tables.disparities
        own = table[(table["indicator"] == indicator.key) & table["cv"].notna()].sort_values("year")
        own = own[own["year"] >= _start(indicator)]
        if len(own) >= 5:
            rows.append((indicator, own.iloc[0], own.iloc[-1]))
    return rows


def dispersion_figure(diagnosis: RegionalDiagnosis) -> Figure:
    """Return how far apart the voivodeships were and are, indicator by indicator."""
    rows = _dispersion_rows(diagnosis)
    changes = [figures.Change(i.short, 100 * float(a["cv"]), 100 * float(b["cv"])) for i, a, b in rows]
    less = [i.short for (i, _, _), change in zip(rows, changes, strict=True) if change.after < change.before]
    return Figure(
        key="dispersion",
        title="Zróżnicowanie województw: pierwszy i ostatni rok szeregu",
        svg=figures.dumbbells(changes, key="dispersion", label="współczynnik zmienności między województwami (%)"),
        alt=f"Współczynnik zmienności {len(changes)} wskaźników w pierwszym i ostatnim roku; zmalał w {len(less)}.",
        description="Im mniejszy współczynnik zmienności, tym bardziej województwa są do siebie podobne. "
        f"Zróżnicowanie zmalało dla: {polish.listing(less) or 'żadnego wskaźnika'}.",
        data=Table(
            key="dispersion_data",
            title="Współczynnik zmienności (%)",
            columns=(
                Column("Wskaźnik", "left"),
                Column("Lata"),
                Column("Pierwszy rok"),
                Column("Ostatni rok"),
                Column("Ostatni rok, ważony ludnością"),
            ),
            rows=tuple(
                (
                    indicator.short,
                    polish.years(int(first["year"]), int(last["year"])),
                    Number(change.before, digits=1),
                    Number(change.after, digits=1),
                    Number(100 * float(last["cv_weighted"]), digits=1),
                )
                for (indicator, first, last), change in zip(rows, changes, strict=True)
            ),
        ),
        source=words.source_of([i for i, _, _ in rows]),
        note="Szeregi liczone od ostatniej zmiany poziomu; pokazano te, które mają co najmniej pięć lat.",
    )


_VERDICT = {"converging": "upodabniają się", "diverging": "oddalają się", "unclear": "brak wyraźnego kierunku"}


def convergence_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return in how many indicators the voivodeships draw nearer to one another."""
    table = _convergence(diagnosis)
    verdicts = [str(row["verdict"]) for _, row in table]
    return Statement.of(
        "Czy województwa upodabniają się do siebie? Spośród {n} wskaźników z wystarczająco długimi szeregami "
        "w {closer} województwa wyraźnie się upodabniają, w {apart} wyraźnie się od siebie oddalają, a w pozostałych "
        "({unclear}) kierunek nie jest jednoznaczny.",
        n=Number(len(verdicts)),
        closer=Number(verdicts.count("converging")),
        apart=Number(verdicts.count("diverging")),
        unclear=Number(verdicts.count("unclear")),
    )


def _convergence(diagnosis: RegionalDiagnosis) -> list[tuple[Indicator, pd.Series]]:
    table = diagnosis.tables.convergence.set_index("indicator")
    return [
        (indicator, table.loc[indicator.key])
        for indicator in diagnosis.compared()
        if indicator.key in table.index and not math.isnan(float(table.loc[indicator.key, "beta"]))
    ]


def convergence_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return beta and sigma convergence by indicator."""
    rows = _convergence(diagnosis)
    weighted = any(bool(row["weighted"]) for _, row in rows)
    return Table(
        key="convergence",
        title="Zmiana zróżnicowania między województwami",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Lata"),
            Column("β"),
            Column("p (β)"),
            Column("Zmiana CV rocznie (p.p.)"),
            Column("p (CV)"),
            Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                indicator.short,
                polish.years(int(row["first_year"]), int(row["last_year"])),
                Number(float(row["beta"]), digits=3, signed=True),
                Number(float(row["p_value"]), digits=3),
                Number(100 * float(row["sigma_slope"]), digits=2, signed=True),
                Number(float(row["sigma_p"]), digits=3),
                _VERDICT[str(row["verdict"])],
            )
            for indicator, row in rows
        ),
        source=words.source_of([i for i, _ in rows]),
        note=(
            "Ujemne β: wskaźnik rósł szybciej tam, gdzie na początku był niższy. Ujemna zmiana współczynnika "
            "zmienności (CV): różnice między województwami maleją. Ocena wymaga istotnego trendu CV."
            + (" Obliczenia ważone ludnością." if weighted else "")
        ),
    )


def index_summary(diagnosis: RegionalDiagnosis) -> Statement:
    """Return the region's composite index with the interval of its rank."""
    row = index_row(diagnosis)
    if row is None:
        return Statement("Wskaźnika złożonego nie policzono: dla województwa brakuje zbyt wielu wskaźników składowych.")
    score, rank, low, high = row
    own = diagnosis.tables.index_scores.set_index("teryt").loc[diagnosis.region.teryt]
    parts = {title: float(own[f"score_{key}"]) for key, title in _index_sections(diagnosis).items()}
    best, worst = max(parts, key=lambda t: parts[t]), min(parts, key=lambda t: parts[t])
    return Statement.of(
        "Wskaźnik złożony województwa {region} wynosi {score} pkt na 100, co daje {rank}. miejsce. Gdy zmieniać "
        "sposób normalizacji, wagi, sposób łączenia i zestaw wskaźników, w 90% wariantów miejsce mieści się między "
        "{low}. a {high}. Najwyżej wypada dziedzina „{best}” ({best_score} pkt), najniżej „{worst}” ({worst_score} pkt).",
        region=diagnosis.region.genitive,
        score=Number(score, digits=1),
        rank=Number(rank),
        low=Number(low),
        high=Number(high),
        best=best,
        best_score=Number(parts[best], digits=1),
        worst=worst,
        worst_score=Number(parts[worst], digits=1),
    )


def _index_sections(diagnosis: RegionalDiagnosis) -> dict[str, str]:
    columns = diagnosis.tables.index_scores.columns
    return {key: title for key, title in diagnosis.sections.items() if f"score_{key}" in columns}


def index_figure(diagnosis: RegionalDiagnosis) -> Figure:
    """Return the rank of every voivodeship with its interval."""
    table = diagnosis.tables.index_scores.dropna(subset=["score"]).sort_values("rank")
    bars = [
        figures.Interval(
            label=find(row.teryt).name,
            point=float(row.rank),
            low=float(row.rank_low),
            high=float(row.rank_high),
            role="region" if row.teryt == diagnosis.region.teryt else "other",
        )
        for row in table.itertuples(index=False)
    ]
    own = next((bar for bar in bars if bar.role == "region"), None)
    where = f"; {own.label} {own.point:.0f}., od {own.low:.0f}. do {own.high:.0f}." if own else ""
    return Figure(
        key="index",
        title="Wskaźnik złożony: miejsce województw i jego niepewność",
        svg=figures.intervals(bars, key="index", label="miejsce (1 = najkorzystniejsze); kreska: 90% wariantów obliczeń"),
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
        note="Długa kreska oznacza, że miejsce zależy od przyjętego sposobu liczenia.",
    )


def index_table(diagnosis: RegionalDiagnosis) -> Table:
    """Return the scores of all voivodeships, in all and by chapter."""
    table = diagnosis.tables.index_scores.dropna(subset=["score"]).sort_values("rank")
    sections = _index_sections(diagnosis)
    rows, own = [], []
    for number, row in enumerate(table.to_dict("records")):
        own += [number] if row["teryt"] == diagnosis.region.teryt else []
        rows.append(
            (
                find(row["teryt"]).name,
                Number(float(row["rank"])),
                Number(float(row["score"]), digits=1),
                *(Number(float(row[f"score_{key}"]), digits=1) for key in sections),
            )
        )
    return Table(
        key="index",
        title="Wskaźnik złożony według dziedzin (0–100)",
        columns=(
            Column("Województwo", "left"),
            Column("Miejsce"),
            Column("Wynik"),
            *(Column(title) for title in sections.values()),
        ),
        rows=tuple(rows),
        source=words.source_of(list(diagnosis.indicators.values())),
        note="0 oznacza najmniej, a 100 najbardziej korzystną wartość wśród województw.",
        highlight=tuple(own),
    )
