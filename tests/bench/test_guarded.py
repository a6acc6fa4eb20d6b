"""Whatever a stranger's design raises or gives, it is told as the design's fault, in words that say what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from bench.drive.errors import ContractError
from bench.errors import Terminated
from bench.guarded import Guarded
from variants.contract import CENTRAL_ACTOR, Begin, Gap, Options, Side, Task, Writing
from variants.floor import Floor
from workloads.model import Model
from workloads.operations import Context, CreateServer, Write

OPERATION = CreateServer("k", 1, "00000000-0000-4000-8000-000000000001", "home", "test")
CONTEXT = Model().context(OPERATION)


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not a word")


class Strange(Floor):
    """A floor whose one task does, or whose `write` is, what a test says."""

    def __init__(
        self,
        body: Callable[[], Writing] | None = None,
        write: Callable[[], Sequence[Task]] | None = None,
        actor: object = CENTRAL_ACTOR,
    ) -> None:
        super().__init__(Options())
        self._body, self._made, self._actor = body, write, actor

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        if self._made is not None:
            return self._made()
        assert self._body is not None
        return [Task("central", self._actor, self._body())]  # type: ignore[arg-type]  # the fault of some


def raising(error: BaseException) -> Callable[[], Writing]:
    def body() -> Writing:
        yield Begin(Side.CENTRAL)
        raise error

    return body


ERRORS = [
    (GeneratorExit("enough"), "raises GeneratorExit: enough"),
    (KeyboardInterrupt("mine"), "raises KeyboardInterrupt: mine"),
    (SystemExit(0), "raises SystemExit: 0"),
    (MuteError(), "raises MuteError, which cannot tell what it says"),
]


@pytest.mark.parametrize(("error", "told"), ERRORS)
def test_what_a_body_raises_is_its_fault(error: BaseException, told: str) -> None:
    (task,) = Guarded(Strange(raising(error))).write(OPERATION, CONTEXT)
    next(task.body)
    with pytest.raises(ContractError, match=told):
        task.body.send(None)


@pytest.mark.parametrize(("error", "told"), ERRORS)
def test_what_write_raises_is_its_fault(error: BaseException, told: str) -> None:
    def write() -> Sequence[Task]:
        raise error

    with pytest.raises(ContractError, match=told):
        Guarded(Strange(write=write)).write(OPERATION, CONTEXT)


def test_a_signal_that_ends_the_process_is_nobody_s_fault() -> None:
    (task,) = Guarded(Strange(raising(Terminated(143)))).write(OPERATION, CONTEXT)
    next(task.body)
    with pytest.raises(Terminated):
        task.body.send(None)


def test_a_body_that_is_closed_ends_without_a_fault_and_cleans_up() -> None:
    cleaned = []

    def body() -> Writing:
        try:
            yield Begin(Side.CENTRAL)
            yield Begin(Side.CENTRAL)
        finally:
            cleaned.append(True)
        return None

    (task,) = Guarded(Strange(body)).write(OPERATION, CONTEXT)
    assert next(task.body) == Begin(Side.CENTRAL)
    task.body.close()
    assert cleaned == [True]


@pytest.mark.parametrize("actor", [None, "nobody", 7, ["list"]])
def test_a_task_of_somebody_who_has_no_part_in_the_operation_is_refused(actor: object) -> None:
    with pytest.raises(ContractError, match="who has no part in it"):
        Guarded(Strange(raising(ValueError()), actor=actor)).write(OPERATION, CONTEXT)


@pytest.mark.parametrize("kind", [["unhashable"], "id_form", None])
def test_a_gap_of_a_kind_that_is_not_in_the_closed_list_is_refused(kind: object) -> None:
    class Odd(Floor):
        def gaps(self) -> Sequence[Gap]:
            return [Gap(kind, "reason", "words")]  # type: ignore[arg-type]  # the fault

    with pytest.raises(ContractError, match="which is none of GapKind"):
        Guarded(Odd(Options())).gaps()


def test_a_design_may_not_take_the_name_of_the_harness_s_own_table() -> None:
    class Taking(Floor):
        def __init__(self) -> None:
            super().__init__(Options())
            self.tables = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
            Table("storebench_outbox", self.tables[Side.CENTRAL], Column("id", Integer, primary_key=True))

    with pytest.raises(ContractError, match="the harness's own table"):
        Guarded(Taking())
