"""Finds a Chromium for the browser tests, or installs one: `python -m tests.e2e.browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = (
    "The browser tests need Chromium and none could be installed here: install it "
    "(Debian: apt-get install chromium; elsewhere: .venv/bin/playwright install chromium), then run again."
)


def answers(executable: str | Path) -> bool:
    """Whether it is a browser that starts; Ubuntu's package is a stub that only names another store."""
    try:
        asked = subprocess.run([executable, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def find_system_browser() -> str | None:
    """The machine's own browser; `CHROMIUM` names one that is not on the path."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and answers(path)), None)


def find_downloaded_browser() -> str | None:
    """The browser that `playwright install` puts in the user's cache."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if answers(path) else None


def find_browser() -> str | None:
    """The browser the tests use, or None."""
    return find_system_browser() or find_downloaded_browser()


def install_browser() -> None:
    """The distribution's package where this user may install one, else Playwright's own download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-q", *command], env=quiet)
        if find_system_browser():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    """Say which browser the tests will use; install one first when there is none."""
    if not find_browser():
        install_browser()
    found = find_browser()
    print(found or NO_BROWSER)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
