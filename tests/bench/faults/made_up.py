"""Faults that never were: rows small and round enough to be checked by eye."""

from __future__ import annotations

from collections.abc import Sequence

from bench.faults.figures.raw import Raw
from bench.faults.figures.summary import summarise
from bench.results.faults_schema import (
    BusRow,
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    InterruptionRow,
    KillRow,
    MomentRecord,
    MutantRecord,
    PauseRow,
    RateRecord,
    RegionRecord,
    SweepRecord,
    SweepRow,
    TableRecord,
    Unavailable,
    VerdictRecord,
)
from bench.results.faults_summary_schema import FaultsSummary

COMMANDS = ["BEGIN central", "INSERT central", "COMMIT central", "BEGIN agent", "INSERT agent", "COMMIT agent"]
LABELS = [f"{number} message 1 of 1 {command}" for number, command in enumerate(COMMANDS, start=1)]
"""Six messages of a send that stores a message centrally, then with one agent."""

FLIGHTS = [1, 2, 3, 4, 5, 6]


def row(message: int, side: str, left: str, **changes: object) -> SweepRow:
    """One exposure of dual's send to one fault."""
    parts = {"partial": ["central"], "lost": [], "whole": ["central", "agent 1 of 1"], "duplicated": ["central more than once"]}
    whole = SweepRow(
        design="dual",
        cell="per_side",
        kind="send",
        k=1,
        schedule=f"dual/per_side/send/k=1/{side}@1.{message}",
        lane="proxy",
        faults=1,
        attempt=1,
        message=message,
        flight=FLIGHTS[message - 1],
        side=side,
        second=None,
        happened=True,
        told="info" if message in {3, 6} else "fail",
        truth="unknown",
        left=left,
        parts=parts[left],
        violations=["I4"] if left == "partial" else [],
        naive="fail",
    )
    made = whole.model_copy(update=changes)
    schedule = made.schedule.replace("dual/per_side/", f"{made.design}/{made.cell}/")
    return made.model_copy(update={"schedule": schedule})


def strip(letters: str, side: str, **changes: object) -> list[SweepRow]:
    """A row for each letter: w, p, l, d."""
    words = {"w": "whole", "p": "partial", "l": "lost", "d": "duplicated"}
    return [row(place, side, words[letter], **changes) for place, letter in enumerate(letters, start=1)]


def swept(cell: str = "per_side", design: str = "dual", **changes: object) -> SweepRecord:
    """The sweep that the rows are of."""
    whole = SweepRecord(
        design=design,
        cell=cell,
        kind="send",
        k=1,
        lane="proxy",
        faults=1,
        labels=LABELS,
        flights=6,
        schedules=12,
        void=0,
        took_s=0.05,
    )
    return whole.model_copy(update=changes)


def dual_rows() -> list[SweepRow]:
    """Per side, a cut splits between the two COMMITs; joined, nowhere."""
    return [
        *strip("lllppp", "request-lost"),
        *strip("llpppw", "reply-lost"),
        *strip("llllll", "request-lost", cell="joined"),
        *strip("lllllw", "reply-lost", cell="joined"),
        *strip("wwwppp", "request-lost", cell="per_side_fresh"),
        *strip("wwdddd", "reply-lost", cell="per_side_fresh", told="ok"),
        *strip("wwwwww", "request-lost", cell="per_side_derived"),
        *strip("wwwwww", "reply-lost", cell="per_side_derived"),
    ]


def kills(design: str = "dual", n: int = 40, partial: int = 10) -> list[KillRow]:
    """Clients killed at random, some of which left a part."""
    return [
        KillRow(
            design=design,
            cell="per_side",
            kill=number,
            at_ns=1_000_000 * number,
            phase="commit",
            operations=9,
            in_flight=True,
            happened=True,
            left="partial" if number < partial else "lost",
        )
        for number in range(n)
    ]


def episode(lasted_s: float | None, **changes: object) -> EpisodeRecord:
    """One violation of dual that began at the first second, and how long it lasted."""
    whole = EpisodeRecord(
        design="dual",
        cell="async_restart",
        invariant="I4",
        fault="restart",
        key="m1",
        direction="central only",
        silent=True,
        begin_low_s=1.0,
        begin_high_s=1.0,
        end_low_s=None if lasted_s is None else 1.0 + lasted_s,
        end_high_s=None if lasted_s is None else 1.0 + lasted_s,
        last_s=10.0,
    )
    return whole.model_copy(update=changes)


def mutant(name: str, **changes: object) -> MutantRecord:
    """A mutant that was found by its invariant alone."""
    whole = MutantRecord(
        name=name,
        what="the agent's copy is never written",
        source="consistency.md",
        kind="store",
        must=["I4"],
        python=["I4"],
        sql=["I4"],
        exposures=4,
        killed=True,
    )
    return whole.model_copy(update=changes)


