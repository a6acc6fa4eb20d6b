"""Measures of what is written: copies of messages and of metadata, lookups, statements. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bench.claims.anatomy import (
    PER_SIDE,
    ByAgents,
    by_agents,
    comparable,
    first_contact,
    reasons_by_kind,
    rows_changed,
    shared_agents,
    statements,
    tables,
    warm_message,
)
from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Missing, Verdict, counted, decided, listed
from bench.results.schema import AnatomyCell
from bench.scenes import HEADLINE, WARM

BASELINE, ONCE = "dual", "floor"
"""What the note argues about, and the design that stores every message once."""

_CENTRAL_METADATA: dict[str, frozenset[str]] = {"dual": frozenset({"channels"}), "hybrid": frozenset()}
"""Central tables with a channel's metadata: the note's Pair 2, and none in its Phase 2."""


def twofold(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when a warm message changes twice the rows that storing it once needs, at every k."""
    design = claim.subject
    comparable(evidence, HEADLINE, design, ONCE)
    rows, once = warm_message(evidence, design, rows_changed), warm_message(evidence, ONCE, rows_changed)
    ks = shared_agents([rows, once])
    if any(once[k] == 0 for k in ks):
        raise Missing(f"rows of a message in {ONCE}")
    multiples = [rows[k] / once[k] for k in ks]
    transactions = warm_message(evidence, design, lambda cell: cell.transactions)
    sent = warm_message(evidence, design, statements)
    form = " (that is 1 + k)" if all(multiple == 1 + k for multiple, k in zip(multiples, ks, strict=True)) else ""
    twice = [k for k, multiple in zip(ks, multiples, strict=True) if multiple == 2]
    return decided(
        len(twice) == len(ks),
        f"With k = {listed(ks)} agents a warm message changes {_at(rows, ks)} rows in {design}{form}, in"
        f" {_at(transactions, ks)} transactions and {_at(sent, ks)} statements. Stored once ({ONCE}) it changes"
        f" {_at(once, ks)}. It is twofold {f'only at k = {listed(twice)}' if twice else 'at no k counted'}.",
    )


