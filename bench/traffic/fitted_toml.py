"""A fitted workload as the text of a TOML file, which reads back as the same workload. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from bench.configuration.toml import written
from bench.traffic.fitting import Fit
from bench.visible import visible
from workloads.generation.spec import WorkloadSpec
from workloads.key import keys

WIDTH = 120


def as_toml(found: Fit, name: str) -> str:
    """Every fitted key with its meaning, unit, default and what it was fitted to; at the end, what was left alone and why."""
    told = keys(WorkloadSpec)
    blocks = ["\n".join([*_comment(f"A workload fitted to {name}."), *(line for text in found.remarks for line in _comment(text))])]
    blocks.append('kind = "generated"')
    # In the order of the model, so that two such files can be laid beside each other.
    for key, field in WorkloadSpec.model_fields.items():
        if key in found.values:
            about = told[key]
            lines = [
                *_comment(f"{about.meaning[0].upper()}{about.meaning[1:]}."),
                *_comment(f"unit: {about.unit}; default: {written(field.default)}"),
                *_comment(f"fitted to: {found.notes[key]}"),
                f"{key} = {written(found.values[key])}",
            ]
            blocks.append("\n".join(lines))
    if found.left:
        lines = [line for key, why in found.left.items() for line in _comment(f"{key} has its default: {why}.")]
        blocks.append("\n".join(lines))
    blocks.append("\n".join(_comment("All other keys have their defaults: a trace says nothing of them.")))
    return "\n\n".join(blocks) + "\n"


def _comment(text: str) -> Iterator[str]:
    # A word that is too long is not broken: a comment ends with its line, whatever it holds.
    for line in wrap(visible(text), WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"
