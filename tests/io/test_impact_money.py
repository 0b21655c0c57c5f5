"""Impact maps, costs and prices as real files: what cannot be right is named and set aside, never guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from impact_project import ImpactProject, codes, cost, line, nothing_done, only, price, refused

from ropsanalysis.io.findings import format_findings
from ropsanalysis.social_impact.assess import assess
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.schema import COST_COLUMNS, INACTION_COLUMNS, MAP_COLUMNS, PRICE_COLUMNS


@pytest.fixture
def project(tmp_path: Path) -> ImpactProject:
    """Return a project with money only."""
    return ImpactProject(tmp_path, persons=[], centres=[])


def test_money_is_read(project: ImpactProject) -> None:
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    inputs = screening.inputs
    assert inputs is not None
    assert (inputs.year, inputs.price_year) == (2025, 2025)
    for table, columns in (
        (inputs.impact_map, MAP_COLUMNS), (inputs.costs, COST_COLUMNS), (inputs.inaction, INACTION_COLUMNS),
        (inputs.prices, PRICE_COLUMNS),
    ):  # fmt: skip
        assert tuple(table.columns) == columns
    first = inputs.impact_map.iloc[0]
    assert first[["quantity", "proxy_value", "deadweight", "attribution"]].tolist() == [100, 1200, 0.25, 0.4]
    assert first[["outcome_key", "currency", "distribution"]].tolist() == ["work", "PLN", "pert"]
    assert np.isnan(first["quantity_low"])
    assert inputs.costs["amount_pln"].tolist() == [12_000] * 3
    assert inputs.prices["index"].tolist() == [103.5] * 4
    assert inputs.impact_map["price_year"].dtype == np.int64


REFUSED = [
    ("IM-31", "currency", {"currency": "EUR"}, "przeliczyć na złote"),
    ("IM-31", "currency", {"currency": "PLM"}, "Czy chodziło o „pln”?"),
    ("IM-31", "currency", {"currency": ""}, "PLN"),
    ("IM-32", "price_year", {"price_year": "2015"}, "uzupełnić zbiór price_index"),
    ("IM-35", "deadweight", {"deadweight": "25"}, "Jeżeli to procent, proszę wpisać 0,25."),
    ("IM-35", "deadweight", {"deadweight": "25%"}, "np. 0,25 zamiast 25%"),
    ("IM-35", "deadweight", {"deadweight": "-0,1"}, "Udział nie może być ujemny."),
    ("IM-35", "attribution", {"attribution": "1,5"}, "udział od 0 do 1"),
    ("IM-35", "drop_off_high", {"drop_off_low": "0", "drop_off_high": "10"}, "proszę wpisać 0,1"),
    ("IM-38", "displacement", {"displacement": ""}, "udział od 0 do 1"),
    ("IM-28", "duration_years", {"duration_years": "0"}, "liczba większa od 0 do 60"),
    ("IM-28", "duration_years", {"duration_years": "-1"}, "liczba większa od 0 do 60"),
    ("IM-28", "quantity", {"quantity": "-5"}, "liczba od 0"),
    ("IM-28", "stakeholder", {"stakeholder": ""}, "niepusty tekst"),
    ("IM-37", "proxy_value, proxy_value_low, proxy_value_high", {"proxy_value": "900"}, "_low ≤ proxy_value"),
    ("IM-37", "proxy_value, proxy_value_low, proxy_value_high", {"proxy_value": "1600"}, "sprawdzić trzy liczby"),
    ("IM-37", "distribution", {"distribution": "pret"}, "Czy chodziło o „pert”?"),
    ("IM-38", "proxy_value", {"proxy_value": "12.500"}, "liczba"),  # twelve and a half, or thousands
    ("IM-40", "teryt", {"teryt": "świętokrzyski"}, "Czy chodziło o „świętokrzyskie”?"),
    ("IM-42", "evidence", {"evidence": "measurd"}, "Czy chodziło o „measured”?"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "column", "values", "told"), REFUSED)
def test_a_wrong_line_is_set_aside_and_the_rest_is_read(
    project: ImpactProject, code: str, column: str, values: dict[str, str], told: str
) -> None:
    project.lines[1].update(values)
    screening = project.screened()
    finding = only(screening, code)
    assert (finding.severity, finding.column, finding.row) == ("warning", column, 3)
    assert told in f"{finding.expected} {finding.remedy}"
    assert refused(screening, code) == [3]
    assert screening.inputs is not None
    assert screening.inputs.impact_map["line"].tolist() == ["1"]


DOUBTED = [
    ("IM-39", {"proxy_source": ""}, "proxy_source", ""),
    ("IM-41", {"deadweight": ""}, "deadweight", None),
    ("IM-43", {"outcome_key": "wellbeingg"}, "outcome_key", ""),
    ("IM-37", {"quantity_low": "80"}, "quantity_low", None),
    ("IM-37", {"deadweight": "0,2", "deadweight_high": "0,4"}, "deadweight_high", None),
    ("IM-37", {"distribution": ""}, "distribution", "triangular"),
    ("IM-37", {"proxy_value_low": "", "proxy_value_high": ""}, "distribution", ""),
]


@pytest.mark.parametrize(("code", "values", "column", "left"), DOUBTED)
def test_a_doubtful_line_stays_with_a_word(
    project: ImpactProject, code: str, values: dict[str, str], column: str, left: str | None
) -> None:
    project.lines[1].update(values)
    screening = project.screened()
    assert only(screening, code).row == 3
    assert screening.rejected.empty
    assert screening.inputs is not None
    found = screening.inputs.impact_map[column].iloc[1]
    assert np.isnan(found) if left is None else found == left


def test_a_misspelt_outcome_gets_a_suggestion(project: ImpactProject) -> None:
    project.lines[1]["outcome_key"] = "wellbeingg"
    assert "Czy chodziło o „wellbeing”?" in only(project.screened(), "IM-43").remedy


def test_a_range_without_deadweight_is_left_out(project: ImpactProject) -> None:
    project.lines[1].update(deadweight="", deadweight_low="0,1", deadweight_high="0,3")
    screening = project.screened()
    assert codes(screening) == {"IM-37", "IM-41"}
    assert screening.inputs is not None
    assert screening.inputs.impact_map.filter(like="deadweight").iloc[1].isna().all()


def test_a_negative_price_is_a_cost_and_stays(project: ImpactProject) -> None:
    project.lines[1].update(proxy_value="-500", proxy_value_low="-700", proxy_value_high="-300")
    screening = project.screened()
    assert screening.findings == ()


def test_a_word_that_is_none_gets_the_words_and_the_empty_cell(project: ImpactProject) -> None:
    project.lines[1]["distribution"] = "normalny"
    told = only(project.screened(), "IM-37").expected
    assert told == "jedno ze słów: triangular, uniform, pert albo pusta komórka"


def test_more_persons_than_participants_are_told(project: ImpactProject) -> None:
    project.lines = [line(1, quantity="120"), line(2, quantity="999")]  # 60 in each of two years; line 2: no key
    assert codes(project.screened()) == set()
    project.lines += [line(number, outcome_key="wellbeing", quantity="120,5") for number in range(3, 10)]
    finding = only(project.screened(), "IM-49")
    assert (finding.severity, finding.column, finding.row) == ("warning", "quantity", None)
    assert finding.found.startswith("świętokrzyskie, wiersz 3: 120.5 > 120; świętokrzyskie, wiersz 4: 120.5 > 120;")
    assert finding.found.endswith("wiersz 7: 120.5 > 120 (wszystkich: 7)")


def test_nothing_is_said_of_persons_where_participants_are_not_known(project: ImpactProject) -> None:
    project.lines[0]["quantity"] = "9999"
    project.costs[0]["participants"] = ""
    assert codes(project.screened()) == set()


# --- costs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount_pln": "-1"}, "IM-28"),
        ({"year": ""}, "IM-38"),
        ({"amount_pln": "ok. 5 tys."}, "IM-38"),
        ({"payer": ""}, "IM-28"),
        ({"year": "2024", "amount_pln": "1"}, "IM-25"),  # beside the row of 2024
    ],
)
def test_a_wrong_cost_takes_all_costs_of_its_voivodeship_with_it(
    project: ImpactProject, values: dict[str, str], code: str
) -> None:
    project.costs[1].update(values)
    project.costs += [cost(teryt="24", participants="100")]
    project.lines += [line(1, teryt="24")]
    screening = project.screened()
    assert codes(screening) == {code, "IM-45", "IM-44"}
    assert "mapa oddziaływania bez kosztów: świętokrzyskie" in [finding.found for finding in screening.findings]
    assert sorted(screening.rejected["row"]) == [2, 3, 4]
    assert screening.inputs is not None
    assert screening.inputs.costs["teryt"].tolist() == ["24"]


def test_a_copied_cost_counts_once(project: ImpactProject) -> None:
    project.costs.append(dict(project.costs[0], amount_pln="12000"))
    screening = project.screened()
    assert only(screening, "IM-25").row == 5
    assert screening.inputs is not None
    assert screening.inputs.costs["amount_pln"].sum() == 36_000


@pytest.mark.parametrize("amounts", [("0", "0", "0"), ()])
def test_without_costs_no_ratio_is_promised(project: ImpactProject, amounts: tuple[str, ...]) -> None:
    project.costs = [row | {"amount_pln": amount} for row, amount in zip(project.costs, amounts, strict=False)]
    project.inaction = []
    screening = project.screened()
    finding = only(screening, "IM-44")
    assert (finding.severity, finding.remedy[:38]) == ("warning", "Wartości złotówki tam nie podamy. Pros")
    assert screening.inputs is not None
    assert len(screening.inputs.impact_map) == 2


def test_costs_that_the_index_does_not_reach_are_told_once_and_kept(project: ImpactProject) -> None:
    project.costs += [cost(2026), cost(2026, "samorząd"), cost(2025, teryt="24")]  # no index of 2026 yet
    screening = project.screened()
    # They are no missing costs (IM-44): the cause is the index, and the report says so.
    assert codes(screening) == {"IM-32"}
    finding = only(screening, "IM-32")
    assert finding.found == "kosztów z tego roku nie da się przeliczyć na ceny roku 2025 (wierszy: 2; 5, 6)"
    assert screening.rejected.empty
    assert screening.inputs is not None
    assert screening.inputs.price_year == 2025
    assert len(screening.inputs.costs) == 6
    tables = assess(screening.inputs, parameters=SocialImpactParameters(map_draws=100, bootstrap_draws=19))
    assert tables["value_summary"].set_index("teryt")["reason"].to_dict() == {"24": "no_data", "26": "no_prices"}
    assert set(tables["cost_per"].query("teryt == '26'")["reason"]) == {"no_prices"}


def test_a_gap_in_the_index_is_no_lack_of_costs(project: ImpactProject) -> None:
    del project.prices[3]  # 2025: all amounts before it are cut off
    project.prices += [price(2026)]
    project.costs += [cost(2026)]
    project.inaction = []
    screening = project.screened()
    assert codes(screening) == {"IM-32", "IM-47"}
    assert screening.inputs is not None
    assert screening.inputs.impact_map["line"].tolist() == ["1", "2"]  # else it would look as if there were no map
    tables = assess(screening.inputs, parameters=SocialImpactParameters(map_draws=100, bootstrap_draws=19))
    assert tables["value_summary"]["reason"].tolist() == ["no_prices"]


def test_without_index_only_prices_of_the_same_year_are_used(project: ImpactProject) -> None:
    project.prices, project.inaction = [], []
    project.costs = [cost(2023), cost(2023, "samorząd")]
    project.lines[1]["price_year"] = "2022"
    screening = project.screened()
    assert refused(screening, "IM-32") == [3]
    assert screening.inputs is not None
    assert screening.inputs.price_year == 2023
    assert len(screening.inputs.costs) == 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reduction": "20"}, "IM-35"),
        ({"years": "0"}, "IM-28"),
        ({"cost_per_person_year_pln": "-7"}, "IM-28"),
        ({"persons": "kilka"}, "IM-38"),
        ({"price_year": "2012"}, "IM-32"),
    ],
)
def test_a_wrong_cost_of_doing_nothing_is_set_aside(project: ImpactProject, values: dict[str, str], code: str) -> None:
    project.inaction.append(nothing_done(item="inne", **values))
    screening = project.screened()
    assert only(screening, code).row == 3
    assert screening.inputs is not None
    assert screening.inputs.inaction["item"].tolist() == ["zasiłki"]


def test_a_cost_of_doing_nothing_without_source_is_doubtful(project: ImpactProject) -> None:
    project.inaction[0]["source"] = ""
    assert only(project.screened(), "IM-39").column == "source"


# --- prices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "code", "told"),
    [
        ("3,6", "IM-46", "Jeżeli to zmiana cen w procentach, proszę wpisać 103,6."),
        ("3,6%", "IM-46", "od 50 do 200"),
        ("-1", "IM-46", "proszę wpisać 99."),
        ("1,09", "IM-46", "w procentach, proszę wpisać 101,09; jeżeli iloraz cen obu lat – 109."),
        ("1036", "IM-46", "od 50 do 200"),
        ("", "IM-38", "od 50 do 200"),
    ],
)
def test_an_impossible_index_is_set_aside(project: ImpactProject, index: str, code: str, told: str) -> None:
    project.prices.insert(0, price(2021, index))
    screening = project.screened()
    finding = only(screening, code)
    assert told in f"{finding.expected} {finding.remedy}"
    assert screening.inputs is not None
    assert screening.inputs.prices["year"].tolist() == [2022, 2023, 2024, 2025]


def test_a_gap_in_the_index_is_told_and_what_lies_before_it_is_not_used(project: ImpactProject) -> None:
    del project.prices[2]  # 2024
    project.lines[1]["price_year"] = "2024"
    project.costs = [cost(2025)]
    screening = project.screened()
    assert codes(screening) == {"IM-32", "IM-47"}
    assert [finding.found for finding in screening.findings if finding.code == "IM-47"] == ["brak lat: 2024"]
    assert refused(screening, "IM-32") == [2]  # prices of 2023
    assert screening.inputs is not None
    assert screening.inputs.impact_map["line"].tolist() == ["2"]


def test_an_index_without_source_and_a_year_told_twice_are_found(project: ImpactProject) -> None:
    project.prices[0]["source"] = ""
    project.prices.append(price(2025, "104"))
    screening = project.screened()
    assert {"IM-25", "IM-39"} <= codes(screening)
    assert refused(screening, "IM-25") == [5, 6]
