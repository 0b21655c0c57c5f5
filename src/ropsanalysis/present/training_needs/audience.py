"""Who needs what: staff with a gap by institution type, what the model says of small types, who differs and why."""

from __future__ import annotations

from math import nan

import numpy as np

from ropsanalysis.present import heatmap, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.records import Cell, CellKey, Driver, Pooled
from ropsanalysis.training_needs.view import TrainingNeeds

_EDGES = (20, 40, 60, 80)
_CLASSES = ("poniżej 20%", "20–39%", "40–59%", "60–79%", "80% i więcej")
#: Needs per institution type in the table of staff, and rows per competence in that of the model.
_TOP = 3
NOTHING = Statement(
    "Potrzeb poszczególnych typów instytucji nie podajemy: w każdym z nich odpowiedzi jest zbyt mało albo trzeba "
    "chronić osoby, które odpowiedziały."
)


def audience_summary(needs: TrainingNeeds) -> Statement:
    """Return for which institution types there are results, and for which not."""
    shown, hidden = needs.shown_institutions(), needs.hidden_institutions()
    if not shown:
        return NOTHING
    tail = (
        " Dla pozostałych – {hidden} – odsetków nie podajemy: odpowiedzi jest zbyt mało, przedziały są zbyt szerokie "
        "albo trzeba chronić inne liczby."
        if hidden
        else ""
    )
    modelled = {key for key, _ in _modelled(needs)}
    more = " Część z nich obejmuje oszacowanie z modelu." if modelled & {i.key for i in hidden} else ""
    return Statement.of(
        "Odsetek osób z luką podajemy dla {shown} z {all} typów instytucji." + tail + more,
        shown=Number(len(shown)),
        all=Number(len(shown) + len(hidden)),
        hidden=words.institutions(institution.short for institution in hidden),
    )


def _modelled(needs: TrainingNeeds) -> list[CellKey]:
    return [key for key, cell in needs.pooled.items() if cell.gap.shown]


def differ(needs: TrainingNeeds) -> bool | None:
    """Return whether institution types were found to differ in any competence; None where that was not tested."""
    tested = [d for d in needs.differences if d.p_adjusted is not None]
    return any(d.significant for d in tested) if tested else None


def heat_map(needs: TrainingNeeds) -> Figure | None:
    """Return the share of staff with a gap by competence and institution type; None where all of it is hidden."""
    institutions, ranked = needs.shown_institutions(), needs.ranked()
    if not institutions or not ranked:
        return None
    cells = {(i.key, n.competence): needs.cells.get((i.key, n.competence)) for i in institutions for n in ranked}
    grid = np.array(
        [
            [_percent(need.share.value), *(_percent(_share(cells[i.key, need.competence])) for i in institutions)]
            for need in ranked
        ]
    )
    highest = _highest(needs)[:3]
    named = [f"{_where(needs, c)} {words.percent(c.share.value).text}" for c in highest]
    return Figure(
        key="heat",
        title="Odsetek osób z luką według kompetencji i typu instytucji",
        svg=heatmap.heatmap(
            grid,
            rows=[words.competence(needs, need.competence) for need in ranked],
            columns=["Wszyscy", *(institution.short for institution in institutions)],
            edges=_EDGES,
            classes=_CLASSES,
            key="heat",
            apart=1,
        ),
        alt=f"Odsetki osób z luką: {len(ranked)} kompetencji w {len(institutions)} typach instytucji; najwyższe: "
        f"{polish.listing(named)}.",
        description="Wiersze to kompetencje od największej luki, kolumny to typy instytucji. Najwyższe wartości w "
        "każdym typie: "
        + "; ".join(f"{_where(needs, c)} {words.percent(c.share.value).text}" for c in _best_of_each(needs))
        + ".",
        data=_heat_data(needs),
        source=words.source(needs),
        note="Liczby w polach: odsetek osób, które oceniły ważność kompetencji wyżej niż jej opanowanie; przedziały i "
        "liczby odpowiedzi podaje tabela danych wykresu. Pole przekreślone: ukryto – zbyt mało odpowiedzi, zbyt "
        "szeroki przedział albo ochrona innych komórek tabeli. Typów ukrytych w całości na wykresie nie ma.",
    )


def _share(cell: Cell | None) -> float | None:
    return None if cell is None else cell.share.value


def _percent(share: float | None) -> float:
    return nan if share is None else round(100 * share, 6)


def _where(needs: TrainingNeeds, cell: Cell) -> str:
    return f"{words.institution(needs, cell.institution)} – {words.competence(needs, cell.competence)}"


def _highest(needs: TrainingNeeds) -> list[Cell]:
    return sorted((c for c in needs.cells.values() if c.share.shown), key=lambda c: -(c.share.value or 0))


def _best_of_each(needs: TrainingNeeds) -> list[Cell]:
    """Return the highest share of each institution type, the highest first."""
    best: dict[str, Cell] = {}
    for cell in _highest(needs):
        best.setdefault(cell.institution, cell)
    return list(best.values())


def most_needy(needs: TrainingNeeds, count: int) -> list[Cell]:
    """Return the highest shares of different institution types, the highest first."""
    return _best_of_each(needs)[:count]


