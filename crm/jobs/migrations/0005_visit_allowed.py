from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_editing")]

    operations = [migrations.AddField("jobchange", "visit_allowed", models.PositiveIntegerField(null=True))]
