"""Requests of customers for a visit or for new work."""
