"""What each web process does when it has started; gunicorn reads this file as its configuration."""

import sys
from typing import Any

from dispatch.garbage import collect_seldom

SWITCH_S = 0.0005
"""After so long a thread lets another go on that waits, in place of 5 ms: a request asks the database twenty times, and
after each answer it would have waited so long for a thread that computes."""


def post_worker_init(_worker: Any) -> None:
    """The application stands and stays."""
    sys.setswitchinterval(SWITCH_S)
    collect_seldom()
