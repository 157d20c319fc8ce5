"""What each web process does when it has started; gunicorn reads this file as its configuration."""

import gc
import sys
from typing import Any

FEW_COLLECTIONS = 20_000
"""So many new objects until Python looks for garbage, in place of 700: a board of 5,000 jobs makes several hundred
thousand that all stay until it is answered, and a third of the time went into looking through them in vain."""
SWITCH_S = 0.0005
"""After so long a thread lets another go on that waits, in place of 5 ms: a request asks the database twenty times, and
after each answer it would have waited so long for a thread that computes."""


def post_worker_init(_worker: Any) -> None:
    """The application stands and stays: what it is made of is never looked through for garbage again."""
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(FEW_COLLECTIONS, *gc.get_threshold()[1:])
