"""Who gets the call and why: agent states, the waiting line, the matching engine, reservations."""
