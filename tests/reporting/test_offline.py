"""While a report is made, Python reaches no other machine; its own it does."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from ropsanalysis.reporting import offline
from ropsanalysis.reporting.offline import NetworkRefusedError


def connected() -> str:
    """Return what comes through a connection from this machine to itself."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        other, _ = server.accept()
        with other:
            one.sendall(b"x")
            return other.recv(1).decode()


def datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("192.0.2.1", 9))


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80)),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.create_server(("0.0.0.0", 0)),  # noqa: S104 - refused is what it is to be
        datagram,
    ],
)
def test_another_machine_is_refused_at_once_and_only_inside(reach: Callable[[], object]) -> None:
    with offline.enforced():
        with pytest.raises(NetworkRefusedError, match="from files alone"):
            reach()
        assert connected() == "x"
    with offline.enforced(), offline.enforced():
        pass
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104
        assert server.getsockname()[1] > 0
