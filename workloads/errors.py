"""The error of an input that cannot be used."""

from __future__ import annotations


class InputError(ValueError):
    """A trace, topology or setting that cannot be used, told in one line: what is wrong, where, and what to do."""
