"""Writes made-up answers in the forms that offices deliver: LimeSurvey's CSV, SPSS's .sav and XLSX, with codebooks.

The three files differ as real ones do: full answers, numbers with value labels and user-missing codes, letters
that only the codebook explains. The same answers give the same bytes: times of writing and the compression of
archives, which depend on the machine, are kept out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyreadstat
import yaml
from pyreadstat.pyclasses import MissingRange

from ropsanalysis.io.synthetic.answers import Answers
from ropsanalysis.io.synthetic.truth import FORMULA_REMARK
from ropsanalysis.io.synthetic.workbooks import write_workbook
from ropsanalysis.io.tabular import frame_to_csv
from ropsanalysis.regions import by_teryt

Labels = Mapping[str, Mapping[str, str]]
"""Polish label of each key of the catalogue, by role (competence, institution, position, form ...)."""

SINGLE: Final = ("institution", "position", "tenure", "education")
_SKIPPED_CODE: Final = 9
_NOT_APPLICABLE_CODE: Final = 8
_RATINGS: Final[dict[str, dict[int | float, str]]] = {
    "importance": {1: "zupełnie nieważne", 5: "bardzo ważne"},
    "mastery": {1: "bardzo słabo", 5: "bardzo dobrze"},
}
_SAV_DATE: Final = slice(92, 109)  # creation date and time in the header of a .sav file: 9 and 8 characters
_NOTE: Final = (
    "# Książka kodów przykładowego badania. DANE SYNTETYCZNE: odpowiedzi są zmyślone, nie pochodzą od żadnej osoby.\n"
)


def limesurvey(answers: Answers, *, labels: Labels, year: int, rng: np.random.Generator) -> dict[str, bytes]:
    """Return a LimeSurvey export with full answers, and its codebook, by file name.

    About one respondent in a hundred broke off: no date of submission, later pages empty.
    """
    n = len(answers.people)
    columns = {
        "region": "G01Q01", "institution": "G01Q02", "position": "G01Q03", "tenure": "G01Q04", "education": "G01Q05",
        "importance": "waz[{:02}]", "mastery": "opan[{:02}]", "wanted": "temat[{:02}]",
        "form": "forma[{}]", "time": "termin[{}]", "barrier": "bariera[{}]",
    }  # fmt: skip
    codebook, blocks = _layout(answers, columns)
    seconds = np.sort(rng.integers(0, 40 * 86_400, size=n))
    moments = (pd.Timestamp(year, 3, 3, 8) + pd.to_timedelta(seconds, unit="s")).strftime("%Y-%m-%d %H:%M:%S")
    table = pd.DataFrame(
        {
            "id": range(1, n + 1),
            "submitdate": moments,
            "lastpage": 5,
            "startlanguage": "pl",
            "token": _tokens(n, rng),
            columns["region"]: [by_teryt(teryt).name for teryt in answers.people["teryt"]],
            **{columns[role]: answers.people[role].map(labels[role]).fillna("") for role in SINGLE},
            **{
                column: _rating_words(answers, role, key, not_applicable="N/A")
                for role in ("importance", "mastery")
                for key, column in codebook[role].items()
            },
            **{column: ticks.map({1.0: "Tak", 0.0: "Nie"}).fillna("") for column, ticks in blocks.items()},
            "uwagi": _remarks(answers),
        }
    )
    broke_off = (rng.random(n) < 0.01) & (np.arange(n) > 0)
    table.loc[broke_off, "lastpage"] = 2
    table.loc[broke_off, ["submitdate", *codebook["mastery"].values(), *blocks, "uwagi"]] = ""
    return {
        "ankieta_limesurvey.csv": frame_to_csv(table).encode("utf-8-sig"),
        "ankieta_limesurvey.yaml": _codebook(
            "ankieta_limesurvey.csv", year, ["N/A"], {"person": "token", **codebook}, ticked=["Tak"]
        ),
    }


def spss(answers: Answers, *, labels: Labels, year: int, rng: np.random.Generator) -> dict[str, bytes]:
    """Return an SPSS file with value labels and user-missing codes, and its codebook, by file name."""
    n = len(answers.people)
    columns = {
        "region": "woj", "institution": "typ", "position": "stanow", "tenure": "staz", "education": "wykszt",
        "importance": "waz_{:02}", "mastery": "opan_{:02}", "wanted": "temat_{:02}",
        "form": "forma_{}", "time": "termin_{}", "barrier": "bariera_{}",
    }  # fmt: skip
    codebook, blocks = _layout(answers, columns)
    data: dict[str, Any] = {
        "id": np.arange(1.0, n + 1),
        "token": _tokens(n, rng),
        "woj": answers.people["teryt"].astype(float),
    }
    values: dict[str, dict[int | float, str]] = {
        "woj": {int(teryt): by_teryt(teryt).name for teryt in sorted(answers.people["teryt"].unique())}
    }
    captions: dict[str, str | None] = {"id": "Numer ankiety", "token": "Token", "woj": "Województwo", "uwagi": "Uwagi"}
    missing: dict[str, list[int | float | str | MissingRange]] = {}
    for role in SINGLE:
        name = columns[role]
        codes = {key: code for code, key in enumerate(labels[role], start=1)}
        data[name] = answers.people[role].map(codes).fillna(99).astype(float)
        values[name] = {**dict(enumerate(labels[role].values(), start=1)), 99: "brak odpowiedzi"}
        missing[name] = [99]
    for role, ends in _RATINGS.items():
        for key, name in codebook[role].items():
            ratings = getattr(answers, role)[key].fillna(_SKIPPED_CODE)
            data[name] = ratings.mask(answers.not_applicable[key], _NOT_APPLICABLE_CODE)
            values[name] = ends | {_NOT_APPLICABLE_CODE: "nie dotyczy", _SKIPPED_CODE: "brak odpowiedzi"}
            missing[name] = [_NOT_APPLICABLE_CODE, _SKIPPED_CODE]
            captions[name] = f"{'Ważność' if role == 'importance' else 'Opanowanie'}: {labels['competence'][key]}"
    for name, ticks in blocks.items():
        data[name] = ticks
        values[name] = {0: "Nie", 1: "Tak"}
    data["uwagi"] = _remarks(answers)
    table = pd.DataFrame(data)
    numeric = {name: "F8.0" for name in table.columns if name not in ("token", "uwagi")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ankieta.sav"
        pyreadstat.write_sav(
            table,
            path,
            file_label="Dane syntetyczne",
            column_labels=captions,
            variable_value_labels=values,
            missing_ranges=missing,
            variable_format=numeric,
            row_compress=True,
        )
        content = bytearray(path.read_bytes())
    content[_SAV_DATE] = f"03 Mar {year % 100:02}08:00:00".encode()
    return {
        "ankieta_spss.sav": bytes(content),
        "ankieta_spss.yaml": _codebook(
            "ankieta_spss.sav", year, ["nie dotyczy"], {"person": "token", **codebook}, ticked=["Tak", "1"]
        ),
    }


def workbook(answers: Answers, *, labels: Labels, year: int, rng: np.random.Generator) -> dict[str, bytes]:
    """Return a workbook that codes answers by letters and ticks by crosses, and its codebook, by file name."""
    people = answers.people
    columns = {
        "region": "Kod TERYT jednostki", "institution": "Typ jednostki", "position": "Stanowisko", "tenure": "Staż",
        "education": "Wykształcenie", "importance": "Ważność {:02}", "mastery": "Opanowanie {:02}",
        "wanted": "Temat {:02}", "form": "Forma {}", "time": "Termin {}", "barrier": "Bariera {}",
    }  # fmt: skip
    codebook, blocks = _layout(answers, columns)
    letters = dict(zip(SINGLE, "ABCD", strict=True))
    codes = {
        role: {key: f"{letters[role]}{number}" for number, key in enumerate(labels[role], start=1)} for role in SINGLE
    }
    powiat = rng.integers(1, 10, size=len(people))
    table = pd.DataFrame(
        {
            "Nr": range(1, len(people) + 1),
            columns["region"]: [f"{teryt}{number:02}" for teryt, number in zip(people["teryt"], powiat, strict=True)],
            **{columns[role]: people[role].map(codes[role]) for role in SINGLE},
            **{
                column: getattr(answers, role)[key].astype(object).mask(answers.not_applicable[key], "nie dotyczy")
                for role in ("importance", "mastery")
                for key, column in codebook[role].items()
            },
            **{column: ticks.map({1.0: "X"}) for column, ticks in blocks.items()},
            "Uwagi": _remarks(answers),
        }
    )
    back = {role: {code: key for key, code in codes[role].items()} for role in SINGLE}
    return {
        "ankieta_arkusz.xlsx": write_workbook(
            list(table.columns), table.itertuples(index=False), sheet="Odpowiedzi", year=year
        ),
        "ankieta_arkusz.yaml": _codebook(
            "ankieta_arkusz.xlsx", year, ["nie dotyczy"], codebook, ticked=["X"], answers=back, free_text="Uwagi"
        ),
    }


def _layout(answers: Answers, columns: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, pd.Series]]:
    """Return the columns of the codebook by role, and the ticks by column."""
    codebook: dict[str, Any] = {role: columns[role] for role in ("region", *SINGLE)}
    ticked = {"wanted": answers.wanted, **answers.choices}
    blocks: dict[str, pd.Series] = {}
    for role, frame in {"importance": answers.importance, "mastery": answers.mastery, **ticked}.items():
        codebook[role] = {key: columns[role].format(number) for number, key in enumerate(frame.columns, start=1)}
        if role in ticked:
            blocks |= {codebook[role][key]: frame[key] for key in frame.columns}
    return codebook, blocks


def _codebook(
    file: str,
    year: int,
    not_applicable: Sequence[str],
    columns: Mapping[str, Any],
    *,
    ticked: Sequence[str],
    answers: Mapping[str, Mapping[str, str]] | None = None,
    free_text: str = "uwagi",
) -> bytes:
    document: dict[str, Any] = {
        "survey": f"Badanie potrzeb szkoleniowych kadr {year} (dane syntetyczne)",
        "year": year,
        "file": file,
        "scale": {"low": 1, "high": 5, "not_applicable": list(not_applicable)},
        "columns": {**columns, "free_text": [free_text]},
        "ticked": list(ticked),
    }
    if answers is not None:
        document["answers"] = {role: dict(codes) for role, codes in answers.items()}
    return (_NOTE + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)).encode("utf-8")


def _rating_words(answers: Answers, role: str, key: str, *, not_applicable: str) -> pd.Series:
    ratings: pd.Series = getattr(answers, role)[key]
    words = ratings.map(lambda rating: "" if np.isnan(rating) else f"{rating:.0f}")
    return words.mask(answers.not_applicable[key], not_applicable)


def _remarks(answers: Answers) -> pd.Series:
    """Return the remarks; the first row of each file holds the one that must stay text."""
    remarks = answers.remark.copy()
    remarks.iloc[:1] = FORMULA_REMARK
    return remarks


def _tokens(n: int, rng: np.random.Generator) -> list[str]:
    """Return distinct tokens of letters; digits might be taken for a number that identifies a person."""
    letters = str.maketrans("01234567", "bcdfghkm")
    return [f"{number:012o}".translate(letters) for number in rng.choice(8**12, size=n, replace=False)]
