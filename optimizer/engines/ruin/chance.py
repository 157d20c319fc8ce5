"""Random numbers, compiled: each island has a generator of its own."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, forceinline=True)
def random(rng):
    """A number in [0, 1) from a xorshift* generator."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True, forceinline=True)
def below(rng, n):
    """A whole number from 0 to n - 1."""
    return min(n - 1, int(random(rng) * n))
