"""Design-based estimates: against R survey on its school data, by brute force, and as laws.

Expected values were printed with 12 digits by R 4.2.2 with survey 4.1.1, after

    strat  <- svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)
    strat0 <- svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat)
    clus1  <- svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc)
    clus0  <- svydesign(id=~dnum, weights=~pw, data=apiclus1)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.intervals import ShareInterval, share_interval
from ropsanalysis.stats.survey import (
    Design,
    Estimate,
    domain_means,
    domain_shares,
    domain_totals,
    mean,
    quantile,
    ratio,
    share,
    total,
)
from ropsanalysis.stats.survey_design import Lonely
from ropsanalysis.stats.weighting import Margin, post_stratify, rake
from support import shared_data

REL = 1e-9
"""R's 12 printed digits, less what two orders of summation differ by."""

SEEDS = st.integers(0, 2**32 - 1)


def schools(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_data("survey_reference") / f"{name}.csv")


@pytest.fixture(scope="module")
def apistrat() -> pd.DataFrame:
    return schools("apistrat")


@pytest.fixture(scope="module")
def apiclus1() -> pd.DataFrame:
    return schools("apiclus1")


@pytest.fixture(scope="module")
def strat(apistrat: pd.DataFrame) -> Design:
    return Design(apistrat["pw"], strata=apistrat["stype"], population=apistrat["fpc"])


@pytest.fixture(scope="module")
def clus1(apiclus1: pd.DataFrame) -> Design:
    return Design(apiclus1["pw"], clusters=apiclus1["dnum"], population=apiclus1["fpc"])


@pytest.fixture(scope="module")
def clus0(apiclus1: pd.DataFrame) -> Design:
    return Design(apiclus1["pw"], clusters=apiclus1["dnum"])


def close(estimate: Estimate, value: float, se: float, *, rel: float = REL) -> None:
    assert estimate.value == pytest.approx(value, rel=rel)
    assert estimate.se == pytest.approx(se, rel=rel)


def limits(estimate: Estimate, low: float, high: float, *, rel: float = REL) -> None:
    assert (estimate.low, estimate.high) == (pytest.approx(low, rel=rel), pytest.approx(high, rel=rel))


# --- means and totals against R --------------------------------------------------------------------------------


def test_stratified_mean_and_total(apistrat: pd.DataFrame, strat: Design) -> None:
    # svymean(~api00, strat, deff=TRUE); confint(..., df=degf(strat)); svytotal(~enroll, strat, deff=TRUE)
    api = mean(apistrat["api00"], strat)
    close(api, 662.287363159, 9.40894080278)
    limits(api, 643.732188272, 680.842538047)
    assert api.deff == pytest.approx(1.20445726854, rel=REL)
    assert (api.n, api.n_missing, api.df) == (200, 0, 197)
    enroll = total(apistrat["enroll"], strat)
    close(enroll, 3687177.53244, 114641.716101)
    assert enroll.deff == pytest.approx(0.362018122363, rel=REL)


def test_stratified_mean_without_population(apistrat: pd.DataFrame) -> None:
    # svymean(~api00, strat0, deff=TRUE)
    api = mean(apistrat["api00"], Design(apistrat["pw"], strata=apistrat["stype"]))
    close(api, 662.287363159, 9.53613229693)
    assert api.deff == pytest.approx(1.23724144502, rel=REL)


def test_cluster_mean_and_total(apiclus1: pd.DataFrame, clus1: Design, clus0: Design) -> None:
    # svymean(~api00, clus1, deff=TRUE); confint(..., df=degf(clus1)); the same with clus0;
    # svytotal(~enroll, clus1, deff=TRUE)
    api = mean(apiclus1["api00"], clus1)
    close(api, 644.169398907, 23.5422406938)
    limits(api, 593.676314463, 694.662483351)
    assert api.deff == pytest.approx(9.34586945059, rel=REL)
    assert api.df == 14
    close(mean(apiclus1["api00"], clus0), 644.169398907, 23.7790107209)
    enroll = total(apiclus1["enroll"], clus1)
    close(enroll, 3404940.13453, 932235.027041)
    assert enroll.deff == pytest.approx(31.3106560943, rel=REL)


