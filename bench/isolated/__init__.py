"""Isolated trials: each design alone on a server, in randomised blocks; and whether instruments agree on the order of designs."""
