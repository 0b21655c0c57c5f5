"""A gmina or powiat as reports and folders name it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from ropsanalysis.regions import Region

Level = Literal["gmina", "powiat"]
CITY: Final = "miasto na prawach powiatu"
_FOLDERS: Final[dict[Level, str]] = {"gmina": "gminy", "powiat": "powiaty"}


@dataclass(frozen=True, slots=True)
class LocalUnit:
    """One gmina or powiat.

    Attributes
    ----------
    teryt
        Seven digits of a gmina (with its kind), four of a powiat.
    name
        As the register has it, without "gmina" and "powiat".
    kind
        "gmina miejska", "gmina wiejska", "gmina miejsko-wiejska", "powiat" or `CITY`.
    powiat
        Name of the powiat that a gmina lies in.
    """

    teryt: str
    level: Level
    name: str
    kind: str
    powiat: str
    region: Region

    @property
    def title(self) -> str:
        """What it is called wherever it stands alone: names are not declined, for their forms are not known.

        Two gminas of one name in one powiat are told apart by their kinds.
        """
        if self.level == "powiat":
            return f"{CITY} {self.name}" if self.kind == CITY else f"powiat {self.name}"
        if self.kind == CITY:
            return f"gmina {self.name} ({CITY})"
        return f"gmina {self.name} ({self.kind.removeprefix('gmina ')}), powiat {self.powiat}"

    @property
    def slug(self) -> str:
        """Name in ASCII, for file and folder names."""
        return slug(self.name)

    @property
    def folder(self) -> str:
        """Its folder in an edition, such as ``28-warminsko-mazurskie/gminy/2801011-bartoszyce``."""
        return f"{self.region.folder}/{_FOLDERS[self.level]}/{self.teryt}-{self.slug}"


def slug(text: str) -> str:
    """Return a text in lower-case ASCII with hyphens.

    Examples
    --------
    >>> slug("Górowo Iławeckie")
    'gorowo-ilaweckie'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
