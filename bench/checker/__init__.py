"""The checker: 22 invariants over the canonical views and the history, decided twice, in Python and in SQL."""
