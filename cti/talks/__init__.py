"""Recorded talks, from the file that Asterisk has written to the store where people hear them."""
