"""The contract suite as a library: it holds any design, ours or a stranger's, to its contract on a real server."""