def _heat_data(needs: TrainingNeeds) -> Table:
    rows: list[tuple[str | Number, ...]] = []
    for institution in needs.institutions.values():
        own = [cell for (key, _), cell in needs.cells.items() if key == institution.key]
        rows += [
            (
                institution.short,
                words.competence(needs, cell.competence),
                *words.percent_cells(cell.share),
                words.count(cell.base),
                *words.count_cells(cell.staff),
            )
            for cell in own
            if cell.share.shown
        ]
        for reason in words.HIDDEN:
            if hidden := sum(cell.reason == reason and not cell.share.shown for cell in own):
                word = words.percent(None, reason=reason)
                which = "wszystkie" if hidden == len(needs.needs) else "pozostałe" if hidden > 1 else "pozostała"
                rows.append((institution.short, f"{which} ({hidden})", *[word] * 7))
    return Table(
        key="heat_data",
        title="Odsetek osób z luką (%)",
        columns=(
            Column("Typ instytucji", "left"),
            Column("Kompetencja", "left"),
            Column("Luka (%)"),
            Column("od"),
            Column("do"),
            Column("n"),
            Column("Osoby w potrzebie"),
            Column("od"),
            Column("do"),
        ),
        rows=tuple(rows),
        note=f"„od” i „do”: przedział {words.confidence(needs)}. "
        "Osoby w potrzebie: szacowana liczba pracowników z luką."
        + words.explained(cell.reason for cell in needs.cells.values()),
    )


def staff_table(needs: TrainingNeeds) -> Table | None:
    """Return the strongest needs of each institution type with the estimated staff in need."""
    rows = []
    for institution in needs.shown_institutions():
        own = [c for c in _highest(needs) if c.institution == institution.key]
        rows += [
            (
                institution.short,
                words.competence(needs, cell.competence),
                *words.percent_cells(cell.share),
                words.count(cell.base),
                *words.count_cells(cell.staff, reason=cell.reason),
            )
            for cell in own[:_TOP]
        ]
    if not rows:
        return None
    return Table(
        key="staff",
        title="Najczęstsze luki w typach instytucji i szacowana liczba osób w potrzebie",
        columns=(
            Column("Typ instytucji", "left"),
            Column("Kompetencja", "left"),
            Column("Luka (%)"),
            Column("od"),
            Column("do"),
            Column("n"),
            Column("Osoby"),
            Column("od"),
            Column("do"),
        ),
        rows=tuple(rows),
        source=words.source(needs),
        note=f"Najwyżej {_TOP} kompetencje każdego typu, spośród tych, których wyniki można podać. Osoby: szacunek, "
        "odsetek w pełnych procentach pomnożony przez liczbę pracowników typu instytucji. „od” i „do”: przedział "
        f"{words.confidence(needs)}; przedziały kolejnych kompetencji mogą na siebie zachodzić.",
    )


def pooled_table(needs: TrainingNeeds) -> Table | None:
    """Return the largest gap of each institution type by the model; None where there is no model."""
    best: dict[str, Pooled] = {}
    for cell in sorted((p for p in needs.pooled.values() if p.gap.shown), key=lambda p: -(p.gap.value or 0)):
        best.setdefault(cell.institution, cell)
    if not best:
        return None
    ordered = [best[key] for key in needs.institutions if key in best]
    based = any(cell.base is not None for cell in ordered)
    others = "innych typów i województw" if needs.poland else "innych typów"
    return Table(
        key="pooled",
        title="Największa luka w typach instytucji: oszacowanie z modelu",
        columns=(
            Column("Typ instytucji", "left"),
            Column("Kompetencja", "left"),
            Column("Luka (pkt skali)"),
            Column("od"),
            Column("do"),
            *([Column("n")] if based else []),
        ),
        rows=tuple(
            (
                words.institution(needs, cell.institution),
                words.competence(needs, cell.competence),
                *(Number(value, digits=1) for value in cell.gap),  # published with one decimal
                *([words.count(cell.base)] if based else []),
            )
            for cell in ordered
        ),
        source=words.source(needs),
        note="Oszacowania z modelu mieszanego: im mniej odpowiedzi z danego typu instytucji, tym bardziej jego wynik "
        f"opiera się na odpowiedziach {others}. Różnica względem kolejnych kompetencji może być przypadkowa. Luka: "
        "średnia ważność minus średnie opanowanie, w punktach skali ocen; to inna miara niż MWDS i odsetek osób z "
        f"luką. „od” i „do”: przedział {words.confidence(needs)} według modelu, bez niepewności samego "
        "modelu. Typów, dla których oszacowania nie "
        "można podać, w tabeli nie ma.",
    )


