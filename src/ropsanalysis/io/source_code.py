"""What a Python source does, apart from how it is explained: its code, what it imports, the texts in it.

Comments, docstrings and layout are no part of what the code does. A checksum of the syntax tree without
them stays the same when only they change.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ropsanalysis.io.memo import Memo

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python source as far as others depend on it.

    Attributes
    ----------
    digest
        Checksum of the code; comments and docstrings do not count.
    imports
        What it imports, anywhere in it save for type checking: pairs of a module and a name in it, which is
        empty where the module itself is imported.
    texts
        Texts in the code that could be the name of a file it reads.
    """

    digest: str
    imports: tuple[tuple[str, str], ...]
    texts: frozenset[str]


def read(path: Path, memo: Memo, *, names: Collection[str] | None = None) -> Source:
    """Read a module, or only the part of it that some of its names need.

    Parameters
    ----------
    names
        Names that are used of the module. Functions and imports that these do not need are left out then; so
        only a module that does nothing but define is read in parts.

    Returns
    -------
    Source
        Of a file that is not Python, the checksum of its bytes: whoever imports it will fail, and must run again
        when it has changed.
    """
    wanted = "all" if names is None else ",".join(sorted(names))

    def make(data: bytes) -> dict[str, Any]:
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError):
            return {"digest": hashlib.sha256(data).hexdigest(), "imports": [], "texts": []}
        found = of_tree(tree if names is None else part(tree, names))
        return {"digest": found.digest, "imports": found.imports, "texts": sorted(found.texts)}

    found = memo.recall(path, f"source:{wanted}", make)
    return Source(found["digest"], tuple((m, n) for m, n in found["imports"]), frozenset(found["texts"]))


def of_tree(tree: ast.Module) -> Source:
    """Return what others depend on of a syntax tree."""
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _NAME.fullmatch(node.value)
    }
    return Source(_digest(tree), tuple(dict.fromkeys(_imports(tree))), frozenset(texts))


def part(tree: ast.Module, names: Collection[str]) -> ast.Module:
    """Return the top-level statements that the names need, and all that define nothing."""
    body = [one for statement in tree.body for one in _single(statement)]
    bound = [_bound(statement) for statement in body]
    wanted, kept = set(names), {index for index, own in enumerate(bound) if not own}
    wanted |= {name for index in kept for name in _used(body[index])}
    while more := {index for index, own in enumerate(bound) if index not in kept and own & wanted}:
        kept |= more
        wanted |= {name for index in more for name in _used(body[index])}
    return ast.Module(body=[body[index] for index in sorted(kept)], type_ignores=[])


def _single(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Split an import of several names, so that each can be kept or left out."""
    if isinstance(statement, ast.Import):
        yield from (ast.Import(names=[alias]) for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        yield from (ast.ImportFrom(statement.module, [alias], statement.level) for alias in statement.names)
    else:
        yield statement


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names a statement defines; none for one that may do anything else besides."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=[alias]) | ast.ImportFrom(names=[alias]):
            return {alias.asname or alias.name.partition(".")[0]}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case _:
            return set()


def _used(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from ((node.module or "", alias.name) for alias in node.names)
    elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        for other in node.orelse:
            yield from _imports(other)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)


def _digest(tree: ast.Module) -> str:
    words: list[str] = []
    _spell(tree, words)
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _spell(value: Any, words: list[str]) -> None:
    """Append a syntax tree in words; what is empty is left out, since it differs between versions of Python."""
    if isinstance(value, ast.AST):
        words.append(f"<{type(value).__name__}")
        for name in value._fields:
            inner = getattr(value, name, None)
            if inner is not None and inner != []:
                words.append(name)
                _spell(inner, words)
        words.append(">")
    elif isinstance(value, list):
        words.append("[")
        for inner in value:
            if not _is_comment(inner):
                _spell(inner, words)
        words.append("]")
    else:
        words.append(repr(value))


def _is_comment(value: Any) -> bool:
    """Whether a statement is a text alone, which does nothing: a docstring, of whatever it stands in or below."""
    return isinstance(value, ast.Expr) and isinstance(value.value, ast.Constant) and isinstance(value.value.value, str)
