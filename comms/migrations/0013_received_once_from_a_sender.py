from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("comms", "0012_opted_out_after")]

    operations = [
        migrations.RemoveConstraint("message", "message_is_received_once_a_mailbox"),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(
                fields=["tenant", "channel", "message_id", "address"],
                condition=Q(direction="in") & ~Q(message_id="") & ~Q(address=""),
                name="message_is_received_once_a_mailbox",
            ),
        ),
    ]
