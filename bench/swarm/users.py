"""Users and the shape of a run as Locust wants them: classes that it makes and asks."""

from __future__ import annotations

from typing import Any, ClassVar

from locust import LoadTestShape, User, task
from locust.exception import StopUser

from bench.swarm.hooks import Hooks
from bench.swarm.player import Player


class SwarmUser(User):
    """One who performs operations of the stream, one after another, on a seat of its own."""

    abstract = True
    # Locust's page wants to be told one; where the server is is nobody's business.
    host = "postgresql"
    hooks: ClassVar[Hooks]
    _lane: int | None = None

    def on_start(self) -> None:
        if (player := self._player()) is not None:
            self._lane = player.crowd.sit()

    @task
    def perform(self) -> None:
        """Operations until the user is asked to go: what it does is said by the stream, and when by the schedule."""
        if (player := self._player()) is not None and self._lane is not None:
            player.crowd.serve(self._lane)
        raise StopUser

    def stop(self, force: bool = False) -> Any:
        """Go, after the operation that is under way."""
        if (player := self._player()) is not None and self._lane is not None:
            player.crowd.ask_to_go(self._lane)
        return super().stop(force)

    def _player(self) -> Player | None:
        return self.hooks.follower.player if self.hooks.follower is not None else None


class SwarmShape(LoadTestShape):
    """As many users as the phases of the run need."""

    abstract = True
    # Locust's page asks for users and spawn rate, as without a shape.
    use_common_options = True
    hooks: ClassVar[Hooks]

    def tick(self) -> Any:
        return self.hooks.leader.tick() if self.hooks.leader is not None else None
