"""Screens the data of training needs: survey files with their codebooks, frame, offer and targets.

All findings come at once, and every refused row is kept in mind by its number. The answers of persons are not
copied anywhere: a file that holds an identifier of a person is refused as a whole, free text is searched and
dropped, and findings name wrong ratings and codes only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io import catalogue, identifiers, privacy, training_checks, training_survey, training_tables
from ropsanalysis.io.codebook import Codebook, read_codebook
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.provenance import FileRecord, sha256
from ropsanalysis.io.surveys import SUFFIXES, SurveyTable, open_survey
from ropsanalysis.io.training_survey import Decoded
from ropsanalysis.training_needs.schema import (
    DATASETS,
    RESPONDENT_COLUMNS,
    Inputs,
    Survey,
    validate,
)

REJECTED_COLUMNS: Final = training_tables.REJECTED
OPTIONAL: Final = "training_targets"
"""Dataset without which the report still has needs, but no plan."""

_CODEBOOKS: Final = (".yaml", ".yml")

# Columns that survey programs add of themselves, and nobody expects to have a role.
_TECHNICAL: Final = frozenset(
    {"id", "nr", "lp", "seed", "token", "submitdate", "startdate", "datestamp", "lastpage", "startlanguage"}
    | {"refurl", "ipaddr", "interviewtime"}
)


@dataclass(frozen=True, slots=True)
class TrainingScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    inputs
        What the report is computed from; None where a finding is blocking.
    findings
        All findings, dataset by dataset.
    rejected
        Columns file, row, code, reason, record; the record of a person's answers is empty, because the row's
        number leads to them.
    files
        Provenance of the files that were read.
    synthetic
        Whether any dataset was made up for demonstration.
    year
        Year of the survey; None if there is none.
    sources
        Who published each dataset, as its ``provenance.json`` says.
    """

    inputs: Inputs | None
    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]
    synthetic: bool
    year: int | None
    sources: Mapping[str, str]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def present(raw: Path) -> bool:
    """Return whether the folder of raw data holds any dataset of training needs."""
    return any((raw / name).is_dir() for name in DATASETS)


def screen_training(raw: Path) -> TrainingScreening:
    """Screen the four datasets below the folder of raw data.

    Parameters
    ----------
    raw
        Usually ``data/raw``.

    Notes
    -----
    Bad data never raise here: they become findings. Missing targets are a warning, because needs can be
    measured without them; any other missing dataset is blocking, and is not filled from the demo.
    """
    return _Screener(raw).screen()


@dataclass(slots=True)
class _Part:
    """One survey that was read: its codebook and its accepted respondents."""

    book: Codebook
    file: str
    decoded: Decoded


