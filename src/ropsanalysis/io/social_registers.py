"""Reads the registers of the social economy: any number of lists, each described by a mapping file, linked to entities.

A list's rows are understood one by one (`social_lists`), rows that are one entity are found (`social_linkage`), and
each entity is counted once (`social_spells`). All that is doubtful comes as findings; nothing disappears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io import catalogue, plain_yaml
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.gminas import Gminas
from ropsanalysis.io.provenance import FileRecord, sha256
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_linkage import Linked, link
from ropsanalysis.io.social_links import STEM, LinksRead, read_links
from ropsanalysis.io.social_lists import DAYS, RECORD_COLUMNS, ListRead, read_list
from ropsanalysis.io.social_mapping import SUFFIXES, ListMap, read_mapping
from ropsanalysis.io.social_spells import Spells, build_spells
from ropsanalysis.io.social_status import attach_status
from ropsanalysis.regions import by_teryt
from ropsanalysis.social_economy.schema import REGISTER_COUNT_COLUMNS, SPELL_COLUMNS, STATUS_COLUMNS

DATASET: Final = "es_register"
REVIEW_COLUMNS: Final = ("record_a", "record_b", "name_a", "name_b", "teryt", "why")
IDENTIFIER_COLUMNS: Final = ("entity", "kind", "value")
STALE_YEARS: Final = 3
"""A list whose newest entry is so many years older than its day has not been kept up."""
OLD_MONTHS: Final = 12
"""A list so much older than the newest one makes the whole report old."""


@dataclass(frozen=True, slots=True)
class RegistersRead:
    """What the registers say.

    Attributes
    ----------
    spells, status, counts
        As `schema.Inputs` has them (`counts` is its register_counts); empty where lists cannot be used.
    identifiers
        Columns entity, kind (nip, regon of nine digits, krs, id as written, name normalised), value.
    as_of
        Day that the registers describe: the oldest of all lists; NaT where there is none.
    findings
        All findings, list by list.
    rejected
        Refused rows, columns `row_notes.REJECTED`.
    review
        Pairs of records for a person to look at, columns `REVIEW_COLUMNS`; a record is named ``<file>:<row>``, or
        ``<file>#<sheet>:<row>`` where several lists lie in one workbook.
    files
        Provenance of descriptions and lists.
    """

    spells: pd.DataFrame
    status: pd.DataFrame
    identifiers: pd.DataFrame
    counts: pd.DataFrame
    as_of: pd.Timestamp
    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    review: pd.DataFrame
    files: tuple[FileRecord, ...]


def read_registers(raw: Path, *, units: pd.DataFrame) -> RegistersRead:
    """Read, check and link all lists of ``es_register``.

    Parameters
    ----------
    raw
        Usually ``data/raw``. A folder that is not there gives an empty result without a finding.
    units
        Columns `social_economy.schema.UNIT_COLUMNS`.

    Notes
    -----
    Bad data never raise: they become findings. Rows are refused with a warning and the rest is used; a list that
    cannot be read, personal data, or a number of entities that cannot be true is blocking. The result does not depend
    on the order of rows.
    """
    return _Registers(raw, units).read()


@dataclass(slots=True)
class _Registers:
    raw: Path
    units: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)

    def read(self) -> RegistersRead:
        if not self._folder.is_dir():
            return self._nothing()
        lists = self._lists()
        if lists and all(one.mapping.attaches for one in lists):
            self._no_register()
        # What the lists say together cannot be told without one of them.
        stopped = any(finding.severity == "blocking" for finding in self.findings)
        if not lists or stopped or any(one.records is None for one in lists):
            return self._refused(lists)
        as_of = self._common_day(lists)
        records = self._all_records(lists, as_of)
        if records.empty:
            self.findings.append(
                Finding("ES-04", "blocking", self._label, None, "", "żadnego wiersza rejestrów nie można użyć",
                        "co najmniej jeden poprawny wiersz", "Proszę sprawdzić pozostałe uwagi do list.")
            )  # fmt: skip
            return self._refused(lists)
        is_unit = records["legal_form"].isin(_reintegration()).to_numpy()
        links = read_links(self._folder, label=self._label, records=records,
                           lists=[one.name for one in lists], units=is_unit)  # fmt: skip
        linked = link(records, units=is_unit, decisions=links.decisions)
        maps = [one.mapping for one in lists]
        spells = build_spells(records, linked.labels, maps, units=is_unit)
        self._tell_linkage(lists, records, linked, spells)
        dropped = np.zeros(len(records), dtype=bool)
        dropped[[one.position for one in spells.dropped]] = True
        used, owners = records[~dropped], spells.entity[~dropped]
        status, attached = attach_status(lists, used, owners, spells.table, units=is_unit[~dropped], as_of=as_of)
        self._check_plausible(spells.table, as_of, maps)
        review = _review(records, linked, lists)
        counts = _counts(used, owners, attached, review, lists)
        for one in lists:
            rows = int((used["list"] == one.number).sum()) or int((attached["list"] == one.number).sum())
            self.files.extend(one.record(rows))
        self.files.extend(links.files)
        return RegistersRead(
            spells=spells.table,
            status=status,
            identifiers=_identifiers(used, owners),
            counts=counts,
            as_of=as_of,
            findings=(*self.findings, *self._told(lists), *links.notes.findings()),
            rejected=_rejected(lists, links),
            review=review,
            files=tuple(self.files),
        )

    # --- files --------------------------------------------------------------------------------------------

    @property
    def _folder(self) -> Path:
        return self.raw / DATASET

    @property
    def _label(self) -> str:
        return f"{self.raw.parent.name}/{self.raw.name}/{DATASET}"

    def _lists(self) -> list[ListRead]:
        """Return the lists in the order of their descriptions' names."""
        delivered = sorted(path for path in self._folder.iterdir() if path.is_file() and path.name[:1] not in ".~")
        described = [path for path in delivered if path.suffix.lower() in plain_yaml.SUFFIXES]
        if not described:
            self._no_register()
        maps: list[ListMap] = []
        for path in described:
            mapping, found = read_mapping(path, label=self._label)
            self.findings.extend(found)
            data = path.read_bytes()
            source = "" if mapping is None else mapping.source
            self.files.append(
                FileRecord(f"{self._label}/{path.name}", sha256(data), len(data), 0, 0, "social_registers", source)
            )
            if mapping is not None:
                maps.append(mapping)
        named = {mapping.file for mapping in maps}
        for mapping in maps:
            if sum(mapping.file == other.file and mapping.sheet == other.sheet for other in maps) > 1:
                self.findings.append(
                    Finding("ES-08", "blocking", mapping.path, None, "file", f"plik {mapping.file} ma dwa opisy",
                            "jeden opis dla listy", "Proszę usunąć jeden z opisów.")
                )  # fmt: skip
        self.findings.extend(
            Finding("ES-39", "warning", f"{self._label}/{path.name}", None, "", "żaden opis nie wskazuje tego pliku",
                    "plik wskazany w polu „file” opisu", "Pliku nie otwarto. Proszę dodać opis albo usunąć plik.")
            for path in delivered
            if path.suffix.lower() in SUFFIXES and path.name not in named and path.stem.casefold() != STEM and maps
        )  # fmt: skip
        gminas = Gminas.of(self.units)
        return [
            read_list(mapping, self._folder, label=self._label, number=number, name=_name(mapping, maps), gminas=gminas)
            for number, mapping in enumerate(maps)
        ]

    def _no_register(self) -> None:
        self.findings.append(
            Finding("ES-02", "blocking", self._label, None, "", "brak listy podmiotów z opisem",
                    "plik .yaml, który wskazuje listę podmiotów i znaczenie jej kolumn",
                    "Proszę dodać opis do każdej listy z rejestru.")
        )  # fmt: skip

    def _told(self, lists: Sequence[ListRead]) -> list[Finding]:
        return [finding for one in lists for finding in (*one.findings, *one.notes.findings())]

    def _refused(self, lists: Sequence[ListRead]) -> RegistersRead:
        for one in lists:
            self.files.extend(one.record(0))
        nothing = self._nothing()
        return RegistersRead(
            spells=nothing.spells,
            status=nothing.status,
            identifiers=nothing.identifiers,
            counts=nothing.counts,
            as_of=nothing.as_of,
            findings=(*self.findings, *self._told(lists)),
            rejected=_rejected(lists, None),
            review=nothing.review,
            files=tuple(self.files),
        )

    def _nothing(self) -> RegistersRead:
        def empty(columns: Sequence[str]) -> pd.DataFrame:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})

        return RegistersRead(
            spells=empty(SPELL_COLUMNS),
            status=empty(STATUS_COLUMNS),
            identifiers=empty(IDENTIFIER_COLUMNS),
            counts=empty(REGISTER_COUNT_COLUMNS),
            as_of=pd.NaT,  # type: ignore[arg-type]
            findings=(),
            rejected=empty(REJECTED),
            review=empty(REVIEW_COLUMNS),
            files=(),
        )

    # --- days ---------------------------------------------------------------------------------------------

    def _common_day(self, lists: Sequence[ListRead]) -> pd.Timestamp:
        """Return the day of the oldest list; lists of other days, old lists and lists not kept up are told."""
        days = {one.file: one.mapping.as_of for one in lists}
        oldest, newest = min(days.values()), max(days.values())
        if oldest != newest:
            listed = ", ".join(f"{Path(file).name}: {day}" for file, day in sorted(days.items()))
            self.findings.append(
                Finding("ES-37", "warning", self._label, None, "as_of", listed, "jeden dzień stanu wszystkich list",
                        f"Przyjęto stan na {oldest}; zdarzeń po tym dniu nie liczymy. Proszę pobrać listy z jednego "
                        "dnia.")
            )  # fmt: skip
        for one in lists:
            self._check_age(one, newest)
        return pd.Timestamp(oldest).as_unit("s")

    def _check_age(self, one: ListRead, newest: str) -> None:
        as_of = pd.Timestamp(one.mapping.as_of)
        if as_of + pd.DateOffset(months=OLD_MONTHS) < pd.Timestamp(newest):
            one.notes.add(
                "ES-19", "as_of", [(None, f"stan na {one.mapping.as_of}, najnowsza lista: {newest}")],
                f"lista nie starsza niż {OLD_MONTHS} miesięcy od najnowszej",
                "Proszę pobrać nową listę z tego rejestru.",
            )  # fmt: skip
        if one.records is None or one.records.empty:
            return
        last = one.records[list(DAYS)].max().max()
        limit = max(as_of, pd.Timestamp(newest)) - pd.DateOffset(years=STALE_YEARS)
        if pd.notna(last) and last <= limit:
            one.notes.add(
                "ES-19", "", [(None, f"najnowszy wpis z {last.date()}, stan na {one.mapping.as_of}")],
                f"wpisy z ostatnich {STALE_YEARS} lat",
                "Lista wygląda na nieaktualizowaną. Proszę sprawdzić, czy to najnowsza wersja rejestru.",
            )  # fmt: skip

    def _all_records(self, lists: Sequence[ListRead], as_of: pd.Timestamp) -> pd.DataFrame:
        """Return the records of all lists that name entities, as they were on the common day, sorted by content."""
        parts = []
        for one in lists:
            if one.mapping.attaches or one.records is None:
                continue
            records = one.records
            later = records["start"] > as_of
            if later.any():
                places = [(int(row), f"początek {start.date()}") for row, start in
                          records.loc[later, ["row", "start"]].itertuples(index=False)]  # fmt: skip
                one.notes.add("ES-37", one.mapping.columns["start"], places, f"dzień do {as_of.date()}",
                              "Wiersz pominięto, bo inne listy opisują wcześniejszy dzień.", refuse=True)  # fmt: skip
                records = records[~later]
            parts.append(records)
        table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(RECORD_COLUMNS))
        for day in ("end", "verified", "since", "until"):
            table[day] = table[day].where(~(table[day] > as_of))
        # Not by row: what comes of the records must not depend on the order that somebody sorted the list in.
        content = ["list", "start", "end", "krs", "nip", "regon", "id", "name", "teryt", "legal_form", "row"]
        return table.sort_values(content, ignore_index=True)

    # --- what linkage found -------------------------------------------------------------------------------

    def _tell_linkage(self, lists: Sequence[ListRead], records: pd.DataFrame, linked: Linked, spells: Spells) -> None:
        owner = [lists[int(number)] for number in records["list"]]
        rows = [int(row) for row in records["row"]]
        names, nips = records["name"].tolist(), records["nip"].tolist()

        def place(position: int) -> str:
            return f"{owner[position].name}, wiersz {rows[position]}"

        remedy = "Wiersz pominięto. Proszę sprawdzić numery w rejestrze."
        for one in spells.dropped:
            other, nip = one.other, nips[one.position]
            if one.code == "ES-14":
                what = f"NIP {nip}" if nip and nip == nips[other] else "ten sam REGON lub KRS"
                found, expected = f"{what} ma też wiersz {rows[other]}", "jeden podmiot w rejestrze w danym czasie"
            else:
                found, expected = f"powtarza wiersz {rows[other]}", "jeden wiersz o podmiocie w danym czasie"
            column = owner[one.position].mapping.columns.get("nip" if one.code == "ES-14" else "name", "")
            owner[one.position].notes.add(
                one.code, column, [(rows[one.position], found)], expected, remedy, refuse=True
            )
        for doubt in linked.contradictions:
            owner[doubt.b].notes.add(
                "ES-22", "", [(rows[doubt.b], f"{doubt.why} ({place(doubt.a)})")], "zgodne numery jednego podmiotu",
                f"Proszę sprawdzić numery i w razie potrzeby rozstrzygnąć w pliku {STEM}.csv.",
            )  # fmt: skip
        for conflict in spells.conflicts:
            owner[conflict.closed].notes.add(
                "ES-24", owner[conflict.closed].mapping.columns.get("end", ""),
                [(rows[conflict.closed], f"zamknięty tutaj, a otwarty: {place(conflict.open)}")],
                "zgodny stan we wszystkich rejestrach, które odnotowują zamknięcia",
                "Przyjęto, że podmiot nadal działa. Proszę sprawdzić w rejestrach.",
            )  # fmt: skip
        for position in spells.uncovered:
            covers = owner[position].mapping.covers_from
            owner[position].notes.add(
                "ES-30", owner[position].mapping.columns.get("end", ""),
                [(rows[position], f"koniec przed {covers}")],
                "covers_from nie późniejszy niż najstarszy koniec na liście",
                "Proszę poprawić pole covers_from w opisie listy.",
            )  # fmt: skip
        for doubt in linked.review:
            owner[doubt.b].notes.add(
                "ES-23", owner[doubt.b].mapping.columns.get("name", ""),
                [(rows[doubt.b], f"„{names[doubt.b]}” i „{names[doubt.a]}” ({place(doubt.a)}): {doubt.why}")],
                "pewność, czy to jeden podmiot",
                f"Podmioty policzono osobno, chyba że mają wspólny numer. Proszę rozstrzygnąć w pliku {STEM}.csv: "
                "record_a, record_b, decision (same albo different).",
            )  # fmt: skip

    def _check_plausible(self, spells: pd.DataFrame, as_of: pd.Timestamp, maps: Sequence[ListMap]) -> None:
        """Refuse more entities of a form in one voivodeship than can be: such a list is about something else."""
        standing = spells[(spells["start"] <= as_of) & ~(spells["end"] <= as_of)]
        region = standing["teryt"].str[:2]
        table = standing.assign(region=region).groupby(["legal_form", "region"])["entity"].nunique().reset_index()
        for entry in catalogue.legal_forms():
            many = table[(table["legal_form"] == entry.key) & (table["entity"] > entry.most)]
            for teryt, count in zip(many["region"], many["entity"], strict=True):
                of = standing[(region == teryt) & (standing["legal_form"] == entry.key)]
                source = of["source"].value_counts(sort=True).index[0]
                file = next(one.file for one in maps if one.source == source)
                self.findings.append(
                    Finding("ES-17", "blocking", f"{self._label}/{file}", None, "legal_form",
                            f"{entry.name}, województwo {by_teryt(str(teryt)).name}: {count} podmiotów",
                            f"najwyżej {entry.most} ({entry.most_source})",
                            "Lista obejmuje prawdopodobnie inne podmioty, na przykład wszystkie organizacje. Proszę "
                            "sprawdzić formę prawną i zakres listy.")
                )  # fmt: skip


