"""What is true in the made-up measurement of social impact: who takes part, what support does, what centres do.

Every number here is invented. Persons who take part start worse off and would have done better anyway, so that before
and after overstates what support did; the effects below are what a report should find.
"""

from __future__ import annotations

from typing import Final

Waves = tuple[int, int, int]
"""A number for exit, 6 and 12 months after it."""

NO_COMPARISON: Final = "16"
"""Voivodeship without a comparison group."""
NO_OVERLAP: Final = "08"
"""Voivodeship whose comparison group has nobody like the participants; no gmina there opened a centre, either."""
SMALL: Final = "20"
"""Voivodeship with so few persons that much must stay hidden."""
ONE_YEAR: Final = "06"
"""Voivodeship whose centres all opened in `OPENED_AT_ONCE`."""
OPENED_AT_ONCE: Final = 2022

SIZES: Final[dict[str, tuple[int, int, int, int]]] = {
    "02": (250, 240, 18, 14), "04": (180, 170, 14, 12), "06": (160, 150, 12, 10), "08": (110, 120, 9, 8),
    "10": (210, 200, 16, 13), "12": (300, 280, 22, 18), "14": (330, 310, 25, 20), "16": (140, 0, 11, 0),
    "18": (190, 180, 15, 12), "20": (26, 18, 4, 3), "22": (230, 220, 17, 14), "24": (320, 300, 24, 20),
    "26": (150, 140, 11, 9), "28": (130, 120, 10, 8), "30": (280, 260, 20, 16), "32": (90, 95, 8, 6),
}  # fmt: skip
"""Participants, persons of the comparison group, entities and offices, by voivodeship."""
KINDS: Final = {"cis": 30, "kis": 20, "ps": 25, "wtz": 15, "zaz": 10}
"""Kinds of support, as entities are drawn."""
DISABLED: Final = {"cis": 150, "kis": 120, "ps": 200, "wtz": 900, "zaz": 850, "": 330}
"""Of a thousand persons, those with a disability, by kind of support; "" is the comparison group."""
LONG_WITHOUT_WORK: Final = {"participant": 750, "comparison": 150}
"""Of a thousand persons of a group, those whose time without work is spread evenly up to `LONGEST`."""
LONGEST: Final = 60
LOST: Final[dict[str, int]] = {
    "02": 150, "04": 190, "06": 120, "08": 160, "10": 210, "12": 140, "14": 180, "16": 170, "18": 130, "20": 200,
    "22": 160, "24": 230, "26": 110, "28": 250, "30": 150, "32": 180,
}  # fmt: skip
"""Of a thousand persons, about so many are not seen after 12 months; those less well off are lost more."""

WORK_EFFECT: Final[dict[str, Waves]] = {
    "cis": (60, 110, 140), "kis": (50, 90, 120), "zaz": (120, 170, 200), "wtz": (40, 90, 125), "ps": (150, 180, 185),
}  # fmt: skip
"""What support adds to the chance of having work, in thousandths."""
ASSISTANCE_EFFECT: Final[Waves] = (-30, -60, -80)
"""What support adds to the chance of receiving social assistance, in thousandths."""
SCALE_EFFECT: Final[dict[str, Waves]] = {"wb": (160, 210, 240), "st": (110, 150, 180), "se": (200, 260, 300)}
"""What support adds to the items of a scale, in thousandths of a point, before they are rounded to answers."""

WORK_NATURAL: Final[Waves] = (60, 110, 150)
ASSISTANCE_NATURAL: Final[Waves] = (-20, -40, -60)
SCALE_NATURAL: Final[Waves] = (90, 120, 150)
HEALTH_NATURAL: Final[Waves] = (30, 40, 50)
"""What happens to everybody without support, in the same units; support itself does nothing to health or education."""

YEARS: Final = tuple(range(2014, 2026))
OPENING_YEARS: Final = {2020: 15, 2021: 20, 2022: 25, 2023: 25, 2024: 15}
OPENINGS: Final[dict[str, int]] = {
    "02": 90, "04": 70, "06": 60, "08": 0, "10": 75, "12": 110, "14": 85, "16": 100, "18": 60, "20": 50, "22": 120,
    "24": 130, "26": 70, "28": 55, "30": 95, "32": 65,
}  # fmt: skip
"""Of a thousand gminas of a voivodeship, those that opened a centre."""
CENTRE_EFFECT: Final[dict[str, tuple[int, ...]]] = {
    "home_care_per_10k": (30, 55, 75, 95, 110, 120),
    "residential_per_10k": (0, -3, -8, -14, -20, -26),
    "assistance_per_10k": (0, 0, 0, 0, 0, 0),
}
"""What a centre adds to each rate, in tenths, by years since its opening."""

COST_YEARS: Final = (2022, 2023, 2024, 2025)
PRICE_YEAR: Final = 2024
"""Year of the prices in the impact maps."""
RATIOS: Final[dict[str, int]] = {
    "02": 1450, "04": 1900, "06": 1100, "08": 820, "10": 1250, "12": 2100, "14": 1700, "16": 950, "18": 1350,
    "20": 700, "22": 3000, "24": 1600, "26": 1150, "28": 1050, "30": 2300, "32": 1500,
}  # fmt: skip
"""About what a thousand złoty brought, before prices are brought to those of one year."""
NO_DEADWEIGHT: Final = "04"
"""Voivodeship whose impact map has a line without deadweight, and another whose price has no source."""
TOO_MUCH: Final = "22"
"""Voivodeship whose impact map values one outcome twice, and one for longer than anybody observed it."""
ABOVE: Final = "14"
"""Voivodeship whose impact map claims more persons in work than the measurement shows."""
MANY: Final = 300
"""From so many participants measured an office calls lines of its map measured; with fewer an opinion of experts.

`TOO_MUCH` calls them measured whatever the measurement decides."""
PRICES: Final[dict[int, int]] = {
    2014: 1005, 2015: 1010, 2016: 1015, 2017: 1020, 2018: 1025, 2019: 1020, 2020: 1030, 2021: 1045, 2022: 1110,
    2023: 1090, 2024: 1040, 2025: 1035,
}  # fmt: skip
"""Made-up index of consumer prices, previous year = 1000."""
EXAMPLE: Final = "przykład – wartość zmyślona"
"""Source of every price in the demo."""
