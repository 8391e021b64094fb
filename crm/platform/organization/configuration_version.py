"""Increase a tenant's configuration version on each edit, so that every process reads it anew.

Below the models, as each configuration row counts its own edit. The column is the Tenant's; context.py reads it.
"""

from django.db import connection

from crm.platform.events import hints
from crm.platform.tenancy import context


def configuration_changed(tenant_id: int | None = None) -> None:
    """Increase the version; in the same transaction as the edit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update platform_tenant set config_version = config_version + 1 where id = %s",
            [tenant_id or context.required_tenant_id()],
        )
    context.forget_configuration()
    hints.touch("configuration", tenant_id=tenant_id)
