"""Backups that can be trusted: recovery points, objectives and restore tests."""
