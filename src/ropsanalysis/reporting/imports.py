"""The code and the files of the package that a notebook's run depends on, found without running anything.

Imports are followed from the notebook's cells and from the modules that render its formats. Of `ropsanalysis.jupyter`,
which offers the data of every report, only the part counts that the notebook uses.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import ropsanalysis
from ropsanalysis.io import source_code
from ropsanalysis.io.memo import Memo

_PACKAGE: Final = ropsanalysis.__name__
_OFFER: Final = "ropsanalysis.jupyter"


@dataclass(frozen=True, slots=True)
class Code:
    """What a run depends on, without the data.

    Attributes
    ----------
    modules
        Checksum of each module's code by its path in the package.
    files
        Catalogue entries and templates that these modules name: checksum by path in the package.
    libraries
        Top-level names of what is imported from outside the package and the standard library.
    """

    modules: Mapping[str, str]
    files: Mapping[str, str]
    libraries: frozenset[str]


def follow(
    cells: Iterable[str], *, roots: Iterable[str], alone: Iterable[str] = (), memo: Memo, package: Path | None = None
) -> Code:
    """Return what cells of a notebook and some modules depend on.

    Parameters
    ----------
    cells
        Source of each code cell.
    roots
        Dotted names of modules whose imports are followed as well.
    alone
        Dotted names of modules that count themselves, but not what they import.
    package
        Folder of the package; by default that of the running one.
    """
    walk = _Walk(package or Path(ropsanalysis.__file__).parent, memo)
    tree = _parse(cells)
    if tree is None:
        walk.take_all()
    else:
        _start(walk, tree)
    for name in roots:
        walk.visit(name)
    for name in alone:
        walk.take(name)
    return walk.code()


def used_names(cells: Iterable[str]) -> frozenset[str] | None:
    """Return all names and attributes in cells of a notebook; None where a cell cannot be read."""
    tree = _parse(cells)
    if tree is None:
        return None
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return frozenset(found | {name for _, name in source_code.of_tree(tree).imports})


def code_cells(notebook: Mapping[str, Any]) -> list[str]:
    """Return the source of each code cell of a notebook, whose lines a file may keep apart."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def own_modules(cells: Iterable[str]) -> list[str]:
    """Return the modules of this package that cells of a notebook import themselves; none where one cannot be read."""
    tree = _parse(cells)
    package = Path(ropsanalysis.__file__).parent
    imported = source_code.of_tree(tree).imports if tree else ()
    return [
        target for module, name in imported if _first(module) == _PACKAGE for target in _targets(package, module, name)
    ]


class _Walk:
    """Modules met on the way, each read once."""

    def __init__(self, package: Path, memo: Memo) -> None:
        self._package, self._memo = package, memo
        self._found: dict[str, source_code.Source] = {}
        self._libraries: set[str] = set()
        self._visited: set[str] = set()

    def visit(self, name: str, names: Collection[str] | None = None) -> None:
        """Take a module and, in turn, everything it imports."""
        waiting = [(name, names)]
        while waiting:
            one, part = waiting.pop()
            source = None if one in self._visited else self.take(one, part)
            self._visited.add(one)
            for module, imported in source.imports if source else ():
                waiting += [(target, None) for target in _targets(self._package, module, imported)]

    def take(self, name: str, names: Collection[str] | None = None) -> source_code.Source | None:
        """Take a module and the packages around it; None if it is not of this package or was taken before."""
        first, _, rest = name.partition(".")
        if first != _PACKAGE:
            self._libraries.add(first)
            return None
        folder = self._package
        for part in rest.split(".")[:-1] if rest else ():
            self._read(folder / "__init__.py")
            folder /= part
        path = self._package.joinpath(*rest.split(".")) if rest else self._package
        self._read(folder / "__init__.py")
        return self._read(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"), names)

    def take_all(self) -> None:
        """Take every module there is."""
        for path in sorted(self._package.rglob("*.py")):
            source = self._read(path)
            self._libraries.update(_first(module) for module, _ in (source.imports if source else ()))

    def code(self) -> Code:
        """Return what was found."""
        texts = frozenset[str]().union(*(source.texts for source in self._found.values()))
        known = self._libraries - set(sys.stdlib_module_names) - {_PACKAGE, ""}
        return Code(
            modules={name: self._found[name].digest for name in sorted(self._found)},
            files={path.relative_to(self._package).as_posix(): self._memo.sha256(path) for path in self._files(texts)},
            libraries=frozenset(known),
        )

    def visit_import(self, module: str, name: str) -> None:
        """Take what one import loads."""
        for target in _targets(self._package, module, name):
            self.visit(target)

    def _read(self, path: Path, names: Collection[str] | None = None) -> source_code.Source | None:
        key = path.relative_to(self._package).as_posix()
        if key in self._found or not path.is_file():
            return None
        source = self._found[key] = source_code.read(path, self._memo, names=names)
        return source

    def _files(self, texts: Collection[str]) -> list[Path]:
        """Return files of the package, other than code, that the texts name, and those that these name in turn."""
        there = _data_files(self._package)
        taken = [path for path in there if path.name in texts or (path.suffix == ".yaml" and path.stem in texts)]
        waiting = [path for path in taken if path.suffix != ".yaml"]
        while waiting:
            text = waiting.pop().read_text(encoding="utf-8")
            more = [path for path in there if path not in taken and path.name in text]
            taken += more
            waiting += more
        return sorted(taken)


@cache
def _targets(package: Path, module: str, name: str) -> tuple[str, ...]:
    """Return the modules that an import loads: a name may be a module of a package, or defined in it."""
    if name and _first(module) == _PACKAGE:
        path = package.joinpath(*module.split(".")[1:], name)
        if path.is_dir() or path.with_name(f"{name}.py").is_file():
            return module, f"{module}.{name}"
    return (module,)


def _start(walk: _Walk, tree: ast.Module) -> None:
    """Take what the cells import; of the module that offers the data, only what they use."""
    asked: set[str] = set()
    whole = False
    for module, name in source_code.of_tree(tree).imports:
        if f"{module}.{name}" == _OFFER:
            attributes = _attributes(tree)
            asked |= attributes or set()
            whole |= attributes is None
        elif module == _OFFER and name not in {"", "*"}:
            asked.add(name)
        else:
            walk.visit_import(module, name)
    if asked and not whole:
        walk.visit(_OFFER, asked)
    elif whole:
        walk.visit(_OFFER)


def _attributes(tree: ast.Module) -> set[str] | None:
    """Return what is used of the module that offers the data; None where the module itself is handed on."""
    parent, _, name = _OFFER.rpartition(".")
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == parent
        for alias in node.names
        if alias.name == name
    }
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in aliases]
    owned = {
        id(node.value): node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases
    }
    return set(owned.values()) if len(named) == len(owned) else None


def _parse(cells: Iterable[str]) -> ast.Module | None:
    """Return the cells as one module without IPython's commands; None if one is not Python otherwise."""
    body: list[ast.stmt] = []
    for cell in cells:
        lines = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in cell.splitlines()]
        try:
            body += ast.parse("\n".join(lines)).body
        except (SyntaxError, ValueError):
            return None
    return ast.Module(body=body, type_ignores=[])


def _first(module: str) -> str:
    return module.partition(".")[0]


@cache
def _data_files(package: Path) -> tuple[Path, ...]:
    found = (path for path in package.rglob("*") if path.suffix not in {".py", ".pyc"} and path.is_file())
    return tuple(sorted(path for path in found if not path.name.startswith(".")))
