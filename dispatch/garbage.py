"""How seldom a process that stays looks for garbage among what it has made."""

import gc

FEW_COLLECTIONS = 20_000
"""So many new objects until Python looks for garbage, in place of 700: a board of 5,000 jobs makes several hundred
thousand that all stay until it is answered, and reading a day for a plan as many. A third of the time went into looking
through them in vain."""


def collect_seldom() -> None:
    """What the process is made of by now is never looked through for garbage again, and the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(FEW_COLLECTIONS, *gc.get_threshold()[1:])
