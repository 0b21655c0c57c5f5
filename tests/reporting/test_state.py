"""What a notebook changes in its process is put back, and what cannot be put back is named."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from ropsanalysis.reporting import state


def test_modules_from_elsewhere_go_and_those_replaced_come_back(tmp_path: Path) -> None:
    import json

    (tmp_path / "own_helper.py").write_text("value = 1", encoding="utf-8")
    with state.kept():
        sys.path.insert(0, str(tmp_path))
        __import__("own_helper")
        sys.modules["json"] = sys.modules.pop("own_helper")
        __import__("own_helper")
    assert sys.modules["json"] is json
    assert "own_helper" not in sys.modules
    assert str(tmp_path) not in sys.path


def test_the_process_comes_back_also_after_an_error(tmp_path: Path) -> None:
    before = Path.cwd(), dict(os.environ), pd.get_option("display.precision"), np.geterr()

    def spoil() -> None:
        os.chdir(tmp_path)
        os.environ["STRANGE"] = "1"
        pd.set_option("display.precision", 2)
        np.seterr(all="raise")
        plt.figure()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), state.kept():
        spoil()
    assert (Path.cwd(), dict(os.environ), pd.get_option("display.precision"), np.geterr()) == before
    assert plt.get_fignums() == []


def test_a_function_replaced_and_a_thread_left_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = state.Watched()
    assert watched.changes() == []
    monkeypatch.setattr(np, "median", min)
    monkeypatch.setattr(pd.DataFrame, "own_method", print, raising=False)
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="left", daemon=True)
    thread.start()
    try:
        assert watched.changes() == ["thread left", "numpy.median", "DataFrame.own_method"]
    finally:
        end.set()
        thread.join()
    monkeypatch.undo()
    assert watched.changes() == []
