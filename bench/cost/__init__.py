"""Where the time of an operation goes: the client's CPU, the backend's, the disk, waiting; and what measuring itself costs."""
