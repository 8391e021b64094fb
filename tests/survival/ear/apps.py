"""Writes a note for everything it is told or given to do, without asking whether it did so before.

So the notes count how often the engine told it: what the product's own handlers forgive shows here.
"""

from crm.platform import features

DUE = "ear.note"


class EarConfig(features.AppConfig):
    """Subscribes to opened jobs and handles due work of its own kind."""

    name = "tests.survival.ear"
