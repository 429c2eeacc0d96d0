"""Twilio: calls that it brings, what it tells of them, and text messages that it takes out."""
