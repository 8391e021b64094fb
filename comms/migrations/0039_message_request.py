from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comms', '0038_stored_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='request',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=8),
        ),
    ]
