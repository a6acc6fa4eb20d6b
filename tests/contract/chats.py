"""Chats for tests: told as a script, lived by the reference model and by every design, and asked what is left of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bench.proof.masks import masked_answer, shortfall_counts
from bench.verify.holding import Holding
from bench.verify.rehearsal import rehearse
from bench.verify.stage import WAYS, Stage, Way
from bench.verify.wording import worded
from bench.verify.world import Script
from workloads.answers import AnswerRow, PageRow, RecallRow
from workloads.ids import named_id
from workloads.model import Model, Refused
from workloads.operations import (
    ChannelKind,
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    Read,
    RecallContext,
    Write,
)

SERVER, OTHER_SERVER = named_id("meanings"), named_id("other meanings")
AGENTS = tuple(named_id(f"meanings agent {number}") for number in range(9))
ROOM, ANN, BOB, CAT = "room", "ann", "bob", "cat"


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a story that every design told as it must."""

    model: Model
    stages: Sequence[Stage]

    def texts(self, read: Read) -> list[str | None]:
        """The texts of a page or of what an agent recalls, newest first."""
        return told_texts(self.model.answer(read))

    def first(self, read: Read) -> list[object]:
        """The first cell of each row."""
        return [row[0] for row in self.model.answer(read)]

    def otherwise(self, read: Read) -> Mapping[str, Sequence[AnswerRow]]:
        """The designs that answer this read otherwise than the model, each with its answer."""
        answers = {stage.store.design.name: tuple(masked_answer(read, stage.kinds, self.model)) for stage in self.stages}
        return {name: answer for name, answer in answers.items() if answer != self.model.answer(read)}

    def lost(self) -> Mapping[str, Mapping[str, int]]:
        """By design, the declared shortfalls that touch facts of this story, with how many."""
        counts = {stage.store.design.name: shortfall_counts(self.model, stage.kinds) for stage in self.stages}
        found = {name: {str(kind): rows for kind, rows in kinds.items() if rows} for name, kinds in counts.items()}
        return {name: kinds for name, kinds in found.items() if kinds}

    def refusal(self, write: Write) -> str | None:
        """Why the domain does not allow this after the story's end, whatever a design might say."""
        try:
            self.model.apply(write, self.model.context(write))
        except Refused as refused:
            return refused.reason
        return None

    def copies(self, text: str) -> list[str]:
        """The agents that have a copy with this text."""
        return [row.agent for row in self.model.projection().a_message if row.text == text]


@dataclass(slots=True)
class Chat(Script):
    """A script in a server that is there already, with nine agents; the ninth comes late."""

    reads: list[Read] = field(default_factory=list)

    @classmethod
    def opened(cls, kind: ChannelKind = ChannelKind.PUBLIC, agents: int = 0) -> Chat:
        """One channel, `room`, in which so many agents are."""
        chat = cls(agents=AGENTS)
        chat.server(SERVER)
        for agent in AGENTS[:agents]:
            chat.agent(agent, SERVER)
        chat.channel(ROOM, SERVER, kind, topic=None)
        chat.join(ROOM, *AGENTS[:agents])
        return chat

    def told(self, stages: Sequence[Stage], ways: Sequence[Way] = WAYS) -> Told:
        """Every design tells the story in these ways, and answers everything about it."""
        story = rehearse([step.write for step in self.steps], self._everything())
        wanted = [(step.write, step.refused) for step in self.steps]
        assert [(act.write, act.refusal is not None) for act in story.acts] == wanted
        holding = Holding(story)
        for stage in stages:
            for way in ways:
                for fault in stage.tell(holding, way):
                    lines = "\n".join(map(worded, fault.writes))
                    pytest.fail(f"{stage.store.design.name}, {fault.way}: {fault.promise}\n{lines}\n{fault.read}\n{fault}")
        return Told(story.model, stages)

    def _everything(self) -> Iterator[Read]:
        yield from self.reads
        for channel in (ROOM, "nowhere"):
            yield LatestPage(channel)
            yield ListParticipants(channel)
            yield from (IsParticipant(channel, member) for member in (ANN, BOB, CAT, *AGENTS[:2]))
            yield from (RecallContext(agent, channel) for agent in AGENTS)
        yield from (ListChannels(server) for server in (SERVER, OTHER_SERVER))
        yield from (ListServers(agent) for agent in AGENTS)


def told_texts(rows: Sequence[AnswerRow]) -> list[str | None]:
    """The texts of an answer whose rows are messages."""
    return [row.text for row in rows if isinstance(row, (PageRow, RecallRow))]
