"""A bundle holds what the ministry needs, is the same bytes anywhere, and nothing doubtful gets into one."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest
from bundles import FOLDERS, KEYS, Bundled, codes, manifest_of, opened
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from projects import cli_environment
from ropsanalysis.errors import DataError, DisclosureError, UsageError
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project
from ropsanalysis.io.provenance import sha256
from ropsanalysis.regions import POLAND, find
from ropsanalysis.reporting import bundle, bundle_check, bundle_problems, disclosure, reproduce, signing, spec
from support import PROJECT

pytestmark = pytest.mark.slow

Cli = Callable[..., CompletedProcess[str]]


@pytest.fixture
def copy(bundled: Bundled, tmp_path: Path) -> Project:
    """Return a copy of the project with its edition that a test may damage."""
    folder = tmp_path / "copy"
    shutil.copytree(bundled.folder.parent, folder / "reports")
    shutil.copytree(bundled.project / "notebooks", folder / "notebooks")
    shutil.copytree(bundled.project / "data" / "processed", folder / "data" / "processed")
    (folder / "data" / "raw").symlink_to(bundled.project / "data" / "raw", target_is_directory=True)
    return Project(folder)


def make(project: Project, teryt: str = "26", *, key: Path | None = None, reports: tuple[str, ...] = KEYS) -> bytes:
    return bundle.make(project, region=find(teryt), reports=spec.find_reports(reports), key=key)


def edited(path: Path, edit: Callable[[Any], None]) -> None:
    """Change a JSON file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def edition_manifest(project: Project) -> Path:
    [path] = project.reports.glob("*/manifest.json")
    return path


def run_of(data: Any, report: str) -> Any:
    return next(run for run in data["runs"] if (run["report"], run["teryt"]) == (report, "26"))


# ---- what is in it -------------------------------------------------------------------------------------------------


def test_a_bundle_passes_its_own_check_with_its_key(bundled: Bundled) -> None:
    for data in bundled.bundles.values():
        checked = bundle_check.check(data, key=bundled.public)
        assert (checked.problems, checked.signature) == ((), "valid")


def test_it_holds_all_formats_index_manifest_crate_and_signature_and_nothing_else(bundled: Bundled) -> None:
    reports = {f"{FOLDERS['26']}/{key}.{name}" for key in KEYS for name in ("html", "pdf", "xlsx", "json")}
    others = {"index.html", "manifest.json", "manifest.sig", "ro-crate-metadata.json"}
    assert set(opened(bundled.bundles["26"])) == reports | others


def test_the_reports_are_the_bytes_that_were_rendered(bundled: Bundled) -> None:
    files = opened(bundled.bundles["26"])
    for path in [path for path in files if path.startswith("26-")]:
        assert files[path] == (bundled.folder / path).read_bytes()


def test_every_file_but_manifest_and_signature_has_its_checksum_and_size(bundled: Bundled) -> None:
    files, manifest = opened(bundled.bundles["26"]), manifest_of(bundled.bundles["26"])
    listed = {path: (file.sha256, file.bytes) for path, file in manifest.files.items()}
    expected = {path: (sha256(data), len(data)) for path, data in files.items() if not path.startswith("manifest.")}
    assert listed == expected


def test_the_manifest_says_from_what_and_by_what_the_reports_were_made(bundled: Bundled) -> None:
    manifest = manifest_of(bundled.bundles["26"])
    assert (manifest.teryt, manifest.region, manifest.edition) == ("26", "Województwo świętokrzyskie", "2025")
    assert [report.report for report in manifest.reports] == list(KEYS)
    assert all(report.parameters["region"] == "26" for report in manifest.reports)
    raw = bundled.project / "data" / "raw"
    for path, digest in manifest.files_behind("training_needs").items():
        assert digest == sha256((raw.parent.parent / path).read_bytes())
    assert f"pandas=={pd.__version__}" in manifest.code.environment
    assert set(manifest.code.notebooks) == set(KEYS)


