"""The manifest of a bundle: what it holds, from which data and by which code it was made, what was checked.

It is written in one way only: a reader builds it from the bytes, writes it again and compares, so that nothing in it
can be read in two ways and nothing unknown hides in it.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Final, Literal

from ropsanalysis.reporting import rereading
from ropsanalysis.reporting.disclosure import Record

NAME: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CRATE: Final = "ro-crate-metadata.json"
INDEX: Final = "index.html"
#: What each report of a bundle must be there as.
FORMATS: Final = ("html", "pdf", "xlsx", "json")
KIND: Final = "ropsanalysis-bundle"
FORMAT: Final = 1


class ManifestError(ValueError):
    """The bytes are no manifest; the message (Polish) says why."""


@dataclass(frozen=True, slots=True)
class Code:
    """What made the reports: the package with a checksum of all its files, the notebooks' checksums, the libraries."""

    version: str
    sha256: str
    notebooks: Mapping[str, str]
    python: str
    environment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the bundle.

    Attributes
    ----------
    synthetic
        Whether any of its numbers are made up.
    dated
        The time its files say they were made at: that of SOURCE_DATE_EPOCH, ISO.
    parameters
        What its notebook was run with.
    previous
        Short checksum of the earlier report that it says what changed since; empty for none.
    files
        Path in the bundle by format.
    """

    report: str
    title: str
    synthetic: bool
    dated: str
    parameters: Mapping[str, Any]
    previous: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset, as its importer noted it."""

    name: str
    title: str
    source: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One file of data; its size and rows stay with the office, as those of a survey hint at how many answered."""

    path: str
    sha256: str
    source: str
    date: str
    commit: str


@dataclass(frozen=True, slots=True)
class Data:
    """What a topic's tables were made from.

    Attributes
    ----------
    fingerprint
        Checksum of data, code, catalogue and libraries of the build.
    parameters
        Choices of method.
    derived_from
        Topics whose published tables it was made from; it has no files of its own then.
    """

    latest_year: int
    synthetic: bool
    fingerprint: str
    parameters: Mapping[str, Any]
    derived_from: tuple[str, ...]
    datasets: tuple[Dataset, ...]
    files: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often screening found something in a place; single rows and values stay with the office."""

    code: str
    check: str
    severity: Literal["blocking", "warning"]
    file: str
    column: str
    count: int


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening of a topic's data found."""

    blocking: int
    warnings: int
    findings: tuple[FindingCount, ...]


@dataclass(frozen=True, slots=True)
class File:
    """Checksum and size of a file of the bundle."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Signature:
    """How the manifest is signed: the algorithm, and the SHA-256 of the public key."""

    algorithm: str
    key_sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a bundle says of itself.

    Attributes
    ----------
    zip_time
        The time of every entry of the archive, ISO.
    data, screening
        By topic; those a summary was derived from among them.
    files
        Every file of the bundle but the manifest and its signature, by path.
    signature
        None where the bundle is not signed.
    """

    kind: str
    format: int
    teryt: str
    region: str
    centre: str
    edition: str
    reports: tuple[Report, ...]
    files: Mapping[str, File]
    signature: Signature | None
    zip_time: str
    disclosure: tuple[Record, ...]
    screening: Mapping[str, Screening]
    data: Mapping[str, Data]
    code: Code

    def to_bytes(self) -> bytes:
        """Return the manifest as its file has it."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()

    @property
    def synthetic(self) -> bool:
        """Whether any number of any report is made up."""
        return any(report.synthetic for report in self.reports)

    def files_behind(self, topic: str) -> dict[str, str]:
        """Return the checksum of each data file that a topic's tables go back to, by path."""
        own = self.data[topic]
        topics = (topic, *(source for source in own.derived_from if source in self.data))
        return {file.path: file.sha256 for name in topics for file in self.data[name].files}


def from_bytes(data: bytes) -> Manifest:
    """Return the manifest that a file holds.

    Raises
    ------
    ManifestError
        It is not one, or not exactly as this package writes it.
    """
    try:
        found = rereading.strict_json(data)
    except ValueError as error:
        raise ManifestError(f"plik nie jest poprawnym zapisem JSON ({error})") from error
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise ManifestError("plik nie jest manifestem paczki raportów")
    if found.get("format") != FORMAT:
        raise ManifestError(f"format manifestu to {found.get('format')!r}, a ten program czyta format {FORMAT}")
    manifest: Manifest = _typed(Manifest, found, "manifest")
    if manifest.to_bytes() != data:
        raise ManifestError("zapis odbiega od tego, jak zapisuje go program")
    return manifest


def _typed(kind: Any, value: Any, where: str) -> Any:
    """Return a value of JSON as the declared type.

    Raises
    ------
    ManifestError
        It is of another type.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(arguments[0], item, where) for item in value)
    if origin is Mapping and isinstance(value, dict):
        return {name: _typed(arguments[1], item, f"{where}.{name}") for name, item in value.items()}
    if origin is Literal and value in arguments:
        return value
    if origin is types.UnionType:
        return None if value is None else _typed(arguments[0], value, where)
    if kind is float and type(value) in {int, float}:
        return value
    if type(value) is kind:
        return value
    raise ManifestError(f"pole {where} ma niewłaściwą wartość")


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if not isinstance(value, dict) or list(value) != names:
        raise ManifestError(f"pole {where} ma inne części, niż powinno")
    return kind(**{name: _typed(hints[name], value[name], f"{where}.{name}") for name in names})
