"""Chance and time by one seed, whoever asks: the hub, its connectors, their libraries."""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import anyio.to_thread

from connectors.call112.folder import Folder
from connectors.laporgub.page import PageReader
from connectors.laporgub.source import ApiLaporGub
from connectors.sp4n.pacing import Pacer

# Who was given the machine's clock as a default when its module was read.
CLOCKED: tuple[Any, ...] = (Pacer, PageReader, ApiLaporGub, Folder)


@contextmanager
def by_the_seed(rng: Random, now: Callable[[], float], folder: Path) -> Iterator[None]:
    """For a while `rng` is all chance there is, and `now` (seconds since 1970) all time."""
    with ExitStack() as stack:
        put = partial(_put, stack)
        put(os, "urandom", rng.randbytes)
        put(random, "_urandom", rng.randbytes)
        put(time, "time", now)
        put(time, "monotonic", now)
        put(time, "perf_counter", now)
        put(tempfile, "tempdir", str(folder))
        put(anyio.to_thread, "run_sync", _at_once)
        for kind in CLOCKED:
            defaults = kind.__init__.__kwdefaults__
            put(kind.__init__, "__kwdefaults__", defaults | {"clock": now})
        state = random.getstate()
        stack.callback(random.setstate, state)
        random.seed(rng.getrandbits(64))
        yield


def _put(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)


async def _at_once(func: Callable[..., Any], *args: Any, **how: Any) -> Any:
    del how
    return func(*args)
