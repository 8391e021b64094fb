import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_stay_leads")]

    operations = [
        # Kept without how long first contacts took; all days are computed anew after the migration.
        migrations.RunSQL("delete from reports_dailyfigure; delete from reports_figureday", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="dailyfigure",
            name="seconds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="dailyfigure",
            name="seconds_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(null=True), null=True, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(
                condition=models.Q(("seconds__isnull", False)), fields=["tenant", "day"], name="figure_seconds"
            ),
        ),
    ]
