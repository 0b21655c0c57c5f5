"""The bundle described for machines: a Process Run Crate, which is an RO-Crate that tells what was run on what.

References
----------
RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5, which
extends it. ``sha256`` is a term of the vocabulary of workflow runs that the profile brings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from ropsanalysis.reporting import rereading
from ropsanalysis.reporting.bundle_manifest import CRATE, INDEX, NAME, SIGNATURE, Manifest, Report

SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT: Final = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
_SOFTWARE: Final = "#ropsanalysis"
_MEDIA: Final = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sig": "application/octet-stream",
}

Entity = dict[str, Any]


def write(manifest: Manifest) -> bytes:
    """Return the crate's description of a bundle; it is a function of the manifest.

    Parameters
    ----------
    manifest
        What the bundle holds; its list of files need not have the crate's own file yet.
    """
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": SPECIFICATION},
            "about": {"@id": "./"},
        },
        _root(manifest),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "#osrodek", "@type": "Organization", "name": manifest.centre},
        *_software(manifest),
        *(_action(manifest, report) for report in manifest.reports),
        *_parameters(manifest),
        *_inputs(manifest),
        *_files(manifest),
    ]
    return (json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _root(manifest: Manifest) -> Entity:
    marks = " Zawiera dane syntetyczne." if manifest.synthetic else ""
    titles = ", ".join(report.title for report in manifest.reports)
    return {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": PROFILE},
        "name": f"Raporty: {manifest.region} (TERYT {manifest.teryt}), edycja {manifest.edition}",
        "description": f"{titles}.{marks}",
        "datePublished": max(report.dated for report in manifest.reports)[:10],
        "license": f"Warunki ponownego wykorzystania określa {manifest.centre}.",
        "publisher": {"@id": "#osrodek"},
        "hasPart": _references(_paths(manifest)),
        "mentions": _references(_action_id(report) for report in manifest.reports),
    }


def _paths(manifest: Manifest) -> list[str]:
    """Return the files that the crate describes: all of the bundle but itself."""
    signed = [SIGNATURE] if manifest.signature else []
    return sorted({*manifest.files, NAME, *signed} - {CRATE})


def _references(names: Iterable[str]) -> list[Entity]:
    return [{"@id": name if name.startswith(("#", "https:")) else quote(name)} for name in names]


def _software(manifest: Manifest) -> Iterator[Entity]:
    needed = [tuple(line.split("==", 1)) for line in manifest.code.environment]
    python = "https://www.python.org/"
    yield {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "ropsanalysis",
        "description": "Powtarzalne raporty regionalnych ośrodków polityki społecznej.",
        "softwareVersion": manifest.code.version,
        "sha256": manifest.code.sha256,
        "softwareRequirements": _references([python, *(_package(name, version) for name, version in needed)]),
    }
    yield {"@id": python, "@type": "SoftwareApplication", "name": "Python", "softwareVersion": manifest.code.python}
    for name, version in needed:
        yield {
            "@id": _package(name, version),
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
        }


def _package(name: str, version: str) -> str:
    return f"#package-{name}-{version}"


def _action_id(report: Report) -> str:
    return f"#run-{report.report}"


def _action(manifest: Manifest, report: Report) -> Entity:
    given = ", ".join(f"{name}={value}" for name, value in report.parameters.items())
    inputs = [_input_id(path) for path in sorted(manifest.files_behind(report.report))]
    return {
        "@id": _action_id(report),
        "@type": "CreateAction",
        "name": f"{report.title}: {manifest.region}",
        "description": f"notebooks/{report.report}.ipynb ({given})",
        "agent": {"@id": "#osrodek"},
        "instrument": {"@id": _SOFTWARE},
        "object": _references([*inputs, *(_parameter_id(report, name) for name in report.parameters)]),
        "result": _references(report.files.values()),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _parameter_id(report: Report, name: str) -> str:
    return f"#{report.report}-{name}"


def _parameters(manifest: Manifest) -> Iterator[Entity]:
    for report in manifest.reports:
        for name, value in report.parameters.items():
            yield {"@id": _parameter_id(report, name), "@type": "PropertyValue", "name": name, "value": value}


def _input_id(path: str) -> str:
    return f"#{quote(path)}"


def _inputs(manifest: Manifest) -> list[Entity]:
    """Return the data files, which stay with the centre: each by its checksum."""
    known = {file.path: file for data in manifest.data.values() for file in data.files}
    return [
        {
            "@id": _input_id(path),
            "@type": "CreativeWork",
            "name": path,
            "description": known[path].source or "źródła nie podano",
            "sha256": known[path].sha256,
        }
        for path in sorted(known)
    ]


def _files(manifest: Manifest) -> Iterator[Entity]:
    titles = {path: report.title for report in manifest.reports for path in report.files.values()}
    own = {INDEX: "Spis raportów", NAME: "Manifest: pliki, dane, kod, kontrole", SIGNATURE: "Podpis manifestu"}
    for path in _paths(manifest):
        suffix = path[path.rindex(".") :]
        entity = {
            "@id": quote(path),
            "@type": "File",
            "name": f"{titles[path]} ({suffix[1:].upper()})" if path in titles else own[path],
            "encodingFormat": _MEDIA[suffix],
        }
        if path in manifest.files:
            entity |= {"contentSize": str(manifest.files[path].bytes), "sha256": manifest.files[path].sha256}
        yield entity


def faults(data: bytes, manifest: Manifest) -> list[str]:
    """Return what is wrong with a crate of a bundle, in Polish; nothing where it describes what the manifest lists.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        It is no crate at all.
    """
    found = rereading.strict_json(data)
    entities = {entity["@id"]: entity for entity in found["@graph"]}
    wrong = []
    if found["@context"] != CONTEXT:
        wrong.append("inny kontekst JSON-LD, niż wymaga profil")
    if len(entities) != len(found["@graph"]):
        wrong.append("powtórzony identyfikator")
    if entities[CRATE]["conformsTo"] != {"@id": SPECIFICATION} or entities[CRATE]["about"] != {"@id": "./"}:
        wrong.append(f"opis nie jest zgodny z {SPECIFICATION}")
    if entities["./"]["conformsTo"] != {"@id": PROFILE}:
        wrong.append(f"opis nie jest zgodny z {PROFILE}")
    wrong += _wrong_files(entities, manifest)
    wrong += _wrong_runs(entities, manifest)
    return wrong


def _wrong_files(entities: Mapping[str, Entity], manifest: Manifest) -> Iterator[str]:
    listed, expected = _ids(entities["./"]["hasPart"]), set(_paths(manifest))
    yield from (f"nie wymienia pliku {path}" for path in sorted(expected - listed))
    yield from (f"wymienia plik {path}, którego nie ma" for path in sorted(listed - expected))
    for path in sorted(listed & expected & set(manifest.files)):
        entity, file = entities[quote(path)], manifest.files[path]
        if (entity["@type"], entity["sha256"], entity["contentSize"]) != ("File", file.sha256, str(file.bytes)):
            yield f"inaczej niż manifest opisuje plik {path}"


def _wrong_runs(entities: Mapping[str, Entity], manifest: Manifest) -> Iterator[str]:
    runs = {entity["@id"]: entity for entity in entities.values() if entity["@type"] == "CreateAction"}
    if set(runs) != {_action_id(report) for report in manifest.reports}:
        yield "opisuje inne przebiegi niż raporty w paczce"
        return
    for report in manifest.reports:
        if _ids(runs[_action_id(report)]["result"]) != set(report.files.values()):
            yield f"przebieg raportu {report.report} ma inne wyniki"


def _ids(references: Iterable[Mapping[str, str]]) -> set[str]:
    return {unquote(reference["@id"]) for reference in references}
