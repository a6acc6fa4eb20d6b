"""A ranking as Markdown for a pull request. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bench.ranking import words
from bench.ranking.ranking import Order, Ranking
from bench.ranking.ratios import MEASURES
from bench.report.markdown import as_code, as_markdown
from bench.report.markdown_table import table

_TITLES = (
    (Order.SAME, "The same order in both runs"),
    (Order.NOT_SEPARATED, "Not separated by both runs"),
    (Order.TOO_FEW, "Too few pairs in a run"),
)


def markdown(found: Ranking) -> str:
    """The whole ranking: inversions first, the count in the last line."""
    return "\n\n".join((_heading(found), *_tables(found), f"**{as_markdown(words.count(found))}.**")) + "\n"


def _heading(found: Ranking) -> str:
    lines = [
        f"# Ranking of designs: {as_code(found.synthetic.name)} and {as_code(found.replay.name)}",
        "",
        f"- **Synthetic**: {as_code(found.synthetic.name)}, {as_markdown(words.made_of(found.synthetic))}.",
        f"- **Replay**: {as_code(found.replay.name)}, {as_markdown(words.made_of(found.replay))}.",
        *(f"- {as_markdown(words.by_measure(found, measure))}." for measure in MEASURES),
        *(f"- **Left out**: {as_markdown(line)}." for line in words.left_out(found)),
        *(f"- **Caution**: {as_markdown(line)}." for line in words.cautions(found)),
    ]
    return "\n".join(lines)


def _tables(found: Ranking) -> Iterator[str]:
    inverted = list(table("Inverted", words.HEADING, map(words.cells, found.of(Order.INVERTED))))
    yield from inverted or ["## Inverted\n\nNone."]
    for order, title in _TITLES:
        yield from table(title, words.HEADING, map(words.cells, found.of(order)))
    numbers = range(1, len(words.FIGURES))
    yield from table("What each design cost", words.FIGURES, words.figures_of(found), numbers, folded=True)
