"""From the raw blocks of the cost trial to its part of the summary. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from bench.cost.work import KINDS
from bench.results.cost_schema import (
    CostBlock,
    CostRow,
    CostSummary,
    DiskFlush,
    Estimate,
    Lacking,
    ObserverBlock,
    ObserverRow,
    RecordingLoop,
)
from bench.stats.means import mean
from bench.stats.ratio import paired_ratio

_NS_PER_US = 1_000.0


def summarise(
    blocks: Sequence[CostBlock],
    observers: Sequence[ObserverBlock],
    loops: Sequence[RecordingLoop],
    lacking: Sequence[Lacking],
    flushes: Sequence[DiskFlush] = (),
    *,
    agents: int,
    rng: np.random.Generator,
    draws: int,
) -> CostSummary:
    """Costs by design, exchange and kind; observers by exchange; both in the order of the run."""
    ticks = [block.cpu_tick_ns for block in blocks if block.cpu_tick_ns is not None]
    return CostSummary(
        agents=agents,
        rows=list(_rows(blocks)),
        observers=list(_observers(observers, rng, draws)),
        recording_us=float(np.median([loop.cpu_ns / loop.operations for loop in loops])) / _NS_PER_US if loops else None,
        cpu_tick_us=max(ticks) / _NS_PER_US if ticks else None,
        lacking=list({one.what: one for one in lacking}.values()),
        disk_us=float(np.median([flush.took_ns for flush in flushes])) / _NS_PER_US if flushes else None,
        disk_flushes=len(flushes),
    )


def _rows(blocks: Sequence[CostBlock]) -> Iterator[CostRow]:
    designs, exchanges = sorted({block.design for block in blocks}), sorted({block.exchange for block in blocks})
    kinds = [kind for kind in KINDS if any(block.kind == kind for block in blocks)]
    for exchange in exchanges:
        for kind in kinds:
            for design in designs:
                own = [block for block in blocks if (block.design, block.exchange, block.kind) == (design, exchange, kind)]
                timed, observed = [block for block in own if not block.observed], [block for block in own if block.observed]
                if timed:
                    yield _row(timed, observed)


def _row(timed: Sequence[CostBlock], observed: Sequence[CostBlock]) -> CostRow:
    first = timed[0]
    backend, fsync = _estimate(timed, _backend_us), _estimate(timed, _fsync_us)
    fsyncs = [block.fsyncs / block.operations for block in timed if block.fsyncs is not None]
    waits: Counter[str] = Counter()
    for block in observed:
        waits.update(block.waits)
    return CostRow(
        design=first.design,
        exchange=first.exchange,
        kind=first.kind,
        operations=sum(block.operations for block in timed),
        wall_us=_told([block.wall_ns / block.operations / _NS_PER_US for block in timed]),
        client_cpu_us=_told([block.client_cpu_ns / block.operations / _NS_PER_US for block in timed]),
        backend_cpu_us=backend,
        queued_us=_estimate(timed, _queued_us),
        fsync_us=fsync,
        fsyncs=float(np.mean(fsyncs)) if fsyncs else None,
        wait_us=_estimate(timed, _rest_us),
        waits=dict(sorted(waits.items())),
    )


def _backend_us(block: CostBlock) -> float | None:
    return _each(block.backend_cpu_ns, block)


def _queued_us(block: CostBlock) -> float | None:
    return _each(block.queued_ns, block)


def _fsync_us(block: CostBlock) -> float | None:
    return _each(block.fsync_ns, block)


def _rest_us(block: CostBlock) -> float | None:
    """What no CPU and no disk accounts for. The CPU that an fsync takes is in both, so it is a little too small."""
    if block.backend_cpu_ns is None or block.fsync_ns is None:
        return None
    return _each(block.wall_ns - block.client_cpu_ns - block.backend_cpu_ns - block.fsync_ns, block)


def _each(total_ns: int | None, block: CostBlock) -> float | None:
    return None if total_ns is None else total_ns / block.operations / _NS_PER_US


def _estimate(blocks: Iterable[CostBlock], figure: Callable[[CostBlock], float | None]) -> Estimate | None:
    """The mean over repetitions; None when one of them lacks the figure."""
    values = [figure(block) for block in blocks]
    known = [value for value in values if value is not None]
    return _told(known) if known and len(known) == len(values) else None


def _told(values: Sequence[float]) -> Estimate:
    found = mean(values)
    return Estimate(mean=found.mean, low=found.low, high=found.high, n=found.n)


def _observers(blocks: Sequence[ObserverBlock], rng: np.random.Generator, draws: int) -> Iterator[ObserverRow]:
    for observer, exchange in dict.fromkeys((block.observer, block.exchange) for block in blocks):
        own = [block for block in blocks if (block.observer, block.exchange) == (observer, exchange)]
        yield _observer(own, rng, draws)


def _observer(blocks: Sequence[ObserverBlock], rng: np.random.Generator, draws: int) -> ObserverRow:
    on, off = ({block.pair: block for block in blocks if block.on is state} for state in (True, False))
    pairs = sorted(on.keys() & off.keys())
    walls = np.array([(on[pair].wall_ns, off[pair].wall_ns) for pair in pairs], dtype=np.float64)
    cpu = np.array([(on[pair].client_cpu_ns, off[pair].client_cpu_ns) for pair in pairs], dtype=np.float64)
    block = np.array([on[pair].block for pair in pairs], dtype=np.int64)
    session = np.zeros(len(pairs), dtype=np.int64)
    interval = paired_ratio(np.log(walls[:, 0] / walls[:, 1]), session, block, rng, draws=draws).interval
    first, each = blocks[0], blocks[0].operations * _NS_PER_US
    return ObserverRow(
        observer=first.observer,
        design=first.design,
        exchange=first.exchange,
        kind=first.kind,
        pairs=len(pairs),
        operations=sum(block.operations for block in blocks),
        ratio=interval.estimate,
        low=interval.low,
        high=interval.high,
        separated=not interval.low <= 1 <= interval.high,
        off_us=float(np.median(walls[:, 1])) / each,
        on_us=float(np.median(walls[:, 0])) / each,
        cpu_us=float(np.median(cpu[:, 0] - cpu[:, 1])) / each,
    )
