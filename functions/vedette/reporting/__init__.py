"""Reports about findings, for people and machines."""
