"""The targets behind `make`: set the checkout up, then run, check, test or measure it.

Runs on any Python 3.11+ with nothing installed.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from setup_steps import (
    PYTHON,
    ROOT,
    VENV,
    build_frontend,
    install_auditor,
    install_lowest,
    install_python,
    make_venv,
    run_npm,
    warm_up_engine,
)
from setup_tools import Missing, Progress, Unseen, find_node, run_logged

Step = Callable[[Progress], None]


def wrenchtime(*arguments: str) -> Step:
    """A step that runs one of our own commands, which shows its progress itself."""

    def step(progress: Progress) -> None:
        progress.hand_over()
        if subprocess.run([PYTHON, "-m", "dispatch.cli", *arguments], cwd=ROOT).returncode:
            raise Missing(f"`wrenchtime {' '.join(arguments)}` failed: see above.")

    return step


def check(*command: str | Path) -> Step:
    """A step that passes when the command does, and shows what it said when it does not."""
    failure = f"`{' '.join(map(str, command))}` did not pass: see above."
    return lambda progress: run_logged(progress, [VENV / "bin" / command[0], *command[1:]], failure, cwd=ROOT)


def check_frontend(*script: str) -> Step:
    """A step that runs one of package.json's scripts."""
    return lambda progress: run_npm(progress, f"`npm {' '.join(script)}` did not pass: see above.", *script)


def with_extras(*extras: str) -> list[tuple[str, Step]]:
    """The set-up of a checkout, with these groups of optional packages."""
    return [
        ("Virtual environment", make_venv),
        ("Python packages", lambda progress: install_python(progress, *extras)),
        ("Front end", build_frontend),
    ]


SET_UP = len(with_extras())
WARM_UP: list[tuple[str, Step]] = [("Engine warm-up (some minutes the first time)", warm_up_engine)]
SAMPLE: list[tuple[str, Step]] = [
    ("Database and sample city", wrenchtime("demo")),
    *WARM_UP,
    ("Installation", check("python", "-m", "dispatch.cli", "doctor")),
    ("Today's plan", wrenchtime("plan")),
    ("The day so far", wrenchtime("demo", "--live")),
]
LINT: list[tuple[str, Step]] = [
    ("ruff", check("ruff", "check", ".")),
    ("Layout", check("ruff", "format", "--check", ".")),
    ("mypy", check("mypy")),
    ("TypeScript", check_frontend("run", "check")),
]
BROWSER: list[tuple[str, Step]] = [("Browser", check("python", "-m", "tests.e2e.browser"))]
UNIT_TESTS = ["-n", "auto", "--dist", "worksteal", "-m", "not e2e"]
# Each worker has a server, a scheduler and a browser of its own: they take more than one core by themselves. Files
# come in the order of their names, in which the longest happen to be first: nobody waits for one of them at the end.
BROWSER_TESTS = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "e2e"]
FRONTEND_TESTS: list[tuple[str, Step]] = [("Front-end tests", check_frontend("test"))]


@contextmanager
def beside(step: Step) -> Iterator[Step]:
    """Begin a long step that keeps one core busy; the step given is to wait for it, and fails if it does."""

    unseen = Unseen()

    def wait_for_it(progress: Progress) -> None:
        while wait([going_on], timeout=1).not_done:
            progress.beat("")
        going_on.result()
        progress.note = unseen.note

    with ThreadPoolExecutor(1) as pool:
        going_on: Future[None] = pool.submit(step, unseen)
        yield wait_for_it


def walk(steps: list[tuple[str, Step]], first: int = 1, of: int = 0, go_on: bool = False) -> list[str]:
    """One step after the other; the first that fails ends the run, or with `go_on` is named in the answer."""
    failed = []
    for number, (title, step) in enumerate(steps, first):
        try:
            with Progress(number, of or len(steps), title) as progress:
                step(progress)
        except Missing as problem:
            if not go_on:
                raise
            print(problem, flush=True)
            failed.append(title)
    return failed


def set_up(*extras: str, of: int) -> None:
    """A checkout that is ready to work; the front end is built beside the packages, unless Node comes with those."""
    venv, packages, frontend = with_extras(*extras)
    if find_node() is None:
        walk([venv, packages, frontend], of=of)
        return
    walk([venv], of=of)
    with beside(frontend[1]) as built:
        walk([packages, (frontend[0], built)], 2, of)


def port_to_serve_at() -> str:
    """PORT, refused at once when another program has it."""
    text = os.environ.get("PORT", "8000")
    if not (text.isdigit() and 0 < int(text) < 65535):
        raise Missing(f"PORT is {text!r}: give a number from 1 to 65534, as in `make run PORT=8001`.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            other = f"choose another, as in `make run PORT={int(text) + 1}`"
            raise Missing(f"Port {text} cannot be used ({error.strerror}): {other}.") from error
    return text


def run() -> int:
    """Set up, plan today, serve."""
    port, of = port_to_serve_at(), SET_UP + len(SAMPLE)
    set_up(of=of)
    walk(SAMPLE, SET_UP + 1, of)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "dispatch.cli", "serve", "--port", port])


