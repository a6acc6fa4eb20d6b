"""Mutated traces, plain and packed: read up to the digest of their workload, or refused in one line with the place."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from bench.visible import visible
from tests.fuzz.mutations import FLOATS, INTEGERS, TEXTS, blind
from workloads.agent_rule import AgentRule
from workloads.errors import InputError
from workloads.replay import replay
from workloads.trace import Window, read_trace
from workloads.workload import digest

HEADER = ["t", "ch", "u", "bytes", "reply_to", "bot", "note"]
WINDOWS = (None, None, Window(0, 30), Window(-5, 1e9), Window(1e6, 1))


def _rows(rng: random.Random) -> list[list[str]]:
    rows, t_s = [], 0.0
    for row in range(rng.randint(1, 40)):
        t_s += rng.choice((0, 0.25, 1, 60))
        answered = str(rng.randrange(row)) if row and rng.random() < 0.3 else ""
        rows.append([f"{t_s:g}", "0", str(rng.randrange(4)), str(rng.randrange(300)), answered, str(int(rng.random() < 0.1)), "x"])
    return rows


def _structured(rng: random.Random) -> bytes:
    table = [list(HEADER), *_rows(rng)]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        row = rng.choice(table)
        place = rng.randrange(len(row))
        match rng.randrange(6):
            case 0:
                del row[place]
            case 1:
                row.insert(place, rng.choice(HEADER))
            case 2:
                table.remove(row)
            case 3:
                table.insert(rng.randint(0, len(table)), list(row))
            case _:
                row[place] = str(rng.choice((*INTEGERS, *FLOATS, *TEXTS, "", "1", "0", '"', '"1\n2"', "\u0663")))
        if not table or not any(table):
            break
    end = rng.choice(("\n", "\r\n", "\r"))
    text = end.join(",".join(row) for row in table) + rng.choice(("", end))
    return rng.choice((b"", b"\xef\xbb\xbf")) + text.encode("utf-8", "surrogatepass")


def _mutated(rng: random.Random) -> bytes:
    data = _structured(rng)
    if rng.random() < 0.25:
        data = blind(rng, data)
    if rng.random() < 0.4:
        data = gzip.compress(data, mtime=0)
        if rng.random() < 0.4:
            data = blind(rng, data)
    return data


def _fuzz(cases: int, seed: int, path: Path) -> None:
    refusals = 0
    for case in range(cases):
        rng = random.Random(f"{seed}-{case}")
        path.write_bytes(_mutated(rng))
        try:
            trace = read_trace(path, rng.choice(WINDOWS))
            assert digest(replay(trace, AgentRule.parse("1,top1:2"), 0.5, case))
        except InputError as refusal:
            refusals += 1
            told = visible(str(refusal))
            assert told.startswith(str(path))
            assert "line " in told or "window" in told, told
            assert len(told) < 600
            assert told.isprintable()
    assert cases // 4 < refusals < cases * 0.9, f"{refusals} of {cases} traces were refused"


def test_a_mutated_trace_is_read_or_refused_in_one_line(tmp_path: Path) -> None:
    _fuzz(400, 1, tmp_path / "mutated.csv")


@pytest.mark.full
def test_thousands_of_mutated_traces_are_read_or_refused_in_one_line(tmp_path: Path) -> None:
    _fuzz(4_000, 2, tmp_path / "mutated.csv")
