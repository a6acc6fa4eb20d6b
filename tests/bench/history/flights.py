"""Commands to make flights of, without a design."""

from __future__ import annotations

from sqlalchemy import text

from bench.drive.flights import Command, Verb
from variants.contract import Query, Side

_WRITE = Query(Side.CENTRAL, text("INSERT INTO nothing VALUES (1)"))
_READ = Query(Side.CENTRAL, text("SELECT 1"))

BEGIN = Command(Verb.BEGIN, Side.CENTRAL)
COMMIT = Command(Verb.COMMIT, Side.CENTRAL)
WRITE = Command(Verb.EXECUTE, Side.CENTRAL, _WRITE())
WRITE_ALONE = Command(Verb.EXECUTE, Side.CENTRAL, _WRITE(), True)
READ_ALONE = Command(Verb.EXECUTE, Side.CENTRAL, _READ(), True)
