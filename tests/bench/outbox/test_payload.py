"""An operation that went through the outbox is the same operation."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.outbox.payload import Note, Payloads
from bench.scenes import KINDS, WARM, WITHOUT_AGENTS, scene
from workloads.model import Model
from workloads.operations import Context, Delete, Edit, Member, Role, Send

PAYLOADS = Payloads()
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
MEMBERS = st.builds(Member, TEXT, st.sampled_from(Role))
CONTEXTS = st.builds(
    Context,
    st.integers(0, 2**52),
    st.integers(1, 9),
    message_id=st.none() | TEXT,
    reply_to_id=st.none() | TEXT,
    recipients=st.lists(TEXT, max_size=3).map(tuple),
    holders=st.lists(TEXT, max_size=3).map(tuple),
    members=st.lists(MEMBERS, max_size=3).map(tuple),
)
SENDS = st.builds(
    Send,
    *(TEXT, st.integers(0, 2**52), TEXT, TEXT, TEXT, TEXT),
    in_reply_to=st.none() | TEXT,
    metadata=st.dictionaries(TEXT, JSON, max_size=3),
)
EDITS = st.builds(Edit, TEXT, st.integers(0, 2**52), TEXT, TEXT, TEXT, st.integers(1, 9))
DELETES = st.builds(Delete, TEXT, st.integers(0, 2**52), TEXT, TEXT)


def stored(note: Note) -> Note:
    return PAYLOADS.decode(json.loads(json.dumps(PAYLOADS.encode(note))))


@given(SENDS | EDITS | DELETES, CONTEXTS)
def test_a_note_reads_back_as_it_was_written(operation: Send | Edit | Delete, context: Context) -> None:
    note = stored(Note(operation, context))
    assert note == Note(operation, context)
    assert type(note.operation) is type(operation)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_write_reads_back_with_all_that_a_design_is_told(kind: str) -> None:
    made, model = scene(kind, 0 if kind in WITHOUT_AGENTS else 2, WARM, "noted"), Model()
    for operation in made.setup:
        model.apply(operation, model.context(operation))
    (target,) = made.target
    note = Note(target, model.context(target))
    assert stored(note) == note


def test_what_is_no_note_is_refused() -> None:
    with pytest.raises(ValueError, match="validation error"):
        PAYLOADS.decode({"kind": "send", "operation": {"key": "k"}, "context": {}})
