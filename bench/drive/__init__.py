"""Driving designs: from the actions of a generator to messages on a connection."""
