"""pgbench beside the harness as a phase of a run: designs are made ready once, then each round is a trial of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from bench.campaign.stage import Stage, proof_records
from bench.drive.flights import Exchange
from bench.drive.link import Patience
from bench.latency.variants import base
from bench.load.placing import LoadPlacement, placed_for_load
from bench.pgbench.child import Asked, run_pgbench
from bench.pgbench.export import README, export
from bench.pgbench.files import LACKS, PARTS, PGBENCH_PHASE, PREFIX, ROUNDS, SCRIPTS_TRIAL, SELECTS, round_trial
from bench.pgbench.ours import Share, run_ours, run_sqlalchemy
from bench.pgbench.plan import AWAKE, MESSAGES_AN_ITERATION, PGBENCH, SQLALCHEMY, TWO_PROCESSES, WARM_UP, Arm, PgbenchPlan
from bench.pgbench.prepared import Prepared, prepared
from bench.pgbench.processes import run_in_two
from bench.pgbench.profile import profile
from bench.pgbench.text import NotReplayable
from bench.pgbench.window import Ran, rate
from bench.pgbench.world import World
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe
from bench.results.files import write_lines
from bench.results.folder import PROOFS
from bench.results.pgbench_schema import HarnessPart, PgbenchLack, PgbenchRound, PgbenchSelect
from bench.server.failing import is_servers_failure
from bench.stores import Store, copy
from bench.streams import Stream, generator

_NOTHING = "\\set nothing_else 1\n"
"""A script that asks the server nothing: what it takes is connecting."""


@dataclass(slots=True)
class _Found:
    """What a round found."""

    rounds: list[PgbenchRound] = field(default_factory=list)
    selects: list[PgbenchSelect] = field(default_factory=list)
    lacks: list[PgbenchLack] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)


def run_rounds(stage: Stage, plan: PgbenchPlan) -> None:
    """All trials of the phase that are wanted. Raises `InvalidMeasurement` when an arm did not do its work."""
    wanted = stage.wanted([SCRIPTS_TRIAL, *map(round_trial, range(plan.rounds))])
    if not wanted:
        return
    with stage.teller.phase(PGBENCH_PHASE, stage.budgets[PGBENCH_PHASE]) as advance, ExitStack() as stack:
        program = program_of(stage.server.programs)
        if isinstance(program, str):
            stage.teller.line(f"pgbench: {program}")
            _all_lacking(stage, wanted, program)
            return
        ready, lacks = _ready(stage, plan, stack)
        place_words = stack.enter_context(placed_for_load(stage.server.pid, _placement(plan), 1))
        if SCRIPTS_TRIAL in wanted:
            with stage.trial(SCRIPTS_TRIAL, PGBENCH_PHASE) as folder:
                for one in ready.values():
                    export(one, plan, program.parent, folder.path)
                (folder.path / "readme.txt").write_text(README, encoding="utf-8")
                write_lines(folder.path / LACKS, lacks)
                write_lines(folder.path / PARTS, _parts(ready))
                write_lines(folder.path / PROOFS, [])
                folder.placement = place_words
        todo = [number for number in range(plan.rounds) if round_trial(number) in wanted]
        for place, number in enumerate(todo):
            name = round_trial(number)
            with stage.trial(name, PGBENCH_PHASE) as folder:
                found = _Found()
                for done in _round(ready, plan, program, number, found):
                    advance(place + done, len(todo))
                write_lines(folder.path / ROUNDS, found.rounds)
                write_lines(folder.path / SELECTS, found.selects)
                write_lines(folder.path / LACKS, found.lacks)
                write_lines(folder.path / PROOFS, proof_records(name, found.proofs))
                folder.placement = place_words
            stage.check_proofs(name)
    stage.check_proofs(PREFIX)


def _placement(plan: PgbenchPlan) -> LoadPlacement:
    return LoadPlacement.APART if plan.is_apart else LoadPlacement.FREE


def _parts(ready: Mapping[str, Prepared]) -> list[HarnessPart]:
    return [part for exchange in Exchange for part in profile(ready[base(list(ready))], exchange)] if ready else []


def program_of(programs: Path | None) -> Path | str:
    """Where pgbench is, or why it is not to be had."""
    if programs is None:
        return "not available: the programs of this server are not at hand"
    if not os.access(programs / PGBENCH, os.X_OK):
        return "not available: the server's programs are without it"
    return programs / PGBENCH


def _all_lacking(stage: Stage, wanted: Sequence[str], reason: str) -> None:
    for name in wanted:
        with stage.trial(name, PGBENCH_PHASE) as folder:
            write_lines(folder.path / LACKS, [PgbenchLack(design=None, reason=reason)])
            if name == SCRIPTS_TRIAL:
                write_lines(folder.path / PARTS, [])
            else:
                write_lines(folder.path / ROUNDS, [])
                write_lines(folder.path / SELECTS, [])
            write_lines(folder.path / PROOFS, [])


def _ready(stage: Stage, plan: PgbenchPlan, stack: ExitStack) -> tuple[dict[str, Prepared], list[PgbenchLack]]:
    world = World(plan.counts(), plan.agents, plan.seed)
    models = {clients: world.model((plan.each(clients),) * clients) for clients in plan.clients}
    ready: dict[str, Prepared] = {}
    lacks: list[PgbenchLack] = []
    for name, template in stage.templates.items():
        try:
            ready[name] = stack.enter_context(prepared(template, world, models))
        except NotReplayable as reason:
            stage.teller.line(f"pgbench: not available for {name}: {reason}")
            lacks.append(PgbenchLack(design=name, reason=str(reason)))
    return ready, lacks


def _round(ready: Mapping[str, Prepared], plan: PgbenchPlan, program: Path, number: int, found: _Found) -> Iterator[float]:
    """Every cell in random order, its arms one after another in random order; yields how much is done."""
    rng = generator(plan.seed, Stream.PGBENCH, number)
    baseline = base(list(ready)) if ready else ""
    cells = [(name, clients, arms) for name in ready for clients, arms in plan.cells(is_baseline=name == baseline)]
    total, done = sum(len(arms) for _, _, arms in cells), 0
    connecting = {clients: _connecting_s(ready[baseline].store, program, clients) for clients in plan.clients} if ready else {}
    for cell in rng.permutation(len(cells)):
        name, clients, arms = cells[cell]
        for position, arm in enumerate(rng.permutation(len(arms))):
            _arm(ready[name], plan, program, _Place(number, position, clients, connecting[clients]), arms[arm], found)
            done += 1
            yield done / total
        if (name, clients) == (baseline, plan.clients[0]):
            fetched = _select(ready[name], plan, program, number, connecting[clients])
            found.selects += [fetched] if fetched is not None else []


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the run an arm stands: its round, its place in the cell, how many clients, and what connecting them costs."""

    round: int
    position: int
    clients: int
    connecting_s: float


