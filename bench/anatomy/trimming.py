"""What of the anatomy goes into the summary. Pure. The rows of the trials have all of it."""

from __future__ import annotations

from collections.abc import Sequence

from bench.results.schema import AnatomyCell
from bench.scenes import HEADLINE

PER_SIDE = "per_side"


def trimmed(cells: Sequence[AnatomyCell]) -> list[AnatomyCell]:
    """The cells, of which those that the report shows by relation keep their relations: per side, a send at every k, and any other
    kind at its largest.
    """
    largest = {kind: max(cell.k for cell in cells if cell.kind == kind) for kind in {cell.kind for cell in cells}}
    return [
        cell
        if cell.atomicity == PER_SIDE and (cell.kind == HEADLINE or cell.k == largest[cell.kind])
        else cell.model_copy(update={"relations": []})
        for cell in cells
    ]
