"""The processes' entry points: each wires the packages together and runs until it is told to stop."""
