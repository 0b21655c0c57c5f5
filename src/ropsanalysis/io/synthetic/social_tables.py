"""Writes one made-up list as offices deliver it, CSV or workbook, with the description that says what is what in it."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import yaml

from ropsanalysis.io.synthetic.social_truth import AS_OF
from ropsanalysis.io.synthetic.workbooks import write_workbook
from ropsanalysis.social_economy.schema import SIZE_CLASSES

Files = dict[str, tuple[bytes, int]]
"""Content and number of data rows (0 for a description) of each file, by name."""
Columns = Mapping[str, Iterable[Any]]
"""Cells of each column by its heading."""
Layout = Literal["comma", "comma with mark", "semicolon", "tab", "workbook"]

SIZE_LIMITS: Final = (0, 1, 10, 50)
"""Smallest staff of each class of size."""

_DELIMITERS: Final = {"comma": ",", "comma with mark": ",", "semicolon": ";", "tab": "\t"}
_SHEET: Final = "Wykaz"
_NOTE: Final = "# Opis przykładowej listy. DANE SYNTETYCZNE: podmioty i ich numery są zmyślone.\n"


def write_list(
    name: str,
    columns: Columns,
    *,
    roles: str,
    layout: Layout,
    source: str,
    covers_from: str,
    about: Mapping[str, object] | None = None,
) -> Files:
    """Return a list and its description.

    Parameters
    ----------
    name
        Name of the files, without suffix.
    columns
        As long as one another.
    roles
        What each column means, in their order, separated by blanks; "-" is a column that nobody asks for.
    layout
        How the list is written; "with mark" is the mark of UTF-8 that spreadsheets put before a CSV file.
    source, covers_from
        Name of the register, and the first day from which it shows an entity.
    about
        What else the description says.
    """
    headings = list(columns)
    rows = list(zip(*columns.values(), strict=True))
    description: dict[str, object] = {
        "file": f"{name}.{'xlsx' if layout == 'workbook' else 'csv'}",
        "source": source,
        "as_of": datetime.date.fromisoformat(AS_OF),
        "covers_from": datetime.date.fromisoformat(covers_from),
        "closures": True,
        **({"sheet": _SHEET} if layout == "workbook" else {}),
        **(about or {}),
        "columns": {role: head for role, head in zip(roles.split(), headings, strict=True) if role != "-"},
    }
    if layout == "workbook":
        content = write_workbook(headings, rows, sheet=_SHEET, year=int(AS_OF[:4]))
    else:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=_DELIMITERS[layout], lineterminator="\n").writerows([headings, *rows])
        content = buffer.getvalue().encode("utf-8-sig" if layout == "comma with mark" else "utf-8")
    told = _NOTE + yaml.safe_dump(description, allow_unicode=True, sort_keys=False, width=120)
    return {str(description["file"]): (content, len(rows)), f"{name}.yaml": (told.encode("utf-8"), 0)}


def as_texts(moments: pd.Series[Any], form: str = "{0}-{1}-{2}") -> list[str]:
    """Return days as texts of year (0), month (1) and day (2); an empty text for none.

    Examples
    --------
    >>> as_texts(pd.Series(pd.to_datetime(["2025-12-31", None])), "{2}.{1}.{0}")
    ['31.12.2025', '']
    """
    texts = np.datetime_as_string(moments.to_numpy().astype("datetime64[D]"))
    return ["" if text == "NaT" else form.format(text[:4], text[5:7], text[8:]) for text in texts]


def as_dates(moments: pd.Series[Any]) -> list[datetime.date | None]:
    """Return days as a spreadsheet holds them; None for none."""
    return [datetime.date.fromisoformat(text) if text else None for text in as_texts(moments)]


def size_classes(staff: pd.Series[int]) -> list[str]:
    """Return the class of size of each number of staff."""
    return [SIZE_CLASSES[k - 1] for k in np.searchsorted(SIZE_LIMITS, staff.to_numpy(), side="right")]
