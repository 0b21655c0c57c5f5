"""The command `diff`: what it compares, what it writes, and what it refuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from edition_pairs import edition, rows
from lxml import html as parser
from small_notebooks import findings, table

from ropsanalysis import cli
from ropsanalysis.errors import UsageError
from ropsanalysis.present.blocks import Note, Number, Statement
from ropsanalysis.regions import find as find_region
from ropsanalysis.reporting.editions import files, reports
from ropsanalysis.reporting.spec import REPORTS

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Run a command within this process."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ropsanalysis", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def put(folder: Path, *data: dict[str, Any]) -> Path:
    """Write reports where an edition has them."""
    for one in data:
        path = folder / find_region(one["cover"]["teryt"]).folder / f"{one['cover']['report']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(one), encoding="utf-8")
    return folder


def numbers(value: float, **changes: Any) -> dict[str, Any]:
    """Return a report with one number and another that never changes."""
    return edition(findings("Stałe: {value}."), rows(("a", Number(value)), columns=("Powiat", "n")), **changes)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return an edition of three reports."""
    persons = {"report": "training_needs", "title": "Potrzeby"}
    return put(tmp_path / "2024", numbers(40), numbers(40, teryt="26"), numbers(40, **persons))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return the next edition: one report changed, one is the same, one has come, one has gone."""
    persons = {"report": "training_needs", "title": "Potrzeby", "name": "2025"}
    return put(tmp_path / "2025", numbers(40, name="2025"), numbers(41, **persons), numbers(5, name="2025", teryt="30"))


def result(place: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place / name).read_text(encoding="utf-8"))
    return found


def test_editions_are_compared_report_by_report_into_pages_and_json(
    old: Path, new: Path, tmp_path: Path, call: Call
) -> None:
    out = tmp_path / "out"
    code, said, err = call("diff", old, new, "--out", out)
    assert (code, err) == (0, "")
    assert said == (
        "Reports compared: 2. Numbers changed: 1; by less than is printed: 0; no longer or newly told: 0. "
        f"Warnings of differencing: 1.\n{out / 'diff.html'}\n"
    )
    listed = result(out, "diff.json")
    assert [(one["report"], one["counts"]["changed"]) for one in listed["reports"]] == [
        ("regional_diagnosis", 0), ("training_needs", 1),
    ]  # fmt: skip
    assert listed["only_old"] == [{"report": "regional_diagnosis", "teryt": "26"}]
    assert listed["only_new"] == [{"report": "regional_diagnosis", "teryt": "30"}]
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
        "diff.html", "diff.json", *(one[kind] for one in listed["reports"] for kind in ("page", "json")),
    }  # fmt: skip
    [change] = result(out, listed["reports"][1]["json"])["changes"]
    assert change["place"] == {
        "chapter": "", "block": "table powiats", "caption": "Powiaty", "row": "a", "column": "n",
    }  # fmt: skip
    assert (change["old"]["value"], change["new"]["value"], change["difference"], change["relative"]) == (
        40,
        41,
        1,
        0.025,
    )


def test_the_list_leads_to_each_page_and_the_page_begins_with_its_summary(
    old: Path, new: Path, tmp_path: Path, call: Call
) -> None:
    call("diff", old, new, "--out", tmp_path / "out")
    index = parser.fromstring((tmp_path / "out" / "diff.html").read_text(encoding="utf-8"))
    pages = index.xpath("//tbody//a/@href")
    assert pages == [
        "28-warminsko-mazurskie/regional_diagnosis.diff.html", "28-warminsko-mazurskie/training_needs.diff.html",
    ]  # fmt: skip
    assert "bez żadnej zmiany: 1" in index.text_content()
    shown = parser.fromstring((tmp_path / "out" / pages[1]).read_text(encoding="utf-8"))
    assert shown.xpath("//main/h2/text()")[:3] == [
        "Podsumowanie", "Zmiany, które mogą wskazać osobę", "Zmienione liczby",
    ]  # fmt: skip
    [row] = shown.xpath("//div[@id='tabela-2']//tbody/tr")
    assert [cell.text_content() for cell in row] == [
        "a – n", "Powiaty", "40", "41", "+1", "+2,5%", "nieznana: zapisane pochodzenie jest takie samo",
    ]  # fmt: skip
    same = parser.fromstring((tmp_path / "out" / pages[0]).read_text(encoding="utf-8"))
    assert "Między edycjami nic się nie zmieniło." in same.text_content()


def test_reports_and_regions_can_be_chosen(old: Path, new: Path, tmp_path: Path, call: Call) -> None:
    words = ("--report", "training_needs", "--region", "warmińsko-mazurskie", "--out", tmp_path / "out", "--json")
    code, said, _ = call("diff", old, new, *words)
    assert code == 0
    assert [one["report"] for one in json.loads(said)["reports"]] == ["training_needs"]
    assert json.loads(said) == result(tmp_path / "out", "diff.json")


def test_a_tolerance_leaves_out_smaller_changes(old: Path, new: Path, tmp_path: Path, call: Call) -> None:
    _, said, _ = call("diff", old, new, "--tolerance", "1", "--out", tmp_path / "out")
    assert said.startswith("Reports compared: 2. Numbers changed: 0; by less than is printed: 1;")


def test_single_files_are_compared_and_one_file_with_its_counterpart_in_a_folder(
    old: Path, new: Path, tmp_path: Path, call: Call
) -> None:
    one, other = (place / "28-warminsko-mazurskie" / "training_needs.json" for place in (old, new))
    for pair in ((one, other), (one, new), (old, other)):
        code, said, _ = call("diff", *pair, "--out", tmp_path / "out", "--json")
        assert code == 0
        [found] = json.loads(said)["reports"]
        assert (found["report"], found["counts"]["changed"]) == ("training_needs", 1)


def test_the_same_editions_give_the_same_bytes_without_a_trace_of_the_machine(
    old: Path, new: Path, tmp_path: Path, call: Call
) -> None:
    trees = []
    for out in (tmp_path / "one", tmp_path / "two"):
        call("diff", old, new, "--out", out)
        trees.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
        assert str(tmp_path).encode() not in b"".join(trees[-1].values())
    assert trees[0] == trees[1]


def test_hostile_text_stays_text(tmp_path: Path, call: Call) -> None:
    evil = "</script><script>alert(1)</script>"
    data = [
        edition(
            Statement(evil + word), table(title=evil, key=evil, note=evil + word), Note(evil), centre=evil, name=evil
        )
        for word in ("jeden", "dwa")
    ]
    old, new = put(tmp_path / "a", data[0]), put(tmp_path / "b", data[1])
    call("diff", old, new, "--out", tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.html"):
        shown = parser.fromstring(path.read_text(encoding="utf-8"))
        assert not shown.xpath("//script")
        assert evil in shown.text_content()


@pytest.mark.parametrize("place", ["nowhere", "2024/nowhere.json", "empty"])
def test_a_place_without_reports_is_refused(old: Path, tmp_path: Path, place: str, call: Call) -> None:
    (tmp_path / "empty").mkdir()
    for pair in ((tmp_path / place, old), (old, tmp_path / place)):
        code, _, err = call("diff", *pair, "--out", tmp_path / "out")
        assert code == 2
        assert str(tmp_path / place) in err
    assert not (tmp_path / "out").exists()


def test_editions_without_a_common_report_are_refused(old: Path, tmp_path: Path, call: Call) -> None:
    other = put(tmp_path / "other", numbers(1, teryt="02"))
    assert call("diff", old, other, "--out", tmp_path / "out")[0] == 2
    assert call("diff", old, old, "--region", "02", "--out", tmp_path / "out")[0] == 2


def test_single_files_of_two_regions_are_refused(old: Path, tmp_path: Path, call: Call) -> None:
    one, other = (old / name / "regional_diagnosis.json" for name in ("28-warminsko-mazurskie", "26-swietokrzyskie"))
    code, _, err = call("diff", one, other, "--out", tmp_path / "out")
    assert code == 2
    assert "compare editions of one report for one region" in err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"cover": 1}',
        '{"cover": {"report": "../../x", "teryt": "28"}}',
        '{"cover": {"report": "x"}}',
    ],
)
def test_a_damaged_report_is_refused_by_name(old: Path, new: Path, text: str, tmp_path: Path, call: Call) -> None:
    damaged = new / "28-warminsko-mazurskie" / "training_needs.json"
    damaged.write_text(text, encoding="utf-8")
    code, _, err = call("diff", old, new, "--out", tmp_path / "out")
    assert code == 2
    assert "training_needs.json" in err


@pytest.mark.parametrize("part", ["datasets", "choices", "libraries", "package_version", "code"])
def test_a_damaged_record_of_origin_is_refused_by_name(
    old: Path, new: Path, part: str, tmp_path: Path, call: Call
) -> None:
    damaged = new / "28-warminsko-mazurskie" / "training_needs.json"
    data = json.loads(damaged.read_text(encoding="utf-8"))
    del data["provenance"][part]
    damaged.write_text(json.dumps(data), encoding="utf-8")
    code, _, err = call("diff", old, new, "--out", tmp_path / "out")
    assert code == 2
    assert "damaged JSON of a report" in err


def test_two_files_of_one_report_in_an_edition_are_refused(old: Path, tmp_path: Path) -> None:
    source = old / "28-warminsko-mazurskie" / "regional_diagnosis.json"
    (old / "26-swietokrzyskie" / "regional_diagnosis.json").write_bytes(source.read_bytes())
    with pytest.raises(UsageError, match="the same report for the same region"):
        reports.find(old)


class TestEarlier:
    """What `render --previous` takes for the earlier edition of each report."""

    WANTED = ((find_region("28"), REPORTS["regional_diagnosis"]), (find_region("30"), REPORTS["regional_diagnosis"]))

    def test_is_the_file_of_the_same_name_where_there_is_one(self, old: Path, tmp_path: Path) -> None:
        found = reports.earlier(old, self.WANTED, target=tmp_path / "2025")
        path = old / "28-warminsko-mazurskie" / "regional_diagnosis.json"
        assert found == {("regional_diagnosis", "28"): path.resolve()}
        assert reports.earlier(path, self.WANTED[:1], target=tmp_path / "2025") == found

    def test_of_another_report_or_region_is_refused(self, old: Path, tmp_path: Path) -> None:
        other = old / "28-warminsko-mazurskie" / "training_needs.json"
        with pytest.raises(UsageError, match="training_needs for 28, not regional_diagnosis for 28"):
            reports.earlier(other, self.WANTED[:1], target=tmp_path / "2025")
        swapped = old / "28-warminsko-mazurskie" / "regional_diagnosis.json"
        swapped.write_bytes((old / "26-swietokrzyskie" / "regional_diagnosis.json").read_bytes())
        with pytest.raises(UsageError, match="regional_diagnosis for 26, not regional_diagnosis for 28"):
            reports.earlier(old, self.WANTED, target=tmp_path / "2025")

    def test_is_never_the_edition_about_to_be_written(self, old: Path) -> None:
        for place in (old, old / "28-warminsko-mazurskie" / "regional_diagnosis.json"):
            with pytest.raises(UsageError, match="about to be written"):
                reports.earlier(place, self.WANTED, target=old)

    def test_that_has_none_of_the_reports_is_refused(self, tmp_path: Path) -> None:
        for place in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(UsageError):
                reports.earlier(place, self.WANTED, target=tmp_path / "2025")


def test_every_count_of_a_comparison_is_in_the_list(old: Path, new: Path, tmp_path: Path) -> None:
    found = files.write(old, new, reports=(), regions=(), tolerance=0, out=tmp_path / "out")
    assert {kind for kind, _, _ in files._TOTALS} <= set(found.rows[0].counts)


def manifest(code: dict[str, str], **changes: str) -> dict[str, Any]:
    """Return the manifest of an edition whose one report was made by this code."""
    catalogue = {"catalogue/parameters.yaml": changes.get("choices", "1" * 16)}
    return {
        "runs": [{"report": "regional_diagnosis", "teryt": "28", "files": {"json": {"inputs": "key"}}}],
        "inputs": {"key": {"notebook": "0" * 16, "code": code, "files": catalogue}},
        "data": {"regional_diagnosis": {"code": changes.get("tables", "2" * 64)}},
    }


class TestCode:
    """What the manifests of two editions say of the code that made them."""

    CODE: ClassVar = {"present/maps.py": "a" * 16, "reporting/html.py": "b" * 16}

    def named(self, tmp_path: Path, old: Any, new: Any) -> list[str]:
        for name, data in (("old", old), ("new", new)):
            place = put(tmp_path / name, numbers(1 if name == "old" else 2, name=name))
            (place / "manifest.json").write_text(json.dumps(data), encoding="utf-8")
        pair = tmp_path / "old", tmp_path / "new"
        files.write(*pair, reports=(), regions=(), tolerance=0, out=tmp_path / "out")
        found = result(tmp_path / "out", "28-warminsko-mazurskie/regional_diagnosis.diff.json")
        expected = ["code"] if found["origin"]["code"] else ["unexplained"]
        assert [cause["kind"] for cause in found["changes"][0]["causes"]] == expected
        return [part["name"] for part in found["origin"]["code"]]

    def test_names_modules_and_computations_that_differ(self, tmp_path: Path) -> None:
        new = manifest({**self.CODE, "present/maps.py": "c" * 16}, tables="3" * 64)
        assert self.named(tmp_path, manifest(self.CODE), new) == ["kod: obliczenia", "kod: present/maps.py"]

    def test_leaves_out_what_only_renders_or_one_edition_needs_and_choices_which_are_compared_by_value(
        self, tmp_path: Path
    ) -> None:
        new = manifest({**self.CODE, "reporting/html.py": "c" * 16, "io/other.py": "d" * 16}, choices="9" * 16)
        assert self.named(tmp_path, manifest(self.CODE), new) == []

    @pytest.mark.parametrize("damaged", [{}, [], {"runs": 1}, {"runs": []}, {**manifest({}), "inputs": {}}])
    def test_is_unknown_where_a_manifest_does_not_tell(self, damaged: Any, tmp_path: Path) -> None:
        assert self.named(tmp_path, manifest(self.CODE), damaged) == []