def test_made_up_data_are_told_by_report_and_dataset(bundled: Bundled) -> None:
    manifest = manifest_of(bundled.bundles["26"])
    assert {report.report: report.synthetic for report in manifest.reports} == dict(
        zip(KEYS, (False, True), strict=True)
    )
    assert any(dataset.synthetic for dataset in manifest.data["training_needs"].datasets)
    assert not any(dataset.synthetic for dataset in manifest.data["regional_diagnosis"].datasets)
    assert b"DANE SYNTETYCZNE" in opened(bundled.bundles["26"])["index.html"]
    assert b"DANE SYNTETYCZNE" not in opened(bundled.single)["index.html"]


def test_the_audit_is_told_with_its_numbers(bundled: Bundled) -> None:
    records = {record.topic: record for record in manifest_of(bundled.bundles["26"]).disclosure}
    stored = pd.read_parquet(bundled.project / "data" / "processed" / "training_needs" / "protection.parquet")
    audited = records["training_needs"]
    assert (audited.basis, audited.verdict, len(audited.systems)) == ("audit", "safe", len(stored))
    assert audited.narrowest is not None
    assert audited.narrowest.found == (stored["width_smallest"] / stored["width_required"]).min() * 5  # 5 persons
    assert (records["regional_diagnosis"].basis, records["regional_diagnosis"].verdict) == ("public", "not_audited")


def test_findings_are_counted_without_rows_and_values(bundled: Bundled) -> None:
    build = bundled.project / "data" / "processed" / "training_needs" / "build.json"
    findings = json.loads(build.read_text(encoding="utf-8"))["findings"]
    screening = manifest_of(bundled.bundles["26"]).screening["training_needs"]
    assert findings
    assert (screening.blocking, screening.warnings) == (0, len(findings))
    text = opened(bundled.bundles["26"])["manifest.json"].decode()
    assert not any(finding["found"] in text for finding in findings)


def test_the_size_and_rows_of_data_files_stay_with_the_office(bundled: Bundled) -> None:
    files = json.loads(opened(bundled.bundles["26"])["manifest.json"])["data"]["training_needs"]["files"]
    assert {tuple(file) for file in files} == {("path", "sha256", "source", "date", "commit")}


