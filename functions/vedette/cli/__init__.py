"""The `vedette` command: one file per sub-command."""
