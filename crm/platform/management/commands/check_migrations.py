"""`manage.py check_migrations`: refuse migrations that the previous release cannot run beside."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from crm.platform.schema import migration_rules


class Command(BaseCommand):
    help = "Check the migrations since the baseline by the rules of docs/migrations.md. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--set-baseline", action="store_true", help="Excuse all migrations that exist now.")

    def handle(self, *args: Any, **options: Any) -> None:
        loader = MigrationLoader(None)
        latest = migration_rules.latest_migrations(loader, {config.label for config in _own_apps()})
        if options["set_baseline"]:
            migration_rules.write_baseline(latest)
            return
        # An app that came after the baseline is checked from its first migration on.
        baseline = dict.fromkeys(latest, "") | migration_rules.read_baseline()
        if problems := migration_rules.check_migrations(loader, baseline):
            raise CommandError("\n".join(map(str, problems)))


def _own_apps() -> list[Any]:
    """Return the product's apps: those that are not installed into the environment."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(settings.BASE_DIR) and "site-packages" not in config.path
    ]
