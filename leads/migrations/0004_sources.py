"""Campaigns become rows of their own, with what they cost; what leads said of theirs as text is mapped to them."""

from typing import Any

import crm.kernel.clock
import crm.platform.models.base
import crm.platform.tenancy.tenant_model
import django.db.models.deletion
from django.db import migrations, models

from crm.platform.tenancy.context import use_tenant


_CAMPAIGNS = """
insert into leads_campaign (tenant_id, name, source_id)
select distinct lead.tenant_id, lead.campaign_text, job.source_id
from leads_lead lead join jobs_job job on job.tenant_id = lead.tenant_id and job.id = lead.job_id
where lead.tenant_id = %(tenant)s and lead.campaign_text <> ''"""
_LEADS = """
update leads_lead lead set campaign_id = campaign.id
from jobs_job job, leads_campaign campaign
where lead.tenant_id = %(tenant)s and lead.campaign_text <> '' and job.tenant_id = %(tenant)s and job.id = lead.job_id
  and campaign.tenant_id = %(tenant)s and campaign.name = lead.campaign_text
  and campaign.source_id is not distinct from job.source_id"""


def to_campaigns(apps: Any, schema_editor: Any) -> None:
    """Create a campaign for each text a source's leads have, tenant by tenant."""
    for pk in list(apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True)):
        with use_tenant(pk), schema_editor.connection.cursor() as cursor:
            cursor.execute(_CAMPAIGNS, {"tenant": pk})
            cursor.execute(_LEADS, {"tenant": pk})


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0012_acceptance'),
        ('leads', '0003_first_contact'),
        ('platform', '0007_member_photo'),
    ]

    operations = [
        migrations.RenameField('lead', 'campaign', 'campaign_text'),
        migrations.AddField(
            model_name='lead',
            name='actual_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='actual_value',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='qualified_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='quoted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='quoted_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='quoted_value',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('uid', models.UUIDField(db_default=crm.platform.models.base.UuidV7(), editable=False)),
                ('name', models.CharField(max_length=120)),
                ('merged_into', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.campaign')),
                ('source', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.source')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='platform.tenant')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Spend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('basis', models.CharField(choices=[('month', 'By month'), ('lead', 'Per lead')], default='month', max_length=5)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('campaign', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.campaign')),
                ('source', crm.platform.tenancy.tenant_model.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.source')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='platform.tenant')),
            ],
            options={
                'verbose_name_plural': 'spend',
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first', 'First touch'), ('conversion', 'Conversion')], max_length=10)),
                ('at', models.DateTimeField(default=crm.kernel.clock.now)),
                ('utm_source', models.CharField(blank=True, max_length=120)),
                ('utm_campaign', models.CharField(blank=True, max_length=120)),
                ('medium', models.CharField(blank=True, max_length=120)),
                ('term', models.CharField(blank=True, max_length=200)),
                ('content', models.CharField(blank=True, max_length=200)),
                ('referrer', models.CharField(blank=True, max_length=500)),
                ('landing_page', models.CharField(blank=True, max_length=500)),
                ('click_id', models.CharField(blank=True, max_length=300)),
                ('click_kind', models.CharField(blank=True, max_length=16)),
                ('consent', models.TextField(blank=True)),
                ('consent_version', models.CharField(blank=True, max_length=40)),
                ('is_unmatched', models.BooleanField(default=False)),
                ('campaign', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.campaign')),
                ('lead', crm.platform.tenancy.tenant_model.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='touches', to='leads.lead')),
                ('source', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.source')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='platform.tenant')),
            ],
            options={
                'verbose_name_plural': 'touches',
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='UtmRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('utm_source', models.CharField(blank=True, max_length=120)),
                ('utm_campaign', models.CharField(blank=True, max_length=120)),
                ('campaign', crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.campaign')),
                ('source', crm.platform.tenancy.tenant_model.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.source')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='platform.tenant')),
            ],
            options={
                'ordering': ['utm_source', 'utm_campaign'],
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('tenant', 'uid'), name='campaign_uid_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('tenant', 'source', 'name'), name='campaign_name_is_unique', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='campaign_is_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='spend',
            constraint=models.UniqueConstraint(fields=('tenant', 'month', 'source', 'campaign', 'basis', 'currency'), name='spend_is_one_amount_a_month', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='spend',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='spend_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='spend',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='spend_begins_with_its_month'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(condition=models.Q(('is_unmatched', True)), fields=['tenant', 'utm_source', 'utm_campaign'], name='touch_unmatched'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['tenant', 'utm_source', 'utm_campaign', 'kind'], name='touch_words'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.UniqueConstraint(fields=('tenant', 'lead', 'kind'), name='touch_is_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='utmrule',
            constraint=models.UniqueConstraint(fields=('tenant', 'utm_source', 'utm_campaign'), name='utm_words_mean_one_thing'),
        ),
        migrations.AddField(
            model_name='lead',
            name='campaign',
            field=crm.platform.tenancy.tenant_model.TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.campaign'),
        ),
        migrations.RunPython(to_campaigns, migrations.RunPython.noop),
        # What the update deferred is checked before the table is altered again.
        migrations.RunSQL('set constraints all immediate', migrations.RunSQL.noop),
        migrations.RemoveField(model_name='lead', name='campaign_text'),
    ]
