"""Setting up a machine and a copy of Halo, step by step. Standard library only: it runs before anything is installed."""
