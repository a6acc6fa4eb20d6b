"""A command line is stored without secrets, names of hosts, and places of this machine."""

from __future__ import annotations

import pytest

from bench.commands.arguments import told


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (["load", "--workload=/home/me/desk.toml", "--out", "/srv/out"], ["load", "--workload=desk.toml", "--out", "out"]),
        (["load", "--workload", "chat", "--rate=40"], ["load", "--workload", "chat", "--rate=40"]),
        (["load", "--bind", "10.0.0.1", "--master=2"], ["load", "--bind", "...", "--master=2"]),
        (["load", "--worker=db.example"], ["load", "--worker=..."]),
        (["run", "--set", "trace=/home/me/chat.csv"], ["run", "--set", "trace=chat.csv"]),
        (["run", "--server=url=postgresql://me:secret@db/x"], ["run", "--server=url=..."]),
        (["run", "--server", "postgresql://me:secret@db/x"], ["run", "--server", "..."]),
        (
            ["run", "--server=embedded=/opt/pg/bin", "--server", "embedded"],
            ["run", "--server=embedded=bin", "--server", "embedded"],
        ),
        (["run", "--server=container"], ["run", "--server=container"]),
        (["run", "--server", "container=registry.example/team/pg:18"], ["run", "--server", "container=pg:18"]),
    ],
)
def test_of_each_argument_is_stored_what_is_nobodys_secret(given: list[str], stored: list[str]) -> None:
    assert told(given) == stored
