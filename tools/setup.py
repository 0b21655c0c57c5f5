"""Make the project's own environment: `.venv`, from a Python and this file alone.

The packages are exactly those of `requirements.lock`, checked by hash; nothing outside the project folder
changes. A second run finds its stamp and returns at once; an interrupted one left no stamp and is done again.

    python3 tools/setup.py        (Windows: py tools/setup.py)

Debian and Ubuntu leave `ensurepip` out of their Python, so pip is looked for on a ladder: Python's own, one
that lies elsewhere on the machine, the distribution's package unpacked into `.venv` without special rights.

Only the standard library is used, and no syntax newer than Python 3.7: an older Python must be able to read
this file in order to say that it is too old, or to hand over to a newer one.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, Tuple  # noqa: UP035 (see Python below)

PROJECT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST_TRIED = (3, 14)
STAMP = "ropsanalysis-setup.json"

# Settings of the caller that would send packages elsewhere, or make the new interpreter look elsewhere.
FOREIGN = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV"),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON", "PIP_DRY_RUN"),
    *("PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_EDITABLE", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT"),
)

ADVICE = """\
No way was found to install packages with {python}. One of these helps, then run the same command again:
  Debian, Ubuntu    sudo apt install python3-venv
  Fedora, openSUSE  install the package python3-pip
  Windows, macOS    install Python {oldest} or newer with its standard options (pip included)"""


class SetupError(Exception):
    """The set-up cannot go on; the message says what the user can do."""


class Facts(NamedTuple):
    """What the machine offers for getting pip."""

    ensurepip: bool
    pythons: tuple[str, ...]
    """Interpreters whose pip might serve, the running one first."""
    virtualenv: str | None
    uv: str | None
    apt: bool


Python = Tuple[Tuple[int, ...], Tuple[str, ...]]  # noqa: UP006 (evaluated at import, also by an old Python)
"""An interpreter: its version and the command that starts it."""


class Installer(NamedTuple):
    """A command that installs into the environment."""

    name: str
    command: tuple[str, ...]
    """Up to and including the word `install`."""
    dependable: bool = True
    """False where a failure may be the tool's own, so that the next rung is worth a try."""


# Deciding (pure, tested) -----------------------------------------------------------------------------------


def dotted(version: tuple[int, ...]) -> str:
    """Write a version as people do: 3.11."""
    return ".".join(str(part) for part in version[:2])


def suitable(version: tuple[int, ...]) -> bool:
    """Say whether an interpreter of this version is known to serve."""
    return OLDEST <= tuple(version[:2]) <= NEWEST_TRIED


def choose_python(running: tuple[int, ...], found: list[Python]) -> tuple[str, ...]:
    """Return the command of the interpreter to use; empty means the running one.

    Parameters
    ----------
    running
        Version of the running interpreter.
    found
        Version and command of the others.

    Raises
    ------
    SetupError
        If all are too old.
    """
    if suitable(running):
        return ()
    for version, command in found:
        if suitable(version):
            return command
    if tuple(running[:2]) > NEWEST_TRIED:
        return ()
    raise SetupError(
        f"This is Python {dotted(running)}; the project needs {dotted(OLDEST)} or newer; the PATH has none.\n"
        "Install one (Debian, Ubuntu: sudo apt install python3.11),\n"
        "or name one that lies elsewhere: make setup PYTHON=/path/to/python3.11"
    )


