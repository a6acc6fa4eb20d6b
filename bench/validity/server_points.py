"""Questions about the server: its counters, its settings, its disk. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.growth.sizes import ROWS
from bench.growth.words import bounds_in_words
from bench.report.validity import flattened
from bench.results.schema import AnatomyCell
from bench.scenes import HEADLINE, WARM
from bench.stats.words import milliseconds, percent_change
from bench.validity.point import PRIMARY_FAMILY, Evidence, absent, table

_GUARANTEES = (
    "default_transaction_isolation",
    "synchronous_commit",
    "fsync",
    "full_page_writes",
    "wal_sync_method",
    "commit_delay",
    "data_checksums",
)
_CHECKPOINTS = ("checkpoint_timeout", "max_wal_size", "full_page_writes")
_PLANS = ("jit", "plan_cache_mode", "random_page_cost")


def _settings(evidence: Evidence, *names: str) -> str:
    return ", ".join(f"{name} = {evidence.settings.get(name, 'not recorded')}" for name in names)


def _messages(evidence: Evidence) -> list[AnatomyCell]:
    """The cells of a warm message, at the most agents that were counted."""
    cells = [cell for cell in evidence.summary.anatomy if _is_message(cell)]
    if not cells:
        raise absent("write anatomy", "quick")
    k = max(cell.k for cell in cells)
    return [cell for cell in cells if cell.k == k]


def _is_message(cell: AnatomyCell) -> bool:
    return (cell.kind, cell.state, cell.atomicity) == (HEADLINE, WARM, PRIMARY_FAMILY)


def checkpoints(evidence: Evidence) -> Iterator[str]:
    """Full-page images stand apart, and no checkpoint falls into what is measured."""
    yield _settings(evidence, *_CHECKPOINTS)
    cells = _messages(evidence)
    yield f"one warm {HEADLINE} at {cells[0].k} agents:"
    heading = ("design", "WAL records", "bytes without images", "bytes of images")
    yield from table(heading, [_wal(cell.design, cell) for cell in cells])
    halves = [half for half in evidence.summary.checkpoints if half.across is not None and _is_message(half.plain)]
    if not halves:
        raise absent("run across a forced checkpoint", "cost")
    k = max(half.plain.k for half in halves)
    halves = [half for half in halves if half.plain.k == k]
    yield f"the same messages, at {k} agents, without a checkpoint and across one that is forced halfway:"
    pairs = [
        (f"{half.plain.design} {how}", cell) for half in halves for how, cell in (("plain", half.plain), ("across", half.across))
    ]
    yield from table(heading, [_wal(name, cell) for name, cell in pairs if cell is not None])


def _wal(name: str, cell: AnatomyCell) -> tuple[str, ...]:
    return name, _figure(cell.wal_records), _figure(cell.wal_bytes), _figure(cell.wal_images)


def autovacuum(evidence: Evidence) -> Iterator[str]:
    """Whether the server tidied up meanwhile."""
    yield f"while measuring: {_settings(evidence, 'autovacuum', 'track_counts')}"
    yield "stores that reads are measured on are vacuumed and analysed after they were filled, before the first read"
    series = evidence.summary.load.series if evidence.summary.load is not None else []
    if not series:
        raise absent("steady load with autovacuum on", "load")
    for one in series:
        slowest_ns = max(part.response_max_ns for part in one.parts)
        yield (
            f"{one.variant} with autovacuum on: {len(one.parts)} s at {one.rate_per_s:,.0f}/s,"
            f" {len(one.checkpoints)} checkpoints, slowest response {milliseconds(slowest_ns)}"
        )


def sizes(evidence: Evidence) -> Iterator[str]:
    """Every measurement begins at the same size, and cost against size is measured apart."""
    yield f"{len(evidence.run.trials)} trials, each on fresh databases of its own; within one all variants grow alike"
    growth = evidence.summary.growth
    slopes = [row for row in growth.slopes if row.axis == ROWS] if growth is not None else []
    if not slopes:
        raise absent("growth in rows", "growth")
    heading = ("design, kind", "per ten times the rows [95 %]", "")
    told = [percent_change(row.slope) + bounds_in_words(row.low, row.high, percent_change) for row in slopes]
    yield from table(
        heading,
        [(f"{row.design} {row.kind}", slope, "" if row.separated else "~") for row, slope in zip(slopes, told, strict=True)],
    )


def warm_up(evidence: Evidence) -> Iterator[str]:
    """Plans and prepared statements are settled before anything counts."""
    yield _settings(evidence, *_PLANS)
    yield "every statement is prepared at its first use on a connection, by name, whatever the design"
    warm = evidence.run.configuration.get("latency_warmup_messages", "not recorded")
    yield f"first messages of a session that are recorded and not compared: {warm}"
    if not evidence.paired:
        return
    kinds = ", ".join(f"{kind} ({sessions})" for kind, sessions in sorted(evidence.first_measured.items()))
    yield (
        "kinds that came first after these, in so many sessions; there, preparing what neither the set-up nor another kind"
        f" prepared is part of a compared row: {kinds or 'none'}"
    )


def guarantees(evidence: Evidence) -> Iterator[str]:
    """What every design is promised alike."""
    yield _settings(evidence, *_GUARANTEES)
    yield "all designs run on one server with these, and each connection states its own: isolation, commit, encoding, time zone"
    families = sorted({row.family for row in evidence.summary.latency})
    yield f"families that are never compared with each other: {', '.join(families) or 'none measured'}"


def durability(evidence: Evidence) -> Iterator[str]:
    """Whether a commit waits for the disk."""
    yield _settings(evidence, "fsync", "synchronous_commit", "wal_sync_method")


def counters(evidence: Evidence) -> Iterator[str]:
    """What is counted twice agrees, and repeats."""
    cells = evidence.summary.anatomy
    if not cells:
        raise absent("write anatomy", "quick")
    operations = sum(cell.operations for cell in cells)
    yield f"{len(cells)} cells, {operations:,} operations; where harness and server both count, they agree, or the run is invalid"
    uneven = [cell for cell in cells if not cell.uniform]
    yield f"cells whose operations all cost the same: {len(cells) - len(uneven)} of {len(cells)}"
    unknown = sum(cell.wal_records is None for cell in cells)
    yield f"cells without WAL records, because this server does not tell them: {unknown}"


def versions(evidence: Evidence) -> Iterator[str]:
    """What was found by asking, and what is not there."""
    server: Mapping[str, object] = {name: value for name, value in evidence.run.server.items() if name != "settings"}
    told = dict(flattened(server))
    yield ", ".join(f"{name} = {value}" for name, value in told.items() if value not in {"", "not available"})
    lacking = [name for name, value in {**told, **dict(flattened(evidence.settings))}.items() if value == "not available"]
    yield f"not available on this server: {', '.join(lacking) or 'nothing that was asked for'}"


def _figure(value: float | None) -> str:
    return "not available" if value is None else f"{value:,.1f}"
