"""How a server is reached, and what its sessions are told."""

from __future__ import annotations

from bench.server.endpoint import Endpoint, not_waiting


def test_sessions_that_do_not_wait_for_the_disk_differ_in_that_alone() -> None:
    endpoint = Endpoint("127.0.0.1", 5432, "somebody", "secret", session=(("TimeZone", "UTC"), ("synchronous_commit", "on")))
    hurried = not_waiting(endpoint)
    assert hurried.session == (("TimeZone", "UTC"), ("synchronous_commit", "off"))
    assert hurried.conninfo("x") == endpoint.conninfo("x").replace("synchronous_commit=on", "synchronous_commit=off")
