"""Trying again, and making whole what is there in part: by the harness, the same for every design."""
