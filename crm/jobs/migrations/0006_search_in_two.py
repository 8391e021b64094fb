from django.db import migrations


class Migration(migrations.Migration):
    """The search function takes other arguments now (sql/30_search.sql), and would stand beside its old self."""

    dependencies = [
        ("jobs", "0004_editing"),
    ]

    operations = [
        migrations.RunSQL(
            "drop function if exists search_jobs(text[], text, text, text[], text, bigint, bigint, integer)",
            migrations.RunSQL.noop,
        ),
    ]
