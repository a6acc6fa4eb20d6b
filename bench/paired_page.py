"""Writes what the paired instrument shows of itself into docs/paired.md.

`python -m bench.paired_page aa=FOLDER detectable=FOLDER standard=FOLDER coverage=FOLDER orders=RUN`, each of them optional: windows
of `storebench aa`, a folder of runs, another of runs as long as those of the profile standard, a run or windows whose noise is
simulated, a run of several instruments. What stands between two marks is written here; the rest is by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.errors import UserError
from bench.latency.variants import SAME
from bench.pages import DOCS, renew
from bench.report.agreement import order_in_words
from bench.results.folder import RunFolder
from bench.results.isolated_schema import PairOrder
from bench.results.schema import LatencyRatio
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, share

PAGE = DOCS / "paired.md"
EXPERIMENTS = 2_000


def replaced(page: str, name: str, lines: Iterable[str]) -> str:
    """The page with other lines between the marks of this name."""
    block = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end of {re.escape(name)} -->)", re.DOTALL)
    told = "\n".join(["```text", *lines, "```"])
    return block.sub(lambda found: f"{found[1]}{told}\n{found[2]}", page)


def aa_lines(path: Path) -> Iterator[str]:
    """Both tables of a folder of windows."""
    from bench.aa.run import derived  # noqa: PLC0415 - each part of the page imports what it needs
    from bench.aa.telling import lines  # noqa: PLC0415

    return lines(*derived(path))


def coverage_lines(path: Path) -> Iterator[str]:
    """The simulation with the noise of a run or of windows."""
    from bench.aa.coverage import lines, recorded, simulated  # noqa: PLC0415

    found = recorded(path)
    return lines(path, found, EXPERIMENTS, list(simulated(found, EXPERIMENTS, seed=1)))


def detectable_lines(root: Path) -> Iterator[str]:
    """What each run below a folder can detect, and every primary comparison over all of them."""
    from bench.summarise import derive  # noqa: PLC0415

    found = [(path.name, derive(RunFolder.open(path)).latency) for path in sorted(root.iterdir()) if (path / "run.json").is_file()]
    if not found:
        raise UserError(f"{root}: no runs in it: give the folder of --out")
    return told_detectable(dict(found))


def told_detectable(runs: Mapping[str, list[LatencyRatio]]) -> Iterator[str]:
    """A line for each run by its A/A pair; then every primary contrast over all runs, the A/A pair first: that is the noise of the
    primary figure itself. Runs without an A/A pair are left out.
    """
    yield f"{'run':<26}  {'A/A pair':<26}  detectable"
    by_contrast: dict[tuple[str, str], list[float]] = {}
    for name, rows in runs.items():
        primary = sorted((row for row in rows if row.primary), key=lambda row: row.family != SAME)
        if not primary or primary[0].family != SAME:
            continue
        same = primary[0]
        shown = interval_in_words(Interval(same.ratio, same.low, same.high))
        yield f"{name:<26}  {shown:<26}  {share(same.detectable)}"
        for row in primary:
            by_contrast.setdefault((row.variant, row.baseline), []).append(row.detectable)
    if not by_contrast:
        return
    yield ""
    yield f"{'detectable, over all runs':<40}  {'runs':>4}  {'median':>7}  {'largest':>7}"
    for (variant, baseline), found in by_contrast.items():
        middle, largest = share(float(np.median(found))), share(max(found))
        yield f"{f'{variant} against {baseline}':<40}  {len(found):>4}  {middle:>7}  {largest:>7}"


def order_lines(path: Path) -> Iterator[str]:
    """The order that each pair of designs has by every instrument of a run."""
    from bench.summarise import derive  # noqa: PLC0415

    return told_orders(derive(RunFolder.open(path)).orders)


def told_orders(orders: Sequence[PairOrder]) -> Iterator[str]:
    """A line for each pair, and below it one for each instrument; `~` where it does not separate the two."""
    for pair in orders:
        yield f"{pair.a} to {pair.b}: {pair.order}"
        for one in pair.by:
            yield f"  {one.instrument:<20}  {order_in_words(one)}"
        yield from (f"  {line}" for line in pair.figures)


PARTS: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "aa": aa_lines,
    "detectable": detectable_lines,
    "standard": detectable_lines,
    "coverage": coverage_lines,
    "orders": order_lines,
}


def main(arguments: list[str]) -> None:
    """Renew the parts of the page that are named."""
    for argument in arguments:
        name, _, folder = argument.partition("=")
        if name not in PARTS or not folder:
            raise UserError(f"{argument!r}: write one of {', '.join(f'{part}=FOLDER' for part in PARTS)}")
        lines = list(PARTS[name](Path(folder)))
        renew(PAGE, lambda page, name=name, lines=lines: replaced(page, name, lines))  # type: ignore[misc]
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
