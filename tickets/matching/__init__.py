"""Match messages to tickets, with evidence, and let members decide uncertain matches.

Rules: docs/rules.md#threading, docs/rules.md#text-messages.
"""
