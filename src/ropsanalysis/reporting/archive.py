"""Zip files: written with the same bytes for the same content, and read without trusting a word of them.

What is written is stored, not compressed: a compressor's next version may give other bytes, and most of a bundle is
compressed by its own format already. What is read may come from anybody; see `unpack`.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

FaultKind = Literal["damaged", "limit", "path", "duplicate", "special"]

#: The earliest time that a zip can tell.
EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
_CHUNK: Final = 1 << 16
_MODE: Final = stat.S_IFREG | 0o644
_UNIX: Final = 3
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_DOS_NOT_A_FILE: Final = 0x08 | 0x10
#: Names of devices, which Windows takes for the device whatever follows a dot.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
#: What `zipfile` raises for one broken archive or another.
_BROKEN: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError,
    OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: bytes of all and of one file, number of files, and how far one may unfold."""

    total: int
    single: int
    files: int
    ratio: int
    compressed: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an archive: the kind, the entry's name (empty for the whole), and Polish words for it."""

    kind: FaultKind
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files that could be read, in the archive's order, and what was wrong."""

    files: Mapping[str, bytes]
    faults: tuple[Fault, ...]


def pack(files: Mapping[str, bytes], *, moment: datetime = EARLIEST) -> bytes:
    """Return a zip of the files, sorted by name, stored, all with one time and one mode.

    Parameters
    ----------
    moment
        The time that every entry gets; a zip knows even seconds from 1980 on.

    Examples
    --------
    >>> pack({"b": b"2", "a": b"1"}) == pack({"a": b"1", "b": b"2"})
    True
    """
    when = max(moment.astimezone(UTC), EARLIEST)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as opened:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, when.timetuple()[:6])
            entry.create_system, entry.external_attr = _UNIX, _MODE << 16
            opened.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(data: bytes, *, limits: Limits) -> Unpacked:
    """Read an archive that may be hostile: nothing is written to a disk, and no more is read than the limits allow.

    Of an archive that cannot be read, or holds too much, no file is returned; of any other those that are plain
    files with a plain name, each read to its end and compared with its checksum.

    Examples
    --------
    >>> wide = Limits(total=100, single=100, files=9, ratio=9)
    >>> unpack(pack({"../a": b"1", "b": b"2"}), limits=wide).files
    {'b': b'2'}
    """
    if len(data) > limits.total + limits.files * 1024:
        return _refused("limit", f"archiwum ma {len(data)} bajtów, więcej niż wolno ({limits.total})")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return _read(opened, opened.infolist(), limits)
    except _BROKEN as error:
        return _refused("damaged", f"pliku nie można odczytać jako archiwum ZIP ({type(error).__name__})")


def _refused(kind: FaultKind, text: str) -> Unpacked:
    return Unpacked({}, (Fault(kind, "", text),))


def _read(opened: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], limits: Limits) -> Unpacked:
    if len(entries) > limits.files:
        return _refused("limit", f"plików jest {len(entries)}, więcej niż wolno ({limits.files})")
    if (total := sum(entry.file_size for entry in entries)) > limits.total:
        return _refused("limit", f"pliki mają po rozpakowaniu {total} bajtów, więcej niż wolno ({limits.total})")
    faults = list(_faults(entries, limits))
    bad = {fault.name for fault in faults}
    files: dict[str, bytes] = {}
    for entry in entries:
        name = entry.orig_filename
        if name in bad or name in files:
            continue
        read = _content(opened, entry, limits)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            files[name] = read
    return Unpacked(files, tuple(faults))


def _faults(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> Iterator[Fault]:
    """Yield what can be told from the directory of an archive, before anything is read."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if reason := _special(entry, limits):
            yield Fault("special", name, reason)
        if reason := unsafe_name(name):
            yield Fault("path", name, reason)
        plain = unicodedata.normalize("NFC", name).casefold()
        if plain in seen:
            yield Fault("duplicate", name, "nazwa występuje więcej niż raz (wielkość liter nie odróżnia plików)")
        seen.add(plain)
        if entry.file_size > limits.single:
            yield Fault("limit", name, f"plik ma {entry.file_size} bajtów, więcej niż wolno ({limits.single})")
        elif entry.file_size > limits.ratio * max(entry.compress_size, 1):
            yield Fault("limit", name, f"plik rozwija się ponad {limits.ratio} razy")


def unsafe_name(name: str) -> str:
    r"""Return why a name may lead out of a folder or means something else on another system; empty where it is plain.

    Examples
    --------
    >>> unsafe_name("26-swietokrzyskie/report.html")
    ''
    >>> unsafe_name("a/../../b"), unsafe_name("C:\\b") != ""
    ('ścieżka wychodzi poza folder', True)
    """
    if not name.isprintable():
        return "nazwa zawiera znaki sterujące"
    if "\\" in name:
        return "ścieżka zawiera ukośnik odwrotny"
    if ":" in name:
        return "ścieżka zawiera literę dysku albo dwukropek"
    if name.startswith("/"):
        return "ścieżka jest bezwzględna"
    parts = name.split("/")
    if ".." in parts:
        return "ścieżka wychodzi poza folder"
    if any(
        part in {"", "."} or part != part.strip() or part.endswith(".") or _DEVICE.fullmatch(part) for part in parts
    ):
        return "nazwa nie jest zwykłą nazwą pliku"
    return ""


def _special(entry: zipfile.ZipInfo, limits: Limits) -> str:
    mode = entry.external_attr >> 16 if entry.create_system == _UNIX else 0
    if stat.S_ISLNK(mode):
        return "wpis jest dowiązaniem symbolicznym"
    if entry.is_dir() or entry.external_attr & _DOS_NOT_A_FILE or stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "wpis nie jest zwykłym plikiem"
    if entry.flag_bits & _ENCRYPTED:
        return "wpis jest zaszyfrowany"
    allowed = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} if limits.compressed else {zipfile.ZIP_STORED}
    return "" if entry.compress_type in allowed else "wpis zapisano niedozwoloną metodą kompresji"


def _content(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes | Fault:
    """Read one entry piece by piece, never more than it said it holds."""
    pieces: list[bytes] = []
    size = 0
    try:
        with opened.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > min(entry.file_size, limits.single):
                    return Fault("limit", entry.orig_filename, "plik ma więcej bajtów, niż zapowiada")
                pieces.append(piece)
    except _BROKEN as error:
        return Fault("damaged", entry.orig_filename, f"wpis jest uszkodzony ({type(error).__name__})")
    if size != entry.file_size:
        return Fault("damaged", entry.orig_filename, "plik ma mniej bajtów, niż zapowiada")
    return b"".join(pieces)
