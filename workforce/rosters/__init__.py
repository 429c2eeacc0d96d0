"""Rosters: who works when. Shift patterns, contracts, needs and rules in; shifts with breaks for each agent and day out."""
