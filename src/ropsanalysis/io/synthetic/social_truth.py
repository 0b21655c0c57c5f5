"""What is true in the made-up social economy of the demo: how many entities there are, how long they last, who works.

Every number here is invented, but for those said to be published. They are meant to be plausible in size and to
differ where a report should find differences: between legal forms, between founding years, between voivodeships.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "2025-12-31"
"""Day that all lists describe."""
STATUS_SINCE: Final = "2022-10-30"
"""First day of the status of social enterprise (act of 5 August 2022 on the social economy)."""

REGISTER_FROM: Final[dict[str, str]] = {
    "krs": "2001-01-01", "cis_kis": "2004-01-01", "zaz_wtz": "2004-01-01", "kgw": "2018-11-29", "church": "2001-01-01",
}  # fmt: skip
"""First day of each register: who closed before does not stand in it. That of the KGW register is the true one."""

POPULATION: Final[dict[str, tuple[int, int]]] = {
    "02": (2868240, -38), "04": (1984480, -58), "06": (1996440, -73), "08": (969820, -53), "10": (2345920, -70),
    "12": (3429080, -2), "14": (5508320, -4), "16": (930300, -69), "18": (2063000, -42), "20": (1132640, -49),
    "22": (2359490, 0), "24": (4291440, -66), "26": (1157990, -90), "28": (1349170, -64), "30": (3479990, -23),
    "32": (1622760, -55),
}  # fmt: skip
"""Inhabitants in 2024 and their change in a year (per 10 000), by voivodeship: Statistics Poland, Local Data Bank."""
POPULATION_YEARS: Final = tuple(range(2015, 2026))

CAPITALS: Final[dict[str, int]] = {
    "0264": 235, "0461": 164, "0663": 165, "0862": 145, "1061": 277, "1261": 235, "1465": 338, "1661": 137,
    "1863": 96, "2061": 258, "2261": 207, "2469": 65, "2661": 158, "2862": 125, "3064": 155, "3262": 240,
}  # fmt: skip
"""Powiat code of the largest city of each voivodeship and, in thousandths, its share of the inhabitants."""
PLACES: Final[dict[str, tuple[int, int]]] = {
    "city": (40_000, 230_000), "town": (4_000, 65_000), "mixed": (4_500, 40_000), "rural": (1_700, 16_000),
}  # fmt: skip
"""Smallest and largest number of inhabitants of the other gminas, by kind; most are near the smallest."""
DESERTED: Final = 45
"""Of a thousand rural gminas, those without any entity."""
SPIRIT: Final = (5, 19)
"""Fewest and most entities of a powiat for its inhabitants, in tenths of the usual; the upper end is not reached."""


PUBLISHED: Final[dict[str, dict[str, int]]] = {
    "gus:1.E.1": {
        "02": 239, "04": 224, "06": 298, "08": 246, "10": 240, "12": 259, "14": 275, "16": 260, "18": 289, "20": 256,
        "22": 229, "24": 181, "26": 267, "28": 260, "30": 277, "32": 232,
    },
    "gus:1.B.7": {
        "02": 23, "04": 31, "06": 46, "08": 43, "10": 24, "12": 36, "14": 20, "16": 36, "18": 34, "20": 45, "22": 34,
        "24": 31, "26": 48, "28": 61, "30": 41, "32": 37,
    },
    "gus:1.E.2": {
        "02": 490, "04": 420, "06": 460, "08": 480, "10": 420, "12": 450, "14": 550, "16": 470, "18": 440, "20": 420,
        "22": 430, "24": 350, "26": 450, "28": 490, "30": 460, "32": 500,
    },
}  # fmt: skip
"""Published numbers by voivodeship, in tenths (Statistics Poland): active non-profit organisations per 10 thousand
(1.E.1, 2020), units of reintegration per 100 thousand (1.B.7, 2020), organisations in REGON per 10 thousand (1.E.2,
2023). Made-up entities are spread like the first two; all are baselines of targets."""


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form.

    Attributes
    ----------
    register
        List (key of `social_lists`) that the entities stand in.
    open
        About how many exist in the country on `AS_OF`.
    founding
        First year, last year and relative number founded in each of these years.
    young, settled
        Of a thousand entities, those closed in each of the first three years, and in each later year.
    places
        Relative readiness of places of each kind (city, town, mixed, rural), per inhabitant.
    most
        Most entities in a gmina and in a city; 0 is without limit.
    sizes
        Of a thousand, those with no staff, 1-9, 10-49, 50 and more.
    largest
        Most staff.
    verified
        Of a thousand open entities, those verified within two years.
    status
        Of a thousand open entities, those that ever become social enterprises.
    names
        How names begin, with weights.
    like
        Published indicator after which the voivodeships differ; "" if by chance.
    """

    register: str
    open: int
    founding: tuple[tuple[int, int, int], ...]
    young: int
    settled: int
    places: tuple[int, int, int, int]
    most: tuple[int, int]
    sizes: tuple[int, int, int, int]
    largest: int
    verified: int
    status: int
    names: dict[str, int]
    like: str = ""


