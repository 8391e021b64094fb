from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_work")]

    operations = [
        # Kept without grains; all days are computed anew after the migration (reports/figures/upkeep.py).
        migrations.RunSQL("delete from reports_dailyfigure; delete from reports_figureday", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="dailyfigure", name="figure_is_one_a_day_and_kind"),
        migrations.AddField(
            model_name="dailyfigure",
            name="grain",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "member and step"), (1, "member"), (2, "step"), (3, "neither")], default=0
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="dailyfigure",
            constraint=models.UniqueConstraint(
                fields=(
                    *("tenant", "grain", "day", "measure", "brand_id", "pipeline_id", "member_id", "stage_id"),
                    *("outcome", "currency"),
                ),
                name="figure_is_one_a_day_and_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(fields=["tenant", "grain", "member_id", "day"], name="figure_of_member"),
        ),
        migrations.AddIndex(
            model_name="dailyfigure", index=models.Index(fields=["tenant", "day"], name="figure_by_day")
        ),
    ]
