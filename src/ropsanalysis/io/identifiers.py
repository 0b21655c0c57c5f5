"""Finds what points at a person (PESEL, e-mail, telephone, IP address), and turns tokens into pseudonyms.

What is found is never returned: only its kind, so that no message, log or table can carry it.
"""

from __future__ import annotations

import datetime
import hmac
import ipaddress
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from ropsanalysis.errors import DataError

Kind = Literal["pesel", "email", "phone", "ip"]

NAMES: Final[dict[Kind, str]] = {
    "pesel": "numer PESEL",
    "email": "adres e-mail",
    "phone": "numer telefonu",
    "ip": "adres IP",
}
"""Polish name of each kind."""
KEY_VARIABLE: Final = "ROPSANALYSIS_KEY_FILE"
"""Environment variable with the path of the key of pseudonyms."""
REMOVED: Final = "[usunięto]"

_KEY_BYTES: Final = 32
_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_GAP: Final = r"[ –-]?"  # what people put between groups of digits; a point would make a PESEL of a decimal
# Most answers hold nothing of the kind; one quick search spares them the rest. The last line is for IP addresses.
_WORTH_A_LOOK: Final = re.compile(
    r"[@＠]|[(\[](?:at|mał)[)\]]|(?:\d\D{0,3}){8}\d"
    r"|\d\.\d{1,3}\.\d{1,3}\.\d|[0-9a-f]:{1,2}[0-9a-f]+:{1,2}[0-9a-f]",
    re.IGNORECASE,
)
# A look-ahead, so that an eleven-digit number is found wherever it starts.
_ELEVEN: Final = re.compile(rf"(?<!\d)(?=((?:\d{_GAP}){{10}}\d)(?!\d))")
_ELEVEN_AS_ONE: Final = re.compile(rf"(?<!\d)(?:\d{_GAP}){{10}}\d(?!\d)")
_EMAIL: Final = re.compile(r"[\w.+-]+\s?(?:@|[(\[](?:at|małpa)[)\]])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# Leading digits in use: mobile networks, and area codes of fixed lines (Office of Electronic Communications).
_MOBILE: Final = r"(?:45|5[0137]|6[069]|7[2389]|88)"
_FIXED: Final = r"(?:1[2-8]|2[2-59]|3[2-4]|4[1-4689]|5[24-689]|6[1-35-8]|7[14-7]|8[1-79]|9[145])"
_PREFIXED: Final = re.compile(
    r"(?:\+|(?<!\d)00)\(?48\)?(?:[ ./()–-]{0,2}\d){9}(?!\d)"
    rf"|(?<!\d)(?<!\d[.,])\(?48\)?{_GAP}(?:{_MOBILE}|{_FIXED})(?:{_GAP}\d){{7}}(?!\d)"
)
_NATIONAL: Final = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:{_MOBILE}\d[ ./–-]\d{{3}}[ ./–-]\d{{3}}"
    rf"|\(?0?{_FIXED}\)?[ ./–-]?\d{{3}}[ .–-]\d{{2}}[ .–-]\d{{2}}"
    rf"|\(0?{_FIXED}\)[ ]?\d{{7}}"
    rf"|(?:{_MOBILE}|{_FIXED})\d{{7}})(?![.,]?\d)"
)
_ROUND: Final = re.compile(r"\D?0{3}\D?0{3}$")  # 600 000 000 is an amount
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4: Final = re.compile(rf"(?<!\d)(?<!\d\.){_BYTE}(?:\.{_BYTE}){{3}}(?!\.?\d)")
_IPV6: Final = re.compile(r"(?<![\w:])[0-9a-fA-F]{1,4}(?::{1,2}[0-9a-fA-F]{1,4}){2,7}(?![\w:])")
_DIGITS_ONLY: Final = re.compile(r"\d+")


def find_kinds(text: str) -> frozenset[Kind]:
    """Return the kinds of identifier that a text holds.

    Parameters
    ----------
    text
        An answer, a column's name, a message.

    Notes
    -----
    A PESEL is eleven digits, with or without spaces or hyphens between them, whose check digit holds and whose
    first six are a day of birth from 1900 to 2099. A telephone number is nine digits after +48, 0048 or 48, or
    nine digits in a usual grouping, or nine bare digits that begin with a prefix in use in Poland; round amounts
    are not. IP addresses are of version 4 or 6.

    Examples
    --------
    >>> sorted(find_kinds("kontakt: biuro@example.org, tel. 600-100-200"))
    ['email', 'phone']
    >>> find_kinds("2025-03-14 12:30:45; 250 000 000 zł; odpowiedź 123456")
    frozenset()
    """
    if not _WORTH_A_LOOK.search(text):
        return frozenset()
    plain = _plain(text)
    found: set[Kind] = set()
    if any(_is_pesel(match[1]) for match in _ELEVEN.finditer(plain)):
        found.add("pesel")
    if _EMAIL.search(plain):
        found.add("email")
    if _PREFIXED.search(plain) or any(not _ROUND.search(match[0]) for match in _NATIONAL.finditer(plain)):
        found.add("phone")
    if _IPV4.search(plain) or any(_is_ipv6(match[0]) for match in _IPV6.finditer(plain)):
        found.add("ip")
    return frozenset(found)


