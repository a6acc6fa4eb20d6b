"""How fast CSV and JSON lines are imported. By hand: python tests/perf/import_rate.py [ROWS]."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

from bench.importing.run import Wanted, run
from bench.importing.sources import Opening, csv_file, jsonl_file
from bench.progress.telling import Teller
from workloads.importing.times import TimeForm

COLUMNS = {"t": "at", "channel": "room", "user": "author", "text": "text", "id": "id", "reply_to": "parent"}
WORDS = ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur"]


def written(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same chat as CSV and as JSON lines."""
    rng, t_s = random.Random(1), 1_480_000_000.0
    as_csv, as_json = folder / "chat.csv", folder / "chat.jsonl"
    with as_csv.open("w", encoding="utf-8") as table, as_json.open("w", encoding="utf-8") as lines:
        table.write("at,room,author,text,id,parent\n")
        for row in range(rows):
            t_s += rng.expovariate(0.1)
            text = " ".join(rng.choices(WORDS, k=rng.randint(1, 20)))
            room, author, parent = f"room-{rng.randrange(300)}", f"user-{rng.randrange(5_000)}", f"m{row - 1}"
            table.write(f"{t_s:.3f},{room},{author},{text},m{row},{parent}\n")
            message = {"at": round(t_s, 3), "room": room, "author": author, "text": text, "id": f"m{row}", "parent": parent}
            lines.write(json.dumps(message) + "\n")
    return as_csv, as_json


def measured(what: str, opening: Opening, folder: Path, rows: int) -> None:
    """Import once and say how long it took."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    run(Wanted(folder / "trace.csv.gz", replace=True, rejected_max=0, resolution_us=1), opening, Teller())
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    sys.stdout.write(f"{what}: {rows} rows in {wall_s:.1f} s ({cpu_s:.1f} s of a CPU), {rows / wall_s:.0f} rows/s\n")


def main() -> None:
    """Write both sources and import each."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        as_csv, as_json = written(folder, rows)
        measured("CSV", csv_file(as_csv, COLUMNS, TimeForm.AUTO, None, ","), folder, rows)
        measured("JSON lines", jsonl_file(as_json, COLUMNS, TimeForm.AUTO, None), folder, rows)


if __name__ == "__main__":
    main()
