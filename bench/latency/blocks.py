"""How a session is cut into the blocks that the bootstrap draws. Pure.

A block is so many rounds, not so many seconds: two runs of a configuration have the same blocks, on any machine.
"""

from __future__ import annotations

BLOCKS_MIN = 3
"""Blocks of a session at the least, so that a run of a few sessions has enough of them to draw from."""

ROUNDS_MIN = 20
"""Rounds of a block at the least, however short the session is."""

PERFORMED = 4_500
"""Operations of a workload in a block, those of all variants together: about five seconds on two cores. Latencies wander over
seconds, and a block should be as long.
"""


def rounds_of_block(rounds: int, variants: int, performed: int = PERFORMED) -> int:
    """The rounds of a block in a session of so many rounds with so many variants.

    As many as `performed` operations take, but no more than leave `BLOCKS_MIN` blocks, and no fewer than `ROUNDS_MIN`.
    """
    return max(ROUNDS_MIN, min(performed // variants, -(-rounds // BLOCKS_MIN)))
