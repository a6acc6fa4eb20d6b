"""The invariants as SQL over the canonical views, in one snapshot. Nothing of `in_python`."""
