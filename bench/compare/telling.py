"""A comparison as Markdown for a pull request: what differs in a few lines, then tables of what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bench.compare.comparison import Comparison
from bench.compare.counts import WAL_BYTES_BOUND, Changed, Counts
from bench.compare.figures import Value
from bench.compare.latency import Latencies, MedianChange, RatioChange
from bench.compare.side import Difference
from bench.report.grid import figure
from bench.report.markdown import as_code, as_markdown
from bench.report.markdown_table import ROWS_OPEN, counted, table
from bench.stats.words import interval_in_words, milliseconds, percent_change

SAME = "~"
"""Stands for a difference that may be none."""

_RATIO = ("of", "family", "kind", "variant", "baseline", "in A [95 %]", "in B [95 %]", "B to A [95 %]")
_MEDIAN = ("of", "kind", "variant", "A", "B", "change", "sessions")


def markdown(found: Comparison) -> str:
    """The whole comparison; when both sides are one run, a single line."""
    if found.is_same_run:
        return f"{_same_run(found)}\n"
    parts = [_heading(found), *_around(found), *_counted(found.counts), *_latencies(found.latencies), *_claims(found)]
    return "\n\n".join(parts) + "\n"


def _same_run(found: Comparison) -> str:
    counts, ratios, verdicts = found.counts, len(found.latencies.rows), found.claims_compared
    return (
        f"{_name(found.a)} and {_name(found.b)} are the same run: {figure(counts.equal)} of {figure(counts.compared)} counts are"
        f" equal, {ratios - len(found.latencies.told)} of {ratios} latency ratios are {as_markdown(SAME)}, and"
        f" {verdicts - len(found.claims)} of {verdicts} verdicts are the same."
    )


def _heading(found: Comparison) -> str:
    counts, ratios = found.counts, found.latencies
    lines = [
        f"# {_name(found.b)} against {_name(found.a)}",
        "",
        f"A is {_name(found.a)}, B is {_name(found.b)}. Both did the same work: seed {found.seed}, {_many(found.designs)}.",
        "",
        f"- **Counts**: equal: {figure(counts.equal)} of {figure(counts.compared)}.{_wal(counts)}",
        f"- **Latency**: {_told(ratios)}",
        f"- **Claims**: {_verdicts(found)}",
        f"- **Around**: {counted(len(found.circumstances), 'circumstance differs', 'circumstances differ')}.",
    ]
    busy = [f"{side} ({load})" for side, load in (("A", found.busy_a), ("B", found.busy_b)) if load is not None]
    if busy:
        lines.append(f"- **Caution**: begun on a machine that was busy with something else: {as_markdown(', '.join(busy))}.")
    lines += [f"- **Missing in {side}**: {_list(trials)}." for side, trials in _each(found.missing_a, found.missing_b)]
    lines += [f"- **Stopped early in {side}**: {_list(trials)}." for side, trials in _each(found.stopped_a, found.stopped_b)]
    lines += [
        f"- **Not compared**: {as_markdown(cut.what)} ended after {cut.a} operations in A and {cut.b} in B." for cut in counts.cut
    ]
    lines += [f"- **Only in {side}**: {_parts(parts)}." for side, parts in (("A", counts.only_a), ("B", counts.only_b)) if parts]
    unmeasured = (("A", counts.unmeasured_a), ("B", counts.unmeasured_b))
    lines += [f"- **Not measured in {side}**: {_parts(figures)}." for side, figures in unmeasured if figures]
    lines += [f"- **Data enough in {side} alone**: {_list(names)}." for side, names in _each(ratios.only_a, ratios.only_b)]
    return "\n".join(lines)


def _each(a: Sequence[str], b: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """The sides that have something to tell."""
    return [(side, items) for side, items in (("A", a), ("B", b)) if items]


def _wal(counts: Counts) -> str:
    if not counts.wal_bytes_compared:
        return ""
    within = counts.wal_bytes_compared - len(counts.wal_bytes_changed)
    return (
        f" Bytes of WAL differ by at most {WAL_BYTES_BOUND:.0%}, as in equal runs, in {figure(within)} of"
        f" {figure(counts.wal_bytes_compared)}."
    ).replace("%", " %")


def _told(found: Latencies) -> str:
    if not found.rows:
        return "the runs have no ratio in common."
    unknown = [row for row in found.rows if row.interval is None]
    told = f"{len(found.told)} of {len(found.rows)} ratios to a baseline changed"
    if found.smallest is not None and found.smallest < 2:
        told += f"; half of them could have told a change of {percent_change(found.smallest).removeprefix('+')}"
    elif found.smallest is not None:
        told += "; half of them could not even have told that something costs twice as much: the runs have too few sessions"
    if unknown:
        told += f"; {len(unknown)} have no verdict, since a run has one session"
    return f"{told}."


def _verdicts(found: Comparison) -> str:
    if not found.claims:
        return f"all {found.claims_compared} verdicts are the same."
    return f"{len(found.claims)} of {found.claims_compared} verdicts changed."


def _around(found: Comparison) -> Iterator[str]:
    yield from table("What differs around the runs", ("", "A", "B"), _differences(found.circumstances))


def _counted(counts: Counts) -> Iterator[str]:
    by_part: dict[str, list[Changed]] = {}
    for changed in (*counts.changed, *counts.wal_bytes_changed):
        by_part.setdefault(changed.name.part, []).append(changed)
    heading = ("of", "what", "A", "B", "difference")
    for part, rows in by_part.items():
        yield from table(f"Counts that changed: {part}", heading, map(_changed, rows), numbers=(2, 3, 4))


def _latencies(found: Latencies) -> Iterator[str]:
    yield from table("Ratios that changed", _RATIO, map(_ratio, found.told))
    rest = found.largest_first([row for row in found.rows if not row.told])
    yield from table(f"Ratios that did not change ({SAME})", _RATIO, map(_ratio, rest), folded=True)
    yield from table("A/A pairs: the same design twice in each run", _RATIO, map(_ratio, found.same), folded=True)
    yield from table("Absolute medians, not paired", _MEDIAN, map(_median, found.medians), (3, 4, 5), folded=True)
    if found.medians:
        yield _apart(found)


def _apart(found: Latencies) -> str:
    sessions = ", ".join(f"{part}: {a} and {b} sessions" for part, (a, b) in found.sessions.items() if a and b)
    apart = sum(row.apart for row in found.medians)
    return (
        f"Absolute medians are of another time, and machines drift: {apart} of {len(found.medians)} are apart by the ranks of their"
        f" sessions ({sessions}). For so many rows that takes {found.needed} sessions in each run, and even then it says that the"
        f" runs differ, not why."
    )


def _claims(found: Comparison) -> Iterator[str]:
    yield from table("Claims with another verdict", ("claim", "A", "B"), _differences(found.claims))


def _ratio(row: RatioChange) -> tuple[str, ...]:
    change = "one session: no interval" if row.interval is None else interval_in_words(row.interval)
    of = (row.part, row.family, row.kind, row.variant, row.baseline)
    return (*of, interval_in_words(row.a), interval_in_words(row.b), change if row.told else f"{SAME} {change}")


def _median(row: MedianChange) -> tuple[str, ...]:
    change = percent_change(row.b_ns / row.a_ns) if row.a_ns else ""
    return (row.part, row.kind, row.variant, milliseconds(row.a_ns), milliseconds(row.b_ns), change, "apart" if row.apart else "")


def _changed(row: Changed) -> tuple[str, ...]:
    return (row.name.of, row.name.figure, _value(row.a), _value(row.b), _difference(row.a, row.b))


def _value(value: Value) -> str:
    return value if isinstance(value, str) else figure(value)


def _difference(a: Value, b: Value) -> str:
    if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        return "other"
    absolute = f"{'+' if b > a else '−'}{figure(abs(b - a))}"
    return f"{absolute} ({percent_change(b / a)})" if a > 0 and b > 0 else absolute


def _differences(rows: Iterable[Difference]) -> Iterator[tuple[str, ...]]:
    return ((row.what, row.a, row.b) for row in rows)


def _name(name: str) -> str:
    return as_code(name)


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(as_markdown(name) for name in names[:ROWS_OPEN])
    return shown if len(names) <= ROWS_OPEN else f"{shown} and {len(names) - ROWS_OPEN} more"


def _parts(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{as_markdown(part)} ({figure(count)})" for part, count in parts.items())


def _many(designs: Sequence[str]) -> str:
    return counted(len(designs), "design", "designs") + f" ({_list(designs)})"
