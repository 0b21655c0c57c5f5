"""Requests to end, noted instead of obeyed at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noted() -> Iterator[list[int]]:
    """Note requests to end (Ctrl-C, SIGTERM, a closed terminal) instead of being cut off by them.

    A request that struck at any moment could leave one format of a report new and another old. The
    list that this yields fills with the signals that came; whoever runs looks at it between steps.
    """
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread may handle signals
        return
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), lambda number, _: asked.append(number)) for name in names}
    try:
        yield asked
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
