"""From recorded messages to scripts of pgbench: what varies is fetched by one select an iteration, the rest is given once. Pure.

An iteration of a script sends a few messages of its client. Values that are the same in all iterations are constants; values that
are always equal to each other are fetched once. Where messages differ in their statements, the script chooses which to send.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.drive.flights import Command
from bench.pgbench.recording import Message
from bench.pgbench.text import NotReplayable, script_sql, value_text

TABLE = "replay_parameters"
NULL = "nothing"
"""A variable that is never set: pgbench sends NULL for it."""

COLUMNS_MAX, SHAPES_MAX = 1_500, 16

Text = str | None
Row = tuple[Text, ...]
Place = tuple[int, int, int]
"""A parameter: which message of the iteration, which of the shapes, which of the parameters that are not NULL."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What two messages must share to be sent by the same lines: statements, flights, and which parameters are NULL."""

    flights: tuple[tuple[tuple[str, tuple[bool, ...], bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Scripts:
    """Both scripts of a design, for iterations of `messages` messages.

    `rows` has, by client, what is fetched in each iteration, in the order of `columns`; `constants` are variables with one value.
    """

    messages: int
    plain: str
    pipelined: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Row, ...], ...]
    constants: Mapping[str, str]

    @property
    def select(self) -> str:
        """What fetches the parameters of an iteration, but for which one."""
        return _select(self.columns)


def scripts(clients: Sequence[Sequence[Message]], messages: int) -> Scripts:
    """The scripts for what these clients sent; what does not fill an iteration is left out. Raises `NotReplayable`."""
    shapes: dict[Shape, int] = {}
    iterations: list[list[dict[Place, Text]]] = []
    chosen: list[list[tuple[int, ...]]] = []
    for sent in clients:
        found, by_slot = [], []
        for start in range(0, len(sent) - messages + 1, messages):
            values: dict[Place, Text] = {}
            picked = []
            for slot, message in enumerate(sent[start : start + messages]):
                number = shapes.setdefault(_shape(message), len(shapes))
                picked.append(number)
                values |= {(slot, number, place): text for place, text in enumerate(_values(message))}
            found.append(values)
            by_slot.append(tuple(picked))
        iterations.append(found)
        chosen.append(by_slot)
    if len(shapes) > SHAPES_MAX:
        raise NotReplayable(f"messages have more than {SHAPES_MAX} sequences of statements: a script would be one of each")
    everything = [values for found in iterations for values in found]
    names, constants, columns = _variables(everything)
    by_shape = len(shapes) > 1
    rows = tuple(
        tuple(
            (*(str(number) for number in picked), *_fetched(values, columns)) if by_shape else _fetched(values, columns)
            for values, picked in zip(found, by_slot, strict=True)
        )
        for found, by_slot in zip(iterations, chosen, strict=True)
    )
    slots = tuple(_chooser(slot) for slot in range(messages)) if by_shape else ()
    all_columns = (*slots, *(column for column, _ in columns)) or ("n",)
    if len(all_columns) > COLUMNS_MAX:
        raise NotReplayable(f"an iteration has {len(all_columns)} varying parameters: at most {COLUMNS_MAX} can be fetched")
    if not slots and not columns:
        rows = tuple(tuple((str(n),) for n in range(len(found))) for found in iterations)
    head = [_select(all_columns) + " WHERE client = :client_id AND n = :i \\gset", "\\set i :i + 1"]
    seen = {(slot, number) for by_slot in chosen for picked in by_slot for slot, number in enumerate(picked)}
    bodies = [
        [line for slot in range(messages) for line in _slot(list(shapes), slot, names, seen, pipelined=pipelined)]
        for pipelined in (False, True)
    ]
    plain, pipelined_script = ("\n".join([*head, *body, ""]) for body in bodies)
    return Scripts(messages, plain, pipelined_script, all_columns, rows, constants)


def _select(columns: Sequence[str]) -> str:
    return " ".join(("SELECT", ", ".join(columns), "FROM", TABLE))


def _shape(message: Message) -> Shape:
    return Shape(tuple(tuple(_step(command) for command in flight) for flight in message))


def _step(command: Command) -> tuple[str, tuple[bool, ...], bool]:
    statement = command.statement
    if statement is None:
        return command.verb.value, (), False
    return statement.constant.sql, tuple(value is None for value in statement.parameters), command.alone


def _values(message: Message) -> Iterator[str]:
    """The parameters that are not NULL, in order."""
    for flight in message:
        for command in flight:
            if command.statement is not None:
                for kind, value in zip(command.statement.constant.types, command.statement.parameters, strict=True):
                    text = value_text(kind, value)
                    if text is not None:
                        yield text


def _variables(
    everything: Sequence[Mapping[Place, Text]],
) -> tuple[Mapping[Place, str], Mapping[str, str], Sequence[tuple[str, Sequence[Place]]]]:
    """The name of each parameter's variable; constants with their values; columns with the parameters that they fill."""
    by_values: dict[tuple[Text, ...], list[Place]] = {}
    for place in sorted({place for values in everything for place in values}):
        by_values.setdefault(tuple(values.get(place) for values in everything), []).append(place)
    names: dict[Place, str] = {}
    constants: dict[str, str] = {}
    of_constant: dict[str, str] = {}
    columns: list[tuple[str, Sequence[Place]]] = []
    for values, places in by_values.items():
        different = {value for value in values if value is not None}
        if len(different) == 1:
            value = different.pop()
            name = of_constant.setdefault(value, f"c{len(of_constant)}")
            constants[name] = value
        else:
            name = f"v{len(columns)}"
            columns.append((name, places))
        names |= dict.fromkeys(places, name)
    return names, constants, columns


def _fetched(values: Mapping[Place, Text], columns: Sequence[tuple[str, Sequence[Place]]]) -> Row:
    return tuple(next((values[place] for place in places if place in values), None) for _, places in columns)


def _chooser(slot: int) -> str:
    return f"s{slot}"


def _slot(
    shapes: Sequence[Shape], slot: int, names: Mapping[Place, str], seen: Container[tuple[int, int]], *, pipelined: bool
) -> Iterator[str]:
    """The lines of one message of the iteration; `seen` are the shapes that it ever has."""
    if len(shapes) == 1:
        yield from _lines(shapes[0], slot, 0, names, pipelined=pipelined)
        return
    here = [number for number in range(len(shapes)) if (slot, number) in seen]
    for place, number in enumerate(here):
        yield f"\\{'elif' if place else 'if'} :{_chooser(slot)} = {number}"
        yield from _lines(shapes[number], slot, number, names, pipelined=pipelined)
    yield "\\endif"


def _lines(shape: Shape, slot: int, number: int, names: Mapping[Place, str], *, pipelined: bool) -> Iterator[str]:
    place = 0
    for flight in shape.flights:
        if pipelined:
            yield "\\startpipeline"
        for position, (sql, nulls, alone) in enumerate(flight):
            variables = []
            for is_null in nulls:
                variables.append(NULL if is_null else names[slot, number, place])
                place += not is_null
            yield script_sql(sql, variables)
            if pipelined and alone and position < len(flight) - 1:
                # Each is a transaction of its own.
                yield "\\endpipeline"
                yield "\\startpipeline"
        if pipelined:
            yield "\\endpipeline"
