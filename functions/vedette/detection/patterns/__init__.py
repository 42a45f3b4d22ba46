"""Compiles the conditions of detections to EventBridge patterns, which let through no less."""
