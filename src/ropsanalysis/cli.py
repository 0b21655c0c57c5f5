"""The command line: one word for each step from original files to finished reports.

Results go to stdout, progress to stderr. Exit codes: 0 good, 1 some report failed, 2 usage, 3 data
refused by screening, 4 stopped by disclosure control, 130 interrupted.
"""

from __future__ import annotations

import os

# Before numpy is imported anywhere: a process that will be forked must have one thread only.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("MPLBACKEND", "Agg")

import json  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Annotated, Literal  # noqa: E402

import typer  # noqa: E402

import ropsanalysis  # noqa: E402
from ropsanalysis import cli_bundle  # noqa: E402
from ropsanalysis.errors import RopsError, UsageError, did_you_mean  # noqa: E402
from ropsanalysis.io.paths import Project  # noqa: E402
from ropsanalysis.reporting.job import MEMORY_LIMIT, TIME_LIMIT  # noqa: E402

if TYPE_CHECKING:
    from ropsanalysis.reporting.job import Outcome

#: Exit code of a command ended by Ctrl-C, as shells have it.
_INTERRUPTED = 130

app = typer.Typer(
    help="Reproducible regional social-policy reports for Poland's sixteen voivodeships.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ProjectOption = Annotated[
    Path | None, typer.Option("--project", help="Project folder; by default found from the working directory.")
]
LevelOption = Annotated[
    Literal["gmina", "powiat"] | None,
    typer.Option("--level", help="Of reports on gminas and powiats: only these. Without --report: local_diagnosis."),
]
UnitOption = Annotated[
    list[str] | None,
    typer.Option("--unit", "-u", help="Gmina or powiat by TERYT code or name; repeatable or comma-separated."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON for programs.")]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may not know Polish
    try:
        # Typer returns the code of an `Exit`, and 130 for Ctrl-C, instead of raising them.
        code = app(standalone_mode=False)
    except RopsError as error:
        typer.echo(f"ropsanalysis: {error}", err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception as error:
        show = getattr(error, "show", None)  # click's own usage errors know how to show themselves
        if show is None:
            raise
        show()
        sys.exit(2)
    if code == _INTERRUPTED:
        typer.echo("ropsanalysis: interrupted; finished reports are kept, run the same command to go on.", err=True)
    sys.exit(code if isinstance(code, int) else 0)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(ropsanalysis.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    del version


@app.command("import")
def import_(
    dataset: Annotated[
        str,
        typer.Argument(
            help="gus_sdg (folder of original files), bdl_context (a CTAB export) or teryt_units (list of areas)."
        ),
    ],
    source: Annotated[Path, typer.Argument(help="Folder or file with the original data.")],
    project: ProjectOption = None,
) -> None:
    """Turn original files of public offices into the project's tidy dataset under data/raw."""
    from ropsanalysis.io import bdl, gus_sdg, teryt

    readers = {
        "gus_sdg": gus_sdg.import_folder,
        "bdl_context": bdl.write_context,
        "teryt_units": teryt.import_list,
    }
    if dataset not in readers:
        known = f"Datasets: {', '.join(readers)}."
        raise UsageError(f"There is no dataset '{dataset}' to import.{did_you_mean(dataset, readers)} {known}")
    if not source.exists():
        raise UsageError(f"There is nothing at {source}; name the folder or file with the original data.")
    target = Project.find(project).raw / dataset
    readers[dataset](source, target)
    typer.echo(f"{target}")


@app.command()
def demo(
    project: ProjectOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write anew what an earlier demo wrote.")] = False,
) -> None:
    """Write synthetic example data where an office has delivered none; real data are never touched."""
    from ropsanalysis.io import synthetic

    raw = Project.find(project).raw
    written = synthetic.write_missing(raw, force=force)
    for dataset, state in written.items():
        typer.echo(f"{state}: {raw / dataset}")
    if not synthetic.has_units(raw):
        typer.echo(
            f"ropsanalysis: no list of territorial units in {raw}: only the survey of training needs was made up.",
            err=True,
        )


@app.command()
def check(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Screen the raw data and list every finding (in Polish), without building anything."""
    from dataclasses import asdict

    from ropsanalysis.io.screening import format_findings
    from ropsanalysis.reporting import build as building

    screened = building.screen(Project.find(project)).values()
    findings = [finding for one in screened for finding in one.findings]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    elif findings:
        typer.echo(format_findings(findings, limit=1000))
    else:
        typer.echo("Brak uwag do danych.")
    if any(one.blocking for one in screened):
        raise typer.Exit(3)


@app.command()
def build(
    project: ProjectOption = None,
    force: Annotated[bool, typer.Option("--force", help="Compute even where nothing has changed.")] = False,
) -> None:
    """Screen the raw data and compute all national tables into data/processed."""
    from ropsanalysis.io.screening import format_findings
    from ropsanalysis.reporting import build as building

    for built in building.build(Project.find(project), force=force):
        if built.findings:
            typer.echo(format_findings(built.findings), err=True)
        state = "unchanged" if built.fresh else "built"
        typer.echo(f"{state}: {built.folder}")


@app.command()
def render(
    report: Annotated[
        list[str] | None,
        typer.Option("--report", "-r", help="Report; repeatable. Default: all but those on gminas and powiats."),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", "-w", help="Voivodeship by TERYT code or name; repeatable or comma-separated."),
    ] = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    formats: Annotated[str, typer.Option("--format", "-f", help="Of html, pdf, xlsx, json, ipynb; by commas.")] = "",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Reports at a time. Default: processors.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for editions. Default: reports.")] = None,
    edition: Annotated[str, typer.Option("--edition", help="Name of the edition. Default: last year of data.")] = "",
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="name=value for the notebook; repeatable.")
    ] = None,
    engine: Annotated[
        Literal["ropsanalysis", "kernel"], typer.Option("--engine", help="kernel: papermill's ordinary Jupyter kernel.")
    ] = "ropsanalysis",
    isolation: Annotated[
        Literal["fork", "pool", "process"] | None,
        typer.Option(
            "--isolation",
            help="Forked process for each report (default on Linux), processes of a pool used again (elsewhere), or a "
            "new process for each report.",
        ),
    ] = None,
    time_limit: Annotated[
        int, typer.Option("--time-limit", min=1, metavar="SECONDS", help="Seconds a report may take.")
    ] = TIME_LIMIT,
    memory_limit: Annotated[
        int, typer.Option("--memory-limit", min=1, metavar="MIB", help="Memory (MiB) a report may hold.")
    ] = MEMORY_LIMIT,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help="Earlier edition (folder, or JSON of a report): adds what changed since."),
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster, as in tcp://host:8786."),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Render also what is fresh.")] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="End at once if another run is at work on the edition.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Render reports that are not fresh: by default all there are data for, as HTML, PDF, XLSX and JSON.

    Reports on gminas and powiats, which are thousands, are only rendered where --report, --level or --unit asks.
    """
    from ropsanalysis.reporting import cluster, spec
    from ropsanalysis.reporting import render as rendering
    from ropsanalysis.reporting.progress import Progress

    if scheduler:
        cluster.check_address(scheduler)
    chosen = spec.find_formats(formats) if formats else spec.DEFAULT_FORMATS
    planned = rendering.plan(
        Project.find(project),
        reports=spec.find_reports(report or []),
        regions=spec.find_regions(_words(region)),
        level=level,
        units=_words(unit, option="--unit"),
        formats=chosen,
        parameters=dict(_pair(text) for text in parameter or []),
        out=out,
        edition=_edition(edition),
        engine=engine,
        time_limit=time_limit,
        memory_limit=memory_limit,
        previous=previous,
    )
    with Progress() as progress:
        outcomes = rendering.run(
            planned,
            workers=jobs,
            on_start=progress.begin,
            on_change=progress.show,
            on_outcome=lambda outcome: progress.tell(outcome, rendering.diagnostic_path(planned, outcome.job)),
            force=force,
            wait=not no_wait,
            say=lambda text: typer.echo(f"ropsanalysis: {text}", err=True),
            isolated=isolation,
            scheduler=scheduler,
        )
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    fresh = [outcome for outcome in outcomes if outcome.status == "fresh"]
    if as_json:
        typer.echo(json.dumps([_as_json(outcome) for outcome in outcomes], ensure_ascii=False, indent=1))
    else:
        kept = f", {len(fresh)} of them unchanged" if fresh else ""
        done = f"{len(outcomes) - len(failed)} of {len(outcomes)} reports done{kept}"
        typer.echo(f"{done}: {planned.folder / 'index.html'}")
    if failed:
        raise typer.Exit(1)


@app.command()
def status(
    report: Annotated[
        list[str] | None,
        typer.Option("--report", "-r", help="Report; repeatable. Default: all but those on gminas and powiats."),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", "-w", help="Voivodeship by TERYT code or name; repeatable or comma-separated."),
    ] = None,
    level: LevelOption = None,
    unit: UnitOption = None,
    formats: Annotated[str, typer.Option("--format", "-f", help="Of html, pdf, xlsx, json, ipynb; by commas.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for editions. Default: reports.")] = None,
    edition: Annotated[str, typer.Option("--edition", help="Name of the edition. Default: last year of data.")] = "",
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="name=value for the notebook; repeatable.")
    ] = None,
    previous: Annotated[Path | None, typer.Option("--previous", help="Earlier edition, as given to render.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which reports `render` would leave as they are and which it would make anew, and why."""
    from ropsanalysis.reporting import render as rendering
    from ropsanalysis.reporting import spec, status_table

    planned = rendering.plan(
        Project.find(project),
        reports=spec.find_reports(report or []),
        regions=spec.find_regions(_words(region)),
        level=level,
        units=_words(unit, option="--unit"),
        formats=spec.find_formats(formats) if formats else spec.DEFAULT_FORMATS,
        parameters=dict(_pair(text) for text in parameter or []),
        out=out,
        edition=_edition(edition),
        previous=previous,
        to_run=False,
    )
    found = rendering.standings(planned)
    if as_json:
        typer.echo(json.dumps(status_table.as_json(found), ensure_ascii=False, indent=1))
    else:
        status_table.show(found, planned.folder)


def _words(texts: list[str] | None, *, option: str = "--region") -> list[str]:
    words = [word.strip() for text in texts or [] for word in text.split(",") if word.strip()]
    if texts and not words:
        raise UsageError(f"Nothing named after {option}; leave the option out for all there are.")
    return words


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise UsageError(f"A parameter reads name=value, not '{text}'.")
    return name.strip(), value


def _edition(text: str) -> str:
    if text and (text != Path(text).name or text.startswith(".") or not text.isprintable()):
        raise UsageError(f"An edition is one plain folder name such as 2025, not '{text}'.")
    return text


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "report": outcome.job.report,
        "teryt": outcome.job.teryt,
        "status": outcome.status,
        "cause": outcome.cause,
        "files": {name: str(path) for name, path in outcome.files.items()},
    }


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Older edition: its folder, or the JSON of one report.")],
    new: Annotated[Path, typer.Argument(help="Newer edition: its folder, or the JSON of one report.")],
    report: Annotated[
        list[str] | None, typer.Option("--report", "-r", help="Report; repeatable. Default: all in both editions.")
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", "-w", help="Voivodeship by TERYT code or name; repeatable or comma-separated."),
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option("--tolerance", min=0, help="List only changes larger than so many units of the last digit."),
    ] = 0,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the page diff.html, one page for each report, and JSON.")
    ] = Path("diff"),
    as_json: JsonOption = False,
) -> None:
    """Compare two editions: every number that changed, by how much, and what may have changed it (in Polish)."""
    from ropsanalysis.reporting import spec
    from ropsanalysis.reporting.editions import files

    found = files.write(
        old,
        new,
        reports=spec.find_reports(report or []),
        regions=spec.find_regions(_words(region)),
        tolerance=tolerance,
        out=out,
    )
    if as_json:
        typer.echo(json.dumps(files.as_json(found), ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"Reports compared: {len(found.rows)}. Numbers changed: {found.total('changed')}; by less than is printed: "
        f"{found.total('below_rounding')}; no longer or newly told: {found.total('missing')}. "
        f"Warnings of differencing: {found.total('cautions')}.\n{found.page}"
    )


@app.command()
def audit(
    indicator: Annotated[
        Literal["supported", "qualified", "plans"],
        typer.Option("--indicator", "-i", help="Number of the monitoring of projects."),
    ],
    region: Annotated[str, typer.Option("--region", "-w", help="Voivodeship by TERYT code or name.")],
    rule: Annotated[
        str, typer.Option("--rule", help="Show only what this rule keeps out, such as too_late; or 'counted'.")
    ] = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the list to this file, outside 'reports' and 'data'.")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the persons or units behind a number (in Polish): pseudonyms, rows of the file, counted or why not.

    For the office's own machine alone: the list is about single persons and never part of a report.
    """
    from ropsanalysis.regions import find
    from ropsanalysis.reporting import audit as auditing

    if csv is not None and as_json:
        raise UsageError("Choose one of --csv and --json.")
    own = Project.find(project)
    target = None if csv is None else auditing.check_target(own, csv)
    found = auditing.audit(own, indicator=indicator, region=find(region), rule=rule)
    if as_json:
        typer.echo(json.dumps(auditing.as_json(found), ensure_ascii=False, indent=1))
    elif target is not None:
        auditing.write_csv(found, target)
        typer.echo(f"{auditing.summary(found)}\n{target}")
    else:
        typer.echo(auditing.as_text(found))


@app.command(hidden=True)
def host() -> None:
    """Make reports for a worker of a cluster, which starts this itself and talks to it on stdin and stdout."""
    from ropsanalysis.reporting import host as hosting

    hosting.serve()


@app.command()
def lab(project: ProjectOption = None) -> None:
    """Open the project's notebooks in JupyterLab."""
    folder = Project.find(project).notebooks
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyter", "lab", str(folder)]))  # noqa: S603


cli_bundle.add_to(app)
