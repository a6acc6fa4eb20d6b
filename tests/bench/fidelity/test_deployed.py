"""`dual_deployed` does what was recorded at the real server: counted at the server, and in order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.drive.flights import Exchange
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.server.phases import ServerPhase
from bench.server.server import Server
from bench.stores import Store
from tests.bench.fidelity.counting import Chat, Counted, kind_of_statement
from tests.bench.fidelity.recorded import (
    COLD,
    KINDS_COLD,
    KINDS_WARM,
    ORDER_COLD,
    ORDER_WARM,
    SEQUENCE_COLD,
    SEQUENCE_WARM,
    WARM,
    Recorded,
    statements,
)
from variants.contract import Design, Options
from variants.dual_deployed import DualDeployed
from variants.schema.identity import string_to_uuid, unique_uuid
from workloads.model import Model

FreshStore = Callable[[Design], Store]


@pytest.fixture(autouse=True)
def _quiet(request: pytest.FixtureRequest) -> None:
    if "fresh_store" in request.fixturenames:
        server: Server = request.getfixturevalue("server")
        server.settings(ServerPhase.MEASURE)


@contextmanager
def chatting(fresh_store: FreshStore, k: int) -> Iterator[Chat]:
    store = fresh_store(DualDeployed(Options()))
    with store.links(Exchange.PLAIN) as links:
        model = Model()
        rehearsal = Chat(store, links, model, "rehearsal", k)
        # Making a statement known to the server is a transaction, too: none may fall into what is counted.
        for _ in range(2):
            rehearsal.message()
        yield Chat(store, links, model, "chat", k)
        assert prove(store.design.name, store.design, model, observe(store)).holds


def agrees(counted: Counted, expected: Recorded) -> None:
    sent = Counter(counted.sent)
    assert counted.statements == expected.statements == statements(sent)
    assert counted.kinds == sent
    assert counted.kinds["BEGIN"] == counted.kinds["COMMIT"] == expected.explicit_transactions
    # Each explicit transaction has one statement in it, and every other statement is a transaction of its own.
    assert counted.transactions == expected.statements
    assert counted.rows == expected.rows


@pytest.mark.needs("statement counts", "server log")
@pytest.mark.parametrize("k", [1, 2, 4])
def test_a_message_that_every_agent_answers_costs_what_it_costs_the_real_server(k: int, fresh_store: FreshStore) -> None:
    with chatting(fresh_store, k) as chat:
        cold = chat.message()
        warm = [chat.message() for _ in range(2)]
    agrees(cold, COLD[k])
    for message in warm:
        agrees(message, WARM[k])
    assert sum(warm[0].rows.values()) == (k + 1) ** 2
    if k in KINDS_WARM:
        assert cold.kinds == KINDS_COLD[k]
        assert all(message.kinds == KINDS_WARM[k] for message in warm)


@pytest.mark.needs("statement counts", "server log")
def test_with_one_agent_the_order_is_the_recorded_one_but_for_what_is_listed(fresh_store: FreshStore) -> None:
    with chatting(fresh_store, 1) as chat:
        cold, warm = chat.message(), chat.message()
    assert sorted(ORDER_COLD) == list(range(len(SEQUENCE_COLD)))
    assert sorted(ORDER_WARM) == list(range(len(SEQUENCE_WARM)))
    assert cold.sent == tuple(SEQUENCE_COLD[place] for place in ORDER_COLD)
    assert warm.sent == tuple(SEQUENCE_WARM[place] for place in ORDER_WARM)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_recorded_figures_are_those_of_their_formulas(k: int) -> None:
    warm, cold = WARM[k], COLD[k]
    assert warm.statements == 3 + 18 * k + 10 * k * (k - 1)
    assert cold.statements == warm.statements + 3 * k + k * k
    assert (warm.explicit_transactions, cold.explicit_transactions) == (k + k * k, k + 2 * k * k)
    extra = Counter(cold.rows)
    extra.subtract(warm.rows)
    assert +extra == {"worlds": k, "rooms": k, "entities": k * k}
    for kinds, recorded in ((KINDS_WARM, warm), (KINDS_COLD, cold)):
        if k in kinds:
            assert statements(kinds[k]) == recorded.statements
            assert kinds[k]["BEGIN"] == recorded.explicit_transactions


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("BEGIN", "BEGIN"),
        ("select a from memories LEFT OUTER JOIN embeddings ON x WHERE y", "SELECT memories+embeddings"),
        ("INSERT INTO root_messages (id) VALUES ($1)", "INSERT central_messages"),
        ('UPDATE "channels" SET a = $1', "UPDATE channels"),
        ("DELETE FROM memories WHERE id = $1", "DELETE memories"),
    ],
)
def test_a_statement_is_called_by_its_verb_and_tables(sql: str, kind: str) -> None:
    assert kind_of_statement(sql) == kind


@pytest.fixture(scope="module")
def document(reference: Path) -> Mapping[str, Any]:
    """The recorded statements of the real server."""
    found: Mapping[str, Any] = json.loads((reference / "elizaos-statements.json").read_text(encoding="utf-8"))
    return found


def phases(document: Mapping[str, Any], k: int) -> Mapping[str, Mapping[str, Any]]:
    return {phase["name"]: phase for phase in document["runs"][f"161_n{k}_storage_only"]["phases"]}


@pytest.mark.parametrize("k", [1, 2])
def test_the_figures_here_are_those_of_the_recording(k: int, document: Mapping[str, Any]) -> None:
    found = phases(document, k)
    for name, recorded, kinds in (
        ("02_cold_first_message", COLD[k], KINDS_COLD[k]),
        ("03_warm_message_a", WARM[k], KINDS_WARM[k]),
        ("04_warm_message_b", WARM[k], KINDS_WARM[k]),
    ):
        phase = found[name]
        assert phase["ops"] == kinds
        assert phase["statements_excl_begin_commit"] == recorded.statements
        assert phase["explicit_tx"] == recorded.explicit_transactions
        assert phase["rows_delta"] == recorded.rows


def test_the_sequences_here_are_those_of_the_recording(document: Mapping[str, Any]) -> None:
    found = phases(document, 1)
    assert [kind for _, _, kind, _ in found["02_cold_first_message"]["seq"]] == list(SEQUENCE_COLD)
    for name in ("03_warm_message_a", "04_warm_message_b"):
        assert [kind for _, _, kind, _ in found[name]["seq"]] == list(SEQUENCE_WARM)


def test_the_id_mapping_gives_every_vector_of_the_recording(document: Mapping[str, Any]) -> None:
    vectors = document["uuid_vectors"]["core_1.6.1"]
    assert {text: string_to_uuid(text) for text in vectors["stringToUuid"]} == vectors["stringToUuid"]
    assert string_to_uuid(42) == vectors["stringToUuid_number_42"]
    assert [unique_uuid(agent, base) for agent, base, _ in vectors["createUniqueUuid"]] == [
        expected for _, _, expected in vectors["createUniqueUuid"]
    ]
