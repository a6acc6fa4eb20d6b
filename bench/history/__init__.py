"""The history: what clients asked for, what they were told, and what became of it."""
