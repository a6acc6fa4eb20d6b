"""Ladders of designs: neighbours that differ in one change, counted and measured side by side."""
