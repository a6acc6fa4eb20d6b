"""The end of a run: the rows of all workers as one table, the proof of the store, and what is stored of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.campaign.stage import proof_records
from bench.errors import InvalidMeasurement
from bench.load import histograms, judging, recorder
from bench.load.arrivals import digest as digest_of_times
from bench.load.files import POINTS, ROWS, TERMS
from bench.load.proving import proved
from bench.load.purposes import RATE
from bench.load.recorder import DONE, Outcome
from bench.load.stream import Step
from bench.proof.compare import Proof
from bench.results.files import pretty, write_file, write_lines
from bench.results.folder import PROOFS
from bench.results.load_schema import LoadPoint, LoadTerms
from bench.results.raw_rows import write_rows
from bench.results.swarm_schema import SwarmPhase, SwarmRecord, SwarmSample, SwarmWorker
from bench.swarm.conductor import Conductor
from bench.swarm.dealing import Dealer
from bench.swarm.drawing import GiveWay, schedule, steps
from bench.swarm.files import RECORD, SAMPLES
from bench.swarm.phases import users


@dataclass(frozen=True, slots=True)
class _Stream:
    setup: tuple[Step, ...]
    steps: list[Step]
    processes: list[int]


def conclude(conductor: Conductor, give_way: GiveWay) -> SwarmRecord:
    """Prove the store and write all of the run into its folder. Raises `InvalidMeasurement` when the rows cannot be true."""
    stream = _stream(conductor, give_way)
    table = merged(conductor, stream)
    proof = _proof(conductor, stream, table)
    point = _point(conductor, stream, table)
    why = unfit(conductor, point, proof)
    record = _record(conductor, table, why, proof)
    _write(conductor, table, point.model_copy(update={"invalid": why[0] if why else None}), proof, record)
    return record


def merged(conductor: Conductor, stream: _Stream) -> pa.Table:
    """The rows of all workers, each operation once, by number; those of the first part of the run are marked as not analysed."""
    for process, one in enumerate(conductor.heard):
        if one.effort is not None and one.effort["batches"] != one.batches:
            raise InvalidMeasurement(f"worker {process} sent {one.effort['batches']} batches of rows, and {one.batches} arrived")
    table = conductor.journal.rows()
    numbers = table["number"].to_numpy()
    if len(np.unique(numbers)) != len(numbers):
        raise InvalidMeasurement("an operation was performed by two workers")
    first = len(stream.setup)
    strangers = [number for number in numbers.tolist() if not first <= number < first + len(stream.steps)]
    if strangers:
        raise InvalidMeasurement(f"operation {strangers[0]} is none of this run")
    foreign = np.asarray(stream.processes)[numbers - first] != table["process"].to_numpy()
    if foreign.any():
        raise InvalidMeasurement(f"operation {int(numbers[foreign][0])} was performed by a worker that it was not dealt to")
    warm = recorder.column(table, "due_ns") >= round(conductor.options.warm_s * 1e9)
    return table.set_column(table.schema.get_field_index("warm"), "warm", pa.array(warm))


def _stream(conductor: Conductor, give_way: GiveWay) -> _Stream:
    stream, dealer = conductor.drawn.stream(), Dealer(conductor.processes)
    # Their answers are checked by those who perform; of a long run they would fill the memory.
    found = [replace(step, answer=None) for step in steps(conductor.plan, stream, give_way)]
    return _Stream(stream.setup, found, [dealer.deal(step).process for step in found])


def _proof(conductor: Conductor, stream: _Stream, table: pa.Table) -> Proof:
    numbers, outcomes = table["number"].to_pylist(), table["outcome"].to_pylist()
    told = dict(zip(numbers, outcomes, strict=True))
    done = {number for number, outcome in told.items() if outcome in {one.value for one in DONE}}
    unknown = {number for number, outcome in told.items() if outcome == Outcome.INFO.value}
    # What a worker did after it last sent rows nobody knows.
    unknown |= {
        step.number
        for step, process in zip(stream.steps, stream.processes, strict=True)
        if process in conductor.gone and step.number not in told
    }
    plan = conductor.plan
    return proved(plan.variant, conductor.store, stream.setup, stream.steps, done, unknown, plan.peer_delivery)


def _point(conductor: Conductor, stream: _Stream, table: pa.Table) -> LoadPoint:
    plan, options = conductor.plan, conductor.options
    due_ns = schedule(plan, [step.at_ms for step in stream.steps])
    found, objective_ns = judging.rows(table), round(options.objective_ms * 1e6)
    end_ns = int(recorder.column(table, "due_ns").max()) if table.num_rows else 0
    late, achieved = judging.late_share(found, objective_ns), judging.achieved_share(found, end_ns, objective_ns)
    busy = max((_busy(one.effort) for one in conductor.heard if one.effort is not None), default=0.0)
    return LoadPoint(
        point=0,
        variant=plan.variant,
        repeat=0,
        purpose=RATE,
        percent=None,
        rate_per_s=plan.rate_per_s,
        due=table.num_rows,
        due_digest=digest_of_times(due_ns),
        warm_from_ns=round(options.warm_s * 1e9),
        window_end_ns=end_ns,
        wall_ns=max((one.effort["wall_ns"] for one in conductor.heard if one.effort is not None), default=0),
        busy_share=round(busy, 4),
        preempted=sum(one.effort["preempted"] for one in conductor.heard if one.effort is not None),
        prepared=0,
        late=late,
        achieved=achieved,
        kept=judging.kept(late, achieved),
        invalid=judging.invalid(found, busy),
        cut=found.cut,
        channel_share=round(judging.channel_share(found), 4),
    )


def _busy(effort: dict[str, int]) -> float:
    return max(0.0, 1 - effort["idle_ns"] / max(1, effort["wall_ns"]))


def unfit(conductor: Conductor, point: LoadPoint, proof: Proof) -> list[str]:
    """Why the run is not to be compared with others; none when it is."""
    why = [f"worker {process} was gone before the end" for process in sorted(conductor.gone)]
    if conductor.stopped:
        why.append(f"it was stopped when {point.due:,} of {conductor.plan.operations:,} operations had been due")
    if point.cut and not conductor.stopped:
        why.append(f"time did not suffice for {point.cut:,} operations")
    if point.invalid is not None:
        why.append(point.invalid)
    if not proof.holds:
        why.append("the store is not what was acknowledged")
    return why


def _record(conductor: Conductor, table: pa.Table, why: list[str], proof: Proof) -> SwarmRecord:
    plan, options = conductor.plan, conductor.options
    outcomes = table["outcome"].to_pylist()
    rows = np.bincount(table["process"].to_numpy(), minlength=plan.processes)
    workers = [
        SwarmWorker(
            process=process,
            operations=one.part.operations if one.part else 0,
            digest=one.part.digest if one.part else "",
            rows=int(rows[process]),
            batches=one.batches,
            wall_ns=one.effort["wall_ns"] if one.effort else 0,
            busy_share=round(_busy(one.effort), 4) if one.effort else 0.0,
            preempted=one.effort["preempted"] if one.effort else 0,
            ended=one.effort is not None,
        )
        for process, one in enumerate(conductor.heard)
    ]
    begins = [0.0, *(phase.end_s for phase in conductor.phases)]
    return SwarmRecord(
        variant=plan.variant,
        workload=plan.workload,
        workload_digest=plan.workload_digest,
        exchange=plan.exchange,
        seed=options.seed,
        shape=plan.shape,
        rate_per_s=plan.rate_per_s,
        run_s=plan.run_s,
        warm_s=options.warm_s,
        users=options.users,
        spawn_rate=options.spawn_rate,
        steady=options.steady,
        operations=conductor.whole.operations,
        digest=conductor.whole.digest,
        rows=table.num_rows,
        acknowledged=sum(outcome in {one.value for one in DONE} for outcome in outcomes),
        unknown=sum(outcome == Outcome.INFO.value for outcome in outcomes),
        stopped=conductor.stopped,
        why=why,
        phases=[
            SwarmPhase(
                end_s=phase.end_s,
                operations=phase.operations,
                users=users(conductor.phases, (begin + phase.end_s) / 2, options.users, plan.processes),
            )
            for begin, phase in zip(begins, conductor.phases, strict=False)
        ],
        workers=workers,
        proof_holds=proof.holds,
    )


def _write(conductor: Conductor, table: pa.Table, point: LoadPoint, proof: Proof, record: SwarmRecord) -> None:
    plan, options, folder = conductor.plan, conductor.options, conductor.folder
    terms = LoadTerms(
        variant=plan.variant,
        repeat=0,
        objective_ms=options.objective_ms,
        warm_s=options.warm_s,
        window_s=plan.run_s - options.warm_s,
        connections=plan.share(0).connections,
        processes=plan.processes,
        exchange=plan.exchange,
        arrivals=plan.shape,
        workload=plan.workload,
        workload_digest=plan.workload_digest,
    )
    partial: Path = folder / f".partial-{ROWS}"
    write_rows(table, partial)
    partial.rename(folder / ROWS)
    write_lines(folder / POINTS, [point])
    write_lines(folder / TERMS, [terms])
    write_lines(folder / SAMPLES, [SwarmSample.model_validate(one) for one in conductor.samples])
    write_lines(folder / PROOFS, proof_records(folder.name, [proof]))
    histograms.export(folder, [folder])
    conductor.journal.remove()
    # It says that all of the others are there.
    write_file(folder / RECORD, pretty(record))
