"""How long entities last: survival curves by group, tests of their differences, and the model of hazards."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish, steps
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.present.social_economy.dynamics import span
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import SurvivalPoint, SurvivalSummary
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.stats.records import Estimate

_TRUNCATION = (
    "Podmioty starsze niż rejestr obserwujemy dopiero od dnia, od którego rejestr je wykazuje. Podmiotów zamkniętych "
    "wcześniej nie znamy, dlatego nie wpływają na wynik."
)
_COMPARED = {"group": "między grupami form prawnych", "cohort": "między podmiotami z różnych lat założenia"}


def groups(economy: SocialEconomy) -> list[str]:
    """Return the groups of legal forms that have a curve, all together first."""
    return [group for group in words.GROUP if economy.curve(group)]


def survival_summary(economy: SocialEconomy) -> Points | Statement:
    """Return what share of entities is still active after one, three and five years, and of which groups most."""
    whole = economy.survived()
    if whole is None:
        return words.say(
            economy,
            words.REGISTER,
            "Trwałości podmiotów nie szacujemy: rejestry nie zachowują wpisów podmiotów zamkniętych albo podmiotów "
            "jest mniej niż {least}.",
            least=Number(economy.choice("min_survival_entities")),
        )
    found = [_after(economy, whole), _extremes(economy), _without(economy), Statement(_TRUNCATION)]
    return Points(tuple(statement for statement in found if statement is not None))


def _after(economy: SocialEconomy, whole: SurvivalSummary) -> Statement:
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for name, label, share in _shares(whole):
        if share.shown:
            of = "" if pieces else " podmiotów"
            piece, numbers = words.with_interval(name, share, words.percent, of)
            pieces.append(f"po {label} od założenia nadal działa {piece}" if not pieces else f"po {label} {piece}")
            parts |= numbers
    poland = economy.survived(teryt=POLAND.teryt)
    beside = ""
    if poland is not None and poland.at_3.shown:
        beside = "; w Polsce po 3\u00a0latach {poland}"
        parts["poland"] = words.percent(poland.at_3.value)
    return words.say(
        economy,
        words.REGISTER,
        polish.capital(", ".join(pieces)) + beside + ". Podstawa: {n}, z których zamknięto {events}; w nawiasach "
        "przedziały {confidence}.",
        n=words.entities(whole.n),
        events=Number(whole.events),
        confidence=words.confidence(economy),
        **parts,
    )


def _shares(row: SurvivalSummary) -> list[tuple[str, str, Estimate]]:
    return [("one", "roku", row.at_1), ("three", "3\u00a0latach", row.at_3), ("five", "5\u00a0latach", row.at_5)]


def _extremes(economy: SocialEconomy) -> Statement | None:
    """Return the group with the highest and the one with the lowest share after three years."""
    rows = [row for key in groups(economy) if key and (row := economy.survived(key)) is not None and row.at_3.shown]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: -(row.at_3.value or 0.0))
    best, worst = rows[0], rows[-1]
    high, more = words.with_interval("best", best.at_3, words.percent)
    low, less = words.with_interval("worst", worst.at_3, words.percent)
    if (best.at_3.low or 0.0) <= (worst.at_3.high or 1.0):
        return words.say(
            economy, words.REGISTER, "Po 3\u00a0latach od założenia przedziały wszystkich grup zachodzą na siebie, "
            "więc nie można wskazać grupy trwalszej od pozostałych.",
        )  # fmt: skip
    return words.say(
        economy,
        words.REGISTER,
        f"Po 3\u00a0latach od założenia w grupie „{{top}}” nadal działa {high}, a w grupie „{{bottom}}” – {low}; "
        "przedziały są rozłączne. Wśród pozostałych grup kolejność może być przypadkowa.",
        top=polish.lower_first(words.group(best.group)),
        bottom=polish.lower_first(words.group(worst.group)),
        **more,
        **less,
    )


def _without(economy: SocialEconomy) -> Statement | None:
    present = {form.group for form in economy.present_forms()}
    lacking = [key for key in words.GROUP if key in present and not economy.curve(key)]
    if not lacking:
        return None
    return words.say(
        economy,
        words.REGISTER,
        "Trwałości nie szacujemy osobno dla grup: {names}. Ich rejestry nie zachowują wpisów podmiotów zamkniętych "
        "albo podmiotów jest mniej niż {least}.",
        names=polish.listing([polish.lower_first(words.group(key)) for key in lacking]),
        least=Number(economy.choice("min_survival_entities")),
    )


def survival_figure(economy: SocialEconomy) -> Figure | None:
    """Return the survival curves by group, with Poland where it is known; None without curves."""
    found = groups(economy)
    if not found:
        return None
    panels = [
        steps.Panel(words.group(key), _curve(economy.curve(key), band=True), _poland(economy, key)) for key in found
    ]
    return Figure(
        key="survival",
        title="Odsetek założonych podmiotów, które nadal działają",
        svg=steps.survival(
            panels,
            key="survival",
            region=f"woj. {economy.region.name}",
            unit="% działających, lata od założenia",
            interval=f"przedział {words.confidence(economy)}",
        ),
        alt=f"Krzywe przeżycia ({len(found)}): {polish.listing([polish.lower_first(words.group(g)) for g in found])}.",
        description=" ".join(_in_words(economy, key) for key in found),
        data=_figure_data(economy, found),
        source=words.source(economy, *words.REGISTER),
        note="Krzywa opada, gdy podmioty są zamykane, i kończy się tam, gdzie zostaje ich zbyt mało. Wszystkie wykresy "
        "mają wspólną skalę, która nie musi zaczynać się od zera.",
    )


def _curve(points: tuple[SurvivalPoint, ...], *, band: bool) -> steps.Curve:
    shown = [(p.years, p.survival) for p in points if p.survival.value is not None]
    ends = [(s.low, s.high) for _, s in shown]
    banded = band and all(low is not None and high is not None for low, high in ends)
    return steps.Curve(
        years=tuple(years for years, _ in shown),
        shares=tuple(100 * (s.value or 0.0) for _, s in shown),
        low=tuple(100 * (low or 0.0) for low, _ in ends) if banded else (),
        high=tuple(100 * (high or 0.0) for _, high in ends) if banded else (),
    )


def _poland(economy: SocialEconomy, group: str) -> steps.Curve | None:
    points = economy.curve(group, teryt=POLAND.teryt)
    return _curve(points, band=False) if points else None


def _in_words(economy: SocialEconomy, group: str) -> str:
    points = {p.years: p.survival.value for p in economy.curve(group)}
    told = [
        f"po {polish.number(years)} {'roku' if years == 1 else 'latach'} {words.percent(points[years]).text}"
        for years in (1.0, 3.0, 5.0, 10.0)
        if points.get(years) is not None
    ]
    return f"{words.group(group)}: {', '.join(told)}." if told else f"{words.group(group)}: krzywa krótsza niż rok."


def _figure_data(economy: SocialEconomy, found: list[str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key in found:
        poland = {p.years: p.survival.value for p in economy.curve(key, teryt=POLAND.teryt)}
        rows += [
            (
                words.group(key),
                Number(point.years),
                Number(point.at_risk),
                *words.percent_cells(point.survival),
                *((words.percent(poland.get(point.years), unit=""),) if economy.covers_poland else ()),
            )
            for point in economy.curve(key)
            if float(point.years).is_integer()
        ]
    return Table(
        key="survival_data",
        title="Odsetek podmiotów, które nadal działają (%)",
        columns=(
            Column("Grupa", "left"),
            Column("Lata"),
            Column("Obserwowane"),
            Column("Działa (%)"),
            Column("od"),
            Column("do"),
            *((Column("Polska (%)"),) if economy.covers_poland else ()),
        ),
        rows=tuple(rows),
        note=f"„od” i „do”: przedział {words.confidence(economy)}. Obserwowane: podmioty, które tyle lat po założeniu "
        "działały i były widoczne w rejestrze.",
        synthetic=economy.made_up(*words.REGISTER),
    )


def survival_table(economy: SocialEconomy) -> Table | None:
    """Return median and shares after one, three and five years by group and by years of founding."""
    own = [
        row
        for (teryt, _, _), row in economy.survival_summary.items()
        if teryt == economy.region.teryt and (not row.group or not row.cohort) and row.at_1.shown
    ]
    if not own:
        return None
    order = [key for group in words.GROUP for key in (group, *_forms(economy, group))]
    own.sort(key=lambda row: (row.cohort, order.index(row.group) if row.group in order else len(order)))
    return Table(
        key="survival",
        title="Trwałość podmiotów według grupy i lat założenia",
        columns=(
            Column("Grupa, lata założenia", "left"),
            Column("n"),
            Column("Zamknięte"),
            Column("Po 1 roku"),
            Column("od–do"),
            Column("Po 3 latach"),
            Column("od–do"),
            Column("Po 5 latach"),
            Column("od–do"),
            Column("Mediana"),
        ),
        rows=tuple(
            (
                f"założone {row.cohort}" if row.cohort else _named(economy, row.group),
                Number(row.n),
                Number(row.events),
                *(
                    cell
                    for share in (row.at_1, row.at_3, row.at_5)
                    for cell in (words.percent(share.value, unit=""), span(share))
                ),
                _median(economy, row),
            )
            for row in own
        ),
        **words.origin(economy, *words.REGISTER),
        note="Po 1 roku, 3 i 5 latach: odsetek (%) założonych podmiotów, które nadal działają (estymator "
        "Kaplana–Meiera). n: liczba obserwowanych podmiotów; zamknięte: ile z nich zamknięto. „od–do”: przedział "
        f"{words.confidence(economy)}. Mediana: po ilu latach nie działa już połowa założonych podmiotów. Kreska: "
        "okres obserwacji jest za krótki.",
        highlight=tuple(index for index, row in enumerate(own) if not row.group and not row.cohort),
    )


def _forms(economy: SocialEconomy, group: str) -> list[str]:
    return [form.key for form in economy.forms.values() if form.group == group]


def _named(economy: SocialEconomy, key: str) -> str:
    """Return the name of a group, or of a legal form within a group."""
    return words.group(key) if key in words.GROUP else f"w tym: {words.form(economy, key)}"


def _median(economy: SocialEconomy, row: SurvivalSummary) -> Cell:
    """Return the median; where more than half of the entities outlive the curve, that it is longer than the curve."""
    if row.median.shown:
        return Number(row.median.value, digits=1)
    points = [p for p in economy.curve(row.group, row.cohort) if p.survival.shown]
    longest = points[-1] if points else None
    if longest is None or longest.years < 1:
        return polish.DASH
    return f"ponad{polish.NBSP}{polish.number(longest.years)}"


def survival_tests(economy: SocialEconomy) -> Points | None:
    """Return whether survival differs between groups and between years of founding; None where that was not tested."""
    alpha = economy.choice("alpha")
    found = []
    for comparison, told in _COMPARED.items():
        test = economy.survival_tests.get((economy.region.teryt, comparison))
        if test is None or test.p_value is None:
            continue
        differs = test.p_value < alpha
        found.append(
            words.say(
                economy,
                words.REGISTER,
                ("Trwałość różni się {told}" if differs else "Nie wykazano, aby trwałość różniła się {told}")
                + " (test log-rank: {statistic}, stopnie swobody: {df}, p {p}; {n}, z których zamknięto {events}).",
                told=told,
                statistic=Number(test.statistic, digits=1),
                df=Number(test.df),
                p=_p(test.p_value),
                n=words.entities(test.n),
                events=Number(test.events),
            )
        )
    return Points(tuple(found)) if found else None


def _p(p: float) -> str:
    shown = words.probability(p)
    return shown if isinstance(shown, str) else f"= {shown.text}"


def hazards_table(economy: SocialEconomy) -> Table | None:
    """Return how much faster entities with a trait close; None where the model could not be fitted."""
    rows = [row for row in economy.hazards.get(economy.region.teryt, ()) if row.term != "global"]
    if not rows:
        return None
    whole = next((row for row in economy.hazards[economy.region.teryt] if row.term == "global"), None)
    alpha = economy.choice("alpha")
    doubtful = [row.label for row in rows if row.ph_p_value is not None and row.ph_p_value < alpha]
    check = ""
    if whole is not None and whole.ph_p_value is not None:
        fails = whole.ph_p_value < alpha
        check = (
            f" Dla całego modelu założenie to {'odrzucono' if fails else 'nie zostało odrzucone'} (p "
            f"{_p(whole.ph_p_value)})."
        )
    named = polish.listing([polish.lower_first(name) for name in doubtful])
    caution = f" W wierszach: {named} – różnica zmieniała się z wiekiem podmiotu, a iloraz jest jej średnią."
    return Table(
        key="hazards",
        title="Od czego zależy tempo zamykania podmiotów",
        columns=(
            Column("Cecha", "left"),
            Column("Porównano z", "left"),
            Column("Iloraz hazardu"),
            Column("od"),
            Column("do"),
            Column("p"),
            Column("Założenie: p"),
        ),
        rows=tuple(
            (
                row.label,
                row.reference or polish.DASH,
                *(Number(value, digits=2) for value in row.hazard_ratio),
                words.probability(row.p_value),
                words.probability(row.ph_p_value),
            )
            for row in rows
        ),
        **words.origin(economy, *words.REGISTER),
        note="Model Coxa. Iloraz hazardu 2 oznacza, że podmioty o tej cesze są zamykane w tempie dwa razy większym niż "
        "podmioty w tym samym wieku, z którymi je porównano; „od” i „do”: przedział "
        f"{words.confidence(economy)}. Wynik opisuje współzależność, a nie przyczynę. Założenie: p testu, czy iloraz "
        "jest stały przez cały czas (reszty Schoenfelda)."
        + check
        + (caution if doubtful else "")
        + f" Liczba podmiotów: {polish.number(rows[0].n)}, w tym zamkniętych: {polish.number(rows[0].events)}.",
    )
