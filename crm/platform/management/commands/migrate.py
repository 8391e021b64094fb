"""`manage.py migrate`, then rebuild row-level security: no schema change goes without policies, grants and keys.

Last, the logs get their next partitions, tenants that are there get what new ones start with since, and the
events of a restored dump their place.
"""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from crm.kernel import clock
from crm.platform.events.settled_events import shift_restored_events
from crm.platform.organization import tenant_creation
from crm.platform.schema.migration_state import lean_states
from crm.platform.schema.time_partitions import PARTITIONED_TABLES
from crm.platform.tenancy import row_level_security


class Command(Migrate):
    help = "Migrate the schema, then derive policies, grants and same-tenant keys from the models."

    def handle(self, *args: Any, **options: Any) -> None:
        with lean_states():
            super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied") or options.get("app_label"):
            return
        row_level_security.derive_policies()
        for table in PARTITIONED_TABLES:
            table.create_partitions(clock.now())
        tenant_creation.add_missing_defaults()
        shift_restored_events()
        if options.get("verbosity", 1):
            self.stdout.write(f"  The wall stands around {len(row_level_security.tenant_models())} tables.")
