"""Which code and which environment made a result: checksums and versions that a bundle carries."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import ropsanalysis


@cache
def package_digest() -> str:
    """Return a checksum of everything the package consists of: code, catalogue, templates."""
    package = Path(ropsanalysis.__file__).parent
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = {path.relative_to(package).as_posix(): path for path in files}
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode() + b"\0" + hashlib.sha256(names[name].read_bytes()).digest())
    return digest.hexdigest()


@cache
def environment() -> tuple[str, ...]:
    """Return each installed distribution that the package needs, directly or not, as in ``numpy==2.4.6``."""
    waiting, found = ["ropsanalysis"], dict[str, str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = version(name)
            needed = requires(name) or []
        except PackageNotFoundError:
            continue  # needed on another system only
        waiting += [_plain(line) for line in needed if "extra ==" not in line]
    del found["ropsanalysis"]
    return tuple(f"{name}=={found[name]}" for name in sorted(found))


def _plain(requirement: str) -> str:
    """Return the normalised name of a requirement, as in ``"NumPy[x]>=2; python_version>'3'"``."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else ""
