"""Whatever is changed in a bundle is found and named, by whoever and however well; nothing of it breaks the check."""

from __future__ import annotations

import io
import json
import random
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from bundles import FOLDERS, Bundled, codes, document_of, forged, manifest_of, opened, places, rendered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ropsanalysis.present.blocks import Number, Points, Table
from ropsanalysis.reporting import archive, bundle_check, bundle_reports, crate, signing
from ropsanalysis.reporting.bundle_manifest import (
    CRATE,
    INDEX,
    NAME,
    SIGNATURE,
    Dataset,
    FindingCount,
    Manifest,
    from_bytes,
)
from ropsanalysis.reporting.bundle_problems import CHECKS
from ropsanalysis.reporting.document import Document, Numbered

pytestmark = pytest.mark.slow

HERE = FOLDERS["26"]
DIAGNOSIS, NEEDS = f"{HERE}/regional_diagnosis", f"{HERE}/training_needs"
SEED = 7026
fuzzed = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def whole(bundled: Bundled) -> dict[str, bytes]:
    """Return the files of a bundle of two reports."""
    return opened(bundled.bundles["26"])


@pytest.fixture
def single(bundled: Bundled) -> dict[str, bytes]:
    """Return the files of a bundle of one report."""
    return opened(bundled.single)


@pytest.fixture
def reports_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the check tell what it can without reading reports, which takes most of its time."""
    monkeypatch.setattr(bundle_reports, "problems", lambda *_: iter(()))


def zipped(entries: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive with exactly these entries, as any program may write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as written:
        for entry, data in entries:
            written.writestr(entry, data)
    return buffer.getvalue()


def with_entry(data: bytes, entry: zipfile.ZipInfo | str, content: bytes = b"x") -> bytes:
    """Return a bundle with one entry more."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as written:
        written.writestr(entry, content)
    return buffer.getvalue()


# ---- one byte ------------------------------------------------------------------------------------------------------


def one_byte(data: bytes, place: int, value: int = 1) -> bytes:
    return data[:place] + bytes([data[place] ^ value]) + data[place + 1 :]


def test_one_changed_byte_in_any_file_is_found(bundled: Bundled) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same places each time
    with zipfile.ZipFile(io.BytesIO(bundled.single)) as archived:
        entries = archived.infolist()
    for entry in entries:
        start = entry.header_offset + 30 + len(entry.filename)
        for place in (
            start,
            start + entry.file_size - 1,
            *(start + chance.randrange(entry.file_size) for _ in range(3)),
        ):
            assert codes(one_byte(bundled.single, place, chance.randrange(1, 256))), (entry.filename, place - start)


@pytest.mark.usefixtures("reports_unread")
def test_one_changed_byte_between_the_files_is_found(bundled: Bundled) -> None:
    data = bundled.single
    with zipfile.ZipFile(io.BytesIO(data)) as archived:
        heads = [range(entry.header_offset, entry.header_offset + 30) for entry in archived.infolist()]
        directory = range(archived.start_dir, len(data))
    chance = random.Random(SEED)  # noqa: S311 - the same places each time
    for places_in in (heads[0], heads[-1], chance.sample(directory, 300), range(len(data) - 22, len(data))):
        for place in places_in:
            assert codes(one_byte(data, place, chance.randrange(1, 256))), place


