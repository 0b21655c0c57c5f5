"""Can a bundle be trusted? Everything that can be told from the file alone, without running anything of it.

The bundle may come from anybody. Nothing of it is written to a disk, nothing is fetched, and whatever is wrong with it
is listed, each with a code of `bundle_problems`; the files of a report are read only where they are the files that the
manifest names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ropsanalysis.errors import UsageError
from ropsanalysis.io.provenance import sha256
from ropsanalysis.regions import POLAND, REGIONS, Region
from ropsanalysis.reporting import archive, bundle_claims, bundle_reports, signing
from ropsanalysis.reporting.bundle_manifest import (
    CRATE,
    FORMATS,
    INDEX,
    NAME,
    SIGNATURE,
    Manifest,
    ManifestError,
    from_bytes,
)
from ropsanalysis.reporting.bundle_problems import Problem, problem
from ropsanalysis.reporting.spec import REPORTS

#: Far above the sixty reports of a large office; a bundle is stored, not compressed, so nothing unfolds.
LIMITS: Final = archive.Limits(total=400_000_000, single=60_000_000, files=2000, ratio=1, compressed=False)
_FAULT_CODES: Final = {
    "damaged": "BV-01", "limit": "BV-02", "path": "BV-03", "duplicate": "BV-04", "special": "BV-05",
}  # fmt: skip

#: In whose name a report on the country speaks.
_ALL_CENTRES: Final = "Regionalne ośrodki polityki społecznej"

SignatureState = Literal["valid", "invalid", "unchecked", "none"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a bundle found.

    Attributes
    ----------
    manifest
        None where it cannot be read.
    signature
        ``valid`` for the key given, ``unchecked`` where none was given, ``none`` where the bundle is not signed.
    problems
        Everything that is wrong, in the order of the codes; none where the bundle can be trusted.
    """

    manifest: Manifest | None
    signature: SignatureState
    problems: tuple[Problem, ...]


def place(region: Region) -> tuple[str, str]:
    """Return how a bundle names the area it is about, and the centre in whose name it speaks."""
    return ("Polska", _ALL_CENTRES) if region is POLAND else (f"Województwo {region.name}", region.centre)


def read(path: Path) -> bytes:
    """Return the bytes of a bundle's file, or of its beginning where it is larger than any bundle.

    Raises
    ------
    UsageError
        There is no such file.
    """
    try:
        with path.open("rb") as file:
            return file.read(LIMITS.total + LIMITS.files * 1024 + 1)
    except OSError as error:
        raise UsageError(f"The bundle {path} cannot be read: {error.strerror}.") from error


def check(data: bytes, *, key: Ed25519PublicKey | None = None) -> Checked:
    """Check a bundle.

    Parameters
    ----------
    key
        The public key of the centre it should come from.
    """
    opened = archive.unpack(data, limits=LIMITS)
    problems = [problem(_FAULT_CODES[fault.kind], fault.name, fault.text) for fault in opened.faults]
    if not opened.files:
        return Checked(None, "none", tuple(problems or [problem("BV-01", "", "archiwum jest puste")]))
    found, manifest = _read_manifest(opened.files)
    problems += found
    state, found = _signature(opened.files, manifest, key)
    problems += found
    if manifest is not None:
        problems += _contents(data, opened.files, manifest)
    return Checked(manifest, state, tuple(sorted(problems, key=lambda one: (one.code, one.file))))


def _read_manifest(files: Mapping[str, bytes]) -> tuple[list[Problem], Manifest | None]:
    if NAME not in files:
        return [problem("BV-07", NAME, "w paczce nie ma manifestu")], None
    try:
        return [], from_bytes(files[NAME])
    except (ManifestError, RecursionError) as error:
        return [problem("BV-07", NAME, str(error))], None


