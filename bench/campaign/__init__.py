"""A run from beginning to end: what it is to do, how it is begun or taken up again, and the phases that measure."""
