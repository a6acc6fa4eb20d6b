"""Traffic of one's own becomes a trace: what reads sources, tells how far it is, and writes the file."""
