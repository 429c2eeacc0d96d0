"""Payments: what was received for which invoice, and taking one by card through a gateway."""
