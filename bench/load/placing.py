"""Where generators and server run under load."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager

from bench.latency.placement import Placement, placed


class LoadPlacement(enum.StrEnum):
    """The generator on one CPU and the server on the others, or both wherever the system puts them."""

    APART = "apart"
    FREE = "free"


@contextmanager
def placed_for_load(server_pid: int | None, placement: LoadPlacement, processes: int) -> Iterator[str]:
    """Pin for a while what is to be pinned; yields what was done, in words. Several generators are never pinned."""
    if placement is LoadPlacement.FREE:
        yield "not pinned: as asked"
    elif processes > 1:
        yield f"not pinned: {processes} processes generate load"
    else:
        with placed(server_pid, Placement.APART) as place:
            yield place.words