def _name(mapping: ListMap, maps: Sequence[ListMap]) -> str:
    """Return what records of a list are named by: its file, and the sheet where several lists lie in one workbook."""
    alone = sum(mapping.file == other.file for other in maps) == 1
    return mapping.file if alone else f"{mapping.file}#{mapping.sheet}"


def _reintegration() -> list[str]:
    return [entry.key for entry in catalogue.legal_forms() if entry.reintegration]


def _identifiers(records: pd.DataFrame, entity: npt.NDArray[np.object_]) -> pd.DataFrame:
    parts = []
    for kind in ("nip", "regon", "krs", "id", "name"):
        values = records["plain" if kind == "name" else kind].to_numpy(dtype=object)
        given = values != ""
        parts.append(pd.DataFrame({"entity": entity[given], "kind": kind, "value": values[given]}))
    table = pd.concat(parts, ignore_index=True).drop_duplicates().astype("str")
    return table.sort_values(["entity", "kind", "value"], ignore_index=True)


def _review(records: pd.DataFrame, linked: Linked, lists: Sequence[ListRead]) -> pd.DataFrame:
    files = [lists[int(number)].name for number in records["list"]]
    rows, names, teryt = (records[name].to_numpy(dtype=object) for name in ("row", "name", "teryt"))
    lines = [
        (
            f"{files[one.a]}:{rows[one.a]}",
            f"{files[one.b]}:{rows[one.b]}",
            names[one.a],
            names[one.b],
            teryt[one.b],
            one.why,
        )
        for one in linked.review
    ]
    return pd.DataFrame(lines, columns=list(REVIEW_COLUMNS)).astype("str")


