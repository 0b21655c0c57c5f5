"""The opening of the report: cover and key findings in plain sentences."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Note, Points, Statement
from ropsanalysis.present.cooperation import advice, baskets, effects, fidelity, goals, names, words

_DATASETS: Final = {
    "cooperation_network": "danych o pilotażach i sieciach",
    "cooperation_cases": "danych o sprawach",
    "cooperation_effects": "efektów i coachingu",
}


def cover(models: Cooperation) -> Cover:
    """Return the title page."""
    real = [name for key, name in _DATASETS.items() if key in models.sources and not models.made_up(key)]
    if models.projects:
        real.append("opublikowanych danych o projekcie")
    ended = models.rate()
    entities = sum(pilot.entities for pilot in models.pilots.values())
    return Cover(
        report="cooperation",
        title="Modele kooperacji",
        subtitle=f"Województwo {models.region.name}",
        teryt=models.region.teryt,
        region=models.region.name,
        centre=models.region.centre,
        edition=models.edition,
        facts=(
            ("Kod TERYT", models.region.teryt),
            ("Edycja", models.edition),
            (
                "Opublikowany projekt",
                "; ".join(p.title for p in models.projects) or "brak: województwo poza dwoma projektami",
            ),
            ("Pilotaże", str(len(models.pilots)) if models.pilots else "brak danych"),
            ("Podmioty współpracujące", words.count(entities).text if models.pilots else "brak danych"),
            ("Sprawy zakończone", words.count(ended.ended, reason=ended.reason).text if ended else "brak danych"),
            ("Źródła danych", "; ".join(dict.fromkeys(filter(None, models.sources.values()))) or polish.DASH),
        ),
        synthetic=models.synthetic,
        real=f"oprócz {polish.listing(real)}" if models.synthetic and real else "",
    )


def key_findings(models: Cooperation) -> Points:
    """Return what a reader who knows no statistics should know after half a minute."""
    found = [
        _pilots(models),
        *_promised(models),
        _content(models),
        _network(models),
        _success(models),
        _time(models),
        _basket(models),
        _goals(models),
        _verdicts(models),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def reading_note(models: Cooperation) -> Note:
    """Return how to read the findings."""
    return Note(
        title="Jak czytać ustalenia.",
        text="Raport opisuje, co się działo w pilotażach; nie mówi, co stałoby się bez modelu.",
        items=(
            (
                "Przed i po: porównujemy te same podmioty, bez gmin, które modelu nie wprowadziły. Różnica pokazuje "
                "zmianę w czasie, a nie to, skąd się wzięła."
            ),
            (
                "W nawiasach („od … do …”): niepewność wyniku; granice liczymy tak, aby w "
                f"{words.confidence(models)} takich badań objęły prawdziwą wartość."
            ),
            (
                "Zmiana większa niż przypadkowa: tak duża różnica rzadko się pojawia, gdy stan przed i po zamieniać "
                "losowo przy każdej parze podmiotów."
            ),
            (
                "Sprawa: jedna osoba albo rodzina, od sygnału o potrzebie pomocy do zakończenia i sprawdzenia, czy "
                "zmiana się utrzymała."
            ),
        ),
    )


def _pilots(models: Cooperation) -> Statement:
    if not models.pilots:
        return Statement(f"Nie wiadomo, jak działają modele kooperacji {models.region.in_locative}: brak danych.")
    entities = sum(pilot.entities for pilot in models.pilots.values())
    sectors = len({row.sector for row in models.partners if row.entities})
    return words.say(
        models,
        words.NETWORK,
        polish.capital(models.region.in_locative)
        + " model kooperacji {verb} {pilots}; {joined} w nich {entities}"
        + (" z {sectors}." if sectors else "."),
        verb=polish.plural_form(len(models.pilots), "sprawdza", "sprawdzają", "sprawdza"),
        pilots=words.pilots(len(models.pilots)),
        joined=polish.plural_form(entities, "współpracuje", "współpracują", "współpracuje"),
        entities=words.entities(entities),
        sectors=f"{sectors}{polish.NBSP}" + ("sektora" if sectors == 1 else "sektorów"),
    )


def _promised(models: Cooperation) -> list[Statement]:
    if not models.projects:
        return [
            Statement(
                "Dwa projekty modeli kooperacji, których obietnice opublikowano, nie obejmują województwa "
                f"{models.region.genitive}; raport opisuje tylko to, co dostarczył ośrodek."
            )
        ]
    return effects.in_brief(models)


def _content(models: Cooperation) -> Statement | None:
    if not models.fidelity:
        return None
    return fidelity.in_brief(models)


def _network(models: Cooperation) -> Statement | None:
    density, cross = models.measure("density"), models.measure("cross_sector")
    if density is None or density.before is None or density.after is None:
        return None
    alpha = models.choice("alpha")
    beyond = density.p_adjusted is not None and density.p_adjusted < alpha
    text = (
        "Przed wprowadzeniem modelu współpracowało średnio {before} par podmiotów, po jego wprowadzeniu {after}; "
        + ("to zmiana większa niż przypadkowa." if beyond else "tak mała zmiana może być przypadkowa.")
    )
    parts: dict[str, Any] = {"before": words.percent(density.before), "after": words.percent(density.after)}
    if cross is not None and cross.before is not None and cross.after is not None:
        text += " Powiązania między różnymi sektorami stanowiły {c0} wszystkich powiązań, później {c1}."
        parts |= {"c0": words.percent(cross.before), "c1": words.percent(cross.after)}
    return words.say(models, words.NETWORK, text, **parts)


def _success(models: Cooperation) -> Statement | None:
    row, other = models.rate(), models.comparison
    if row is None:
        return None
    if row.rate.value is None or row.success is None or row.ended is None:
        return words.say(
            models, words.CASES, "Odsetka spraw zakończonych z powodzeniem nie podajemy: {why}.",
            why=words.because(row.reason),
        )  # fmt: skip
    text, parts = words.spread("rate", row.rate, words.percent)
    beside = ""
    if other is not None and other.of:
        beside = "; w opublikowanym pilotażu gmin wiejskich {other_success} z {other_of}, czyli {other_rate}"
        parts |= {
            "other_success": words.count(other.success),
            "other_of": words.count(other.of),
            "other_rate": words.percent(other.success / other.of),
        }
    return words.say(
        models,
        words.CASES,
        f"Z powodzeniem zakończyło się {{success}} z {{ended}}, czyli {text}{beside}.",
        success=words.count(row.success),
        ended=words.out_of(row.ended),
        **parts,
    )


def _time(models: Cooperation) -> Statement | None:
    row = models.duration("signal_contract")
    if row is None or row.median.value is None:
        return None
    text, parts = words.spread("days", row.median, words.days)
    base = ", n = {n}" if row.cases is not None else ""
    return words.say(
        models,
        words.CASES,
        f"W połowie spraw od sygnału do kontraktu socjalnego mija nie więcej niż {text}{base}.",
        n=words.count(row.cases),
        **parts,
    )


def _basket(models: Cooperation) -> Statement | None:
    planned, delivered = baskets.total(models)
    if not planned:
        return None
    return words.say(
        models,
        words.CASES,
        "Z {planned} jednostek usług zaplanowanych w koszykach dostarczono {share}{partly}.",
        share=words.percent(delivered / planned),
        planned=words.count(planned),
        partly=baskets.partly(models),
    )


def _goals(models: Cooperation) -> Statement | None:
    return goals.in_brief(models)


def _verdicts(models: Cooperation) -> Statement | None:
    found = advice.by_verdict(models)
    if not found:
        return None
    told = " ".join(f"{polish.capital(names.VERDICT[verdict])}: {'; '.join(who)}." for verdict, who in found.items())
    return words.say(models, words.PILOTS, "Rozszerzanie modelu. {told}", told=told)
