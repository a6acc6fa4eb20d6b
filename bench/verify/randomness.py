"""Random stories on a stage: the first that shows a fault, made small."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from bench.verify.example import shortened_fault
from bench.verify.holding import Holding
from bench.verify.properties import Fault, Property
from bench.verify.rehearsal import rehearse
from bench.verify.stage import WAYS, Stage, Way
from bench.verify.stories import STORIES, Story


class Shown(Exception):
    """A story that shows a fault."""


def random_fault(stage: Stage, stories: int, seed: int) -> Fault | None:
    """Tell so many random stories, each in one way; the fault of the smallest story that shows one, or None."""
    found: list[tuple[Fault, Way]] = []

    @seeded(seed)
    @settings(
        max_examples=stories,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(story=STORIES, way=st.sampled_from(WAYS))
    def live(story: Story, way: Way) -> None:
        faults = stage.tell(Holding(rehearse(story.writes, story.reads())), way)
        if faults:
            found.append((faults[0], way))
            raise Shown

    try:
        live()
    except (Shown, Flaky):
        # The last one told is the one that could not be made smaller.
        smallest = shortened_fault(stage, *found[-1])
        return replace(smallest, promise=Property.RANDOM_STORIES, expected=f"{smallest.promise}: {smallest.expected}")
    return None
