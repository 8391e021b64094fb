from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_logged_calls")]

    operations = [
        # Kept without sums of members alone; all days are computed anew after the migration (reports/figures/upkeep.py).
        migrations.RunSQL("delete from reports_dailyfigure; delete from reports_figureday", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="dailyfigure",
            name="grain",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "member and step"),
                    (1, "member"),
                    (2, "step"),
                    (3, "neither"),
                    (4, "member, of all brands and pipelines together"),
                ]
            ),
        ),
    ]
