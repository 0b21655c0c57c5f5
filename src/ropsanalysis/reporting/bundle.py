"""One zip for the ministry: a region's reports in all formats with everything that is needed to trust them.

Nothing doubtful is handed on. A report that is stale, was changed by hand or is not marked though its numbers are made
up is refused, as are data with blocking findings and tables whose protection did not pass; and the finished bundle is
checked as the ministry will check it before it is written.
"""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import ropsanalysis
from ropsanalysis.errors import DataError, DisclosureError, UsageError
from ropsanalysis.io import atomic, built, provenance
from ropsanalysis.io.built import TOPICS, Topic
from ropsanalysis.io.findings import CHECKS
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import Region
from ropsanalysis.reporting import (
    archive,
    bundle_check,
    cache,
    code_state,
    crate,
    disclosure,
    html,
    manifest,
    rereading,
    signing,
)
from ropsanalysis.reporting.bundle_manifest import (
    CRATE,
    FORMAT,
    FORMATS,
    INDEX,
    KIND,
    NAME,
    SIGNATURE,
    Code,
    Data,
    Dataset,
    File,
    FindingCount,
    Manifest,
    Report,
    Screening,
    Signature,
    Source,
)
from ropsanalysis.reporting.cache import Keys
from ropsanalysis.reporting.spec import REPORTS, ReportSpec

