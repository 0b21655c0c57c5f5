"""What people ask for against what they lack, and how far the measures of need agree."""

from __future__ import annotations

from ropsanalysis.present import polish, slopes
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.records import Agreement
from ropsanalysis.training_needs.view import TrainingNeeds

#: How many places at the top of the ranking the figure marks, as `Agreement.top5_shared` counts them.
TOP = 5
NOTHING = Statement(
    "Listy życzeń nie porównano z potrzebami: o wybór tematów nie pytano albo odpowiedzi jest zbyt mało."
)


def wish_agreement(needs: TrainingNeeds) -> Agreement | None:
    """Return how far the wish list agrees with the ranking of needs."""
    return next((a for a in needs.agreement if {a.method_a, a.method_b} == {"mwds", "wanted"}), None)


def strength(tau: float) -> str:
    """Return the strength of an agreement as an adjective of "zgodność"."""
    if tau <= -0.2:
        return "ujemna"
    if tau < 0.2:
        return "znikoma"
    return "słaba" if tau < 0.4 else "umiarkowana" if tau < 0.6 else "wysoka"


def wish_summary(needs: TrainingNeeds) -> Statement:
    """Return how far the wish list is from the ranking of needs."""
    agreement, wished = wish_agreement(needs), needs.wished()
    if agreement is None or agreement.tau is None or not wished or not needs.ranked():
        return NOTHING
    return Statement.of(
        "Lista życzeń to tematy, które respondenci zaznaczyli jako pożądane. Jej zgodność z rankingiem potrzeb jest "
        "{strength} (tau Kendalla {tau}: 1 oznacza tę samą kolejność, 0 – brak związku, −1 – kolejność odwrotną). "
        "Liczba tematów, które są zarazem w pierwszej piątce życzeń i w pierwszej piątce potrzeb: {shared}. Wybór "
        "tematu mówi, czego pracownicy chcą, a luka – czego im brakuje w tym, co uważają za ważne.",
        strength=strength(agreement.tau),
        tau=words.score(agreement.tau),
        shared=Number(agreement.top5_shared),
    )


def wish_figure(needs: TrainingNeeds) -> Figure | None:
    """Return the places on the wish list beside the places by need; None where there is no wish list."""
    pairs = [(need, need.wanted_rank) for need in needs.ranked() if need.wanted_rank is not None]
    if len(pairs) < 2:
        return None
    based = any(need.wanted_base is not None for need, _ in pairs)
    wish_order = {need.competence: place for place, (need, _) in enumerate(sorted(pairs, key=lambda p: p[1]), start=1)}
    things = [
        slopes.Slope(words.competence(needs, need.competence), wish_order[need.competence], place, place <= TOP)
        for place, (need, _) in enumerate(pairs, start=1)
    ]
    farthest = max(things, key=lambda thing: abs(thing.left - thing.right))
    return Figure(
        key="wishes",
        title="Kolejność na liście życzeń i według zmierzonej potrzeby",
        svg=slopes.slopes(things, key="wishes", left="Lista życzeń", right="Zmierzona potrzeba (MWDS)"),
        alt=f"Dwie kolejności {len(things)} kompetencji; największa różnica: {farthest.label}, na liście życzeń "
        f"{polish.rank(farthest.left)}, według potrzeby {polish.rank(farthest.right)} miejsce.",
        description="Miejsce według potrzeby i na liście życzeń: "
        + "; ".join(f"{thing.label} (potrzeba {thing.right}, życzenia {thing.left})" for thing in things)
        + ".",
        data=Table(
            key="wishes_data",
            title="Życzenia i potrzeby",
            columns=(
                Column("Kompetencja", "left"),
                Column("Miejsce: potrzeba"),
                Column("od"),
                Column("do"),
                Column("Miejsce: życzenia"),
                Column("Wybrało (%)"),
                Column("od"),
                Column("do"),
                *([Column("n")] if based else []),
            ),
            rows=tuple(
                (
                    words.competence(needs, need.competence),
                    *words.count_cells(need.rank),
                    Number(rank),
                    *words.percent_cells(need.wanted_share),
                    *([Number(need.wanted_base)] if based else []),
                )
                for need, rank in pairs
            ),
            note=f"„od” i „do”: przedział {words.confidence(needs)}"
            + ("; n: odpowiedzi na pytanie o tematy." if based else "."),
        ),
        source=words.source(needs),
        note=f"Kolorem wyróżniono pierwsze miejsca rankingu potrzeb (najwyżej {TOP}). Obie kolejności obejmują "
        "kompetencje, których wyniki można podać; przy równych wynikach kolejność jest umowna. Różnice między "
        "sąsiednimi miejscami bywają przypadkowe; przedziały podaje tabela danych wykresu.",
    )


def agreement_table(needs: TrainingNeeds) -> Table | None:
    """Return how far the methods agree; None where nothing could be compared."""
    if not needs.agreement:
        return None
    return Table(
        key="agreement",
        title="Zgodność metod uszeregowania potrzeb",
        columns=(
            Column("Metoda", "left"),
            Column("Porównana z", "left"),
            Column("Tau Kendalla"),
            Column("p"),
            Column("Wspólne w pierwszych piątkach"),
        ),
        rows=tuple(
            (
                words.METHOD.get(a.method_a, a.method_a),
                words.METHOD.get(a.method_b, a.method_b),
                words.score(a.tau),
                words.probability(a.p_value),
                Number(a.top5_shared),
            )
            for a in needs.agreement
        ),
        source=words.source(needs),
        note="Każdy wiersz porównuje dwie kolejności kompetencji. Tau Kendalla: 1 oznacza tę samą kolejność, 0 – brak "
        "związku, −1 – kolejność odwrotną. p: prawdopodobieństwo co najmniej tak silnego związku, gdyby kolejności "
        "były przypadkowe.",
    )
