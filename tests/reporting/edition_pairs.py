"""Two editions of one small report, made by hand, and what a comparison of them says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from small_notebooks import cover, executed

from ropsanalysis.present.blocks import Block, Cell, Column, Number, Points, Statement, Table
from ropsanalysis.reporting import annex, document
from ropsanalysis.reporting.editions.changes import Change, Comparison
from ropsanalysis.reporting.editions.compare import compare

#: What a report's JSON says of its origin; tests change one thing at a time.
ORIGIN: dict[str, Any] = {
    "package_version": "1.0.0",
    "code": "a" * 64,
    "libraries": {"numpy": "2.4.6"},
    "datasets": {
        "gus_sdg": {"sources": ["GUS, wskaźniki"], "files": {"data/raw/gus_sdg/observations.csv": "1" * 64}},
        "bdl_context": {"sources": ["GUS, BDL"], "files": {"data/raw/bdl_context/observations.csv": "2" * 64}},
        "own_survey": {"sources": [], "files": {"data/raw/own_survey/answers.csv": "3" * 64}},
    },
    "choices": {
        "window": {"value": 10, "description": "Liczba lat trendu."},
        "alpha": {"value": 0.05, "description": ""},
    },
}  # fmt: skip


def origin(**files: str) -> dict[str, Any]:
    """Return the origin with other checksums of the files of the named datasets."""
    changed = {
        name: {**dataset, "files": dict.fromkeys(dataset["files"], files.get(name, ""))} if name in files else dataset
        for name, dataset in ORIGIN["datasets"].items()
    }
    return {**ORIGIN, "datasets": changed}


def edition(
    *blocks: Block | str, name: str = "2024", lineage: Mapping[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """Return the JSON of a report with these blocks, as it would be read from its file."""
    read = document.read(executed(cover(edition=name, **changes), *blocks))
    return as_file(replace(read, lineage=ORIGIN if lineage is None else lineage))


def as_file(read: document.Document) -> dict[str, Any]:
    """Return a document as it is read back from its JSON."""
    found: dict[str, Any] = json.loads(json.dumps(annex.to_dict(read), allow_nan=False))
    return found


def rows(*lines: tuple[Cell, ...], columns: tuple[str, ...] = ("Powiat", "2023", "2024"), **changes: Any) -> Table:
    """Return a table of these rows."""
    fields: dict[str, Any] = {"key": "powiats", "title": "Powiaty", "source": "opracowanie własne: GUS, wskaźniki."}
    heads = tuple(Column(label, "left" if index == 0 else "right") for index, label in enumerate(columns))
    return Table(columns=heads, rows=lines, **{**fields, **changes})


def said(text: str, **values: float | None) -> Points:
    """Return a list of one sentence with numbers of one decimal place."""
    return Points((Statement.of(text, **{name: Number(value, digits=1) for name, value in values.items()}),))


def of_blocks(old: Block, new: Block, **options: Any) -> Comparison:
    """Compare two editions that consist of one block each."""
    return compare(edition(old), edition(new, name="2025"), **options)


def only(found: tuple[Change, ...]) -> Change:
    """Return the one change there is."""
    [change] = found
    return change


def kinds(change: Change) -> list[str]:
    """Return the kinds of causes of a change."""
    return [cause.kind for cause in change.causes]
