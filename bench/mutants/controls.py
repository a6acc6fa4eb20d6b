"""Live controls: cases on a real server whose answer is known before they are run.

A positive one must break what it is there to break, or the instrument is blind; a negative one must break nothing, or it sees what
is not there. A negative control states how many exposures it had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from bench.checker.grounds import grounds
from bench.faults.names import LaneName
from bench.faults.sweeps.sweep import SweepPlan, Swept, sweep
from bench.mutants.losing import crash, installed, own_server
from bench.mutants.undisturbed import false_alarms
from bench.registry import BASELINE, OURS, build, load
from bench.results.faults_schema import ControlRecord
from bench.scenes import HEADLINE, MESSAGES
from bench.server.databases import drop_database
from bench.server.endpoint import Endpoint, not_waiting
from bench.server.server import Server
from bench.stores import Store, install
from variants.contract import Design, Options

CRASHES, EXPOSURES_PER_CRASH = 3, 200
"""The most crashes with each setting, and for how many exposures that are asked for there is one; there is one at least."""

NOT_OURS = "the server is not ours, so none of its processes may be killed"
DURABILITY, DUPLICATES, AGREEMENT = "I1", "I3", "I4"

KINDS_SWEPT = (HEADLINE, "reply", "edit", "delete")

DATABASE = "control"

Progress = Callable[[int, int], None]


def controls(server: Server, progress: Progress, exposures: int) -> Iterator[ControlRecord]:
    """All controls, the negative ones with at least so many exposures together; `progress` is told controls done and in all."""
    had = 0
    makers: tuple[Callable[[int], Iterator[ControlRecord]], ...] = (
        lambda _: _crashes(server, max(1, min(CRASHES, exposures // EXPOSURES_PER_CRASH))),
        lambda _: _nobody_tries_again(server.endpoint),
        lambda _: _idempotent(server.endpoint, exposures // 2),
        lambda had: _undisturbed(server.endpoint, max(exposures - had, 1)),
    )
    for done, make in enumerate(makers, start=1):
        for record in make(had):
            had += 0 if record.positive else record.exposures
            yield record
        progress(done, len(makers))


def _crashes(server: Server, count: int) -> Iterator[ControlRecord]:
    """What was acknowledged is lost in a crash exactly when commits do not wait for the disk: so many crashes with each setting."""
    if server.strike is None:
        for synchronous in (False, True):
            name, what, must = _told_of_crash(synchronous=synchronous)
            yield _record(name, what, must, [], 0).model_copy(update={"passed": True, "unavailable": NOT_OURS})
        return
    (design,) = _designs([BASELINE])
    with own_server(server) as (endpoint, strike):
        for synchronous in (False, True):
            store = installed(endpoint, design, synchronous=synchronous)
            crashes = [crash(store, number, strike) for number in range(count)]
            happened = [found.broken for found in crashes if found.happened]
            apart = sum(not found.agree for found in crashes)
            yield _record(*_told_of_crash(synchronous=synchronous), happened, len(crashes) - len(happened), apart)


def _told_of_crash(*, synchronous: bool) -> tuple[str, str, list[str]]:
    level = "on" if synchronous else "off"
    what = f"messages told ok, then a crash of the server; synchronous_commit is {level}"
    return f"crash_synchronous_commit_{level}", what, [] if synchronous else [DURABILITY]


def _nobody_tries_again(endpoint: Endpoint) -> Iterator[ControlRecord]:
    """A transaction for each side, a fault at every message, and nobody tries again."""
    (design,) = _designs([BASELINE])
    with _installed(endpoint, design) as store:
        swept = _swept(store, "per_side", HEADLINE)
    what = f"{BASELINE}: a {HEADLINE} with a fault at every message, each side in a transaction of its own, and no retry"
    yield _of_sweeps("no_retry", what, [AGREEMENT], swept)


def _idempotent(endpoint: Endpoint, exposures: int) -> Iterator[ControlRecord]:
    """One transaction and an idempotent retry, with a fault at every message: in one design after the other until it is enough.

    Every exposure is a schedule of its own, so there are no more than all of them, however many are asked for. Messages of a design
    whose ids depend on the attempt are left out: there a retry is not idempotent.
    """
    swept: list[Swept] = []
    for design in _designs(OURS):
        if _schedules(swept) >= exposures:
            break
        is_idempotent = DUPLICATES in grounds(design)
        with _installed(endpoint, design) as store:
            for kind in (kind for kind in KINDS_SWEPT if is_idempotent or kind not in MESSAGES):
                swept += _swept(store, "joined_derived", kind) if _schedules(swept) < exposures else []
    what = "a fault at every message of a write in one transaction with an idempotent retry"
    yield _of_sweeps("one_transaction", what, [], swept)


def _undisturbed(endpoint: Endpoint, exposures: int) -> Iterator[ControlRecord]:
    """Operations of every kind and no fault at all: evenly over all designs, as far as each has one of every kind."""
    fired: list[Collection[str]] = []
    each = -(-exposures // len(OURS))
    for design in _designs(OURS):
        if len(fired) < exposures:
            with _installed(endpoint, design) as store:
                fired += false_alarms(store, each)
    yield _record("undisturbed", "operations of every kind and no fault at all, less what a design declares", [], fired, 0)


def _swept(store: Store, cell: str, kind: str) -> list[Swept]:
    plan = SweepPlan(cells=(cell,), kinds=((kind, 1),), lanes=(LaneName.FAST,))
    return list(sweep(store, plan, lambda _done, _total: None))


def _schedules(swept: Iterable[Swept]) -> int:
    return sum(len(rows) for _, rows in swept)


def _designs(names: Sequence[str]) -> Iterator[Design]:
    yield from build(load(names), Options()).values()


@contextmanager
def _installed(endpoint: Endpoint, design: Design) -> Iterator[Store]:
    """A design's empty store, dropped at the end."""
    # A run that was killed may have left one, and is resumed.
    drop_database(endpoint, DATABASE)
    try:
        yield install(design, not_waiting(endpoint), DATABASE)
    finally:
        drop_database(endpoint, DATABASE)


def _of_sweeps(name: str, what: str, must: list[str], swept: Sequence[Swept]) -> ControlRecord:
    happened = [row.violations for _, rows in swept for row in rows if row.happened]
    apart = sum(record.disagreements for record, _ in swept)
    return _record(name, what, must, happened, _schedules(swept) - len(happened), apart)


def _record(
    name: str, what: str, must: list[str], fired: Sequence[Collection[str]], void: int, disagreements: int = 0
) -> ControlRecord:
    """`fired` are the invariants that each exposure broke. A positive control must break something at least once."""
    counts = Counter(invariant for broken in fired for invariant in broken)
    passed = bool(fired) and not disagreements and (set(must) <= set(counts) if must else not counts)
    return ControlRecord(
        name=name,
        what=what,
        positive=bool(must),
        must=must,
        exposures=len(fired),
        void=void,
        fired=dict(sorted(counts.items())),
        passed=passed,
        disagreements=disagreements,
    )