def test_clusters_within_strata(apistrat: pd.DataFrame) -> None:
    # a$half <- a$cnum %/% 10; a$pop <- c(E=40, H=60, M=50)[a$stype]
    # d <- svydesign(id=~half, strata=~stype, weights=~pw, data=a, nest=TRUE, fpc=~pop); svymean(~api00, d, deff=TRUE)
    # svyby(~api00, ~awards, d, svymean); degf(d)
    population = apistrat["stype"].map({"E": 40, "H": 60, "M": 50})
    design = Design(apistrat["pw"], strata=apistrat["stype"], clusters=apistrat["cnum"] // 10, population=population)
    api = mean(apistrat["api00"], design)
    close(api, 662.287363159, 6.958786972989)
    assert api.deff == pytest.approx(0.658835524136, rel=REL)
    assert api.df == 15
    close(mean(apistrat["api00"], design, domain=apistrat["awards"] == "No"), 633.734911659, 8.12898253043)
    close(mean(apistrat["api00"], design, domain=apistrat["awards"] == "Yes"), 678.422405614, 6.72500111397)


def test_domains_of_the_cluster_sample(apiclus1: pd.DataFrame, clus1: Design) -> None:
    # svyby(~api00, ~stype, clus1, svymean, deff=TRUE); svyby(~enroll, ~stype, clus1, svytotal, deff=TRUE)
    codes = pd.factorize(apiclus1["stype"], sort=True)[0]
    api = domain_means(apiclus1[["api00"]], clus1, codes, 3)
    np.testing.assert_allclose(api.value[:, 0], [648.868055556, 618.571428571, 631.44], rtol=REL)
    np.testing.assert_allclose(api.se[:, 0], [22.3624088938, 38.0202493594, 31.6094652272], rtol=REL)
    np.testing.assert_allclose(api.deff[:, 0], [6.58367352503, 2.22825931687, 2.16389972008], rtol=REL)
    enroll = domain_totals(apiclus1[["enroll"]], clus1, codes, 3)
    np.testing.assert_allclose(enroll.value[:, 0], [2109717.126835, 535594.869568, 759628.138126], rtol=REL)
    np.testing.assert_allclose(enroll.se[:, 0], [631349.386275, 226716.594706, 213635.484268], rtol=REL)


@pytest.mark.parametrize(
    ("answer", "api", "interval", "df", "enroll"),
    [
        # d <- subset(strat, sch.wide == answer); svymean(~api00, d); confint(..., df=degf(d)); degf(d)
        # svyby(~enroll, ~sch.wide, strat, svytotal)
        ("Yes", (676.530443657, 10.5203892001), (655.742015963, 697.318871351), 149, (2674110.11313, 128645.688467)),
        ("No", (593.746858215, 18.6191675056), (556.245929843, 631.247786586), 45, (1013067.41931, 133475.233016)),
    ],
)
def test_domains_across_strata(
    apistrat: pd.DataFrame,
    strat: Design,
    answer: str,
    api: tuple[float, float],
    interval: tuple[float, float],
    df: int,
    enroll: tuple[float, float],
) -> None:
    domain = apistrat["sch.wide"] == answer
    result = mean(apistrat["api00"], strat, domain=domain)
    close(result, *api)
    limits(result, *interval)
    assert (result.n, result.df) == (int(domain.sum()), df)
    close(total(apistrat["enroll"], strat, domain=domain), *enroll)


def test_missing_answers_are_counted_and_left_out(
    apistrat: pd.DataFrame, strat: Design, apiclus1: pd.DataFrame, clus1: Design
) -> None:
    # svymean(~acs.46, strat, na.rm=TRUE, deff=TRUE); svymean and svytotal(~acs.46, clus1, na.rm=TRUE)
    size = mean(apistrat["acs.46"], strat)
    close(size, 28.8044814883, 0.296792972546)
    assert size.deff == pytest.approx(1.06844519243, rel=REL)
    assert (size.n, size.n_missing) == (134, 66)
    close(mean(apiclus1["acs.46"], clus1), 29.050955414, 0.486725461911)
    close(total(apiclus1["acs.46"], clus1), 154376.150158, 38783.288053)


def test_ratios(apistrat: pd.DataFrame, strat: Design, apiclus1: pd.DataFrame, clus1: Design) -> None:
    # r <- svyratio(~api.stu, ~enroll, strat, deff=TRUE); confint(r, df=degf(strat)); svyratio(..., clus1)
    # svyratio(~api.stu, ~enroll, subset(strat, stype != "H"), deff=TRUE)
    tested = ratio(apistrat["api.stu"], apistrat["enroll"], strat)
    close(tested, 0.836956886941, 0.00775710316664)
    limits(tested, 0.821659266423, 0.852254507458)
    assert tested.deff == pytest.approx(0.593125044012, rel=REL)
    close(ratio(apiclus1["api.stu"], apiclus1["enroll"], clus1), 0.849708741724, 0.00838629716939)
    without = ratio(apistrat["api.stu"], apistrat["enroll"], strat, domain=apistrat["stype"] != "H")
    close(without, 0.846737736967, 0.00746751077934)


@pytest.mark.parametrize(
    ("probability", "value", "low", "high", "se"),
    [
        # svyquantile(~api00, strat, q, ci=TRUE, interval.type="mean", qrule="math")
        (0.1, 501, 476, 521, 11.4092790474),
        (0.25, 565, 535, 597, 15.719451132),
        (0.5, 668, 642, 694, 13.1840557882),
        (0.75, 756, 726, 778, 13.1840557882),
    ],
)
def test_quantiles(
    apistrat: pd.DataFrame, strat: Design, probability: float, value: float, low: float, high: float, se: float
) -> None:
    result = quantile(apistrat["api00"], strat, probability=probability)
    close(result, value, se)
    limits(result, low, high)


def test_medians_of_clusters_domains_and_tied_values(
    apistrat: pd.DataFrame, strat: Design, apiclus1: pd.DataFrame, clus1: Design
) -> None:
    # svyquantile(~api00, clus1, .5, ci=TRUE, interval.type="mean"); the same with subset(strat, sch.wide == "No");
    # svyquantile(~mobility, strat, .5, ci=TRUE, interval.type="mean")
    result = quantile(apiclus1["api00"], clus1)
    close(result, 652, 35.6678826995)
    limits(result, 561, 714)
    result = quantile(apistrat["api00"], strat, domain=apistrat["sch.wide"] == "No")
    close(result, 585, 34.2584200895)
    limits(result, 528, 666)
    result = quantile(apistrat["mobility"], strat)
    close(result, 16, 0.507079068775)
    limits(result, 15, 17)


# --- shares and their intervals --------------------------------------------------------------------------------

SHARES: Sequence[tuple[str, str, float, ShareInterval, float, float]] = [
    # svyciprop(~I(sch.wide == "Yes"), design, method = "xlogit") or "beta"; R's "logit" fits a model by iteration and
    # agrees with "xlogit", the same interval in closed form, to 9 digits
    ("strat", "wide", 0.827948011416, "logit", 0.774539654747, 0.870814854944),
    ("strat", "wide", 0.827948011416, "beta", 0.774171328597, 0.873431592621),
    ("clus1", "wide", 0.874316939891, "logit", 0.823798892383, 0.911900077024),
    ("clus1", "wide", 0.874316939891, "beta", 0.823702210848, 0.914704492127),
    # svyciprop(~I(stype == "H"), clus1, method = ...)
    ("clus1", "high", 0.0765027322404, "logit", 0.0354088346206, 0.157501118285),
    ("clus1", "high", 0.0765027322404, "beta", 0.0296381062072, 0.156022548788),
    # svyciprop(~I(awards == "No"), subset(design, api00 > 750), method = ...)
    ("strat", "awards", 0.27592057594, "logit", 0.158550027453, 0.435235964402),
    ("strat", "awards", 0.27592057594, "beta", 0.148042484884, 0.437742420409),
    ("clus1", "awards", 0.206896551724, "logit", 0.0948052845303, 0.393853052127),
    ("clus1", "awards", 0.206896551724, "beta", 0.082756408436, 0.390905802002),
    # svyciprop(~I(api00 > 900), clus1, method = ...): 1 school of 183
    ("clus1", "best", 0.00546448087432, "logit", 0.000641748400604, 0.0449015933468),
    ("clus1", "best", 0.00546448087432, "beta", 7.87760575527e-05, 0.0336606848314),
]


@pytest.mark.parametrize(("name", "question", "value", "interval", "low", "high"), SHARES)
def test_shares(
    apistrat: pd.DataFrame,
    strat: Design,
    apiclus1: pd.DataFrame,
    clus1: Design,
    name: str,
    question: str,
    value: float,
    interval: ShareInterval,
    low: float,
    high: float,
) -> None:
    frame, design = (apistrat, strat) if name == "strat" else (apiclus1, clus1)
    answers = {
        "wide": frame["sch.wide"] == "Yes",
        "high": frame["stype"] == "H",
        "awards": frame["awards"] == "No",
        "best": frame["api00"] > 900,
    }[question]
    domain = frame["api00"] > 750 if question == "awards" else None
    result = share(answers, design, domain=domain, interval=interval)
    assert result.value == pytest.approx(value, rel=REL)
    limits(result, low, high)


def test_beta_interval_of_a_simple_sample_is_clopper_pearson() -> None:
    # R: binom.test(3, 20)$conf.int -> 0.0320709371855 0.3789268265453. A survey's se of a simple sample divides by
    # n - 1; here it is the binomial's, so that the effective number is 20.
    result = share_interval(0.15, np.sqrt(0.15 * 0.85 / 20), 19, n=20, n_without_spread=20)
    assert float(result.low) == pytest.approx(0.0320709371855, rel=REL)
    assert float(result.high) == pytest.approx(0.3789268265453, rel=REL)


def test_wilson_interval_of_a_simple_sample() -> None:
    # R: prop.test(3, 20, correct=FALSE)$conf.int -> 0.0523687458962 0.3604188647408; it uses the normal quantile,
    # which t reaches with very many degrees of freedom.
    result = share_interval(0.15, np.sqrt(0.15 * 0.85 / 20), 1e9, n=20, n_without_spread=20, method="wilson")
    assert float(result.low) == pytest.approx(0.0523687458962, rel=1e-8)
    assert float(result.high) == pytest.approx(0.3604188647408, rel=1e-8)


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson"])
def test_unanimous_answers_are_no_certainty(interval: ShareInterval) -> None:
    # Clopper-Pearson at 0 of n: upper limit 1 - 0.025^(1/n). Wilson: t^2 / (n + t^2), t = qt(.975, 29) = 2.0452296.
    design = Design(np.full(30, 7.0))
    upper = {
        "beta": 1 - 0.025 ** (1 / 30),
        "logit": 1 - 0.025 ** (1 / 30),
        "wilson": 2.0452296**2 / (30 + 2.0452296**2),
    }
    nobody = share(np.zeros(30), design, interval=interval)
    assert (nobody.value, nobody.se, nobody.low) == (0, 0, 0)
    assert nobody.high == pytest.approx(upper[interval], rel=1e-7)
    everybody = share(np.ones(30), design, interval=interval)
    assert (everybody.value, everybody.high) == (1, 1)
    assert everybody.low == pytest.approx(1 - upper[interval], rel=1e-7)


def test_unanimity_goes_by_the_effective_number_of_units() -> None:
    # Weights 1 and 3 in equal parts: Kish's n is 40 / 1.25 = 32 answers. Ten clusters of four: 10 units, whatever
    # they say. A complete census leaves nothing open.
    weights = np.tile([1.0, 3.0], 20)
    plain = share(np.zeros(40), Design(weights))
    expected = share_interval(0.0, 0.0, 39, n=40, n_without_spread=32)
    assert plain.high == pytest.approx(float(expected.high))
    clustered = share(np.zeros(40), Design(np.ones(40), clusters=np.arange(40) // 4))
    expected = share_interval(0.0, 0.0, 9, n=40, n_without_spread=10)
    assert clustered.high == pytest.approx(float(expected.high))
    assert clustered.high > plain.high
    census = share(np.zeros(40), Design(np.ones(40), population=np.full(40, 40)))
    assert (census.low, census.high) == (0, 0)


def test_strata_that_are_unanimous_each_in_its_way_are_no_certainty_either() -> None:
    # Three of one stratum say yes, thirty of the other no: the formula's standard error is 0.
    result = share(np.r_[np.ones(3), np.zeros(30)], Design(np.ones(33), strata=np.r_[np.zeros(3), np.ones(30)]))
    assert result.se == 0
    assert result.low < result.value < result.high


@given(SEEDS, st.sampled_from(["logit", "beta", "wilson"]))
def test_share_intervals_stay_inside_and_turn_over_with_the_question(seed: int, interval: ShareInterval) -> None:
    rng = np.random.default_rng(seed)
    answers, design = (rng.random(40) < rng.random()).astype(float), Design(rng.uniform(1, 5, 40))
    yes, no = share(answers, design, interval=interval), share(1 - answers, design, interval=interval)
    assert 0 <= yes.low <= yes.value <= yes.high <= 1
    assert (yes.low, yes.high) == (pytest.approx(1 - no.high, abs=1e-9), pytest.approx(1 - no.low, abs=1e-9))


# --- calibrated weights ----------------------------------------------------------------------------------------


def margin(labels: pd.Series, totals: Sequence[float]) -> Margin:
    return Margin(pd.factorize(labels, sort=True)[0], np.array(totals, dtype=float))


def test_raked_estimates(apiclus1: pd.DataFrame) -> None:
    # pop <- list(data.frame(stype=c("E","H","M"), Freq=c(4421,755,1018)), data.frame(sch.wide=c("No","Yes"),
    #             Freq=c(1072,5122)))
    # r <- rake(clus1 (then clus0), list(~stype, ~sch.wide), pop, control=list(epsilon=1e-10, maxit=100))
    # svymean(~api00, r); svytotal(~enroll, r); svyratio(~api.stu, ~enroll, r); svyby(~api00, ~stype, r, svymean)
    # Published with the package (tests/rakecheck.Rout.save): 641.23 SE 23.704; 3647280 SE 400603.
    rel = 1e-8  # R's raking stops at 1e-10 of people, its ten rounds of residuals a little earlier
    margins = [margin(apiclus1["stype"], [4421, 755, 1018]), margin(apiclus1["sch.wide"], [1072, 5122])]
    weights = rake(margins, base=apiclus1["pw"], tolerance=1e-11).weights
    design = Design(
        weights, clusters=apiclus1["dnum"], population=apiclus1["fpc"], margins=margins, base=apiclus1["pw"]
    )
    close(mean(apiclus1["api00"], design), 641.230320927, 23.7036168879, rel=rel)
    close(total(apiclus1["enroll"], design), 3647280.14807, 400603.256862, rel=rel)
    close(ratio(apiclus1["api.stu"], apiclus1["enroll"], design), 0.848231571736, 0.00723252550995, rel=rel)
    by_type = domain_means(apiclus1[["api00"]], design, margins[0].codes, 3)
    np.testing.assert_allclose(by_type.value[:, 0], [647.446579228, 621.291861055, 629.021538267], rtol=rel)
    np.testing.assert_allclose(by_type.se[:, 0], [22.8084121941, 36.7431448777, 29.9628809591], rtol=rel)
    without = Design(weights, clusters=apiclus1["dnum"], margins=margins, base=apiclus1["pw"])
    close(mean(apiclus1["api00"], without), 641.230320927, 23.9420099146, rel=rel)
    close(total(apiclus1["enroll"], without), 3647280.14807, 404632.221021, rel=rel)


def test_raked_margins_are_known_without_error(apiclus1: pd.DataFrame) -> None:
    # Published margins (tests/rakecheck.Rout.save): E 4421 H 755 M 1018, No 1072 Yes 5122, each with SE 0.
    margins = [margin(apiclus1["stype"], [4421, 755, 1018]), margin(apiclus1["sch.wide"], [1072, 5122])]
    weights = rake(margins, base=apiclus1["pw"]).weights
    design = Design(weights, clusters=apiclus1["dnum"], margins=margins, base=apiclus1["pw"])
    for item in margins:
        for category, people in enumerate(item.totals):
            size = total(item.codes == category, design)
            assert size.value == pytest.approx(people, rel=1e-7)
            assert size.se == pytest.approx(0, abs=1e-4)  # people; the differences of the expanded squares cancel


def test_raking_with_unequal_base_weights(apistrat: pd.DataFrame) -> None:
    # calibrate(strat, ~sch.wide + comp.imp, c(`(Intercept)`=6194, sch.wideYes=5122, comp.impYes=4194),
    #           calfun="raking", epsilon=1e-12); svymean, svytotal, svyratio, svyby as above. (R's rake() takes base
    # weights to be equal in its variance, so the general function is the reference here.)
    rel = 1e-8  # R stops before its weights settle to the last digit: range 13.4943772179 instead of 13.4943772191
    margins = [margin(apistrat["sch.wide"], [1072, 5122]), margin(apistrat["comp.imp"], [2000, 4194])]
    weights = rake(margins, base=apistrat["pw"], tolerance=1e-11).weights
    design = Design(weights, strata=apistrat["stype"], population=apistrat["fpc"], margins=margins, base=apistrat["pw"])
    close(mean(apistrat["api00"], design), 662.381366319, 9.26747559279, rel=rel)
    close(total(apistrat["enroll"], design), 3680303.70454, 127289.450466, rel=rel)
    close(ratio(apistrat["api.stu"], apistrat["enroll"], design), 0.83717368662653, 0.00782315126855, rel=rel)
    by_type = domain_means(apistrat[["api00"]], design, pd.factorize(apistrat["stype"], sort=True)[0], 3)
    np.testing.assert_allclose(by_type.value[:, 0], [674.234388786, 626.423966494, 636.677549638], rtol=rel)
    np.testing.assert_allclose(by_type.se[:, 0], [12.2621269554, 15.2580269303, 16.0564052069], rtol=rel)


def test_post_stratified_estimates(apistrat: pd.DataFrame) -> None:
    # q <- postStratify(strat, ~sch.wide, data.frame(sch.wide=c("No","Yes"), Freq=c(1072,5122)))
    # svymean(~api00, q); svytotal(~enroll, q); svyby(~api00, ~stype, q, svymean)
    groups = margin(apistrat["sch.wide"], [1072, 5122])
    design = Design(
        post_stratify(groups.codes, groups.totals, base=apistrat["pw"]),
        strata=apistrat["stype"],
        population=apistrat["fpc"],
        margins=[groups],
        base=apistrat["pw"],
    )
    close(mean(apistrat["api00"], design), 662.20302945, 9.27254389991)
    close(total(apistrat["enroll"], design), 3689885.67766, 125625.233338)
    by_type = domain_means(apistrat[["api00"]], design, pd.factorize(apistrat["stype"], sort=True)[0], 3)
    np.testing.assert_allclose(by_type.se[:, 0], [12.3305114202, 14.9119342799, 15.8873417273], rtol=REL)


@given(SEEDS)
def test_calibrated_variance_equals_that_of_residuals_written_out(seed: int) -> None:
    # Brute force: regress each domain's linearised variable on the margins' indicators with numpy's least squares,
    # then take the stratified variance of the weighted residuals, row by row.
    rng = np.random.default_rng(seed)
    n = 60
    strata, domain = np.arange(n) % 4, np.r_[0, 1, 2, rng.integers(-1, 3, n - 3)]
    margins = [Margin(np.r_[np.arange(k), rng.integers(0, k, n - k)], np.full(k, 1200 / k)) for k in (3, 2)]
    base, answers = rng.uniform(1, 4, n), rng.normal(3, 1, n)
    weights = rake(margins, base=base).weights
    result = domain_means(answers[:, None], Design(weights, strata=strata, margins=margins, base=base), domain, 3)
    x = np.hstack([np.eye(len(item.totals))[item.codes] for item in margins])
    root = np.sqrt(base)
    for d in range(3):
        inside = domain == d
        z = np.where(inside, (answers - result.value[d, 0]) / weights[inside].sum(), 0.0)
        slopes = np.linalg.lstsq(x * root[:, None], z * root, rcond=None)[0]
        t = weights * (z - x @ slopes)
        groups = [t[strata == h] for h in range(4)]
        variance = sum(len(g) / (len(g) - 1) * ((g - g.mean()) ** 2).sum() for g in groups)
        if result.df[d, 0] >= 1:
            assert result.se[d, 0] == pytest.approx(np.sqrt(variance), rel=1e-6, abs=1e-9)


# --- strata with a single unit ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lonely", "mean_se", "total_se", "domain_se", "without_se"),
    [
        # L <- rbind(head(subset(apistrat, stype=="E"), 20), head(subset(apistrat, stype=="M"), 15),
        #            head(subset(apistrat, stype=="H"), 1))
        # options(survey.lonely.psu = "remove"), then "adjust" (here: centre), then "average"
        # d <- svydesign(id=~1, strata=~stype, weights=~pw, data=L, fpc=~fpc); svymean(~api00, d); svytotal(~enroll, d)
        # svyby(~api00, ~sch.wide, d, svymean) (No, then Yes, where the lonely school is not)
        ("remove", 22.1237298867, 50646.658647, 41.3145879079, 25.8953244779),
        ("centre", 22.2433094194, 60269.4177534, 42.0722871883, 25.8953244779),
        ("average", 27.0959247148, 62029.2354311, 50.5998296538, 25.8953244779),
    ],
)
def test_lonely_units(
    apistrat: pd.DataFrame, lonely: Lonely, mean_se: float, total_se: float, domain_se: float, without_se: float
) -> None:
    few = pd.concat([apistrat[apistrat["stype"] == kind].head(n) for kind, n in (("E", 20), ("M", 15), ("H", 1))])
    design = Design(few["pw"], strata=few["stype"], population=few["fpc"], lonely=lonely)
    close(mean(few["api00"], design), 650.885888265, mean_se)
    close(total(few["enroll"], design), 667103.528971, total_se)
    close(mean(few["api00"], design, domain=few["sch.wide"] == "No"), 609.165732461, domain_se)
    close(mean(few["api00"], design, domain=few["sch.wide"] == "Yes"), 662.930959484, without_se)


def test_lonely_units_can_be_refused_unless_the_stratum_is_complete() -> None:
    with pytest.raises(UsageError, match="single"):
        Design([1, 1, 1], strata=["a", "a", "b"], lonely="fail")
    complete = Design([2, 2, 1], strata=["a", "a", "b"], population=[4, 4, 1], lonely="fail")
    alone = Design([2, 2, 1], strata=["a", "a", "b"], population=[4, 4, 1], lonely="centre")
    assert mean([1, 2, 3], complete).se == mean([1, 2, 3], alone).se > 0


# --- laws ------------------------------------------------------------------------------------------------------


def sample(seed: int, *, n: int = 50) -> tuple[np.ndarray, Design, np.ndarray]:
    """Return answers of 3 questions (some missing), a clustered and stratified design, and domains 0-3 or none."""
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, (n, 3)).astype(float)
    answers[rng.random((n, 3)) < 0.15] = np.nan
    design = Design(rng.uniform(0.5, 9, n), strata=rng.integers(0, 3, n), clusters=rng.integers(0, 8, n))
    return answers, design, rng.integers(-1, 4, n)


@given(SEEDS, st.floats(0.01, 1000))
def test_means_do_not_depend_on_the_scale_of_the_weights(seed: int, scale: float) -> None:
    answers, design, _ = sample(seed)
    scaled = Design(scale * np.asarray(design.weights), strata=design.strata, clusters=design.clusters)
    plain, other = mean(answers[:, 0], design), mean(answers[:, 0], scaled)
    close(other, plain.value, plain.se)
    assert quantile(answers[:, 0], scaled).value == quantile(answers[:, 0], design).value
    assert total(answers[:, 0], scaled).se == pytest.approx(scale * total(answers[:, 0], design).se)


@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    answers, design, codes = sample(seed)
    order = np.random.default_rng(seed).permutation(len(answers))
    weights, strata, clusters = (np.asarray(item)[order] for item in (design.weights, design.strata, design.clusters))
    shuffled = Design(weights, strata=strata, clusters=clusters)
    plain, other = domain_means(answers, design, codes, 4), domain_means(answers[order], shuffled, codes[order], 4)
    for name in ("value", "se", "low", "high", "n", "n_missing", "df"):
        np.testing.assert_allclose(getattr(other, name), getattr(plain, name), rtol=1e-9, atol=1e-12)


@given(SEEDS)
def test_a_domain_has_the_mean_of_its_subset(seed: int) -> None:
    answers, design, codes = sample(seed)
    weights, inside = np.asarray(design.weights), (codes == 2) & ~np.isnan(answers[:, 1])
    result = mean(answers[:, 1], design, domain=codes == 2)
    assert result.n == inside.sum()
    assert result.n + result.n_missing == (codes == 2).sum()
    if inside.any():
        assert result.value == pytest.approx(np.average(answers[inside, 1], weights=weights[inside]))


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_many_domains_at_once_equal_one_after_the_other(seed: int) -> None:
    answers, design, codes = sample(seed)
    needed = np.where(np.isnan(answers), np.nan, answers > 3)
    together = domain_means(answers, design, codes, 4), domain_shares(needed, design, codes, 4)
    for d in range(4):
        for k in range(3):
            alone = mean(answers[:, k], design, domain=codes == d), share(needed[:, k], design, domain=codes == d)
            for many, one in zip(together, alone, strict=True):
                for name in ("value", "se", "low", "high", "n", "n_missing", "deff", "df"):
                    expected = pytest.approx(getattr(one, name), rel=1e-9, abs=1e-12, nan_ok=True)
                    assert getattr(many, name)[d, k] == expected


@given(SEEDS)
def test_totals_of_domains_add_up(seed: int) -> None:
    answers, design, codes = sample(seed)
    filled = np.nan_to_num(answers)
    parts = domain_totals(filled, design, np.where(codes < 0, 4, codes), 5).value
    assert np.nansum(parts[:, 0]) == pytest.approx(total(filled[:, 0], design).value)


@given(SEEDS)
def test_a_mean_is_a_ratio_to_one(seed: int) -> None:
    answers, design, _ = sample(seed)
    plain = mean(answers[:, 0], design)
    close(ratio(answers[:, 0], np.ones(50), design), plain.value, plain.se)


def test_simple_random_sampling_by_the_textbook() -> None:
    # Cochran (1977), Sampling Techniques, ch. 2: se = sqrt((1 - n/N) s^2 / n); values 1..5: s^2 = 2.5, N = 20, n = 5.
    result = mean([1, 2, 3, 4, 5], Design(np.full(5, 4.0), population=np.full(5, 20)))
    close(result, 3, np.sqrt(0.75 * 2.5 / 5))
    assert result.deff == pytest.approx(1)


# --- edges -----------------------------------------------------------------------------------------------------


def test_nobody_answered() -> None:
    design = Design(np.ones(4))
    for result in (mean([np.nan] * 4, design), share([np.nan] * 4, design), quantile([np.nan] * 4, design)):
        assert (result.n, result.n_missing) == (0, 4)
        assert np.isnan([result.value, result.se, result.low, result.high]).all()
    empty = domain_means([[1.0], [2.0]], Design([1, 1]), [0, 0], 2)
    np.testing.assert_array_equal(empty.n.ravel(), [2, 0])
    assert np.isnan(empty.value[1, 0])


def test_one_answer_has_a_value_but_no_interval() -> None:
    for result in (mean([4, np.nan], Design([1, 1])), share([1, np.nan], Design([1, 1]))):
        assert (result.n, result.df) == (1, 0)
        assert not np.isnan(result.value)
        assert np.isnan([result.se, result.low, result.high]).all()


def test_rows_without_weight_are_in_no_estimate() -> None:
    result = mean([1, 3, 100, np.nan], Design([1, 1, 0, 0]))
    assert (result.value, result.n, result.n_missing, result.df) == (2, 2, 0, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": [1, -1]}, "at least 0"),
        ({"weights": [1, np.nan]}, "at least 0"),
        ({"weights": [1, 1], "strata": ["a"]}, "expected 2 labels"),
        ({"weights": [1, 1], "clusters": ["a", None]}, "row 1 has none"),
        ({"weights": [1, 1], "population": [5]}, "expected 2 values"),
        ({"weights": [1, 1], "population": [5, 6]}, "the same for all rows"),
        ({"weights": [1, 1], "population": [5, np.nan]}, "must be known"),
        ({"weights": [1, 1], "population": [1, 1]}, "more sampled units"),
        ({"weights": [1, 1], "margins": [Margin(np.array([0]), np.array([2.0]))]}, "expected 2 values"),
    ],
)
def test_designs_that_make_no_sense_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Design(**arguments)


def test_answers_that_make_no_sense_are_refused() -> None:
    design = Design([1, 1])
    with pytest.raises(UsageError, match="1 and 0"):
        share([1, 2], design)
    with pytest.raises(UsageError, match="must be as many"):
        mean([1], design)
    with pytest.raises(UsageError, match="as many numerators"):
        ratio([1, 2], [1], design)
    with pytest.raises(UsageError, match="True or False"):
        mean([1, 2], design, domain=[0, 1])
    with pytest.raises(UsageError, match="from -1"):
        domain_means([[1], [2]], design, [0, 1], 1)
    with pytest.raises(UsageError, match="above 0"):
        quantile([1, 2], design, probability=0)


def test_inputs_stay_as_they_are() -> None:
    answers, weights, codes = np.array([[1.0, np.nan], [2.0, 3.0], [4.0, 5.0]]), np.ones(3), np.array([0, 1, -1])
    before = answers.copy(), weights.copy(), codes.copy()
    domain_means(answers, Design(weights), codes, 2)
    for now, then in zip((answers, weights, codes), before, strict=True):
        np.testing.assert_array_equal(now, then)