def find_in_column(values: Sequence[str], *, technical: bool = False) -> dict[Kind, list[int]]:
    """Return, for each kind, the positions of the values that hold it.

    Parameters
    ----------
    values
        Distinct texts of a column.
    technical
        Whether the survey program filled the column with random numbers of its own; bare digits then are no
        telephone number.

    Notes
    -----
    A column kept as numbers loses the zero of a PESEL of persons born since 2000. Ten bare digits count as such
    a PESEL if at least a tenth of the column's ten-digit values pass with the zero put back (of random numbers
    one in 250 does).
    """
    found: dict[Kind, list[int]] = {}
    shortened: list[int] = []
    ten_digits = 0
    for position, value in enumerate(values):
        bare = bool(_DIGITS_ONLY.fullmatch(value.strip()))
        for kind in find_kinds(value):
            if not (technical and bare and kind == "phone"):
                found.setdefault(kind, []).append(position)
        if bare and len(value.strip()) == 10 and not technical:
            ten_digits += 1
            if _is_pesel(f"0{value.strip()}"):
                shortened.append(position)
    if shortened and 10 * len(shortened) >= ten_digits:
        found["pesel"] = sorted({*found.get("pesel", []), *shortened})
    return found


def redact(text: str) -> str:
    """Return a text without identifiers: the last line of defence of messages.

    Examples
    --------
    >>> redact("plik jan@example.org.csv"), redact("brak kolumny")
    ('plik [usunięto]', 'brak kolumny')
    """
    if not find_kinds(text):
        return text
    plain = _EMAIL.sub(REMOVED, _plain(text))
    for pattern in (_PREFIXED, _NATIONAL, _IPV4, _IPV6):
        plain = pattern.sub(REMOVED, plain)
    return _ELEVEN_AS_ONE.sub(REMOVED, plain)


def redact_person(text: str) -> str:
    """Return a text without PESEL numbers and e-mail addresses; numbers of entities (NIP, REGON, KRS) stay.

    Examples
    --------
    >>> redact_person("wpis 44051401359, NIP 1234563218")
    'wpis [usunięto], NIP 1234563218'
    """
    plain = _EMAIL.sub(REMOVED, text)
    return _ELEVEN_AS_ONE.sub(lambda match: REMOVED if _is_pesel(match[0]) else match[0], plain)


def pseudonym(value: str, key: bytes) -> str:
    """Return the keyed HMAC-SHA256 of a person's token, in hexadecimal.

    Without the key nobody can test whether a known token is among the pseudonyms.

    References
    ----------
    RFC 2104; Regulation (EU) 2016/679, art. 4(5) and 32.
    """
    return hmac.digest(key, value.encode(), "sha256").hex()


def load_key(project: Path) -> bytes:
    """Return the key of pseudonyms, made on first need in the user's own folder.

    Parameters
    ----------
    project
        Folder of the project; the key must not lie inside.

    Raises
    ------
    DataError
        If the key lies inside the project, is too short, or can neither be read nor made.
    """
    path = Path(os.environ.get(KEY_VARIABLE) or _config_folder() / "ropsanalysis" / "pseudonyms.key").expanduser()
    remedy = f"Proszę wskazać plik klucza poza projektem w zmiennej środowiskowej {KEY_VARIABLE}."
    if path.resolve().is_relative_to(project.resolve()):
        raise DataError(f"Klucz pseudonimów leży w folderze projektu. {remedy}")
    try:
        if not path.is_file():
            _create(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise DataError(f"Nie można odczytać ani utworzyć klucza pseudonimów ({error.strerror}). {remedy}") from error
    if len(key) < _KEY_BYTES:
        raise DataError(f"Klucz pseudonimów jest krótszy niż {_KEY_BYTES} znaki. {remedy}")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Exclusive and private from the first byte; a key that appeared meanwhile is somebody else's and is kept.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")


def _config_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _plain(text: str) -> str:
    """Return the text with full-width digits, hard spaces and invisible signs made ordinary."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf").replace("‑", "-").replace("−", "-")


def _is_pesel(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdecimal()]
    year, month, day = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    if (sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False)) + digits[10]) % 10:
        return False
    century, month = (2000, month - 20) if month > 20 else (1900, month)
    try:
        datetime.date(century + year, month, day)
    except ValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
