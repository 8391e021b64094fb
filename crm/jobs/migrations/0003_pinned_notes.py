from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_changes")]

    operations = [migrations.AddField("note", "pinned_at", models.DateTimeField(null=True))]
