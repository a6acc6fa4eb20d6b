"""A workload as the text of a TOML file, which reads back as the same workload. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bench.configuration.toml import comment, comments, written
from bench.visible import visible
from workloads.catalogue import Spec
from workloads.generation.spec import WorkloadSpec
from workloads.key import keys


def as_toml(spec: Spec, name: str, points: tuple[str, ...] = ()) -> str:
    """Every key with its value, and as comments its meaning, unit, default and source.

    `points` are those of its family, which the text leaves behind: it is the one workload.
    """
    told = keys(type(spec))
    blocks = ["\n".join(_head(spec, name, points))]
    for key, field in type(spec).model_fields.items():
        default = "none, it must be given" if field.is_required() else written(field.default)
        blocks.append("\n".join([*comments(told[key], default), f"{key} = {written(getattr(spec, key))}"]))
    return "\n\n".join(blocks) + "\n"


def _head(spec: Spec, name: str, points: tuple[str, ...]) -> Iterator[str]:
    yield from comment(f"Workload {visible(name)}: {visible(spec.about)}.")
    if points:
        yield from comment(f"Points of its family: {', '.join(map(visible, points))}; {visible(points[0])} stands for none.")
    if isinstance(spec, WorkloadSpec):
        per_s = spec.messages_per_s * spec.compression
        yield from comment(
            f"Compressed {spec.compression:g} times: {per_s:.4g} messages of people a second, and what agents write."
        )
    yield from comment("As a file of your own: storebench run --set workload=FILE.toml")
