"""Types of appointments that are there get the confirmation that fits them.

Work keeps the text that customers got of every appointment so far; so does every type of a tenant that has written that
text anew. Calls get the text of calls. The others share the new one, which only says when it is.
"""

from typing import Any

from django.db import migrations

from crm.platform.tenancy.context import use_tenant

_KEEP = """
    update jobs_appointmenttype set confirmation_template = 'appointment_confirmation'
    where tenant_id = %s and confirmation_template = '' and (
        (way = 'visit' and minutes >= 120)
        or exists (
            select 1 from comms_templateversion version join comms_template template on template.id = version.template_id
            where template.tenant_id = %s and template.key = 'appointment_confirmation' and version.number > 1
        )
    )
"""
_CALLS = """
    update jobs_appointmenttype set confirmation_template = 'call_confirmation', reminder_template = 'call_reminder'
    where tenant_id = %s and confirmation_template = '' and way in ('video', 'call')
"""


def choose_texts(apps: Any, schema_editor: Any) -> None:
    """Choose them, tenant by tenant. Idempotent."""
    for pk in apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True):
        with use_tenant(pk), schema_editor.connection.cursor() as cursor:
            cursor.execute(_KEEP, [pk, pk])
            cursor.execute(_CALLS, [pk])


class Migration(migrations.Migration):
    dependencies = [("comms", "0033_sent_drafts"), ("jobs", "0026_customer_notice_and_texts"), ("platform", "0006_push")]

    operations = [migrations.RunPython(choose_texts, migrations.RunPython.noop)]
