"""The process manager: which processes there are, how they are kept alive, and when each is really ready."""