_UNLIMITED: Final = (0, 0)

FORMS: Final[dict[str, Form]] = {
    "cis": Form("cis_kis", 200, ((2004, 2008, 8), (2009, 2017, 14), (2018, 2025, 10)), 60, 30, (6, 12, 8, 3), (1, 5),
                (0, 640, 350, 10), 70, 930, 0, {"Centrum Integracji Społecznej": 1}, like="gus:1.B.7"),
    "kis": Form("cis_kis", 200, ((2004, 2008, 9), (2009, 2015, 24), (2016, 2025, 8)), 90, 45, (5, 10, 10, 5), (1, 5),
                (0, 900, 100, 0), 20, 900, 0, {"Klub Integracji Społecznej": 1}, like="gus:1.B.7"),
    "zaz": Form("zaz_wtz", 133, ((1999, 2006, 4), (2007, 2025, 6)), 12, 6, (5, 12, 8, 3), (1, 3),
                (0, 0, 680, 320), 110, 960, 0, {"Zakład Aktywności Zawodowej": 1}, like="gus:1.B.7"),
    "wtz": Form("zaz_wtz", 729, ((1992, 1999, 50), (2000, 2008, 22), (2009, 2025, 7)), 9, 4, (5, 11, 9, 4), (2, 9),
                (0, 90, 890, 20), 58, 950, 0, {"Warsztat Terapii Zajęciowej": 1}, like="gus:1.B.7"),
    "social_cooperative": Form(
        "krs", 1400, ((2004, 2009, 50), (2010, 2015, 230), (2016, 2020, 130), (2021, 2025, 90)), 95, 48,
        (6, 8, 6, 4), _UNLIMITED, (330, 530, 130, 10), 80, 780, 740, {"Spółdzielnia Socjalna": 1}),
    "work_cooperative": Form(
        "krs", 480, ((1990, 1995, 60), (1996, 2010, 22), (2011, 2025, 9)), 30, 28, (9, 8, 4, 2), _UNLIMITED,
        (240, 300, 330, 130), 260, 640, 180, {"Spółdzielnia Pracy": 1}),
    "disabled_cooperative": Form(
        "krs", 100, ((1990, 1996, 14), (1997, 2025, 2)), 25, 27, (9, 8, 3, 1), _UNLIMITED, (40, 60, 350, 550), 240,
        860, 60, {"Spółdzielnia Inwalidów": 5, "Spółdzielnia Niewidomych": 1}),
    "farm_cooperative": Form(
        "krs", 150, ((1990, 1996, 24), (1997, 2025, 4)), 25, 30, (0, 1, 6, 12), _UNLIMITED, (120, 300, 520, 60), 90,
        550, 0, {"Rolnicza Spółdzielnia Produkcyjna": 1}),
    "nonprofit_company": Form(
        "krs", 400, ((2008, 2014, 20), (2015, 2021, 55), (2022, 2025, 95)), 100, 55, (9, 7, 4, 2), _UNLIMITED,
        (260, 450, 240, 50), 190, 740, 540, {"Spółka Non Profit": 1}),
    "ngo": Form(
        "krs", 9_400, ((1990, 2000, 190), (2001, 2010, 430), (2011, 2019, 560), (2020, 2025, 470)), 22, 17,
        (11, 8, 6, 5), _UNLIMITED, (770, 180, 42, 8), 170, 600, 68, {"Fundacja": 4, "Stowarzyszenie": 6},
        like="gus:1.E.1"),
    "church_entity": Form(
        "church", 400, ((1990, 1999, 15), (2000, 2012, 11), (2013, 2025, 5)), 5, 6, (7, 8, 6, 4), _UNLIMITED,
        (520, 270, 170, 40), 140, 700, 30, {"Kościelna Osoba Prawna": 1}),
    "kgw": Form(
        "kgw", 3500, ((2018, 2018, 220), (2019, 2019, 1150), (2020, 2022, 420), (2023, 2025, 380)), 28, 22,
        (0, 0, 6, 11), _UNLIMITED, (985, 15, 0, 0), 4, 690, 0, {"Koło Gospodyń Wiejskich": 1}),
}  # fmt: skip
"""Legal forms by key of the catalogue."""

