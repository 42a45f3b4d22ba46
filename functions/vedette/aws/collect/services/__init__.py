"""One file per service; each lists its collectors in `COLLECTORS`."""
