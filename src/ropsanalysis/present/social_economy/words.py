"""The report's recurring words: where numbers come from, how shares, estimates, days and hidden numbers are put."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypedDict

from ropsanalysis.definitions import PUBLISHED
from ropsanalysis.present import numbers, polish
from ropsanalysis.present.blocks import Cell, Number, Statement, Tone
from ropsanalysis.present.dates import day as day
from ropsanalysis.present.dates import long_day as long_day
from ropsanalysis.present.dates import period as period
from ropsanalysis.social_economy.records import Coverage, Gmina, Measure
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.stats.records import Estimate

#: What a table prints in place of a number of the survey that is not shown, by the record's reason.
HIDDEN: Final = {"protected": "ukryto", "imprecise": "nieprecyzyjne", "none": "brak odpowiedzi"}
_EXPLAINED: Final = {
    "protected": "„ukryto” – zbyt mało podmiotów, jeden podmiot dominuje albo trzeba chronić inne liczby",
    "imprecise": "„nieprecyzyjne” – zbyt mało odpowiedzi albo zbyt szeroki przedział",
    "none": "„brak odpowiedzi” – nikt nie odpowiedział",
}
GROUP: Final = {
    "": "Wszystkie podmioty",
    "reintegration": "Jednostki reintegracyjne",
    "cooperatives": "Spółdzielnie",
    "companies": "Spółki non profit",
    "organisations": "Organizacje pozarządowe",
    "kgw": "Koła gospodyń wiejskich",
}
#: The registers count entities per inhabitants, so both datasets stand behind a density.
REGISTER: Final = ("es_register",)
DENSITY: Final = ("es_register", "gmina_population")
SURVEY: Final = ("es_survey", "es_register")
SUPPORT: Final = ("owes_support",)
PROGRAMME: Final = ("es_programme", "es_register", "es_survey")
OFFICIAL: Final = ("gus_sdg",)
#: What the composite index is made from; official figures are in it, so it is marked where any other part is made up.
CONDITION: Final = ("es_register", "gmina_population", "es_survey", "gus_sdg")
_OFFICIAL_SOURCE: Final = "GUS, Wskaźniki zrównoważonego rozwoju, dane regionalne"
_WANTED: Final = {
    "es_survey": (
        "badania podmiotów",
        "pracy, reintegracji i finansów",
        "data/raw/es_survey plik survey.csv lub survey.xlsx, z jednym wierszem na podmiot i rok",
    ),
    "owes_support": (
        "danych o wsparciu OWES",
        "działań ośrodków wsparcia ekonomii społecznej",
        "data/raw/owes_support plik support.csv lub support.xlsx, z jednym wierszem na ośrodek i rok",
    ),
    "es_programme": (
        "celów programu regionalnego",
        "drogi do celów",
        "data/raw/es_programme plik programme.csv lub programme.xlsx, z jednym wierszem na cel",
    ),
}


class Origin(TypedDict):
    """Where the numbers of a table come from, and whether they are made up."""

    source: str
    synthetic: bool


def origin(economy: SocialEconomy, *datasets: str) -> Origin:
    """Return the source line of a table, and whether to mark it as made up."""
    return {"source": source(economy, *datasets), "synthetic": economy.made_up(*datasets)}


def source(economy: SocialEconomy, *datasets: str) -> str:
    """Return the source line under a table or figure computed from these datasets."""
    if datasets == OFFICIAL:
        return f"opracowanie własne na podstawie: {_OFFICIAL_SOURCE}."
    texts = [_OFFICIAL_SOURCE if name in OFFICIAL else economy.sources.get(name, "") for name in datasets]
    return f"opracowanie własne na podstawie: {'; '.join(dict.fromkeys(text for text in texts if text))}."


def say(
    economy: SocialEconomy, datasets: Iterable[str], template: str, /, *, tone: Tone = "text", **parts: Cell
) -> Statement:
    """Build a statement about numbers of these datasets, marked where any of them is made up."""
    return Statement.of(template, tone=tone, synthetic=economy.made_up(*datasets), **parts)


def missing(dataset: str) -> Statement:
    """Return what a chapter says in place of results where a dataset that an office may deliver is absent."""
    what, chapter, deliver = _WANTED[dataset]
    return Statement(
        f"Brak {what}, dlatego raport nie opisuje {chapter}. Aby to zmienić, proszę zapisać w folderze {deliver}."
    )


def explained(reasons: Iterable[str]) -> str:
    """Return a sentence to add: what the words in place of numbers mean, for the reasons that occur in a table."""
    found = set(reasons)
    told = [text for reason, text in _EXPLAINED.items() if reason in found]
    return f" {'; '.join(told)}." if told else ""


# --- numbers ------------------------------------------------------------------------------------------


def count(value: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return a number of entities or persons."""
    return Number(value, missing=HIDDEN.get(reason, ""))


def entities(number: int | None) -> Number:
    """Return so many entities, with the noun in the form that the number asks for."""
    return Number(number, unit="" if number is None else polish.plural_form(number, "podmiot", "podmioty", "podmiotów"))


def persons(number: float | None, *, one: str = "osoba") -> Number:
    """Return so many persons, with the noun in the form that the number asks for; `one` is that of a single person."""
    return Number(number, unit="" if number is None else polish.plural_form(round(number), one, "osoby", "osób"))


