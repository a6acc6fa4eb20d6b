"""From `dual` to `hybrid`, one change a rung."""
