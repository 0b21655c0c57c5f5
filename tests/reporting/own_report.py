"""An office's own files in a project of its own, and the report that the command line makes of them.

A finished report is named by its path without the suffix, such as `reports/2025/26-swietokrzyskie/social_impact`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import lxml.html
import openpyxl
import pandas as pd
import pypdfium2

from ropsanalysis.present.blocks import Number
from ropsanalysis.regions import Region
from support import PROJECT

RunCli = Callable[..., CompletedProcess[str]]
Tables = dict[str, pd.DataFrame]


def office(data: Path, folder: Path, tables: Mapping[str, pd.DataFrame], sources: Mapping[str, str]) -> Path:
    """Make a project with these files, by path below `data/raw`, and with what is shipped with the tool."""
    other = Path("processed", "regional_diagnosis")
    shutil.copytree(data / other, folder / "data" / other)  # as built: this is about another report
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name in ("gus_sdg", "bdl_context", "teryt_units"):
        shutil.copytree(PROJECT / "data" / "raw" / name, folder / "data" / "raw" / name)
    for name, table in tables.items():
        deliver(folder, name, table, sources[name.partition("/")[0]])
    return folder


def deliver(folder: Path, name: str, table: pd.DataFrame, source: str) -> None:
    """Write a file as an office would, and who published it."""
    path = folder / "data" / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    about = {"source": source, "synthetic": False, "year": 2025}
    (path.parent / "provenance.json").write_text(json.dumps(about), encoding="utf-8")


def of(tables: Tables, *datasets: str) -> Tables:
    """Return the files of some datasets."""
    return {name: table for name, table in tables.items() if name.partition("/")[0] in datasets}


def run(run_cli: RunCli, project: Path, *words: str) -> CompletedProcess[str]:
    """Run a command that must succeed."""
    done = run_cli(*words, "--project", project)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done


def render(run_cli: RunCli, project: Path, report: str, region: Region, *, formats: str = "json") -> Path:
    """Render a report of a built project; return where it is."""
    run(run_cli, project, "render", "--report", report, "--region", region.slug, "--format", formats)
    [edition] = (path for path in (project / "reports").iterdir() if path.is_dir() and path.name != "diagnostics")
    return edition / region.folder / report


def read_json(report: Path) -> dict[str, Any]:
    """Return a report as its JSON has it."""
    content: dict[str, Any] = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    return content


def rows_of(report: Path, key: str) -> list[dict[str, str]]:
    """Return the rows of a table as they are printed, by the words above its columns; none where it is not there."""
    for element in read_json(report)["elements"]:
        table = element["data"] if element["kind"] == "figure" else element
        if table.get("key") == key:
            labels = [column["label"] for column in table["columns"]]
            printed = (
                [cell if isinstance(cell, str) else Number(**cell).text for cell in row] for row in table["rows"]
            )
            return [dict(zip(labels, row, strict=True)) for row in printed]
    return []


def said(report: Path) -> str:
    """Return all statements of a report, one in a line."""
    found = []
    for element in read_json(report)["elements"]:
        items = element["items"] if element["kind"] == "points" else [element] if element["kind"] == "statement" else []
        found += [item["text"].replace("\u00a0", " ") for item in items]
    return "\n".join(found)


def texts_of(report: Path) -> dict[str, str]:
    """Return everything that each of the report's formats says, as one line; page by page, sheet by sheet."""
    page = lxml.html.parse(report.with_suffix(".html"))
    for style in page.xpath("//style"):
        style.drop_tree()
    book = openpyxl.load_workbook(report.with_suffix(".xlsx"), read_only=True)
    cells = [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]
    book.close()
    with pypdfium2.PdfDocument(report.with_suffix(".pdf")) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    texts = {
        "html": page.getroot().text_content(),
        "json": json.dumps(read_json(report), ensure_ascii=False),
        "xlsx": "\n".join(cells),
        "pdf": "\n".join(pages),
    }
    return {name: " ".join(text.split()) for name, text in texts.items()}


def holding(folder: Path, word: str) -> Iterator[Path]:
    """Yield the files of a project that hold a word, tables read as such."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found = pd.read_parquet(path).to_csv() if path.suffix == ".parquet" else path.read_bytes().decode("latin-1")
        if word in found:
            yield path
