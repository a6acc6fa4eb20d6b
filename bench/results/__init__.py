"""The results folder: its schema, and the only code that reads and writes it."""
