"""A practice organization knows whose configuration it is a copy of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0015_due_woken")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="practice_of",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="practice",
                to="platform.tenant",
            ),
        ),
    ]
