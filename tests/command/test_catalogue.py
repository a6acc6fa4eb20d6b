"""Every named workload, at each of its points, is performed by every registered design with the same-work proof green."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain

import numpy as np
import pytest

from bench import perform
from bench.drive.drivers import Links, Told
from bench.drive.flights import Atomicity, Exchange
from bench.latency.session import Limits, Variant, play
from bench.proof.compare import prove
from bench.proof.masks import masked_answer, shortfalls_of
from bench.registry import build, built, known, load
from bench.stores import Store, copy
from bench.verify.stage import Stage
from tests.command.planted_designs import WrongAgentRow
from variants.contract import Design, Options
from workloads.catalogue import loading, making
from workloads.catalogue.replay_spec import ReplaySpec
from workloads.generation.spec import WorkloadSpec
from workloads.model import Model
from workloads.operations import LatestPage, PageBack, Read, RecallContext, Send, Write, kind_of
from workloads.workload import Workload

TemplateOf = Callable[[Design], Store]

MESSAGES, BEFORE, SEED = 5, 4, 3
"""Messages that are performed, and those before them, at a size that every change can afford."""
SERVERS = 2
"""Every agent is added to every server, which is most of the work of a world that is otherwise small."""
MANY_AGENTS = {"fan-out:16": 3, "fan-out:25": 2, "fan-out:50": 1}
"""Fewer messages where a channel has so many agents that its members alone are thousands of rows."""
MESSAGES_FULL, BEFORE_FULL = 200, 1_000
MANY_AGENTS_FULL = {"fan-out:16": 60, "fan-out:25": 30, "fan-out:50": 10}
IN_ORDER = (LatestPage, PageBack, RecallContext)

NAMES = [f"{name}:{point}" if point else name for name in loading.names() for point in loading.points(name) or ("",)]
WHAT_THEY_ARE_ABOUT = {
    "chat": {"send", "reply", "join_agent", "latest_page", "recall_context"},
    "cold-start-storm:a": {"create_channel", "join_agent", "send"},
    "cold-start-storm:b": {"join", "send"},
    "cold-start-storm:c": {"recall_context", "latest_page"},
    "dm-heavy": {"send", "reply"},
    "edit-delete-react:k8-x5": {"edit", "delete"},
    "fan-out:50": {"send", "join_agent"},
    "history-read": {"latest_page", "page_back", "recall_context"},
    "trace-replay:storm": {"send", "create_channel"},
}


@pytest.fixture(scope="module")
def stages(template_of: TemplateOf, database_names: Iterator[str]) -> Iterator[list[tuple[Stage, Links]]]:
    """A store of every registered design with connections that stay open: most of the time of so short a session is theirs."""
    with ExitStack() as stack:
        stores = [
            stack.enter_context(copy(template_of(design), next(database_names)))
            for design in build(load(known()), Options()).values()
        ]
        yield [(stack.enter_context(Stage.opened(store)), stack.enter_context(store.links(Exchange.SHARED))) for store in stores]


def in_size(name: str, messages: int, request: pytest.FixtureRequest, before: int | None = None) -> Workload:
    """A named workload with so many messages; with `before`, at most so many are stored beforehand, in one server or two."""
    spec = making.scaled(loading.load(name), messages=messages)
    if before is not None and isinstance(spec, WorkloadSpec):
        small = {"preload": before, "restart_clients": before, "servers": SERVERS}
        spec = spec.model_copy(update={key: min(getattr(spec, key), most) for key, most in small.items()})
    folders = [request.getfixturevalue("traces")] if isinstance(spec, ReplaySpec) else []
    return making.made(spec, SEED, name=name, folders=folders)


def differences(stages: Sequence[tuple[Stage, Links]], workload: Workload) -> list[str]:
    """What any design answers, or stores at the end, otherwise than the model; one that ends otherwise raises."""
    model, found = Model(), []
    for stage, _ in stages:
        stage.empty()
    for operation in chain(workload.setup(), workload.operations()):
        if isinstance(operation, Write):
            context = model.context(operation)
            for stage, links in stages:
                design = stage.store.design
                done = perform.write(design, links, operation, context, Atomicity.PER_SIDE, Exchange.SHARED)
                perform.check_outcome(design.name, operation, done, None)
            model.apply(operation, context)
        else:
            found += [line for stage, links in stages for line in answered_otherwise(stage.store.design, links, model, operation)]
    for stage, _ in stages:
        design = stage.store.design
        proof = prove(design.name, design, model, stage.observe())
        found += [f"{design.name}: {line}" for line in proof.differences]
    return found


def answered_otherwise(design: Design, links: Links, model: Model, read: Read) -> Iterator[str]:
    """A line when a read is not answered as the model answers, less the declared shortfalls."""
    expected, done = list(masked_answer(read, shortfalls_of(design), model)), perform.read(design, links, read)
    got = done.value if done.told is Told.OK and isinstance(read, IN_ORDER) else sorted(done.value or ())
    if list(got) != expected:
        yield f"{design.name}: {read} is answered {list(got)!r}, not {expected!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_named_workload_is_performed_by_every_design(
    name: str, stages: list[tuple[Stage, Links]], request: pytest.FixtureRequest
) -> None:
    workload = in_size(name, MANY_AGENTS.get(name, MESSAGES), request, BEFORE)
    assert differences(stages, workload) == []


def test_the_default_workload_with_ids_of_any_form_is_performed_by_every_design(stages: list[tuple[Stage, Links]]) -> None:
    spec = loading.load("chat").model_copy(update={"ids": "any"})
    workload = making.made(spec, SEED, name="chat", messages=2 * MESSAGES)
    assert any(not send.author_id.isascii() for send in workload.operations() if isinstance(send, Send))
    assert differences(stages, workload) == []


def test_a_design_that_stores_something_else_is_told(template_of: TemplateOf, database_names: Iterator[str]) -> None:
    wrong = built(WrongAgentRow.name, WrongAgentRow, Options())
    workload = making.made(loading.load("fan-out:2"), SEED, name="fan-out:2", messages=MESSAGES)
    with ExitStack() as stack:
        store = stack.enter_context(copy(template_of(wrong), next(database_names)))
        stage, links = stack.enter_context(Stage.opened(store)), stack.enter_context(store.links(Exchange.SHARED))
        assert any("something else" in line for line in differences([(stage, links)], workload))


@pytest.mark.parametrize("name", WHAT_THEY_ARE_ABOUT)
def test_what_a_named_workload_is_about_happens_in_it(name: str, request: pytest.FixtureRequest) -> None:
    kinds = Counter(kind_of(operation) for operation in in_size(name, 60, request, 0).operations())
    assert WHAT_THEY_ARE_ABOUT[name] <= kinds.keys()


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", NAMES)
def test_a_named_workload_is_performed_in_a_session_by_every_design_at_length(
    name: str, template_of: TemplateOf, request: pytest.FixtureRequest
) -> None:
    designs = build(load(known()), Options())
    workload = in_size(name, MANY_AGENTS_FULL.get(name, MESSAGES_FULL), request, BEFORE_FULL)
    variants = [Variant(design, template_of(built)) for design, built in designs.items()]
    result = play(variants, workload, Limits(None, 0), np.random.default_rng(SEED), 0, lambda _, __: None)
    assert {proof.design: proof.differences for proof in result.proofs} == dict.fromkeys(designs, ())
    assert result.operations == sum(1 for _ in workload.operations())
