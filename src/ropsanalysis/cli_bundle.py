"""The words of the command line for bundles: key, bundle, verify, reproduce.

What the ministry reads is Polish: the outcome of a check and of a reproduction.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ropsanalysis.io.paths import Project

if TYPE_CHECKING:
    from ropsanalysis.reporting.bundle_check import Checked

BundleArgument = Annotated[Path, typer.Argument(help="The bundle: a ZIP file.", metavar="FILE.zip")]
ProjectOption = Annotated[
    Path | None, typer.Option("--project", help="Project folder; by default found from the working directory.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON for programs.")]

_SIGNATURE = {
    "valid": "zgodny z podanym kluczem",
    "invalid": "niezgodny",
    "unchecked": "jest, ale nie sprawdzono go: nie podano klucza publicznego (--key)",
    "none": "paczki nie podpisano",
}


def add_to(app: typer.Typer) -> None:
    """Add the words to the command line."""
    for command in (key, bundle, verify, reproduce):
        app.command()(command)


def key(
    out: Annotated[Path, typer.Option("--out", help="Folder for the keys, outside of the project and any repository.")],
) -> None:
    """Make a pair of Ed25519 keys: a private one to sign bundles with, a public one for the ministry."""
    from ropsanalysis.reporting import signing

    private, public = signing.make_keys(out)
    typer.echo(f"private: {private}\npublic: {public}\nfingerprint: {signing.fingerprint(signing.read_public(public))}")


def bundle(
    region: Annotated[str, typer.Option("--region", "-w", help="Voivodeship by TERYT code or name; or polska.")],
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to write.", metavar="FILE.zip")],
    report: Annotated[
        list[str] | None, typer.Option("--report", "-r", help="Report; repeatable. Default: all of the edition.")
    ] = None,
    edition: Annotated[str, typer.Option("--edition", help="Name of the edition. Default: last year of data.")] = "",
    editions: Annotated[Path | None, typer.Option("--editions", help="Folder of editions. Default: reports.")] = None,
    sign: Annotated[Path | None, typer.Option("--sign", help="Private key to sign with.", metavar="KEY")] = None,
    project: ProjectOption = None,
) -> None:
    """Pack a region's finished reports for the ministry: all formats, manifest, checksums, checks, signature."""
    from ropsanalysis.reporting import bundle as bundling
    from ropsanalysis.reporting import spec

    regions = spec.find_regions([region])
    data = bundling.make(
        Project.find(project),
        region=regions[0],
        reports=spec.find_reports(report or []),
        editions=editions,
        edition=edition,
        key=sign,
    )
    typer.echo(bundling.write(data, out))


def verify(
    file: BundleArgument,
    key: Annotated[
        Path | None, typer.Option("--key", help="Public key of the centre; a bundle without its signature fails.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a bundle without running anything of it (result in Polish); exit code 1 if anything is wrong."""
    from ropsanalysis.reporting import bundle_check, signing

    public = None if key is None else signing.read_public(key)
    checked = bundle_check.check(bundle_check.read(file), key=public)
    typer.echo(json.dumps(_as_json(checked), ensure_ascii=False, indent=1) if as_json else _as_text(checked))
    if checked.problems:
        raise typer.Exit(1)


def _as_json(checked: Checked) -> dict[str, Any]:
    manifest = checked.manifest
    said = {} if manifest is None else {name: getattr(manifest, name) for name in ("teryt", "region", "edition")}
    return {
        "valid": not checked.problems,
        "signature": checked.signature,
        **said,
        "reports": [] if manifest is None else [report.report for report in manifest.reports],
        "synthetic": manifest is not None and manifest.synthetic,
        "problems": [{**asdict(one), "check": one.check} for one in checked.problems],
    }


def _as_text(checked: Checked) -> str:
    from ropsanalysis.reporting.bundle_problems import printable

    lines = []
    if (manifest := checked.manifest) is not None:
        place = f"{manifest.region} (TERYT {manifest.teryt})"
        lines.append(printable(f"Paczka: {place}, edycja {manifest.edition}"))
        lines.append(f"Raporty: {', '.join(printable(report.title) for report in manifest.reports)}")
        if manifest.synthetic:
            marked = ", ".join(printable(report.title) for report in manifest.reports if report.synthetic)
            lines.append(f"DANE SYNTETYCZNE w raportach: {marked}")
    lines.append(f"Podpis: {_SIGNATURE[checked.signature]}")
    lines += [str(problem) for problem in checked.problems]
    wrong = len(checked.problems)
    lines.append(f"Wynik: paczka odrzucona, liczba nieprawidłowości: {wrong}." if wrong else "Wynik: paczka poprawna.")
    return "\n".join(lines)


def reproduce(
    file: BundleArgument,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="Earlier edition, where the reports say what changed since.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Reports at a time.")] = 1,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a bundle's reports again from the project's data and compare every byte (result in Polish)."""
    from ropsanalysis.reporting import bundle_check
    from ropsanalysis.reporting import reproduce as reproducing

    checked = bundle_check.check(bundle_check.read(file))
    if checked.manifest is None or checked.problems:
        typer.echo(_as_text(checked))
        raise typer.Exit(1)
    made = reproducing.reproduce(
        Project.find(project),
        checked.manifest,
        workers=jobs,
        previous=previous,
        tell=lambda step: typer.echo(f"ropsanalysis: {step}", err=True),
    )
    if as_json:
        typer.echo(json.dumps({"same": not made.differences, **asdict(made)}, ensure_ascii=False, indent=1))
    else:
        lines = [*map(str, made.differences), *map(str, made.remarks)]
        outcome = f"różnice: {len(made.differences)}" if made.differences else f"te same bajty, pliki: {made.compared}"
        typer.echo("\n".join([*lines, f"Wynik: {outcome}."]))
    if made.differences:
        raise typer.Exit(1)