def control(name: str, *, positive: bool, **changes: object) -> ControlRecord:
    """A control that came out as it must."""
    whole = ControlRecord(
        name=name,
        what="dual without a retry" if positive else "no faults",
        positive=positive,
        must=["I4"] if positive else [],
        exposures=60,
        void=0,
        fired={"I4": 30} if positive else {},
        passed=True,
    )
    return whole.model_copy(update=changes)


def key(*, across: bool, design: str = "hybrid") -> ConstraintRecord:
    """A foreign key from an agent's rooms."""
    return ConstraintRecord(
        design=design,
        name="rooms_channel_id_fkey",
        table="rooms",
        columns=["channelId"],
        side="agent",
        refers_to="central_channels" if across else "worlds",
        refers_side="central" if across else "agent",
        across=across,
        on_delete="CASCADE",
    )


def table(name: str, side: str = "agent", design: str = "hybrid", *, crosses: bool = False) -> TableRecord:
    """A table of an agent, without a key to the central side."""
    return TableRecord(design=design, side=side, table=name, crosses=crosses)


def raw(**changes: object) -> Raw:
    """A whole run of faults of one design."""
    given: dict[str, object] = {
        "sweeps": [
            swept(),
            swept(lane="fast", differences=0, shown_in="proxy", looked_at_twice=3),
            *(swept(cell) for cell in ("joined", "per_side_fresh", "per_side_derived")),
            swept("outbox", absent="no agent has a task of its own", labels=[], schedules=0, took_s=0.0),
        ],
        "rows": dual_rows(),
        "rates": [
            RateRecord(design="dual", lane="fast", workers=2, schedules=2000, took_s=1.6, shares={"scenes": 0.4, "cuts": 0.6})
        ],
        "verdicts": [
            VerdictRecord(
                design="dual",
                cell="per_side",
                invariant="I4",
                verdict="violated",
                exposures=12,
                violated=6,
                keys=6,
                schedule="dual/per_side/send/k=1/request-lost@1.4",
            ),
            VerdictRecord(design="dual", cell="joined", invariant="I4", verdict="held", exposures=12),
        ],
        "constraints": [key(across=False, design="dual")],
        "tables": [table("rooms", design="dual")],
        "interruptions": [
            InterruptionRow(
                design="dual",
                cell="per_side",
                kind="send",
                k=1,
                fault="pg_terminate_backend",
                flight=4,
                happened=True,
                sqlstate="57P01",
                told="info",
                truth="partial",
                left="partial",
            )
        ],
        "kills": kills(),
        "pauses": [
            PauseRow(
                design="dual",
                cell="per_side",
                kind="send",
                at="after-commit-1",
                happened=True,
                told="ok",
                told_taker="ok",
                left="duplicated",
                schedule="dual/per_side/send/k=1/paused@after-commit-1",
            )
        ],
        "streams": [
            BusRow(
                design="dual",
                cell="async_restart",
                fault="restart",
                seed=1,
                messages=20,
                deliveries=20,
                exposures=1,
                left={"whole": 17, "partial": 3},
            )
        ],
        "episodes": [episode(2.0), episode(4.0), episode(None)],
        "moments": [
            MomentRecord(
                design="dual",
                cell="async_restart",
                process="user",
                f="send",
                begin_s=0.1 * n,
                end_s=0.1 * n + 0.02,
                told=told,
            )
            for n, told in enumerate(["ok", "ok", "info", "fail"])
        ],
        "regions": [
            RegionRecord(design="dual", cell="async_restart", fault="restart", begin_s=0.15, end_s=0.25, evidence="pid 7 ended")
        ],
        "mutants": [mutant("central_alone"), mutant("idle_nemesis", kind="fault", must=[], python=[], sql=[], void=4)],
        "controls": [control("dual without retry", positive=True), control("no faults", positive=False)],
        "checkers": [
            CheckerRecord(checker="python", messages=1_000_000, agents=4, took_s=12.0, peak_bytes=2**30, violations=0),
            CheckerRecord(checker="sql", messages=1_000_000, agents=4, took_s=60.0, peak_bytes=None, violations=0),
        ],
        "unavailable": [Unavailable(fault="synchronous_commit=off with a crash", design=None, why="the server is not ours")],
    }
    return Raw(**{**given, **changes})  # type: ignore[arg-type]  # made of the same fields


def summary(designs: Sequence[str] = ("dual",), **changes: object) -> FaultsSummary:
    """What is derived of it."""
    return summarise(raw(**changes), designs)
