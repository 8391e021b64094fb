"""Merge two tickets, or split one: only entries and participants move, and it can be undone."""
