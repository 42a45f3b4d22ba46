"""Detections over CloudTrail events."""
