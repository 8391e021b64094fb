"""Merge two tickets, and split one: entries and participants move, nothing else, and it can be taken back."""
