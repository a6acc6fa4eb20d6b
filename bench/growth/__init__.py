"""Growth: what a message and the reads cost against agents, stored messages and channels, and wall time against messages."""
