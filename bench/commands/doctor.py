"""The command that looks at this machine and at a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bench.commands.options import JsonOption, ServerOption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.server.findings import Finding


def doctor(server: ServerOption = None, as_json: JsonOption = False) -> None:
    """Say what this machine and this server can and cannot do for a run, what each lack costs, and how to mend it."""
    import json
    from dataclasses import asdict
    from pathlib import Path

    from bench import machine
    from bench.checkup import machine_facts, machine_findings
    from bench.errors import UserError
    from bench.server.capabilities import as_record, probe
    from bench.server.findings import Finding, State, server_findings
    from bench.server.provided import provided
    from bench.server.specification import CONTAINER, Embedded, specification

    own_server = isinstance(specification(server), Embedded)
    groups = {"machine": machine_findings(machine_facts(Path.cwd()), own_server=own_server)}
    record: dict[str, object] = {}
    refused: UserError | None = None
    try:
        with provided(server) as given:
            found = probe(given.endpoint)
            record = {"kind": given.kind, "remarks": list(given.remarks), **as_record(found)}
            where = [Finding("container", State.OK, "; ".join(given.remarks))] if given.kind == CONTAINER else []
            groups[f"server ({given.kind})"] = [*where, *server_findings(found)]
    except UserError as error:
        refused = error
        groups["server"] = [Finding("server", State.HINDERS, "none", str(error))]
    hindering = [finding for group in groups.values() for finding in group if finding.state is State.HINDERS]
    if as_json:
        findings = [
            {"of": group, **asdict(finding), "state": finding.state.value} for group, rows in groups.items() for finding in rows
        ]
        told = {"possible": not hindering, "findings": findings, "machine": machine.describe(), "server": record}
        typer.echo(json.dumps(told, indent=1))
    else:
        _print(groups)
    if refused is not None:
        raise refused
    if hindering:
        raise UserError(f"no run is possible: {hindering[0].what}: {hindering[0].cost}; {hindering[0].mend}")


def _print(groups: Mapping[str, Sequence[Finding]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from bench.console import BreakingConsole
    from bench.server.findings import State
    from bench.visible import visible

    styles = {State.OK: "green", State.LACKING: "yellow", State.NOT_AVAILABLE: "yellow", State.HINDERS: "bold red"}
    console = BreakingConsole()
    if not console.is_terminal:
        console = BreakingConsole(width=160)
    for group, findings in groups.items():
        table = Table(title=group, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in ("what", "state", "found", "what it costs", "how to mend it"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            cells = [Text(visible(text)) for text in (finding.what, finding.found, finding.cost, finding.mend)]
            table.add_row(cells[0], Text(finding.state.value, style=styles[finding.state]), *cells[1:])
        console.print(table)
        console.print()
