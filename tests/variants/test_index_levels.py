"""The levels of indexes: what the sources declare, and what the reads call for; keys that a design relies on stand at both."""

from __future__ import annotations

import pytest
from sqlalchemy import Index, Table, UniqueConstraint

from variants.contract import Build, Design, Indexes, Options
from variants.dual import Dual
from variants.floor import Floor
from variants.hybrid import Hybrid
from variants.option_a import OptionA
from variants.option_a_shared import OptionAShared
from variants.option_b import OptionB
from variants.option_b_envelope import OptionBEnvelope

DRAWN: tuple[Build, ...] = (Dual, OptionA, OptionAShared, OptionB, OptionBEnvelope, Hybrid, Floor)

DECLARED_BY_THE_REAL_SERVER = {
    "id_agent_id_unique",
    "idx_participants_user",
    "idx_participants_room",
    "idx_memories_type_room",
    "idx_memories_world_id",
    "idx_memories_metadata_type",
    "idx_memories_document_id",
    "idx_fragments_order",
}
OF_THE_DESIGN = {"participants_room_entity"}
OF_AGENT_READS = {"memories_room_time"}
OF_ROOT_MESSAGES = {"root_messages_channel_time", "root_messages_answered"}
OF_CENTRAL_TABLES = {"channels_server", "server_agents_agent"}
OF_CENTRAL_ROWS = {"rooms_central_world", "rooms_central_channel", "worlds_agent_server"}
ADVISED = {
    "dual": OF_AGENT_READS | OF_ROOT_MESSAGES | OF_CENTRAL_TABLES,
    "option_a": OF_AGENT_READS | OF_ROOT_MESSAGES | OF_CENTRAL_ROWS,
    "option_a_shared": OF_AGENT_READS | OF_CENTRAL_ROWS,
    "option_b": OF_AGENT_READS | OF_ROOT_MESSAGES | OF_CENTRAL_TABLES,
    "option_b_envelope": OF_AGENT_READS | OF_ROOT_MESSAGES | OF_CENTRAL_TABLES | {"rooms_channel"},
    "hybrid": OF_AGENT_READS | OF_ROOT_MESSAGES | {"rooms_channel", "rooms_world", "worlds_server", "worlds_agent"},
    "floor": {"channels_server", "messages_channel_time", "messages_answered"},
}
INTERVALS = {"subscriptions_open"}


def tables(design: Design) -> list[Table]:
    return [table for metadata in design.tables.values() for table in metadata.tables.values()]


def names(design: Design) -> set[str]:
    """Every index and unique constraint besides the primary keys."""
    found: list[Index | UniqueConstraint] = [index for table in tables(design) for index in table.indexes]
    found += [key for table in tables(design) for key in table.constraints if isinstance(key, UniqueConstraint)]
    return {str(item.name) for item in found}


@pytest.mark.parametrize("build", DRAWN)
def test_the_level_advised_has_an_index_for_each_read_and_key(build: Build) -> None:
    design = build(Options(indexes=Indexes.ADVISED))
    assert names(design) == ADVISED[design.name] | (INTERVALS if design.name == "floor" else OF_THE_DESIGN)


@pytest.mark.parametrize("build", DRAWN)
def test_the_level_declared_has_what_the_real_server_s_source_names_and_the_design_s_own_keys(build: Build) -> None:
    design = build(Options(indexes=Indexes.DECLARED))
    expected = INTERVALS if design.name == "floor" else DECLARED_BY_THE_REAL_SERVER | OF_THE_DESIGN
    assert names(design) == expected


@pytest.mark.parametrize("build", DRAWN)
def test_a_design_s_own_level_is_the_one_advised(build: Build) -> None:
    assert names(build(Options())) == names(build(Options(indexes=Indexes.ADVISED)))


@pytest.mark.parametrize("build", DRAWN)
def test_a_level_of_indexes_changes_no_column_and_no_foreign_key(build: Build) -> None:
    def shape(level: Indexes) -> set[tuple[object, ...]]:
        return {
            (
                table.name,
                column.name,
                str(column.type),
                column.nullable,
                *sorted(k.target_fullname for k in column.foreign_keys),
            )
            for table in tables(build(Options(indexes=level)))
            for column in table.columns
        }

    assert shape(Indexes.DECLARED) == shape(Indexes.ADVISED)


@pytest.mark.parametrize("build", [OptionA, OptionAShared])
def test_uniqueness_counts_a_null_agent_where_central_rows_have_one(build: Build) -> None:
    keys = [key for table in tables(build(Options())) for key in table.constraints if isinstance(key, UniqueConstraint)]
    counting = {str(key.name) for key in keys if key.dialect_kwargs.get("postgresql_nulls_not_distinct")}
    unique = {str(index.name) for table in tables(build(Options())) for index in table.indexes if index.unique}
    assert (counting, unique) == ({"worlds_agent_server"}, {"rooms_central_channel"})
