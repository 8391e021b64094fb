"""Messages name the step of a rule that sent them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0016_recordings"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="origin",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", ""), _negated=True),
                fields=("tenant", "origin"),
                name="message_is_one_of_its_origin",
            ),
        ),
    ]