def test_one_changed_byte_of_each_file_is_found_with_its_checksum_in_the_zip_made_right(
    bundled: Bundled, single: dict[str, bytes]
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - as above
    for path, data in single.items():
        for place in (0, len(data) - 1, chance.randrange(len(data))):
            changed = archive.pack({**single, path: one_byte(data, place)})
            assert "BV-12" in codes(changed, bundled.public) or places(changed, "BV-10") == {path}, (path, place)


def test_one_changed_byte_of_the_signature_or_of_what_it_signs_is_found_with_the_key(
    bundled: Bundled, single: dict[str, bytes]
) -> None:
    for place in (0, 31, 32, 63):
        changed = archive.pack({**single, SIGNATURE: one_byte(single[SIGNATURE], place)})
        assert codes(changed, bundled.public) == {"BV-12"}
    manifest = single[NAME].replace(b'"edition": "2025"', b'"edition": "2024"')
    assert "BV-12" in codes(archive.pack({**single, NAME: manifest}), bundled.public)


@pytest.mark.parametrize("extra", [b"\0", b"x" * 40, b"PK\x05\x06" + b"\0" * 18])
def test_bytes_before_and_behind_the_archive_are_found(bundled: Bundled, extra: bytes) -> None:
    assert codes(bundled.single + extra)
    assert codes(extra + bundled.single)


def test_a_comment_is_found(bundled: Bundled) -> None:
    buffer = io.BytesIO(bundled.single)
    with zipfile.ZipFile(buffer, "a") as archived:
        archived.comment = b"zatwierdzono"
    assert codes(buffer.getvalue()) == {"BV-06"}


@pytest.mark.parametrize(
    "change",
    [{"date_time": (2026, 1, 1, 0, 0, 0)}, {"extra": b"\xca\xfe\x01\0x"}, {"comment": b"x"}, {"create_system": 0}],
)
def test_an_archive_written_otherwise_is_found(single: dict[str, bytes], change: dict[str, Any]) -> None:
    entries: list[tuple[zipfile.ZipInfo | str, bytes]] = []
    for name in sorted(single):
        entry = zipfile.ZipInfo(name, change.get("date_time", (1980, 1, 1, 0, 0, 0)))
        entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o644) << 16
        for field, value in change.items():
            setattr(entry, field, value)
        entries.append((entry, single[name]))
    assert codes(zipped(entries)) == {"BV-06"}


# ---- files added, removed, renamed, swapped ------------------------------------------------------------------------


def test_a_file_removed_is_named(single: dict[str, bytes]) -> None:
    for path in single:
        left = archive.pack({name: data for name, data in single.items() if name != path})
        code = {NAME: "BV-07", SIGNATURE: "BV-11"}.get(path, "BV-08")
        assert places(left, code) == {path}


def test_a_file_added_is_named(single: dict[str, bytes]) -> None:
    for path in ("uwagi.txt", f"{HERE}/social_impact.html", "inna.zip"):
        assert places(archive.pack({**single, path: b"x"}), "BV-09") == {path}


def test_a_file_added_with_its_checksum_is_named(single: dict[str, bytes], bundled: Bundled) -> None:
    for path, data in (("uwagi.txt", b"x"), ("wewnatrz.zip", bundled.single)):
        assert places(forged({**single, path: data}, described=False), "BV-09") == {path}


def test_a_file_renamed_is_named(single: dict[str, bytes]) -> None:
    data = dict(single)
    data[f"{HERE}/diagnoza.pdf"] = data.pop(f"{DIAGNOSIS}.pdf")
    renamed = archive.pack(data)
    assert places(renamed, "BV-08") == {f"{DIAGNOSIS}.pdf"}
    assert places(renamed, "BV-09") == {f"{HERE}/diagnoza.pdf"}


def test_two_files_swapped_are_named(whole: dict[str, bytes]) -> None:
    one, other = f"{DIAGNOSIS}.pdf", f"{NEEDS}.pdf"
    assert places(archive.pack({**whole, one: whole[other], other: whole[one]}), "BV-10") == {one, other}


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
def test_a_file_of_another_voivodeship_is_found_although_all_checksums_are_right(
    bundled: Bundled, whole: dict[str, bytes], name: str
) -> None:
    path, foreign = f"{NEEDS}.{name}", opened(bundled.bundles["14"])[f"{FOLDERS['14']}/training_needs.{name}"]
    assert places(archive.pack({**whole, path: foreign}), "BV-10") == {path}
    assert path in places(forged({**whole, path: foreign}), "BV-14")


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
def test_a_file_of_another_report_is_found_although_all_checksums_are_right(whole: dict[str, bytes], name: str) -> None:
    one, other = f"{DIAGNOSIS}.{name}", f"{NEEDS}.{name}"
    assert {one, other} <= places(forged({**whole, one: whole[other], other: whole[one]}), "BV-14")


