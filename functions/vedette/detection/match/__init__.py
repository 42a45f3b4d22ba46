"""Evaluation of the intermediate form on CloudTrail records."""
