"""Frozen snapshots of AWS resources, and what can be derived from them without a call."""
