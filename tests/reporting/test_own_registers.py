"""An office's own registers of the social economy, of one voivodeship only: from the check to the finished report."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import lxml.html
import openpyxl
import pandas as pd
import pypdfium2
import pytest

from ropsanalysis.regions import find
from ropsanalysis.social_economy.schema import SURVEY_COLUMNS
from support import PROJECT

pytestmark = pytest.mark.slow

RunCli = Callable[..., CompletedProcess[str]]

REGION = find("26")
COURT, CENTRES = "Krajowy Rejestr Sądowy, odpis z 2.01.2026", "Lista OWES woj. świętokrzyskiego"
#: Survey, support and targets as an office may not have them yet.
OPTIONAL = ("es_survey", "owes_support", "es_programme")
#: An answer that must stand in no file; its entity is the only one of its legal form that answered.
CANARY = 7_654_321
MARK = "dane syntetyczne"
#: From indicator_1-b-7-reg.csv of Statistics Poland @ da303e0d: 2024, świętokrzyskie and Poland.
UNITS_PER_100K = ("5,4", "3,3")


@dataclass(frozen=True)
class Office:
    """A project with an office's own files, and how many entities they hold.

    Attributes
    ----------
    folder
        The project.
    entities
        Entities open on the day of the lists, each once.
    shared
        Entities that stand in both lists.
    """

    folder: Path
    entities: int
    shared: int

    @property
    def raw(self) -> Path:
        return self.folder / "data" / "raw"


@pytest.fixture(scope="module")
def own(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(built_data, tmp_path_factory.mktemp("own") / "project")


def office(data: Path, folder: Path) -> Office:
    """Make a project whose registers and inhabitants are an office's own; nothing of it says that it is made up."""
    demo, other = data / "raw", Path("processed", "regional_diagnosis")
    shutil.copytree(data / other, folder / "data" / other)  # as built: this is about another report
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    raw = folder / "data" / "raw"
    for name in ("gus_sdg", "bdl_context", "teryt_units"):
        shutil.copytree(PROJECT / "data" / "raw" / name, raw / name)
    court = here(pd.read_csv(demo / "es_register" / "krs.csv", sep=";", dtype=str, keep_default_na=False))
    still_open = court[court["Data wykreślenia"] == ""]
    assert 150 < len(still_open) < len(court)
    shared = still_open[(still_open["NIP"] != "") & (still_open["Forma prawna"] == "Spółdzielnia socjalna")]
    only = [
        ("Stowarzyszenie Lokalne Źródło", "stowarzyszenie", "9999999999", "260101", "2019-05-06"),
        ("Koło Gospodyń Wiejskich w Busku", "KGW", "", "260101", "2020-01-07"),
        ("Fundacja Nad Czarną", "fundacja", "", "260401", "2021-02-08"),
    ]
    put_court_list(raw / "es_register", court)
    columns = shared[["Nazwa", "NIP", "TERYT siedziby", "Data wpisu"]].itertuples(index=False)
    both = [(name, "spółdzielnia socjalna", nip, gmina, iso(start)) for name, nip, gmina, start in columns]
    put_centres_list(raw / "es_register", [*both, *((n, f, "", t, s) for n, f, _, t, s in only)])
    people = pd.read_csv(demo / "gmina_population" / "population.csv", dtype=str)
    (raw / "gmina_population").mkdir()
    people[people["teryt"].str[:2] == REGION.teryt].to_csv(raw / "gmina_population" / "population.csv", index=False)
    return Office(folder, len(still_open) + len(only), len(shared))


def here(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["TERYT siedziby"].str[:2] == REGION.teryt]


def iso(day: str) -> str:
    return "-".join(reversed(day.split(".")))


