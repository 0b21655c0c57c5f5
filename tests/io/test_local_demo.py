"""The demo of gminas and powiats: every unit, sums that agree, no finding, the same bytes, never beside real data."""

from __future__ import annotations

from pathlib import Path

import pytest
from social_demo import with_units

from ropsanalysis.errors import UsageError
from ropsanalysis.io import synthetic
from ropsanalysis.io.local_diagnosis import LocalScreening, screen_local


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the demo."""
    raw = with_units(tmp_path_factory.mktemp("local") / "raw")
    synthetic.write_local_demo(raw)
    return raw


@pytest.fixture(scope="module")
def screened(demo: Path) -> LocalScreening:
    return screen_local(demo)


def test_it_passes_screening_without_a_word(screened: LocalScreening) -> None:
    assert screened.findings == ()
    assert screened.rejected.empty


def test_every_gmina_and_powiat_is_there_with_plausible_numbers(screened: LocalScreening) -> None:
    table = screened.inputs.observations
    latest = table.loc[table["year"] == table["year"].max()].pivot_table(
        index="teryt", columns="variable", values="value"
    )
    assert latest["population"].notna().groupby(latest.index.str.len()).sum().to_dict() == {2: 17, 4: 380, 7: 2479}
    assert (latest["population"] > 0).all()
    assert (latest["aged_65"] < latest["population"]).all()
    assert (latest["children_0_17"] + latest["working_age"] + latest["aged_65"] <= 1.02 * latest["population"]).all()
    # Neighbours are alike: most of what differs between gminas differs between powiats.
    share = (latest["unemployed"] / latest["working_age"]).loc[lambda one: one.index.str.len() == 7]
    between = share.groupby(share.index.str[:4]).transform("mean").var()
    assert 0.4 < between / share.var() < 0.95


def test_it_says_that_it_is_made_up_and_is_the_same_everywhere(demo: Path, tmp_path: Path) -> None:
    assert synthetic.is_synthetic(demo / "bdl_local")
    again = with_units(tmp_path / "raw")
    for path in synthetic.write_local_demo(again):
        assert path.read_bytes() == (demo / path.relative_to(again)).read_bytes()


def test_it_is_not_written_where_an_office_delivers(tmp_path: Path) -> None:
    raw = with_units(tmp_path / "raw")
    (raw / "bdl_local").mkdir()
    (raw / "bdl_local" / "own.csv").write_text("Kod,Nazwa\n", encoding="utf-8")
    with pytest.raises(UsageError, match="holds data that are not synthetic"):
        synthetic.write_local_demo(raw)
    assert [path.name for path in (raw / "bdl_local").iterdir()] == ["own.csv"]
