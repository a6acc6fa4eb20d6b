"""What connections perform before anything is measured: the warm-up of each, and the workload's set-up."""

from __future__ import annotations

from collections.abc import Sequence

from bench.drive.drivers import run
from bench.drive.flights import reading_flights
from bench.drive.link import Link
from bench.load.share import Share
from bench.load.stream import Step
from bench.load.variation import Variation
from bench.load.warming import warm_reads, warm_writes
from bench.perform import check_outcome
from variants.contract import Side
from workloads.operations import Write


def warm(variation: Variation, setup: Sequence[Step], share: Share, links: Sequence[Link]) -> None:
    """Perform a generator's share of the set-up of a stream on its connections; then each knows every statement of any."""
    lanes = [lane for lane in range(share.processes * share.connections) for _ in warm_writes(lane)]
    for step, lane in zip(setup, lanes, strict=False):
        if lane in share.lanes:
            _perform(variation, step, links[lane - share.lanes.start])
    if share.process == 0:
        for step in setup[len(lanes) :]:
            _perform(variation, step, links[0])
    for lane in share.lanes:
        link = links[lane - share.lanes.start]
        for read in warm_reads(lane):
            run({Side.CENTRAL: link, Side.AGENT: link}, reading_flights(variation.path.design.read(read)))
    level(links)


def level(links: Sequence[Link]) -> None:
    """Prepare on every connection what any of them knows."""
    for query in dict.fromkeys(query for link in links for query in link.statements):
        for link in links:
            link.prepare(query)


def _perform(variation: Variation, step: Step, link: Link) -> None:
    completion = run({Side.CENTRAL: link, Side.AGENT: link}, variation.flights(step, step.context))
    if isinstance(step.operation, Write):
        check_outcome(variation.name, step.operation, completion, step.refused)
