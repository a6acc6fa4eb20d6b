"""What a generator remembers of a channel, so that all it writes is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workloads.ids import named_id
from workloads.operations import ChannelKind, Member, Role
from workloads.parameters import GeneratorParameters


@dataclass(slots=True)
class Room:
    """A channel in the making.

    `agents` are the ids of those it was given, `present` those of them that are in it now; `users` are its members by order of
    joining, at most `users_max`. `history` has the keys of all messages, `alive` of those that were not deleted; `edits` counts
    the edits of a message. `opened_ms` is None until the channel exists.
    """

    number: int
    id: str
    server_id: str
    kind: ChannelKind
    agents: tuple[str, ...]
    users_max: int
    opened_ms: int | None = None
    present: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)
    edits: dict[str, int] = field(default_factory=dict)
    _user_set: set[str] = field(default_factory=set)

    def enter(self, member: Member) -> None:
        """Somebody joined."""
        if member.role is Role.AGENT:
            self.present.append(member.id)
        else:
            self.users.append(member.id)
            self._user_set.add(member.id)

    def exit(self, member: Member) -> None:
        """Somebody left."""
        if member.role is Role.AGENT:
            self.present.remove(member.id)
        else:
            self.users.remove(member.id)
            self._user_set.remove(member.id)

    def has_user(self, user: str) -> bool:
        """Whether this user is in the channel; as fast for ten thousand members as for one."""
        return user in self._user_set

    def posted(self, key: str) -> None:
        """A message was accepted."""
        self.history.append(key)
        self.alive.append(key)


def server_ids(parameters: GeneratorParameters) -> list[str]:
    """The ids of the servers."""
    return [named_id(f"server-{number}") for number in range(parameters.servers)]


def make_rooms(parameters: GeneratorParameters, rng: np.random.Generator) -> list[Room]:
    """All channels by rank of activity, none of which exists yet; the generator draws their kinds."""
    servers = server_ids(parameters)
    private, direct = parameters.private_share, parameters.direct_share
    kinds = rng.choice(3, parameters.channels, p=[1 - private - direct, private, direct])
    rooms = []
    for number, kind_index in enumerate(kinds.tolist()):
        kind = (ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.DIRECT)[kind_index]
        k = parameters.agents_of_channel(number)
        is_direct = kind is ChannelKind.DIRECT
        k = min(k, 1) if is_direct else k
        rooms.append(
            Room(
                number=number,
                id=named_id(f"channel-{number}"),
                server_id=servers[number % len(servers)],
                kind=kind,
                agents=tuple(named_id(f"agent-{(number + place) % parameters.agents}") for place in range(k)),
                users_max=2 - k if is_direct else parameters.users,
            )
        )
    return rooms