def ladder(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return the rungs worth trying, in order: a kind and the tool it uses."""
    rungs: list[tuple[str, str]] = []
    if facts.ensurepip:
        rungs.append(("ensurepip", ""))
    if facts.virtualenv:
        rungs.append(("virtualenv", facts.virtualenv))
    rungs.extend(("pip", python) for python in facts.pythons)
    if facts.uv:
        rungs.append(("uv", facts.uv))
    if facts.apt:
        rungs.append(("distribution", "apt-get"))
    return tuple(rungs)


def wanted_stamp(project: Path) -> dict[str, str]:
    """Describe the environment the project asks for: its place, its lock, its own metadata."""
    # Scripts in the environment hold its absolute path: once the folder has moved, they are dead.
    stamp = {"project": str(project)}
    for name in ("requirements.lock", "pyproject.toml"):
        stamp[name] = hashlib.sha256((project / name).read_bytes()).hexdigest()
    return stamp


def read_stamp(venv: Path) -> dict[str, str]:
    """Return the stamp of the last complete set-up; empty if there is none or its interpreter is gone."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and venv_python(venv).exists() else {}


def write_stamp(venv: Path, stamp: dict[str, str]) -> None:
    """Write the stamp in one step, so that it is whole or absent."""
    draft = venv / (STAMP + ".part")
    draft.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    draft.replace(venv / STAMP)


def plan(present: dict[str, str], wanted: dict[str, str]) -> str:
    """Say what is to be done: "nothing", "project" (its metadata changed) or "everything"."""
    if present == wanted:
        return "nothing"
    same = all(present.get(key) == wanted[key] for key in ("project", "requirements.lock"))
    return "project" if same else "everything"


def venv_python(venv: Path) -> Path:
    """Return the environment's interpreter."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def clean_environment(environment: dict[str, str]) -> dict[str, str]:
    """Return the caller's environment without what would lead an installation astray.

    Settings that say *where packages come from* (index, certificates, proxy) stay: they are the machine's.
    """
    kept = {name: value for name, value in environment.items() if name not in FOREIGN}
    pip = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    return {**kept, **pip, "PIP_ROOT_USER_ACTION": "ignore", "PYTHONUTF8": "1"}


# Looking and doing -----------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Tell the user, on stderr: stdout is for results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run(*command: object, quiet: bool = False, cwd: Path = PROJECT, **extra: str) -> bool:
    """Run a command without standard input; return whether it succeeded.

    Parameters
    ----------
    command
        Program and arguments.
    quiet
        Drop what it prints. Otherwise it goes to stderr.
    cwd
        Where it runs.
    extra
        Further environment variables.
    """
    output = subprocess.DEVNULL if quiet else sys.stderr
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=str(cwd),
            env={**clean_environment(dict(os.environ)), **extra},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def version_of(command: tuple[str, ...]) -> tuple[int, ...]:
    """Return an interpreter's version; empty if it does not start (version managers leave dead stubs)."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.check_output(
            [*command, "-c", question], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30
        )
        return tuple(int(part) for part in answer.decode().split("."))
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def other_pythons() -> list[Python]:
    """Return version and command of the interpreters on the PATH, the tried versions first."""
    minors = range(NEWEST_TRIED[1], OLDEST[1] - 1, -1)
    commands: list[tuple[str, ...]] = [(f"python3.{minor}",) for minor in minors]
    commands += [("py", f"-3.{minor}") for minor in minors] if os.name == "nt" else []
    commands += [("python3",), ("python",)]
    found = []
    for command in commands:
        program = shutil.which(command[0])
        version = version_of((program, *command[1:])) if program else ()
        if program and version:
            found.append((version, (program, *command[1:])))
    return found


def base_python() -> str:
    """Return the interpreter beneath an active environment, which may be the very one to be replaced."""
    return getattr(sys, "_base_executable", "") or sys.executable


def look_around() -> Facts:
    """Collect what this machine offers for getting pip."""
    pythons = [base_python(), *(command[0] for _, command in other_pythons() if len(command) == 1)]
    return Facts(
        ensurepip=importlib.util.find_spec("ensurepip") is not None,
        pythons=tuple(dict.fromkeys(pythons)),
        virtualenv=shutil.which("virtualenv"),
        uv=shutil.which("uv"),
        apt=bool(shutil.which("apt-get") and shutil.which("dpkg-deb")),
    )


def own_pip(venv: Path) -> Installer | None:
    """Return the environment's own pip, if it has one."""
    python = venv_python(venv)
    if not run(python, "-m", "pip", "--version", quiet=True):
        return None
    return Installer("pip", (str(python), "-m", "pip", "install", "--quiet", "--no-compile"))


def climb(kind: str, tool: str, venv: Path) -> Installer | None:
    """Create an empty environment and get an installer for it in one particular way; None if that fails."""
    python = venv_python(venv)
    if kind == "ensurepip":
        return own_pip(venv) if run(base_python(), "-m", "venv", "--clear", venv, quiet=True) else None
    if kind == "virtualenv":
        made = run(tool, "--clear", "--no-download", "--python", base_python(), venv, quiet=True)
        return own_pip(venv) if made else None
    if kind == "pip" and not run(tool, "-m", "pip", "--version", quiet=True):
        return None
    if not run(base_python(), "-m", "venv", "--clear", "--without-pip", venv):
        return None
    if kind == "pip":
        pip = (tool, "-m", "pip", "--python", str(python))
        usable = run(*pip, "--version", quiet=True)
        install = (*pip, "install", "--quiet", "--no-compile")
        return Installer(f"the pip of {tool}", install) if usable else None
    if kind == "uv":
        command = (tool, "pip", "install", "--quiet", "--python", str(python))
        return Installer("uv", command, dependable=False)
    wheel = distribution_pip(venv / "bootstrap")
    if wheel is None:
        return None
    # A wheel is a zip file, and Python runs packages from zip files: pip installs itself.
    run(python, "-m", "pip", "install", "--quiet", "--no-index", wheel, PYTHONPATH=str(wheel))
    shutil.rmtree(str(venv / "bootstrap"), ignore_errors=True)
    return own_pip(venv)


