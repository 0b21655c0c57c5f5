"""What the documents promise exists: links, commands, options, targets; and nothing of one machine is in the tree."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from ropsanalysis import cli, regions
from ropsanalysis.errors import UsageError
from ropsanalysis.io import (
    built,
    catalogue,
    identifiers,
    impact_answers,
    impact_money,
    impact_panel,
    impact_persons,
    training,
)
from ropsanalysis.io.findings import CHECKS, Finding
from ropsanalysis.io.paths import PROJECT_VARIABLE, Project
from ropsanalysis.io.social_economy import SocialScreening, screen_social_economy
from ropsanalysis.io.social_impact import ImpactScreening, screen_social_impact
from ropsanalysis.io.social_links import COLUMNS as LINK_COLUMNS
from ropsanalysis.io.social_mapping import ROLES
from ropsanalysis.reporting import build, bundle_problems, job, printed, reproduce, spec
from ropsanalysis.social_economy import schema
from ropsanalysis.social_economy.targets import MEASURES
from ropsanalysis.social_impact import attribution, centre_panel, centres, evidence
from ropsanalysis.social_impact import schema as impact_schema
from ropsanalysis.stats.effects import FEW_CLUSTERS
from ropsanalysis.training_needs.schema import FRAME_COLUMNS, OFFER_COLUMNS, TARGET_COLUMNS
from support import PROJECT

READMES = ("README.md", "README.pl.md")
GUIDES = ("docs/training_needs.md", "docs/training_needs.pl.md")
ECONOMY = ("docs/social_economy.md", "docs/social_economy.pl.md")
IMPACT = ("docs/social_impact.md", "docs/social_impact.pl.md")
PROGRAMME = ("docs/programme.md", "docs/programme.pl.md")
COOPERATION = ("docs/cooperation.md", "docs/cooperation.pl.md")
MONITORING = ("docs/project_monitoring.md", "docs/project_monitoring.pl.md")
EDITIONS = ("docs/editions.md", "docs/editions.pl.md")
BUNDLE = ("docs/bundle.md", "docs/bundle.pl.md")
RUNNING = ("docs/running.md", "docs/running.pl.md")
CLUSTER = ("docs/cluster.md", "docs/cluster.pl.md")
TWINS = (READMES, GUIDES, ECONOMY, IMPACT, PROGRAMME, COOPERATION, MONITORING, EDITIONS, BUNDLE, RUNNING, CLUSTER)
TWIN_NAMES = [Path(one[0]).stem for one in TWINS]
PROMISES = {  # the numbers are those of catalogue/training_parameters.yaml
    GUIDES[0]: (
        "below {threshold} is not shown",
        "at least {protection_width} persons",
        "fewer than {min_base} answers",
        "±{points:.0f} percentage",
        "threshold of {threshold} is a policy",
    ),
    GUIDES[1]: (
        "mniejszej niż {threshold} nie podajemy",
        "co najmniej {protection_width} osób",
        "mniej niż {min_base} odpowiedziach",
        "±{points:.0f} punktów",
        "Próg {threshold} osób jest przyjętą zasadą",
    ),
}
ECONOMY_PROMISES = {  # ... of catalogue/social_economy_parameters.yaml
    ECONOMY[0]: (
        "fewer than {statutory_min_units} entities",
        "more than {dominance:.0f}% of it, a number of persons also if below {count_threshold}",
        "narrower than {width:.0f}% of it",
        "at least {min_base} answering entities",
        "verified by their register in the last {verification_months} months",
        "limits of {inner:.0f}% and {outer:.1f}%",
        "{index_draws} variants",
        "at least {target_min_years} years",
    ),
    ECONOMY[1]: (
        "mniej niż {statutory_min_units} podmioty",
        "więcej niż {dominance:.0f}% całości, a liczby osób także wtedy, gdy jest mniejsza niż {count_threshold}",
        "węższym niż {width:.0f}% tej wielkości",
        "co najmniej {min_base} odpowiadających podmiotów",
        "zweryfikowane przez rejestr w ostatnich {verification_months} miesiącach",
        "granicami {inner:.0f}% i {polish_outer}%",
        "{index_draws} wariantów",
        "co najmniej {target_min_years} lat",
    ),
}
IMPACT_PROMISES = {  # ... of catalogue/impact_parameters.yaml, of the code where `fewest`, `never`, `powiats` stand
    IMPACT[0]: (
        "fewer than {min_persons} persons of a group",
        "fewer than {min_count} persons differ from the most common answer",
        "with {confidence:.0f}% intervals",
        "at least {min_clusters} entities are needed",
        "from {smallest_difference_sd} standard deviations at entry",
        "in shares, from {smallest_share:.0f} percentage points",
        "more than {max_attrition:.0f}% of the persons of a group",
        "at least {min_overlap:.0f}% of participants",
        "by more than {max_imbalance} standard deviations",
        "fewer than {never} gminas are without a centre",
        "placed {placebo_years} years earlier",
        "fewer than {powiats} powiats ({bootstrap_draws} draws)",
        "fewer than {min_opened} gminas",
        "{map_draws} draws over your ranges",
        "more than {dominant:.0f}% of the value in one line",
        "The discount rate of {rate}% is that of the British guide",
        "fewer than {fewest} entities",
    ),
    IMPACT[1]: (
        "mniej niż {min_persons} osobach w grupie",
        "mniej niż {min_count} osób różni się od najczęstszej odpowiedzi",
        "Przedział ufności {confidence:.0f}%",
        "co najmniej {min_clusters} podmiotów",
        "od {polish_sd} odchylenia standardowego na wejściu",
        "w odsetkach od {smallest_share:.0f} punktów procentowych",
        "więcej niż {max_attrition:.0f}% osób w grupie",
        "co najmniej {min_overlap:.0f}% uczestników",
        "o więcej niż {polish_imbalance} odchylenia standardowego",
        "gmin bez centrum jest mniej niż {never}",
        "przesunięte o {placebo_years} lata wcześniej",
        "powiatów jest mniej niż {powiats} – gmin ({bootstrap_draws} losowań)",
        "mniej niż {min_opened} gminach",
        "{map_draws} losowań z podanych zakresów",
        "z ponad {dominant:.0f}% wartości w jednym wierszu",
        "Stopa {polish_rate}% pochodzi z brytyjskiego poradnika",
        "mniej niż {fewest} podmiotów",
    ),
}
DOCUMENTS = (
    *READMES,
    *GUIDES,
    *ECONOMY,
    *IMPACT,
    *PROGRAMME,
    *COOPERATION,
    *MONITORING,
    *EDITIONS,
    *BUNDLE,
    *RUNNING,
    *CLUSTER,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]

_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^\*\*`([^`\n]+)`\*\*\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def code_lines(name: str) -> list[str]:
    """Return every line of code blocks, without comments, and every code span, in order of kind."""
    text = text_of(name)
    blocks = [line.split(" #")[0].strip() for block in _FENCE.findall(text) for line in block.splitlines()]
    return [line for line in [*blocks, *_SPAN.findall(_FENCE.sub("", text))] if line]


def calls(name: str) -> Iterator[list[str]]:
    """Yield the words after `ropsanalysis`, or after `render` where a span starts with the sub-command."""
    for line in code_lines(name):
        found = re.match(r"(?:\S*[\\/])?ropsanalysis (.+)", line)
        if found:
            yield shlex.split(found[1])
        elif line.split()[0] in COMMANDS and " --" in line:
            yield shlex.split(line)


def options(command: str) -> set[str]:
    return {"--help"} | {word for parameter in COMMANDS[command].params for word in parameter.opts}


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings: lower case, without punctuation, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def twin_of(target: str) -> str:
    """Return what a link leads to, whatever the language of the page and the words of its heading."""
    return target.partition("#")[0].replace(".pl.md", ".md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_and_image_leads_somewhere(name: str) -> None:
    missing = []
    for target in (target for _, _, target in _LINK.findall(text_of(name)) if "://" not in target):
        place, _, anchor = target.partition("#")
        path = (PROJECT / name).parent / place
        if not path.exists() or (anchor and anchor not in anchors(path.read_text(encoding="utf-8"))):
            missing.append(target)
    assert not missing, f"{name} points to what is not there"


@pytest.mark.parametrize("name", READMES)
def test_every_image_has_an_alternative_text_and_there_is_a_page_to_see(name: str) -> None:
    images = {target: alt for mark, alt, target in _LINK.findall(text_of(name)) if mark}
    assert {"docs/images/report-page.png", "docs/images/report-pdf.png"} <= set(images)
    assert all(len(alt) > 40 for alt in images.values())


@pytest.mark.parametrize("twins", TWINS, ids=TWIN_NAMES)
def test_both_languages_have_the_same_build(twins: tuple[str, str]) -> None:
    english, polish = (text_of(name) for name in twins)
    assert _HEADING.findall(english) == _HEADING.findall(polish)
    assert [len(b.splitlines()) for b in _FENCE.findall(english)] == [
        len(b.splitlines()) for b in _FENCE.findall(polish)
    ]
    rows = [[line.count("|") for line in text.splitlines() if line.startswith("|")] for text in (english, polish)]
    assert rows[0] == rows[1]
    links = [{twin_of(target) for _, _, target in _LINK.findall(text)} for text in (english, polish)]
    assert links[0] == links[1]


@pytest.mark.parametrize("twins", TWINS, ids=TWIN_NAMES)
def test_both_languages_name_the_same_commands_paths_and_codes(twins: tuple[str, str]) -> None:
    english, polish = (set(code_lines(name)) for name in twins)
    assert sorted(english) == sorted(polish)


@pytest.mark.parametrize("name", BUNDLE)
def test_the_guide_to_bundles_explains_every_code(name: str) -> None:
    told = re.findall(r"^\| ([BR][VP]-\d\d) \|", text_of(name), re.MULTILINE)
    assert told == [*bundle_problems.CHECKS, *reproduce.CHECKS]


@pytest.mark.parametrize("name", RUNNING)
def test_the_guide_to_running_tells_the_limits_there_are(name: str) -> None:
    text = text_of(name)
    assert f"| `--time-limit` | {job.TIME_LIMIT} |" in text
    assert f"| `--memory-limit` | {job.MEMORY_LIMIT} |" in text
    assert f"{printed.MOST_PRINTED // 1000} 000" in text
    assert set(get_args(job.Isolation)) == set(re.findall(r"^\| `--isolation (\w+)` \|", text, re.MULTILINE))


def test_both_guides_hold_the_same_example() -> None:
    english, polish = (_EXAMPLE.findall(text_of(name)) for name in GUIDES)
    assert english == polish
    assert [Path(name).parent.name for name, _ in english] == [
        "training_survey", "training_survey", "training_frame", "training_offer", "training_targets"
    ]  # fmt: skip


def test_the_example_of_the_guide_passes_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "project" / "data" / "raw"
    for name, content in _EXAMPLE.findall(text_of(GUIDES[0])):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(content, encoding="utf-8")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "pseudonyms.key"))
    screened = training.screen_training(raw)
    assert screened.findings == ()
    assert screened.inputs is not None
    survey = screened.inputs.survey
    # As the example itself reads: four rows, two of them of social assistance centres; row 3 has "N/A" for digital.
    assert survey.respondents["institution"].tolist() == ["ops", "ops", "pcpr", "dps"]
    assert set(survey.respondents["teryt"]) == {"26"}
    assert survey.mastery["mental_health"].tolist() == [2, 3, 2, 3]
    assert survey.importance["digital"].isna().tolist() == [False, False, True, False]
    assert screened.inputs.frame["staff"].sum() == 1310 + 240 + 1620


@pytest.mark.parametrize("name", GUIDES)
def test_the_guide_tells_the_truth_about_findings_and_numbers(name: str) -> None:
    text = text_of(name)
    parameters: dict[str, Any] = catalogue.parameter_values("training_parameters")
    for sentence in PROMISES[name]:
        assert sentence.format(**parameters, points=100 * parameters["max_half_width"]) in " ".join(text.split())
    assert set(re.findall(r"TN-\d\d", text)) <= set(CHECKS)
    for key in ("protection_width", *FRAME_COLUMNS, *OFFER_COLUMNS, *TARGET_COLUMNS):
        assert f"`{key}`" in text, key
    assert identifiers.KEY_VARIABLE in text


def test_both_guides_to_the_social_economy_hold_the_same_examples() -> None:
    english, polish = ([*_EXAMPLE.findall(text_of(name)), *_PYTHON.findall(text_of(name))] for name in ECONOMY)
    assert english == polish
    folders = {Path(name).parent.name for name, _ in _EXAMPLE.findall(text_of(ECONOMY[0]))}
    assert folders == set(schema.DATASETS)


def make_economy(folder: Path, *, complete: bool) -> Project:
    """Make a project with the example of the guide; where `complete`, with 9000 inhabitants in every other gmina."""
    project = Project(folder)
    for name in ("gus_sdg", "bdl_context", "teryt_units"):
        shutil.copytree(PROJECT / "data" / "raw" / name, project.raw / name)
    project.notebooks.mkdir()
    for name, content in _EXAMPLE.findall(text_of(ECONOMY[0])):
        (project.raw / name).parent.mkdir(exist_ok=True)
        (project.raw / name).write_text(content, encoding="utf-8")
    if complete:
        population = project.raw / "gmina_population" / "population.csv"
        given = population.read_text(encoding="utf-8")
        units = (project.raw / "teryt_units" / "units.csv").read_text(encoding="utf-8")
        others = [code for code in re.findall(r"^(26\d{4}),gmina,", units, re.MULTILINE) if f"{code}," not in given]
        population.write_text(given + "".join(f"{code},2024,9000\n" for code in others), encoding="utf-8")
    return project


def without_numbers(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in findings]


def standing(screened: SocialScreening) -> dict[str, str]:
    """Return the legal form of each entity that is open, by name."""
    assert screened.inputs is not None
    spells = screened.inputs.spells
    return dict(spells.loc[spells["end"].isna(), ["name", "legal_form"]].to_numpy().tolist())


def test_the_example_of_the_social_economy_gives_what_the_guide_says(tmp_path: Path) -> None:
    raw = make_economy(tmp_path, complete=True).raw
    screened = screen_social_economy(raw)
    assert without_numbers(screened.findings) == [("ES-35", "warning")]
    assert (len(screened.rejected), len(screened.review)) == (0, 0)
    # As the example itself reads: the second list's cooperative is the first's, a workshop is not who runs it.
    assert standing(screened) == {
        "Fundacja Most": "ngo", "Spółdzielnia Socjalna „Dobry Start”": "social_cooperative",
        "Piekarnia Razem sp. z o.o. non profit": "nonprofit_company", "KGW Jaskółki": "kgw",
        "WTZ przy Fundacji Most": "wtz",
    }  # fmt: skip
    assert screened.inputs is not None
    assert screened.inputs.spells["entity"].nunique() == 6
    assert screened.inputs.spells["end"].dropna().dt.strftime("%Y-%m-%d").tolist() == ["2023-11-30"]
    assert screened.inputs.status["since"].dt.strftime("%Y-%m-%d").tolist() == ["2023-04-17"]
    assert screened.inputs.survey["staff"].sum() == 4 + 12 + 9
    assert screened.inputs.survey["entity"].nunique() == 3
    assert screened.inputs.support["jobs_created"].tolist() == [41, 44]
    assert screened.inputs.programme["measure"].tolist() == ["gus:1.B.7", ""]

    (raw / "es_register" / "links.csv").unlink()
    undecided = screen_social_economy(raw)
    assert without_numbers(undecided.findings) == [("ES-23", "warning"), ("ES-35", "warning")]
    assert undecided.review[["record_a", "record_b"]].to_numpy().tolist() == [["krs.csv:3", "owes.csv:2"]]
    assert standing(undecided) == standing(screened) | {"Sp. socjalna Dobry Strat": "social_cooperative"}


def test_the_four_gminas_of_the_example_alone_stop_the_build(tmp_path: Path) -> None:
    screened = screen_social_economy(make_economy(tmp_path, complete=False).raw)
    assert [(code, how) for code, how in without_numbers(screened.findings) if how == "blocking"] == [
        ("ES-33", "blocking")
    ]
    assert screened.inputs is None


def test_the_python_of_the_guide_runs_on_its_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_economy(tmp_path, complete=True)
    (project.raw / "es_register" / "links.csv").unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    with_build, without_build = _PYTHON.findall(text_of(ECONOMY[0]))
    exec(without_build, {})  # noqa: S102 - the document's own lines
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "2 findings, 1 pairs to review"
    # Six stand open with the cooperative counted twice; 4 were verified or answered: all but the KGW and the copy.
    assert {tuple(line.split()) for line in printed[2:]} == {
        ("6", "4"), ("wtz", "1", "1"), ("social_cooperative", "2", "1"), ("nonprofit_company", "1", "1"),
        ("ngo", "1", "1"), ("kgw", "1", "<NA>"),
    }  # fmt: skip

    # The other topics have nothing to do with it, and one of them takes its time.
    monkeypatch.setattr(build, "TOPICS", {"social_economy": built.TOPICS["social_economy"]})
    build.build(project)
    review = (project.processed / "review" / "social_economy.csv").read_text(encoding="utf-8")
    assert "krs.csv:3,owes.csv:2," in review
    shown: dict[str, Any] = {}
    exec(with_build.replace("show.structure_table", "table = show.structure_table"), shown)  # noqa: S102
    assert shown["table"].rows[0][1].value == 6


@pytest.mark.parametrize("name", ECONOMY)
def test_the_guide_to_the_social_economy_tells_the_truth(name: str) -> None:
    text = text_of(name)
    parameters: dict[str, Any] = catalogue.parameter_values("social_economy_parameters")
    outer = f"{100 * parameters['funnel_outer']:.1f}"
    percent = {
        "dominance": 100 * parameters["statutory_dominance"], "width": 100 * parameters["protection_share"],
        "inner": 100 * parameters["funnel_inner"], "outer": float(outer), "polish_outer": outer.replace(".", ","),
    }  # fmt: skip
    plain = " ".join(text.split())
    for sentence in ECONOMY_PROMISES[name]:
        assert sentence.format(**parameters, **percent) in plain, sentence
    # "ES-28, ES-29" in the first cell of a row: what each remark does is told, and no other is.
    told = [code for row in re.findall(r"^\| (ES-[^|]+) \|", text, re.MULTILINE) for code in row.split(", ")]
    assert sorted(told) == sorted(code for code in CHECKS if code.startswith("ES-"))
    forms = [entry.key for entry in catalogue.legal_forms()]
    columns = {
        *ROLES, *LINK_COLUMNS, *forms, *schema.SIZE_CLASSES, *schema.POPULATION_COLUMNS, *schema.SURVEY_COLUMNS[1:],
        *schema.SUPPORT_COLUMNS, *schema.PROGRAMME_COLUMNS, *schema.DIRECTIONS,
    }  # fmt: skip
    spans = set(_SPAN.findall(_FENCE.sub("", text)))
    assert columns <= spans
    measures = {key for key in MEASURES if key.removeprefix("register:") not in forms}
    assert measures | {"register:zaz"} <= spans


def test_both_guides_to_social_impact_hold_the_same_examples() -> None:
    english, polish = ([*_EXAMPLE.findall(text_of(name)), *_PYTHON.findall(text_of(name))] for name in IMPACT)
    assert english == polish
    assert [name for name, _ in _EXAMPLE.findall(text_of(IMPACT[0]))] == [
        "impact_panel/panel.csv", "jst_panel/jst.csv", "impact_map/map.csv", "impact_costs/costs.csv",
        "impact_costs/inaction.csv", "price_index/prices.csv",
    ]  # fmt: skip
    assert {Path(name).parent.name for name, _ in _EXAMPLE.findall(text_of(IMPACT[0]))} == set(impact_schema.DATASETS)


@pytest.fixture
def impact_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Make a project with the example of the guide to social impact."""
    project = Project(tmp_path / "project")
    shutil.copytree(PROJECT / "data" / "raw" / "teryt_units", project.raw / "teryt_units")
    project.notebooks.mkdir()
    for name, content in _EXAMPLE.findall(text_of(IMPACT[0])):
        (project.raw / name).parent.mkdir(exist_ok=True)
        (project.raw / name).write_text(content, encoding="utf-8")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "pseudonyms.key"))
    return project


