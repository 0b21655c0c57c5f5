"""Names that the report inflects or explains: elements of a model, measures, steps of a case, verdicts."""

from __future__ import annotations

from typing import Final, NamedTuple

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import polish


class Measure(NamedTuple):
    """A measure of a network as the report names it.

    Attributes
    ----------
    name
        Its name.
    meaning
        What a reader who knows no statistics should think of.
    kind
        "share" (percent), "index" (0–100) or "count".
    """

    name: str
    meaning: str
    kind: str


ELEMENT: Final = {
    "diagnosis": "diagnoza potrzeb",
    "contract": "kontrakt socjalny",
    "animator": "animator (OPS)",
    "inspirer": "inspirator (ROPS)",
    "two_levels": "dwa szczeble samorządu",
    "basket": "koszyk usług",
    "monitoring": "monitorowanie",
    "aftercare": "działania po wsparciu",
}
#: The same where a column is narrow.
SHORT_ELEMENT: Final = {
    "diagnosis": "Diagnoza",
    "contract": "Kontrakt",
    "animator": "Animator (OPS)",
    "inspirer": "Inspirator (ROPS)",
    "two_levels": "Dwa szczeble",
    "basket": "Koszyk usług",
    "monitoring": "Moni\u00adtoring",
    "aftercare": "Po wsparciu",
}
BASIS: Final = {"cases": "sprawy", "pilot": "opis pilotażu", "partners": "lista partnerów"}
MEASURE: Final = {
    "ties": Measure("liczba powiązań", "ile par podmiotów ze sobą pracuje", "count"),
    "density": Measure("gęstość", "jaka część wszystkich możliwych par ze sobą pracuje", "share"),
    "reach": Measure("spójność", "jaka część par jest połączona choćby przez pośredników", "share"),
    "cross_sector": Measure(
        "powiązania międzysektorowe", "jaka część powiązań łączy różne sektory", "share"
    ),
    "cross_level": Measure(
        "powiązania między szczeblami",
        "jaka część powiązań podmiotów gminnych i powiatowych łączy gminę z powiatem; bez podmiotów wojewódzkich",
        "share",
    ),
    "centralisation": Measure(
        "skupienie powiązań", "0: wszyscy mają ich tyle samo, 100: wszystkie należą do jednego podmiotu", "index"
    ),
    "betweenness_centralisation": Measure(
        "skupienie pośrednictwa", "100: wszystkie drogi prowadzą przez jeden podmiot", "index"
    ),
    "brokerage": Measure(
        "pośrednictwo animatora",
        "jaka część dróg między niepołączonymi podmiotami różnych sektorów prowadzi przez animatora",
        "share",
    ),
}  # fmt: skip
STEP: Final = {
    "signal": "sygnał",
    "diagnosis": "diagnoza",
    "contract": "kontrakt socjalny",
    "basket": "koszyk usług",
    "ended": "zakończenie",
    "success": "zakończenie z powodzeniem",
    "followup": "sprawdzenie po zakończeniu",
    "kept": "zmiana się utrzymała",
}
#: What should not be among the steps.
FAULT: Final = {"undiagnosed": "w tym kontrakty bez zapisanej diagnozy"}
DURATION: Final = {
    "diagnosis": "od sygnału do diagnozy",
    "contract": "od diagnozy do kontraktu",
    "ended": "od kontraktu do zakończenia",
    "signal_contract": "od sygnału do kontraktu",
}
LEVEL: Final = {"gmina": "gmina", "powiat": "powiat", "region": "województwo"}
ROLE: Final = {"animator": "animator", "inspirer": "inspirator", "partner": "partner"}
COACHING: Final = {"individual": "indywidualny", "group": "grupowy", "": "razem"}
ZONE: Final = {
    "inside": "w granicach przypadku",
    "rather_high": "powyżej węższych granic",
    "rather_low": "poniżej węższych granic",
    "high": "powyżej szerszych granic",
    "low": "poniżej szerszych granic",
}
VERDICT: Final = {
    "extend": "reguły nie wskazują przeszkód",
    "mend_first": "najpierw uzupełnić",
    "watch": "obserwować dalej",
    "look_closer": "wyjaśnić wynik",
}
#: Why a verdict is what it is, beside missing elements.
CAUSE: Final = {
    "few_ended": "mało zakończonych spraw",
    "low_rate": "odsetek powodzeń poniżej granicy przypadku",
    "below_published": "odsetek powodzeń wyraźnie niższy niż w opublikowanym pilotażu",
    "basket_short": "nie wszystkie zaplanowane usługi dostarczono",
    "no_network_change": "zmiana sieci może być przypadkowa",
    "no_followup": "nie sprawdzano, czy zmiany się utrzymują",
}
#: What to do about each cause.
MEND: Final = {
    "diagnosis": "prowadzić pełną diagnozę w każdej sprawie",
    "contract": "zawierać kontrakt socjalny w każdej sprawie",
    "animator": "wyznaczyć ośrodek pomocy społecznej jako animatora",
    "inspirer": "włączyć ROPS jako inspiratora",
    "two_levels": "włączyć podmiot drugiego szczebla samorządu",
    "basket": "układać koszyk usług w każdej sprawie",
    "monitoring": "opisać i prowadzić monitorowanie spraw",
    "aftercare": "opisać, co dzieje się po zakończeniu wsparcia",
    "few_ended": "poczekać na więcej zakończonych spraw",
    "low_rate": "przejrzeć sprawy zakończone bez powodzenia",
    "below_published": "przejrzeć sprawy zakończone bez powodzenia",
    "basket_short": "ustalić z partnerami, dlaczego usług brakuje",
    "no_network_change": "powtórzyć pomiar powiązań",
    "no_followup": "sprawdzać sprawy kilka miesięcy po zakończeniu",
}


