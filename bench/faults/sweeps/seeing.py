"""What the canonical views say of many scenes, read in one snapshot, and told in the ids of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg

from bench.faults.sweeps.staging import Staged
from bench.proof.observation import Observation, Sequenced
from bench.proof.observe import observe
from bench.stores import Store
from workloads.projection import RELATIONS, Projection, Row, ordered, relations


def seen(store: Store, staged: Sequence[Staged], like: Staged, connection: psycopg.Connection[Any]) -> list[Observation]:
    """What there is of each of these scenes, every id replaced by that of `like` which has its place.

    Scenes of one kind differ in their ids alone, so those in which the same happened are equal here. Raises `ContractError` as
    `observe` does.
    """
    found = observe(store, [made.scene.channel_id for made in staged], [made.scene.server_id for made in staged], connection)
    by_scene = _apart(found.projection)
    order: dict[str, list[Sequenced]] = defaultdict(list)
    for item in found.order:
        order[item.channel].append(item)
    return [_of_scene(made, made.named_as(like), by_scene, order[made.scene.channel_id]) for made in staged]


def _apart(projection: Projection) -> dict[str, dict[str, list[Row]]]:
    """The rows by the server or channel that they are of, and by relation."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, rows in relations(projection).items():
        if rows:
            place = _place(name)
            for row in rows:
                found[str(row[place])][name].append(row)
    return found


def _place(relation: str) -> int:
    """Which column of a relation says of which scene a row is: that of its channel, or where it has none, of its server."""
    names = RELATIONS[relation]._fields
    return names.index("channel" if "channel" in names else "server")


def _of_scene(
    made: Staged, names: Mapping[str, str], by_scene: Mapping[str, Mapping[str, list[Row]]], order: Iterable[Sequenced]
) -> Observation:
    rows: dict[str, Any] = {}
    for thing in (made.scene.server_id, made.scene.channel_id):
        for name, found in by_scene.get(thing, {}).items():
            rows[name] = _renamed(found, names)
    projection = Projection(**{name: rows.get(name, ()) for name in RELATIONS})
    return Observation(projection, tuple(sorted((_placed(item, names) for item in order), key=_place_of)), None)


def _renamed(rows: Iterable[Row], names: Mapping[str, str]) -> tuple[Row, ...]:
    given = names.get
    return ordered([type(row)(*[given(value, value) for value in row]) for row in rows])  # type: ignore[arg-type]


def _placed(item: Sequenced, names: Mapping[str, str]) -> Sequenced:
    given = names.get
    agent = None if item.agent is None else given(item.agent, item.agent)
    message = None if item.message is None else given(item.message, item.message)
    return Sequenced(agent, given(item.channel, item.channel), message, item.created_at_ms, item.seq)


def _place_of(item: Sequenced) -> tuple[str, int, str]:
    return item.agent or "", item.seq, item.message or ""
