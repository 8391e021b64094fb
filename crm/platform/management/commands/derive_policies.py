"""`manage.py derive_policies`: rebuild row-level security from the models, without a migration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.platform.tenancy import row_level_security


class Command(BaseCommand):
    help = "Derive policies, grants and same-tenant keys from the models, as `migrate` does at its end."

    def handle(self, *args: Any, **options: Any) -> None:
        row_level_security.derive_policies()
        if gaps := row_level_security.find_gaps():
            raise CommandError("; ".join(gaps))
        self.stdout.write(f"The wall stands around {len(row_level_security.tenant_models())} tables.")
