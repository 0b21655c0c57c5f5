"""What is missing: the ranking of needs with its uncertainty, the staff in need, importance against mastery."""

from __future__ import annotations

from math import nan
from statistics import fmean

from ropsanalysis.present import polish, quadrants, rankings
from ropsanalysis.present.blocks import Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.records import Need
from ropsanalysis.training_needs.view import TrainingNeeds

#: Middle of the scale from 1 to 5.
_MIDDLE = 3.0
NOTHING = Statement(
    "Potrzeb nie uszeregowano: odpowiedzi z województwa jest zbyt mało, aby oszacować je z wystarczającą dokładnością."
)


def need_summary(needs: TrainingNeeds) -> Statement:
    """Return how to read the ranking, and which needs can be told apart."""
    ranked = needs.ranked()
    if not ranked:
        return NOTHING
    first = ranked[0]
    rivals = [need for need in ranked[1:] if (need.rank.low or 0) <= (first.rank.high or 0)]
    tail = (
        "Nie da się rozstrzygnąć, która z potrzeb jest najsilniejsza: na pierwsze miejsca mają szanse {rivals}."
        if rivals
        else "Pierwsze miejsce jest wyraźnie odrębne: żaden inny przedział miejsc go nie obejmuje."
    )
    return Statement.of(
        "Potrzeby porządkuje wskaźnik MWDS: średnia różnica między oceną ważności a oceną opanowania kompetencji, "
        "pomnożona przez jej średnią ważność. Im jest wyższy, tym silniejsza potrzeba. Kolejność może być inna niż "
        "według odsetka osób z luką, który nie mówi, jak duża jest luka ani jak ważna jest kompetencja. Miejsca "
        "podajemy z przedziałem {confidence}, ponieważ niewielkie różnice wskaźnika mogą wynikać z przypadku. " + tail,
        confidence=words.confidence(needs),
        rivals=polish.listing([words.quoted(needs, need.competence) for need in (first, *rivals)]),
    )


def need_figure(needs: TrainingNeeds) -> Figure | None:
    """Return the ranking of needs with intervals, against Poland where the survey covers it; None without a ranking."""
    ranked = needs.ranked()
    if not ranked:
        return None
    rows = [_row(needs, need) for need in ranked]
    level = words.confidence(needs)
    region = f"woj. {needs.region.name}"
    return Figure(
        key="needs",
        title=f"Luka kompetencyjna (MWDS) {needs.region.in_locative}",
        svg=rankings.ranking(
            rows,
            key="needs",
            label="średnia ważona luka (MWDS); wyżej = większa potrzeba",
            region=region,
            reference="Polska" if needs.poland else "",
            notes="MWDS i miejsce",
            interval=f"przedział {level}",
        ),
        alt=f"Ranking {len(rows)} kompetencji według średniej ważonej luki z przedziałami {level}; najwyżej "
        f"{polish.listing([row.label for row in rows[:3]])}, najniżej {rows[-1].label}.",
        description="Każdy wiersz to kompetencja, od największej luki: "
        + "; ".join(
            f"{words.competence(needs, n.competence)} {words.score(n.mwds.value).text} (od "
            f"{words.score(n.mwds.low).text} do {words.score(n.mwds.high).text}; miejsce {words.places(n.rank)})"
            for n in ranked
        )
        + ".",
        data=_need_data(needs, ranked),
        source=words.source(needs),
        note=f"Kreska: przedział {level}. Po prawej wartość i przedział miejsc. Przy skali ocen od 1 do 5 MWDS nie "
        "może przekroczyć 20; wartości ujemne oznaczają, że opanowanie oceniono wyżej niż ważność.",
    )


def _row(needs: TrainingNeeds, need: Need) -> rankings.Row:
    value, low, high = (nan if v is None else v for v in need.mwds)
    poland = needs.poland.get(need.competence)
    return rankings.Row(
        label=words.competence(needs, need.competence),
        point=value,
        low=low,
        high=high,
        reference=nan if poland is None or poland.mwds.value is None else poland.mwds.value,
        note=f"{words.score(need.mwds.value).text};{polish.NBSP} {words.places(need.rank)}",
    )


def _need_data(needs: TrainingNeeds, ranked: list[Need]) -> Table:
    return Table(
        key="needs_data",
        title="Luka kompetencyjna (MWDS) z przedziałami",
        columns=(
            Column("Kompetencja", "left"),
            Column("MWDS"),
            Column("od"),
            Column("do"),
            Column("Miejsce"),
            Column("od"),
            Column("do"),
            Column("RDS"),
            Column("od"),
            Column("do"),
            Column("Miejsce (RDS)"),
            Column("Polska: MWDS"),
            Column("od"),
            Column("do"),
            Column("n"),
        ),
        rows=tuple(
            (
                words.competence(needs, need.competence),
                *words.score_cells(need.mwds),
                *words.count_cells(need.rank),
                *words.count_cells(need.rds),
                Number(need.rds_rank),
                *_poland(needs, need),
                Number(need.base),
            )
            for need in ranked
        ),
        note="RDS: luka rangowa, od −100 (lukę mają wszyscy) do 100 (wszyscy oceniają opanowanie wyżej niż ważność). "
        "„od” i „do”: przedział "
        f"{words.confidence(needs)}; n: osoby, które oceniły i ważność, i opanowanie.",
    )


def _poland(needs: TrainingNeeds, need: Need) -> tuple[Number, Number, Number]:
    poland = needs.poland.get(need.competence)
    return (Number(None), Number(None), Number(None)) if poland is None else words.score_cells(poland.mwds)