def _signature(
    files: Mapping[str, bytes], manifest: Manifest | None, key: Ed25519PublicKey | None
) -> tuple[SignatureState, list[Problem]]:
    """Compare the signature with the manifest's exact bytes and with the key given."""
    claimed = None if manifest is None else manifest.signature
    signature = files.get(SIGNATURE)
    if signature is None:
        if claimed is not None:
            return "none", [problem("BV-11", SIGNATURE, "manifest mówi, że paczkę podpisano, a podpisu nie ma")]
        return "none", [problem("BV-11", SIGNATURE, "podano klucz, a paczka nie jest podpisana")] if key else []
    if key is None:
        wrong = len(signature) != signing.SIGNATURE_BYTES
        return "unchecked", [problem("BV-12", SIGNATURE, "to nie jest podpis Ed25519")] if wrong else []
    if signing.is_signed_by(key, signature=signature, data=files.get(NAME, b"")):
        return "valid", []
    own = signing.fingerprint(key)
    if claimed is not None and claimed.key_sha256 != own:
        text = f"paczkę podpisano kluczem {claimed.key_sha256}, a podano klucz {own}"
        return "invalid", [problem("BV-13", SIGNATURE, text)]
    return "invalid", [problem("BV-12", SIGNATURE, "podpis nie pasuje do manifestu i podanego klucza")]


def _contents(data: bytes, files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Problem]:
    yield from _form(data, files, manifest)
    yield from _consistent(manifest)
    changed = list(_changed(files, manifest))
    yield from changed
    yield from _private_keys(files)
    doubtful = {one.file for one in changed}
    whole = {path: files[path] for path in manifest.files if path in files and path not in doubtful}
    for report in manifest.reports:
        if all(path in whole for path in report.files.values()):
            yield from bundle_reports.problems(report, manifest, whole)
    yield from bundle_claims.problems(manifest, whole)


# ---- the archive and its manifest ----------------------------------------------------------------------------------


def _form(data: bytes, files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Problem]:
    """Compare the archive with the only way in which these files are packed: no byte is left unaccounted for."""
    try:
        moment = datetime.fromisoformat(manifest.zip_time).astimezone(UTC)
        same = archive.pack(files, moment=moment) == data
    except (ValueError, OverflowError, OSError):
        same = False
    if not same:
        yield problem(
            "BV-06", "", "bajty archiwum (nagłówki, komentarz, czas, kolejność) są inne, niż zapisuje je program"
        )


def _consistent(manifest: Manifest) -> Iterator[Problem]:
    """Check what the manifest says of the area and of its reports' paths."""
    region = next((one for one in (POLAND, *REGIONS) if one.teryt == manifest.teryt), None)
    if region is None or (manifest.region, manifest.centre) != place(region):
        text = (
            f"kod TERYT {manifest.teryt}, nazwa „{manifest.region}” i ośrodek „{manifest.centre}” nie pasują do siebie"
        )
        yield problem("BV-14", NAME, text)
    keys = [report.report for report in manifest.reports]
    if not keys or len(set(keys)) != len(keys):
        yield problem("BV-07", NAME, "manifest nie wymienia raportów albo wymienia jeden dwa razy")
    for report in manifest.reports:
        folder = region.folder if region else manifest.teryt
        expected = {name: f"{folder}/{report.report}.{name}" for name in FORMATS}
        if dict(report.files) != expected:
            yield problem("BV-14", NAME, f"pliki raportu {report.report} mają inne ścieżki, niż powinny")
        known = REPORTS.get(report.report)
        if known is None or known.local or known.title != report.title or known.country != (region is POLAND):
            yield problem("BV-14", NAME, f"nie ma raportu „{report.report}” o tytule „{report.title}” dla tego obszaru")


def _changed(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Problem]:
    """Compare the files with the manifest's list: none missing, none more, each with its checksum."""
    needed = {INDEX, CRATE, *(path for report in manifest.reports for path in report.files.values())}
    for path in sorted(needed - set(manifest.files)):
        yield problem("BV-08", path, "manifest nie wymienia pliku, który musi być w paczce")
    for path in sorted(set(manifest.files) - needed):
        yield problem("BV-09", path, "plik nie należy do żadnego raportu")
    for path in sorted(set(files) - set(manifest.files) - {NAME, SIGNATURE}):
        yield problem("BV-09", path, "pliku nie ma w manifeście")
    for path, file in manifest.files.items():
        if path not in files:
            yield problem("BV-08", path, "plik wymieniono w manifeście, a w paczce go nie ma")
        elif (len(files[path]), sha256(files[path])) != (file.bytes, file.sha256):
            yield problem("BV-10", path, "suma kontrolna SHA-256 lub rozmiar są inne niż w manifeście")


def _private_keys(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for path, data in files.items():
        if signing.PRIVATE_MARK in data:
            yield problem("BV-22", path, "plik zawiera klucz prywatny")