def test_the_crate_is_a_process_run_crate(bundled: Bundled) -> None:
    # MUST of https://w3id.org/ro/crate/1.1 and https://w3id.org/ro/wfrun/process/0.5
    found = json.loads(opened(bundled.bundles["26"])["ro-crate-metadata.json"])
    assert found["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in found["@graph"]}
    assert len(entities) == len(found["@graph"])
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = entities["./"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert entities[root["conformsTo"]["@id"]]["@type"] == "CreativeWork"
    runs = [entity for entity in found["@graph"] if entity["@type"] == "CreateAction"]
    assert [run["@id"] for run in runs] == [reference["@id"] for reference in root["mentions"]]
    for run in runs:
        assert entities[run["instrument"]["@id"]]["@type"] == "SoftwareApplication"
        assert entities[run["agent"]["@id"]]["@type"] == "Organization"
        assert {entities[part["@id"]]["@type"] for part in run["result"]} == {"File"}
        assert {entities[part["@id"]]["@type"] for part in run["object"]} == {"CreativeWork", "PropertyValue"}
    for reference in root["hasPart"]:
        assert entities[reference["@id"]]["@type"] == "File"


def test_every_reference_of_the_crate_leads_to_an_entity(bundled: Bundled) -> None:
    graph = json.loads(opened(bundled.bundles["26"])["ro-crate-metadata.json"])["@graph"]
    known = {entity["@id"] for entity in graph}

    def references(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(references, value))
        if isinstance(value, dict):
            return {value["@id"]}
        return set()

    outside = {"https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    for entity in graph:
        for name, value in entity.items():
            assert references(value) <= known | outside, name


# ---- the same bytes ------------------------------------------------------------------------------------------------


def test_two_folders_two_time_zones_two_locales_give_the_same_bundle(
    bundled: Bundled, copy: Project, run_cli: Cli, tmp_path: Path
) -> None:
    made = []
    for project, zone, locale in ((bundled.project, "UTC", "C.UTF-8"), (copy.root, "Asia/Tokyo", "pl_PL.UTF-8")):
        out = tmp_path / f"{zone.replace('/', '-')}.zip"
        words = ("bundle", "--region", "26", "--out", out, "--sign", bundled.private, "--project", project)
        env = {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": str(len(made)), "HOME": str(tmp_path)}
        result = run_cli(*words, env=env, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout.strip() == str(out)
        made.append(out.read_bytes())
    assert made[0] == made[1] == bundled.bundles["26"]


def test_the_archive_tells_no_time_and_no_owner(bundled: Bundled, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundled.single)
    with zipfile.ZipFile(path) as archived:
        entries = archived.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16, entry.extra) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), stat.S_IFREG | 0o644, b"")
    }


def test_source_date_epoch_dates_the_archive(bundled: Bundled, copy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "_refuse_stale", lambda *_: None)  # reports dated so would be rendered anew
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000001")  # 2023-11-14 22:13:21 UTC; a zip knows even seconds
    data = make(copy)
    assert manifest_of(data).zip_time == "2023-11-14T22:13:20Z"
    assert codes(data) == set()


# ---- what is refused -----------------------------------------------------------------------------------------------


def test_a_report_made_from_another_notebook_is_stale(copy: Project) -> None:
    path = copy.notebooks / "training_needs.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("## ", "## Nowy "), encoding="utf-8")
    with pytest.raises(DataError, match=r"training_needs jest nieaktualny \(notebook\)") as caught:
        make(copy)
    assert caught.value.exit_code == 3


def test_a_report_whose_data_changed_is_stale(copy: Project) -> None:
    (copy.root / "data" / "raw").unlink()
    shutil.copytree(PROJECT / "data" / "raw" / "gus_sdg", copy.raw / "gus_sdg")
    with pytest.raises(DataError, match="zmieniły się od ostatniego przetworzenia"):
        make(copy, reports=("regional_diagnosis",))


def test_a_failed_run_is_named_with_its_cause(copy: Project) -> None:
    edited(
        edition_manifest(copy), lambda data: run_of(data, "training_needs").update(status="failed", cause="pełny dysk")
    )
    with pytest.raises(DataError, match=r"training_needs: ostatnie generowanie się nie powiodło \(pełny dysk\)"):
        make(copy)


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
def test_a_file_changed_by_hand_is_not_handed_on(copy: Project, name: str) -> None:
    [path] = copy.reports.glob(f"*/26-*/training_needs.{name}")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DataError, match=f"plik training_needs.{name} nie jest tym, który wygenerowano"):
        make(copy)


def test_a_missing_format_is_named(copy: Project) -> None:
    edited(edition_manifest(copy), lambda data: run_of(data, "training_needs")["files"].pop("pdf"))
    with pytest.raises(DataError, match="training_needs: brak formatów pdf"):
        make(copy)


def test_a_refused_audit_cannot_be_bundled(copy: Project, run_cli: Cli, tmp_path: Path) -> None:
    path = copy.processed / "training_needs" / "protection.parquet"
    table = pd.read_parquet(path)
    hiding = table.index[table["hidden"] > 0][0]
    table.loc[hiding, "width_smallest"] = 1.0
    table.to_parquet(path)
    with pytest.raises(DisclosureError, match=rf"{table.loc[hiding, 'system']} \(przedział 1.0, wymagany 5.0\)"):
        make(copy)
    out = tmp_path / "a.zip"
    result = run_cli("bundle", "--region", "26", "--out", out, "--project", copy.root)
    assert result.returncode == 4, result.stderr
    assert not out.exists()


