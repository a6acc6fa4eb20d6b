"""The complexity of a design: its paths are walked under a trace, and what ran is counted."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import CodeType, ModuleType

import variants
from bench.complexity.counting import counted
from bench.complexity.paths import Walker
from bench.complexity.tracing import functions_run
from bench.drive.flights import Exchange
from bench.guarded import Guarded
from bench.results.complexity_schema import DesignComplexity, OperationStatements, PathComplexity
from bench.stores import Store
from variants import contract, shortfalls, statements

_CONTRACT = [Path(str(module.__file__)).resolve() for module in (contract, statements, shortfalls)]
"""What every design calls to say anything at all."""


def complexity(store: Store) -> DesignComplexity:
    """Both paths of a design, walked on an empty store of it.

    Its own code is that of the package of its class, or of its module where that lies in `variants`; shared code is any other of
    `variants` that it runs. Nothing else counts: neither the contract and the harness, nor a library.
    """
    design = store.design
    module = design.module if isinstance(design, Guarded) else type(design).__module__
    with store.links(Exchange.PLAIN) as links:
        walker = Walker(design, links)
        written, read = functions_run(walker.write_everything), functions_run(walker.read_everything)
    sent = walker.sent
    return DesignComplexity(
        design=design.name,
        paths=[_path(name, codes, module, len(sent.queries[name])) for name, codes in (("write", written), ("read", read))],
        operations=[OperationStatements(kind=kind, statements=count) for kind, count in sent.counts.items()],
    )


def _path(name: str, codes: AbstractSet[CodeType], module: str, statements: int) -> PathComplexity:
    own = {code for code in codes if _is_in(code, own_places(module))}
    shared = {code for code in codes - own if _is_in(code, _folders(variants)) and not _is_in(code, _CONTRACT)}
    return PathComplexity(
        path=name,
        own=counted(own, _sources(own)),
        shared=counted(shared, _sources(shared)),
        statements=statements,
    )


def _folders(package: ModuleType) -> list[Path]:
    return [Path(folder).resolve() for folder in package.__path__]


def own_places(module: str) -> list[Path]:
    """Where a design's own code lies: its package, whatever that is called; its module alone in `variants`, where others live."""
    top = module.partition(".")[0]
    found = sys.modules[module if top == variants.__name__ else top]
    folders = getattr(found, "__path__", None)
    if folders is not None:
        return [Path(folder).resolve() for folder in folders]
    return [Path(found.__file__).resolve()] if found.__file__ is not None else []


def _is_in(code: CodeType, places: Sequence[Path]) -> bool:
    file = Path(code.co_filename).resolve()
    return any(file == place or place in file.parents for place in places)


def _sources(codes: Iterable[CodeType]) -> dict[str, str]:
    return {name: Path(name).read_text(encoding="utf-8") for name in sorted({code.co_filename for code in codes})}
