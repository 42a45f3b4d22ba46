"""Stores in DynamoDB, each behind a port of the layer that needs it."""
