"""How long each checker takes over a large store, and how much memory: `python -m bench.checker.million [MESSAGES]`."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import cast

import psycopg

from bench.checker.check import check
from bench.checker.in_sql.check import check_rows_in_sql
from bench.checker.large import AGENTS, MESSAGES_MIN, large
from bench.errors import InvalidMeasurement, ServerFailed, UserError
from bench.forking import held_back
from bench.results.faults_schema import CheckerRecord
from bench.server.databases import create_database, drop_database
from bench.server.endpoint import Endpoint
from bench.server.process import end_with
from bench.server.provided import provided

MESSAGES = 1_000_000
_DATABASE = "large"
_PYTHON, _SQL = "python", "sql"


def million(endpoint: Endpoint, messages: int = MESSAGES) -> Iterator[CheckerRecord]:
    """Both checkers over a store of so many messages, each copied to four agents; the time in SQL has the loading in it.

    The one in Python runs in a process of its own, whose peak memory is told, the store in columns included. Raises
    `InvalidMeasurement` when a checker does not find exactly what is wrong.
    """
    yield _apart(messages)
    columns, planted = large(messages)
    create_database(endpoint, _DATABASE)
    try:
        with psycopg.connect(endpoint.conninfo(_DATABASE), autocommit=True) as connection:
            start_ns = time.perf_counter_ns()
            found = check_rows_in_sql(connection, columns)
            took_s = (time.perf_counter_ns() - start_ns) / 1e9
    finally:
        drop_database(endpoint, _DATABASE)
    _must_be(_SQL, set(found) == planted)
    yield CheckerRecord(checker=_SQL, messages=messages, agents=AGENTS, took_s=took_s, peak_bytes=None, violations=len(found))


def _apart(messages: int) -> CheckerRecord:
    """The checker in Python in a process of its own, which ends with this one."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_live, args=(theirs, os.getpid(), messages), daemon=True)
    with ExitStack() as stack:
        with held_back():
            child.start()
            stack.callback(child.join)
            stack.callback(child.kill)
            theirs.close()
        try:
            answer = ours.recv()
        except EOFError:
            what, do = "a process that checks a large store ended without a word", "see that there is enough memory"
            raise ServerFailed(what, do) from None
    if isinstance(answer, InvalidMeasurement):
        raise answer
    return cast(CheckerRecord, answer)


def _live(pipe: Connection, parent_pid: int, messages: int) -> None:
    """The whole life of that process."""
    end_with(parent_pid, signal.SIGKILL)
    try:
        pipe.send(in_python(messages))
    except InvalidMeasurement as error:
        pipe.send(error)


def in_python(messages: int) -> CheckerRecord:
    """The checker in Python, in this process."""
    columns, planted = large(messages)
    start_ns = time.perf_counter_ns()
    found = check(columns)
    took_s = (time.perf_counter_ns() - start_ns) / 1e9
    _must_be(_PYTHON, set(found) == planted)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return CheckerRecord(
        checker=_PYTHON, messages=messages, agents=AGENTS, took_s=took_s, peak_bytes=peak_bytes, violations=len(found)
    )


def _must_be(checker: str, is_right: bool) -> None:
    if not is_right:
        raise InvalidMeasurement(f"the checker in {checker} does not find exactly what is wrong with a large store")


def told(record: CheckerRecord) -> str:
    """A record in one line."""
    memory = "" if record.peak_bytes is None else f", {record.peak_bytes / 2**30:.2f} GiB at most"
    return (
        f"{record.checker}: {record.messages:,} messages with {record.agents} agents in {record.took_s:.1f} s{memory}; "
        f"{record.violations} violations, all of them planted"
    )


def main(arguments: Sequence[str]) -> None:
    """Print what each checker took, on the server that STOREBENCH_SERVER names, or on one of our own."""
    if len(arguments) > 1 or not all(argument.isdecimal() and int(argument) >= MESSAGES_MIN for argument in arguments):
        raise UserError(f"give at most one number of messages, {MESSAGES_MIN} or more")
    with provided(os.environ.get("STOREBENCH_SERVER") or None) as server:
        for record in million(server.endpoint, *map(int, arguments)):
            sys.stdout.write(f"{told(record)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
