"""The pages of `storebench show`: a design set for a terminal, plain where there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from bench import show
from bench.visible import visible
from variants.contract import Design, Side

_COLOURS = {"BEGIN": "cyan", "COMMIT": "cyan", "SELECT": "green", "find": "green", "INSERT": "yellow", "else": "yellow"}
_OTHERS = {"UPDATE": "yellow", "DELETE": "red", "WITH": "yellow", "refused:": "red"}


def shown(design: Design) -> Iterator[Text]:
    """The lines of a design: tables by side, writes, reads, gaps and defects."""
    for side in Side:
        yield _heading(f"tables of the {side} side")
        for table in show.tables(design, side):
            yield from _table(table)
    yield _heading(f"writes, {show.AGENTS} agents in the channel")
    yield Text("| marks statements that do not wait for each other; -> rows: the task goes on with them", style="dim")
    yield Text(
        "counts are of the first sequence: a look finds what the operations before stored; else is sent when it does not",
        style="dim",
    )
    for sequence in show.writes(design):
        yield from _sequence(sequence)
    yield _heading("reads")
    for sequence in show.reads(design):
        yield from _sequence(sequence)
    for what, items in (("gaps", design.gaps()), ("defects", design.defects())):
        yield _heading(what)
        for kind, reason, citation in show.declared(items):
            yield _line(2, (kind, "bold"), (f": {reason}", ""), (f" ({citation})", "dim"))
        if not items:
            yield _line(2, ("none", "dim"))


def _heading(words: str) -> Text:
    return Text(f"\n{words}", style="bold underline")


def _line(indent: int, *parts: tuple[str, str]) -> Text:
    return Text.assemble(" " * indent, *((visible(text), style) for text, style in parts))


def _table(table: show.TableLines) -> Iterator[Text]:
    yield _line(2, (table.name, "bold"))
    names = max((len(name) for name, _, _ in table.columns), default=0)
    kinds = max((len(kind) for _, kind, _ in table.columns), default=0)
    for name, kind, notes in table.columns:
        yield _line(4, (f"{name:<{names}}  ", ""), (f"{kind:<{kinds}}  ", "dim"), (notes, "cyan"))
    for index in table.indexes:
        yield _line(4, (index, "dim"))


def _sequence(sequence: show.Told) -> Iterator[Text]:
    counts = f"{_many(sequence.statements, 'statement')}, {_many(sequence.transactions, 'transaction')}"
    yield _line(2, (sequence.title, "bold"), (f"  {counts}", "dim"))
    for heading, parts in sequence.ways:
        if len(sequence.ways) > 1:
            yield _line(4, (f"{heading}:", "italic"))
        yield from _parts(parts)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _parts(parts: Sequence[show.Part]) -> Iterator[Text]:
    for part in parts:
        if part.actor:
            yield _line(4, (f"each of {part.times} agents" if part.times > 1 else part.actor, "magenta"))
        for line in part.lines:
            word = line.lstrip(" |").partition(" ")[0]
            yield _line(6, (line, (_COLOURS | _OTHERS).get(word, "")))
