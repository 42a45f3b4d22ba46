"""Derived fields: what a record means, as fields `vedette.*` that rules may read."""
