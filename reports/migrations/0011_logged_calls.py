"""An index of the calls that colleagues logged, by their instant: a day's are read without the rest of its log."""

from django.db import migrations

CREATE = """
create index event_logged_call on platform_event (tenant_id, at)
where kind = 'job.contacted' and data ->> 'kind' = 'call' and actor_id is not null and job_id is not null"""


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0008_event_day"),
        ("reports", "0010_sums_by_measure"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "drop index event_logged_call"),
        # Kept without these calls; all days are computed anew after the migration.
        migrations.RunSQL("delete from reports_dailyfigure; delete from reports_figureday", migrations.RunSQL.noop),
    ]
