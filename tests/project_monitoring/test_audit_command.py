"""`ropsanalysis audit` on made-up data of all voivodeships: the list comes to the report's number, and stays here."""

from __future__ import annotations

import ast
import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ropsanalysis import cli
from ropsanalysis.errors import RopsError
from ropsanalysis.io import built, store
from ropsanalysis.io.paths import Project
from ropsanalysis.project_monitoring.ledger import RULES
from ropsanalysis.project_monitoring.schema import INDICATORS
from ropsanalysis.regions import REGIONS, find
from ropsanalysis.reporting import audit, build
from support import PROJECT

pytestmark = pytest.mark.slow

Call = Callable[..., tuple[int, str, str]]
FOLDER = Path("data", "processed", "project_monitoring")


@pytest.fixture(scope="module")
def office(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with made-up coordination projects and their tables, those of other reports left out."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "notebooks").mkdir()
    topic = built.TOPICS["project_monitoring"]
    for name in (*topic.datasets, *topic.shared):
        if (built_data / "raw" / name).is_dir():
            shutil.copytree(built_data / "raw" / name, folder / "data" / "raw" / name)
    shutil.copytree(built_data.parent / FOLDER, folder / FOLDER)
    return folder


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ropsanalysis", "audit", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def screened(office: Path) -> dict[str, Any]:
    return dict(build.screen(Project(office), (built.TOPICS["project_monitoring"],)))


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_list_comes_to_the_published_number_in_every_voivodeship(
    office: Path, screened: dict[str, Any], monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    monkeypatch.setattr(build, "screen", lambda *_: screened)  # once for all sixteen
    _, tables = built.tables(Project(office), "project_monitoring")
    published = tables["indicators"].query("indicator == @indicator").set_index("teryt")
    reasons = tables["reasons"].query("indicator == @indicator")
    assert len(published) == 16
    for region in REGIONS:
        found = audit.audit(Project(office), indicator=indicator, region=region)
        number = published.loc[region.teryt, "numerator" if indicator == "plans" else "value"]
        assert found.counted == found.published == number > 0
        assert found.entries["subject"].is_unique
        # Numbers of the report on those not counted are sums of the list's.
        for row in reasons[reasons["teryt"] == region.teryt].dropna(subset="number").to_dict("records"):
            assert row["number"] == sum(found.by_rule.get(rule, 0) for rule in row["rules"].split("+"))


def test_rows_of_the_list_lead_to_the_file(office: Path, call: Call) -> None:
    code, out, _ = call("--indicator", "supported", "--region", "26", "--json", "--project", office)
    assert code == 0
    found = json.loads(out)
    entries = found["entries"]
    assert found["counted"] + found["not_counted"] == len(entries)
    assert found["counted"] == found["published"] == sum(entry["counted"] for entry in entries)
    table = pd.read_csv(office / "data/raw/project_participants/participants.csv", dtype=str, keep_default_na=False)
    # The header is row 1, so that the first person stands in row 2.
    rows = {int(row) for entry in entries for row in entry["rows"].split(", ")}
    assert set(table["teryt"].iloc[[row - 2 for row in rows]]) == {"26"}
    assert not set(table["person"]) & {entry["subject"] for entry in entries}, "pseudonyms, not the keys of the file"


def test_the_text_is_polish_and_a_rule_selects_what_it_keeps_out(office: Path, call: Call) -> None:
    code, out, _ = call("-i", "qualified", "-w", "świętokrzyskie", "--rule", "no_evidence", "--project", office)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split("  ")[0] == "pseudonim lub kod"
    listed = [line for line in lines if line.endswith("Brak dowodu podniesienia kwalifikacji.")]
    assert f"  no_evidence: {len(listed)}" in lines
    assert len(listed) == lines.index("") - 1
    assert lines[-1].startswith("W raporcie: ")
    code, out, _ = call("-i", "plans", "-w", "16", "--rule", "counted", "--json", "--project", office)
    found = json.loads(out)
    assert [entry["counted"] for entry in found["entries"]] == [True] * found["published"]
    assert all(entry["name"] for entry in found["entries"])


def test_the_list_is_written_to_a_file_elsewhere(office: Path, call: Call, tmp_path: Path) -> None:
    before = tree(office)
    target = tmp_path / "lists" / "plans.csv"
    code, out, _ = call("-i", "plans", "-w", "16", "--csv", target, "--project", office)
    assert (code, str(target) in out) == (0, True)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert len(rows) >= 82
    assert {row["counted"] for row in rows} == {"true", "false"}
    assert {row["rule"] for row in rows} <= {"", *RULES["plans"]}
    assert tree(office) == before


@pytest.mark.parametrize(
    "target", ["reports/list.csv", "reports/2025/26-swietokrzyskie/list.csv", "data/processed/list.csv",
               "data/raw/project_participants/list.csv", "data/../reports/list.csv", "elsewhere/26/list.csv",
               "list.xlsx", "notebooks"],
)  # fmt: skip
def test_among_reports_and_data_no_list_is_written(office: Path, call: Call, tmp_path: Path, target: str) -> None:
    project = tmp_path / "project"
    shutil.copytree(office, project)
    edition = project / "elsewhere"
    edition.mkdir()
    (edition / "manifest.json").write_text("{}", encoding="utf-8")
    before = tree(project)
    code, out, err = call("-i", "supported", "-w", "26", "--csv", project / target, "--project", project)
    assert (code, out) == (2, "")
    assert "must not be written to" in err or "CSV file" in err
    assert tree(project) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-i", "suported", "-w", "26"), "suported"),
        (("-i", "supported", "-w", "atlantyda"), "Unknown region"),
        (("-i", "supported", "-w", "26", "--rule", "to_late"), "no rule 'to_late'"),
        (("-i", "qualified", "-w", "26", "--rule", "to_late"), "Did you mean 'too_late'"),
        (("-w", "26"), "--indicator"),
        (("-i", "supported", "-w", "26", "--csv", "a.csv", "--json"), "one of --csv and --json"),
    ],
)
def test_a_misspelt_word_ends_with_2(office: Path, call: Call, words: tuple[str, ...], message: str) -> None:
    code, out, err = call(*words, "--project", office)
    assert (code, out) == (2, "")
    assert message in err