def test_the_example_of_social_impact_passes_the_check(impact_project: Project) -> None:
    screened = screen_social_impact(impact_project.raw)
    assert screened.findings == ()
    assert len(screened.rejected) == 0
    inputs = told(screened)
    # As the example itself reads: two persons with all four waves, three gminas, one without a centre.
    assert inputs.panel.groupby("group")["person"].nunique().to_dict() == {"comparison": 1, "participant": 1}
    assert inputs.panel["wave"].tolist() == [*impact_schema.WAVES] * 2
    assert inputs.panel["months_to_work"].dropna().tolist() == [4, 4, 9]
    assert inputs.jst.groupby("teryt")["opened"].first().fillna(0).tolist() == [2024, 2025, 0]
    assert inputs.costs["amount_pln"].sum() == 12_000
    assert (inputs.price_year, inputs.year) == (2025, 2025)
    assert "zmyślona" in inputs.impact_map["proxy_source"][0]


def told(screened: ImpactScreening) -> impact_schema.Inputs:
    assert screened.inputs is not None
    return screened.inputs


def test_the_python_of_the_guide_to_social_impact_runs_on_its_example(
    impact_project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(impact_project.root)
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    with_build, without_build = _PYTHON.findall(text_of(IMPACT[0]))
    exec(without_build, {})  # noqa: S102 - the document's own lines
    printed = [tuple(line.split()) for line in capsys.readouterr().out.splitlines()]
    # The case worked by hand: 9000, 8100 and 7290 discounted at 3.5 % are 22832.2512; over 12000 that is 1.9027.
    assert printed[1] == ("12000.0", "22832.2512", "1.902688")
    # What the guide says that the report adds, in the order of the checks.
    assert printed[3:] == [("1", "too_long"), ("1", "one_line"), ("1", "unmeasured")]
    for name, amount, ratio in ((IMPACT[0], "22 832.25", "1.90"), (IMPACT[1], "22 832,25", "1,90")):
        assert {f"{amount} zł", f"{ratio} zł"} <= set(re.findall(r"\d[\d ]*[.,]\d\d zł", text_of(name)))

    monkeypatch.setattr(build, "TOPICS", {"social_impact": built.TOPICS["social_impact"]})
    build.build(impact_project)
    shown: dict[str, Any] = {}
    exec(with_build.replace("show.value_summary", "said = show.value_summary"), shown)  # noqa: S102
    assert "1,90" in str(shown["said"])


@pytest.mark.parametrize("name", IMPACT)
def test_the_guide_to_social_impact_tells_the_truth(name: str) -> None:
    text = text_of(name)
    parameters: dict[str, Any] = catalogue.parameter_values("impact_parameters")
    percent = {key: 100 * parameters[key] for key in ("confidence", "max_attrition", "min_overlap")}
    numbers = {
        "smallest_share": 100 * parameters["smallest_difference_share"], "dominant": 100 * parameters["dominant_share"],
        "rate": f"{100 * parameters['discount_rate']:g}", "map_draws": f"{parameters['map_draws']:,}".replace(",", " "),
        "fewest": FEW_CLUSTERS, "never": centres.ENOUGH_NEVER, "powiats": centre_panel.ENOUGH_POWIATS,
    }  # fmt: skip
    polish = {
        "polish_sd": f"{parameters['smallest_difference_sd']:g}".replace(".", ","),
        "polish_imbalance": f"{parameters['max_imbalance']:g}".replace(".", ","),
        "polish_rate": numbers["rate"].replace(".", ","),
    }
    plain = " ".join(text.split())
    for sentence in IMPACT_PROMISES[name]:
        assert sentence.format(**(parameters | percent | numbers | polish)) in plain, sentence
    codes = [code for row in re.findall(r"^\| (IM-[^|]+) \|", text, re.MULTILINE) for code in row.split(", ")]
    assert sorted(codes) == sorted(code for code in CHECKS if code.startswith("IM-"))
    assert set(parameters) <= set(_SPAN.findall(_FENCE.sub("", text)))
    assert identifiers.KEY_VARIABLE in text
    # A line of the map is never refused for a duration or range that the guide allows.
    ages, week = "–".join(map(str, impact_persons.AGE)), impact_persons.LONGEST_WEEK
    for limit in (ages, f"0–{impact_persons.LONGEST_MONTHS}", f"0–{week}", f"0–{impact_money.LONGEST}"):
        assert limit in plain, limit


def described(name: str) -> dict[str, set[str]]:
    """Return the columns that the tables of a guide to social impact describe, by file."""
    found: dict[str, set[str]] = {}
    sections = _FENCE.sub("", text_of(name)).split("\n## ")
    for section, file in ((sections[3], "panel"), (sections[4], "jst")):
        cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
        found[file] = {span for cell in cells for span in _SPAN.findall(cell)}
    for file, cell in re.findall(r"^\| `(\w+)` \| (`[^|]+) \|", sections[5], re.MULTILINE):
        found.setdefault(file, set()).update(_SPAN.findall(cell))
    return found


@pytest.mark.parametrize("name", IMPACT)
def test_the_columns_of_the_guide_to_social_impact_are_those_of_the_schema(name: str) -> None:
    expected = {
        "panel": (*impact_schema.PANEL_COLUMNS, impact_panel.DATE), "jst": impact_schema.JST_COLUMNS,
        "map": impact_schema.MAP_COLUMNS, "costs": impact_schema.COST_COLUMNS,
        "inaction": impact_schema.INACTION_COLUMNS, "prices": impact_schema.PRICE_COLUMNS,
    }  # fmt: skip
    assert described(name) == {file: set(columns) for file, columns in expected.items()}
    spans = set(_SPAN.findall(_FENCE.sub("", text_of(name))))
    words = {
        *impact_schema.GROUPS, *impact_schema.KINDS, *impact_schema.WAVES, *impact_schema.INCOME_SOURCES,
        *impact_schema.SEXES, *impact_schema.DISTRIBUTIONS, *impact_schema.EVIDENCE, impact_money.CURRENCY,
    }  # fmt: skip
    assert words <= spans
    assert {"work", "wellbeing"} <= {entry.key for entry in catalogue.impact_outcomes()}  # the keys it names


def test_polish_words_that_the_guides_to_social_impact_name_are_understood() -> None:
    assert impact_answers.GROUPS["uczestnik"] == "participant"
    assert impact_answers.WAVES["wejscie"] == "entry"
    for name in IMPACT:
        assert "*uczestnik*, *wejście*, *tak*" in " ".join(text_of(name).split())


@pytest.mark.parametrize("name", IMPACT)
def test_the_guide_gives_each_grade_of_evidence_its_verb(name: str) -> None:
    rows = dict(re.findall(r"^\| (\d) \| [^|]+ \| ([^|]+) \|$", text_of(name), re.MULTILINE))
    assert {int(grade) for grade in rows} == {entry.grade for entry in catalogue.evidence_grades()}
    for entry in catalogue.evidence_grades():
        assert rows[str(entry.grade)].startswith(f"*{entry.verb}*" if entry.verb else "–"), entry.grade
    # The guide says that no claim gets the highest grade: no file can say that chance decided who took part.
    assert evidence.RANDOMISED not in attribution.DESIGN.values()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_named_is_in_both_menus(name: str) -> None:
    makefile = set(re.findall(r"^([a-z]+):.*##", text_of("Makefile"), re.MULTILINE))
    windows = set(re.findall(r"'([a-z]+)'", text_of("make.ps1")))
    named = {word for line in code_lines(name) for word in re.findall(r"\bmake (?:\w+=\S+ )*([a-z]+)", line)}
    named_windows = {word for line in code_lines(name) for word in re.findall(r"make\.ps1 ([a-z]+)", line)}
    assert named <= makefile
    assert named | named_windows <= windows
    if name in READMES:
        assert {"reports", "test"} <= named & named_windows


def test_variables_given_to_make_exist() -> None:
    for name in DOCUMENTS:
        for line in code_lines(name):
            if line.startswith("make "):
                for variable in re.findall(r"\b([A-Z]+)=", line):
                    assert re.search(rf"^{variable} *\?=", text_of("Makefile"), re.MULTILINE), line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_and_option_named_exists(name: str) -> None:
    for words in calls(name):
        assert words[0] in COMMANDS, words
        unknown = {word for word in words[1:] if word.startswith("-")} - options(words[0])
        assert not unknown, words


@pytest.mark.parametrize("name", READMES)
def test_readmes_show_every_command(name: str) -> None:
    shown = {command for command, about in COMMANDS.items() if not about.hidden}
    assert {words[0] for words in calls(name)} == shown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_values_given_to_render_are_accepted(name: str) -> None:
    for words in calls(name):
        given = list(pairwise(words))
        spec.find_reports(value for option, value in given if option == "--report")
        spec.find_regions(value for option, value in given if option == "--region")
        for option, value in given:
            if option == "--format":
                spec.find_formats(value)


def test_the_checks_above_would_notice_a_misspelling() -> None:
    assert "--fromat" not in options("render")
    with pytest.raises(UsageError):
        regions.find("Warminsko-Mazurske")


@pytest.mark.parametrize("name", READMES)
def test_exit_codes_are_those_of_the_errors(name: str) -> None:
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of(name), re.MULTILINE)}
    assert shown == {0, 1, 2, 3, 4, 130}  # the list at the head of ropsanalysis/cli.py


