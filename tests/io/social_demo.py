"""The demo of the social economy for tests: written once, and its lists read as plainly as can be."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from ropsanalysis.io import synthetic
from support import PROJECT

UNITS = PROJECT / "data" / "raw" / "teryt_units"
DELIMITERS = {"krs": ";", "kgw": ";", "koscielne_osoby_prawne": "\t"}


def with_units(raw: Path) -> Path:
    """Return a folder of raw data that holds the list of territorial units and nothing else."""
    shutil.copytree(UNITS, raw / "teryt_units")
    return raw


def write_demo(raw: Path) -> Path:
    """Return a folder of raw data with the whole demo of the social economy."""
    synthetic.write_social_demo(with_units(raw))
    return raw


@dataclass(frozen=True)
class RawList:
    """A list as delivered, with the columns that its description names, under our names."""

    about: dict[str, object]
    table: pd.DataFrame

    def days(self, role: str) -> pd.Series:
        """Return the days of a column, from whichever way of writing them the list has."""
        texts = self.table[role].dropna().astype(str)
        first = not texts.str.match(r"\d{4}-").all()
        return pd.to_datetime(texts, dayfirst=first, format="mixed").reindex(self.table.index)


def read_list(raw: Path, name: str) -> RawList:
    """Return one list without any help from the project's own readers."""
    folder = raw / "es_register"
    about = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    path = folder / about["file"]
    if path.suffix == ".xlsx":
        table = pd.read_excel(path, sheet_name=about["sheet"], dtype=object)
    else:
        table = pd.read_csv(path, sep=DELIMITERS.get(name, ","), dtype=str, encoding="utf-8-sig")
    back = {theirs: ours for ours, theirs in about["columns"].items()}
    return RawList(about, table.rename(columns=back))
