"""Answers where moto has none, and mends answers that differ from AWS's."""
