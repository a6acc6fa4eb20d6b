"""Our own clients in two processes: what a second one gains where one core is not enough.

The second one is a fork of the caller, so that it has the design at hand; it opens its own connections and ends by `os._exit`, so
nothing that it inherited is flushed or closed. A lock that another thread of the caller held would stay locked in the fork. That is
safe here: the second one takes no lock that others do, since it neither prints nor logs, writes to its pipe alone, and calls only
what belongs to the caller's thread. A fresh interpreter would have to make the design once more.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from typing import NoReturn

from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.pgbench.ours import Share, run_some
from bench.pgbench.window import Ran
from bench.stores import Store


def run_in_two(store: Store, share: Share, exchange: Exchange) -> Ran:
    """Every other client in a process of its own. Raises `InvalidMeasurement` when that one fails."""
    mine, others = range(0, share.clients, 2), range(1, share.clients, 2)
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        # Newer Pythons warn of forks beside threads; see the module's docstring.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _second(store, share, exchange, others, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="utf-8") as told:
            first = run_some(store, share, exchange, mine)
            answer = told.read()
        _, status = os.waitpid(child, 0)
        child = 0
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise InvalidMeasurement("the second process of a closed loop failed", answer.splitlines()[-3:])
    second = json.loads(answer)
    return Ran([*first.ended_s, *second["ended_s"]], first.cpu_s + second["cpu_s"], share.messages)


def _second(store: Store, share: Share, exchange: Exchange, numbers: range, writing: int) -> NoReturn:
    try:
        ran = run_some(store, share, exchange, numbers)
        answer, code = json.dumps({"ended_s": ran.ended_s, "cpu_s": ran.cpu_s}), 0
    except BaseException as error:  # noqa: BLE001  # whatever it is, the caller is told, and nothing of it runs on here
        answer, code = f"{type(error).__name__}: {error}", 1
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(answer)
    os._exit(code)
