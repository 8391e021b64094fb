"""Count an edit of a tenant's configuration, so that every process reads it anew.

Below the models: each configuration row counts its own edit. The column is the Tenant's; tenancy.py reads it.
"""

from django.db import connection

from crm.platform.events import hints
from crm.platform.tenancy import context


def configuration_changed(tenant_id: int | None = None) -> None:
    """Make every process read the tenant's configuration anew; in the same transaction as the edit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update platform_tenant set config_version = config_version + 1 where id = %s",
            [tenant_id or context.required_tenant_id()],
        )
    context.forget_configuration()
    hints.touch("configuration", tenant_id=tenant_id)
