"""CloudTrail's digests: they tell whether log files are as AWS delivered them, and all there."""
