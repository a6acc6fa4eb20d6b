"""Agents' ids are UUIDs of any version: the real server's are hashes of names, with version 0."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.drive.flights import Exchange
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.registry import build, load
from bench.stores import Store
from tests.performing import apply_all
from variants.contract import Design, Options
from variants.schema.identity import central_uuid, hashed_uuid
from workloads.ids import named_id
from workloads.model import Model
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Join,
    Leave,
    Member,
    Reply,
    Role,
    Send,
    Write,
)

FreshStore = Callable[[Design], Store]

SERVER = named_id("a server")
AGENTS = (hashed_uuid("Eliza"), central_uuid("Ada"), "123e4567-e89b-f2d3-a456-426614174000")


@pytest.mark.parametrize("name", ["dual", "option_a", "option_a_shared", "hybrid"])
def test_agents_whose_ids_are_of_the_versions_that_hashes_have_are_agents_like_any(name: str, fresh_store: FreshStore) -> None:
    writes: list[Write] = [
        CreateServer("s", 1, SERVER, "Harbour", "test"),
        CreateChannel("c", 2, "general", SERVER, "general", ChannelKind.PUBLIC, "test"),
        *(AddAgent(f"add {agent}", 3, SERVER, agent, "an agent") for agent in AGENTS),
        *(Join(f"join {agent}", 10 + at, "general", Member(agent, Role.AGENT)) for at, agent in enumerate(AGENTS)),
        Join("join", 20, "general", Member("ann", Role.USER)),
        Send("question", 30, "general", "ann", "Who is there?", "test"),
        *(Reply(f"by {agent}", 40 + at, "general", agent, "I am.", "test", "question") for at, agent in enumerate(AGENTS)),
        Leave("leave", 50, "general", Member(AGENTS[0], Role.AGENT)),
    ]
    design, model = build(load([name]), Options())[name], Model()
    store = fresh_store(design)
    with store.links(Exchange.SHARED) as links:
        apply_all(design, links, model, writes, exchange=Exchange.SHARED)
    assert list(prove(name, design, model, observe(store)).differences) == []
