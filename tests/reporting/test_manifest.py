"""The manifest and the index are made from what is in place, whatever an earlier manifest says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from editions import manifest_of, with_status

from ropsanalysis.reporting import index, manifest
from ropsanalysis.reporting.job import Job, Outcome


def outcome(folder: Path, teryt: str, text: str = "a") -> Outcome:
    """Return the outcome of a finished job, with its file in place."""
    target = folder / f"{teryt}-region"
    target.mkdir(parents=True, exist_ok=True)
    path = target / "regional_diagnosis.html"
    path.write_text(text, encoding="utf-8")
    job = Job("regional_diagnosis", teryt, "2025", Path("n.ipynb"), folder, target, ("html",), {"region": teryt})
    return Outcome(job, "done", files={"html": path}, usage={"seconds": 1.0})


def update(folder: Path, *outcomes: Outcome) -> None:
    manifest.update(folder, outcomes, edition="2025", build_records={"regional_diagnosis": {"fingerprint": "f"}})


def test_new_runs_join_the_old_ones(tmp_path: Path) -> None:
    update(tmp_path, outcome(tmp_path, "28"))
    update(tmp_path, outcome(tmp_path, "02"))
    update(tmp_path, outcome(tmp_path, "28", "nowy"))
    assert [run["teryt"] for run in manifest_of(tmp_path)["runs"]] == ["02", "28"]


def test_a_report_that_was_deleted_leaves_the_manifest_and_the_index(tmp_path: Path) -> None:
    gone = outcome(tmp_path, "28")
    update(tmp_path, gone, outcome(tmp_path, "02"))
    gone.files["html"].unlink()
    update(tmp_path)
    assert set(with_status(manifest_of(tmp_path), "done")) == {"02"}
    page = index.write(tmp_path, edition="2025").read_text(encoding="utf-8")
    assert "02-region/regional_diagnosis.html" in page
    assert "28-region/regional_diagnosis.html" not in page


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "{}", "\x00"])
def test_a_damaged_manifest_is_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    update(tmp_path, outcome(tmp_path, "28"))
    assert set(with_status(manifest_of(tmp_path), "done")) == {"28"}


def test_an_edition_s_name_stays_a_text_in_the_index(tmp_path: Path) -> None:
    page = index.write(tmp_path, edition="<script>alert(1)</script>").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_manifest_is_plain_json(tmp_path: Path) -> None:
    update(tmp_path, outcome(tmp_path, "28"))
    found = json.loads((tmp_path / "manifest.json").read_bytes())
    assert found["edition"] == "2025"
    assert found["data"] == {"regional_diagnosis": {"fingerprint": "f"}}
    assert "warmińsko-mazurskie" in (tmp_path / "manifest.json").read_text(encoding="utf-8")
