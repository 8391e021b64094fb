"""Schedule the replacement of the warranty calls that assets planned (service/assets/warranty_calls.py)."""

from typing import Any

from django.db import migrations

from crm.platform.tenancy.context import use_tenant

_SCHEDULE = """
insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, is_io, peer, attempts, last_error)
select %(tenant)s, 'asset.warranty_calls', 0, 'asset.warranty_calls:0', now(), now(), false, '', 0, ''
where exists (select from followups_followup where tenant_id = %(tenant)s and origin like %(origin)s)
on conflict (tenant_id, key) do nothing"""


def schedule(apps: Any, schema_editor: Any) -> None:
    for pk in list(apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True)):
        with use_tenant(pk), schema_editor.connection.cursor() as cursor:
            cursor.execute(_SCHEDULE, {"tenant": pk, "origin": "asset:%:warranty:%"})


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0014_plainer_labels"),
        ("followups", "0001_initial"),
        ("platform", "0013_staff_mail_html"),
    ]

    operations = [migrations.RunPython(schedule, migrations.RunPython.noop)]
