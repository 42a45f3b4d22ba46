"""Messages to people: routes, escalation, digest."""
