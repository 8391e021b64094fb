from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0017_bulk_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="stage",
            name="is_quoted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_quoted", True)),
                fields=("tenant", "pipeline"),
                name="pipeline_is_quoted_from_one_step",
            ),
        ),
    ]