def test_stale_or_missing_tables_and_refused_data_end_with_3(office: Path, call: Call, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(office, project)
    people = project / "data" / "raw" / "project_participants" / "participants.csv"
    people.write_bytes(people.read_bytes() + b"\n")
    words = ("-i", "supported", "-w", "26", "--project", project)
    code, out, err = call(*words)
    assert (code, out, "zmieniły się" in err) == (3, "", True)
    shutil.rmtree(project / FOLDER)
    code, out, err = call(*words)
    assert (code, out, "ropsanalysis build" in err) == (3, "", True)


def test_a_voivodeship_without_these_data_is_told(office: Path, call: Call, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(office, project)
    path = project / FOLDER / "indicators.parquet"
    table = store.read_table(path)
    store.write_table(table[table["teryt"] != "26"], path)
    code, out, err = call("-i", "plans", "-w", "26", "--project", project)
    assert (code, out, "nie podaje tej liczby" in err) == (3, "", True)


def test_a_list_that_does_not_come_to_the_published_number_is_refused(office: Path, call: Call, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(office, project)
    path = project / FOLDER / "indicators.parquet"
    table = store.read_table(path)
    store.write_table(table.assign(value=table["value"] + 1), path)
    with pytest.raises(RopsError, match="nie zgadza się z raportem"):
        audit.audit(Project(project), indicator="supported", region=find("26"))
    target = tmp_path / "list.csv"
    code, out, err = call("-i", "supported", "-w", "26", "--csv", target, "--project", project)
    assert (code, out, "nie zgadza się z raportem" in err) == (1, "", True)
    assert not target.exists()


def test_nothing_that_renders_or_publishes_knows_the_lists() -> None:
    package = PROJECT / "src" / "ropsanalysis"
    known: dict[str, set[str]] = {
        "ropsanalysis.reporting.audit": set(),
        "ropsanalysis.project_monitoring.ledger": set(),
    }
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    for name in {str(node.module), f"{node.module}.{alias.name}"} & set(known):
                        known[name].add(path.relative_to(package).as_posix())
    assert known == {
        "ropsanalysis.reporting.audit": {"cli.py"},
        "ropsanalysis.project_monitoring.ledger": {"reporting/audit.py"},
    }
