"""The growth of a run: each axis is a trial, each stream of messages one; counts are a trial for each design."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from bench import registry
from bench.anatomy.measure import measure as anatomy
from bench.anatomy.plan import AnatomyPlan
from bench.campaign.stage import Stage, proof_records
from bench.configuration import Configuration
from bench.drive.flights import Atomicity
from bench.growth.measure import Limits, measure
from bench.growth.sizes import AGENTS, CHANNELS, ROWS
from bench.growth.stores import grounds, proofs
from bench.growth.stream import Stream
from bench.growth.trials import PREFIX, WALL, axis_trial, counts_trial, rows_designs, streams, wall_trial
from bench.growth.wall import drive
from bench.growth.world import SEND, World, agents_world, channels_world, rows_world, silent_world
from bench.latency.placement import Placement, placed
from bench.progress import Advance
from bench.progress.parts import part
from bench.results.files import write_lines
from bench.results.folder import ANATOMY, LATENCY, PROOFS
from bench.results.raw_rows import write_rows
from bench.stores import copy
from variants.contract import Design, Options

COUNTS_PHASE, WALL_PHASE = "growth: counts", "wall time"
AXIS_PHASES: Mapping[str, str] = {axis: f"growth in {axis}" for axis in (AGENTS, ROWS, CHANNELS)}

SCENES = 2
"""Operations that are counted at each k: counts are exact, so two show whether they vary."""

_FILLING = 0.7
"""The share of a phase in which its stores are filled, where progress is told."""


def run_growth(stage: Stage, configuration: Configuration) -> None:
    """Everything of it that is wanted. Raises `InvalidMeasurement` when a proof fails."""
    _counts(stage, configuration)
    seed = configuration.seed
    worlds: dict[str, Callable[[], list[World]]] = {
        AGENTS: lambda: [agents_world(configuration.growth_agents, seed)],
        ROWS: lambda: [rows_world(rows, seed) for rows in configuration.growth_rows],
        CHANNELS: lambda: [channels_world(channels, seed) for channels in configuration.growth_channels],
    }
    for axis, made in worlds.items():
        if stage.wanted([axis_trial(axis)]):
            players = rows_designs(configuration, stage.work.designs) if axis == ROWS else list(stage.work.designs)
            designs = {name: stage.work.designs[name] for name in players}
            _axis(stage, configuration, axis, made(), designs)
    _wall(stage, configuration)
    stage.check_proofs(PREFIX)


def _counts(stage: Stage, configuration: Configuration) -> None:
    names = [name for name in stage.templates if stage.wanted([counts_trial(name)])]
    if not names:
        return
    plan = AnatomyPlan(
        ks=configuration.growth_agents,
        scenes=SCENES,
        atomicities=(Atomicity.PER_SIDE,),
        kinds=(SEND,),
        peer_delivery=configuration.peer_delivery,
    )
    with stage.teller.phase(COUNTS_PHASE, stage.budgets[COUNTS_PHASE]) as advance:
        for place, name in enumerate(names):
            trial = counts_trial(name)
            with stage.trial(trial, COUNTS_PHASE) as folder, copy(stage.templates[name], f"counts_{name}") as store:
                cells, proof = anatomy(store, plan, part(advance, place, len(names)))
                write_lines(folder.path / ANATOMY, cells)
                write_lines(folder.path / PROOFS, proof_records(trial, [proof]))


def _axis(stage: Stage, configuration: Configuration, axis: str, worlds: Sequence[World], designs: Mapping[str, Design]) -> None:
    trial, phase = axis_trial(axis), AXIS_PHASES[axis]
    limits = Limits(configuration.growth_sessions, configuration.growth_turns, configuration.growth_session_s)
    with (
        stage.teller.phase(phase, stage.budgets[phase]) as advance,
        stage.trial(trial, phase) as folder,
        grounds(worlds, designs, stage.server.endpoint, f"growth_{axis}", _first_part(advance)) as made,
    ):
        with placed(stage.server.pid, Placement.APART) as place:
            measured = measure(axis, made, limits, configuration.seed, _last_part(advance), place.patience)
        records = [record for ground in made for record in proof_records(trial, proofs(ground))]
        write_rows(pa.concat_tables([table.unify_dictionaries() for table in measured.sessions]), folder.path / LATENCY)
        write_lines(folder.path / PROOFS, records)
        folder.placement, folder.stopped_early = place.waiting, measured.stopped_early
    stage.check_proofs(trial)


def _wall(stage: Stage, configuration: Configuration) -> None:
    todo = [stream for stream in streams(configuration) if stage.wanted([wall_trial(stream)])]
    if not todo:
        return
    designs = registry.build(registry.load([configuration.growth_messages_design]), Options())
    total = sum(stream.messages for stream in todo)
    with stage.teller.phase(WALL_PHASE, stage.budgets[WALL_PHASE]) as advance:
        done = 0
        for stream in todo:
            _stream(stage, configuration.seed, stream, designs, _within(advance, done, total))
            done += stream.messages


def _stream(stage: Stage, seed: int, stream: Stream, designs: Mapping[str, Design], advance: Advance) -> None:
    trial = wall_trial(stream)
    with (
        stage.trial(trial, WALL_PHASE) as folder,
        grounds([silent_world(seed)], designs, stage.server.endpoint, "growth_wall", lambda _: None, stream.messages) as (ground,),
    ):
        row, table = drive(ground, stream, advance)
        write_lines(folder.path / WALL, [row])
        write_rows(table, folder.path / LATENCY)
        write_lines(folder.path / PROOFS, proof_records(trial, proofs(ground)))
    stage.check_proofs(trial)


def _first_part(advance: Advance) -> Callable[[float], None]:
    return lambda share: advance(_FILLING * share, 1)


def _last_part(advance: Advance) -> Advance:
    return lambda done, total: advance(_FILLING + (1 - _FILLING) * done / total, 1)


def _within(advance: Advance, before: int, all_messages: int) -> Advance:
    """Messages of one stream, told as messages of all."""

    def told(done: float, total: float) -> None:
        del total
        advance(before + done, all_messages)

    return told
