"""A run that never was: every figure here is made up, small and round, to try claims, charts and report on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.results.cost_schema import CostRow, CostSummary, Estimate, ObserverRow
from bench.results.run_record import Attempt, RunRecord
from bench.results.schema import (
    SCHEMA_VERSION,
    AnatomyCell,
    CrashPoint,
    DesignRecord,
    LatencyQuantiles,
    LatencyRatio,
    Phase,
    ProofRecord,
    RelationCost,
    RowsChanged,
    Shortfall,
    Summary,
    WorkloadTotal,
)

KS = (0, 1, 2, 4)
DESIGNS = ("dual", "option_a", "option_b", "hybrid", "floor")
_AGENT = ["agents", "entities", "memories", "participants", "rooms", "worlds"]
_FULL = ["channel_participants", "channels", "message_servers", "root_messages", "server_agents"]
TABLES: dict[str, dict[str, list[str]]] = {
    "dual": {"central": _FULL, "agent": _AGENT},
    "option_a": {"central": ["root_messages"], "agent": _AGENT},
    "option_b": {"central": _FULL, "agent": _AGENT},
    "hybrid": {"central": ["central_channels", "central_servers", "root_messages"], "agent": _AGENT},
    "floor": {
        "central": ["agents", "channels", "members", "messages", "server_agents", "servers", "subscriptions"],
        "agent": [],
    },
}


def inserted(**tables: float) -> dict[str, RowsChanged]:
    """Rows that were inserted, by table; tables with none are left out."""
    return {name: RowsChanged(inserted=n, updated=0, deleted=0) for name, n in tables.items() if n}


def cell(
    design: str, kind: str, k: int, rows: dict[str, RowsChanged], *, reads: float = 0, state: str = "warm", apart: int = 1
) -> AnatomyCell:
    """One operation that takes as many writes as it changes rows, in `apart` transactions per side and one joined."""
    writes = sum(row.inserted + row.updated + row.deleted for row in rows.values())
    return AnatomyCell(
        design=design,
        atomicity="per_side",
        kind=kind,
        k=k,
        state=state,
        operations=4,
        uniform=True,
        transactions=apart,
        statements_read=reads,
        statements_write=writes,
        round_trips=2 * apart + reads + writes,
        flights=apart,
        rows=rows,
        wal_records=10 * writes,
        wal_bytes=600 * writes,
        wal_images=None,
    )


def relation(name: str, table: str, records: float, size: float) -> RelationCost:
    """What one operation writes to one relation."""
    return RelationCost(
        relation=name,
        table=table,
        wal_records=records,
        wal_bytes=size,
        wal_page_bytes=0,
        wal_images=0,
        locks=0,
        entries=0,
        hot_updates=None,
    )


def estimate(mean: float) -> Estimate:
    """A mean of five repetitions, with an interval of a tenth to each side."""
    return Estimate(mean=mean, low=0.9 * mean, high=1.1 * mean, n=5)


def cost_row(design: str, exchange: str = "plain", **changes: object) -> CostRow:
    """A send of a millisecond, of which 600 us are accounted for."""
    whole = CostRow(
        design=design,
        exchange=exchange,
        kind="send",
        operations=200,
        wall_us=estimate(1000),
        client_cpu_us=estimate(200),
        backend_cpu_us=estimate(300),
        queued_us=estimate(150),
        fsync_us=estimate(100),
        fsyncs=3,
        wait_us=estimate(400),
        waits={"Client/ClientRead": 3, "IO/WalSync": 1},
    )
    return whole.model_copy(update=changes)


def costs_summary(**changes: object) -> CostSummary:
    """Two designs at both exchanges, and one observer."""
    observer = ObserverRow(
        observer="recording",
        design="dual",
        exchange="plain",
        kind="send",
        pairs=40,
        operations=800,
        ratio=1.005,
        low=0.995,
        high=1.015,
        separated=False,
        off_us=1000,
        on_us=1005,
        cpu_us=2.1,
    )
    whole = CostSummary(
        agents=2,
        rows=[cost_row(design, exchange) for exchange in ("plain", "shared") for design in ("dual", "hybrid")],
        observers=[observer],
        recording_us=2.0,
        cpu_tick_us=0.001,
        lacking=[],
    )
    return whole.model_copy(update=changes)


def anatomy() -> list[AnatomyCell]:
    """Sends at every k, warm and first; channels and agents' joins, which tell where rooms come from."""
    cells = []
    for k in KS:
        for design in ("dual", "option_a", "option_b"):
            warm = inserted(root_messages=1, memories=k)
            cells.append(cell(design, "send", k, warm, reads=3 * k, apart=1 + k))
            member = {} if design == "option_a" else {"channel_participants": 1}
            first = inserted(root_messages=1, memories=k, worlds=k, rooms=k, participants=k, entities=k, **member)
            cells.append(cell(design, "send", k, first, reads=3 * k, state="first", apart=2 + k))
            cells.append(cell(design, "join_agent", k, inserted(channel_participants=1)))
        cells.append(cell("hybrid", "send", k, inserted(root_messages=1, memories=k), reads=k, apart=1 + k))
        first = inserted(root_messages=1, memories=k, participants=k, entities=k)
        cells.append(cell("hybrid", "send", k, first, reads=2 * k, state="first", apart=1 + 2 * k))
        cells.append(cell("hybrid", "join_agent", k, inserted(rooms=1, participants=k + 1), reads=2, apart=1 + k))
        cells.append(cell("floor", "send", k, inserted(messages=1)))
        cells.append(cell("floor", "send", k, inserted(messages=1, members=1), state="first", apart=2))
        cells.append(cell("floor", "join_agent", k, inserted(members=1, subscriptions=1)))
    channel = {"option_a": "rooms", "hybrid": "central_channels"}
    cells += [cell(design, "create_channel", 0, inserted(**{channel.get(design, "channels"): 1})) for design in DESIGNS]
    return cells


