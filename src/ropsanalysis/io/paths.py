"""Where things lie in a project folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.errors import UsageError

#: Set for a notebook that a batch runs, whose working directory is private, so that it finds the project.
PROJECT_VARIABLE: Final = "ROPSANALYSIS_PROJECT"


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder: the one that holds ``notebooks/`` and ``data/``.

    Attributes
    ----------
    root
        Absolute path of the folder.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Datasets as delivered, one folder each."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """Tables made by ``ropsanalysis build``; may be deleted at any time."""
        return self.root / "data" / "processed"

    @property
    def rejected(self) -> Path:
        """Rows that screening refused, kept aside with the reason."""
        return self.processed / "rejected"

    @property
    def review(self) -> Path:
        """What a person should decide, such as entries of registers that may be one entity."""
        return self.processed / "review"

    @property
    def reports(self) -> Path:
        """Finished reports, one folder for each edition."""
        return self.root / "reports"

    @property
    def notebooks(self) -> Path:
        """Notebooks, one for each report."""
        return self.root / "notebooks"

    @classmethod
    def current(cls) -> Project:
        """Return the project a notebook belongs to.

        Raises
        ------
        UsageError
            The notebook lies outside a project folder.
        """
        named = os.environ.get(PROJECT_VARIABLE)
        return cls(Path(named)) if named else cls.find()

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project that `start` (by default the working directory) lies in.

        Raises
        ------
        UsageError
            If neither `start` nor any folder above it holds both ``notebooks/`` and ``data/``.
        """
        begin = (start or Path.cwd()).resolve()
        for folder in (begin, *begin.parents):
            if (folder / "notebooks").is_dir() and (folder / "data").is_dir():
                return cls(folder)
        raise UsageError(
            f"No project folder at or above {begin}: expected a folder with 'notebooks' and 'data' in it. "
            "Change to the project's folder, or name it with --project."
        )
