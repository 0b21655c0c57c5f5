"""The choices of method behind the regional diagnosis, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ropsanalysis.errors import UsageError


@dataclass(frozen=True, slots=True)
class DiagnosisParameters:
    """Choices of method; none follows from a law, so reports print those used.

    Attributes
    ----------
    trend_window
        Calendar years a trend looks back on: longer than the swings of the economy, short enough to matter
        for present policy.
    alpha
        Level of the tests of trend and convergence: the customary one. Over some hundred series every
        twentieth steady one is called changing by mistake.
    min_years_trend
        Fewest yearly values for a trend: with four, the exact Mann-Kendall test cannot reach 0.05. Also the
        fewest years for a noise estimate and for a trend of disparities.
    forecast_horizon
        Years forecast: beyond three, intervals of yearly series are too wide to decide on.
    min_years_forecast
        Fewest consecutive yearly values since the last break: with less, nothing is left for a back-test.
    damping
        Share of a forecast's trend that lives on into the next year: the strong end of the usual 0.80-0.98,
        because eight to sixteen values cannot tell it (see ``stats.forecast``).
    back_test_origins
        Last years from which past forecasts are made: as many as the shortest series can spare, and a few.
    n_peers
        Voivodeships in a peer group: more of the sixteen would not be alike, fewer would hang on one.
    similarity_band_sd
        Distance from Poland, in standard deviations of the sixteen, up to which a value is called similar: a
        quarter is a difference without practical weight.
    noise_multiple
        Multiples of the usual wobble that a difference to Poland must exceed to count as lasting: 1.96, as
        for a 95 % range of normally spread values.
    min_regions
        Voivodeships with a value that make a year fit for ranks: at most two of sixteen may be missing.
    availability_threshold
        Share of the index's indicators a voivodeship needs to get a score: about two thirds.
    extreme_ranks
        Places from either end that count as a strength or weakness: a quarter of the sixteen.
    seed
        Start of the random numbers of the index variants, fixed so that every run agrees.
    index_draws
        Random variants of the index: enough for steady 5th and 95th percentiles in under a second.
    """

    trend_window: int = 10
    alpha: float = 0.05
    min_years_trend: int = 5
    forecast_horizon: int = 3
    min_years_forecast: int = 8
    damping: float = 0.8
    back_test_origins: int = 4
    n_peers: int = 3
    similarity_band_sd: float = 0.25
    noise_multiple: float = 1.96
    min_regions: int = 14
    availability_threshold: float = 0.66
    extreme_ranks: int = 4
    seed: int = 20241
    index_draws: int = 500

    def __post_init__(self) -> None:
        """Refuse values that no method could work with.

        Raises
        ------
        UsageError
            Naming the parameter, its value and what is allowed.
        """
        shares = ("alpha", "damping", "availability_threshold")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in shares and not 0 < value <= 1:
                raise UsageError(f"parameter {field.name} is {value!r}; it must lie between 0 and 1")
            if field.name not in ("seed", "index_draws") and not value > 0:
                raise UsageError(f"parameter {field.name} is {value!r}; it must be positive")
        if not 2 <= self.min_regions <= 16:
            raise UsageError(f"parameter min_regions is {self.min_regions!r}; it must lie between 2 and 16")
        if self.index_draws < 0 or self.seed < 0:
            raise UsageError("parameters index_draws and seed must not be negative")
