from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0005_tags"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("level__lt", 6)),
                fields=["tenant", "member", "entered_at", "id"],
                name="job_member_age_order",
            ),
        ),
    ]
