"""Reads where a delivered dataset comes from: the ``provenance.json`` in its folder, which may be absent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ropsanalysis.io import identifiers
from ropsanalysis.io.findings import Finding, Prefix


def read_origin(
    folder: Path, *, label: str, prefix: Prefix, fields: str
) -> tuple[Mapping[str, object], tuple[Finding, ...]]:
    """Return what is told of a dataset, and a blocking finding if that cannot be used.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    prefix
        Topic that findings are numbered for.
    fields
        Names of the fields that a correct file has, for findings.

    Returns
    -------
    about, findings
        Empty without a file, or with one that is no JSON object; a source that holds an identifier of a person is
        taken out, because reports print it.
    """
    path = folder / "provenance.json"
    if not path.is_file():
        return {}, ()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError):
        found = None
    file = f"{label}/provenance.json"
    if not isinstance(found, dict):
        # Whether the data are made up is then unknown, and must not be guessed.
        wrong = Finding(
            f"{prefix}-36",
            "blocking",
            file,
            None,
            "",
            "to nie jest JSON",
            f"obiekt JSON z polami {fields}",
            "Proszę poprawić plik albo wgrać zbiór ponownie.",
        )
        return {}, (wrong,)
    kinds = identifiers.find_kinds(str(found.get("source", "")))
    if not kinds:
        return found, ()
    listed = ", ".join(identifiers.NAMES[kind] for kind in sorted(kinds))
    personal = Finding(
        f"{prefix}-10",
        "blocking",
        file,
        None,
        "source",
        listed,
        "nazwa źródła bez danych, które wskazują osobę",
        "Proszę usunąć te dane z pola „source”.",
    )
    return {**found, "source": ""}, (personal,)
