"""Making traffic in columns, and importing it from CSV and JSON lines."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.importing.run import Wanted, run
from bench.importing.sources import Opening, csv_file, jsonl_file
from bench.progress.telling import Teller
from tests.perf.timed import Benchmark
from workloads import catalogue
from workloads.generation.columns import blocks
from workloads.generation.spec import WorkloadSpec
from workloads.importing.times import TimeForm

ROUNDS = 3
ROWS = 20_000
COLUMNS = {"t": "at", "channel": "room", "user": "author", "text": "text", "id": "id", "reply_to": "parent"}
WORDS = ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur"]


@pytest.mark.parametrize("name", ["chat", "steady", "burst", "churn", "dm-heavy", "history-read", "fan-out:2"])
def bench_columns(benchmark: Benchmark, name: str) -> None:
    spec = catalogue.load(name)
    assert isinstance(spec, WorkloadSpec)
    small = spec.model_copy(update={"preload": 0, "messages": ROWS})
    made = benchmark.pedantic(lambda: sum(len(block) for block in blocks(small, 1)), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info |= {"operations": made}


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same chat as CSV and as JSON lines."""
    folder = tmp_path_factory.mktemp("chats")
    rng, t_s = random.Random(1), 1_480_000_000.0
    as_csv, as_json = folder / "chat.csv", folder / "chat.jsonl"
    with as_csv.open("w", encoding="utf-8") as table, as_json.open("w", encoding="utf-8") as lines:
        table.write("at,room,author,text,id,parent\n")
        for row in range(ROWS):
            t_s += rng.expovariate(0.1)
            text = " ".join(rng.choices(WORDS, k=rng.randint(1, 20)))
            room, author, parent = f"room-{rng.randrange(300)}", f"user-{rng.randrange(5_000)}", f"m{row - 1}"
            table.write(f"{t_s:.3f},{room},{author},{text},m{row},{parent}\n")
            message = {"at": round(t_s, 3), "room": room, "author": author, "text": text, "id": f"m{row}", "parent": parent}
            lines.write(json.dumps(message) + "\n")
    return as_csv, as_json


@pytest.mark.parametrize(
    "opening",
    [
        lambda chats: csv_file(chats[0], COLUMNS, TimeForm.AUTO, None, ","),
        lambda chats: jsonl_file(chats[1], COLUMNS, TimeForm.AUTO, None),
    ],
    ids=["csv", "json-lines"],
)
def bench_import(
    benchmark: Benchmark, chats: tuple[Path, Path], tmp_path: Path, opening: Callable[[tuple[Path, Path]], Opening]
) -> None:
    wanted = Wanted(tmp_path / "trace.csv.gz", replace=True, rejected_max=0, resolution_us=1)
    benchmark.pedantic(lambda: run(wanted, opening(chats), Teller()), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info |= {"rows": ROWS}
