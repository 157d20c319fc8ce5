"""Hundreds of requests made up from the description, right and wrong: the server answers each as it is described.

With SCHEMATHESIS_EXAMPLES=100 and another SCHEMATHESIS_SEED, thousands: CONTRIBUTING says when.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from web.api import bearer

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
SAME_CODE = r"/tables/(assets|contracts|holidays|job-types|technicians/\{row_id\}/)"
"""Served by what serves the tables of technicians and parts; left out unless somebody asks for a longer run."""
LEFT_OUT = [] if "SCHEMATHESIS_EXAMPLES" in os.environ else ["--exclude-path-regex", SAME_CODE]
SEED = os.environ.get("SCHEMATHESIS_SEED", "1")


PARTS = ("/(jobs|customers)", "/tables", "/(technicians|territories|incidents)")
"""What begins so is tried together, so that the tests' own workers share it. One thread each: with more, Python's
parser has failed in between (SystemError: AST constructor recursion depth mismatch)."""


@pytest.mark.parametrize("part", [*PARTS, "all else"])
def test_no_request_finds_the_server_at_a_loss(part, app, server, make_caller, tmp_path, monkeypatch):
    """No 5xx, no answer that the description does not have, nothing wrong accepted, nothing right refused."""
    object.__setattr__(app.extensions["wrenchtime"].settings, "api_requests_per_min", 1_000_000)
    monkeypatch.setattr(bearer, "WRONG_PER_MIN", 1_000_000)
    secret = make_caller("admin").secret
    if part in PARTS:
        chosen = ["--include-path-regex", f"^/api/v1{part}", *LEFT_OUT]
    else:
        chosen = ["--exclude-path-regex", f"^/api/v1({'|'.join(PARTS)})"]
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"{server}/api/v1/openapi.json", "--header", f"Authorization: Bearer {secret}",
        "--max-examples", str(EXAMPLES), "--seed", SEED, "--no-color", "--workers", "1", *chosen,
    ]  # fmt: skip
    environ = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.web.api.schemathesis_hooks",
        "PYTHONPATH": str(HERE.parents[2]),
    }
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=3_600)
    assert done.returncode == 0, done.stdout + done.stderr
