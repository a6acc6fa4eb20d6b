"""The invariants on columnar arrays. Pure: numpy, no database, nothing of `in_sql`."""
