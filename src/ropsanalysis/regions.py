"""The sixteen voivodeships and Poland: names, inflected forms, codes; and TERYT codes as people write them.

A TERYT code is text. Two digits name a voivodeship (``"28"``), four a powiat, six a gmina, seven a gmina with
its kind; ``"00"`` stands for Poland, as in the files of Statistics Poland.

References
----------
TERC, the register of territorial units of Statistics Poland, for codes and names; Commission Delegated
Regulation (EU) 2019/1755 for NUTS 2 units.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from ropsanalysis.errors import DataError, UsageError, did_you_mean

TerytLevel = Literal["voivodeship", "powiat", "gmina"]


@dataclass(frozen=True, slots=True)
class Region:
    """One voivodeship, or Poland.

    Attributes
    ----------
    teryt
        Two digits; ``"00"`` for Poland.
    name, genitive, locative
        The adjective as it follows "województwo", "województwa" and "w województwie".
    slug
        Name in ASCII, for file and folder names.
    short
        Name of at most 14 characters, for labels in charts.
    abbreviation
        Two letters, for tile maps.
    nuts2
        Codes of the NUTS 2 units the voivodeship consists of; Mazowieckie has two.
    centre
        Full name of the regional centre of social policy (ROPS).
    tile
        Column and row in the tile map, counted from zero, from the west and from the north.
    """

    teryt: str
    name: str
    genitive: str
    locative: str
    slug: str
    short: str
    abbreviation: str
    nuts2: tuple[str, ...]
    centre: str
    tile: tuple[int, int]

    @property
    def folder(self) -> str:
        """Name of the region's folder under ``reports/``, e.g. ``"28-warminsko-mazurskie"``."""
        return f"{self.teryt}-{self.slug}"

    @property
    def in_locative(self) -> str:
        """Where, as a sentence says it: ``"w województwie warmińsko-mazurskim"``."""
        return "w Polsce" if self.teryt == "00" else f"w województwie {self.locative}"

    @property
    def of_genitive(self) -> str:
        """Of what, as a title says it: ``"województwa warmińsko-mazurskiego"``."""
        return "Polski" if self.teryt == "00" else f"województwa {self.genitive}"


_REST: Final = "Regionalny Ośrodek Polityki Społecznej"

REGIONS: Final[tuple[Region, ...]] = (
    Region(
        "02", "dolnośląskie", "dolnośląskiego", "dolnośląskim", "dolnoslaskie", "dolnośląskie", "DS",
        ("PL51",), "Dolnośląski Ośrodek Polityki Społecznej", (0, 3),
    ),
    Region(
        "04", "kujawsko-pomorskie", "kujawsko-pomorskiego", "kujawsko-pomorskim", "kujawsko-pomorskie",
        "kuj.-pom.", "KP", ("PL61",), f"{_REST} w Toruniu", (1, 1),
    ),
    Region(
        "06", "lubelskie", "lubelskiego", "lubelskim", "lubelskie", "lubelskie", "LU",
        ("PL81",), f"{_REST} w Lublinie", (3, 2),
    ),
    Region(
        "08", "lubuskie", "lubuskiego", "lubuskim", "lubuskie", "lubuskie", "LB",
        ("PL43",), f"{_REST} w Zielonej Górze", (0, 2),
    ),
    Region(
        "10", "łódzkie", "łódzkiego", "łódzkim", "lodzkie", "łódzkie", "LD",
        ("PL71",), "Regionalne Centrum Polityki Społecznej w Łodzi", (2, 2),
    ),
    Region(
        "12", "małopolskie", "małopolskiego", "małopolskim", "malopolskie", "małopolskie", "MA",
        ("PL21",), f"{_REST} w Krakowie", (2, 4),
    ),
    Region(
        "14", "mazowieckie", "mazowieckiego", "mazowieckim", "mazowieckie", "mazowieckie", "MZ",
        ("PL91", "PL92"), "Mazowieckie Centrum Polityki Społecznej", (2, 1),
    ),
    Region(
        "16", "opolskie", "opolskiego", "opolskim", "opolskie", "opolskie", "OP",
        ("PL52",), f"{_REST} w Opolu", (1, 3),
    ),
    Region(
        "18", "podkarpackie", "podkarpackiego", "podkarpackim", "podkarpackie", "podkarpackie", "PK",
        ("PL82",), f"{_REST} w Rzeszowie", (3, 4),
    ),
    Region(
        "20", "podlaskie", "podlaskiego", "podlaskim", "podlaskie", "podlaskie", "PD",
        ("PL84",), f"{_REST} w Białymstoku", (3, 1),
    ),
    Region(
        "22", "pomorskie", "pomorskiego", "pomorskim", "pomorskie", "pomorskie", "PM",
        ("PL63",), f"{_REST} w Gdańsku", (1, 0),
    ),
    Region(
        "24", "śląskie", "śląskiego", "śląskim", "slaskie", "śląskie", "SL",
        ("PL22",), f"{_REST} Województwa Śląskiego", (2, 3),
    ),
    Region(
        "26", "świętokrzyskie", "świętokrzyskiego", "świętokrzyskim", "swietokrzyskie", "świętokrzyskie",
        "SK", ("PL72",), f"{_REST} w Kielcach", (3, 3),
    ),
    Region(
        "28", "warmińsko-mazurskie", "warmińsko-mazurskiego", "warmińsko-mazurskim", "warminsko-mazurskie",
        "warm.-maz.", "WN", ("PL62",), f"{_REST} w Olsztynie", (2, 0),
    ),
    Region(
        "30", "wielkopolskie", "wielkopolskiego", "wielkopolskim", "wielkopolskie", "wielkopolskie", "WP",
        ("PL41",), f"{_REST} w Poznaniu", (1, 2),
    ),
    Region(
        "32", "zachodniopomorskie", "zachodniopomorskiego", "zachodniopomorskim", "zachodniopomorskie",
        "zach.-pom.", "ZP", ("PL42",), f"{_REST} w Szczecinie", (0, 1),
    ),
)  # fmt: skip
"""The sixteen voivodeships in the order of their TERYT codes."""

