"""Runs that lie in a results folder: what state each is in, what it is, and what a comparison needs of it."""