def test() -> int:
    """Set up, check, run every test; the last line is pytest's, and a failed check fails the run."""
    checks = [*BROWSER, *LINT, *FRONTEND_TESTS]
    of = SET_UP + len(checks) + 3
    set_up("dev", "roads", of=of)
    with beside(warm_up_engine) as warmed_up:
        failed = walk([*checks, ("Engine warm-up", warmed_up)], SET_UP + 1, of, go_on=True)
    if failed:
        print(f"This run fails because of: {', '.join(failed)}. The tests follow all the same.", flush=True)
    pytest, statuses = [PYTHON, "-m", "pytest", "-q"], []
    for title, chosen in (("Tests", UNIT_TESTS), ("Browser tests", BROWSER_TESTS)):
        print(f"[{of - 1 + len(statuses)}/{of}] {title} …", flush=True)
        statuses.append(subprocess.run([*pytest, *chosen], cwd=ROOT).returncode)
    return max(statuses) or min(len(failed), 1)


def test_postgresql() -> int:
    """What needs a database, on PostgreSQL."""
    walk([*with_extras("dev", "roads"), *WARM_UP])
    environment = {**os.environ, "TEST_DATABASES": "all"}
    command = [PYTHON, "-m", "pytest", "-q", *UNIT_TESTS, "-k", "postgresql"]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def test_lowest() -> int:
    """The tests without a browser, on the oldest packages that setup.cfg allows, in a venv of their own."""
    venv = ROOT / ".venv-lowest"
    walk([
        ("Virtual environment", lambda progress: make_venv(progress, venv)),
        ("Oldest packages", lambda progress: install_lowest(progress, venv)),
    ])  # fmt: skip
    return subprocess.run([venv / "bin" / "python", "-m", "pytest", "-q", *UNIT_TESTS], cwd=ROOT).returncode


def audit() -> int:
    """Known weaknesses of the packages in constraints.txt and package-lock.json; what cannot be looked up fails."""
    venv = ROOT / ".venv-audit"
    pinned = ["--strict", "--no-deps", "--disable-pip", "-r", "constraints.txt"]
    walk(with_extras()[:2])  # brings Node where the machine has none
    walk([
        ("Virtual environment", lambda progress: make_venv(progress, venv)),
        ("pip-audit", lambda progress: install_auditor(progress, venv)),
    ])  # fmt: skip
    failed = walk([
        ("Python packages", check(venv / "bin" / "pip-audit", *pinned)),
        ("npm packages", check_frontend("audit", "--package-lock-only")),
    ], go_on=True)  # fmt: skip
    return min(len(failed), 1)


def bench(*arguments: str) -> int:
    """Our engine and four others on the same instances; what this version has measured already stays."""
    walk(with_extras("bench")[:2])
    return subprocess.run([PYTHON, "-m", "tests.bench", "--resume", *arguments], cwd=ROOT).returncode


def bench_life() -> int:
    """What must hold on a bad day, at length: kills, people at once, a whole company at once, repairs, offers."""
    walk(with_extras("dev", "roads")[:2])
    databases = [["--database", kind] for kind in ("sqlite", "postgresql")]
    runs = [[name, *database] for name in ("kills", "at_once") for database in databases]
    statuses = []
    for name, *options in [*runs, ["load", "--workers", "3", "--threads", "4"], ["repair"], ["offers"]]:
        print(f"\n{name} {' '.join(options)}".rstrip(), flush=True)
        statuses.append(subprocess.run([PYTHON, "-m", f"tests.bench.{name}", *options], cwd=ROOT).returncode)
    return max(statuses)


def lint() -> int:
    """Every check that reads the code without running it."""
    of = SET_UP + len(LINT)
    set_up("dev", "roads", of=of)
    walk(LINT, SET_UP + 1, of)
    return 0


def lay_out() -> int:
    """Order the imports and lay out the code."""
    walk(with_extras("dev", "roads")[:2])
    for command in (["check", "--fix", "--quiet", "."], ["format", "."]):
        subprocess.run([VENV / "bin" / "ruff", *command], cwd=ROOT, check=True)
    return 0


TARGETS: dict[str, Callable[..., int]] = {
    "run": run,
    "test": test,
    "test-postgresql": test_postgresql,
    "test-lowest": test_lowest,
    "audit": audit,
    "bench": bench,
    "bench-life": bench_life,
    "lint": lint,
    "format": lay_out,
}


def main() -> int:
    """Run the target that make names."""
    name, *arguments = sys.argv[1:]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of many processes would compile every file anew
    try:
        return TARGETS[name](*arguments)
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