SETTLED_AGE: Final = 3
"""Years after which an entity is no longer young."""
HARD_COHORT: Final = ("social_cooperative", 2010, 2014, 1600)
"""Form, first and last founding year, and hazard in thousandths of the usual one: founded on grants that ran out."""
END_REASONS: Final = {
    "likwidacja": 45,
    "wykreślenie z urzędu": 25,
    "upadłość": 8,
    "połączenie z innym podmiotem": 4,
    "": 18,
}
END_REASONS_UNITS: Final = {"rezygnacja podmiotu prowadzącego": 50, "upływ okresu, na który nadano status": 20, "": 30}
"""Why entities, and why units of reintegration, were closed; some registers give no reason."""
MOVED: Final = "zmiana siedziby"
TRANSFORMED: Final = ("social_cooperative", "nonprofit_company", 30)
"""Form before, form after, and number of entities that were transformed."""
TRANSFORMED_WORDS: Final = ("przekształcenie w spółkę non profit", "przekształcenie ze spółdzielni socjalnej")
MOVES: Final = 170
"""Number of entities of the court register that moved to another gmina."""
CHANGE_YEARS: Final = 6
"""Moves and changes of form fall into so many last years."""

STATUS_QUARTERS: Final[dict[str, int]] = {
    "2022-10-30": 10, "2023-01-01": 45, "2023-04-01": 70, "2023-07-01": 85, "2023-10-01": 130, "2024-01-01": 150,
    "2024-04-01": 140, "2024-07-01": 125, "2024-10-01": 120, "2025-01-01": 115, "2025-04-01": 110, "2025-07-01": 95,
    "2025-10-01": 85,
}  # fmt: skip
"""First day of a quarter and relative number of social enterprises that get their status in it."""
STATUS_LOST: Final = 90
"""Of a thousand social enterprises, those that lose the status without closing."""

WORDS: Final = (
    "Przykład", "Wzór", "Próba", "Szkic", "Makieta", "Fikcja", "Atrapa", "Pozór", "Wariant", "Schemat", "Zarys",
    "Ilustracja", "Imitacja", "Replika", "Prototyp", "Hipoteza", "Symulacja", "Model", "Kopia", "Namiastka", "Obrys",
    "Matryca", "Szablon", "Wymysł", "Kontur", "Sylwetka", "Egzemplum", "Bajka", "Legenda", "Domysł",
)  # fmt: skip
"""Names that nobody takes for real; a number follows."""
