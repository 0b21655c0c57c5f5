"""Gminas that opened a social service centre: how many, what changed after the opening, and which checks it passed."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.present.social_impact.missing import missing
from ropsanalysis.regions import POLAND
from ropsanalysis.social_impact import centre_checks
from ropsanalysis.social_impact.records import CentreTest, Claim
from ropsanalysis.social_impact.view import SocialImpact

_TEST: Final = {"pre_trend": "przed otwarciem", "placebo": "placebo"}
_AT: Final = {"cohort": "rok otwarcia", "calendar": "rok kalendarzowy"}


def areas(impact: SocialImpact) -> list[tuple[str, str]]:
    """Return code and name of the voivodeship and of Poland."""
    return [(impact.region.teryt, "województwo"), (POLAND.teryt, "Polska")]


def has_gminas(impact: SocialImpact) -> bool:
    """Return whether gminas were delivered at all."""
    return bool(impact.centre_cohorts)


def centres_summary(impact: SocialImpact) -> Points | Statement:
    """Return how many gminas opened a centre and what the comparison with other gminas says."""
    if not has_gminas(impact):
        return missing("jst_panel")
    found = [_opened(impact)]
    for teryt, _ in areas(impact):
        found += [statement for claim in centre_claims(impact, teryt) if (statement := _state(impact, claim, teryt))]
    found += _unestimated(impact)
    found += _checks(impact)
    return Points(tuple(found))


def centre_claims(impact: SocialImpact, teryt: str) -> list[Claim]:
    """Return the claims about gminas of the voivodeship or of Poland, the strongest evidence first."""
    return claims.by_strength(impact.claimed("gminas", teryt))


def _opened(impact: SocialImpact) -> Statement:
    cohorts = impact.opened()
    known = [row.gminas for row in cohorts if row.gminas is not None]
    if not cohorts or not sum(known):
        where = polish.capital(impact.region.in_locative)
        return words.say(impact, words.GMINAS, f"{where} żadna gmina nie otworzyła jeszcze centrum.")
    years = polish.years(cohorts[0].year or 0, cohorts[-1].year or 0)
    without = impact.without_centre()
    rest = "" if without is None else "; w {without} centrum nie ma"
    opened = polish.plural_form(sum(known), "otworzyła", "otworzyły", "otworzyło")
    return words.say(
        impact,
        words.GMINAS,
        f"Centrum usług społecznych {opened} {impact.region.in_locative} {{n}} (otwarcia: {years}){rest}.",
        n=Number(sum(known), unit=polish.plural_form(sum(known), "gmina", "gminy", "gmin")),
        without=words.gminas(without or 0),
    )


def _state(impact: SocialImpact, claim: Claim, teryt: str) -> Statement | None:
    if not claim.effect.shown:
        return None
    template, parts = claims.sentence(impact, claim)
    where = "W Polsce" if teryt == POLAND.teryt else "W województwie"
    return words.say(impact, words.GMINAS, f"{where}: {polish.lower_first(template)}", **parts)


def _unestimated(impact: SocialImpact) -> list[Statement]:
    """Say of the voivodeship, then of Poland, why nothing is estimated."""
    found = []
    for teryt, where in ((impact.region.teryt, "województwa"), (POLAND.teryt, "Polski")):
        rows = [row for o in impact.measured("gmina") if (row := impact.centre_effect(o.key, teryt)) is not None]
        if any(row.effect.shown for row in rows):
            continue
        reasons = [row.reason for row in rows] or ["no_data"]
        if "few" in reasons:
            least = round(impact.choice("min_opened"))
            why = f"centrum otworzyły mniej niż {polish.plural(least, 'gmina', 'gminy', 'gmin')}"
        else:
            why = words.because(reasons)
        found.append(
            words.say(impact, words.GMINAS, f"Dla {where} różnicy po otwarciu centrów nie szacujemy: {{why}}.", why=why)
        )
    return found


def _checks(impact: SocialImpact) -> list[Statement]:
    rows = shown_tests(impact)
    failed = [row for row in rows if row.reason == "" and not row.passed]
    found = []
    if failed:
        found.append(
            words.say(
                impact,
                words.GMINAS,
                "Próby kontrolne wykryły różnice, których przed otwarciem centrów być nie powinno: {all}. Dlatego te "
                "porównania są słabszym dowodem.",
                tone="bad",
                all=_where(impact, failed),
            )
        )
    untested = [row for row in rows if row.reason]
    if untested:
        found.append(
            words.say(
                impact,
                words.GMINAS,
                "Nie da się sprawdzić, czy przed otwarciem centrów gminy zmieniały się tak samo, bo gmin z centrum "
                "albo lat przed otwarciem jest zbyt mało: {all}. To osłabia dowód tak samo jak próba, która się nie "
                "powiodła.",
                tone="bad",
                all=_where(impact, untested),
            )
        )
    return found


def _where(impact: SocialImpact, rows: list[CentreTest]) -> str:
    """Return the outcomes of some checks, by area."""
    told = []
    for teryt, where in areas(impact):
        own = [polish.lower_first(names.short(impact, row.outcome)) for row in rows if row.teryt == teryt]
        if own:
            told.append(f"{where} – {polish.listing(dict.fromkeys(own))}")
    return "; ".join(told)


def cohorts_table(impact: SocialImpact) -> Table | None:
    """Return the gminas by year of opening; None where no gmina opened a centre."""
    known = [area for area in areas(impact) if any(row.teryt == area[0] for row in impact.centre_cohorts)]
    both = [(name, {row.year: row.gminas for row in impact.opened(teryt)}) for teryt, name in known]
    years = sorted({year for _, found in both for year in found if year is not None})
    if not years:
        return None
    rows: list[tuple[Cell, ...]] = [(str(year), *(Number(found.get(year, 0)) for _, found in both)) for year in years]
    rows.append(("Bez centrum", *(Number(impact.without_centre(teryt)) for teryt, _ in known)))
    return Table(
        key="centre_cohorts",
        title="Gminy według roku otwarcia centrum usług społecznych",
        columns=(Column("Rok otwarcia", "left"), *(Column(polish.capital(name)) for name, _ in both)),
        rows=tuple(rows),
        **words.origin(impact, *words.GMINAS),
    )


def centre_effects_table(impact: SocialImpact) -> Table | None:
    """Return the difference after the opening, by outcome, area and gminas compared with; None without gminas."""
    rows = [
        (outcome, where, row)
        for outcome in impact.measured("gmina")
        for teryt, where in areas(impact)
        for row in impact.centre_effects
        if (row.outcome, row.teryt, row.kind) == (outcome.key, teryt, "simple")
    ]
    if not rows:
        return None
    return Table(
        key="centre_effects",
        title="Różnica po otwarciu centrum wobec gmin bez centrum",
        columns=(
            Column("Wskaźnik", "left"), Column("Obszar", "left"), Column("Porównanie z", "left"), Column("Gminy"),
            Column("Różnica"), Column("od"), Column("do"), Column("Stopień"),
        ),
        rows=tuple(
            (
                outcome.short, where, names.CONTROLS.get(row.controls, row.controls), words.count(row.gminas),
                *words.change_cells(outcome, row.effect, reason=_reason(row.reason)), words.count(row.grade),
            )
            for outcome, where, row in rows
        ),
        highlight=tuple(index for index, (_, _, row) in enumerate(rows) if row.main),
        note=words.note(
            "Osoby na 10\u00a0tys. mieszkańców. Wyróżniono wynik, na którym opiera się twierdzenie raportu. Gminy: z "
            "centrum, na których opiera się liczba.",
            (_reason(row.reason) for _, _, row in rows),
        ),
        **words.origin(impact, *words.GMINAS),
    )  # fmt: skip


def _reason(reason: str) -> str:
    """Gminas are public: few of them are no secret, only too few."""
    return "few_gminas" if reason == "few" else reason


def centre_groups_table(impact: SocialImpact) -> Table | None:
    """Return the difference by year of opening and by year, here or else in Poland; None where nothing is estimated."""
    for teryt, where in areas(impact):
        rows = [
            (outcome, where, row)
            for outcome in impact.measured("gmina")
            for row in impact.centre_effects
            if (row.outcome, row.teryt, row.controls) == (outcome.key, teryt, impact.controls(outcome.key, teryt))
            and row.kind in _AT
            and row.effect.shown
        ]
        if rows:
            break
    if not rows:
        return None
    return Table(
        key="centre_groups",
        title="Różnica według roku otwarcia i według roku kalendarzowego",
        columns=(
            Column("Wskaźnik", "left"), Column("Obszar", "left"), Column("Według", "left"), Column("Rok"),
            Column("Różnica"), Column("od"), Column("do"),
        ),
        rows=tuple(
            (
                outcome.short, where, _AT[row.kind], str(row.at), *words.change_cells(outcome, row.effect),
            )
            for outcome, where, row in rows
        ),
        note="Osoby na 10\u00a0tys. mieszkańców. „od” i „do”: przedział punktowy.",
        **words.origin(impact, *words.GMINAS),
    )  # fmt: skip


def shown_tests(impact: SocialImpact) -> list[CentreTest]:
    """Return the checks of the comparisons that the report rests on; one with a reason cannot be made."""
    return [
        row
        for teryt, _ in areas(impact)
        for row in impact.centre_tests
        if row.teryt == teryt
        and row.controls == impact.controls(row.outcome, teryt)
        and row.test in _TEST
        and (effect := impact.centre_effect(row.outcome, teryt)) is not None
        and effect.effect.shown
    ]


def _ratio(row: CentreTest) -> Cell:
    """Return an F with its degrees of freedom."""
    if row.statistic is None:
        return polish.DASH
    return f"{words.plain(row.statistic).text} ({row.df or 0};{polish.NBSP}{row.df_denominator or 0})"


def _judged(row: CentreTest) -> str:
    if row.reason:
        return "nie da się sprawdzić"
    return "bez zastrzeżeń" if row.passed else "zastrzeżenie"


def centre_tests_table(impact: SocialImpact) -> Table | None:
    """Return the checks of the comparison before the opening; None where nothing is compared."""
    rows, where = shown_tests(impact), dict(areas(impact))
    if not rows:
        return None
    return Table(
        key="centre_tests",
        title="Próby kontrolne porównania gmin",
        columns=(
            Column("Wskaźnik", "left"), Column("Obszar", "left"), Column("Próba", "left"), Column("Wynik"),
            Column("od"), Column("do"), Column("F"), Column("p"), Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                names.short(impact, row.outcome), where[row.teryt], _TEST[row.test],
                *words.cells(row.value, lambda v: words.plain(v, digits=1, signed=True)),
                _ratio(row), words.probability(row.p), _judged(row),
            )
            for row in rows
        ),
        note="Przed otwarciem: test, czy gminy z centrum i bez niego zmieniały się wcześniej tak samo; przy F "
        f"stopnie swobody licznika i mianownika, w mianowniku co najmniej {centre_checks.ENOUGH_DF}. "
        "Placebo: różnica po udawanym, wcześniejszym otwarciu; nie powinno jej być, bo centrum jeszcze nie działało.",
        **words.origin(impact, *words.GMINAS),
    )  # fmt: skip