def put_court_list(folder: Path, court: pd.DataFrame) -> None:
    """Write a workbook with other headings and the day first."""
    folder.mkdir()
    book = openpyxl.Workbook()
    book.active.title = "Odpis"
    names = {
        "Data wpisu": "Data rejestracji", "Nazwa": "Firma", "TERYT siedziby": "Siedziba", "Numer KRS": "Nr KRS",
        "NIP": "Numer podatkowy", "Forma prawna": "Rodzaj", "Ostatnia weryfikacja": "Kontrola",
        "Data wykreślenia": "Data wykreślenia", "Podstawa wykreślenia": "Powód",
    }  # fmt: skip
    book.active.append(list(names.values()))
    for row in court[list(names)].itertuples(index=False):
        book.active.append(list(row))
    book.save(folder / "krs.xlsx")
    describe(
        folder / "krs.yaml",
        file="krs.xlsx",
        sheet="Odpis",
        source=COURT,
        closures=True,
        columns={"start": "Data rejestracji", "name": "Firma", "teryt": "Siedziba", "krs": "Nr KRS",
                 "nip": "Numer podatkowy", "legal_form": "Rodzaj", "verified": "Kontrola", "end": "Data wykreślenia",
                 "end_reason": "Powód"},
        legal_forms={"Rolnicza spółdzielnia produkcyjna": "farm_cooperative",
                     "Spółdzielnia inwalidów lub niewidomych": "disabled_cooperative",
                     "Spółka z o.o. (non profit)": "nonprofit_company", "Fundacja": "ngo", "Stowarzyszenie": "ngo"},
    )  # fmt: skip


def put_centres_list(folder: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a CSV with semicolons and its columns in another order: name, form, NIP, gmina and start are given."""
    with (folder / "owes.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Gmina", "Podmiot", "Uwagi", "Od kiedy", "NIP", "Typ"])
        writer.writerows([gmina, name, "", start, nip, form] for name, form, nip, gmina, start in rows)
    columns = {"name": "Podmiot", "legal_form": "Typ", "nip": "NIP", "teryt": "Gmina", "start": "Od kiedy"}
    describe(folder / "owes.yaml", file="owes.csv", source=CENTRES, columns=columns)


def describe(path: Path, **content: Any) -> None:
    """Write a list's description; JSON is YAML."""
    about = {"as_of": "2025-12-31", "region": REGION.teryt, **content}
    path.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


# ---- the way from check to report ------------------------------------------------------------------------


def report_of(project: Path, run_cli: RunCli, *, formats: str = "html,json,xlsx,pdf", check: bool = False) -> Path:
    """Build and render as a user would, after a check if asked; return the folder of the voivodeship's report."""
    render = ("render", "--report", "social_economy", "--region", REGION.teryt, "--format", formats)
    for words in (*([("check",)] if check else []), ("build",), render):
        done = run_cli(*words, "--project", project)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    [edition] = (path for path in (project / "reports").iterdir() if path.is_dir() and path.name != "diagnostics")
    return edition / REGION.folder


def read_json(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "social_economy.json").read_text(encoding="utf-8"))
    return content


