"""Senders of messages, each behind a port of the layer that needs it."""
