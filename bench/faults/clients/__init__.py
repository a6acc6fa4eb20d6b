"""Clients that die, stand still or are interrupted: real processes and real refusals, at random instants and at each flight."""