def test_a_whole_report_of_another_voivodeship_is_found(bundled: Bundled, whole: dict[str, bytes]) -> None:
    other = opened(bundled.bundles["14"])
    swapped = {
        f"{NEEDS}.{name}": other[f"{FOLDERS['14']}/training_needs.{name}"] for name in ("html", "pdf", "xlsx", "json")
    }
    assert places(forged({**whole, **swapped}), "BV-14") == {f"{NEEDS}.json"}


def test_a_bundle_renamed_to_another_voivodeship_is_found(whole: dict[str, bytes]) -> None:
    own = {"teryt": "14", "region": "Województwo mazowieckie"}
    assert {"BV-14"} <= codes(forged(whole, lambda manifest: replace(manifest, **own)))
    assert "BV-14" in codes(forged(whole, lambda manifest: replace(manifest, teryt="99")))
    assert "BV-14" in codes(forged(whole, lambda manifest: replace(manifest, edition="2024")))


# ---- paths and entries that do harm --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../zlosliwy.html", "a/../../b", "/etc/passwd", "C:/Windows/a.html", "C:a", "a\\..\\b.html", "\\\\server\\a",
        "a//b", "./a", "a/./b", "con.html", "a/NUL", "a.", "a ", "plik:strumien", "a\x1b[2J", "a\nb",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_found(bundled: Bundled, name: str) -> None:
    checked = bundle_check.check(with_entry(bundled.single, zipfile.ZipInfo(name)))
    found = [problem for problem in checked.problems if problem.code == "BV-03"]
    assert len(found) == 1
    assert found[0].file.isprintable()


def test_a_name_cut_by_a_zero_byte_is_found(bundled: Bundled) -> None:
    data = with_entry(bundled.single, "zero_byte.html").replace(b"zero_byte.html", b"zero\0byte.html")
    assert "BV-03" in codes(data)


