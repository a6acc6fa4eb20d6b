"""What Locust loads: `locust -f bench/locustfile.py`, or `storebench load`, which brings a server and tells what was measured.

It binds our users to Locust and does nothing else; `bench.swarm` says what they do.
"""

from __future__ import annotations

# Locust first: it makes the standard library give way to other greenlets, which must happen before anybody else has it.
from locust import events

from bench.swarm import asking
from bench.swarm.hooks import Hooks
from bench.swarm.users import SwarmShape, SwarmUser

hooks = Hooks()
LISTENERS = (
    (events.init_command_line_parser, asking.add),
    (events.init, hooks.init),
    (events.test_start, hooks.test_start),
    (events.test_stop, hooks.test_stop),
    (events.quitting, hooks.quitting),
    (events.quit, hooks.quit),
)
for event, listener in LISTENERS:
    event.add_listener(listener)  # type: ignore[no-untyped-call]  # Locust types it in parts


class ChatUser(SwarmUser):
    """A user of the chat whose stores are compared."""

    hooks = hooks


class Phases(SwarmShape):
    """The phases of the workload."""

    hooks = hooks