POLAND: Final = Region("00", "Polska", "Polski", "Polsce", "polska", "Polska", "PL", (), "", (0, 0))
"""The country, as the row every region is compared with."""

_BY_TERYT: Final = {region.teryt: region for region in (POLAND, *REGIONS)}


def _letters(text: str) -> str:
    """Return the text's letters and digits only: lower case, without diacritics."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(sign for sign in plain if sign.isalnum() and sign.isascii())


def _spellings(region: Region) -> tuple[str, ...]:
    names = (region.name, region.genitive, region.locative, region.short, region.folder, *region.nuts2)
    return (region.teryt, region.teryt.lstrip("0"), *(_letters(name) for name in names))


_BY_SPELLING: Final = {spelling: region for region in REGIONS for spelling in _spellings(region)}
_PREFIX: Final = re.compile(r"^\s*(?:wojew[oó]dztw\w*|woj)(?:[\s._-]+|$)", re.IGNORECASE)


def find(text: str) -> Region:
    """Return the voivodeship that a code or a name in any usual spelling stands for.

    Parameters
    ----------
    text
        TERYT code (``"02"``, also ``"2"``), NUTS 2 code, slug, folder, or the name: upper or lower case, with
        or without Polish letters, hyphen, space or underscore, with or without "woj." or "województwo".

    Raises
    ------
    UsageError
        If nothing matches; the message suggests the nearest name and lists all sixteen.

    Examples
    --------
    >>> find("WARMIŃSKO-MAZURSKIE").teryt, find("woj. Zachodnio-Pomorskie").teryt, find("2").name
    ('28', '32', 'dolnośląskie')
    """
    wanted = _letters(_PREFIX.sub("", unicodedata.normalize("NFC", text)))
    region = _BY_SPELLING.get(wanted)
    # Signs that no spelling has ("../28", "28;") mean the text is something else.
    if region is not None and re.fullmatch(r"[\w\s.–-]*", unicodedata.normalize("NFC", text)):
        return region
    near = did_you_mean(wanted, (_letters(region.name) for region in REGIONS))
    for candidate in REGIONS:
        near = near.replace(f"'{_letters(candidate.name)}'", f"'{candidate.slug}'")
    listed = ", ".join(f"{region.teryt} {region.name}" for region in REGIONS)
    raise UsageError(f"Unknown region {text!r}.{near} Known regions: {listed}.")


def by_teryt(code: str) -> Region:
    """Return the voivodeship, or Poland for ``"00"``, with exactly this two-digit code.

    Raises
    ------
    UsageError
        If the code is none of the seventeen.
    """
    try:
        return _BY_TERYT[code]
    except KeyError:
        raise UsageError(f"Unknown TERYT code {code!r}: expected one of {', '.join(_BY_TERYT)}.") from None


# --- TERYT codes as they come in files -----------------------------------------------------------------

# Kinds of gmina and of its parts in TERC: 1 urban, 2 rural, 3 urban-rural, 4 town in it, 5 countryside of it,
# 8 district of Warsaw, 9 delegacy of another city; 0 fills the code of an upper level.
_KINDS: Final = "1234589"


def _powiat_exists(digits: str) -> bool:
    # Land powiats are numbered from 01, cities with powiat rights from 61; none reaches 43-60 or 81.
    number = int(digits)
    return 1 <= number <= 42 or 61 <= number <= 80


def _trim(digits: str) -> str | None:
    """Return a code of 2, 4, 6 or 7 digits without padding of upper levels; None if it cannot be one."""
    woj, powiat, gmina, kind = digits[:2], digits[2:4], digits[4:6], digits[6:]
    if woj == "00":
        return "00" if not digits.strip("0") else None
    if woj not in _BY_TERYT:
        return None
    if powiat in ("", "00"):
        return woj if not digits[2:].strip("0") else None
    if not _powiat_exists(powiat):
        return None
    if gmina in ("", "00"):
        return woj + powiat if not digits[4:].strip("0") else None
    if gmina == "99" or (kind and kind not in _KINDS):  # 99 is the placeholder "nie ustalono"
        return None
    return digits


def _from_bdl(digits: str) -> str | None:
    # A BDL id is macroregion, voivodeship, NUTS 2 region, subregion, powiat, gmina, kind: 2+2+1+2+2+2+1.
    woj, subregion, rest = digits[2:4], digits[4:7], digits[7:]
    if not digits.strip("0"):
        return "00"
    if woj == "00" or (subregion != "000" and not rest.strip("0")):
        return None
    return _trim(woj + rest)


def _readings(digits: str) -> dict[str, TerytLevel]:
    """Return all codes the digits may stand for, with the level of each."""
    if len(digits) > 12:
        return {}
    if len(digits) in (11, 12):
        candidates = [_from_bdl(digits.zfill(12))]
    else:
        widths = [width for width in (2, 4, 6, 7) if len(digits) in (width, width - 1)]
        candidates = [_trim(digits.zfill(width)) for width in widths]
    levels: dict[int, TerytLevel] = {2: "voivodeship", 4: "powiat", 6: "gmina", 7: "gmina"}
    return {code: levels[len(code)] for code in candidates if code is not None}


def parse_teryt(value: object, *, level: TerytLevel | None = None) -> str:
    """Return the TERYT code a cell of a data file holds, as text.

    Mends what spreadsheets and exports do to codes: a lost leading zero (``2`` for ``"02"``), a number
    (``201.0``), spaces (``"02 01 01 1"``), an underscore (``"060802_2"``), upper levels padded with zeros
    (``"0201000"``), and the twelve-digit ids of the Local Data Bank (``"011212001011"``).

    Parameters
    ----------
    value
        Text or a whole number.
    level
        The level the column is known to hold; decides between readings that are possible at several levels.

    Returns
    -------
    str
        Two digits (voivodeship or ``"00"``), four (powiat), six (gmina) or seven (gmina with its kind).

    Raises
    ------
    DataError
        If the value is no code, or may stand for more than one; the message (Polish) says which.

    Examples
    --------
    >>> parse_teryt(2), parse_teryt("060802_2"), parse_teryt("0201000"), parse_teryt(11212001011)
    ('02', '0608022', '0201', '1201011')
    """
    digits = _digits(value)
    readings = {} if digits is None else _readings(digits)
    if level is not None:
        readings = {code: at for code, at in readings.items() if at == level}
    if len(readings) == 1:
        return next(iter(readings))
    if readings:
        either = " albo ".join(readings)
        raise DataError(
            f"Kod TERYT „{value}” jest niejednoznaczny (może oznaczać {either}), prawdopodobnie utracił zero "
            "na początku. Proszę zapisać kod jako tekst, z zerem na początku."
        )
    if digits is not None and len(digits) in (11, 12):
        raise DataError(
            f"Identyfikator BDL „{value}” nie ma odpowiednika w TERYT (makroregion, region, podregion albo "
            "jednostka nieustalona). Oczekiwano województwa, powiatu lub gminy."
        )
    raise DataError(
        f"„{value}” nie jest kodem TERYT{_LEVEL_NAMES.get(level or '', '')}. Oczekiwano tekstu z 2 cyframi "
        "(województwo, np. „02”), 4 (powiat), 6 lub 7 (gmina) albo 12 (identyfikator BDL)."
    )


_LEVEL_NAMES: Final = {"voivodeship": " województwa", "powiat": " powiatu", "gmina": " gminy"}


def _digits(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    text = f"{value:.0f}" if isinstance(value, float) else str(value)
    text = re.sub(r"\.0+$", "", text.strip().strip("'\""))
    if re.fullmatch(r"\d{6}_\d", text, re.ASCII):
        return text.replace("_", "")
    text = re.sub(r"[\s\u00a0]+", "", text)
    return text if re.fullmatch(r"[0-9]{1,12}", text) else None


def voivodeship_of(teryt: str) -> Region:
    """Return the voivodeship that a TERYT code of any level lies in (Poland for ``"00"``).

    Raises
    ------
    DataError
        If the text is not a TERYT code.

    Examples
    --------
    >>> voivodeship_of("0608022").name
    'lubelskie'
    """
    return _BY_TERYT[parse_teryt(teryt)[:2]]
