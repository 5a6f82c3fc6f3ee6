"""Python's garbage collector while things are loaded that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles: going through what was loaded, in vain, again and again is half the loading time.

    Safe with threads: who finds it paused leaves it to be resumed by who paused it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
