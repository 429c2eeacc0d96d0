"""Staffing: what was offered and handled in each interval, and how many agents that needs."""
