"""Asterisk configuration as source: templates, and the names of contexts and variables that both sides use."""
