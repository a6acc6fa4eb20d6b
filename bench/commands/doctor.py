"""The command that looks at this machine."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape


def doctor() -> None:
    """Start the server, and say what this machine and it can and cannot do."""
    from bench import machine
    from bench.server.capabilities import as_record, probe
    from bench.server.embedded import running

    console = Console()
    with running() as server:
        facts = {"machine": machine.describe(), "server": as_record(probe(server.endpoint))}
    for group, values in facts.items():
        console.print(f"[bold]{group}[/bold]")
        for key, value in values.items():
            console.print(f"  {escape(str(key))}: {escape(str(value))}", highlight=False)
