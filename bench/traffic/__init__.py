"""Statistics of chat traffic, real or synthetic: what it is like, whether two are alike, and a workload fitted to it. Pure."""
