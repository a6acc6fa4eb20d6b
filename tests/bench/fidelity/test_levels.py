"""`dual_deployed` on each level of indexes: the same work, but for what a missing key lets happen."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from bench.drive.flights import Exchange
from bench.proof.compare import prove
from bench.proof.masks import shortfalls_of
from bench.proof.observe import observe
from bench.stores import Store, ddl
from bench.verify.world import all_reads, whole_story
from tests.contract.checks import wrong_answers
from tests.performing import apply_all
from variants.contract import DefectKind, Design, Indexes, Options
from variants.dual_deployed import DualDeployed
from workloads.model import Model

FreshStore = Callable[[Design], Store]


def indexes(level: Indexes) -> list[str]:
    return [line.split()[2] for line in ddl(DualDeployed(Options(indexes=level))) if line.startswith("CREATE INDEX")]


@pytest.mark.parametrize("level", [Indexes.DEPLOYED, Indexes.ADVISED])
def test_the_story_is_the_same_on_every_level(level: Indexes, fresh_store: FreshStore) -> None:
    store, model, story = fresh_store(DualDeployed(Options(indexes=level))), Model(), whole_story()
    with store.links(Exchange.PLAIN) as links:
        apply_all(store.design, links, model, (step.write for step in story))
        assert wrong_answers(store, links, model, all_reads(story[-1].write.at_ms)) == []
    proof = prove(store.design.name, store.design, model, observe(store))
    assert proof.differences == ()
    assert proof.defects.get("memberships_repeated", 0) == (1 if level is Indexes.DEPLOYED else 0)


def test_without_a_key_of_two_columns_a_second_join_is_a_second_row_and_the_design_says_so() -> None:
    assert DefectKind.MEMBERSHIPS_REPEATED in shortfalls_of(DualDeployed(Options(indexes=Indexes.DEPLOYED)))
    assert DefectKind.MEMBERSHIPS_REPEATED not in shortfalls_of(DualDeployed(Options()))


@pytest.mark.parametrize("level", list(Indexes))
def test_the_database_refuses_a_second_row_where_it_has_a_key_of_two_columns(level: Indexes, fresh_store: FreshStore) -> None:
    store, model = fresh_store(DualDeployed(Options(indexes=level))), Model()
    with store.links(Exchange.PLAIN) as links:
        apply_all(store.design, links, model, (step.write for step in whole_story()))
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        for table in ("channel_participants", "server_agents"):
            again = f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1".encode()
            if level is Indexes.DEPLOYED:
                assert connection.execute(again).rowcount == 1
            else:
                with pytest.raises(psycopg.errors.UniqueViolation):
                    connection.execute(again)


def test_databases_of_early_versions_have_keys_of_one_column_and_nothing_else() -> None:
    tables = "\n".join(ddl(DualDeployed(Options(indexes=Indexes.DEPLOYED))))
    assert indexes(Indexes.DEPLOYED) == []
    assert tables.count("PRIMARY KEY (id)") == tables.count("PRIMARY KEY") == 11
    assert "UNIQUE" not in tables
    assert "CHECK" not in tables


def test_the_source_names_no_index_for_a_page_and_an_advocate_does() -> None:
    assert not any("root_messages" in name for name in indexes(Indexes.DECLARED))
    assert "idx_memories_type_room" in indexes(Indexes.DECLARED)
    assert {"root_messages_channel_time", "memories_room_time"} <= set(indexes(Indexes.ADVISED))


def test_each_key_of_a_memory_is_declared_twice_as_in_the_source_and_once_where_it_is_advised() -> None:
    for level, times in ((Indexes.DECLARED, 2), (Indexes.ADVISED, 1)):
        (memories,) = [line for line in ddl(DualDeployed(Options(indexes=level))) if line.startswith("CREATE TABLE memories")]
        assert memories.count('FOREIGN KEY("roomId")') == times


def test_the_level_of_the_design_itself_is_that_of_the_source() -> None:
    assert ddl(DualDeployed(Options())) == ddl(DualDeployed(Options(indexes=Indexes.DECLARED)))
