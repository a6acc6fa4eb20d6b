"""The named workloads: files of TOML beside this one, and how they and those of anybody are read."""

from __future__ import annotations

from workloads.catalogue.loading import Named, Spec, about, exists, is_path, load, names, points, read
from workloads.catalogue.making import found_trace, made, scaled

__all__ = ["Named", "Spec", "about", "exists", "found_trace", "is_path", "load", "made", "names", "points", "read", "scaled"]
