"""A carrier and its callers: a second Asterisk that really calls the first, for the demo call, live tests and benchmarks."""
