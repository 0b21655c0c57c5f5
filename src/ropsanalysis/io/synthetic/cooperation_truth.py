"""What is true in the made-up cooperation: which pilots there are, who takes part, how cases end.

Every number here is invented, but for those said to be published. Pilots differ where a report should find
differences: one ends few cases well, some are small, one has no inspirer, one no plan for the time after support.
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2025-12-31"
"""Last day that the data describe."""

URBAN_RURAL: Final = ("04", "08", "22", "28", "30", "32")
"""Voivodeships of the published project for urban-rural gminas."""
CITIES: Final = ("02", "10", "12", "16", "24")
"""Voivodeships that the published project for cities covers or names in its macroregion."""
SMALLEST_CITY: Final = 20_500
"""Inhabitants of the smallest made-up city; the published project is for gminas above 20 thousand."""

PILOTS: Final[dict[str, int]] = {
    "02": 4, "04": 5, "06": 3, "08": 4, "10": 4, "12": 5, "14": 5, "16": 3, "18": 3, "20": 3, "22": 4, "24": 5,
    "26": 3, "28": 4, "30": 5, "32": 4,
}  # fmt: skip
"""Pilots by voivodeship."""
SMALL: Final[dict[str, int]] = {
    "02": 1, "04": 1, "08": 1, "10": 1, "12": 2, "14": 2, "22": 1, "24": 2, "28": 1, "30": 2, "32": 1,
}  # fmt: skip
"""How many of the last of them are small."""
CASES: Final = (25, 45)
"""Fewest and most cases of a pilot."""
SMALL_CASES: Final = (5, 8)
"""Fewest and most cases of a small pilot."""

SUCCESS: Final = 810
"""Of a thousand ended cases, those completed successfully; the published pilot of rural gminas had 140 of 172."""
SPREAD: Final = 40
"""Largest difference of a pilot from it, up or down."""
OUTLIERS: Final[dict[str, int]] = {"04-b": 440}
"""Of a thousand ended cases, those completed successfully, in pilots that stand out; they have the most cases."""
SKIPPED: Final[dict[str, int]] = {"b": 140, "d": 90}
"""Of a thousand cases, those without a diagnosis, by the letter of the pilot; in the others all have one."""
NO_INSPIRER: Final = "12-c"
NO_AFTERCARE: Final = "04-c"
NO_MONITORING: Final = "24-b"
ONE_LEVEL: Final = "30-c"
"""Pilot whose partners are all of the gmina."""
ONE_WAVE: Final = "22-c"
"""Pilot whose ties before the model nobody asked for."""
NO_GOALS: Final = "20"
"""Voivodeship without goals and coaching."""

ENTITIES: Final = (12, 28)
"""Fewest and most entities of a pilot."""
CORE: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("ops", "Ośrodek pomocy społecznej", "social_assistance", "gmina"),
    ("rops", "Regionalny ośrodek polityki społecznej", "social_assistance", "region"),
    ("pcpr", "Powiatowe centrum pomocy rodzinie", "family_support", "powiat"),
    ("sp1", "Szkoła podstawowa nr 1", "education", "gmina"),
    ("poz", "Przychodnia podstawowej opieki zdrowotnej", "health", "gmina"),
    ("pup", "Powiatowy urząd pracy", "employment", "powiat"),
    ("posterunek", "Posterunek policji", "police", "gmina"),
    ("kuratorzy", "Zespół kuratorów sądowych", "courts", "powiat"),
    ("dom_kultury", "Dom kultury", "culture_sport", "gmina"),
    ("urzad", "Urząd gminy", "local_government", "gmina"),
)
"""Entities that every pilot has: key, name, sector, level. The first is the animator, the second the inspirer."""
OTHERS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("sp2", "Szkoła podstawowa nr 2", "education", "gmina"),
    ("przedszkole", "Przedszkole", "education", "gmina"),
    ("poradnia_pp", "Poradnia psychologiczno-pedagogiczna", "education", "powiat"),
    ("lo", "Zespół szkół ponadpodstawowych", "education", "powiat"),
    ("zlobek", "Żłobek", "family_support", "gmina"),
    ("asystenci", "Zespół asystentów rodziny", "family_support", "gmina"),
    ("interwencja", "Ośrodek interwencji kryzysowej", "family_support", "powiat"),
    ("szpital", "Szpital powiatowy", "health", "powiat"),
    ("pzp", "Poradnia zdrowia psychicznego", "health", "powiat"),
    ("terapia", "Poradnia leczenia uzależnień", "health", "powiat"),
    ("pielegniarki", "Gabinet pielęgniarek środowiskowych", "health", "gmina"),
    ("biblioteka", "Biblioteka publiczna", "culture_sport", "gmina"),
    ("klub_sportowy", "Klub sportowy", "culture_sport", "gmina"),
    ("sad", "Sąd rejonowy, wydział rodzinny", "courts", "powiat"),
    ("komenda", "Komenda powiatowa policji", "police", "powiat"),
    ("dzielnicowi", "Zespół dzielnicowych", "police", "gmina"),
    ("ohp", "Hufiec pracy", "employment", "powiat"),
    ("cis", "Centrum integracji społecznej", "employment", "gmina"),
    ("fundacja", "Fundacja", "ngo", "gmina"),
    ("stowarzyszenie", "Stowarzyszenie rodziców", "ngo", "gmina"),
    ("bank_zywnosci", "Bank żywności", "ngo", "powiat"),
    ("caritas", "Organizacja kościelna", "ngo", "gmina"),
    ("starostwo", "Starostwo powiatowe", "local_government", "powiat"),
    ("mieszkania", "Zakład gospodarki mieszkaniowej", "local_government", "gmina"),
    ("dps", "Dom pomocy społecznej", "social_assistance", "powiat"),
    ("klub_seniora", "Klub seniora", "social_assistance", "gmina"),
    ("komisja", "Komisja rozwiązywania problemów alkoholowych", "other", "gmina"),
    ("straz", "Straż pożarna", "other", "powiat"),
)

# Of a thousand pairs, those that work together.
BEFORE_WITHIN: Final = 450
BEFORE_ACROSS: Final = 45
BEFORE_ANIMATOR: Final = 260
AFTER_WITHIN: Final = 330
"""Of pairs of one sector without a tie before."""
AFTER_ACROSS: Final = 130
AFTER_ANIMATOR: Final = 820
AFTER_INSPIRER: Final = 120
LOST: Final = 40
"""Of a thousand ties before, those that are no more."""

SERVICES: Final[dict[str, tuple[str, int, int]]] = {
    "social_assistance": ("praca socjalna", 100, 960),
    "family_support": ("wsparcie asystenta rodziny", 60, 910),
    "employment": ("doradztwo zawodowe", 50, 850),
    "education": ("zajęcia wyrównawcze", 55, 890),
    "health": ("konsultacje specjalistyczne", 60, 560),
    "culture_sport": ("zajęcia sportowe i kulturalne", 30, 920),
    "courts": ("mediacje i nadzór kuratora", 30, 590),
    "police": ("spotkania z dzielnicowym", 20, 830),
    "ngo": ("grupa wsparcia", 25, 940),
    "local_government": ("pomoc mieszkaniowa", 20, 780),
    "other": ("terapia", 10, 860),
}
"""Service of each sector, how often it is planned, and of a thousand units planned those delivered."""
