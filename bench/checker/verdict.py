"""What is known of each invariant of a design in a cell: the verdict, and on what it stands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bench.checker.catalogue import INVARIANTS, LINKS, SESSIONS, Invariant
from bench.checker.grounds import Ground, grounds
from bench.checker.rows import Session
from bench.faults.cells import Cell
from bench.results.faults_schema import SweepRecord, SweepRow, VerdictRecord
from variants.contract import Design

HELD, VIOLATED, VACUOUS, NOT_CHECKED = "held", "violated", "vacuous", "not checked"


def verdicts(
    design: Design,
    cell: Cell,
    rows: Sequence[SweepRow],
    sessions: Sequence[Session] | None = None,
    sweeps: Iterable[SweepRecord] = (),
) -> list[VerdictRecord]:
    """The verdicts of one design in one cell by these exposures of its sweeps; a schedule that ran in two lanes counts once.

    What broke is `violated` whatever speaks against it. What did not is `by construction` or `by constraint` where the contract
    shows why, else `held` over the exposures that could have broken it; `vacuous` where there was none. `sessions` are
    those that were left open when all of them were over, None where nobody looked. `sweeps` are those of the rows: where ids are
    linked, their second looks are what counts.
    """
    exposures = _one_each(row for row in rows if row.happened)
    reasons = grounds(design, same_ids=not cell.is_fresh)
    looked_at = sum(sweep.links_looked_at for sweep in sweeps if sweep.kind in INVARIANTS["I11"].broken_by)
    links = looked_at if "id_map" in design.views() else None
    return [
        _of_sessions(design.name, cell.name, exposures, sessions)
        if invariant.needs == SESSIONS and sessions is not None
        else _verdict(design.name, cell.name, invariant, exposures, reasons, links)
        for invariant in INVARIANTS.values()
    ]


def _of_sessions(design: str, cell: str, rows: Sequence[SweepRow], sessions: Sequence[Session]) -> VerdictRecord:
    """I20: every exposure had its end, or there would be no row of it; what is left open belongs to none of them."""
    states = Counter(session.state for session in sessions)
    return VerdictRecord(
        design=design,
        cell=cell,
        invariant="I20",
        verdict=VIOLATED if sessions else HELD if rows else VACUOUS,
        why="; ".join(f"{count} {state}" for state, count in sorted(states.items())) or f"0 of {len(rows)}",
        exposures=len(rows),
        keys=len(sessions),
        directions={"stuck": len(sessions)} if sessions else {},
    )


def _one_each(rows: Iterable[SweepRow]) -> list[SweepRow]:
    """Each schedule once, with what any lane saw broken."""
    found: dict[str, SweepRow] = {}
    for row in rows:
        known = found.get(row.schedule)
        if known is None:
            found[row.schedule] = row
        elif set(row.violations) - set(known.violations):
            seen = {"violations": sorted({*known.violations, *row.violations}), "broken": sorted({*known.broken, *row.broken})}
            found[row.schedule] = known.model_copy(update=seen)
    return list(found.values())


def _verdict(
    design: str,
    cell: str,
    invariant: Invariant,
    rows: Sequence[SweepRow],
    reasons: Mapping[str, Ground],
    links: int | None,
) -> VerdictRecord:
    broke = sorted((row for row in rows if invariant.name in row.violations), key=_shortest_first)
    exposed = sum(_may_break(invariant, row) for row in rows) if invariant.needs != LINKS else links or 0
    directions = Counter(direction for row in broke for direction in _directions(invariant, row))
    verdict, why = _told(invariant, broke, exposed, reasons, links)
    return VerdictRecord(
        design=design,
        cell=cell,
        invariant=invariant.name,
        verdict=verdict,
        why=why,
        exposures=0 if verdict in {VACUOUS, NOT_CHECKED} else exposed,
        violated=len(broke),
        keys=sum(directions.values()),
        keys_at_most=max((len(_directions(invariant, row)) for row in broke), default=0),
        directions=dict(sorted(directions.items())),
        hit_at_most=_hit_at_most(broke),
        silent=sum(row.told == "ok" for row in broke),
        schedule=broke[0].schedule if broke else None,
    )


def _told(
    invariant: Invariant,
    broke: Sequence[SweepRow],
    exposed: int,
    reasons: Mapping[str, Ground],
    links: int | None,
) -> tuple[str, str]:
    if broke:
        told = Counter(row.told for row in broke)
        return VIOLATED, "; ".join(f"told {end} in {count}" for end, count in sorted(told.items()))
    if invariant.name in reasons:
        ground = reasons[invariant.name]
        return ground.kind, ground.why
    if invariant.needs == LINKS and links is None:
        return VACUOUS, "the design has no second id space"
    if invariant.needs and not (invariant.needs == LINKS and links):
        return NOT_CHECKED, f"it needs {invariant.needs}"
    if not exposed:
        return VACUOUS, f"no exposure of {_told_of_exposures(invariant)}"
    return HELD, f"0 of {exposed}"


def _may_break(invariant: Invariant, row: SweepRow) -> bool:
    """Whether an exposure could break it: something that it speaks of was there."""
    is_acknowledged = row.told == "ok" or not invariant.of_acknowledged
    return row.kind in invariant.broken_by and is_acknowledged and (row.k > 0 or not invariant.of_agents)


def _told_of_exposures(invariant: Invariant) -> str:
    kinds = " or ".join(sorted(invariant.broken_by))
    return kinds + (" that was told ok" if invariant.of_acknowledged else "") + (" with an agent" if invariant.of_agents else "")


def _directions(invariant: Invariant, row: SweepRow) -> list[str]:
    """Which way each key of the invariant is broken in an exposure."""
    return [direction for name, _, direction in (one.partition(" ") for one in row.broken) if name == invariant.name]


def _hit_at_most(broke: Sequence[SweepRow]) -> dict[str, int]:
    """The most messages, channels, agents and users that one of these exposures hits; what none hits is left out."""
    most = {
        "messages": max((row.hit_messages for row in broke), default=0),
        "channels": max((row.hit_channels for row in broke), default=0),
        "agents": max((row.hit_agents for row in broke), default=0),
        "users": max((row.hit_users for row in broke), default=0),
    }
    return {what: count for what, count in most.items() if count}


def _shortest_first(row: SweepRow) -> tuple[int, int, int, int, str]:
    """The fewest faults, the fewest agents, the earliest."""
    return (row.faults, row.k, row.attempt, row.message, row.schedule)
