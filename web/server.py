"""What each web process does when it has started; gunicorn reads this file as its configuration."""

import gc
import sys
from typing import Any

from dispatch.garbage import collect_seldom
from dispatch.warm import warm_up
from web.context import House

SWITCH_S = 0.0005
"""After so long a thread lets another go on that waits, in place of 5 ms: a request asks the database twenty times, and
after each answer it would have waited so long for a thread that computes."""
preload_app = True
"""The application is put together once, and the web processes begin as copies of it: they are there sooner after a
start or when one has ended, and share memory. It has no open connection to the database then, and no Python thread.
SIGHUP starts the same application again: what loads new code or settings is a restart."""


def on_starting(arbiter: Any) -> None:
    """Before anybody is let in the application looks at today, once for all; then what it is made of is set apart, as a
    search for garbage in it would copy it in earnest."""
    house: House = arbiter.app.wsgi().extensions["wrenchtime"]
    warm_up(house.session_factory, house.known_lanes, house.clock())
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """The application stands and stays."""
    sys.setswitchinterval(SWITCH_S)
    collect_seldom()
