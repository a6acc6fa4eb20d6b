"""How a run comes about: what is recorded of it before its first trial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import machine, registry
from bench.campaign.work import Work
from bench.complexity.measure import own_places
from bench.guarded import Guarded
from bench.results.run_record import Attempt, RunRecord
from bench.results.schema import SCHEMA_VERSION, DesignRecord, Shortfall
from bench.server.capabilities import as_record, probe
from bench.server.server import Server
from bench.visible import visible
from variants.contract import Defect, Design, Gap


def now() -> str:
    """The time as it stands in records."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def record_of(work: Work, server: Server, arguments: Sequence[str]) -> RunRecord:
    """The record of a run that begins now on this server; `arguments` hold neither secrets nor paths. Nothing is written."""
    commit, dirty = machine.commit(Path(__file__).resolve().parent.parent.parent)
    started_at = now()
    return RunRecord(
        schema_version=SCHEMA_VERSION,
        storebench_version=version("storebench"),
        commit=commit,
        dirty=dirty,
        code=machine.code(),
        started_at=started_at,
        arguments=[visible(argument) for argument in arguments],
        configuration=stored_configuration(work),
        seed=work.configuration.seed,
        workloads=work.digests(),
        machine=machine.describe(),
        server={"kind": server.kind, "remarks": list(server.remarks), **as_record(probe(server.endpoint))},
        designs={name: _design_record(name, design) for name, design in work.designs.items()},
        workload_parameters=dict(work.workloads[0].parameters) if work.workloads else {},
        trials=list(work.trials),
        attempts=[Attempt(started_at=started_at)],
    )


def stored_configuration(work: Work) -> dict[str, object]:
    """The configuration as it is stored: where files lie on this machine is nobody's business, their names stay."""
    configuration = work.configuration.model_dump(mode="json")
    paths = {key: Path(str(configuration[key])).name for key in ("trace", "workload") if key in configuration}
    return configuration | paths


def _design_record(name: str, design: Design) -> DesignRecord:
    return DesignRecord(
        tables={str(side): sorted(metadata.tables) for side, metadata in design.tables.items()},
        gaps=_shortfalls(design.gaps()),
        defects=_shortfalls(design.defects()),
        origin=registry.origin(registry.known()[name]),
        code=machine.code_of(own_places(design.module if isinstance(design, Guarded) else type(design).__module__)),
    )


def _shortfalls(declared: Iterable[Gap | Defect]) -> list[Shortfall]:
    return [Shortfall(kind=str(item.kind), reason=item.reason, citation=item.citation) for item in declared]
