"""The phase of isolated trials: each design alone on a fresh server, or where the server is not ours, in a fresh database."""

from __future__ import annotations

from bench import workload_registry
from bench.campaign.stage import Stage, proof_records
from bench.configuration import Configuration
from bench.isolated.estimate import PHASE
from bench.isolated.trials import PREFIX, block_and_design, trials
from bench.latency.placement import Placement, placed
from bench.latency.session import Limits, Variant, play
from bench.progress import Advance
from bench.progress.parts import part
from bench.results.files import write_lines
from bench.results.folder import LATENCY, PROOFS, TOTALS
from bench.results.raw_rows import write_rows
from bench.server.databases import drop_database
from bench.server.phases import ServerPhase
from bench.stores import install
from bench.streams import Stream, generator, workload_seed


def run_isolated(stage: Stage, configuration: Configuration) -> None:
    """Every isolated trial that is wanted, in the stored order. Raises `InvalidMeasurement` when a proof fails."""
    wanted = stage.wanted(trials(list(stage.work.designs), configuration.isolated_blocks, configuration.seed))
    if wanted:
        with stage.teller.phase(PHASE, stage.budgets[PHASE]) as advance:
            for place, name in enumerate(wanted):
                _trial(stage, configuration, name, part(advance, place, len(wanted)))
    stage.check_proofs(PREFIX)


def _trial(stage: Stage, configuration: Configuration, name: str, advance: Advance) -> None:
    block, design = block_and_design(name)
    asked = workload_registry.Asked(
        configuration.workload, configuration.workload_toml, configuration.isolated_messages, configuration.latency_agents
    )
    # Every design of a block performs the same workload.
    (workload,) = workload_registry.workloads(asked, [workload_seed(configuration.seed, Stream.ISOLATED, block)])
    with stage.trial(name, PHASE) as folder, stage.server.fresh() as server:
        server.settings(ServerPhase.MEASURE)
        own = server is not stage.server
        template = install(stage.work.designs[design], server.endpoint, f"alone_{block}_{design}")
        with placed(server.pid, Placement.APART) as place:
            limits = Limits(configuration.latency_session_s, configuration.latency_warmup_messages, place.patience)
            result = play(
                [Variant(design, template)],
                workload,
                limits,
                generator(configuration.seed, Stream.ISOLATED, block),
                block,
                advance,
                peer_delivery=configuration.peer_delivery,
            )
        drop_database(server.endpoint, f"alone_{block}_{design}")
        write_rows(result.recorder.table(block), folder.path / LATENCY)
        write_lines(folder.path / TOTALS, result.totals)
        write_lines(folder.path / PROOFS, proof_records(name, result.proofs))
        folder.placement = f"{place.waiting}; isolated trials each {'on a fresh server' if own else 'in a fresh database'}"
        folder.stopped_early, folder.checkpoints = result.stopped_early, result.checkpoints
