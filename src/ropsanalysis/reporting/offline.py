"""A report comes from its files and its code alone: while one is made, Python reaches no other machine.

What is refused is refused at once, with an error of its own, instead of after a wait that depends on the network.
The own machine may be reached: event loops and process pools talk to themselves that way on some systems. A program
that a cell starts, and a library that opens sockets without Python, are not held back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, Final

from ropsanalysis.errors import RopsError

#: Python's audit events before an address is used or looked up: the place of the address among their arguments.
_ADDRESS: Final = {
    "socket.bind": 1,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


class NetworkRefusedError(RopsError):
    """A cell tried to reach another machine."""


class _Guard:
    """The one audit hook of this process: Python can add such a hook, and never takes it away."""

    def __init__(self) -> None:
        self.active = self._added = False

    def add(self) -> None:
        if not self._added:
            sys.addaudithook(self._hear)
            self._added = True

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.active and event in _ADDRESS and not _is_own(args[_ADDRESS[event]]):
            raise NetworkRefusedError("A report is made from files alone; it may not use the network.")


_GUARD: Final = _Guard()


def enforce() -> None:
    """Refuse other machines from now on, for as long as this process lives."""
    _GUARD.add()
    _GUARD.active = True


@contextmanager
def enforced() -> Iterator[None]:
    """Refuse other machines inside the block."""
    before = _GUARD.active
    enforce()
    try:
        yield
    finally:
        _GUARD.active = before


def _is_own(address: Any) -> bool:
    """Return whether an address is this machine's own, or not one of a network at all.

    Examples
    --------
    >>> [_is_own(one) for one in (("127.0.0.1", 80), ("::1", 80, 0, 0), "/tmp/socket", "localhost", None)]
    [True, True, True, True, True]
    >>> [_is_own(one) for one in (("192.0.2.1", 80), ("0.0.0.0", 80), "example.org", b"example.org")]
    [False, False, False, False]
    """
    host = address[0] if isinstance(address, tuple) and address else address
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not isinstance(host, str) or host == "localhost" or "/" in host or host.startswith("\0"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