_FORMAT_NAMES = {"html": "HTML", "pdf": "PDF", "xlsx": "XLSX", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class _Taken:
    """One report of the edition: how it was run, and its files' content by path."""

    report: Report
    run: Mapping[str, Any]
    contents: Mapping[str, bytes]


def make(
    project: Project,
    *,
    region: Region,
    reports: Sequence[ReportSpec],
    editions: Path | None = None,
    edition: str = "",
    key: Path | None = None,
) -> bytes:
    """Return a bundle of a region's finished reports.

    Parameters
    ----------
    reports
        Which; none named means all of the edition.
    editions
        Folder of editions; by default that of the project.
    key
        Private key to sign with.

    Raises
    ------
    UsageError
        There is no such edition or report, or the key is none or lies where it would be handed on.
    DataError
        A report is stale, incomplete, changed by hand or not marked as made up; or its data have blocking findings.
    DisclosureError
        The protection of a topic did not pass its audit.
    """
    edition = edition or built.edition(project)
    folder = (editions or project.reports).resolve() / edition
    signer = None if key is None else signing.read_private(key, editions=folder.parent)
    taken = [_take(folder, run) for run in _chosen(folder, region, reports, edition)]
    topics = _topics(project, [one.report.report for one in taken])
    built_topics = {topic: built.tables(project, topic) for topic in topics}
    records = {topic: about for topic, (about, _) in built_topics.items()}
    protection = tuple(disclosure.record(topic, tables) for topic, (_, tables) in built_topics.items())
    _refuse_unprotected(protection)
    _refuse_doubtful(taken, records)
    _refuse_stale(project, manifest.read(folder), taken)
    name, centre = bundle_check.place(region)
    described = Manifest(
        kind=KIND,
        format=FORMAT,
        teryt=region.teryt,
        region=name,
        centre=centre,
        edition=edition,
        reports=tuple(one.report for one in taken),
        files={},
        signature=None if signer is None else Signature(signing.ALGORITHM, signing.fingerprint(signer.public_key())),
        zip_time=_moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
        disclosure=protection,
        screening={topic: _screening(about) for topic, about in records.items()},
        data={topic: _data(TOPICS[topic], about) for topic, about in records.items()},
        code=_code(project, taken),
    )
    return _checked(_packed(described, taken, signer), signer)


def write(data: bytes, path: Path) -> Path:
    """Write a bundle to a file at once and return its path.

    Raises
    ------
    RopsError
        The file cannot be written.
    """
    return atomic.write_bytes(path, data)


# ---- which reports -------------------------------------------------------------------------------------------------


def _chosen(folder: Path, region: Region, reports: Sequence[ReportSpec], edition: str) -> list[Mapping[str, Any]]:
    """Return the edition's runs for a region, in the order of the reports there are."""
    known = manifest.read(folder)
    if not known:
        raise UsageError(f"There is no edition '{edition}' in {folder.parent}; run `ropsanalysis render` first.")
    if local := next((spec.key for spec in reports if spec.local), None):
        raise UsageError(f"A bundle holds the reports on a voivodeship; '{local}' is made for its gminas and powiats.")
    runs = {run["report"]: run for run in known["runs"] if run["teryt"] == region.teryt}
    wanted = [spec.key for spec in reports] or [key for key in REPORTS if key in runs]
    if not wanted:
        raise UsageError(f"Edition '{edition}' has no report for {region.name}; run `ropsanalysis render` first.")
    if lacking := [key for key in wanted if key not in runs]:
        named = ", ".join(lacking)
        raise UsageError(f"Edition '{edition}' has no {named} for {region.name}; run `ropsanalysis render` first.")
    return [runs[key] for key in wanted]


def _take(folder: Path, run: Mapping[str, Any]) -> _Taken:
    """Read a report's files as the edition's manifest has them.

    Raises
    ------
    DataError
        The report failed, lacks a format, or a file is not the one that was rendered.
    """
    key = run["report"]
    if run["status"] == "failed":
        raise DataError(
            f"Raport {key}: ostatnie generowanie się nie powiodło ({run['cause']}). Proszę usunąć przyczynę i ponownie "
            "uruchomić `ropsanalysis render`."
        )
    if lacking := [name for name in FORMATS if name not in run["files"]]:
        raise DataError(f"Raport {key}: brak formatów {', '.join(lacking)}. Proszę uruchomić `ropsanalysis render`.")
    contents = {}
    for name in FORMATS:
        file = run["files"][name]
        contents[file["path"]] = _unchanged(folder / file["path"], file, key=key)
    paths = {name: run["files"][name]["path"] for name in FORMATS}
    cover = rereading.document(contents[paths["json"]]).cover
    dated = rereading.workbook(contents[paths["xlsx"]]).properties["created"]
    report = Report(key, cover.title, cover.synthetic, dated, dict(run["parameters"]), run.get("previous", ""), paths)
    return _Taken(report, run, contents)


def _unchanged(path: Path, file: Mapping[str, Any], *, key: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if provenance.sha256(data) != file["sha256"]:
        raise DataError(
            f"Raport {key}: plik {path.name} nie jest tym, który wygenerowano (brak go albo go zmieniono). Proszę "
            "ponownie uruchomić `ropsanalysis render`."
        )
    return data


def _topics(project: Project, reports: Sequence[str]) -> list[str]:
    """Return the topics that the reports speak of, those they were derived from among them."""
    sources = {source for key in reports for source in TOPICS[key].derived_from}
    there = {key for key in sources if built.delivered(project, TOPICS[key])}
    return [key for key in TOPICS if key in reports or key in there]


# ---- what is refused -----------------------------------------------------------------------------------------------


def _refuse_stale(project: Project, edition: Mapping[str, Any], taken: Sequence[_Taken]) -> None:
    """Check that each report is what a run would make now.

    Raises
    ------
    DataError
        One was made from other data, by other code or with other libraries than there are now.
    """
    keys, known = Keys(project), edition.get("inputs", {})
    for one in taken:
        key, reasons = one.report.report, dict[str, None]()
        for name in FORMATS:
            now = keys.inputs(key, project.notebooks / f"{key}.ipynb", (name,), compared=bool(one.report.previous))
            reasons.update(dict.fromkeys(cache.changes(known.get(one.run["files"][name].get("inputs")), now)))
        if reasons:
            why = "; ".join(reasons)
            raise DataError(f"Raport {key} jest nieaktualny ({why}). Proszę ponownie uruchomić `ropsanalysis render`.")


def _refuse_doubtful(taken: Sequence[_Taken], records: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that reports say which numbers are made up, and that no finding should have stopped the build.

    Raises
    ------
    DataError
        A report or a finding is to blame.
    """
    for one in taken:
        key = one.report.report
        if records[key]["synthetic"] and not one.report.synthetic:
            raise DataError(f"Raport {key} nie jest oznaczony, choć użyto w nim danych syntetycznych.")
    for key, about in records.items():
        if codes := sorted({finding["code"] for finding in about["findings"] if finding["severity"] == "blocking"}):
            raise DataError(f"Dane do raportu {key} mają uwagi blokujące: {', '.join(codes)}. Proszę je poprawić.")


def _refuse_unprotected(protection: Sequence[disclosure.Record]) -> None:
    """Check that every audit passed.

    Raises
    ------
    DisclosureError
        One did not.
    """
    for record in protection:
        if unsafe := [system for system in record.systems if not system.holds]:
            named = "; ".join(
                f"{system.system} (przedział {system.found}, wymagany {system.required})" for system in unsafe[:5]
            )
            raise DisclosureError(
                f"Ochrona danych w raporcie {record.topic} jest niewystarczająca: {named}. Paczki nie utworzono. "
                "Proszę ponownie uruchomić `ropsanalysis build` i `ropsanalysis render`."
            )


# ---- what the manifest says ----------------------------------------------------------------------------------------


def _moment() -> datetime:
    """Return the time of the archive's entries: that of SOURCE_DATE_EPOCH, or the earliest a zip can tell."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return archive.EARLIEST
    moment = max(datetime.fromtimestamp(int(epoch), UTC), archive.EARLIEST)
    return moment.replace(second=moment.second // 2 * 2)  # a zip knows even seconds


def _screening(about: Mapping[str, Any]) -> Screening:
    places = Counter(
        (finding["code"], finding["severity"], finding["file"], finding["column"]) for finding in about["findings"]
    )
    counts = tuple(
        FindingCount(code, CHECKS[code], severity, file, column, places[code, severity, file, column])
        for code, severity, file, column in sorted(places)
    )
    return Screening(
        blocking=sum(one.count for one in counts if one.severity == "blocking"),
        warnings=sum(one.count for one in counts if one.severity == "warning"),
        findings=counts,
    )


def _data(topic: Topic, about: Mapping[str, Any]) -> Data:
    datasets = tuple(
        Dataset(name, str(one.get("title", "")), str(one.get("source", "")), bool(one.get("synthetic", False)))
        for name, one in sorted(about["datasets"].items())
        if one
    )
    sources = (
        Source(*(file[name] for name in ("path", "sha256", "source", "date", "commit"))) for file in about["files"]
    )
    return Data(
        latest_year=int(about["latest_year"]),
        synthetic=bool(about["synthetic"]),
        fingerprint=about["fingerprint"],
        parameters=dict(about["parameters"]),
        derived_from=tuple(name for name in topic.derived_from if name in about["datasets"]),
        datasets=datasets,
        files=tuple(sorted(sources, key=lambda source: source.path)),
    )


def _code(project: Project, taken: Sequence[_Taken]) -> Code:
    names = [one.report.report for one in taken]
    return Code(
        version=ropsanalysis.__version__,
        sha256=code_state.package_digest(),
        notebooks={name: provenance.sha256((project.notebooks / f"{name}.ipynb").read_bytes()) for name in names},
        python=platform.python_version(),
        environment=code_state.environment(),
    )


# ---- the archive ---------------------------------------------------------------------------------------------------


def _packed(described: Manifest, taken: Sequence[_Taken], signer: Ed25519PrivateKey | None) -> bytes:
    """Return the archive of the reports, the index, the crate, the manifest and its signature."""
    contents = {path: data for one in taken for path, data in one.contents.items()}
    contents[INDEX] = _index(described)
    contents[CRATE] = crate.write(replace(described, files=_files(contents)))
    whole = replace(described, files=_files(contents))
    contents[NAME] = whole.to_bytes()
    if signer is not None:
        contents[SIGNATURE] = signer.sign(contents[NAME])
    return archive.pack(contents, moment=datetime.fromisoformat(whole.zip_time))


def _files(contents: Mapping[str, bytes]) -> dict[str, File]:
    return {path: File(provenance.sha256(contents[path]), len(contents[path])) for path in sorted(contents)}


def _index(described: Manifest) -> bytes:
    reports = [
        {
            "title": report.title,
            "synthetic": report.synthetic,
            "links": [(_FORMAT_NAMES[name], report.files[name]) for name in FORMATS],
        }
        for report in described.reports
    ]
    template = html.environment().get_template("bundle.html.j2")
    page = template.render(
        place=described.region,
        teryt=described.teryt,
        centre=described.centre,
        edition=described.edition,
        synthetic=described.synthetic,
        reports=reports,
    )
    return page.encode()


def _checked(data: bytes, signer: Ed25519PrivateKey | None) -> bytes:
    """Return the bundle after checking it as whoever gets it will.

    Raises
    ------
    DataError, DisclosureError
        The check found something.
    """
    problems = bundle_check.check(data, key=None if signer is None else signer.public_key()).problems
    if problems:
        refused = DisclosureError if any(one.code == "BV-17" for one in problems) else DataError
        raise refused("Paczki nie utworzono:\n" + "\n".join(map(str, problems)))
    return data
