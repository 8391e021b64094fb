"""Signals of rules, for modules that models may not import."""

from django.dispatch import Signal

# A rule was added, edited, switched, paused or archived: `rule`. Sent in its transaction.
rule_changed = Signal()