def tables_of(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for element in read_json(folder)["elements"]:
        if element["kind"] in {"table", "figure"}:
            table = element if element["kind"] == "table" else element["data"]
            found[table["key"]] = table | {"caption": element["caption"], "title": element["title"]}
    return found


def texts_of(folder: Path) -> dict[str, str]:
    """Return everything that each of the report's formats says, as one line; page by page, sheet by sheet."""
    page = lxml.html.parse(folder / "social_economy.html")
    for style in page.xpath("//style"):
        style.drop_tree()
    book = openpyxl.load_workbook(folder / "social_economy.xlsx", read_only=True)
    cells = [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]
    book.close()
    with pypdfium2.PdfDocument(folder / "social_economy.pdf") as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    texts = {
        "html": page.getroot().text_content(),
        "json": json.dumps(read_json(folder), ensure_ascii=False),
        "xlsx": "\n".join(cells),
        "pdf": "\n".join(pages),
    }
    return {name: " ".join(text.split()) for name, text in texts.items()}


@pytest.fixture(scope="module")
def report(own: Office, run_cli: RunCli) -> Path:
    return report_of(own.folder, run_cli, check=True)


def test_registers_of_one_voivodeship_make_a_report_in_every_format(report: Path) -> None:
    assert {path.suffix for path in report.iterdir()} == {".html", ".json", ".xlsx", ".pdf"}
    cover = read_json(report)["cover"]
    assert (cover["teryt"], cover["synthetic"], cover["real"]) == (REGION.teryt, False, "")
    for name, text in texts_of(report).items():
        assert "syntetyczn" not in text.casefold(), name
        assert COURT in text, name
        assert CENTRES in text, name


def test_an_entity_in_both_lists_is_counted_once(own: Office, report: Path) -> None:
    tables = tables_of(report)
    assert tables["structure"]["rows"][0][1]["value"] == own.entities
    rows = {row[0]: [cell["value"] for cell in row[1:]] for row in tables["registers"]["rows"]}
    assert own.shared > 10
    assert {name: row[2] for name, row in rows.items()} == dict.fromkeys((COURT, CENTRES), own.shared)


def test_nothing_is_said_of_a_country_that_the_registers_do_not_cover(report: Path) -> None:
    official = {"official", "official_data"}
    for key, table in tables_of(report).items():
        if key not in official:
            assert not [c["label"] for c in table["columns"] if "Polska" in c["label"]], key


def test_a_chapter_without_data_says_what_to_deliver(report: Path) -> None:
    for name, text in texts_of(report).items():
        if name != "xlsx":  # sheets hold numbers; what is not there has none
            for dataset in OPTIONAL:
                assert f"data/raw/{dataset}" in text, (name, dataset)
    assert not {"work", "finances", "owes", "targets", "protection"} & set(tables_of(report))


def test_official_figures_are_there_without_any_own_survey(report: Path) -> None:
    rows = tables_of(report)["official"]["rows"]
    assert [row[0].rpartition("(")[2] for row in rows] == ["1.B.7)", "1.B.8)", "1.E.1)", "1.E.2)"]
    for name, text in texts_of(report).items():
        if name in {"html", "pdf"}:
            assert f"2024{''.join(UNITS_PER_100K)}" in "".join(text.split()), name


# ---- real registers, made-up rest ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return the same registers beside a survey, support and targets of the demonstration; one answer is the canary."""
    found = office(built_data, tmp_path_factory.mktemp("mixed") / "project")
    for name in OPTIONAL:
        shutil.copytree(built_data / "raw" / name, found.raw / name)
    listed = pd.read_excel(found.raw / "es_register" / "krs.xlsx", dtype=str)
    survey = pd.read_csv(found.raw / "es_survey" / "survey.csv", dtype=str, keep_default_na=False)
    forms = listed.dropna(subset=["Numer podatkowy"]).drop_duplicates("Numer podatkowy", keep="last")
    form = survey["nip"].map(forms.set_index("Numer podatkowy")["Rodzaj"])
    own = survey[form.notna()].copy()
    alone = own.index[form[own.index] == "Spółka z o.o. (non profit)"]
    last = own.loc[alone, "year"].astype(int).idxmax()
    own = own.drop(alone.drop(last))
    numbers = [column for column in own if column.endswith("_pln")]
    own.loc[last, numbers] = "0"
    own.loc[last, ["revenue_total_pln", "revenue_sales_pln"]] = str(CANARY)
    own.loc[last, ["costs_pln", "result_pln"]] = [str(CANARY - 54_321), "54321"]
    own.to_csv(found.raw / "es_survey" / "survey.csv", index=False)
    return found


@pytest.fixture(scope="module")
def mixed_report(mixed: Office, run_cli: RunCli) -> Path:
    return report_of(mixed.folder, run_cli)


#: What is made up, and what is the office's own or of Statistics Poland.
MADE_UP = {"work", "finances", "revenue_spread", "owes", "targets", "protection"}
REAL = {"official", "official_data", "structure", "flow", "powiats", "gminas", "inequality", "registers", "sources"}


def test_marks_stand_block_by_block(mixed_report: Path) -> None:
    tables = tables_of(mixed_report)
    assert {key for key in MADE_UP & set(tables) if not tables[key]["synthetic"]} == set()
    assert {key for key in REAL if tables[key]["synthetic"]} == set()
    assert set(tables) >= MADE_UP
    cover = read_json(mixed_report)["cover"]
    assert cover["synthetic"] is True
    assert cover["real"]


def test_pages_mark_the_same_blocks(mixed_report: Path) -> None:
    tables = tables_of(mixed_report)
    page = lxml.html.parse(mixed_report / "social_economy.html")
    captions = {
        " ".join(caption.text_content().split()) for caption in page.xpath("//table/caption | //figure/figcaption")
    }
    book = openpyxl.load_workbook(mixed_report / "social_economy.xlsx")
    printed = texts_of(mixed_report)["pdf"].replace("\u00ad", "").replace("\ufffe", "")
    for key in sorted((MADE_UP | REAL) & set(tables)):
        table, made_up = tables[key], key in MADE_UP
        caption = f"{table['caption']} {table['title']}".replace("\u00a0", " ")
        assert (f"{caption} {MARK}" in captions, caption in captions) == (made_up, not made_up), key
        sheet = book[table["caption"].removesuffix(".")]
        assert ("synt" in str(sheet["A2"].value).casefold()) == made_up, key
        after = _behind(printed, caption)
        assert after.startswith(f"[{MARK}]") == made_up, (key, after)


def _behind(text: str, caption: str) -> str:
    """Return what is printed right behind a caption, whose lines may break anywhere."""
    squeezed = "".join(text.split())
    head = "".join(caption.split())
    assert head in squeezed, caption
    behind = squeezed.rpartition(head)[2][:40]  # a list of tables would come first
    return behind.replace("[danesyntetyczne]", f"[{MARK}]")


def test_sentences_with_official_figures_carry_no_mark(mixed_report: Path) -> None:
    elements = read_json(mixed_report)["elements"]
    place = next(i for i, e in enumerate(elements) if e.get("text") == "Sektor w danych GUS")
    points = elements[place + 1]["items"]
    assert len(points) >= 4
    assert not any(point["synthetic"] for point in points)
    page = lxml.html.parse(mixed_report / "social_economy.html")
    shown = {" ".join(item.text_content().split()) for item in page.xpath("//li")}
    assert {" ".join(point["text"].split()) for point in points} <= shown
    assert any(text.endswith(MARK) for text in shown), "others are marked"


def test_the_numbers_of_the_only_answering_entity_stand_in_no_file(mixed: Office, mixed_report: Path) -> None:
    parts = texts_of(mixed_report)
    tables = mixed.folder / "data" / "processed"
    for path in (*(mixed.folder / "reports").rglob("*.json"), *tables.rglob("[!.]*.json")):
        parts[path.name] = path.read_text(encoding="utf-8")
    for path in (tables / "social_economy").glob("*.parquet"):
        parts[path.name] = pd.read_parquet(path).to_csv()
    assert {"estimates.parquet", "manifest.json"} <= set(parts)
    # The amounts themselves, or in thousands; not as the end of another number.
    told = re.compile(r"(?<![\d.,])(?:7\s?654(?:\s?(?:321|000))?|54\s?321)(?!\d)")
    assert told.search(f"7{chr(160)}654 tys. zł")
    assert {name: found[0] for name, text in parts.items() if (found := told.search(text))} == {}
    company = [row for row in tables_of(mixed_report)["finances"]["rows"] if row[0] == "Spółki non profit"]
    assert [[cell["value"] for cell in row[1:]] for row in company] == [[None] * len(company[0][1:])]


# ---- bad input ---------------------------------------------------------------------------------------------


@pytest.fixture
def bad(own: Office, tmp_path: Path) -> Path:
    """Return a copy of the office's project to be spoilt."""
    for name in ("notebooks", "data/raw"):
        shutil.copytree(own.folder / name, tmp_path / "project" / name)
    return tmp_path / "project"


def findings_of(project: Path, run_cli: RunCli) -> tuple[int, list[dict[str, Any]]]:
    done = run_cli("check", "--json", "--project", project)
    return done.returncode, [one for one in json.loads(done.stdout) if one["code"].startswith("ES-")]


def test_all_bad_rows_are_told_at_once_and_the_rest_builds(own: Office, bad: Path, run_cli: RunCli) -> None:
    rows = [  # name, form, NIP, gmina, start
        ("Fundacja Wczoraj", "fundacja", "", "260101", "2024-05-01", "2020-01-01", ""),
        ("Fundacja Wcześniej", "fundacja", "", "260102", "2015-05-01", "", "2021-03-01"),
        ("Fundacja Pierwsza", "fundacja", "5261040828", "260101", "2015-05-01", "", ""),
        ("Fundacja Druga", "fundacja", "5261040828", "260102", "2016-05-01", "", ""),
        ("Fundacja Nigdzie", "fundacja", "", "269999", "2016-05-01", "", ""),
        ("Spółdzielnia Bez Litery", "spółdzelnia socjalna", "", "260101", "2016-05-01", "", ""),
    ]
    folder = bad / "data" / "raw" / "es_register"
    with (folder / "zla.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["nazwa", "forma", "nip", "teryt", "od", "do", "ps"], *rows])
    describe(
        folder / "zla.yaml",
        file="zla.csv",
        source="Lista z błędami",
        closures=True,
        columns={"name": "nazwa", "legal_form": "forma", "nip": "nip", "teryt": "teryt", "start": "od", "end": "do",
                 "status_since": "ps"},
    )  # fmt: skip
    with (folder / "stara.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["nazwa", "teryt", "od"], ["Koło Dawne", "260101", "2022-02-01"]])
    columns = {"name": "nazwa", "teryt": "teryt", "start": "od"}
    describe(folder / "stara.yaml", file="stara.csv", source="Stara lista", legal_form="kgw", columns=columns)
    answers = bad / "data" / "raw" / "es_survey" / "survey.csv"
    answers.parent.mkdir()
    court = pd.read_excel(folder / "krs.xlsx", dtype=str)
    known = court.loc[court["Data wykreślenia"].isna(), "Nr KRS"].head(2).tolist()
    head = ["krs", *SURVEY_COLUMNS[1:]]
    money = {"year": "2025", "revenue_total_pln": "1000", "revenue_sales_pln": "500"}
    with answers.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, restval="")
        writer.writeheader()
        writer.writerow({**money, "krs": known[0], "staff": "5", "revenue_grants_pln": "900"})
        writer.writerow({**money, "krs": known[1], "staff": "-3", "revenue_grants_pln": "500"})

    code, findings = findings_of(bad, run_cli)
    assert code == 0
    told = {(one["code"], Path(one["file"]).name, one["row"]) for one in findings}
    assert told >= {
        ("ES-12", "zla.csv", 2),  # closed before opened
        ("ES-13", "zla.csv", 3),  # status before 30.10.2022
        ("ES-14", "zla.csv", 5),  # two entities with one NIP
        ("ES-15", "zla.csv", 6),  # in no gmina
        ("ES-16", "zla.csv", 7),  # a legal form nobody knows
        ("ES-29", "survey.csv", 2),  # parts that do not add up
        ("ES-28", "survey.csv", 3),  # negative staff
    }
    assert ("ES-19", "stara.csv") in {(one["code"], Path(one["file"]).name) for one in findings}
    assert {one["severity"] for one in findings} == {"warning"}
    assert all(one["found"] and one["expected"] and one["remedy"] for one in findings)
    [form] = [one for one in findings if one["code"] == "ES-16"]
    assert "spółdzielnia socjalna" in form["remedy"].casefold()  # did you mean
    built = run_cli("build", "--project", bad)
    assert built.returncode == 0, built.stderr
    assert "ES-12" in built.stderr
    structure = pd.read_parquet(bad / "data" / "processed" / "social_economy" / "structure.parquet")
    whole = structure[(structure["teryt"] == REGION.teryt) & (structure["legal_form"] == "")]
    # Of the bad list the one with an early status and the first with the NIP are counted, and the old circle.
    assert whole["entities"].tolist() == [own.entities + 3]


def test_a_list_of_all_organisations_is_refused_as_one_of_social_cooperatives(bad: Path, run_cli: RunCli) -> None:
    # An article took the 14.2 thousand non-profit organisations of a voivodeship (BDL, 2016) for social cooperatives;
    # the register of Mazowieckie had 157 (MCPS, 4th quarter of 2023).
    folder = bad / "data" / "raw" / "es_register"
    units = pd.read_csv(bad / "data" / "raw" / "teryt_units" / "units.csv", dtype=str)["teryt"]
    gminas = units[units.str.fullmatch(f"{REGION.teryt}....")].tolist()
    with (folder / "spoldzielnie.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ([f"Organizacja {number}", gminas[number % len(gminas)], "2012-01-02"] for number in range(14_200))
        csv.writer(file).writerows([["nazwa", "teryt", "od"], *rows])
    columns = {"name": "nazwa", "teryt": "teryt", "start": "od"}
    describe(
        folder / "spoldzielnie.yaml", file="spoldzielnie.csv", source="BDL", legal_form="social_cooperative",
        columns=columns,
    )  # fmt: skip
    code, findings = findings_of(bad, run_cli)
    assert code == 3
    [refused] = [one for one in findings if one["severity"] == "blocking"]
    assert refused["code"] == "ES-17"
    assert "157" in refused["expected"]
    assert refused["remedy"]
    built = run_cli("build", "--project", bad)
    assert built.returncode == 3
    assert "ES-17" in built.stderr
    assert not (bad / "data" / "processed" / "social_economy").exists()
