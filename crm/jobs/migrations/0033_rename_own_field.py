"""Rename the custom fields, which are of customers and properties too: the table, its key and its events."""

from django.db import migrations, models

# Facts name what they are about by kind and id.
EVENTS = """
update platform_event set subject_kind = 'jobs.{after}', kind = replace(kind, '{old}.', '{new}.')
where subject_kind = 'jobs.{before}'"""
# Made after each migration where it is missing (crm/platform/tenancy/row_level_security.py).
KEY = "alter index if exists jobs_{before}_tenant_key rename to jobs_{after}_tenant_key"


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0032_record_of_own_fields"),
        ("platform", "0008_event_day"),
    ]

    operations = [
        migrations.RenameModel("JobField", "OwnField"),
        migrations.RemoveConstraint("ownfield", "job_field_name_is_unique"),
        migrations.AddConstraint(
            "ownfield", models.UniqueConstraint(fields=("tenant", "name"), name="own_field_name_is_unique")
        ),
        migrations.RunSQL(
            KEY.format(before="jobfield", after="ownfield"), KEY.format(before="ownfield", after="jobfield")
        ),
        migrations.RunSQL(
            EVENTS.format(before="jobfield", after="ownfield", old="job_field", new="own_field"),
            EVENTS.format(before="ownfield", after="jobfield", old="own_field", new="job_field"),
        ),
    ]