def test_an_unsafe_verdict_cannot_be_bundled_whatever_its_numbers(copy: Project) -> None:
    path = copy.processed / "training_needs" / "protection.parquet"
    table = pd.read_parquet(path)
    table.loc[0, "verdict"] = "unsafe"
    table.to_parquet(path)
    with pytest.raises(DisclosureError, match="training_needs"):
        make(copy)


def test_a_blocking_finding_cannot_be_bundled(copy: Project, run_cli: Cli, tmp_path: Path) -> None:
    build = copy.processed / "training_needs" / "build.json"
    edited(build, lambda data: data["findings"][0].update(severity="blocking", code="TN-10"))
    result = run_cli("bundle", "--region", "26", "--out", tmp_path / "a.zip", "--project", copy.root)
    assert result.returncode == 3
    assert "training_needs mają uwagi blokujące: TN-10" in result.stderr


def test_made_up_data_without_a_mark_cannot_be_bundled(copy: Project) -> None:
    edited(copy.processed / "regional_diagnosis" / "build.json", lambda data: data.update(synthetic=True))
    with pytest.raises(DataError, match="regional_diagnosis nie jest oznaczony, choć użyto w nim danych syntetycznych"):
        make(copy)


def test_what_the_check_finds_is_not_written(copy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "_index", lambda _: b"<html lang='pl'><p>pusto</p></html>")
    with pytest.raises(DataError, match="BV-21"):
        make(copy)


def test_what_was_never_rendered_is_named(copy: Project) -> None:
    with pytest.raises(UsageError, match=r"no social_impact for świętokrzyskie; run `ropsanalysis render`"):
        make(copy, reports=("social_impact",))
    with pytest.raises(UsageError, match="has no report for opolskie"):
        make(copy, "16", reports=())
    with pytest.raises(UsageError, match="no edition '1999'"):
        bundle.make(copy, region=find("26"), reports=[], edition="1999")
    with pytest.raises(UsageError, match="has no report for Polska"):
        bundle.make(copy, region=POLAND, reports=[])


# ---- keys ----------------------------------------------------------------------------------------------------------


def test_keys_are_made_for_their_owner_only_and_never_written_over(tmp_path: Path) -> None:
    private, public = signing.make_keys(tmp_path / "keys")
    if os.name == "posix":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert b"PRIVATE" not in public.read_bytes()
    before = private.read_bytes()
    with pytest.raises(UsageError, match="never written over"):
        signing.make_keys(tmp_path / "keys")
    assert private.read_bytes() == before


def test_each_pair_of_keys_is_another(tmp_path: Path) -> None:
    pairs = [signing.make_keys(tmp_path / name)[1] for name in ("a", "b")]
    assert len({signing.fingerprint(signing.read_public(path)) for path in pairs}) == 2


@pytest.mark.parametrize("below", [(), ("deep", "er")])
def test_no_key_in_a_project_or_a_repository(tmp_path: Path, below: tuple[str, ...], run_cli: Cli) -> None:
    for name, folders in (("project", ("notebooks", "data")), ("repository", (".git",))):
        for folder in folders:
            (tmp_path / name / folder).mkdir(parents=True)
        place = tmp_path.joinpath(name, *below)
        with pytest.raises(UsageError, match=f"lies in the {name}"):
            signing.make_keys(place)
        assert not (place / signing.PRIVATE_NAME).exists()


def test_a_key_that_lies_where_it_would_be_handed_on_signs_nothing(
    bundled: Bundled, copy: Project, tmp_path: Path
) -> None:
    inside = Path(shutil.copy2(bundled.private, copy.root / "my.key"))
    with pytest.raises(UsageError, match="lies in the project"):
        make(copy, key=inside)
    among = tmp_path / "editions"
    shutil.copytree(copy.reports, among)
    key = Path(shutil.copy2(bundled.private, among / "my.key"))
    with pytest.raises(UsageError, match="among the reports"):
        bundle.make(copy, region=find("26"), reports=[], editions=among, key=key)


