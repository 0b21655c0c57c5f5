"""What an edition's folder must look like, whatever happened to the run that made it."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2

from ropsanalysis.io import provenance


def whole_files(edition: Path) -> list[str]:
    """Return all files of an edition, each read to its end; fails on a half-written or temporary one."""
    found = []
    for path in sorted(p for p in edition.rglob("*") if p.is_file()):
        name = path.relative_to(edition).as_posix()
        assert not any(part.startswith(".") for part in Path(name).parts), f"left behind: {name}"
        _read_whole(path)
        found.append(name)
    assert not list(edition.glob(".work-*"))
    return found


def _read_whole(path: Path) -> None:
    match path.suffix:
        case ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
        case ".json" | ".ipynb":
            json.loads(path.read_text(encoding="utf-8"))
        case ".pdf":
            opened = pypdfium2.PdfDocument(path)
            assert len(opened) > 0
            opened.close()
        case suffix:
            assert suffix == ".xlsx", path
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None


def manifest_of(edition: Path) -> dict[str, Any]:
    """Return the manifest after comparing each file it names with the file there is."""
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    for run in manifest["runs"]:
        for file in run["files"].values():
            data = (edition / file["path"]).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(data), provenance.sha256(data))
    return manifest


def with_status(manifest: dict[str, Any], status: str) -> dict[str, dict[str, Any]]:
    """Return the runs of one status by region."""
    return {run["teryt"]: run for run in manifest["runs"] if run["status"] == status}


def is_alive(pid: int) -> bool:
    """Return whether a process runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
