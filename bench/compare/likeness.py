"""Whether two runs did the same work, and under which circumstances each did it. Pure.

Runs of other work are not compared. Circumstances are what one compares for: they are told, and never refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.compare.side import Difference
from bench.report.validity import flattened
from bench.results.schema import DesignRecord, RunRecord, Shortfall

ANALYSIS = frozenset({"bootstrap_draws"})
"""Keys of a configuration that change what is made of the measurements, not what is measured."""

_DIGEST_SHOWN = 12
_TOLD_TWICE = frozenset({"server_version_number"})
_ABSENT = "absent"


def unlike(a: RunRecord, b: RunRecord) -> list[Difference]:
    """Everything that makes the work of two runs another one; nothing when they may be compared."""
    found = [] if a.seed == b.seed else [Difference("seed", str(a.seed), str(b.seed))]
    if is_replay(a) != is_replay(b):
        # Their configurations have other keys, so each of those would differ.
        return [Difference("kind of run", _kind(a), _kind(b)), *found]
    return [*found, *_designs(a, b), *_configuration(a, b), *_workloads(a, b)]


def is_replay(run: RunRecord) -> bool:
    """Whether the run replayed a trace."""
    return "trace" in run.configuration


def circumstances(a: RunRecord, b: RunRecord) -> list[Difference]:
    """What differs in storebench itself, in the machine, its libraries and its load, and in the server and its settings."""
    return [
        *_of("storebench", _code(a), _code(b)),
        *(difference for name in a.designs if name in b.designs for difference in _module(name, a.designs[name], b.designs[name])),
        *_of("machine", a.machine, b.machine),
        *_of("server", _without(a.server, _TOLD_TWICE), _without(b.server, _TOLD_TWICE)),
        *_of("analysis", _analysis(a), _analysis(b)),
    ]


def _kind(run: RunRecord) -> str:
    return f"replay of {run.configuration['trace']}" if is_replay(run) else "default run"


def _designs(a: RunRecord, b: RunRecord) -> Iterator[Difference]:
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
    told = ANALYSIS | {"seed", "designs"}
    return list(_of("", _without(a.configuration, told), _without(b.configuration, told)))


def _workloads(a: RunRecord, b: RunRecord) -> Iterator[Difference]:
    """The digests of workloads that both have; how many there are follows from the configuration."""
    apart = [name for name, digest in a.workloads.items() if b.workloads.get(name, digest) != digest]
    if a.workloads.keys() != b.workloads.keys():
        yield from _sets("workloads", set(a.workloads), set(b.workloads))
    for name in apart[:1]:
        more = f" (the first of {len(apart)})" if len(apart) > 1 else ""
        digests = [_short(run.workloads[name]) or "" for run in (a, b)]
        yield Difference(f"digest of workload {name}{more}", *digests)


def _code(run: RunRecord) -> dict[str, object]:
    commit = None if run.commit is None else run.commit[:_DIGEST_SHOWN]
    checkout = {True: "files differ from the commit", False: "as committed", None: None}[run.dirty]
    return {"version": run.storebench_version, "commit": commit, "checkout": checkout, "code": _short(run.code)}


def _module(name: str, a: DesignRecord, b: DesignRecord) -> Iterator[Difference]:
    told = [{"origin": design.origin, "code": _short(design.code)} for design in (a, b)]
    return _of(f"design {name}", *told)


def _short(digest: str | None) -> str | None:
    return None if digest is None else digest[:_DIGEST_SHOWN]


def _analysis(run: RunRecord) -> dict[str, object]:
    return {key: value for key, value in run.configuration.items() if key in ANALYSIS}


def _without(values: Mapping[str, object], keys: frozenset[str]) -> dict[str, object]:
    return {key: value for key, value in values.items() if key not in keys}


def _of(group: str, a: Mapping[str, object], b: Mapping[str, object]) -> Iterator[Difference]:
    of_a, of_b = dict(flattened(a)), dict(flattened(b))
    for name in dict.fromkeys((*of_a, *of_b)):
        one, other = of_a.get(name, _ABSENT), of_b.get(name, _ABSENT)
        if one != other:
            yield Difference(f"{group} {name}".strip(), one, other)
