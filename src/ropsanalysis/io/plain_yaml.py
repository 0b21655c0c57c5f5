"""Reads small YAML files that people write by hand: every scalar stays text, and no key is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from ropsanalysis.errors import DataError

SUFFIXES: Final = (".yaml", ".yml")
LARGEST: Final = 2**18
"""Largest file, in bytes, that is read."""


class _RepeatedKeyError(yaml.YAMLError):
    """A mapping names a key twice, so that one of them would be lost."""


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text, so that ``02`` keeps its zero and ``no`` stays a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        if repeated is not None:
            raise _RepeatedKeyError(f"klucz „{repeated}” występuje dwa razy")
        return dict(super().construct_mapping(node, deep=deep))


def load(path: Path) -> object:
    """Return the document: texts, lists and mappings only.

    Raises
    ------
    DataError
        If the file is too large, no YAML in UTF-8, or names a key twice; the message (Polish) says which, without a
        path.
    """
    if path.stat().st_size > LARGEST:
        raise DataError(f"plik większy niż {LARGEST // 2**10} KiB")
    try:
        return yaml.load(path.read_bytes(), Loader=_TextLoader)  # noqa: S506 - builds texts, lists, mappings only
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (wiersz {mark.line + 1})" if mark else ""
        problem = str(error) if isinstance(error, _RepeatedKeyError) else "plik nie jest poprawnym YAML w UTF-8"
        raise DataError(f"{problem}{place}") from None
