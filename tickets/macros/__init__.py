"""Macros: text, status, tags, priority, whose it is and a follow-up with one choice."""