def pilot(models: Cooperation, key: str) -> str:
    """Return the name of a pilot."""
    return models.pilots[key].name if key in models.pilots else key


def pilots(models: Cooperation, keys: str) -> str:
    """Return the names of joined pilots; "" stands for the whole voivodeship."""
    if not keys:
        return "Województwo razem"
    found = polish.listing(pilot(models, key) for key in keys.split("+"))
    return f"{found} (łącznie)" if "+" in keys else found


def on_chart(models: Cooperation, keys: str) -> str:
    """Return the name of a pilot, or how many are joined, where there is room for one name only."""
    count = keys.count("+") + 1
    return pilot(models, keys) if count == 1 else f"łącznie: {polish.plural(count, 'pilotaż', 'pilotaże', 'pilotaży')}"


def sector(models: Cooperation, key: str) -> str:
    """Return the name of a sector."""
    return models.sectors[key].name if key in models.sectors else key


def short_sector(models: Cooperation, key: str) -> str:
    """Return the short name of a sector."""
    return models.sectors[key].short if key in models.sectors else key


def causes(keys: str) -> str:
    """Return why a verdict is what it is; missing elements come together.

    Examples
    --------
    >>> causes("monitoring+aftercare+few_ended"), causes("")
    ('brakuje: monitorowanie i działania po wsparciu; mało zakończonych spraw', 'brak uwag')
    """
    found = [key for key in keys.split("+") if key]
    told = [f"brakuje: {polish.listing(missing(keys))}"] if missing(keys) else []
    return "; ".join(told + [CAUSE.get(key, key) for key in found if key not in ELEMENT]) or "brak uwag"


def missing(keys: str) -> list[str]:
    """Return the names of the elements among the causes of a verdict."""
    return [ELEMENT[key] for key in keys.split("+") if key in ELEMENT]


def mend(keys: str) -> str:
    """Return what to do about the causes of a verdict.

    Examples
    --------
    >>> mend("few_ended"), mend("")
    ('poczekać na więcej zakończonych spraw', '–')
    """
    return "; ".join(dict.fromkeys(MEND[key] for key in keys.split("+") if key in MEND)) or polish.DASH
