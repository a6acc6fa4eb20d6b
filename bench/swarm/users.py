"""Users and the shape of a run as Locust wants them: classes that it makes and asks."""

from __future__ import annotations

from typing import Any, ClassVar

from locust import LoadTestShape, User, task
from locust.exception import StopUser

from bench.swarm.wiring import Wiring


class SwarmUser(User):
    """One who performs operations of the stream, one after another, on a seat of its own."""

    abstract = True
    # Locust's page wants to be told one; where the server is is nobody's business.
    host = "postgresql"
    wiring: ClassVar[Wiring]
    _lane: int | None = None

    def on_start(self) -> None:
        if self.wiring.player is not None:
            self._lane = self.wiring.player.crowd.sit()

    @task
    def perform(self) -> None:
        """Operations until the user is asked to go: what it does is said by the stream, and when by the schedule."""
        player = self.wiring.player
        if player is not None and self._lane is not None:
            player.crowd.serve(self._lane)
        raise StopUser

    def stop(self, force: bool = False) -> Any:
        """Go, after the operation that is under way."""
        if self.wiring.player is not None and self._lane is not None:
            self.wiring.player.crowd.ask_to_go(self._lane)
        return super().stop(force)


class SwarmShape(LoadTestShape):
    """As many users as the phases of the run need."""

    abstract = True
    # Locust's page asks for users and spawn rate, as without a shape.
    use_common_options = True
    wiring: ClassVar[Wiring]

    def tick(self) -> Any:
        environment = self.runner.environment if self.runner is not None else None
        return None if environment is None else self.wiring.tick(environment)

    def reset_time(self) -> None:
        super().reset_time()  # type: ignore[no-untyped-call]  # Locust types it in parts
        self.wiring.restart()