def _counts(
    records: pd.DataFrame,
    entity: npt.NDArray[np.object_],
    attached: pd.DataFrame,
    review: pd.DataFrame,
    lists: Sequence[ListRead],
) -> pd.DataFrame:
    """Return what linkage found, by voivodeship and register."""
    own = pd.DataFrame(
        {"list": records["list"].to_numpy(), "teryt": records["teryt"].str[:2].to_numpy(), "entity": entity}
    )
    rows = pd.concat([own, attached[["list", "teryt", "entity"]]], ignore_index=True)
    sources = np.array([one.mapping.source for one in lists], dtype=object)
    rows["source"] = sources[rows["list"].to_numpy(dtype=int)] if len(rows) else ""
    registers = rows.groupby("entity")["source"].nunique()
    rows["shared"] = rows["entity"].map(registers) > 1
    pairs = pd.DataFrame(
        {
            "source": [_source_of(record, lists) for record in (*review["record_a"], *review["record_b"])],
            "teryt": [*review["teryt"].str[:2], *review["teryt"].str[:2]],
            "pair": [*range(len(review)), *range(len(review))],
        }
    ).drop_duplicates()
    asked = pairs.groupby(["teryt", "source"])["pair"].nunique()
    grouped = rows.groupby(["teryt", "source"])
    counts = pd.DataFrame(
        {
            "records": grouped.size(),
            "entities": grouped["entity"].nunique(),
            "shared": rows[rows["shared"]].groupby(["teryt", "source"])["entity"].nunique(),
        }
    )
    counts["review"] = asked.reindex(counts.index)
    counts = counts.fillna(0).astype("int64").reset_index()
    return counts[list(REGISTER_COUNT_COLUMNS)].astype({"teryt": "str", "source": "str"})


def _source_of(record: str, lists: Sequence[ListRead]) -> str:
    file = record.rpartition(":")[0]
    return next(one.mapping.source for one in lists if one.name == file)


def _rejected(lists: Sequence[ListRead], links: LinksRead | None) -> pd.DataFrame:
    parts = [one.rejected() for one in lists]
    if links is not None:
        parts.append(links.notes.rejected(lambda row: links.cells[row]))
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(REJECTED))