def differences_summary(needs: TrainingNeeds) -> Statement | None:
    """Return in how many competences the institution types differ; None where that was not tested."""
    tested = [d for d in needs.differences if d.p_adjusted is not None]
    if not tested:
        return None
    significant = sum(d.significant for d in tested)
    opening = (
        "Liczba kompetencji, w których luka różni się między typami instytucji bardziej, niż tłumaczyłby to przypadek "
        "(różnice istotne statystycznie): {significant} z {tested} porównanych"
        if significant
        else "Nie wykazano, aby luka w którejkolwiek z {tested} porównanych kompetencji różniła się między typami "
        "instytucji bardziej, niż tłumaczyłby to przypadek (różnice nieistotne statystycznie)"
    )
    return Statement.of(
        opening + "; poziom istotności {alpha}, po poprawce na liczbę porównań. Brak istotności nie oznacza, że różnic "
        "nie ma: przy tej liczbie odpowiedzi mniejszych różnic nie da się wykazać.",
        significant=Number(significant),
        tested=Number(len(tested)),
        alpha=words.score(needs.choice("alpha")),
    )


def differences_table(needs: TrainingNeeds) -> Table | None:
    """Return the competences in which institution types differ significantly."""
    found = sorted((d for d in needs.differences if d.significant), key=lambda d: d.p_adjusted or 0.0)
    if not found:
        return None
    return Table(
        key="differences",
        title="Kompetencje, w których typy instytucji różnią się istotnie",
        columns=(
            Column("Kompetencja", "left"),
            Column("Największa luka", "left"),
            Column("pkt"),
            Column("Najmniejsza luka", "left"),
            Column("pkt"),
            Column("Statystyka testu"),
            Column("p po poprawce"),
        ),
        rows=tuple(
            (
                words.competence(needs, d.competence),
                words.institution(needs, d.highest_institution) if d.highest_institution else polish.DASH,
                words.score(d.highest_gap),
                words.institution(needs, d.lowest_institution) if d.lowest_institution else polish.DASH,
                words.score(d.lowest_gap),
                words.score(d.statistic),
                words.probability(d.p_adjusted),
            )
            for d in found
        ),
        source=words.source(needs),
        note="Typ instytucji o największej i o najmniejszej luce oraz jej wielkość: średnia ważność minus średnie "
        "opanowanie, w punktach skali; tylko typy, których wyniki wolno podać. Statystyka: test Walda. p po poprawce: "
        "prawdopodobieństwo co najmniej tak dużych różnic, gdyby wynikały z samego przypadku, z poprawką na liczbę "
        "porównań.",
    )


def drivers_summary(needs: TrainingNeeds) -> Statement | None:
    """Return what a gap goes along with, and where the model's assumption fails."""
    if not needs.drivers:
        return None
    doubtful = list(dict.fromkeys(d.competence for d in needs.drivers if not d.proportional_ok))
    caution = (
        " Wyniki dla kompetencji {doubtful} należy traktować ostrożnie: wątpliwe jest założenie modelu, że cecha "
        "działa tak samo na małą i na dużą lukę (założenie proporcjonalnych szans)."
        if doubtful
        else ""
    )
    return Statement.of(
        "Związek wielkości luki ze stanowiskiem, stażem, wykształceniem i grupą instytucji opisuje model statystyczny "
        "(model logitowy dla odpowiedzi uporządkowanych){scope}. Liczba związków istotnych statystycznie po poprawce "
        "na liczbę porównań: {found} z {all}. Są to współzależności, a nie przyczyny." + caution,
        scope=", obliczony dla wszystkich województw łącznie" if needs.poland else "",
        found=Number(len(_clear(needs))),
        all=Number(len(needs.drivers)),
        doubtful=polish.listing([words.quoted(needs, key) for key in doubtful]),
    )


def _clear(needs: TrainingNeeds) -> list[Driver]:
    alpha = needs.choice("alpha")
    clear = [d for d in needs.drivers if d.p_adjusted is not None and d.p_adjusted < alpha and d.effect.shown]
    return sorted(clear, key=lambda d: -abs(d.effect.value or 0.0))


def drivers_table(needs: TrainingNeeds, most: int = 15) -> Table | None:
    """Return the strongest of the significant effects; None where there is none."""
    clear = _clear(needs)[:most]
    if not clear:
        return None
    return Table(
        key="drivers",
        title="Cechy osób a luka co najmniej dwóch punktów",
        columns=(
            Column("Kompetencja", "left"),
            Column("Cecha i poziom", "left"),
            Column("Porównano z", "left"),
            Column("Różnica (p.p.)"),
            Column("od"),
            Column("do"),
            Column("p"),
            Column("n"),
        ),
        rows=tuple(
            (
                words.competence(needs, d.competence),
                f"{d.term}: {d.level}",
                d.reference,
                *(
                    Number(None if value is None else round(100 * value, 6), signed=True)
                    for value in (d.effect.value, d.effect.low, d.effect.high)
                ),
                words.probability(d.p_adjusted),
                words.count(d.n),
            )
            for d in clear
        ),
        source=words.source(needs),
        note="Różnica: o ile punktów procentowych częściej (+) lub rzadziej (−) luka wynosi co najmniej dwa punkty niż "
        "w grupie, z którą porównano, przy takich samych pozostałych cechach. „od” i „do”: przedział "
        f"{words.confidence(needs)}; p: po poprawce na liczbę porównań; n: osoby, na których oparto model"
        f"{' (z całego badania)' if needs.poland else ''}. Najwyżej {most} największych różnic.",
    )