@dataclass(slots=True)
class _Screener:
    raw: Path
    findings: list[Finding] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)
    about: dict[str, Mapping[str, object]] = field(default_factory=dict)

    def screen(self) -> TrainingScreening:
        for dataset in DATASETS:
            self._check_present(dataset)
            self.about[dataset] = self._provenance(dataset)
        self._check_mixture()
        parts = self._surveys()
        frame = training_tables.read_frame(self.raw / DATASETS[1], label=self._label(DATASETS[1]))
        offer = training_tables.read_offer(self.raw / DATASETS[2], label=self._label(DATASETS[2]))
        targets = training_tables.read_targets(self.raw / OPTIONAL, label=self._label(OPTIONAL))
        survey = self._combine(parts, frame)
        for dataset, read in zip(DATASETS[1:], (frame, offer, targets), strict=True):
            if (self.raw / dataset).is_dir():  # a missing folder has its own finding
                self.findings.extend(read.findings)
            self.rejected.append(read.rejected)
            if read.intake.sha256:
                rows = len(read.intake.table.rows) if read.intake.table else 0
                self._record(dataset, read.intake.file, read.intake.sha256, read.intake.bytes, rows, len(read.table))
        found = tuple(finding.redacted(identifiers.redact) for finding in self.findings)
        blocked = any(finding.severity == "blocking" for finding in found)
        inputs = None
        if survey is not None and not blocked:
            inputs = validate(
                Inputs(
                    survey=survey,
                    frame=frame.table,
                    offer=offer.table,
                    targets=targets.table,
                    competences=catalogue.competence_frame(),
                    institutions=catalogue.institution_frame(),
                    options=catalogue.option_frame(),
                )
            )
        return TrainingScreening(
            inputs=inputs,
            findings=found,
            rejected=self._all_rejected(),
            files=tuple(self.files),
            synthetic=self._synthetic(),
            year=survey.year if survey is not None else None,
            sources={name: str(about["source"]) for name, about in self.about.items() if about.get("source")},
        )

    # --- datasets as such --------------------------------------------------------------------------------

    def _label(self, dataset: str) -> str:
        return f"{self.raw.parent.name}/{self.raw.name}/{dataset}"

    def _check_present(self, dataset: str) -> None:
        if (self.raw / dataset).is_dir():
            return
        if dataset == OPTIONAL:
            self.findings.append(
                Finding("TN-07", "warning", self._label(dataset), None, "", "brak folderu z celami projektu",
                        "plik targets.csv z budżetem i wskaźnikami", "Bez celów raport nie zawiera planu szkoleń.")
            )  # fmt: skip
            return
        self.findings.append(
            Finding("TN-07", "blocking", self._label(dataset), None, "", "brak folderu zbioru",
                    f"zbiory: {', '.join(name for name in DATASETS if name != OPTIONAL)}",
                    "Proszę dostarczyć ten zbiór. Brakującego zbioru nie uzupełniamy danymi pokazowymi, bo wyniki "
                    "mieszałyby dane prawdziwe ze zmyślonymi.")
        )  # fmt: skip

    def _provenance(self, dataset: str) -> Mapping[str, object]:
        about, findings = read_origin(
            self.raw / dataset, label=self._label(dataset), prefix="TN", fields="source, synthetic, year"
        )
        self.findings.extend(findings)
        return about

    def _synthetic(self) -> bool:
        return any(about.get("synthetic") is True for about in self.about.values())

    def _check_mixture(self) -> None:
        there = [name for name in DATASETS if (self.raw / name).is_dir()]
        made_up = [name for name in there if self.about[name].get("synthetic") is True]
        if made_up and len(made_up) < len(there):
            self.findings.append(
                Finding("TN-34", "warning", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        f"zbiory pokazowe: {', '.join(made_up)}", "wszystkie zbiory prawdziwe albo wszystkie pokazowe",
                        "Cały raport będzie oznaczony jako oparty na danych syntetycznych. Proszę dostarczyć prawdziwe "
                        "zbiory w miejsce pokazowych.")
            )  # fmt: skip

    def _record(
        self, dataset: str, file: str, checksum: str, size: int, rows_in: int | None, rows_out: int | None
    ) -> None:
        source = str(self.about[dataset].get("source", ""))
        self.files.append(FileRecord(identifiers.redact(file), checksum, size, rows_in, rows_out, "training", source))

    # --- surveys -----------------------------------------------------------------------------------------

    def _surveys(self) -> list[_Part]:
        folder, label = self.raw / DATASETS[0], self._label(DATASETS[0])
        if not folder.is_dir():
            return []
        delivered = sorted(
            path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))
        )
        books = []
        for path in delivered:
            if path.suffix.lower() in _CODEBOOKS:
                book, findings = read_codebook(path, label=label)
                self.findings.extend(findings)
                data = path.read_bytes()
                self._record(DATASETS[0], f"{label}/{path.name}", sha256(data), len(data), 0, 0)
                books.extend([book] if book else [])
        self._check_books(books, delivered, label)
        read = [self._survey(book, folder, label) for book in books]
        return [part for part in read if part is not None]

    def _check_books(self, books: Sequence[Codebook], delivered: Sequence[Path], label: str) -> None:
        if not any(path.suffix.lower() in _CODEBOOKS for path in delivered):
            self.findings.append(
                Finding("TN-02", "blocking", label, None, "", "brak książki kodów", "plik .yaml z opisem ankiety",
                        "Proszę dodać książkę kodów, która wskazuje plik ankiety i znaczenie jego kolumn.")
            )  # fmt: skip
        named: set[str] = set()
        for book in books:
            if book.file in named:
                self.findings.append(
                    Finding("TN-08", "blocking", book.path, None, "file", f"plik {book.file} ma dwie książki kodów",
                            "jedna książka kodów dla pliku", "Proszę usunąć jedną z książek kodów.")
                )  # fmt: skip
            named.add(book.file)
        self.findings.extend(
            Finding("TN-39", "warning", f"{label}/{path.name}", None, "", "żadna książka kodów nie wskazuje tego pliku",
                    "plik wskazany w polu „file”", "Pliku nie otwarto. Proszę dodać książkę kodów albo go usunąć.")
            for path in delivered if path.suffix.lower() in SUFFIXES and path.name not in named and books
        )  # fmt: skip

    def _survey(self, book: Codebook, folder: Path, label: str) -> _Part | None:
        file = f"{label}/{book.file}"
        opened = open_survey(folder / book.file, file=file)
        found = [opened.finding] if opened.finding else privacy.guard_survey(file, opened)
        table = opened.table
        if table is not None and not found:
            found = [
                *training_survey.check_columns(book, table),
                *privacy.check_headers(file, table, {column for _, column in book.mapped()}),
                *_unused(book, table, file),
            ]
        key = None
        if "person" in book.single and not _stops(found):
            key, problem = self._key(book)
            found.extend(problem)
        self.findings.extend(found)
        part = None
        if table is not None and not _stops(found):
            decoded = training_survey.decode(book, table, file=file, key=key)
            self.findings.extend(decoded.findings)
            self.rejected.append(decoded.rejected)
            part = _Part(book, file, decoded)
        if opened.sha256:
            # Rows would be the number of respondents, which reports may have to hide.
            self._record(DATASETS[0], file, opened.sha256, opened.bytes, None, None)
        return part

    def _key(self, book: Codebook) -> tuple[bytes | None, list[Finding]]:
        try:
            return identifiers.load_key(self.raw.parent.parent), []
        except DataError as error:
            remedy = "Można też usunąć z książki kodów wpis „person”; powtórzone osoby nie będą wtedy wykrywane."
            return None, [
                Finding(
                    "TN-33", "blocking", book.path, None, "person", str(error), "klucz poza folderem projektu", remedy
                )
            ]

    def _combine(self, parts: Sequence[_Part], frame: training_tables.Read) -> Survey | None:
        parts = self._of_one_scale(self._of_newest_year(parts))
        if not parts:
            return None
        joined = {
            name: pd.concat([getattr(part.decoded, name) for part in parts], ignore_index=True)
            for name in ("people", "importance", "mastery", "wanted", "choices")
        }
        checked = training_checks.check(joined, frame.table, frame_file=frame.intake.file)
        self.findings.extend(checked.findings)
        self.rejected.append(checked.rejected)
        kept = {name: table[checked.kept].reset_index(drop=True) for name, table in joined.items()}
        if kept["people"].empty:
            self.findings.append(
                Finding("TN-04", "blocking", parts[0].file, None, "", "żadnej ankiety nie można użyć",
                        "co najmniej jedna poprawna ankieta", "Proszę sprawdzić pozostałe uwagi do tego pliku.")
            )  # fmt: skip
            return None
        book = parts[0].book
        return Survey(
            respondents=kept["people"][list(RESPONDENT_COLUMNS)],
            importance=kept["importance"],
            mastery=kept["mastery"],
            wanted=kept["wanted"],
            choices=kept["choices"],
            year=book.year,
            low=book.low,
            high=book.high,
            synthetic=self._synthetic(),
        )

    def _of_newest_year(self, parts: Sequence[_Part]) -> Sequence[_Part]:
        newest = max((part.book.year for part in parts), default=0)
        for part in parts:
            if part.book.year < newest:
                self.findings.append(
                    Finding("TN-29", "warning", part.book.path, None, "year",
                            f"rok {part.book.year}, liczba ankiet: {len(part.decoded.people)}", f"rok {newest}",
                            "Użyto tylko najnowszego badania. Starsze proszę przenieść do innego folderu.")
                )  # fmt: skip
        return [part for part in parts if part.book.year == newest]

    def _of_one_scale(self, parts: Sequence[_Part]) -> Sequence[_Part]:
        scales = {(part.book.low, part.book.high) for part in parts}
        if len(scales) > 1:
            listed = ", ".join(f"{low}-{high}" for low, high in sorted(scales))
            self.findings.extend(
                Finding("TN-30", "blocking", part.book.path, None, "scale", f"skale w badaniach: {listed}",
                        "jedna skala we wszystkich ankietach", "Proszę przeliczyć oceny na jedną skalę.")
                for part in parts
            )  # fmt: skip
            return []
        return parts

    def _all_rejected(self) -> pd.DataFrame:
        parts = [part if "record" in part else part.assign(record="") for part in self.rejected if len(part)]
        if not parts:
            return pd.DataFrame(columns=list(REJECTED_COLUMNS))
        return pd.concat(parts, ignore_index=True)[list(REJECTED_COLUMNS)]


def _unused(book: Codebook, table: SurveyTable, file: str) -> list[Finding]:
    known = {column for _, column in book.mapped()} | set(book.free_text)
    unused = [name for name in table.header if name and name not in known and name.casefold() not in _TECHNICAL]
    if not unused:
        return []
    listed = ", ".join(unused[:10]) + (" …" if len(unused) > 10 else "")
    return [
        Finding("TN-20", "warning", file, 1, "", f"kolumny bez roli ({len(unused)}): {listed}",
                "kolumny wskazane w książce kodów", "Kolumny pominięto. Potrzebne proszę dopisać do książki kodów.")
    ]  # fmt: skip


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "blocking" for finding in findings)
