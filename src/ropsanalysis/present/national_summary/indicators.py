"""The three obligatory indicators of all projects side by side."""

from __future__ import annotations

from math import nan
from typing import Any, Final

from ropsanalysis.national_summary.records import IndicatorRow
from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import polish, tracks
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table, cell_text
from ropsanalysis.present.national_summary import words
from ropsanalysis.present.origin import origin, say
from ropsanalysis.regions import POLAND, by_teryt

_UNSURE: Final = 0.5
"""Below this probability of reaching a target a project is named as one in danger of missing it."""


def indicators_summary(summary: NationalSummary) -> Statement | None:
    """Say how far all projects together are, and which are not likely to reach a target."""
    if not summary.indicators:
        return None
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for key in ("supported", "qualified"):
        row = summary.indicator_sum(key)
        if row is not None and row.value is not None and row.target:
            pieces.append(f"{words.INDICATORS[key]}: {{{key}}} z {{{key}_target}} ({{{key}_share}})")
            parts |= {
                key: words.count(row.value),
                f"{key}_target": words.count(row.target),
                f"{key}_share": words.percent(row.of_target),
            }
    plans = summary.indicator_sum("plans")
    if plans is not None and plans.value is not None:
        pieces.append(f"{words.INDICATORS['plans']}: {{plans}} z {{units}} ({{plans_share}})")
        parts |= {
            "plans": words.count(plans.numerator),
            "units": words.count(plans.denominator),
            "plans_share": words.percent(plans.value),
        }
    if not pieces:
        return None
    return say(
        summary, (words.MONITORING,),
        f"Wszystkie projekty razem – {'; '.join(pieces)}. Sumy obejmują województwa, które dostarczyły dane "
        "({regions}).",
        regions=words.count(len(summary.of_indicator("supported"))), **parts,
    )  # fmt: skip


def in_danger(summary: NationalSummary, indicator: str) -> list[IndicatorRow]:
    """Return the projects that will rather miss than reach the target, the least likely first."""
    known = (row for row in summary.of_indicator(indicator) if row.probability is not None)
    return sorted(
        (row for row in known if row.probability < _UNSURE),  # type: ignore[operator]
        key=lambda row: (row.probability, row.teryt),
    )


def indicator_table(summary: NationalSummary) -> Table | None:
    """Return value, target and share of the target of each project and indicator."""
    codes = [region.teryt for region in summary.regions]
    if not summary.indicators:
        return None
    return Table(
        key="indicators",
        title="Wskaźniki obowiązkowe: osiągnięto i cel",
        columns=(
            Column("Województwo", "left"),
            *(Column(label) for label in (
                "Objęci wsparciem", "cel", "% celu", "Podnieśli kwalifikacje", "cel", "% celu",
                "Jednostki z planem", "z ilu", "odsetek", "cel (odsetek)",
            )),
        ),
        rows=tuple((polish.capital(summary.name(code)), *_indicator_cells(summary, code)) for code in
                   (*codes, POLAND.teryt)),
        note="% celu: wartość osiągnięta podzielona przez cel projektu. Jednostki z planem: gminy i powiaty, które "
        "mają przyjęty i realizowany plan deinstytucjonalizacji; mianownik zależy od reguły przyjętej w raporcie "
        "województwa.",
        **origin(summary, words.MONITORING),
    )  # fmt: skip


def _indicator_cells(summary: NationalSummary, teryt: str) -> tuple[Number, ...]:
    rows = {row.indicator: row for row in summary.indicators if row.teryt == teryt}
    cells: list[Number] = []
    for key in ("supported", "qualified"):
        row = rows.get(key)
        reason = row.reason if row else "no_data"
        cells += [
            words.count(row.value if row else None, reason),
            words.count(row.target if row else None, "no_target" if row else reason),
            words.percent(row.of_target if row else None, reason="no_target" if row else reason),
        ]
    row = rows.get("plans")
    reason = row.reason if row else "no_data"
    target = "" if row and row.teryt == POLAND.teryt else "no_target"
    return (
        *cells,
        words.count(row.numerator if row else None, reason),
        words.count(row.denominator if row else None, reason),
        words.percent(row.value if row else None, reason=reason),
        Number(100 * row.target, digits=0, unit="%")
        if row and row.target is not None
        else Number(None, missing=words.missing(target) if target else polish.DASH),
    )


