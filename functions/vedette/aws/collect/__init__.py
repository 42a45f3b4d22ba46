"""Reads AWS resources into snapshots."""
