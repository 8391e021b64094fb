from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0014_event_transaction"),
    ]

    operations = [
        migrations.AddField(
            model_name="due",
            name="woken_at",
            field=models.DateTimeField(null=True),
        ),
    ]
