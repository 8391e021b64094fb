"""A customer asks for a visit or for new work."""