@pytest.mark.parametrize("name", [f"{DIAGNOSIS}.html", f"{DIAGNOSIS}.HTML", "INDEX.html", "Manifest.json"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_found(bundled: Bundled, name: str) -> None:
    assert places(with_entry(bundled.single, name), "BV-04") == {name}


def test_a_name_that_is_there_twice_when_composed_is_found(bundled: Bundled) -> None:
    twice = with_entry(with_entry(bundled.single, "z\u00f3.txt"), "zo\u0301.txt")
    assert places(twice, "BV-04") == {"zo\u0301.txt"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK, stat.S_IFDIR])
def test_an_entry_that_is_no_file_is_found(bundled: Bundled, kind: int) -> None:
    entry = zipfile.ZipInfo("skrot.html")
    entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
    assert places(with_entry(bundled.single, entry, b"/etc/passwd"), "BV-05") == {"skrot.html"}


def test_a_link_in_place_of_a_report_is_found(single: dict[str, bytes]) -> None:
    link = zipfile.ZipInfo(f"{DIAGNOSIS}.html")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    entries = [(link if name == link.filename else name, data) for name, data in sorted(single.items())]
    assert {"BV-05", "BV-08"} <= codes(zipped(entries))


def test_a_folder_entry_is_found(bundled: Bundled) -> None:
    assert {"BV-03", "BV-05"} <= codes(with_entry(bundled.single, zipfile.ZipInfo(f"{HERE}/"), b""))


def test_an_encrypted_entry_is_found(bundled: Bundled) -> None:
    data = bytearray(with_entry(bundled.single, "tajne.txt"))
    place = data.rindex(b"PK\x01\x02")  # the last entry of the directory
    data[place + 8] |= 1
    assert places(bytes(data), "BV-05") == {"tajne.txt"}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compressed_bundle_is_refused_before_anything_unfolds(single: dict[str, bytes], method: int) -> None:
    assert "BV-05" in codes(zipped(sorted(single.items()), method))


def test_bombs_are_refused_before_they_unfold(bundled: Bundled, monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = bytearray(with_entry(bundled.single, "bomba.html", b"x"))
    place = heavy.rindex(b"PK\x01\x02")
    heavy[place + 24 : place + 28] = struct.pack("<I", 4_000_000_000)  # the size it says it has
    assert codes(bytes(heavy)) == {"BV-02"}
    many = zipped([(f"{number}.txt", b"") for number in range(bundle_check.LIMITS.files + 1)])
    assert codes(many) == {"BV-02"}
    small = replace(bundle_check.LIMITS, total=1000, files=1)
    monkeypatch.setattr(bundle_check, "LIMITS", small)
    assert codes(bundled.single) == {"BV-02"}


def test_an_entry_that_holds_more_than_it_says_is_not_read_on() -> None:
    data = bytearray(zipped([("a", b"0" * 500_000)], zipfile.ZIP_DEFLATED))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = struct.pack("<I", 1000)
    limits = archive.Limits(total=10**6, single=10**6, files=9, ratio=1000)
    unpacked = archive.unpack(bytes(data), limits=limits)
    assert unpacked.files == {}
    assert {fault.kind for fault in unpacked.faults} <= {"limit", "damaged"}
    assert unpacked.faults


def test_a_bomb_in_place_of_a_workbook_is_refused(single: dict[str, bytes]) -> None:
    bomb = zipped([("xl/sharedStrings.xml", b"\0" * 50_000_000)], zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert places(forged({**single, f"{DIAGNOSIS}.xlsx": bomb}), "BV-15") == {f"{DIAGNOSIS}.xlsx"}


def test_entities_that_grow_are_refused(single: dict[str, bytes]) -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    changed = in_workbook(single[f"{DIAGNOSIS}.xlsx"], "xl/sharedStrings.xml", lambda _: laughs)
    assert places(forged({**single, f"{DIAGNOSIS}.xlsx": changed}), "BV-15") == {f"{DIAGNOSIS}.xlsx"}


# ---- the key -------------------------------------------------------------------------------------------------------


def test_another_key_is_named_as_such(bundled: Bundled) -> None:
    assert codes(bundled.single, bundled.other) == {"BV-13"}


def test_an_unsigned_bundle_passes_without_a_key_and_fails_with_one(bundled: Bundled, single: dict[str, bytes]) -> None:
    unsigned = forged(single, lambda manifest: replace(manifest, signature=None))
    assert codes(unsigned) == set()
    assert bundle_check.check(unsigned).signature == "none"
    assert codes(unsigned, bundled.public) == {"BV-11"}


def test_a_signature_taken_away_is_found_even_without_a_key(single: dict[str, bytes]) -> None:
    assert codes(archive.pack({path: data for path, data in single.items() if path != SIGNATURE})) == {"BV-11"}


def test_whatever_is_made_right_again_without_the_key_is_found_with_it(
    bundled: Bundled, single: dict[str, bytes]
) -> None:
    changed = single[f"{DIAGNOSIS}.html"].replace(b"</body>", b"<!-- --></body>")
    data = forged({**single, f"{DIAGNOSIS}.html": changed})
    assert codes(data) == set(), "nothing that a reader sees has changed, so only the key can tell"
    assert codes(data, bundled.public) == {"BV-12"}


def test_the_signature_of_another_bundle_is_found(bundled: Bundled, single: dict[str, bytes]) -> None:
    other = opened(bundled.bundles["14"])[SIGNATURE]
    assert codes(archive.pack({**single, SIGNATURE: other}), bundled.public) == {"BV-12"}


def test_a_private_key_in_a_bundle_is_found(bundled: Bundled, single: dict[str, bytes]) -> None:
    data = archive.pack({**single, "klucz.txt": bundled.private.read_bytes()})
    assert places(data, "BV-22") == {"klucz.txt"}


# ---- numbers -------------------------------------------------------------------------------------------------------


def changed_cell(document: Document, chance: random.Random) -> Document:
    """Return a document in which one number of one table is greater by one."""
    places_of = [
        (index, row, column)
        for index, element in enumerate(document.elements)
        if isinstance(element, Numbered) and isinstance(element.block, Table)
        for row, line in enumerate(element.block.rows)
        for column, cell in enumerate(line)
        if isinstance(cell, Number) and cell.value is not None
    ]
    index, row, column = chance.choice(places_of)
    element = document.elements[index]
    assert isinstance(element, Numbered)
    assert isinstance(element.block, Table)
    rows = [list(line) for line in element.block.rows]
    cell = rows[row][column]
    assert isinstance(cell, Number)
    rows[row][column] = replace(cell, value=(cell.value or 0) + 1)
    block = replace(element.block, rows=tuple(map(tuple, rows)))
    return with_element(document, index, replace(element, block=block))


def changed_sentence(document: Document, chance: random.Random) -> Document:
    """Return a document in which one digit of one key finding is another."""
    [index, *_] = [
        i for i, e in enumerate(document.elements) if isinstance(e, Numbered) and isinstance(e.block, Points)
    ]
    element = document.elements[index]
    assert isinstance(element, Numbered)
    assert isinstance(element.block, Points)
    items = list(element.block.items)
    number = chance.choice([place for place, item in enumerate(items) if any(map(str.isdigit, item.text))])
    text = items[number].text
    digit = chance.choice([place for place, letter in enumerate(text) if letter.isdigit()])
    items[number] = replace(items[number], text=f"{text[:digit]}{(int(text[digit]) + 1) % 10}{text[digit + 1 :]}")
    return with_element(document, index, replace(element, block=Points(tuple(items))))


def with_element(document: Document, index: int, element: Numbered) -> Document:
    return replace(document, elements=(*document.elements[:index], element, *document.elements[index + 1 :]))


def test_a_report_rendered_again_from_its_own_json_agrees(whole: dict[str, bytes]) -> None:
    document = document_of(whole, NEEDS)
    again = {f"{NEEDS}.{name}": rendered(document, name) for name in ("html", "pdf", "xlsx", "json")}
    assert codes(forged({**whole, **again})) == set()


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
@pytest.mark.parametrize("change", [changed_cell, changed_sentence])
@pytest.mark.parametrize("path", [DIAGNOSIS, NEEDS], ids=["diagnosis", "needs"])
def test_a_number_changed_in_one_format_is_found_although_all_checksums_are_right(
    whole: dict[str, bytes], path: str, change: Callable[[Document, random.Random], Document], name: str
) -> None:
    chance = random.Random(f"{SEED}-{path}-{name}")  # noqa: S311 - as above
    changed = rendered(change(document_of(whole, path), chance), name)
    found = bundle_check.check(only({**whole, f"{path}.{name}": changed}, path)).problems
    assert {problem.code for problem in found} == {"BV-16"}
    others = {f"{path}.{other}" for other in ("html", "pdf", "xlsx")}
    assert {problem.file for problem in found} == (others if name == "json" else {f"{path}.{name}"})


def only(files: Mapping[str, bytes], path: str) -> bytes:
    """Return a bundle of one of the reports."""
    kept = {name: data for name, data in files.items() if not name.startswith(HERE) or name.startswith(path)}

    def edit(manifest: Manifest) -> Manifest:
        return replace(manifest, reports=tuple(one for one in manifest.reports if path.endswith(one.report)))

    return forged({**kept, INDEX: index_of(kept[INDEX], path)}, edit)


def index_of(page: bytes, path: str) -> bytes:
    """Return an index with the row of one report only."""
    rows = re.compile(r'<tr><th scope="row">.*?</tr>', re.DOTALL)
    return rows.sub(lambda row: row[0] if path in row[0] else "", page.decode()).encode()


def in_workbook(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archived:
        parts = {name: archived.read(name) for name in archived.namelist()}
    assert part in parts
    parts[part] = change(parts[part])
    return zipped(list(parts.items()), zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("part", "before", "after", "code"),
    [
        ("xl/worksheets/sheet4.xml", b"<v>", b"<v>1", "BV-16"),  # another number, or another text
        ("xl/styles.xml", b'formatCode="0.0;', b'formatCode="&quot;9&quot;0.0;', "BV-16"),  # shown as another number
        ("xl/workbook.xml", b'<sheet name="Uwagi"', b'<sheet state="hidden" name="Uwagi"', "BV-15"),
        ("xl/worksheets/sheet4.xml", b"<sheetData>", b'<sheetData><row r="900" hidden="1"/>', "BV-15"),
        ("xl/worksheets/sheet4.xml", b"<v>", b"<f>1+1</f><v>", "BV-15"),
        ("docProps/core.xml", b"edycja 2025", b"edycja 2024", "BV-14"),
    ],
)  # fmt: skip
def test_a_workbook_changed_inside_is_found(
    single: dict[str, bytes], part: str, before: bytes, after: bytes, code: str
) -> None:
    def change(data: bytes) -> bytes:
        assert before in data
        return data.replace(before, after, 1)

    path = f"{DIAGNOSIS}.xlsx"
    assert places(forged({**single, path: in_workbook(single[path], part, change)}), code) == {path}


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("</svg>", '<text>999</text></svg>', "BV-16"),  # a drawing that says more than that of the PDF
        ("</body>", "<script>1</script></body>", "BV-15"),
        ("</body>", '<a href="https://example.org">x</a></body>', "BV-15"),
        ("</body>", '<p onclick="1">x</p></body>', "BV-15"),
        ("<main", "<main hidden", "BV-15"),
        ("default-src 'none'", "default-src *", "BV-15"),
        ('content="26"', 'content="14"', "BV-14"),
    ],
)  # fmt: skip
def test_a_page_changed_inside_is_found(single: dict[str, bytes], before: str, after: str, code: str) -> None:
    path = f"{DIAGNOSIS}.html"
    page = single[path].decode()
    assert before in page
    found = bundle_check.check(forged({**single, path: page.replace(before, after, 1).encode()})).problems
    assert code in {problem.code for problem in found}


# ---- what the bundle claims ----------------------------------------------------------------------------------------


def with_record(manifest: Manifest, **changes: Any) -> Manifest:
    """Return a manifest with another record of the audit of the survey."""
    records = tuple(
        replace(record, **changes) if record.topic == "training_needs" else record for record in manifest.disclosure
    )
    return replace(manifest, disclosure=records)


def with_systems(manifest: Manifest, **changes: Any) -> Manifest:
    """Return a manifest in which the first system with hidden cells has other numbers."""
    [record] = [record for record in manifest.disclosure if record.topic == "training_needs"]
    first = next(system for system in record.systems if system.hidden)
    systems = tuple(replace(one, **changes) if one is first else one for one in record.systems)
    narrowest = replace(first, **changes) if record.narrowest == first else record.narrowest
    return with_record(manifest, systems=systems, narrowest=narrowest)


@pytest.mark.parametrize(
    "edit",
    [
        lambda manifest: with_record(manifest, verdict="unsafe"),
        lambda manifest: with_record(manifest, basis="rules", verdict="not_audited", systems=(), narrowest=None),
        lambda manifest: with_record(manifest, systems=(), narrowest=None),
        lambda manifest: with_record(manifest, narrowest=None),
        lambda manifest: with_record(manifest, checked="Sprawdzono."),
        lambda manifest: with_systems(manifest, verdict="unsafe"),
        lambda manifest: with_systems(manifest, found=1.0),
        lambda manifest: with_systems(manifest, required=1.0, found=2.0),
        lambda manifest: with_systems(manifest, hidden=1),
        lambda manifest: replace(manifest, disclosure=manifest.disclosure[:1]),
        lambda manifest: replace(manifest, disclosure=(*manifest.disclosure, *manifest.disclosure)),
    ],
)  # fmt: skip
def test_an_audit_made_up_or_turned_is_found(whole: dict[str, bytes], edit: Callable[[Manifest], Manifest]) -> None:
    assert codes(forged(whole, edit)) == {"BV-17"}


def test_blocking_findings_and_miscounted_ones_are_found(single: dict[str, bytes]) -> None:
    def edit(manifest: Manifest, **changes: Any) -> Manifest:
        [(topic, screening)] = manifest.screening.items()
        return replace(manifest, screening={topic: replace(screening, **changes)})

    one = FindingCount("GUS-03", "plik pusty", "blocking", "data/raw/gus_sdg/a.csv", "", 1)
    assert codes(forged(single, lambda manifest: edit(manifest, blocking=1, findings=(one,)))) == {"BV-18"}
    assert codes(forged(single, lambda manifest: edit(manifest, warnings=7))) == {"BV-18"}
    assert "BV-18" in codes(forged(single, lambda manifest: replace(manifest, screening={})))


def test_made_up_data_that_are_not_admitted_are_found(whole: dict[str, bytes]) -> None:
    def unmarked(manifest: Manifest) -> Manifest:
        return replace(manifest, reports=tuple(replace(report, synthetic=False) for report in manifest.reports))

    def denied(manifest: Manifest) -> Manifest:
        data = {key: replace(one, synthetic=False) for key, one in manifest.data.items()}
        return replace(manifest, data=data)

    def added(manifest: Manifest) -> Manifest:
        made_up = Dataset("x", "x", "x", synthetic=True)
        data = {key: replace(one, datasets=(*one.datasets, made_up)) for key, one in manifest.data.items()}
        return replace(manifest, data=data)

    for edit in (unmarked, denied, added):
        assert "BV-19" in codes(forged(whole, edit))


def test_a_mark_of_made_up_data_taken_from_a_page_is_found(whole: dict[str, bytes]) -> None:
    path = f"{NEEDS}.html"
    page = whole[path].decode().replace("DANE SYNTETYCZNE", "DANE RZECZYWISTE")
    assert places(forged({**whole, path: page.encode()}), "BV-16") == {path}


def test_data_files_other_than_those_of_the_report_are_found(single: dict[str, bytes]) -> None:
    def edit(manifest: Manifest) -> Manifest:
        [(topic, data)] = manifest.data.items()
        files = (replace(data.files[0], sha256="0" * 64), *data.files[1:])
        return replace(manifest, data={topic: replace(data, files=files)})

    assert codes(forged(single, edit)) == {"BV-23"}
    nothing = forged(single, lambda manifest: replace(manifest, data={}, screening={}), described=False)
    assert "BV-07" in codes(nothing)


def test_reports_listed_twice_or_not_at_all_are_found(single: dict[str, bytes]) -> None:
    assert "BV-07" in codes(forged(single, lambda manifest: replace(manifest, reports=manifest.reports * 2)))
    empty = manifest_of(forged(single))
    data = archive.pack({NAME: replace(empty, reports=(), files={}).to_bytes()})
    assert {"BV-07", "BV-08"} <= codes(data)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://w3id.org/ro/crate/1.1/context", "https://example.org"),
        ('"@id": "https://w3id.org/ro/wfrun/process/0.5"', '"@id": "https://w3id.org/ro/wfrun/process/0.4"'),
        ("CreateAction", "Action"),
        ('"contentSize": "', '"contentSize": "1'),
        ('"hasPart"', '"parts"'),
        ("{", "["),
        ("index.html", "inny.html"),
    ],
)
def test_a_crate_that_describes_something_else_is_found(single: dict[str, bytes], before: str, after: str) -> None:
    text = single[CRATE].decode()
    assert before in text
    assert CRATE in places(forged({**single, CRATE: text.replace(before, after).encode()}, described=False), "BV-20")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'href="{DIAGNOSIS}.pdf"', 'href="https://example.org/a.pdf"'),
        (f'href="{DIAGNOSIS}.pdf"', f'href="{DIAGNOSIS}.html"'),
        ("</main>", "<script>1</script></main>"),
        ("</main>", '<a href="../x">x</a></main>'),
        ("Diagnoza sytuacji regionalnej</th>", "Ekonomia społeczna</th>"),
    ],
)
def test_an_index_that_leads_elsewhere_is_found(single: dict[str, bytes], before: str, after: str) -> None:
    page = single[INDEX].decode()
    assert before in page
    changed = forged({**single, INDEX: page.replace(before, after).encode()})
    assert places(changed, "BV-21") == {INDEX}


