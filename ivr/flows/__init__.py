"""The flows: one file for each entry point, read top to bottom."""
