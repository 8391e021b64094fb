from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_whatsapp_users")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="own_fields",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="property",
            name="own_fields",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
