"""Participants beside persons without support: what the comparison says, and how the methods agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ropsanalysis.present import forests, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Points, Statement, Table
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.present.social_impact.missing import missing
from ropsanalysis.present.social_impact.outcomes import ENDS, MULTIPLES, in_multiples
from ropsanalysis.social_impact import evidence
from ropsanalysis.social_impact.records import Effect, Outcome
from ropsanalysis.social_impact.view import SocialImpact

#: Methods in the order of figures and tables, and how a figure marks them: the plain change is hollow.
METHODS: Final = ("before_after", "did", "ipw", "aipw", "balancing")
_KEY: Final = {"before_after": "przed i po (bez porównania)"}
#: Oster's delta from which on it is not printed.
_DELTA: Final = 10
_STYLES: Final = {"before_after": 2, "did": 1, "ipw": 3, "aipw": 0, "balancing": 4}


def comparison_summary(impact: SocialImpact) -> Points | Statement:
    """Return how well the comparison group serves, and what the comparison says of each outcome."""
    if not impact.has_persons():
        return missing("impact_panel")
    found = [_serves(impact)]
    if compares(impact):
        rows = [claim for claim in claims.by_strength(impact.claimed("persons")) if claim.method != "before_after"]
        for claim in rows:
            template, parts = claims.sentence(impact, claim)
            found.append(words.say(impact, words.PERSONS, template, **parts))
        found += [statement for statement in (_misleads(impact), _hidden_trait(impact)) if statement is not None]
    return Points(tuple(found))


def compares(impact: SocialImpact) -> bool:
    """Return whether any effect is estimated against a comparison group."""
    return any(row.effect.shown for row in impact.effects if row.method != "before_after")


def _serves(impact: SocialImpact) -> Statement:
    row = impact.comparison
    if row is None or row.verdict == "no_comparison":
        return words.say(
            impact,
            words.PERSONS,
            "Nie ma grupy porównawczej, dlatego nie da się oszacować, ile ze zmiany zaszłoby bez wsparcia. Raport może "
            "powiedzieć tylko, co się zmieniło w czasie; takich zmian nie należy przypisywać wsparciu.",
            tone="bad",
        )
    parts: dict[str, Any] = {
        "overlap": words.percent(row.overlap),
        "least": words.percent(impact.choice("min_overlap"), digits=0),
        "before": words.plain(row.worst_before),
        "after": words.plain(row.worst_after),
        "limit": words.plain(impact.choice("max_imbalance")),
    }
    if row.verdict == "no_overlap":
        known = "podobne osoby ma w niej tylko {overlap} uczestników, a potrzeba co najmniej {least}"
        return words.say(
            impact,
            words.PERSONS,
            "Grupa porównawcza zbyt różni się od uczestników"
            + (f": {known}" if row.overlap is not None else "")
            + ". Dlatego różnic nie szacujemy: liczby wyglądałyby wiarygodnie, a porównywałyby osoby nieporównywalne. "
            "Raport może powiedzieć tylko, co się zmieniło w czasie.",
            tone="bad",
            **parts,
        )
    text = ["Grupa porównawcza jest zbliżona do uczestników"] if row.verdict == "good" else [
        "Grupa porównawcza tylko częściowo odpowiada uczestnikom"
    ]  # fmt: skip
    if row.overlap is not None:
        text.append(": podobne osoby ma w niej {overlap} uczestników")
    if row.worst_before is not None and row.worst_after is not None:
        text.append(
            "; największa różnica cechy na wejściu wynosiła {before} odchylenia standardowego, a po wyrównaniu wynosi "
            "{after} (granica podobieństwa: {limit})"
        )
    return words.say(impact, words.PERSONS, "".join(text) + ".", **parts)


def _misleads(impact: SocialImpact) -> Statement | None:
    """Show on the outcome with the largest gap how much a plain change in time differs from the comparison."""
    gaps = []
    for outcome in impact.measured("person"):
        plain, main, change = impact.effect(outcome.key, "before_after"), impact.main_effect(outcome.key), None
        if plain is None or main is None or main.method == "before_after":
            continue
        if plain.effect.value is None or main.effect.value is None:
            continue
        change = impact.change(outcome.key)
        scale = change.smallest if change is not None and change.smallest else None
        if scale:
            gaps.append((abs(plain.effect.value - main.effect.value) / scale, outcome, plain, main))
    if not gaps:
        return None
    _, outcome, plain, main = max(gaps, key=lambda gap: gap[0])
    return words.say(
        impact,
        words.PERSONS,
        "Sama zmiana w czasie może mylić. Wskaźnik „{name}” zmienił się u uczestników o {plain}, a różnica wobec osób "
        "bez wsparcia wynosi {main}.",
        name=polish.lower_first(outcome.short),
        plain=words.in_unit(outcome, plain.effect.value, change=True, signed=True),
        main=words.in_unit(outcome, main.effect.value, change=True, signed=True),
    )


def _hidden_trait(impact: SocialImpact) -> Statement | None:
    """Say of the strongest claim how strong an unmeasured trait would have to be."""
    for claim in claims.decided(impact.claimed("persons")):
        main = impact.main_effect(claim.outcome)
        if main is None or main.evalue is None or (claim.grade or 0) < evidence.COMPARED:
            continue
        limit = "" if main.evalue_limit is None else "; żeby przedział objął zero, wystarczyłaby siła {limit}"
        return words.say(
            impact,
            words.PERSONS,
            "Żeby cała różnica we wskaźniku „{name}” była pozorna, cecha, której nie zmierzono, musiałaby co najmniej "
            f"{{evalue}}-krotnie różnić obie grupy i tyle samo razy zmieniać prawdopodobieństwo wyniku{limit}.",
            name=polish.lower_first(names.short(impact, claim.outcome)),
            evalue=words.plain(main.evalue, digits=1),
            limit=words.plain(main.evalue_limit, digits=1),
        )
    return None


def balance_figure(impact: SocialImpact) -> Figure | None:
    """Return how unlike the groups are before and after weighting, by trait; None where nothing is known."""
    rows = [row for row in impact.balance if row.before is not None]
    if not rows:
        return None
    rows.sort(key=lambda row: -abs(row.before or 0.0))
    kinds = [("before", "bez wag", 2)]
    kinds += [(key, name, style) for key, name, style in (("ipw", "ważenie (IPW)", 3),
              ("balanced", "wagi równoważące", 0)) if any(getattr(row, key) is not None for row in rows)]  # fmt: skip
    limit = impact.choice("max_imbalance")
    lines = [
        forests.Row(
            names.trait(impact, row.trait),
            tuple(
                forests.Mark(place, getattr(row, key))
                for place, (key, _, _) in enumerate(kinds)
                if getattr(row, key) is not None
            ),
        )
        for row in rows
    ]
    told = "; ".join(
        f"{names.trait(impact, row.trait)} "
        + ", ".join(f"{name} {words.plain(getattr(row, key), signed=True).text}" for key, name, _ in kinds)
        for row in rows
    )
    return Figure(
        key="balance",
        title="Różnice cech między uczestnikami a grupą porównawczą na wejściu",
        svg=forests.forest(
            lines,
            key="balance",
            kinds=[name for _, name, _ in kinds],
            styles=[style for _, _, style in kinds],
            label="różnica w odchyleniach standardowych",
            band=(limit, f"granica podobieństwa (±{words.plain(limit, digits=1).text})"),
            one_line=True,
        ),
        alt=f"Różnice cech w odchyleniach standardowych: {told}.",
        description=f"Im bliżej zera, tym bardziej grupy są do siebie podobne. {told}.",
        data=Table(
            key="balance_data",
            title="Różnice cech w odchyleniach standardowych",
            columns=(Column("Cecha na wejściu", "left"), *(Column(polish.capital(name)) for _, name, _ in kinds)),
            rows=tuple(
                (names.trait(impact, row.trait), *(words.plain(getattr(row, k), signed=True) for k, _, _ in kinds))
                for row in rows
            ),
            synthetic=impact.made_up(*words.PERSONS),
        ),
        source=words.source(impact, *words.PERSONS),
        note="Wyrównać można tylko cechy, które zmierzono.",
    )


def methods_figure(impact: SocialImpact) -> Figure | None:
    """Return the difference by each method beside the plain change in time; None without a comparison."""
    rows: list[tuple[Outcome, float, list[Effect]]] = []
    for outcome in impact.measured("person"):
        change = impact.change(outcome.key)
        found = [
            e for m in METHODS if (e := impact.effect(outcome.key, m)) is not None and words.has_interval(e.effect)
        ]
        if change is not None and change.smallest and any(e.method != "before_after" for e in found):
            rows.append((outcome, change.smallest, found))
    if not rows:
        return None
    used = [method for method in METHODS if any(e.method == method for _, _, found in rows for e in found)]
    lines = [
        forests.Row(
            outcome.short,
            tuple(forests.Mark(used.index(e.method), *in_multiples(outcome, e.effect, smallest)) for e in found),
        )
        for outcome, smallest, found in rows
    ]
    told = "; ".join(f"{outcome.short}: {_methods_in_words(outcome, found)}" for outcome, _, found in rows)
    return Figure(
        key="methods",
        title="Zmiana w czasie i różnica wobec osób bez wsparcia według metody",
        svg=forests.forest(
            lines,
            key="methods",
            kinds=[_KEY.get(method, names.METHOD[method]) for method in used],
            styles=[_STYLES[method] for method in used],
            label=MULTIPLES,
            interval=f"przedział {words.confidence(impact)}",
            band=(1.0, "mniej niż ważna zmiana"),
            ends=ENDS,
        ),
        alt=words.stopped(f"Wyniki metod ({len(used)}) z przedziałami. {told}"),
        description="Pusty romb to sama zmiana w czasie. Tam, gdzie leży daleko od pozostałych znaków, sama zmiana w "
        "czasie myli. " + words.stopped(told),
        data=_methods_data(impact, rows),
        source=words.source(impact, *words.PERSONS),
        note="Pusty romb pokazuje, co powiedziałby pomiar bez grupy porównawczej. 1 oznacza najmniejszą ważną zmianę."
        + words.left_out(impact, [e.effect for e in impact.effects]),
    )


def _methods_in_words(outcome: Outcome, found: Iterable[Effect]) -> str:
    return ", ".join(
        f"{names.METHOD[e.method]} {words.in_unit(outcome, e.effect.value, change=True, signed=True).text}"
        for e in found
    )


def _methods_data(impact: SocialImpact, rows: list[tuple[Outcome, float, list[Effect]]]) -> Table:
    return Table(
        key="methods_data",
        title="Wyniki metod w krotnościach najmniejszej ważnej zmiany",
        columns=(
            Column("Wskaźnik", "left"), Column("Metoda", "left"), Column("Wynik"), Column("od"), Column("do"),
        ),
        rows=tuple(
            (
                outcome.short,
                names.METHOD[e.method],
                *(words.plain(v, signed=True) for v in in_multiples(outcome, e.effect, smallest)),
            )
            for outcome, smallest, found in rows
            for e in found
        ),
        note="Liczby dodatnie: korzystniej.",
        synthetic=impact.made_up(*words.PERSONS),
    )  # fmt: skip


def effects_table(impact: SocialImpact) -> Table | None:
    """Return every estimate by method; None where there is nobody to compare with."""
    if not compares(impact):
        return None
    rows = [
        (outcome, e)
        for outcome in impact.measured("person")
        for method in METHODS
        if (e := impact.effect(outcome.key, method)) is not None
    ]
    return Table(
        key="effects",
        title="Różnica rok po wyjściu według metody",
        columns=(
            Column("Wskaźnik", "left"), Column("Metoda", "left"), Column("Wynik"), Column("od"), Column("do"),
            Column("Jedn."), Column("n ucz."), Column("n por."), Column("p (Holm)"), Column("Stopień"),
        ),
        rows=tuple(_effect_row(outcome, e) for outcome, e in rows),
        highlight=tuple(index for index, (_, e) in enumerate(rows) if e.main),
        note=words.note(
            "Wyróżniono wynik, na którym opiera się twierdzenie raportu. n ucz., n por.: liczba uczestników i osób z "
            "grupy porównawczej. p: po poprawce Holma. Stopień: siła dowodu. Ważenie i wagi równoważące: osoby, które "
            "odpowiedziały w każdym pomiarze, bez wag za utratę pozostałych.",
            (e.reason for _, e in rows),
        ),
        **words.origin(impact, *words.PERSONS),
    )  # fmt: skip


def _effect_row(outcome: Outcome, e: Effect) -> tuple[Cell, ...]:
    return (
        outcome.short,
        names.METHOD.get(e.method, e.method),
        *words.change_cells(outcome, e.effect, reason=e.reason),
        words.unit(outcome, change=True),
        words.count(e.n_participant),
        words.count(e.n_comparison),
        words.probability(e.p_adjusted),
        words.count(e.grade),
    )


def confounder_table(impact: SocialImpact) -> Table | None:
    """Return how strong an unmeasured trait would have to be to explain each difference; None where not computed."""
    decided = {claim.outcome for claim in claims.decided(impact.claimed("persons"))}
    rows = [
        (o, e) for o in impact.measured("person")
        if o.key in decided and (e := impact.main_effect(o.key)) is not None
        and (e.evalue is not None or e.delta is not None)
    ]  # fmt: skip
    if not rows:
        return None
    return Table(
        key="confounder",
        title="Jak silna musiałaby być cecha, której nie zmierzono",
        columns=(
            Column("Wskaźnik", "left"), Column("Wartość E"), Column("E granicy"), Column("Delta"),
            Column("Co podważyłoby różnicę", "left"),
        ),
        rows=tuple(
            (
                o.short,
                words.plain(e.evalue),
                words.plain(e.evalue_limit),
                words.plain(e.delta if _telling(e.delta) else None, digits=1),
                _meaning(e),
            )
            for o, e in rows
        ),
        note="Wartość E (VanderWeele i Ding 2017): najmniejsza siła związku cechy z udziałem i z wynikiem, jako iloraz "
        "ryzyka, przy której różnica byłaby pozorna; E granicy: to samo dla bliższego zeru końca przedziału (1 – "
        "przedział obejmuje brak różnicy). Delta (Oster 2019): ile razy ważniejsze od zmierzonych musiałyby być cechy "
        "niezmierzone, aby różnica zniknęła; kreska – delta ujemna albo równa co najmniej 10, czyli zmierzone cechy "
        "prawie nie zmieniają różnicy i miara nic nie mówi.",
        **words.origin(impact, *words.PERSONS),
    )  # fmt: skip


def _meaning(e: Effect) -> str:
    told = []
    if e.evalue is not None:
        told.append(f"cecha o sile {words.plain(e.evalue, digits=1).text}")
    if e.delta is not None and _telling(e.delta):
        told.append(f"cechy niezmierzone ważniejsze od zmierzonych {words.plain(e.delta, digits=1).text} raza"
                    if e.delta >= 1 else "cechy niezmierzone mniej ważne od zmierzonych")  # fmt: skip
    return "; ".join(told) or polish.DASH


def _telling(delta: float | None) -> bool:
    """Return whether Oster's delta says something: beyond, measured traits hardly move the effect and it is noise."""
    return delta is not None and 0 < delta < _DELTA
