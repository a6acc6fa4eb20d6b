"""The message bus between the central server and its agents: a queue in memory, as data, with the faults of one."""
