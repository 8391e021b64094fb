from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0031_plainer_labels")]

    operations = [
        migrations.AddField(
            model_name="jobfield",
            name="record",
            field=models.CharField(
                choices=[("job", "Lead"), ("person", "Customer"), ("property", "Property")],
                db_default="job",
                default="job",
                max_length=8,
            ),
        ),
    ]
