"""Scripts for the reader: what a round ran, the store it began with, and how to run it by hand."""

from __future__ import annotations

import gzip
import os
import shlex
import subprocess
from pathlib import Path

from bench.errors import InvalidMeasurement
from bench.pgbench.child import PLAN_CACHE_MODE, Asked, arguments, child_environment, conninfo_without_password
from bench.pgbench.plan import MESSAGES_AN_ITERATION, PgbenchPlan
from bench.pgbench.prepared import Prepared

_DUMP_TIMEOUT_S = 120.0

README = f"""Scripts for pgbench: the statements of each design as the harness sends them.

An iteration fetches the parameters of {MESSAGES_AN_ITERATION} messages and sends these.

NAME-store.sql.gz     the database before the messages, with the parameters in the table replay_parameters
NAME-plain.sql        one statement a round trip
NAME-pipelined.sql    one pipeline for each flight of the shared exchange
NAME-run.sh           pgbench with the constants that the scripts need

By hand, with PGHOST, PGPORT and PGUSER set for a server of your own:

    createdb replay
    gunzip -c NAME-store.sql.gz | psql -q -d replay
    PGDATABASE=replay sh NAME-run.sh NAME-plain.sql

A store takes each message once: make it anew before the next run.
"""


def export(prepared: Prepared, plan: PgbenchPlan, programs: Path, folder: Path) -> None:
    """Write the files of one design."""
    name = prepared.store.design.name
    _write(folder / f"{name}-plain.sql", prepared.scripts.plain)
    _write(folder / f"{name}-pipelined.sql", prepared.scripts.pipelined)
    clients = plan.clients[0]
    asked = Asked("", clients, plan.each(clients) // MESSAGES_AN_ITERATION, prepared.scripts.constants)
    given = shlex.join(arguments(asked, "SCRIPT")).replace("--file=SCRIPT", '--file="$1"')
    options = f"export PGOPTIONS='-c plan_cache_mode={PLAN_CACHE_MODE} -c TimeZone=UTC'"
    _write(folder / f"{name}-run.sh", f"{options}\nexec pgbench {given}\n")
    _dump(prepared, programs / "pg_dump", folder / f"{name}-store.sql.gz")


def _dump(prepared: Prepared, program: Path, path: Path) -> None:
    """Nothing where the program is not at hand: then the reader's store is the design's own tables, filled by other means."""
    if not os.access(program, os.X_OK):
        return
    command = [str(program), "--no-owner", "--no-privileges", f"--dbname={conninfo_without_password(prepared.store)}"]
    done = subprocess.run(command, env=child_environment(prepared.store), capture_output=True, timeout=_DUMP_TIMEOUT_S, check=False)
    if done.returncode != 0:
        complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InvalidMeasurement(f"pg_dump ended with {done.returncode}", complaint[-5:])
    path.write_bytes(gzip.compress(done.stdout, mtime=0))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
