"""Mutated sources of every kind: a trace that can be read, with what was rejected counted, or one line and status 2.

Whatever becomes of them, no name, id or text of theirs comes out.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bench.errors import UserError
from bench.importing.elizaos import Layout
from bench.importing.options import columns_of
from bench.importing.run import Wanted, run
from bench.importing.sources import Opening, csv_file, elizaos_database, jsonl_file, slack_export
from bench.progress.plain import Plain
from bench.progress.result import Result
from bench.progress.telling import Teller
from bench.server.server import Server
from bench.visible import visible
from tests.bench.importing.databases import TABLES, Made, database_of, fill
from tests.fuzz.inprocess import Said, call, refused
from tests.fuzz.mutations import FLOATS, INTEGERS, TEXTS, altered, blind, value
from tests.workloads.importing.sources import slack_export as made_export
from workloads.errors import InputError
from workloads.importing.times import TimeForm
from workloads.trace import read_trace

SECRET = "hunter2"
MAP = [f"--column={pair}" for pair in ("t=t", "channel=c.n", "user=u", "text=x", "bot=b", "id=i", "reply_to=r")]
CSV_MAP = [word.replace("c.n", "c") for word in MAP]
SHARES = ("0.01", "0.3", "1")


def _message(rng: random.Random, number: int) -> dict[str, object]:
    at = rng.choice((1_512_085_950 + number, f"2017-12-01T{number % 24:02d}:00:00Z"))
    answered = f"{SECRET}{number - 1}" if rng.random() < 0.3 else None
    text = f"{SECRET}, {rng.choice(TEXTS)}"
    return {
        "t": at,
        "c": {"n": f"{SECRET}-{number % 3}"},
        "u": f"{SECRET}{number % 5}",
        "x": text,
        "b": 0,
        "i": f"{SECRET}{number}",
        "r": answered,
    }


def _csv(rng: random.Random, folder: Path) -> list[str]:
    first = rng.random() < 0.5
    table = [["t", "c", "u", "x", "b", "i", "r"]]
    for number in range(rng.randint(1, 60)):
        row = _message(rng, number) | {"t": 1_512_085_950 + number if first else f"2017-12-01T00:{number:02d}:00Z", "c": SECRET}
        table.append([str(field if field is not None else "") for field in row.values()])
    for _ in range(rng.choice((0, 1, 1, 2))):
        row_of_it = rng.choice(table)
        place = rng.randrange(len(row_of_it))
        match rng.randrange(4):
            case 0:
                del row_of_it[place]
            case 1:
                row_of_it.insert(place, rng.choice(TEXTS))
            case _:
                row_of_it[place] = str(rng.choice((*INTEGERS, *FLOATS, *TEXTS, '"', '"1\n2"', f"<b>{SECRET}", f"\x1b[31m{SECRET}")))
        if not all(table):
            break
    text = rng.choice(("\n", "\r\n", "\r")).join(
        ",".join(f'"{field}"' if "," in field else field for field in row) for row in table
    )
    return ["csv", _file(rng, folder / "source", text), *CSV_MAP]


def _jsonl(rng: random.Random, folder: Path) -> list[str]:
    rows: list[object] = [_message(rng, number) | {"t": 1_512_085_950 + number} for number in range(rng.randint(1, 60))]
    for _ in range(rng.choice((0, 1, 1, 3))):
        place = rng.randrange(len(rows))
        rows[place] = altered(rng, rows[place])
    return ["jsonl", _file(rng, folder / "source", "\n".join(map(json.dumps, rows))), *MAP]


def _file(rng: random.Random, path: Path, text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.4:
        data = blind(rng, data)
    if rng.random() < 0.3:
        data = gzip.compress(data, mtime=0)
        if rng.random() < 0.4:
            data = blind(rng, data)
    path.write_bytes(data)
    return str(path)


def _slack(rng: random.Random, folder: Path) -> list[str]:
    days: dict[str, list[object]] = {}
    for day in range(rng.randint(1, 4)):
        messages = [
            {
                "type": "message",
                "user": f"U{SECRET}{n % 3}",
                "text": f"{SECRET} {rng.choice(TEXTS)}",
                "ts": f"15120{day}59{n:02d}.000100",
            }
            | rng.choice(({}, {}, {"subtype": "channel_join"}, {"bot_id": f"B{SECRET}"}, {"thread_ts": f"15120{day}5900.000100"}))
            for n in range(rng.randint(1, 30))
        ]
        days[f"{SECRET}{day % 2}/2017-12-0{day + 1}.json"] = list(messages)
    export = made_export(folder / "export", days, [{"id": f"U{SECRET}0", "is_bot": True}])
    for _ in range(rng.choice((0, 1, 1, 2))):
        path = rng.choice(sorted(path for path in export.rglob("*.json")))
        match rng.randrange(6):
            case 0:
                path.write_bytes(blind(rng, path.read_bytes()))
                break
            case 1:
                path.unlink()
                break
            case _:
                path.write_text(json.dumps(altered(rng, json.loads(path.read_bytes()))))
                break
    if rng.random() < 0.3:
        packed = folder / "export.zip"
        with zipfile.ZipFile(packed, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as zipped:
            for path in sorted(export.rglob("*")):
                zipped.write(path, path.relative_to(export).as_posix())
        if rng.random() < 0.5:
            packed.write_bytes(blind(rng, packed.read_bytes()))
        export = packed
    return ["slack", str(export)]


def _checked(rng: random.Random, words: list[str], file: Path) -> bool:
    """Whether the source was refused; whatever was, everything that came out is looked at."""
    share = rng.choice(SHARES)
    # Most of a command's time goes into reading its own options.
    if rng.random() < 0.2:
        flags = rng.choice(([], ["--quiet"], ["--json"]))
        kind, source, *rest = words
        places = [source, str(file)] if kind != "elizaos" else [str(file), "--database", source]
        said = call("trace", "import", kind, *places, *rest, "--max-rejected", share, *flags)
        _judge(said, "--quiet" in flags)
    else:
        said = _within(words, Wanted(file, False, float(share), 1))
        _judge(said, quiet=False)
    if said.status:
        assert not file.exists()
        return True
    content = file.read_text()
    assert SECRET not in content
    assert not set(content) - set("t,chubyesrplo_anod\n0123456789.-"), content[:500]
    trace = read_trace(file)
    assert len(trace) > 0
    assert said.output.count(str(len(trace))) >= 1
    return False


def _within(words: list[str], wanted: Wanted) -> Said:
    """What the command would do and say, but for its options."""
    kind, source, *named = words
    columns = columns_of([word.removeprefix("--column=") for word in named])
    opening: Opening
    match kind:
        case "csv":
            opening = csv_file(Path(source), columns, TimeForm.AUTO, None, ",")
        case "jsonl":
            opening = jsonl_file(Path(source), columns, TimeForm.AUTO, None)
        case "slack":
            opening = slack_export(Path(source))
        case _:
            opening = elizaos_database(source)
    said, heard = io.StringIO(), io.StringIO()
    telling = Teller(Plain(heard), Result(said))
    try:
        run(wanted, opening, telling)
    except (UserError, InputError) as error:
        return Said(2, said.getvalue(), f"{heard.getvalue()}storebench: {visible(str(error))}\n")
    return Said(0, said.getvalue(), heard.getvalue())


def _judge(said: Said, quiet: bool) -> None:
    everything = said.output + said.errors
    assert SECRET not in everything, everything
    assert "\x1b" not in everything
    if quiet:
        refused(said)
    else:
        assert "Traceback" not in said.errors, said.errors
        assert said.status in {0, 2}, said
        assert sum(line.startswith("storebench: ") for line in said.errors.splitlines()) == (said.status == 2)


def _fuzz(make: Callable[[random.Random, Path], list[str]], cases: int, seed: int, folder: Path) -> None:
    refusals = 0
    for case in range(cases):
        rng = random.Random(f"{seed}-{case}")
        here = folder / str(case)
        here.mkdir()
        refusals += _checked(rng, make(rng, here), here / "trace.csv")
        shutil.rmtree(here)
    assert cases // 10 < refusals < cases * 0.9, f"{refusals} of {cases} sources were refused"


KINDS = pytest.mark.parametrize("make", [_csv, _jsonl, _slack], ids=lambda make: make.__name__[1:])


@KINDS
def test_a_mutated_source_becomes_a_trace_or_is_refused(make: Callable[[random.Random, Path], list[str]], tmp_path: Path) -> None:
    _fuzz(make, 200, 1, tmp_path)


@pytest.mark.full
@KINDS
def test_thousands_of_mutated_sources_become_traces_or_are_refused(
    make: Callable[[random.Random, Path], list[str]], tmp_path: Path
) -> None:
    _fuzz(make, 3_000, 2, tmp_path)


COLUMNS = ("id", "channel_id", "author_id", "content", "in_reply_to_root_message_id", "source_type", "created_at")
TIMES = ("infinity", "-infinity", "4713-01-01 BC", "294276-12-31", "1970-01-01", "2025-10-02 10:00:00.000001", None)
LOOSE = (
    "ALTER TABLE central_messages DROP CONSTRAINT central_messages_pkey CASCADE",
    "ALTER TABLE central_messages DROP CONSTRAINT central_messages_channel_id_fkey",
    *(
        f"ALTER TABLE central_messages ALTER {column} DROP NOT NULL"
        for column in COLUMNS
        if column != "in_reply_to_root_message_id"
    ),
)
LAYOUTS = (
    ("ALTER TABLE {} RENAME TO other", "ALTER TABLE other RENAME TO {}", ("agents", "channels", "channel_participants")),
    ("ALTER TABLE central_messages RENAME {} TO other", "ALTER TABLE central_messages RENAME other TO {}", COLUMNS),
)


def _mutate_rows(rng: random.Random, session: Made) -> None:
    for _ in range(rng.choice((1, 2, 4))):
        column = rng.choice(COLUMNS)
        new = rng.choice(TIMES) if column == "created_at" else _text(rng)
        row = rng.choice((f"m{rng.randint(1, 6)}", None))
        try:
            session.execute(
                f"UPDATE central_messages SET {column} = %s WHERE id = %s OR %s IS NULL AND random() < 0.3".encode(),
                (new, row, row),
            )
        except (psycopg.Error, UnicodeError):
            # A value that no server would take is no mutation of what one holds.
            continue


def _text(rng: random.Random) -> str | None:
    given = value(rng)
    return None if given is None else rng.choice((str(given), f"<b>{SECRET}\x1b[31m", SECRET * 5_000)).replace("\0", "")


@pytest.mark.database
@pytest.mark.parametrize("layout", list(Layout), ids=lambda layout: layout.name)
def test_a_database_of_mutated_rows_or_tables_becomes_a_trace_or_is_refused(server: Server, tmp_path: Path, layout: Layout) -> None:
    refusals, cases = 0, 100
    with database_of(server, "mutated", TABLES[layout]) as (address, session):
        fill(session, layout, channel=SECRET, user=SECRET)
        for statement in LOOSE:
            session.execute(statement.encode())
        session.execute("CREATE TABLE kept AS SELECT * FROM central_messages")
        for case in range(cases):
            rng = random.Random(f"{layout.name}-{case}")
            session.execute("TRUNCATE central_messages; INSERT INTO central_messages SELECT * FROM kept")
            words, file = ["elizaos", address], tmp_path / f"{case}.csv"
            if rng.random() < 0.2:
                change, back, names = rng.choice(LAYOUTS)
                name = rng.choice(names)
                session.execute(change.format(name).encode())
                assert _checked(rng, words, file)
                session.execute(back.format(name).encode())
                refusals += 1
            else:
                _mutate_rows(rng, session)
                refusals += _checked(rng, words, file)
    assert cases // 10 < refusals < cases * 0.9, f"{refusals} of {cases} databases were refused"
