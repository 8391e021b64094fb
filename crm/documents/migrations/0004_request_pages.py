"""Several files answer one request, in their order; HEICs kept before there was a decoder get their preview."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import crm.platform.tenancy.tenant_model
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due

_FIRST_PAGES = """
insert into documents_requestpage (tenant_id, request_id, document_id, position)
select tenant_id, id, document_id, 0 from documents_documentrequest
where tenant_id = %(tenant)s and document_id is not null"""
_HEICS = ("image/heic", "image/heif")


def keep_what_came(apps: Any, schema_editor: Any) -> None:
    """Make what came its first page, and have the small images made that are missing, tenant by tenant."""
    versions = apps.get_model("documents", "DocumentVersion")
    for pk in list(apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True)):
        with use_tenant(pk):
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_FIRST_PAGES, {"tenant": pk})
            unseen = versions.objects.filter(tenant_id=pk, media_type__in=_HEICS, width=None).order_by("pk")
            now = clock.now()
            due.schedule_all("document.thumbnail", [(row, now) for row in unseen.values_list("pk", flat=True)])


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_finished_uploads"), ("platform", "0011_member_opens_next")]

    operations = [
        migrations.CreateModel(
            name="RequestPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "document",
                    crm.platform.tenancy.tenant_model.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "request",
                    crm.platform.tenancy.tenant_model.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="documents.documentrequest",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="platform.tenant",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "request", "document"), name="request_page_is_once")
                ],
            },
        ),
        migrations.RunPython(keep_what_came, migrations.RunPython.noop),
    ]
