"""Generated workloads: the laws of chat, a world that lives by them in columns, and its operations as objects."""
