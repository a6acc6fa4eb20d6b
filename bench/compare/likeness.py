"""Whether two runs did the same work, and under which circumstances each did it. Pure.

Runs of other work are not compared. Circumstances are what one compares for: they are told, and never refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.compare.side import Difference
from bench.report.validity import flattened
from bench.results.run_record import RunRecord
from bench.results.schema import DesignRecord, Shortfall

BESIDE_WORK = frozenset({"bootstrap_draws", "latency_session_s", "reads_session_s"})
"""Keys of a configuration that change no work: what is made of the measurements, and limits that are told when they strike."""

_DIGEST_SHOWN = 12
_TOLD_TWICE = frozenset({"server_version_number"})
_ABSENT = "absent"


def unlike(a: RunRecord, b: RunRecord) -> list[Difference]:
    """Everything that makes the work of two runs another one; nothing when they may be compared."""
    found = [] if a.seed == b.seed else [Difference("seed", str(a.seed), str(b.seed))]
    if is_replay(a) != is_replay(b):
        # Their configurations have other keys, so each of those would differ.
        return [Difference("kind of run", _kind(a), _kind(b)), *found]
    return [*found, *designs_apart(a, b), *_configuration(a, b), *_workloads(a, b)]


def is_replay(run: RunRecord) -> bool:
    """Whether the run replayed a trace."""
    return "trace" in run.configuration


def circumstances(a: RunRecord, b: RunRecord) -> list[Difference]:
    """What differs in storebench itself, in the machine, its libraries and its load, and in the server and its settings."""
    return [
        *differing("storebench", _code(a), _code(b)),
        *(difference for name in a.designs if name in b.designs for difference in _module(name, a.designs[name], b.designs[name])),
        *differing("machine", a.machine, b.machine),
        *differing("server", _without(a.server, _TOLD_TWICE), _without(b.server, _TOLD_TWICE)),
        *differing("configuration", _beside(a), _beside(b)),
    ]


def _kind(run: RunRecord) -> str:
    return f"replay of {run.configuration['trace']}" if is_replay(run) else "default run"


def designs_apart(a: RunRecord, b: RunRecord) -> Iterator[Difference]:
    """Designs that one run alone has, and those that have other tables, gaps or defects in the other one."""
    only_a, only_b = ([name for name in one.designs if name not in other.designs] for one, other in ((a, b), (b, a)))
    if only_a or only_b:
        yield Difference("designs of one run alone", ", ".join(only_a) or "none", ", ".join(only_b) or "none")
    for name in a.designs:
        if name not in b.designs:
            continue
        one, other = a.designs[name], b.designs[name]
        tables = [{f"{side}.{table}" for side, names in design.tables.items() for table in names} for design in (one, other)]
        yield from _sets(f"tables of {name}", *tables)
        yield from _sets(f"gaps of {name}", _kinds(one.gaps), _kinds(other.gaps))
        yield from _sets(f"defects of {name}", _kinds(one.defects), _kinds(other.defects))


def _kinds(declared: list[Shortfall]) -> set[str]:
    return {one.kind for one in declared}


def _sets(what: str, a: set[str], b: set[str]) -> Iterator[Difference]:
    if a != b:
        yield Difference(what, ", ".join(sorted(a - b)) or "no others", ", ".join(sorted(b - a)) or "no others")


def _configuration(a: RunRecord, b: RunRecord) -> list[Difference]:
    # Seed and designs are told by what they lead to.
    told = BESIDE_WORK | {"seed", "designs"}
    return list(differing("", _without(a.configuration, told), _without(b.configuration, told)))


def _workloads(a: RunRecord, b: RunRecord) -> Iterator[Difference]:
    """The digests of workloads by their places."""
    digests_a, digests_b = list(a.workloads.values()), list(b.workloads.values())
    if len(digests_a) != len(digests_b):
        yield Difference("workloads", str(len(digests_a)), str(len(digests_b)))
    apart = [place for place, pair in enumerate(zip(digests_a, digests_b, strict=False)) if pair[0] != pair[1]]
    for place in apart[:1]:
        more = f" (the first of {len(apart)})" if len(apart) > 1 else ""
        yield Difference(f"digest of workload {place}{more}", digests_a[place][:_DIGEST_SHOWN], digests_b[place][:_DIGEST_SHOWN])


def busy(run: RunRecord) -> str | None:
    """The load that the machine had when the run began, in words, when that was as much as it has CPUs; else None."""
    load, cpus = run.machine.get("load_average_1min"), run.machine.get("cpus_usable")
    if not isinstance(load, (int, float)) or not isinstance(cpus, int) or load < cpus:
        return None
    return f"load {load} on {cpus} CPUs"


def _code(run: RunRecord) -> dict[str, object]:
    commit = None if run.commit is None else run.commit[:_DIGEST_SHOWN]
    checkout = {True: "files differ from the commit", False: "as committed", None: None}[run.dirty]
    return {"version": run.storebench_version, "commit": commit, "checkout": checkout, "code": _short(run.code)}


def _module(name: str, a: DesignRecord, b: DesignRecord) -> Iterator[Difference]:
    told = [{"origin": design.origin, "code": _short(design.code)} for design in (a, b)]
    return differing(f"design {name}", *told)


def _short(digest: str | None) -> str | None:
    return None if digest is None else digest[:_DIGEST_SHOWN]


def _beside(run: RunRecord) -> dict[str, object]:
    return {key: value for key, value in run.configuration.items() if key in BESIDE_WORK}


def _without(values: Mapping[str, object], keys: frozenset[str]) -> dict[str, object]:
    return {key: value for key, value in values.items() if key not in keys}


def differing(group: str, a: Mapping[str, object], b: Mapping[str, object]) -> Iterator[Difference]:
    """Each value that differs, a nested one by its path; one that only one of them has is told as absent in the other."""
    of_a, of_b = dict(flattened(a)), dict(flattened(b))
    for name in dict.fromkeys((*of_a, *of_b)):
        one, other = of_a.get(name, _ABSENT), of_b.get(name, _ABSENT)
        if one != other:
            yield Difference(f"{group} {name}".strip(), one, other)
