"""What a generated world remembers of a channel: who is there, and of its messages no more than readers can ask for."""

from __future__ import annotations

from collections import deque

from workloads.generation.spec import WorkloadSpec

OLD_TIMES = 8


class Room:
    """A channel that exists.

    `agents` are those it was given, `present` those of them that are in it, `late` those that are still to come. `members` are the
    people. `messages` counts those of people, `posts` all of them, `edits` the edits. `newest_ms` holds the times of the newest
    posts, the newest last, `old_ms` those of some posts of any age, each as likely as any other.
    """

    __slots__ = (
        "_start_ms",
        "_us_per_ms",
        "agents",
        "direct",
        "edits",
        "last_ms",
        "late",
        "members",
        "messages",
        "newest_ms",
        "number",
        "old_ms",
        "posts",
        "present",
        "server",
    )

    def __init__(self, number: int, agents: tuple[int, ...], spec: WorkloadSpec, *, direct: bool, newest: int) -> None:
        self.number = number
        self.server = number % spec.servers
        self.agents = agents
        self.direct = direct
        self.present: list[int] = []
        self.late: list[int] = []
        self.members: set[int] = set()
        self.last_ms = 0
        self._start_ms = spec.start_ms
        self._us_per_ms = 1000 * spec.compression
        self.messages = 0
        self.posts = 0
        self.edits = 0
        self.newest_ms: deque[int] = deque(maxlen=newest)
        self.old_ms: list[int] = []

    def clock(self, due_us: int) -> int:
        """When a write is that is due at this real time: compressed, or 1 ms after the channel's last write when that is later."""
        due_ms = self._start_ms + int(due_us / self._us_per_ms)
        at_ms = due_ms if due_ms > self.last_ms else self.last_ms + 1
        self.last_ms = at_ms
        return at_ms

    def posted(self, at_ms: int, chance: float) -> None:
        """Remember the time of a post; `chance` decides whether it stands for old ones (reservoir sampling)."""
        self.posts += 1
        self.newest_ms.append(at_ms)
        if len(self.old_ms) < OLD_TIMES:
            self.old_ms.append(at_ms)
        elif (place := int(chance * self.posts)) < OLD_TIMES:
            self.old_ms[place] = at_ms
