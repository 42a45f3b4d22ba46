"""CloudTrail records: reading them from files, and what every part of detection asks of one."""
