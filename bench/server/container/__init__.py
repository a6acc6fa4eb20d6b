"""PostgreSQL in a container of the machine's own container engine."""