def gminas(number: int) -> Number:
    """Return so many gminas as after "z" or "do"."""
    return Number(number, unit="gminy" if number == 1 else "gmin")


def inhabited(coverage: Coverage) -> str:
    """Return the piece of a template that says how many people live in gminas without; prints `people`."""
    if coverage.population_without is None or not coverage.without:
        return ""
    verb = polish.plural_form(coverage.population_without, "mieszka", "mieszkają", "mieszka")
    return f"; {verb} w {'niej' if coverage.without == 1 else 'nich'} {{people}}"


def signed(value: float | None) -> Number:
    """Return a change of a number of entities."""
    return Number(value, signed=True)


def grew(change: int, name: str) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that says by how many something grew or shrank, and the number for it."""
    if not change:
        return "nie zmieniła się", {}
    return f"{'wzrosła' if change > 0 else 'zmalała'} o {{{name}}}", {name: Number(abs(change))}


def percent(share: float | None, *, reason: str = PUBLISHED, unit: str = "%", digits: int = 1) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    return numbers.percent(share, missing=HIDDEN.get(reason, ""), unit=unit, digits=digits)


def percent_cells(share: Estimate, *, reason: str = PUBLISHED, digits: int = 1) -> tuple[Number, Number, Number]:
    """Return a share and the ends of its interval for columns that say "%"."""
    value, low, high = share
    return (
        percent(value, reason=reason, unit="", digits=digits),
        percent(low, unit="", digits=digits),
        percent(high, unit="", digits=digits),
    )


def density(value: float | None, *, digits: int = 1) -> Number:
    """Return entities per 10 thousand inhabitants; rare forms ask for two decimals."""
    return Number(value, digits=digits)


def ratio(value: float | None) -> Number:
    """Return a ratio such as the location quotient, with two decimals."""
    return Number(value, digits=2)


def money(value: float | None, *, reason: str = PUBLISHED, unit: str = "zł") -> Number:
    """Return an amount in złoty."""
    return Number(value, unit=unit, missing=HIDDEN.get(reason, ""))


def thousands(value: float | None, *, reason: str = PUBLISHED, unit: str = "tys. zł", digits: int = 0) -> Number:
    """Return an amount in thousands of złoty."""
    return Number(None if value is None else value / 1000, digits=digits, unit=unit, missing=HIDDEN.get(reason, ""))


def in_unit(measure: Measure, value: float | None, *, reason: str = PUBLISHED, unit: str | None = None) -> Number:
    """Return a measure of the survey as its catalogue entry says; empty `unit` where a column names it."""
    if measure.unit == "%":
        return percent(value, reason=reason, unit="%" if unit is None else unit, digits=measure.digits)
    shown = measure.unit if unit is None else unit
    return Number(value, digits=measure.digits, unit=shown, missing=HIDDEN.get(reason, ""))


def with_interval(
    name: str, estimate: Estimate, show: Callable[[float | None], Number], of: str = ""
) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that prints an estimate, what it is a share of, its interval; and the numbers."""
    parts = {f"{name}": show(estimate.value), f"{name}_low": show(estimate.low), f"{name}_high": show(estimate.high)}
    return f"{{{name}}}{of} (od {{{name}_low}} do {{{name}_high}})", parts


def confidence(economy: SocialEconomy) -> str:
    """Return the level of the intervals, as in "95%"."""
    return percent(economy.choice("confidence"), digits=0).text


def places(rank: Estimate) -> str:
    """Return the interval of a rank, as in "1.–4."."""
    if rank.low is None or rank.high is None:
        return polish.DASH
    return polish.rank(round(rank.low), round(rank.high))


def probability(p: float | None) -> Number | str:
    """Return a p-value; a very small one is not printed as zero."""
    return f"<{polish.NBSP}0,001" if p is not None and p < 0.001 else Number(p, digits=3)


# --- names --------------------------------------------------------------------------------------------


def form(economy: SocialEconomy, key: str) -> str:
    """Return the short name of a legal form."""
    if key == "":
        return "Razem"
    return economy.forms[key].short if key in economy.forms else key


def group(key: str) -> str:
    """Return the name of a group of legal forms."""
    return GROUP.get(key, key)


def unit(economy: SocialEconomy, teryt: str) -> str:
    """Return the name of a powiat or gmina; a city with powiat rights is told from the powiat around it."""
    return economy.units[teryt].name if teryt in economy.units else teryt


def powiat(economy: SocialEconomy, teryt: str) -> str:
    """Return a powiat as a sentence names it: "powiat miński", but "Płock"."""
    name = unit(economy, teryt)
    return name if name[:1].isupper() else f"powiat {name}"


def gmina(gmina: Gmina, others: Iterable[Gmina] = ()) -> str:
    """Return the name of a gmina, with its kind where another of the same powiat has the same name."""
    same = [o for o in others if o.teryt != gmina.teryt and (o.parent, o.name) == (gmina.parent, gmina.name)]
    kind = {"gmina miejska": "miasto", "gmina miejsko-wiejska": "miejsko-wiejska", "gmina wiejska": "gm. wiejska"}
    return f"{gmina.name} ({kind.get(gmina.kind, gmina.kind)})" if same else gmina.name
