"""What the set-up steps are made of: a progress line, a stamp, a logged command, the search for Node."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread

SHOWN_LINES = 25
QUIET_S = 30  # without a terminal, say at least this often that a step is still alive


class Missing(Exception):
    """Something is missing or failed; the message is the sentence that says what to do."""


class Progress:
    """One step's line: `[2/6] Python packages … 12 s  Downloading numpy`."""

    def __init__(self, number: int, of: int, title: str) -> None:
        self.head = f"[{number}/{of}] {title}"
        self.began = time.monotonic()
        self.live = sys.stdout.isatty()
        self.note = "done"
        self.said_at = self.began

    def __enter__(self) -> "Progress":
        print(f"{self.head} …", end="" if self.live else "\n", flush=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        outcome = "failed" if kind else self.note
        elapsed = f" ({self.elapsed_s} s)" if self.elapsed_s and outcome != "already there" else ""
        print(f"{self.clear}{self.head}: {outcome}{elapsed}", flush=True)

    @property
    def elapsed_s(self) -> int:
        return round(time.monotonic() - self.began)

    @property
    def clear(self) -> str:
        """Back to the start of the line, where there is a terminal."""
        return "\r\033[K" if self.live else ""

    def already(self) -> None:
        """Nothing to do: it was done before and nothing has changed."""
        self.note = "already there"

    def hand_over(self) -> None:
        """The step's own command shows its progress from here, on lines of its own."""
        if self.live:
            print(flush=True)
            self.live = False

    def beat(self, detail: str) -> None:
        """Say that the step is alive and what it is doing."""
        if self.live:
            width = shutil.get_terminal_size().columns
            line = f"{self.head} … {self.elapsed_s} s  {detail}"
            print(f"{self.clear}{line[: width - 1]}", end="", flush=True)
        elif time.monotonic() - self.said_at > QUIET_S:
            self.said_at = time.monotonic()
            print(f"{self.head} … {self.elapsed_s} s  {detail[:100]}", flush=True)


class Unseen(Progress):
    """The progress of a step that goes on beside others, whose lines it leaves alone."""

    def __init__(self) -> None:
        super().__init__(0, 0, "")
        self.live = False

    def beat(self, detail: str) -> None:
        """Nothing is said."""


class Stamp:
    """A file that exists only while what it vouches for is complete."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[str]:
        """What was written, or nothing."""
        return self.path.read_text().split() if self.path.exists() else []

    def forget(self) -> None:
        """The work begins: from here until `write` it is incomplete."""
        self.path.unlink(missing_ok=True)

    def write(self, *words: str) -> None:
        """The work is complete."""
        self.path.write_text("\n".join(words) + "\n")


def digest_of(paths: Iterable[Path], *more: str) -> str:
    """One word that changes when a file's name or content does."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run_logged(
    progress: Progress,
    command: list[str | Path],
    failure: str,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> None:
    """Run a command behind the progress line; on failure show the end of what it said and raise `failure`."""
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        finished = Event()
        watcher = Thread(target=watch, args=(progress, log.fileno(), finished), daemon=True)
        watcher.start()
        try:
            status = process.wait()
        finally:
            finished.set()
            watcher.join()
        if status:
            log.seek(0)
            shown = "".join(log.readlines()[-SHOWN_LINES:])
            print(f"{progress.clear}{shown}", flush=True)
            raise Missing(failure)


def watch(progress: Progress, log: int, finished: Event) -> None:
    """Show the last line of the log once a second until the command is finished."""
    while not finished.wait(1):
        size = os.fstat(log).st_size
        tail = os.pread(log, 4000, max(0, size - 4000)).decode(errors="replace")
        lines = [line.strip() for line in re.split(r"[\r\n]", tail) if line.strip()]
        progress.beat(lines[-1] if lines else "")


def find_node() -> Path | None:
    """The folder of this machine's node and npm, when they are new enough for the front end's tools."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or Path(node).parent != Path(npm).parent:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", answer)[:2])
    new_enough = (20, 19) <= version < (21,) or version >= (22, 12)
    return Path(node).parent if new_enough else None
