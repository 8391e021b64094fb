"""Which ticket a message is on, by what evidence, and what of it a colleague is asked about.

Rules: docs/rules.md#threading, docs/rules.md#text-messages.
"""
