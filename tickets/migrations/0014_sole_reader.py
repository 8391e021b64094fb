"""Add the one reader of a private ticket, and give it to those that hold private mail alone."""

import django.db.models.deletion
from django.db import migrations

import crm.platform.tenancy.tenant_model

FOLLOW_MESSAGES = """
    with held as (
        select e.tenant_id, e.ticket_id, min(m.sole_reader_id) as reader,
               count(*) = count(m.sole_reader_id) and min(m.sole_reader_id) = max(m.sole_reader_id) as is_private
        from tickets_entry e join comms_message m on m.tenant_id = e.tenant_id and m.id = e.message_id
        group by e.tenant_id, e.ticket_id having count(m.sole_reader_id) > 0
    )
    update tickets_ticket t
    set sole_reader_id = case when held.is_private then held.reader end,
        member_id = case when held.is_private then held.reader else t.member_id end,
        team_id = case when held.is_private then null else t.team_id end,
        job_id = case when held.is_private then null else t.job_id end,
        subject = case when held.is_private then t.subject else '' end,
        last_message_text = case when held.is_private then t.last_message_text else '' end
    from held where held.tenant_id = t.tenant_id and held.ticket_id = t.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0031_sole_reader"),
        ("platform", "0009_undispatched_tenant"),
        ("tickets", "0013_legal_hold_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
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
        migrations.RunSQL(FOLLOW_MESSAGES, migrations.RunSQL.noop),
    ]
