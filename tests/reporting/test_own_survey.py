"""An office's own survey of one voivodeship, delivered as one .sav file: from the check to the finished report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import openpyxl
import pandas as pd
import pypdfium2
import pyreadstat
import pytest
import yaml

from ropsanalysis.io.synthetic import write_training_demo
from ropsanalysis.regions import find
from support import PROJECT

pytestmark = pytest.mark.slow

REGION = find("26")
SOURCE = "Badanie własne ROPS, marzec 2025"
DATASETS = ("training_survey", "training_frame", "training_offer", "training_targets")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("demo")
    write_training_demo(raw)
    return raw


@pytest.fixture(scope="module")
def own(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_project(demo, tmp_path_factory.mktemp("own") / "project", respondents=60)


def own_project(demo: Path, folder: Path, *, respondents: int) -> Path:
    """Make a project whose data about persons are the voivodeship's own survey, frame, offer and targets."""
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    raw = folder / "data" / "raw"
    for name in ("gus_sdg", "bdl_context"):
        shutil.copytree(PROJECT / "data" / "raw" / name, raw / name)
    for name in DATASETS:
        (raw / name).mkdir(parents=True)
        about = {"source": SOURCE, "synthetic": False, "year": 2025}
        (raw / name / "provenance.json").write_text(json.dumps(about), encoding="utf-8")
    book = yaml.safe_load((demo / "training_survey" / "ankieta_spss.yaml").read_text(encoding="utf-8"))
    (raw / "training_survey" / "ankieta.yaml").write_text(_codebook(book), encoding="utf-8")
    for name, file in (("training_frame", "frame.csv"), ("training_targets", "targets.csv")):
        table = pd.read_csv(demo / name / file, dtype=str)
        table[table["teryt"] == REGION.teryt].to_csv(raw / name / file, index=False)
    shutil.copy(demo / "training_offer" / "offer.csv", raw / "training_offer")
    deliver(demo, folder, respondents=respondents)
    return folder


def _codebook(book: dict[str, Any]) -> str:
    own = {**book, "survey": "Badanie własne", "file": "ankieta.sav", "region": REGION.teryt}
    return str(yaml.safe_dump(own, allow_unicode=True, sort_keys=False))


def deliver(demo: Path, folder: Path, *, respondents: int) -> None:
    """Put so many of the voivodeship's answers into the project's .sav file."""
    book = yaml.safe_load((demo / "training_survey" / "ankieta_spss.yaml").read_text(encoding="utf-8"))
    answers, meta = pyreadstat.read_sav(demo / "training_survey" / "ankieta_spss.sav", user_missing=True)
    names = meta.variable_value_labels.get(book["columns"]["region"], {})
    where = answers[book["columns"]["region"]].map(lambda code: find(str(names.get(code, code))).teryt)
    own = answers[where == REGION.teryt].sample(respondents, random_state=1).reset_index(drop=True)
    pyreadstat.write_sav(
        own,
        folder / "data" / "raw" / "training_survey" / "ankieta.sav",
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
    )


def report_of(
    project: Path, run_cli: Callable[..., CompletedProcess[str]], *, formats: str, check: bool = False
) -> Path:
    """Build and render as a user would, after a check if asked; return the folder of the voivodeship's report."""
    render = ("render", "--report", "training_needs", "--region", REGION.teryt, "--format", formats)
    for words in (*([("check",)] if check else []), ("build",), render):
        done = run_cli(*words, "--project", project)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    [edition] = (path for path in (project / "reports").iterdir() if path.is_dir() and path.name != "diagnostics")
    return edition / REGION.folder


def read_json(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "training_needs.json").read_text(encoding="utf-8"))
    return content


def text_of(folder: Path) -> str:
    """Return everything that the report's formats say, page by page, sheet by sheet."""
    parts = [path.read_text(encoding="utf-8") for path in folder.glob("training_needs.*ml")]
    parts += [json.dumps(read_json(folder), ensure_ascii=False)]
    for path in folder.glob("training_needs.xlsx"):
        book = openpyxl.load_workbook(path, read_only=True)
        parts += [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]
        book.close()
    for path in folder.glob("training_needs.pdf"):
        with pypdfium2.PdfDocument(path) as document:
            parts += [page.get_textpage().get_text_range() for page in document]
    return "\n".join(parts)


def test_sixty_answers_of_one_voivodeship_make_a_report_in_every_format(
    own: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    folder = report_of(own, run_cli, formats="html,json,xlsx,pdf", check=True)
    assert {path.suffix for path in folder.iterdir()} == {".html", ".json", ".xlsx", ".pdf"}
    cover = read_json(folder)["cover"]
    assert (cover["teryt"], cover["synthetic"]) == (REGION.teryt, False)
    text = text_of(folder)
    assert "syntetyczn" not in text.casefold()
    assert SOURCE in text
    ranked = next(e for e in read_json(folder)["elements"] if e.get("title", "").startswith("Luka kompetencyjna"))
    assert len(ranked["data"]["rows"]) >= 10


def test_the_number_of_three_respondents_stands_nowhere(
    demo: Path, own: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    # With so few even their number is hidden: neither the list of sources nor the manifest may tell it.
    deliver(demo, own, respondents=3)
    folder = report_of(own, run_cli, formats="html,json")
    [sources] = [e for e in read_json(folder)["elements"] if e.get("title", "").startswith("Pliki danych")]
    [survey] = [row for row in sources["rows"] if "ankieta.sav" in json.dumps(row)]
    assert [cell["value"] for cell in survey if isinstance(cell, dict)] == [None, None]
    assert "liczby nie podajemy" in text_of(folder)
    for path in (folder.parent / "manifest.json", *(own / "data" / "processed").glob("*/build.json")):
        for record in records(json.loads(path.read_text(encoding="utf-8"))):
            if record["path"].endswith(".sav"):
                assert record["rows_in"] is record["rows_out"] is None


def records(content: Any) -> Iterator[dict[str, Any]]:
    """Yield the records of files, however deep they lie."""
    if isinstance(content, dict) and "rows_in" in content:
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from records(part)