@pytest.mark.parametrize("name", READMES)
def test_readmes_name_every_report_and_every_folder_of_data(name: str) -> None:
    first_cells = {
        cell for row in re.findall(r"^\| ([^|]+) \|", text_of(name), re.MULTILINE) for cell in _SPAN.findall(row)
    }
    topics = built.TOPICS.values()
    assert {topic.key for topic in topics} <= first_cells
    assert {f"data/raw/{folder}" for topic in topics for folder in topic.datasets} <= first_cells
    # Titles as the reports have them.
    assert all(f"*{report.title}*" in text_of(name) for report in spec.REPORTS.values())


@pytest.mark.parametrize("name", READMES)
def test_the_thresholds_of_social_impact_in_the_readmes_are_those_of_the_catalogue(name: str) -> None:
    parameters: dict[str, Any] = catalogue.parameter_values("impact_parameters")
    promises = {
        "README.md": ("fewer than {min_persons} persons of a group", "fewer than {min_count} differ"),
        "README.pl.md": ("mniej niż {min_persons} osobach w grupie", "mniej niż {min_count} osób różni się"),
    }
    plain = " ".join(text_of(name).split())
    assert all(promise.format(**parameters) in plain for promise in promises[name])


def test_the_number_of_indicators_in_the_readmes_is_that_of_the_catalogue() -> None:
    used = {entry.source_code for entry in catalogue.indicators() if entry.status == "used"}
    excluded = [entry for entry in catalogue.indicators() if entry.status == "excluded"]
    english = text_of("README.md")
    assert f"{len(used)} indicators" in english
    assert f"of the {len(used) + len(excluded)} series" in english
    assert f"{len(used)} wskaźników" in text_of("README.pl.md")
    assert f"z {len(used) + len(excluded)} opublikowanych" in text_of("README.pl.md")


