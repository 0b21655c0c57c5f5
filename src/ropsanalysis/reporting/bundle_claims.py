"""What a bundle claims of its data: protected, screened, marked where made up, described for people and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ropsanalysis.io.built import TOPICS
from ropsanalysis.reporting import crate, disclosure, rereading
from ropsanalysis.reporting.bundle_manifest import CRATE, INDEX, NAME, Data, Manifest
from ropsanalysis.reporting.bundle_problems import Problem, problem


def problems(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with a bundle's claims.

    Parameters
    ----------
    files
        Those of the bundle that are the ones which the manifest names.
    """
    yield from _topics(manifest)
    yield from _protection(manifest)
    yield from _screening(manifest)
    yield from _synthetic(manifest)
    if CRATE in files:
        yield from _crate(files[CRATE], manifest)
    if INDEX in files:
        yield from _index(files[INDEX], manifest)


def _topics(manifest: Manifest) -> Iterator[Problem]:
    """Check that provenance and screening are there for each report and for what it was derived from."""
    for topic in sorted(_needed(manifest) - set(manifest.data)):
        yield problem("BV-07", NAME, f"brak pochodzenia danych tematu {topic}")
    for topic in sorted(set(manifest.data) ^ set(manifest.screening)):
        yield problem("BV-18", NAME, f"kontrola danych i ich pochodzenie nie dotyczą tych samych tematów: {topic}")


def _needed(manifest: Manifest) -> set[str]:
    reports = {report.report for report in manifest.reports}
    return reports | {source for data in manifest.data.values() for source in data.derived_from}


def _protection(manifest: Manifest) -> Iterator[Problem]:
    """Check that each topic has a record of the right kind, and that an audit passed by its own numbers."""
    records = {record.topic: record for record in manifest.disclosure}
    if len(records) != len(manifest.disclosure):
        yield problem("BV-17", NAME, "temat ma dwa zapisy kontroli")
    for topic in sorted(set(manifest.data) | _needed(manifest)):
        if topic not in records:
            yield problem("BV-17", NAME, f"brak zapisu kontroli ochrony danych tematu {topic}")
        elif topic in TOPICS:
            yield from _record(records[topic])


def _record(record: disclosure.Record) -> Iterator[Problem]:
    basis = disclosure.basis_of(record.topic)
    if record.basis != basis:
        yield problem("BV-17", NAME, f"temat {record.topic}: podstawa „{record.basis}”, a powinna być „{basis}”")
        return
    for system in record.systems:
        if not system.holds:
            width = f"przedział {system.found}, wymagany {system.required}, wynik „{system.verdict}”"
            yield problem("BV-17", NAME, f"temat {record.topic}, zestaw „{system.system}”: {width}")
    expected = (
        disclosure.audited(record.topic, record.systems) if basis == "audit" else disclosure.record(record.topic, {})
    )
    if record != expected:
        yield problem("BV-17", NAME, f"temat {record.topic}: wynik „{record.verdict}” nie wynika z podanych liczb")


def _screening(manifest: Manifest) -> Iterator[Problem]:
    for topic, screening in manifest.screening.items():
        counted = [
            sum(one.count for one in screening.findings if one.severity == kind) for kind in ("blocking", "warning")
        ]
        if screening.blocking or counted[0]:
            yield problem("BV-18", NAME, f"temat {topic}: uwagi blokujące: {max(screening.blocking, counted[0])}")
        if counted != [screening.blocking, screening.warnings]:
            yield problem("BV-18", NAME, f"temat {topic}: liczba uwag nie zgadza się z ich listą")


def _synthetic(manifest: Manifest) -> Iterator[Problem]:
    """Check that made-up data are admitted: by the topic that used them, and by its report."""
    for topic, data in manifest.data.items():
        if data.synthetic != _uses_synthetic(data, manifest.data):
            yield problem("BV-19", NAME, f"temat {topic}: oznaczenie nie zgadza się z pochodzeniem zbiorów")
    for report in manifest.reports:
        if report.report in manifest.data and manifest.data[report.report].synthetic and not report.synthetic:
            yield problem("BV-19", report.files.get("json", NAME), "raport z danych syntetycznych nie jest oznaczony")


def _uses_synthetic(data: Data, known: Mapping[str, Data]) -> bool:
    derived = any(known[topic].synthetic for topic in data.derived_from if topic in known)
    return derived or any(dataset.synthetic for dataset in data.datasets)


def _crate(data: bytes, manifest: Manifest) -> Iterator[Problem]:
    try:
        wrong = crate.faults(data, manifest)
    except Exception as error:  # noqa: BLE001 - a hostile description may have any shape: a finding, not a crash
        wrong = [f"opisu nie można odczytać ({type(error).__name__})"]
    yield from (problem("BV-20", CRATE, text) for text in wrong)


def _index(data: bytes, manifest: Manifest) -> Iterator[Problem]:
    """Check that the page leads to every report and nowhere else, and runs nothing."""
    try:
        page = rereading.page(data)
        links = {str(link) for link in page.xpath("//@href | //@src") if not link.startswith("#")}
        live = page.xpath("//script | //iframe | //object | //embed | //form | //*[@*[starts-with(name(), 'on')]]")
        rows = {
            str(row.xpath("string(./th)")): {str(link) for link in row.xpath("./td//@href")}
            for row in page.xpath("//tbody/tr")
        }
    except Exception as error:  # noqa: BLE001 - as above
        yield problem("BV-21", INDEX, f"spisu nie można odczytać ({type(error).__name__})")
        return
    if rows != {report.title: set(report.files.values()) for report in manifest.reports}:
        yield problem("BV-21", INDEX, "spis prowadzi do innych plików, niż podaje manifest")
    if strange := sorted(links - set(manifest.files) - {NAME}):
        yield problem("BV-21", INDEX, f"spis prowadzi poza paczkę: {', '.join(strange)}")
    if live:
        yield problem("BV-21", INDEX, "spis zawiera skrypt albo osadzony obiekt")
