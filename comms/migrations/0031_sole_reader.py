"""Add the one reader of private mail, and give it to what is there."""

import django.db.models.deletion
from django.db import migrations

import crm.platform.tenancy.tenant_model

# What came by a member's own mailbox that shares nothing is theirs alone, and stands on no lead.
FOLLOW_SHARING = """
    update comms_message m set sole_reader_id = c.owner_id, job_id = null
    from comms_channel c join platform_member o on o.tenant_id = c.tenant_id and o.id = c.owner_id and o.active
    where c.tenant_id = m.tenant_id and c.id = m.channel_id and c.sharing = 'private';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0030_customer_changes"),
        ("platform", "0009_undispatched_tenant"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sole_reader",
            field=crm.platform.tenancy.tenant_model.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="platform.member",
            ),
        ),
        migrations.RunSQL(FOLLOW_SHARING, migrations.RunSQL.noop),
    ]