def distribution_pip(box: Path) -> Path | None:
    """Fetch and unpack the pip that Debian and Ubuntu keep for their own environments.

    The machine's package sources and signatures are used, with lists and cache in a private folder: no
    special rights are needed, nothing is installed. The machine's own lists come first: others take a while.
    """
    lists = box / "lists"
    for folder in (lists / "partial", box / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    # Hooks that other packages hang on an update work on the system's own state, which is not ours to touch.
    conf = box / "apt.conf"
    hooks = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success")
    conf.write_text("".join(f"#clear {hook};\n" for hook in hooks), encoding="utf-8")
    cache = ("-o", f"Dir::Cache={box}", "-o", f"Dir::Cache::archives={box / 'archives'}")
    calm = ("-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none", "-o", "Acquire::Retries=3")
    apt = ("apt-get", "-qq", "-c", conf, *cache, *calm)
    own = ("-o", f"Dir::State::lists={lists}")
    fetched = run(*apt, "download", "python3-pip-whl", cwd=box, quiet=True)
    if not fetched:
        say("  fetching the distribution's list of packages, privately ...")
        fetched = run(*apt, *own, "update") and run(*apt, *own, "download", "python3-pip-whl", cwd=box)
    archives = sorted(box.glob("python3-pip-whl_*.deb"))
    if not fetched or not archives or not run("dpkg-deb", "-x", archives[-1], box / "unpacked"):
        return None
    wheels = sorted((box / "unpacked").rglob("pip-*.whl"))
    return wheels[-1] if wheels else None


def install_lock(installer: Installer) -> bool:
    """Install the locked packages, each checked by hash; the lock is complete, so nothing is resolved."""
    return run(*installer.command, "--no-deps", "--require-hashes", "-r", PROJECT / "requirements.lock")


def install_project(installer: Installer) -> bool:
    """Install the project itself, editable, with the build tools of the lock."""
    return run(*installer.command, "--no-deps", "--no-build-isolation", "--editable", PROJECT)


def compile_packages(venv: Path) -> None:
    """Byte-compile the packages, with all cores: the first report should not pay for it.

    Some packages carry templates that are no valid Python; they are left as they are.
    """
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    python = str(venv_python(venv))
    folder = subprocess.check_output([python, "-c", question]).decode().strip()
    run(python, "-m", "compileall", "-qq", "-j", "0", folder, quiet=True)


def build(venv: Path) -> Installer:
    """Create the environment with the locked packages; return what installed them."""
    for kind, tool in ladder(look_around()):
        installer = climb(kind, tool, venv)
        if installer is None:
            continue
        say(f"  installing the packages of requirements.lock with {installer.name}; takes some minutes ...")
        if install_lock(installer):
            return installer
        if installer.dependable:
            raise SetupError(
                "The packages could not be installed; the lines above say why (no network? a full disk?).\n"
                "Nothing outside .venv was changed. Run the same command again when the cause is gone."
            )
        say(f"  {installer.name} could not do it, trying another way ...")
    raise SetupError(ADVICE.format(python=base_python(), oldest=dotted(OLDEST)))


def set_up(project: Path = PROJECT) -> None:
    """Bring `.venv` to what the project asks for.

    Raises
    ------
    SetupError
        If that cannot be done; the message says what would help.
    """
    venv = project / ".venv"
    wanted = wanted_stamp(project)
    task = plan(read_stamp(venv), wanted)
    if task == "nothing":
        return
    began = time.monotonic()
    installer = own_pip(venv) if task == "project" else None
    # From here until the end the environment counts as unfinished.
    if (venv / STAMP).exists():
        (venv / STAMP).unlink()
    if installer is None:
        say("Setting up the project's environment in .venv (nothing else on this machine is changed)")
        installer = build(venv)
    if not install_project(installer):
        raise SetupError("The project itself could not be installed into .venv; the lines above say why.")
    compile_packages(venv)
    if not run(venv_python(venv), "-c", "import ropsanalysis"):
        raise SetupError("The environment was built, but the project cannot be imported from it; see above.")
    write_stamp(venv, wanted)
    say(f"The environment is ready ({time.monotonic() - began:.0f} s).")


def main() -> int:
    """Run the set-up, in a newer interpreter if this one is too old; return the exit code."""
    running = tuple(sys.version_info[:2])
    try:
        command = () if suitable(running) else choose_python(running, other_pythons())
        if command:
            say(f"Python {dotted(running)} is not suitable, using {' '.join(command)}")
            return subprocess.call([*command, str(Path(__file__).resolve())])
        set_up()
    except SetupError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nThe set-up was interrupted; the next run starts it afresh.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