def tracked() -> list[Path]:
    """Return the files of the tree that git knows or would add."""
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        pytest.skip("the project is not a git working tree here, so it cannot be told which files belong to it")
    listing = subprocess.check_output([git, "ls-files", "-z", "-co", "--exclude-standard"], cwd=PROJECT)
    paths = [PROJECT / name for name in listing.decode().split("\0") if name]
    assert len(paths) > 50
    return [path for path in paths if path.is_file()]


def findings(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Return `file:line` of every match."""
    found = []
    for name, text in texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{name}:{number}")
    return found


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Return the text of every tracked file that is text."""
    read = {}
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            read[path.relative_to(PROJECT).as_posix()] = data.decode("utf-8", errors="replace")
    return read


# Put together here, so that this file does not contain what it forbids.
_HOSTS = [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org"),
    ("ubuntu", "com"), ("anaconda", "org"), ("anaconda", "com"), ("crates", "io"),
    ("jsdelivr", "net"), ("unpkg", "com"),
]  # fmt: skip
REGISTRY = re.compile("|".join(rf"\b{name}\.{end}\b" for name, end in _HOSTS))
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt)/\w|\b[A-Z]:\\Users\\", re.ASCII)


def test_the_patterns_find_what_they_are_for() -> None:
    bad = {"a": "see https://files." + "pythonhosted" + ".org/x", "b": "x = '/" + "home/anna/x'"}
    assert findings(REGISTRY, bad) == ["a:1"]
    assert findings(MACHINE, bad) == ["b:1"]
    assert not findings(MACHINE, {"c": "https://example.pl/home/x and data/work/x and notebooks/root.ipynb"})


def test_no_address_of_a_package_registry_is_in_the_tree(texts: dict[str, str]) -> None:
    assert not findings(REGISTRY, texts)


def test_no_path_of_one_machine_is_in_the_tree(texts: dict[str, str]) -> None:
    assert not findings(MACHINE, texts)
