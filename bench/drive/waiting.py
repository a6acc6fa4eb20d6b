"""The ways to wait for a connection: all of them run the same exchange, which says what it waits for and does not care how.

`blocking` stops the thread, or under gevent's patched `select` the greenlet alone; `awaiting` the coroutine; `waiting` leaves it to
its caller how. Many operations on one thread are `bench.drive.loop`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar

from bench.drive.link import Link, Ready, Waiting

T = TypeVar("T")


def blocking(steps: Generator[Waiting, None, T]) -> T:
    """Go through these steps to their end, blocking in `poll` while the socket is not ready."""
    return waiting(steps, Link.block)


def waiting(steps: Generator[Waiting, None, T], until: Callable[[Link, Ready], None]) -> T:
    """Go through these steps to their end; `until` returns when the socket is ready, and whatever it raises ends them."""
    try:
        while True:
            try:
                link, ready = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
            until(link, ready)
    finally:
        steps.close()


async def awaiting(steps: Generator[Waiting, None, T]) -> T:
    """Go through these steps to their end, yielding to the event loop while the socket is not ready."""
    loop = asyncio.get_running_loop()
    try:
        while True:
            try:
                link, ready = next(steps)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
            done = asyncio.Event()
            loop.add_reader(link.socket, done.set)
            if ready is Ready.EITHER:
                loop.add_writer(link.socket, done.set)
            try:
                await done.wait()
            finally:
                loop.remove_reader(link.socket)
                loop.remove_writer(link.socket)
    finally:
        steps.close()
