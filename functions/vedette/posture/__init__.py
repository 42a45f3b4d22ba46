"""Posture rules: their vocabulary, catalogue and engine."""
