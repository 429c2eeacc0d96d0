"""Offers: what to offer a customer next, when to offer nothing, and whether offering does any good."""
