"""Every address and number gets the keyed hash by which consent and stops are found: SQL cannot compute it."""

from typing import Any

from django.db import migrations, models

import crm.people.models.contact_point
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.secrets import address_fingerprint

BATCH = 5000
_WRITE = """
update people_contactpoint as point set fingerprint = written.hashed
from unnest(%s::bigint[], %s::text[]) as written (id, hashed)
where point.tenant_id = %s and point.id = written.id"""


def hash_points(apps: Any, schema_editor: Any) -> None:
    """Write the fingerprint of all points there are, tenant by tenant."""
    for tenant_id in list(apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True)):
        with use_tenant(tenant_id):
            _of_tenant(schema_editor.connection, tenant_id)


def _of_tenant(connection: Any, tenant_id: int) -> None:
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "select id, value from people_contactpoint where tenant_id = %s and id > %s order by id limit %s",
                [tenant_id, after, BATCH],
            )
            points = cursor.fetchall()
            if not points:
                return
            after = points[-1][0]
            ids, hashes = [pk for pk, _value in points], [address_fingerprint(value) for _pk, value in points]
            cursor.execute(_WRITE, [ids, hashes, tenant_id])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_person_erased"), ("platform", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="fingerprint",
            field=crm.people.models.contact_point.AddressFingerprint(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(hash_points, migrations.RunPython.noop),
        # What the update deferred is checked before the table is altered again.
        migrations.RunSQL("set constraints all immediate", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=~models.Q(fingerprint=""), name="contact_point_has_its_fingerprint"
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["tenant", "fingerprint"], name="contact_point_fingerprint"),
        ),
    ]
