"""Python's garbage collector while much is made that has no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles: going through what was made, in vain, again and again, is half the time of
    loading and up to a third of checking a long message.

    Safe with threads: who finds it paused leaves it to be resumed by who paused it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
