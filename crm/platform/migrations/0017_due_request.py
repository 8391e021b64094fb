from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0016_practice_organization"),
    ]

    operations = [
        migrations.AddField(
            model_name="due",
            name="request",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
    ]
