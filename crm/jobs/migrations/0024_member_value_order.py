from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0023_offered_times"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="job", name="job_open_sums"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                F("tenant"),
                F("member"),
                Coalesce(F("value"), -1),
                F("id"),
                condition=models.Q(("level__lt", 6)),
                include=(
                    *("stage", "brand", "pipeline", "level", "currency", "value", "entered_at"),
                    *("waiting_since", "next_step_at", "next_step_kind"),
                ),
                name="job_open_sums",
            ),
        ),
    ]
