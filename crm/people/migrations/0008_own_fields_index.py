from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_own_fields"), ("platform", "0008_event_day")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("own_fields", {}), _negated=True),
                fields=["tenant", "id"],
                name="person_with_own_fields",
            ),
        ),
        migrations.AddIndex(
            model_name="property",
            index=models.Index(
                condition=models.Q(("own_fields", {}), _negated=True),
                fields=["tenant", "id"],
                name="property_with_own_fields",
            ),
        ),
    ]
