"""Stores, histories and faults made wrong on purpose: what the checkers must see, and nothing else."""
