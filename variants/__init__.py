"""The storage designs: their tables, and the statements of each operation as data."""