# ---- whatever else comes -------------------------------------------------------------------------------------------


@given(data=st.binary(max_size=3000))
@fuzzed
def test_any_bytes_are_refused_without_a_crash(data: bytes) -> None:
    checked = bundle_check.check(data)
    assert checked.problems
    assert all(problem.code in CHECKS for problem in checked.problems)


@pytest.mark.usefixtures("reports_unread")
@given(data=st.data())
@fuzzed
def test_a_bundle_with_any_bytes_changed_is_refused_without_a_crash(bundled: Bundled, data: st.DataObject) -> None:
    changed = bytearray(bundled.single)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed) - 1) | st.integers(len(changed) - 2500, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)) | st.just(len(changed)))
    result = bytes(changed[:cut])
    assert bool(codes(result, bundled.public)) == (result != bundled.single)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def replaced(value: Any, data: st.DataObject) -> Any:
    """Return a JSON value with something in it replaced by anything else."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 7)):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = data.draw(st.sampled_from(keys))
        copy = value.copy()
        copy[key] = replaced(value[key], data)
        return copy
    return data.draw(anything)


@pytest.mark.usefixtures("reports_unread")
@given(data=st.data())
@fuzzed
def test_any_manifest_is_read_without_a_crash(bundled: Bundled, data: st.DataObject) -> None:
    files = opened(bundled.single)
    changed = replaced(json.loads(files[NAME]), data)
    files[NAME] = (json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    assert bool(codes(archive.pack(files), bundled.public)) == (files[NAME] != opened(bundled.single)[NAME])


def with_any_json(bundled: Bundled, path: str, data: st.DataObject) -> bytes:
    """Return a bundle of which one JSON file holds anything, with its checksum made right."""
    files = opened(bundled.single)
    changed = replaced(json.loads(files[path]), data)
    files[path] = (json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    return forged(files, described=False)


@given(data=st.data())
@settings(fuzzed, max_examples=25)
def test_the_json_of_any_report_is_read_without_a_crash(bundled: Bundled, data: st.DataObject) -> None:
    checked = bundle_check.check(with_any_json(bundled, f"{DIAGNOSIS}.json", data))
    assert all(problem.code in CHECKS for problem in checked.problems)


@pytest.mark.usefixtures("reports_unread")
@given(data=st.data())
@fuzzed
def test_any_crate_is_read_without_a_crash(bundled: Bundled, data: st.DataObject) -> None:
    assert codes(with_any_json(bundled, CRATE, data)) <= {"BV-20"}


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
@given(data=st.data())
@settings(fuzzed, max_examples=8)
def test_any_report_is_read_without_a_crash(bundled: Bundled, name: str, data: st.DataObject) -> None:
    files = opened(bundled.single)
    path = f"{DIAGNOSIS}.{name}"
    content = bytearray(files[path])
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    files[path] = bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))])
    assert all(problem.code in CHECKS for problem in bundle_check.check(forged(files)).problems)


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 200_000, b'{"a":1,"a":2}', b'{"format": NaN}', b"1e999", b"\xff\xfe", b"null", b"9" * 5000],
    ids=["empty", "deep", "twice", "nan", "large", "encoding", "null", "digits"],
)
@pytest.mark.parametrize("path", [NAME, CRATE, f"{DIAGNOSIS}.json"])
def test_json_that_two_readers_may_understand_differently_is_refused(
    single: dict[str, bytes], path: str, content: bytes
) -> None:
    files = {**single, path: content}
    data = archive.pack(files) if path == NAME else forged(files, described=path != CRATE)
    assert codes(data) == {NAME: {"BV-07"}, CRATE: {"BV-20"}}.get(path, {"BV-15"})


def test_the_command_line_ends_well_whatever_it_gets(
    bundled: Bundled, run_cli: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    path = tmp_path / "zla.zip"
    path.write_bytes(with_entry(bundled.single, zipfile.ZipInfo("../\x1b]0;x\x07\u202e.html")))
    result = run_cli("verify", path, cwd=tmp_path)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "BV-03 niedozwolona ścieżka" in result.stdout
    assert "\x1b" not in result.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["zla.zip"]


def test_a_crate_written_for_the_manifest_has_no_fault(single: dict[str, bytes]) -> None:
    assert crate.faults(single[CRATE], from_bytes(single[NAME])) == []
    assert len(single[SIGNATURE]) == signing.SIGNATURE_BYTES
    assert zlib.crc32(single[CRATE]) == zlib.crc32(crate.write(from_bytes(single[NAME])))
