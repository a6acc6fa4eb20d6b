"""All runs of a command: a server, Locust for each variant, the open-loop instrument beside it, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from bench import machine
from bench.campaign.begin import now
from bench.errors import InvalidMeasurement, ServerFailed
from bench.load import derive, judging
from bench.load.files import TERMS
from bench.load.judging import nearest_rank
from bench.progress.telling import Reporter
from bench.results.files import pretty, read_lines, read_record, write_file
from bench.results.load_schema import LoadLevel, LoadTerms
from bench.results.raw_rows import write_rows
from bench.results.swarm_schema import LoadRun, SwarmAgreement, SwarmRecord, SwarmSample
from bench.server.capabilities import as_record, probe
from bench.server.endpoint import Endpoint
from bench.server.phases import ServerPhase
from bench.server.provided import provided
from bench.server.server import Server
from bench.server.specification import specification
from bench.swarm import beside, launching, server_address
from bench.swarm.agreement import Agreement, Arms, agreement
from bench.swarm.files import RECORD, SAMPLES
from bench.swarm.folders import command_folder
from bench.swarm.growth import Grown, grown
from bench.swarm.launching import Place
from bench.swarm.options import Options

LOAD = "load.json"
QUANTILES = (0.5, 0.9, 0.99)
INVALID = 3
AROUND_S = 12.0
"""What a run takes beside its own length: Locust's beginning and end, the store, warm-up, and the proof."""


@dataclass(frozen=True, slots=True)
class Told:
    """A run of one variant: its folder, its record and figures, and the responses of the open-loop instrument, where it ran."""

    folder: Path
    record: SwarmRecord
    level: LoadLevel | None
    grown: tuple[Grown, ...] = ()
    beside: tuple[pa.Table, ...] = ()


@contextmanager
def reachable(specified: str | None, teller: Reporter) -> Iterator[tuple[Server | None, str]]:
    """The server, and how another process reaches it; None where it is not ours to start: Locust uses it by itself."""
    wanted = specification(specified)
    if isinstance(wanted, Endpoint):
        yield None, str(specified)
        return
    with provided(specified) as server:
        for remark in server.remarks:
            teller.line(remark)
        yield server, server_address.written(server.endpoint)


@dataclass(frozen=True, slots=True)
class Command:
    """What all runs of a command share. A folder for them is made below `out`. `server` is as `--server` has it; `agree` measures
    by the open-loop instrument, too.

    `arguments` are those of the command line as they may be stored.
    """

    place: Place
    out: Path
    server: str | None
    agree: bool
    arguments: Sequence[str]
    teller: Reporter


@dataclass(frozen=True, slots=True)
class Performed:
    """The folder of a command, its runs, and how they agree with the open-loop instrument, by quantile of the response."""

    folder: Path
    runs: Sequence[Told]
    agreement: Mapping[float, Agreement]


def perform(variants: Sequence[str], options: Options, command: Command) -> Performed:
    """Run every variant, one after another; what was measured is in the folder when this returns.

    Raises `ServerFailed` when Locust ended without a result, `InvalidMeasurement` when the open-loop instrument found a store that
    was not what it acknowledged.
    """
    started_at = now()
    commit, dirty = machine.commit(Path(__file__).resolve().parents[2])
    found: list[Told] = []
    with reachable(command.server, command.teller) as (server, address):
        folder = command_folder(command.out, options.seed)
        if command.place.web is not None:
            page = f"http://{launching.LOOPBACK}:{command.place.web}"
            command.teller.line(f"Locust's page: {page} (Ctrl-C ends it); results: {folder}")
        for number, variant in enumerate(variants):
            found += _runs(replace(options, variant=variant), command, folder, server, address, number)
        facts = _facts(server, command.server)
    agreement = _agreements(found)
    record = LoadRun(
        started_at=started_at,
        storebench_version=version("storebench"),
        commit=commit,
        dirty=dirty,
        arguments=list(command.arguments),
        locust_version=version("locust"),
        machine=machine.describe(),
        server=facts,
        runs=[one.folder.name for one in found],
        agreement=[SwarmAgreement(q=q, **{**asdict(one), "beyond": list(one.beyond)}) for q, one in agreement.items()],
    )
    write_file(folder / LOAD, pretty(record))
    return Performed(folder, found, agreement)