def need_table(needs: TrainingNeeds) -> Table | None:
    """Return for each competence its place, the share of staff with a gap and the estimated staff in need."""
    ranked = needs.ranked()
    if not ranked:
        return None
    return Table(
        key="needs",
        title=f"Osoby z luką kompetencyjną {needs.region.in_locative}",
        columns=(
            Column("Kompetencja", "left"),
            Column("Miejsce", "left"),
            Column("Luka (%)"),
            Column("od"),
            Column("do"),
            Column("n"),
            Column("Osoby w potrzebie"),
            Column("od"),
            Column("do"),
        ),
        rows=tuple(
            (
                words.competence(needs, need.competence),
                words.places(need.rank),
                *words.percent_cells(need.share, reason=need.reason),
                words.count(need.base, reason=need.reason),
                *words.count_cells(need.staff, reason=need.reason),
            )
            for need in (*ranked, *needs.unranked())
        ),
        source=words.source(needs),
        note="Luka: odsetek osób, które oceniły ważność kompetencji wyżej niż jej opanowanie. Osoby w potrzebie: "
        f"szacowana liczba pracowników, zaokrąglona do wielokrotności {needs.choice('staff_base'):.0f}. „od” i „do”: "
        f"przedział {words.confidence(needs)}; n: osoby, które podały obie oceny. Miejsce: przedział miejsc według "
        "wskaźnika MWDS, a nie według odsetka." + words.explained(need.reason for need in needs.needs.values()),
    )


def quadrant_figure(needs: TrainingNeeds) -> Figure | Statement:
    """Return importance against mastery."""
    ranked = [n for n in needs.ranked() if n.importance.value is not None and n.mastery.value is not None]
    if len(ranked) < 2:
        return Statement("Wykresu ważności i opanowania nie pokazujemy: zbyt mało kompetencji ma obie oceny.")
    spots = [
        quadrants.Spot(
            place,
            words.competence(needs, need.competence),
            need.mastery.value or 0.0,
            need.importance.value or 0.0,
            need.quadrant == "concentrate",
        )
        for place, need in enumerate(ranked, start=1)
    ]
    names = (words.QUADRANT[q] for q in ("concentrate", "keep", "low_priority", "overkill"))
    upper_left, upper_right, lower_left, lower_right = names
    marked = [spot.label for spot in spots if spot.marked]
    return Figure(
        key="quadrants",
        title="Ważność i opanowanie kompetencji",
        svg=quadrants.quadrants(
            spots,
            fields=quadrants.Fields(
                fmean(spot.across for spot in spots) if needs.cut_at_means else _MIDDLE,
                fmean(spot.up for spot in spots) if needs.cut_at_means else _MIDDLE,
                (upper_left, upper_right, lower_left, lower_right),
            ),
            key="quadrants",
            across="opanowanie (średnia ocena od 1 do 5)",
            up="ważność (średnia ocena od 1 do 5)",
        ),
        alt=f"Ważność i opanowanie {len(spots)} kompetencji; ważniejsze i słabiej opanowane: "
        f"{polish.listing(f'„{name}”' for name in marked) or 'żadna'}.",
        description="Kompetencje według ćwiartek. "
        + " ".join(f"{polish.capital(name)}: {_named(needs, key) or 'brak'}." for key, name in words.QUADRANT.items()),
        data=Table(
            key="quadrants_data",
            title="Średnie oceny ważności i opanowania",
            columns=(
                Column("Kompetencja", "left"),
                Column("Nr na wykresie"),
                Column("Ważność"),
                Column("od"),
                Column("do"),
                Column("Opanowanie"),
                Column("od"),
                Column("do"),
                Column("n"),
                Column("Ćwiartka", "left"),
            ),
            rows=tuple(
                (
                    spot.label,
                    Number(spot.number),
                    *words.score_cells(need.importance),
                    *words.score_cells(need.mastery),
                    Number(need.base),
                    words.QUADRANT.get(need.quadrant, polish.DASH),
                )
                for spot, need in zip(spots, ranked, strict=True)
            ),
            note=f"„od” i „do”: przedział {words.confidence(needs)}; n: osoby, które podały obie oceny.",
        ),
        source=words.source(needs),
        note="Numer: kolejność według luki wśród kompetencji, które można podać. Linie przechodzą przez "
        + (
            "średnie wszystkich kompetencji, dlatego „ważniejsze”, „lepiej opanowane” i ich przeciwieństwa znaczą: w "
            "porównaniu z przeciętną kompetencją."
            if needs.cut_at_means
            else "środek skali ocen."
        )
        + " Położenie punktów tuż przy linii jest niepewne; przedziały podaje tabela danych wykresu.",
    )


def _named(needs: TrainingNeeds, quadrant: str) -> str:
    return polish.listing([words.quoted(needs, n.competence) for n in needs.ranked() if n.quadrant == quadrant])


def quadrant_points(needs: TrainingNeeds) -> Points | None:
    """Return the competences of each quadrant, with what to do about them."""
    advice = {
        "concentrate": "Ważniejsze, słabiej opanowane – szkolić w pierwszej kolejności",
        "keep": "Ważniejsze, lepiej opanowane – utrzymywać poziom, korzystać z wiedzy doświadczonych pracowników",
        "low_priority": "Mniej ważne, słabiej opanowane – szkolić tych, którym są potrzebne w pracy",
        "overkill": "Mniej ważne, lepiej opanowane – szkolić w dalszej kolejności",
    }
    items = [Statement(f"{text}: {named}.") for key, text in advice.items() if (named := _named(needs, key))]
    return Points(tuple(items)) if items else None
