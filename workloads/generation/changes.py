"""Edits and deletions of people's messages. Pure.

Which messages are deleted is known from their fate (`workloads.generation.fate`), and none of those is ever edited: so no change
needs to remember another one.
"""

from __future__ import annotations

import numpy as np

from workloads.generation.draws import Draws, lengths, log_normals, uniforms
from workloads.generation.fate import KEPT, LATE, SOON, Fates
from workloads.generation.pending import DELETE as DELETING
from workloads.generation.pending import EDIT as EDITING
from workloads.generation.pending import US_PER_S, Pending
from workloads.generation.room import Room
from workloads.generation.rows import DELETE, EDIT, Row
from workloads.generation.spec import WorkloadSpec

RECENT = 20
LOOKED_THROUGH = 4096


class Changes:
    """The changes of a world; those that will come wait in `pending`."""

    def __init__(self, spec: WorkloadSpec, seed: int, draws: Draws, pending: Pending) -> None:
        edits, deletes, lengths_of_edits = draws.changes.spawn(3)
        self._pending = pending
        self._recent_share = spec.recent_share
        self._edit_share = spec.edit_share
        self._late_share = spec.delete_share * (1 - spec.recent_share)
        self._fates = Fates(seed, spec.delete_share, spec.recent_share)
        self._edit_chance, self._delete_chance = uniforms(edits), uniforms(deletes)
        self._edit_delay_s = log_normals(edits.spawn(1)[0], spec.edit_delay_median_s, spec.edit_delay_sigma)
        self._delete_delay_s = log_normals(deletes.spawn(1)[0], spec.delete_delay_median_s, spec.delete_delay_sigma)
        self._length = lengths(lengths_of_edits, spec.text_parts, spec.text_bytes_max)

    def after(self, room: Room, due_us: int, sequence: int, fate: int, rows: list[Row]) -> None:
        """What a message brings about: its own deletion, that of an old one, or an edit."""
        if self._edit_share and self._edit_chance() < self._edit_share:
            self._pending.add(due_us + int(self._edit_delay_s() * US_PER_S), EDITING, room)
        if fate == SOON:
            self._pending.add(due_us + int(self._delete_delay_s() * US_PER_S), DELETING, room, sequence)
        if self._late_share and self._delete_chance() < self._late_share:
            old = self._newest(LATE, room, 1 + int(self._delete_chance() * sequence), LOOKED_THROUGH)
            if old:
                self.delete(room, due_us, old, rows)

    def edit(self, room: Room, due_us: int, rows: list[Row]) -> None:
        """One of the channel's messages gets another text; none does when all that were looked at will be deleted."""
        chance, messages = self._edit_chance, room.messages
        among = min(messages, RECENT) if chance() < self._recent_share else messages
        sequence = self._newest(KEPT, room, messages - int(chance() * among), RECENT)
        if sequence:
            room.edits += 1
            rows.append((EDIT, room.clock(due_us), room.number, 0, room.edits, sequence, self._length()))

    def delete(self, room: Room, due_us: int, sequence: int, rows: list[Row]) -> None:
        """A message is removed."""
        rows.append((DELETE, room.clock(due_us), room.number, 0, 0, sequence, 0))

    def _newest(self, fate: int, room: Room, sequence: int, looked_through: int) -> int:
        """The newest message of a fate from this one on backwards, not further than so many; 0 when there is none."""
        if self._fates.one(room.number, sequence) == fate:
            return sequence
        sequences = np.arange(sequence, max(0, sequence - looked_through), -1)
        found = np.flatnonzero(self._fates.of(np.full(len(sequences), room.number), sequences) == fate)
        return int(sequences[found[0]]) if len(found) else 0
