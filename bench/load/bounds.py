"""What a capacity is bound by. Pure data."""

DESIGN, GENERATOR, CHANNEL = "design", "generator", "channel"
"""The design on this machine; the generator, which was at its end first; the hottest channels, where one operation goes after
another, so that the capacity is the rate at which one of them goes."""
