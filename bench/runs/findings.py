"""What a run found of its own measuring, in sentences for the end of the command and for `storebench show RUN`. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report.costs import recording_sentences
from bench.report.relations import is_equal
from bench.results.schema import CheckpointCell, Summary


def findings(summary: Summary) -> list[str]:
    """What recording costs, and whether checkpoints changed anything but images; nothing of what was not measured."""
    return [*recording_sentences(summary.costs), *_checkpoints(summary.checkpoints)]


def _checkpoints(cells: Sequence[CheckpointCell]) -> list[str]:
    if not cells:
        return []
    judged = [is_equal(cell) for cell in cells]
    equal, known = judged.count(True), len(judged) - judged.count(None)
    if not known:
        return ["Across a forced checkpoint: not available, this server does not show its WAL or takes no checkpoint from us."]
    plain = sum(cell.plain.wal_images or 0 for cell in cells)
    across = sum(cell.across.wal_images or 0 for cell in cells if cell.across is not None)
    told = (
        f"Across a forced checkpoint {equal} of {known} cells have the same records and the same bytes without images; images of"
        f" all cells, an operation each: {plain:,.0f} bytes without it, {across:,.0f} across it."
    )
    return [told]
