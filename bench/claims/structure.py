"""Measures of a design's form: its tables, whether its rows can be told apart, and which ids it can hold. Pure."""

from __future__ import annotations

import re

from bench.claims.anatomy import table_names
from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Missing, Verdict, Word, counted, decided, listed
from bench.claims.writes import BASELINE
from bench.results.schema import ProofRecord

_PAIRED_CENTRAL = ("message_servers", "channels", "channel_participants", "server_agents")
"""The central halves of the note's Pairs 1 to 4."""
_MESSAGES = ("root_messages", "memories")
_PROPOSALS = ("option_a", "option_b", "hybrid")


def tables_listed(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the design has as many tables as the note counts, and the same ones."""
    design = claim.subject
    own = set(table_names(evidence, design))
    count, names = _counted_in_note(claim.quote)
    absent, extra = sorted(names - own), sorted(own - names)
    text = f"{design} has {counted(len(own), 'table')}, the note counts {count}"
    text += f"; not in the note's list: {listed(extra)}" if extra else ""
    text += f"; only in the note's list: {listed(absent)}" if absent else ""
    return decided(len(own) == count and own == names, f"{text}.")


def two_tables_fewer(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the design has exactly two tables fewer than today."""
    design = claim.subject
    own, today = table_names(evidence, design), table_names(evidence, BASELINE)
    gone, new = sorted(set(today) - set(own)), sorted(set(own) - set(today))
    return decided(
        len(own) - len(today) == -2,
        f"{BASELINE} has {counted(len(today), 'table')}, {design} {len(own)}; gone: {listed(gone)}; new: {listed(new)}.",
    )


def more_tables(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the design has more tables than each of the note's other proposals."""
    design = claim.subject
    others = [name for name in _PROPOSALS if name != design]
    counts = {name: len(table_names(evidence, name)) for name in (design, *others, BASELINE)}
    told = listed(f"{name} {count}" for name, count in counts.items())
    return decided(all(counts[design] > counts[name] for name in others), f"Tables: {told}.")


def single_schema(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when no central half of the note's four pairs of tables is left."""
    design = claim.subject
    own, today = table_names(evidence, design), table_names(evidence, BASELINE)
    left = [name for name in _PAIRED_CENTRAL if name in own]
    text = f"{design} has {counted(len(own), 'table')}, {BASELINE} {len(today)}; central halves of the note's pairs left:"
    text += f" {listed(left)}"
    messages = [name for name in _MESSAGES if name in own]
    if len(messages) > 1:
        text += f". Messages still have tables of their own on both sides: {listed(messages)}"
    return decided(not left, f"{text}.")


def told_apart(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when every central fact and every agent's fact could be read back apart from the other: the same-work proof."""
    design = claim.subject
    proofs = _proofs(evidence, design)
    green = sum(proof.holds for proof in proofs)
    differences = sum(proof.difference_count for proof in proofs)
    return decided(
        green == len(proofs),
        f"In {green} of {counted(len(proofs), 'store')} of {design} all central facts and all agents' facts were read back"
        f" apart and equal the reference model ({counted(differences, 'difference')}). Whether people find it clear is not"
        " measured.",
    )


def ids_of_any_form(evidence: Evidence, claim: Claim) -> Verdict:
    """Holds when the workload has ids that are no UUID: a uuid column needs another id in their place, text does not."""
    design = claim.subject
    counted_in = [
        (proof.gaps["id_form"], "the paired workload" if proof.trial.startswith("latency") else "scenes made for the test")
        for proof in _proofs(evidence, design)
        if proof.gaps.get("id_form")
    ]
    if not counted_in:
        raise Missing("ids that are no UUID")
    count, where = max(counted_in, key=lambda found: ("paired" in found[1], found[0]))
    return Verdict(
        Word.SUPPORTED,
        f"{count} ids of channels and members in a store of {where} are no UUID. {design}, whose key is a uuid, stores derived"
        " ones for them; text columns hold them as they are, and both pass the same-work proof.",
    )


def _proofs(evidence: Evidence, design: str) -> list[ProofRecord]:
    found = [proof for proof in evidence.summary.proofs if proof.design == design]
    if not found:
        raise Missing(f"a same-work proof of {design}")
    return found


def _counted_in_note(quote: str) -> tuple[int, set[str]]:
    match = re.fullmatch(r"(\d+) \((.+)\)", quote)
    if match is None:
        raise ValueError(f"claim {quote!r} does not read as a number and a list of tables")
    return int(match[1]), {name.strip() for name in match[2].split(",")}
