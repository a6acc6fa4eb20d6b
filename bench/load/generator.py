"""One generator: its connections, its share of the steps, and what it has to do before anything is measured."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bench.drive.drivers import Links
from bench.drive.link import Link
from bench.drive.loop import Loop
from bench.latency.quiet import no_collection
from bench.load.dispatcher import Dispatcher, Effort, Lost
from bench.load.feed import Listed
from bench.load.lanes import Looped
from bench.load.readying import level, warm
from bench.load.recorder import Recorder
from bench.load.share import Share
from bench.load.sharing import shares
from bench.load.stream import Step, Stream
from bench.load.variation import Variation
from bench.load.warming import warm_writes
from bench.proof.masks import shortfalls_of
from variants.contract import Side
from workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one generator did of a stretch; `prepared` statements were met for the first time in it."""

    recorder: Recorder
    effort: Effort
    lost: Lost
    prepared: int


def stream_of(workload: Workload, variation: Variation, share: Share, *, peer_delivery: bool) -> Stream:
    """The stream of a workload for a variant, with the warm-up of all connections of all generators before it."""
    warm = [write for lane in range(share.processes * share.connections) for write in warm_writes(lane)]
    return Stream(workload, shortfalls_of(variation.path.design), peer_delivery=peer_delivery, first=warm)


class Generator:
    """Make it with `opened`; it belongs to one thread."""

    def __init__(self, variation: Variation, stream: Stream, share: Share, dispatcher: Dispatcher, links: Sequence[Link]) -> None:
        self.stream = stream
        self._variation = variation
        self._share = share
        self._dispatcher = dispatcher
        self._links = links
        self._places: list[int] = []
        self._mine: list[Step] = []

    @classmethod
    @contextmanager
    def opened(
        cls,
        variation: Variation,
        stream: Stream,
        share: Share,
        conninfo: str,
        handicap: Callable[[], None] | None = None,
    ) -> Iterator[Self]:
        """A generator with connections of its own."""
        with ExitStack() as stack:
            exchange = variation.path.exchange
            links = [stack.enter_context(closing(Link(conninfo, exchange))) for _ in share.lanes]
            loop = stack.enter_context(Loop())
            lanes: list[Links] = [{Side.CENTRAL: link, Side.AGENT: link} for link in links]
            yield cls(variation, stream, share, Dispatcher(Looped(loop, lanes), variation, share.process, handicap), links)

    def warm(self) -> None:
        """Perform the warm-up on each connection, and the workload's set-up; then every connection knows every statement of any."""
        warm(self._variation, self.stream.setup, self._share, self._links)

    def ready(self, steps: Sequence[Step]) -> None:
        """All that takes long before a stretch: which of these steps are this generator's, and a collection of garbage.

        What is there now is frozen, so that the collection with which `run` begins is short.
        """
        dealt = shares(steps, self._share.processes)
        self._places = [place for place, process in enumerate(dealt) if process == self._share.process]
        self._mine = [steps[place] for place in self._places]
        gc.collect()
        gc.freeze()

    def run(self, due_ns: NDArray[np.int64], start_ns: int, limit_ns: int, lost: Lost) -> Stretch:
        """This generator's share of the stretch that it is ready for; `due_ns` and `lost` are those of all generators."""
        self._dispatcher.lost.add(lost)
        recorder, before = Recorder(), self._known()
        with no_collection():
            effort = self._dispatcher.run(Listed(self._mine, due_ns[self._places], limit_ns), start_ns, recorder)
        prepared = self._known() - before
        level(self._links)
        return Stretch(recorder, effort, self._dispatcher.lost, prepared)

    def _known(self) -> int:
        return sum(len(link.statements) for link in self._links)
