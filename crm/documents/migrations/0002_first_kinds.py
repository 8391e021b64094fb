"""Tenants that are there already get the kinds of documents a new one starts with."""

from typing import Any

from django.db import migrations
from django.utils import translation

from crm.documents.kinds import FIRST
from crm.platform.tenancy.context import use_tenant


def begin(apps: Any, schema_editor: Any) -> None:
    """Create them, tenant by tenant, in its language."""
    model = apps.get_model("documents", "DocumentKind")
    for pk, language in apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", "language"):
        with use_tenant(pk), translation.override(language):
            for position, (name, fields) in enumerate(FIRST):
                model(tenant_id=pk, name=str(name), position=position, **fields).save()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents"), ("platform", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
