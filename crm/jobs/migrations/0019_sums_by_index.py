import crm.jobs.clock.arithmetic
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0018_quoted_from'),
        ('people', '0005_point_fingerprint'),
        ('platform', '0008_event_day'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='job',
            name='job_by_arrival',
        ),
        migrations.RemoveIndex(
            model_name='stagevisit',
            name='visit_by_end',
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['tenant', 'came_in_at'], include=('id', 'source', 'currency', 'value', 'state', 'ended_at', 'person'), name='job_by_arrival'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('level__lt', crm.jobs.clock.arithmetic.Level['ENDED'])), fields=['tenant', 'member'], include=('stage', 'brand', 'pipeline', 'level', 'currency', 'value', 'entered_at', 'waiting_since', 'next_step_at', 'next_step_kind'), name='job_open_sums'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('level__lt', crm.jobs.clock.arithmetic.Level['ENDED']), ('past', ''), ('touched_at__isnull', True)), fields=['tenant', 'member', 'stage', 'brand', 'pipeline'], name='job_untouched'),
        ),
        migrations.AddIndex(
            model_name='stagevisit',
            index=models.Index(fields=['tenant', 'left_at', 'entered_at'], include=('id', 'stage', 'job', 'allowed'), name='visit_by_end'),
        ),
        # An index answers alone of pages that a vacuum has seen: after a fiftieth of the rows, not a fifth.
        migrations.RunSQL(
            """alter table jobs_job set (autovacuum_vacuum_scale_factor = 0.02);
               alter table jobs_stagevisit set (autovacuum_vacuum_scale_factor = 0.02,
                                                autovacuum_vacuum_insert_scale_factor = 0.02)""",
            """alter table jobs_job reset (autovacuum_vacuum_scale_factor);
               alter table jobs_stagevisit reset (autovacuum_vacuum_scale_factor,
                                                  autovacuum_vacuum_insert_scale_factor)""",
        ),
    ]
