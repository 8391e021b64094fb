"""The transaction of an event: 0 for those that are there, which costs no rewrite of the table."""

from django.db import migrations, models

import crm.platform.events.event


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0013_staff_mail_html"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="transaction",
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="event",
            name="transaction",
            field=models.BigIntegerField(db_default=crm.platform.events.event.WritingTransaction(), editable=False),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["tenant", "transaction", "id"], name="event_transaction"),
        ),
    ]
