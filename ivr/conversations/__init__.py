"""Conversations as text files: what a caller does, what they must hear, where they end; run without a phone, or by one."""