def copies_remain(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when a warm message with agents still changes more rows than storing it once needs."""
    design = claim.subject
    comparable(evidence, HEADLINE, design, ONCE, BASELINE)
    rows, once = warm_message(evidence, design, rows_changed), warm_message(evidence, ONCE, rows_changed)
    ks = shared_agents([rows, once], least=1)
    text = f"With k = {listed(ks)} agents a warm message changes {_at(rows, ks)} rows in {design}, {_at(once, ks)} in {ONCE}"
    if design != BASELINE:
        text += f", {_at(warm_message(evidence, BASELINE, rows_changed), ks)} in {BASELINE}"
    return decided(all(rows[k] > once[k] for k in ks), f"{text}.")


def translation(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when every warm message with agents takes lookups that storing it once does without."""
    return decided(*_lookups(evidence, claim.subject))


def translation_removed(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when no warm message needs a lookup beyond those of storing it once."""
    needed, text = _lookups(evidence, claim.subject)
    return decided(not needed, text)


def fewer_lookups(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when a warm message with agents needs fewer lookups than today."""
    design = claim.subject
    comparable(evidence, HEADLINE, design, BASELINE)
    reads, today = warm_message(evidence, design, _reads), warm_message(evidence, BASELINE, _reads)
    ks = shared_agents([reads, today], least=1)
    return decided(
        all(reads[k] < today[k] for k in ks),
        f"With k = {listed(ks)} agents a warm message needs {_at(reads, ks)} lookups in {design}, {_at(today, ks)} in {BASELINE}.",
    )


def metadata_in_both(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the metadata of a channel with agents stand in more than one row, one of them central."""
    design = claim.subject
    copies, central = _copies(evidence, design), _central_copies(evidence, design)
    ks = shared_agents([copies], least=1)
    return decided(
        central > 0 and all(copies[k] > central for k in ks),
        f"With k = {listed(ks)} agents a channel's metadata stand in {_at(copies, ks)} rows in {design},"
        f" {central:g} of them central.",
    )


def metadata_once(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when no channel's metadata stand in more than one row, whatever the number of agents."""
    design = claim.subject
    copies, today = _copies(evidence, design), _copies(evidence, BASELINE)
    rows, rows_today = warm_message(evidence, design, rows_changed), warm_message(evidence, BASELINE, rows_changed)
    ks = shared_agents([copies, today, rows, rows_today], least=1)
    return decided(
        all(copies[k] <= 1 for k in ks),
        f"With k = {listed(ks)} agents a channel's metadata stand in {_at(copies, ks)} rows in {design}, {_at(today, ks)} in"
        f" {BASELINE}: every agent's room holds a copy. A warm message changes {_at(rows, ks)} rows, {_at(rows_today, ks)} in"
        f" {BASELINE}.",
    )


def half_the_metadata(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when a channel's metadata stand in half as many rows as today, at every k from 1 on."""
    design = claim.subject
    copies, today = _copies(evidence, design), _copies(evidence, BASELINE)
    ks = shared_agents([copies, today], least=1)
    changes = [copies[k] / today[k] - 1 for k in ks]
    return decided(
        all(change == -0.5 for change in changes),
        f"With k = {listed(ks)} agents a channel's metadata stand in {_at(copies, ks)} rows in {design}, {_at(today, ks)} in"
        f" {BASELINE}: {listed(f'{change:+.0%}'.replace('-', '−').replace('%', ' %') for change in changes)}."
        " Bytes are not measured yet.",
    )


def lighter_central(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when there are fewer central tables, and no kind of operation changes more central rows than today."""
    design = claim.subject
    own, today = (tables(evidence, name).tables.get("central", []) for name in (design, BASELINE))
    absent = reasons_by_kind(evidence, design, BASELINE)
    pairs = [
        (rows_changed(cell, own), rows_changed(other, today))
        for cell in evidence.summary.anatomy
        for other in evidence.summary.anatomy
        if (cell.design, other.design) == (design, BASELINE)
        and (cell.atomicity, cell.kind, cell.k, cell.state) == (PER_SIDE, other.kind, other.k, other.state)
        and other.atomicity == PER_SIDE
        and cell.kind not in absent
    ]
    if not pairs:
        raise Missing(f"the rows of operations in {design} and {BASELINE}")
    fewer, more = sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)
    return decided(
        len(own) < len(today) and more == 0,
        f"{design} has {len(own)} central tables, {BASELINE} {len(today)}. Of {counted(len(pairs), 'cell')} (kind of write, k,"
        f" state) {fewer} change fewer central rows than in {BASELINE}, {more} change more.{_not_compared(absent)} Columns and"
        " bytes are not measured yet.",
    )


def same_statements(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when most kinds of operation take as many reads, writes and transactions as today ("mostly unchanged")."""
    design = claim.subject
    own, today, absent = _costs(evidence, design), _costs(evidence, BASELINE), reasons_by_kind(evidence, design, BASELINE)
    shared = sorted(key for key in own.keys() & today.keys() if key[0] not in absent)
    if not shared:
        raise Missing(f"the statements of operations in {design} and {BASELINE}")
    same = sum(own[key] == today[key] for key in shared)
    changed = sorted({kind for kind, k, state in shared if own[kind, k, state] != today[kind, k, state]})
    others = f"; the others are of {listed(changed)}" if changed else ""
    return decided(
        2 * same > len(shared),
        f"Of {counted(len(shared), 'cell')} (kind of write, k, state) {same} take as many statements and transactions in"
        f" {design} as in {BASELINE}{others}.{_not_compared(absent)} What is written inside of a statement is not compared.",
    )


def _not_compared(absent: Mapping[str, str]) -> str:
    return f" Not compared: {'; '.join(absent.values())}." if absent else ""


def _reads(cell: AnatomyCell) -> float:
    return cell.statements_read


def _at(figures: ByAgents, ks: list[int]) -> str:
    told = [f"{figures[k]:g}" for k in ks]
    return f"{told[0]} each" if len(told) > 1 and len(set(told)) == 1 else listed(told)


def _lookups(evidence: Evidence, design: str) -> tuple[bool, str]:
    """Whether warm messages with agents take more lookups than storing them once, at every k; and the figures."""
    comparable(evidence, HEADLINE, design, ONCE)
    reads, sent = warm_message(evidence, design, _reads), warm_message(evidence, design, statements)
    once = warm_message(evidence, ONCE, _reads)
    ks = shared_agents([reads, once], least=1)
    shares = [f"{100 * reads[k] / sent[k]:.0f} %" if sent[k] else "0 %" for k in ks]
    return all(reads[k] > once[k] for k in ks), (
        f"With k = {listed(ks)} agents a warm message in {design} spends {_at(reads, ks)} statements on finding agents' rows"
        f" for central ids ({listed(shares)} of its statements), {_at(once, ks)} in {ONCE}."
        " The hashing of ids in the client is not counted."
    )


def _copies(evidence: Evidence, design: str) -> ByAgents:
    """Rows that hold the metadata of one channel with k agents: the central one, if any, and the agents' rooms."""
    central = _central_copies(evidence, design)
    at_first_message = first_contact(evidence, design, _rooms_added)
    at_join = set(by_agents(evidence, design, "join_agent", WARM, _rooms_added).values())
    if len(at_join) > 1:
        raise Missing(f"the rooms that an agent's join adds in {design}: they differ with k")
    return {k: central + rooms + k * min(at_join) for k, rooms in at_first_message.items()}


def _central_copies(evidence: Evidence, design: str) -> float:
    if design not in _CENTRAL_METADATA:
        raise Missing(f"where {design} keeps a channel's metadata")
    created = by_agents(evidence, design, "create_channel", WARM, lambda cell: rows_changed(cell, _CENTRAL_METADATA[design]))
    return next(iter(created.values()))


def _rooms_added(cell: AnatomyCell) -> float:
    return float(cell.rows["rooms"].inserted) if "rooms" in cell.rows else 0.0


def _costs(evidence: Evidence, design: str) -> dict[tuple[str, int, str], tuple[float, float, float]]:
    return {
        (cell.kind, cell.k, cell.state): (cell.statements_read, cell.statements_write, cell.transactions)
        for cell in evidence.summary.anatomy
        if (cell.design, cell.atomicity) == (design, PER_SIDE)
    }
