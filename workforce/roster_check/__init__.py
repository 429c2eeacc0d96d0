"""What is wrong with a roster, and what it costs: written apart from the solver, whose every answer passes through here."""