def _arm(one: Prepared, plan: PgbenchPlan, program: Path, place: _Place, arm: Arm, found: _Found) -> None:
    name, each = one.store.design.name, plan.each(place.clients)
    with copy(one.store, f"round_{name}") as store:
        try:
            ran = _ran(one, store, program, place, arm, each)
        except (SQLAlchemyError, psycopg.Error) as error:
            if arm.name != SQLALCHEMY or (isinstance(error, psycopg.Error) and is_servers_failure(error)):
                raise
            reason = f"SQLAlchemy does not execute its statements: {str(error).splitlines()[0]}"
            found.lacks.append(PgbenchLack(design=name, reason=reason))
            return
        label = f"{name} by {arm.name}, {arm.exchange}, {place.clients} clients"
        found.proofs.append(prove(label, store.design, one.models[place.clients], observe(store)))
    measured = rate(ran, WARM_UP)
    if measured is None:
        reason = f"{arm.name}, {arm.exchange}, {place.clients} clients: they did not run at once; more pgbench_messages would help"
        found.lacks.append(PgbenchLack(design=name, reason=reason))
        return
    found.rounds.append(
        PgbenchRound(
            design=name,
            clients=place.clients,
            arm=arm.name,
            exchange=arm.exchange,
            round=place.round,
            position=place.position,
            messages=ran.sent,
            seconds=measured.seconds,
            transactions_per_s=measured.per_s,
            client_cpu_us=ran.cpu_s / ran.sent * 1e6,
        )
    )


def _ran(one: Prepared, store: Store, program: Path, place: _Place, arm: Arm, each: int) -> Ran:
    if arm.name == PGBENCH:
        script = one.scripts.plain if arm.exchange == "plain" else one.scripts.pipelined
        asked = Asked(script, place.clients, each // MESSAGES_AN_ITERATION, one.scripts.constants)
        answer = run_pgbench(program, store, asked)
        return Ran(answer.ended_s, max(0.0, answer.cpu_s - place.connecting_s), MESSAGES_AN_ITERATION)
    share = Share([posts[:each] for posts in one.world.posts[: place.clients]], MESSAGES_AN_ITERATION, one.select)
    if arm.name == TWO_PROCESSES:
        return run_in_two(store, share, arm.exchange)
    if arm.name == SQLALCHEMY:
        return run_sqlalchemy(store, share)
    return run_ours(store, share, arm.exchange, Patience.WATCHING if arm.name == AWAKE else Patience.SLEEPING)


def _connecting_s(store: Store, program: Path, clients: int) -> float:
    """The CPU time that pgbench takes to connect so many clients."""
    with copy(store, "round_connecting") as copied:
        return run_pgbench(program, copied, Asked(_NOTHING, clients, 1, {})).cpu_s


def _select(one: Prepared, plan: PgbenchPlan, program: Path, number: int, connecting_s: float) -> PgbenchSelect | None:
    """What fetching the parameters alone takes, with one client."""
    head = "\n".join(one.scripts.plain.splitlines()[:2]) + "\n"
    iterations = plan.each(plan.clients[0]) // MESSAGES_AN_ITERATION
    with copy(one.store, "round_select") as copied:
        answer = run_pgbench(program, copied, Asked(head, 1, iterations, one.scripts.constants))
    ran = Ran(answer.ended_s, max(0.0, answer.cpu_s - connecting_s), MESSAGES_AN_ITERATION)
    measured = rate(ran, WARM_UP)
    if measured is None:
        return None
    cpu_us = ran.cpu_s / ran.sent * 1e6
    return PgbenchSelect(design=one.store.design.name, round=number, select_us=1e6 / measured.per_s, cpu_us=cpu_us)
