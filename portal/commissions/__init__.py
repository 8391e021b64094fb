"""A partner's own commission statements."""
