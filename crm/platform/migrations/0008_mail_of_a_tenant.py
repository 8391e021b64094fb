import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0007_single_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffmail",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="platform.tenant",
            ),
        ),
        migrations.RunSQL(
            "update platform_staffmail mail set tenant_id = invitation.tenant_id"
            " from platform_invitation invitation where invitation.mail_id = mail.id",
            migrations.RunSQL.noop,
        ),
    ]
