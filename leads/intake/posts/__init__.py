"""Posts of other programs: endpoints, authentication and payloads."""