@pytest.mark.skipif(os.name != "posix", reason="the system knows no file modes")
def test_a_key_that_others_may_read_signs_nothing(bundled: Bundled, tmp_path: Path) -> None:
    open_key = Path(shutil.copy2(bundled.private, tmp_path / "open.key"))
    open_key.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        make(Project(bundled.project), key=open_key)


def test_only_an_ed25519_key_is_a_key(bundled: Bundled, tmp_path: Path) -> None:
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in (("empty", b""), ("text", b"abc\x00"), ("rsa", rsa), ("public", b"")):
        path = tmp_path / name
        path.write_bytes(content or (signing.public_text(bundled.public) if name == "public" else b""))
        path.chmod(0o600)
        with pytest.raises(UsageError, match="not a private Ed25519 key"):
            signing.read_private(path, editions=bundled.folder.parent)
    for path in (tmp_path / "empty", tmp_path / "rsa", bundled.private):
        with pytest.raises(UsageError, match="not a public Ed25519 key"):
            signing.read_public(path)
    with pytest.raises(UsageError, match="cannot be read"):
        signing.read_public(tmp_path / "nothing")


# ---- the command line ----------------------------------------------------------------------------------------------


def test_verify_speaks_polish_and_json_and_ends_with_its_code(bundled: Bundled, run_cli: Cli, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundled.single)
    bad.write_bytes(bundled.single[:-1])
    public = tmp_path / "key.pub"
    public.write_bytes(signing.public_text(bundled.public))
    passed = run_cli("verify", good, "--key", public, cwd=tmp_path)
    assert passed.returncode == 0
    assert "Podpis: zgodny z podanym kluczem" in passed.stdout
    assert passed.stdout.rstrip().endswith("Wynik: paczka poprawna.")
    failed = run_cli("verify", bad, "--json", cwd=tmp_path)
    assert failed.returncode == 1
    said = json.loads(failed.stdout)
    assert (said["valid"], said["problems"][0]["code"]) == (False, "BV-01")
    assert run_cli("verify", tmp_path / "none.zip").returncode == 2
    assert run_cli("verify", good, "--key", bundled.private).returncode == 2
    for result in (passed, failed):
        assert "Traceback" not in result.stdout + result.stderr


def test_verify_imports_nothing_that_makes_reports() -> None:
    code = "import sys, ropsanalysis.reporting.bundle_check; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=cli_environment()
    )
    loaded = set(run.stdout.split())
    assert not loaded & {"papermill", "nbconvert", "IPython", "typst", "statsmodels", "pandas", "matplotlib"}
    makers = {"build", "execute", "inprocess", "render", "html", "pdf", "xlsx", "sheets"}
    assert not {f"ropsanalysis.reporting.{name}" for name in makers} & loaded
    assert not {f"ropsanalysis.{topic}" for topic in TOPICS} & loaded


# ---- words ---------------------------------------------------------------------------------------------------------


def test_every_kind_of_data_has_a_way_of_protection_and_words_for_it() -> None:
    bases = {key: disclosure.basis_of(key) for key in TOPICS}
    assert set(bases.values()) == {"audit", "rules", "public", "derived"}
    assert {key for key, basis in bases.items() if basis == "public"} == {"regional_diagnosis", "local_diagnosis"}
    assert all(TOPICS[key].confidential for key, basis in bases.items() if basis in {"audit", "rules"})


def test_codes_are_numbered_without_a_gap() -> None:
    for prefix, checks in (("BV", bundle_problems.CHECKS), ("RP", reproduce.CHECKS)):
        assert list(checks) == [f"{prefix}-{number:02d}" for number in range(1, len(checks) + 1)]
