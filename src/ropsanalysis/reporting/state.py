"""What of a process a notebook may change, put back before another notebook runs in the same process.

Where each report has a process of its own, none of this is needed. In a pool it is the difference between a report
and a report that depends on the one before.
"""

from __future__ import annotations

import builtins
import decimal
import gc
import importlib
import locale
import logging
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_LISTS: Final = ("path", "argv", "meta_path", "path_hooks")
_HOOKS: Final = ("stdin", "stdout", "stderr", "displayhook", "excepthook", "unraisablehook", "dont_write_bytecode")


#: Classes that notebooks are known to give new methods, or to take old ones away from.
_PATCHED: Final = (pd.DataFrame, pd.Series, pd.Index, Figure, Axes)


@contextmanager
def kept() -> Iterator[None]:
    """Put the process back, at the end of the block, into the state that it was in.

    Functions of libraries that were replaced stay so: see `Watched`.
    """
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(mpl.rc_context())
        for keep in (_system, _interpreter, _modules, _loggers, _libraries):
            stack.enter_context(keep())
        yield


@contextmanager
def _system() -> Iterator[None]:
    environment, folder, mask = dict(os.environ), Path.cwd(), os.umask(0o022)
    os.umask(mask)
    language = locale.setlocale(locale.LC_ALL)
    main = threading.current_thread() is threading.main_thread()  # no other may set what answers a signal
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals() if main}
    try:
        yield
    finally:
        os.chdir(folder)
        os.umask(mask)
        os.environ.clear()
        os.environ.update(environment)
        if hasattr(time, "tzset"):
            time.tzset()
        locale.setlocale(locale.LC_ALL, language)
        if hasattr(signal, "setitimer"):
            for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)
        for number, handler in handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)


@contextmanager
def _interpreter() -> Iterator[None]:
    lists = {name: list(getattr(sys, name)) for name in _LISTS}
    hooks = {name: getattr(sys, name) for name in _HOOKS}
    known, depth, collecting = dict(vars(builtins)), sys.getrecursionlimit(), gc.isenabled()
    context, chance = decimal.getcontext().copy(), random.getstate()
    try:
        yield
    finally:
        sys.settrace(None)
        sys.setprofile(None)
        for name, items in lists.items():
            getattr(sys, name)[:] = items
        for name, hook in hooks.items():
            setattr(sys, name, hook)
        for name in [name for name in vars(builtins) if name not in known]:
            delattr(builtins, name)
        vars(builtins).update(known)
        sys.setrecursionlimit(depth)
        (gc.enable if collecting else gc.disable)()
        decimal.setcontext(context)
        random.setstate(chance)


@contextmanager
def _modules() -> Iterator[None]:
    """Keep the modules that were loaded; of those that came, keep only what the next run would find as well."""
    known, path = dict(sys.modules), tuple(part for part in sys.path if part)
    try:
        yield
    finally:
        for name in [name for name, module in sys.modules.items() if name not in known and _is_strange(module, path)]:
            del sys.modules[name]
        sys.modules.update(known)
        importlib.invalidate_caches()


def _is_strange(module: Any, path: tuple[str, ...]) -> bool:
    """Whether a module is none, or lies in a folder that Python does not look in by itself."""
    if not isinstance(module, ModuleType):
        return True
    file = getattr(module, "__file__", None)
    return file is not None and not any(Path(file).is_relative_to(part) for part in path)


@contextmanager
def _loggers() -> Iterator[None]:
    manager = logging.root.manager
    disabled = manager.disable
    found = [logging.root, *(one for one in manager.loggerDict.values() if isinstance(one, logging.Logger))]
    states = [(one, one.level, list(one.handlers), list(one.filters), one.propagate, one.disabled) for one in found]
    try:
        yield
    finally:
        logging.disable(disabled)
        for one, level, handlers, filters, propagate, off in states:
            one.setLevel(level)
            one.handlers[:], one.filters[:] = handlers, filters
            one.propagate, one.disabled = propagate, off


@contextmanager
def _libraries() -> Iterator[None]:
    errors, printing, chance, backend = np.geterr(), np.get_printoptions(), np.random.get_state(), mpl.get_backend()  # noqa: NPY002
    try:
        yield
    finally:
        np.seterr(**errors)
        np.set_printoptions(**printing)
        np.random.set_state(chance)  # noqa: NPY002
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of options that pandas is about to drop
            pd.reset_option("all")
        plt.close("all")
        if mpl.get_backend() != backend:
            plt.switch_backend(backend)
        _forget_shell()


def _forget_shell() -> None:
    """Let matplotlib's support of notebooks find the next shell: it would show all figures in the first one."""
    with suppress(ImportError):
        from matplotlib_inline import backend_inline

        vars(backend_inline.configure_inline_support)["current_backend"] = "unset"


class Watched:
    """Functions and methods as they were when this was made: who replaces one changes what all later runs compute."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._functions = [
            (module, name, value)
            for module in list(sys.modules.values())
            if isinstance(module, ModuleType)
            for name, value in list(vars(module).items())
            if callable(value) and getattr(value, "__module__", None) == module.__name__
        ]
        self._methods = [(kind, dict(vars(kind))) for kind in _PATCHED]

    def changes(self) -> list[str]:
        """Return what was replaced, and a thread that was left running: none of it can be put back for certain."""
        found = [f"thread {one.name}" for one in threading.enumerate() if one not in self._threads]
        found += [f"{one.__name__}.{name}" for one, name, value in self._functions if vars(one).get(name) is not value]
        return found + [f"{kind.__name__}.{name}" for kind, own in self._methods for name in _differing(kind, own)]


def _differing(kind: type, own: Mapping[str, Any]) -> list[str]:
    now = vars(kind)
    return sorted(
        name for name in {*own, *now} if callable(own.get(name, now.get(name))) and own.get(name) is not now.get(name)
    )