def ratio(
    variant: str, value: float, *, family: str = "per_side", baseline: str = "dual", kind: str = "send", separated: bool = True
) -> LatencyRatio:
    """A ratio with an interval of 2 % to each side."""
    return LatencyRatio(
        family=family,
        variant=variant,
        baseline=baseline,
        kind=kind,
        n=2400,
        ratio=value,
        low=value / 1.02,
        high=value * 1.02,
        separated=separated,
        p50_ns=round(1_500_000 * value),
        baseline_p50_ns=1_500_000,
    )


def latency() -> list[LatencyRatio]:
    """A/A pairs, designs per side, joined, and joined to per side; sends and reads."""
    found = []
    for kind in ("send", "latest_page"):
        found.append(ratio("dual[again]", 1.004, family="a/a", kind=kind, separated=False))
        values = {"option_a": 1.01, "option_b": 0.99, "hybrid": 0.85, "floor": 0.4}
        for design, value in values.items():
            separated = abs(value - 1) > 0.05
            found.append(ratio(design, value, kind=kind, separated=separated))
            found.append(
                ratio(f"{design}[joined]", value, family="joined", baseline="dual[joined]", kind=kind, separated=separated)
            )
        found.append(ratio("dual[joined]", 0.7, family="joined to per_side", kind=kind))
    return found


def latencies() -> dict[str, dict[str, NDArray[np.int64]]]:
    """Raw latencies in nanoseconds by kind and variant."""
    rng = np.random.default_rng(7)
    scale = {"dual": 1.5e6, "dual[again]": 1.5e6, "hybrid": 1.3e6, "floor": 0.6e6, "dual[joined]": 1.0e6}
    return {
        kind: {name: np.sort(rng.lognormal(np.log(ns), 0.3, 2400)).astype(np.int64) for name, ns in scale.items()}
        for kind in ("send", "latest_page")
    }


def quantiles() -> list[LatencyQuantiles]:
    """Absolute latency of the raw ones above; no p99, since 2,400 operations do not carry it."""
    return [
        LatencyQuantiles(
            family="joined" if "joined" in name else "per_side",
            variant=name,
            kind=kind,
            n=len(values),
            p50_ns=int(np.median(values)),
            p90_ns=int(np.quantile(values, 0.9)),
            p99_ns=None,
        )
        for kind, by_variant in latencies().items()
        for name, values in by_variant.items()
    ]


def crash() -> list[CrashPoint]:
    """A send with one agent: two transactions per side, one joined; the floor has one either way."""
    apart = ("before-step-1", "before-commit-1", "after-commit-1", "before-commit-2", "after-commit-2")
    points = []
    for design in DESIGNS:
        for atomicity in ("per_side", "joined"):
            two = atomicity == "per_side" and design != "floor"
            for place, name in enumerate(apart if two else apart[:3]):
                left = "lost" if place < 2 else "partial" if two and place < 4 else "whole"
                points.append(point(design, atomicity, name, left))
    return points