def indicators_figure(summary: NationalSummary) -> Figure | None:
    """Draw for each project how far employees supported are, where an even pace would be, and the forecast."""
    rows = [row for row in summary.of_indicator("supported") if row.of_target is not None and row.target]
    if not rows:
        return None
    rows.sort(key=lambda row: (-(row.of_target or 0), row.teryt))
    drawn = [
        tracks.Track(
            label=by_teryt(row.teryt).name,
            latest=_percent(row.value, row),
            expected=_percent(row.line, row),
            low=_percent(row.forecast_low, row),
            high=_percent(row.forecast_high, row),
            note=_chance(row.probability),
        )
        for row in rows
    ]
    data = Table(
        key="indicators_figure_data",
        title="Pracownicy objęci wsparciem w procentach celu",
        columns=(
            Column("Województwo", "left"), Column("% celu"), Column("% celu w równym tempie"),
            Column("prognoza od"), Column("prognoza do"), Column("szansa na cel"),
        ),
        rows=tuple(
            (
                polish.capital(by_teryt(row.teryt).name), words.percent(row.of_target), _of(row.line, row),
                _of(row.forecast_low, row), _of(row.forecast_high, row), words.chance(row.probability),
            )
            for row in rows
        ),
        **origin(summary, words.MONITORING),
    )  # fmt: skip
    first, last = rows[0], rows[-1]
    return Figure(
        key="indicators_figure",
        title="Pracownicy objęci wsparciem: jak daleko do celu",
        svg=tracks.tracks(
            drawn,
            key="indicators",
            names=("osiągnięto", "równe tempo", "prognoza na koniec projektu"),
            label="% celu projektu",
            first=-8.0,
        ),
        alt=(
            f"Najdalej jest województwo {by_teryt(first.teryt).name} ({words.percent(first.of_target).text} celu), "
            f"najbliżej początku {by_teryt(last.teryt).name} ({words.percent(last.of_target).text})."
        ),
        description=(
            "Dla każdego województwa oś od zera do celu projektu (100%). Punkt: liczba pracowników objętych wsparciem, "
            "kreska pionowa: gdzie byłby projekt przy równym tempie, pasek: prognoza na koniec projektu. Po prawej "
            "szansa osiągnięcia celu. Liczby zawiera tabela danych."
        ),
        data=data,
        source=data.source,
    )


def _percent(value: float | None, row: IndicatorRow) -> float:
    return nan if value is None or not row.target else 100 * value / row.target


def _of(value: float | None, row: IndicatorRow) -> Number:
    return words.percent(None if value is None or not row.target else value / row.target)


def _chance(probability: float | None) -> str:
    return "" if probability is None else f"szansa {cell_text(words.chance(probability))}"


def outlook_table(summary: NationalSummary) -> Table | None:
    """Return the probability of reaching each target, by project."""
    known = {(row.teryt, row.indicator): row for row in summary.indicators if row.probability is not None}
    if not known:
        return None
    return Table(
        key="outlook",
        title="Szansa osiągnięcia celów do końca projektu",
        columns=(
            Column("Województwo", "left"), Column("Objęci wsparciem"), Column("Podnieśli kwalifikacje"),
            Column("Jednostki z planem"),
        ),
        rows=tuple(
            (
                polish.capital(region.name),
                *(
                    words.chance(known[region.teryt, key].probability if (region.teryt, key) in known else None)
                    for key in words.INDICATORS
                ),
            )
            for region in summary.regions
        ),
        note="Szansa wynika z symulacji, w której tempo z ostatnich miesięcy trwa do końca projektu; nie uwzględnia "
        "zamierzonych zmian.",
        **origin(summary, words.MONITORING),
    )  # fmt: skip
