"""Macros: text, status, tags, priority, assignment and a follow-up in one action."""
