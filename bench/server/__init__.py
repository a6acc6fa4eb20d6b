"""PostgreSQL servers: found, started, described and always stopped."""
