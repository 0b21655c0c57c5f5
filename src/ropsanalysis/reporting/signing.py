"""Ed25519 keys of a centre: made, kept out of every folder that is handed on, used to sign and to check.

References
----------
RFC 8032 for the signature; RFC 7468 and RFC 8410 for how the keys are written.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ropsanalysis.errors import UsageError
from ropsanalysis.io import atomic

PRIVATE_NAME: Final = "ropsanalysis-signing.key"
PUBLIC_NAME: Final = "ropsanalysis-signing.pub"
ALGORITHM: Final = "Ed25519"
SIGNATURE_BYTES: Final = 64
#: What no file of a bundle may hold.
PRIVATE_MARK: Final = b"PRIVATE KEY-----"


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Make a pair of keys in a folder; return the paths of the private and of the public one.

    Only the owner may read the private key, where the system knows owners.

    Raises
    ------
    UsageError
        The folder belongs to a project or a repository, or has such keys already.
    RopsError
        The keys cannot be written.
    """
    private, public = folder / PRIVATE_NAME, folder / PUBLIC_NAME
    check_place(private)
    if found := next((path for path in (private, public) if path.exists()), None):
        raise UsageError(f"{found} is there already; keys are never written over. Choose another folder.")
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except OSError as error:
        raise atomic.explain(error, private) from error
    atomic.write_bytes(public, public_text(key.public_key()))
    return private, public


def public_text(key: Ed25519PublicKey) -> bytes:
    """Return a public key as a PEM file has it."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def check_place(path: Path) -> None:
    """Check that a private key does not lie where it would be handed on.

    Raises
    ------
    UsageError
        A folder above it is a project or a repository.
    """
    for folder in path.resolve().parents:
        is_project = (folder / "notebooks").is_dir() and (folder / "data").is_dir()
        if is_project or (folder / ".git").exists():
            kind = "project" if is_project else "repository"
            raise UsageError(
                f"{path} lies in the {kind} {folder}, which is handed on; a private key must lie outside of it, for "
                "example in a folder of your own account."
            )


def read_private(path: Path, *, editions: Path) -> Ed25519PrivateKey:
    """Return a private key.

    Parameters
    ----------
    editions
        Folder of finished reports, in which no key may lie either.

    Raises
    ------
    UsageError
        The file is no private Ed25519 key, lies where it would be handed on, or may be read by others.
    """
    check_place(path)
    if editions.resolve() in path.resolve().parents:
        raise UsageError(f"{path} lies among the reports; a private key must lie outside of {editions}.")
    data = _read(path)
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"{path} may be read by others; take that away first: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is not a private {ALGORITHM} key; `ropsanalysis key` makes one.")
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """Return a public key.

    Raises
    ------
    UsageError
        The file is no public Ed25519 key.
    """
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} is not a public {ALGORITHM} key; the centre that signed the bundle hands it out.")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"The key {path} cannot be read: {error.strerror}.") from error


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key's 32 bytes, by which people compare keys."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def is_signed_by(key: Ed25519PublicKey, *, signature: bytes, data: bytes) -> bool:
    """Whether the signature over the data was made with the private half of the key."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True
