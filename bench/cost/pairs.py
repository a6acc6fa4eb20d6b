"""How the pairs of blocks of an observer are drawn together. Pure."""

from __future__ import annotations

PAIRS_A_BLOCK = 5
"""Neighbouring pairs that the bootstrap draws together."""

PAIRS_MIN = 2 * PAIRS_A_BLOCK
"""Fewer make one block, which says nothing of how others differ."""
