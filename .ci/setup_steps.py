"""The set-up of a checkout: virtual environment, Python packages, front end.

Each step is skipped while its inputs are what they were when it last finished, so that a second run is quick
and an interrupted one goes on where it stopped.
"""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

from setup_tools import Missing, Progress, Stamp, digest_of, find_node, run_logged

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "web" / "frontend"
DIST = ROOT / "web" / "static" / "dist"
NO_NETWORK = "Without a network? Connect it and run the same command again: finished steps are kept."


def answers(*command: str | Path) -> bool:
    """Whether a command runs without an error; what it says does not matter."""
    return subprocess.run(command, capture_output=True).returncode == 0


def make_venv(progress: Progress, venv: Path = VENV) -> None:
    """A virtual environment whose Python and pip answer."""
    python = venv / "bin" / "python"
    if python.exists() and answers(python, "-m", "pip", "--version"):
        progress.already()
        return
    if not answers(sys.executable, "-c", "import venv, ensurepip"):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Missing(
            f"Python {version} is here but cannot make virtual environments: install its venv package "
            f"(Debian, Ubuntu: apt-get install python{version}-venv) and run again."
        )
    make = [sys.executable, "-m", "venv", "--clear", venv]
    run_logged(progress, make, "The virtual environment could not be made.")


def pip_install(python: Path, *constraints: str) -> list[str | Path]:
    """The start of every pip command here."""
    quiet = ["--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    return [python, "-m", "pip", "install", *quiet, *constraints]


def install_python(progress: Progress, *extras: str) -> None:
    """This project, editable, with every package at the version that constraints.txt pins."""
    inputs = digest_of([ROOT / "setup.cfg", ROOT / "pyproject.toml", ROOT / "constraints.txt"], str(ROOT))
    stamp = Stamp(VENV / "packages.stamp")
    wanted = set(extras) | (set() if find_node() else {"node"})
    kept = stamp.read()
    if kept and kept[0] == inputs:
        if wanted <= set(kept[1:]):
            progress.already()
            return
        wanted |= set(kept[1:])
    stamp.forget()
    pip = pip_install(PYTHON, "-c", "constraints.txt")
    failed = f"pip could not install the Python packages. {NO_NETWORK}"
    run_logged(progress, [*pip, "setuptools"], failed, cwd=ROOT)
    project = f".[{','.join(sorted(wanted))}]" if wanted else "."
    run_logged(progress, [*pip, "--no-build-isolation", "-e", project], failed, cwd=ROOT)
    stamp.write(inputs, *sorted(wanted))


def lowest_requirements() -> list[str]:
    """`name==bound` for every package that setup.cfg names, extras for measuring and building left out."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config["options"]["install_requires"].splitlines()
    for extra in ("dev", "roads"):
        lines += config["options.extras_require"][extra].splitlines()
    return [re.sub(r">=([\w.]+).*", r"==\1", line) for line in lines if line and line[0] != "#"]


def install_lowest(progress: Progress, venv: Path) -> None:
    """The oldest versions that setup.cfg allows, and this project on top of them."""
    pip = pip_install(venv / "bin" / "python")
    failed = "The lower bounds of setup.cfg do not install together."
    run_logged(progress, [*pip, "setuptools>=70.1", *lowest_requirements()], failed, cwd=ROOT)
    run_logged(progress, [*pip, "--no-deps", "--no-build-isolation", "-e", "."], failed, cwd=ROOT)


def install_auditor(progress: Progress, venv: Path) -> None:
    """What looks up weaknesses, the newest there is, apart from the packages that it judges."""
    pip = pip_install(venv / "bin" / "python")
    run_logged(progress, [*pip, "--upgrade", "pip-audit"], f"pip could not install pip-audit. {NO_NETWORK}")


def npm(script: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """An npm command with its environment: the machine's Node where new enough, else the venv's."""
    folder = find_node() or VENV / "bin"
    quiet = {f"npm_config_{name}": "false" for name in ("fund", "update_notifier")}
    if script != "audit":
        quiet["npm_config_audit"] = "false"  # installing the same packages twice asks nobody twice
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [str(folder / "npm"), script, *arguments], {**os.environ, **quiet, "PATH": path}


def run_npm(progress: Progress, failure: str, script: str, *arguments: str) -> None:
    """Run npm in the front end's folder."""
    command, env = npm(script, *arguments)
    run_logged(progress, command, failure, cwd=FRONTEND, env=env)


def build_frontend(progress: Progress) -> None:
    """npm's packages as the lock file names them, then the pages' scripts and styles."""
    packages = digest_of([FRONTEND / "package.json", FRONTEND / "package-lock.json"], str(find_node()))
    sources = [p for p in sorted(FRONTEND.rglob("*")) if p.is_file() and "node_modules" not in p.parts]
    built = digest_of(sources, packages)
    installed_stamp = Stamp(FRONTEND / "node_modules" / "wrenchtime.stamp")
    built_stamp = Stamp(DIST / "build.stamp")
    if installed_stamp.read() != [packages]:
        installed_stamp.forget()
        run_npm(progress, f"npm could not install the front-end packages. {NO_NETWORK}", "ci")
        installed_stamp.write(packages)
    elif built_stamp.read() == [built]:
        progress.already()
        return
    built_stamp.forget()
    run_npm(progress, "The front end does not build: mend what is named above.", "run", "build")
    built_stamp.write(built)


def warm_up_engine(progress: Progress) -> None:
    """The engine compiled from the sources as they are.

    numba keeps what it compiles beside each source, and does not see that a function in another file has changed.
    """
    sources = ROOT / "optimizer" / "engines" / "ruin"
    compiled = sources / "__pycache__"
    digest = digest_of(sorted(sources.glob("*.py")))
    stamp = Stamp(compiled / "compiled.stamp")
    if stamp.read() != [digest]:
        stamp.forget()
        for kept in compiled.glob("*.nb[ci]"):
            kept.unlink()
    warm_up = [PYTHON, "-c", "import optimizer; optimizer.warm_up()"]
    run_logged(progress, warm_up, "The engine could not be compiled: see above.", cwd=ROOT)
    if compiled.exists():
        stamp.write(digest)
