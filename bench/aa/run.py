"""Windows measured and stored, and the tables of a folder of them."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from bench import machine
from bench.aa import folder
from bench.aa.record import WindowsRecord
from bench.aa.tables import Tables, judged, tables
from bench.aa.windows import COSTS, Windows, measured
from bench.campaign.begin import now
from bench.campaign.run import measuring
from bench.latency.summary import Declared
from bench.progress import CommandTeller
from bench.scenes import MESSAGES
from bench.server.capabilities import as_record, probe
from bench.streams import Stream, generator

PHASE = "A/A windows"
OVERHEAD_S = 1.5
"""Databases and proofs of a session."""

DRAWS = 1_000
SMALLEST_EFFECT = 0.05


def measure(windows: Windows, server: str | None, out: Path, teller: CommandTeller) -> Path:
    """Measure all windows; the folder with their raw rows. One that ends before a window did leaves no folder."""
    started_at = now()
    commit, dirty = machine.commit(Path(__file__).resolve().parents[2])
    with measuring(server, teller) as given:
        name = f"aa-{started_at.translate(str.maketrans('', '', '-:Z')).replace('T', '-')}-seed{windows.seed}"
        path = folder.create(out, name)
        try:
            budget_s = windows.pairs * (windows.seconds + windows.sessions * OVERHEAD_S)
            with teller.phase(PHASE, budget_s) as advance, measured(windows, given, advance) as (placement, found):
                for number, window in enumerate(found):
                    folder.store(path, number, window)
        except BaseException:
            with suppress(OSError):
                path.rmdir()
            raise
        record = WindowsRecord(
            started_at=started_at,
            storebench_version=version("storebench"),
            commit=commit,
            dirty=dirty,
            design=windows.design,
            workload=windows.workload,
            agents=windows.agents,
            pairs=windows.pairs,
            seconds=windows.seconds,
            sessions=windows.sessions,
            seed=windows.seed,
            planted=[cost.name for cost in COSTS],
            primary_kinds=list(MESSAGES),
            smallest_effect=SMALLEST_EFFECT,
            bootstrap_draws=DRAWS,
            machine=machine.describe(),
            server={"kind": given.kind, **as_record(probe(given.endpoint))},
            placement=placement,
        )
        folder.describe(path, record)
    return path


def derived(path: Path) -> tuple[WindowsRecord, Tables]:
    """The tables of a folder of windows, from their raw rows alone; equal rows give equal tables."""
    record = folder.record_of(path)
    declared = Declared(tuple(record.primary_kinds), record.smallest_effect)
    found = (
        judged(window, record.design, declared, generator(record.seed, Stream.SUMMARY_AA, number), record.bootstrap_draws)
        for number, window in enumerate(folder.windows(path, record))
    )
    return record, tables(found)