def point(design: str, atomicity: str, name: str, left: str, kind: str = "send") -> CrashPoint:
    """One point: a partial send stays so with the same id, and is stored twice with a fresh one."""
    return CrashPoint(
        design=design,
        atomicity=atomicity,
        kind=kind,
        k=1,
        point=name,
        left=left,
        parts=["central"] if left == "partial" else [],
        retry_same="partial" if left == "partial" else "whole",
        told_same="fail" if left == "partial" else "ok",
        retry_fresh="whole" if left == "lost" else "duplicated",
        told_fresh="ok",
        schedule=f"{design}/{atomicity}/{kind}/k=1/{name}",
    )


def proofs() -> list[ProofRecord]:
    """Every design proved once in each of two trials."""
    return [
        ProofRecord(
            trial=trial,
            design=design,
            holds=True,
            expected_digest="ab" * 32,
            observed_digest="ab" * 32,
            differences=[],
            difference_count=0,
            gaps={"option_a": {"id_form": 12}, "hybrid": {"members_without_agent": 3}}.get(design, {}),
        )
        for trial in ("anatomy", "latency-000")
        for design in DESIGNS
    ]


def totals() -> list[WorkloadTotal]:
    """One session of 100 messages, twice for the design that has an A/A pair."""
    rows = {
        "dual": inserted(root_messages=100, memories=200, rooms=10),
        "dual[again]": inserted(root_messages=100, memories=200, rooms=10),
        "floor": inserted(messages=100, members=10),
    }
    return [
        WorkloadTotal(
            variant=variant,
            operations=300,
            messages=100,
            transactions=400,
            statements_read=900,
            statements_write=500,
            round_trips=2000,
            rows=changed,
        )
        for variant, changed in rows.items()
    ]


def summary(**changes: object) -> Summary:
    """The summary of a whole run; `changes` replace parts of it."""
    whole = Summary(
        schema_version=SCHEMA_VERSION,
        anatomy=anatomy(),
        latency=latency(),
        quantiles=quantiles(),
        crash=crash(),
        proofs=proofs(),
        claims=[],
        totals=totals(),
        workload={"agents_per_channel": 2},
        placement="client on CPU 0, server on 1",
    )
    return whole.model_copy(update=changes)


def replay_summary() -> Summary:
    """The summary of a trace replay: pairs and totals, neither anatomy nor crash points."""
    return summary(anatomy=[], crash=[], proofs=[proof for proof in proofs() if proof.trial != "anatomy"])


def run(**changes: object) -> RunRecord:
    """How the run that never was came about."""
    gap = Shortfall(kind="members_without_agent", reason="a channel without an agent has no room", citation="Remove them")
    defect = Shortfall(kind="delete", reason="copies stay", citation="nothing said")
    whole = RunRecord(
        schema_version=SCHEMA_VERSION,
        storebench_version="0.0.0",
        commit="c0ffee" * 6 + "c0ff",
        dirty=False,
        started_at="20300101-000000",
        arguments=["run", "--seed", "7"],
        configuration={"seed": 7, "latency_sessions": 1},
        seed=7,
        workloads={"0-generated": "cd" * 32},
        machine={"processor": "A Processor", "cpus_usable": 2, "memory_bytes": 8 * 2**30, "system": "Linux", "kernel": "0"},
        server={"server_version": "18.6", "settings": {"fsync": "on"}, "extensions": {"missing": None}},
        designs={
            design: DesignRecord(
                tables=TABLES[design],
                gaps=[gap] if design == "hybrid" else [],
                defects=[defect] if design == "option_b" else [],
            )
            for design in DESIGNS
        },
        code="ef" * 32,
        workload_parameters={"agents_per_channel": 2},
        trials=["anatomy-dual", "latency-000"],
        attempts=[
            Attempt(
                started_at="2030-01-01T00:00:00Z",
                ended_at="2030-01-01T00:05:00Z",
                ended="finished",
                phases=[Phase(name="server", budget_s=10, took_s=1.5)],
            )
        ],
    )
    return whole.model_copy(update=changes)