def _runs(options: Options, command: Command, folder: Path, server: Server | None, address: str, number: int) -> list[Told]:
    """The runs of one variant: one, or as many as were started from Locust's page."""
    arms = list[pa.Table]()
    parts = 3 if command.agree else 1
    with command.teller.phase(options.variant, parts * (options.run_s + AROUND_S)) as advance:
        if command.agree:
            arms.append(_open(options, server, command.server, f"beside_{number}_0"))
            advance(1, parts)
        before = set(folder.iterdir())
        status = launching.run(options, launching.free_place(command.place), folder, address)
        made = sorted(path for path in set(folder.iterdir()) - before if (path / RECORD).is_file())
        if not made and (command.place.web is None or status):
            raise _without_result(options.variant, status, folder)
        if command.agree:
            advance(2, parts)
            arms.append(_open(options, server, command.server, f"beside_{number}_1"))
            for place, arm in enumerate(arms):
                write_rows(arm, made[-1] / f"open-loop-{place}.parquet")
    return [replace(read(path), beside=tuple(arms)) for path in made]


def _without_result(variant: str, status: int, folder: Path) -> Exception:
    why = launching.trouble_in(folder / launching.LOG)
    if status == INVALID:
        return InvalidMeasurement(f"{variant}: {why}")
    return ServerFailed(f"{variant}: Locust ended with {status} and no result ({why})", f"see {folder / launching.LOG}")


def _open(options: Options, server: Server | None, specified: str | None, name: str) -> pa.Table:
    phase = ServerPhase.STEADY if options.steady else ServerPhase.MEASURE
    if server is not None:
        server.settings(phase)
        return beside.measured(options, server, name)
    with provided(specified) as given:
        given.settings(phase)
        return beside.measured(options, given, name)


def read(folder: Path) -> Told:
    """A run as it is stored. Raises `UserError` when a file is not what was written."""
    record = read_record(folder / RECORD, SwarmRecord)
    (terms,) = read_lines(folder / TERMS, LoadTerms)
    ((point, table),) = derive.stored_points([folder])
    level = derive.level([point], [table], terms.objective_ms) if table.num_rows else None
    samples = [one.model_dump(exclude_none=True) for one in read_lines(folder / SAMPLES, SwarmSample)]
    return Told(folder, record, level, tuple(grown(samples, table)))


def _agreements(found: Sequence[Told]) -> dict[float, Agreement]:
    """By quantile of the response; of runs that had both, and in which anything was analysed."""
    told: dict[float, Agreement] = {}
    for q in QUANTILES:
        arms = {}
        for one in found:
            if len(one.beside) == 2:
                ((_, own),) = derive.stored_points([one.folder])
                first, second, swarm = (nearest_rank(judging.rows(table).response_ns, q) for table in (*one.beside, own))
                if min(first, second, swarm) > 0:
                    arms[one.record.variant] = Arms(first, second, swarm)
        if arms:
            told[q] = agreement(arms, len(QUANTILES))
    return told


def _facts(server: Server | None, specified: str | None) -> dict[str, object]:
    if server is not None:
        return {"kind": server.kind, **as_record(probe(server.endpoint))}
    with provided(specified) as given:
        return {"kind": given.kind, **as_record(probe(given.endpoint))}


def as_mapping(done: Performed) -> dict[str, object]:
    """All of it as plain values."""
    return {
        "folder": str(done.folder),
        "runs": [
            {
                "folder": one.folder.name,
                "record": one.record.model_dump(mode="json"),
                "level": one.level.model_dump(mode="json") if one.level is not None else None,
                "grown": [asdict(what) for what in one.grown],
            }
            for one in done.runs
        ],
        "agreement": {f"p{q * 100:g}": asdict(one) for q, one in done.agreement.items()},
    }
