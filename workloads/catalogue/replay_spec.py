"""What can be chosen about the replay of a trace as a named workload."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from workloads import agent_rule
from workloads.agent_rule import AgentRule
from workloads.errors import InputError
from workloads.generation.spec import STRICT
from workloads.generation.values import Messages, Share, Words
from workloads.key import Key
from workloads.trace import Window

ASSUMED = "assumed: no measurement was found"
CHOICE = "our choice"


def _window(text: str) -> str:
    if text:
        try:
            Window.parse(text)
        except InputError as error:
            raise ValueError(str(error)) from error
    return text


def _agent_rule(text: str) -> str:
    try:
        AgentRule.parse(text)
    except InputError as error:
        raise ValueError(str(error)) from error
    return text


class ReplaySpec(BaseModel):
    """The replay of a trace: people's messages are the trace's, agents are added."""

    model_config = STRICT

    kind: Annotated[Literal["replay"], Key("what the file describes: the replay of a trace", "replay", CHOICE)] = "replay"
    about: Annotated[Words, Key("what the workload asks of a store, in a line", "text", CHOICE)] = "the replay of a trace"
    trace: Annotated[
        str,
        Field(min_length=1, max_length=4096),
        Key("the trace: a path, or the name of a file in the folder that STOREBENCH_TRACES names", "a path or a name", CHOICE),
    ]
    window: Annotated[
        str, AfterValidator(_window), Key("the part of it that is replayed; empty: all", "START:LENGTH in seconds", CHOICE)
    ] = ""
    agents: Annotated[
        str,
        AfterValidator(_agent_rule),
        Key("agents of a room: all rooms, rooms of so many messages or more, the busiest rooms", "agents: k, N:k, topN:k", ASSUMED),
    ] = agent_rule.DEFAULT
    reply_probability: Annotated[
        Share, Key("an agent of the room answers a person's message", "a probability", "assumed: sweep it")
    ] = 0.15
    reads: Annotated[bool, Key("whether pages and contexts are read", "true or false", "the default of all workloads")] = True
    messages: Annotated[Messages, Key("rows of the window that are replayed, its first ones; 0: all", "rows", CHOICE)] = 0
