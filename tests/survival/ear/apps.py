"""Writes a note for everything it is told or given to do, without asking whether it did so before.

So the notes count how often the engine told it: what the product's own handlers forgive shows here.
"""

from crm.config.celery import app
from crm.platform import features

DUE = "ear.note"
# Seconds that somebody waits who tries again to reach the broker: longer than any test, which finds them so.
BEYOND = 600


class EarConfig(features.AppConfig):
    """Subscribes to opened jobs and handles due work of its own kind."""

    name = "tests.survival.ear"

    def ready(self) -> None:
        super().ready()
        app.conf.broker_transport_options["interval_start"] = BEYOND
