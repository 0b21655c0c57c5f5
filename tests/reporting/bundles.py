"""Bundles as the ministry gets them, and as somebody without the key would change them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from lxml import etree

from ropsanalysis.io.provenance import sha256
from ropsanalysis.present.blocks import Figure
from ropsanalysis.reporting import annex, archive, bundle_check, crate, html, pdf, rereading, xlsx
from ropsanalysis.reporting.bundle_manifest import CRATE, NAME, SIGNATURE, File, Manifest, from_bytes
from ropsanalysis.reporting.document import Document, Numbered

KEYS = ("regional_diagnosis", "training_needs")
FOLDERS = {"26": "26-swietokrzyskie", "14": "14-mazowieckie"}


@dataclass(frozen=True, slots=True)
class Bundled:
    """An edition of two reports for two voivodeships, and a signed bundle of each voivodeship's."""

    project: Path
    folder: Path
    private: Path
    public: Ed25519PublicKey
    other: Ed25519PublicKey
    bundles: Mapping[str, bytes]
    single: bytes


def opened(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle by path."""
    with zipfile.ZipFile(io.BytesIO(data)) as archived:
        return {name: archived.read(name) for name in archived.namelist()}


def manifest_of(data: bytes) -> Manifest:
    return from_bytes(opened(data)[NAME])


def forged(
    files: Mapping[str, bytes],
    edit: Callable[[Manifest], Manifest] = lambda manifest: manifest,
    *,
    described: bool = True,
) -> bytes:
    """Return the files as a bundle in which all checksums are right again; only the signature cannot be.

    Parameters
    ----------
    described
        Whether the crate is written anew too; else it is left as it is.
    """
    manifest = edit(from_bytes(files[NAME]))
    listed = {path: data for path, data in files.items() if path not in {NAME, SIGNATURE}}
    if described:
        del listed[CRATE]
        listed[CRATE] = crate.write(replace(manifest, files=_sums(listed)))
    manifest = replace(manifest, files=_sums(listed))
    signed = {SIGNATURE: files[SIGNATURE]} if SIGNATURE in files and manifest.signature else {}
    return archive.pack({**listed, **signed, NAME: manifest.to_bytes()})


def _sums(files: Mapping[str, bytes]) -> dict[str, File]:
    return {path: File(sha256(files[path]), len(files[path])) for path in sorted(files)}


def codes(data: bytes, key: Ed25519PublicKey | None = None) -> set[str]:
    """Return the codes of everything that is wrong with a bundle."""
    return {problem.code for problem in bundle_check.check(data, key=key).problems}


def places(data: bytes, code: str) -> set[str]:
    """Return the files for which a code is given."""
    return {problem.file for problem in bundle_check.check(data).problems if problem.code == code}


def document_of(files: Mapping[str, bytes], path: str) -> Document:
    """Return a report's document with the drawings of its HTML page, as it was before it was rendered."""
    document = rereading.document(files[f"{path}.json"])
    drawings = rereading.page(files[f"{path}.html"]).xpath("//figure//*[local-name()='svg']")
    drawn = iter(etree.tostring(svg, with_tail=False).decode() for svg in drawings)
    return replace(document, elements=tuple(_with_drawing(element, drawn) for element in document.elements))


def _with_drawing(element: Any, drawn: Any) -> Any:
    if isinstance(element, Numbered) and isinstance(element.block, Figure):
        return replace(element, block=replace(element.block, svg=next(drawn)))
    return element


def rendered(document: Document, name: str) -> bytes:
    """Return a document in one format, as the exporters render it."""
    match name:
        case "html":
            return html.render(document).encode()
        case "pdf":
            return pdf.render(document)
        case "xlsx":
            return xlsx.render(document)
        case _:
            return (json.dumps(annex.to_dict(document), ensure_ascii=False, indent=1) + "\n").encode()
