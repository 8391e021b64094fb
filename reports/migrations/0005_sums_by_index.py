from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0008_event_day'),
        ('reports', '0004_figure_grains'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='dailyfigure',
            index=models.Index(condition=models.Q(('grain', 0), _negated=True), fields=['tenant', 'grain', 'day'], include=('measure', 'member_id', 'brand_id', 'pipeline_id', 'stage_id', 'outcome', 'currency', 'count', 'value'), name='figure_sums'),
        ),
        migrations.RunSQL(
            """alter table reports_dailyfigure set (autovacuum_vacuum_scale_factor = 0.02,
                                                    autovacuum_vacuum_insert_scale_factor = 0.02)""",
            """alter table reports_dailyfigure reset (autovacuum_vacuum_scale_factor,
                                                      autovacuum_vacuum_insert_scale_factor)""",
        ),
    ]
