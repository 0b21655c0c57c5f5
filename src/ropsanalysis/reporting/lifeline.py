"""A process that must not outlive the one that started it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait

import psutil

from ropsanalysis.reporting import processes

_PAUSE_SECONDS = 0.3


def end_with_parent() -> None:
    """See to it that this process, and all it started, end soon after its parent has, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        threading.Thread(target=_watch, args=(parent.pid, parent.sentinel), daemon=True, name="lifeline").start()


def _watch(parent: int, sentinel: int) -> None:
    if sys.platform == "win32":
        wait([sentinel])
    else:
        while os.getppid() == parent:  # other children hold the sentinel's pipe as well, where they were forked
            time.sleep(_PAUSE_SECONDS)
    processes.end(os.getpid())


def starter_gone() -> Callable[[], bool]:
    """Return what tells whether the process that started this one, in whatever way, has ended."""
    starter = os.getppid()
    if sys.platform == "win32":  # where a process keeps the number of a parent that has ended
        process = psutil.Process(starter)
        return lambda: not process.is_running()
    return lambda: os.getppid() != starter
