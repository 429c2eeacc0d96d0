"""The lowest floor: clock, ids, settings, errors, events, bus and database session. Knows nothing of telephony or the web."""
