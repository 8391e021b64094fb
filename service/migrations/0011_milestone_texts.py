"""Milestones get two texts, coming and done. What was read of one before, "Your new roof is on", is what is done."""

from typing import Any

from django.db import migrations, models

from crm.platform.tenancy.context import use_tenant

_MILESTONES = """
update service_milestone milestone
set customer_texts = jsonb_build_object(brand.language, jsonb_build_array(milestone.name, milestone.customer_text))
from jobs_job job join platform_brand brand on brand.tenant_id = job.tenant_id and brand.id = job.brand_id
where milestone.tenant_id = %(tenant)s and milestone.customer_text <> ''
  and job.tenant_id = milestone.tenant_id and job.id = milestone.project_id"""


def to_pairs(apps: Any, schema_editor: Any) -> None:
    """Keep the text as the one of what is done; until then the customer reads the milestone's name."""
    model = apps.get_model("service", "ProjectTemplate")
    brands = apps.get_model("platform", "Brand")
    for pk in list(apps.get_model("platform", "Tenant").objects.order_by("pk").values_list("pk", flat=True)):
        with use_tenant(pk):
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_MILESTONES, {"tenant": pk})
            default = brands.objects.filter(tenant_id=pk).order_by("-is_default", "pk").first()
            for row in model.objects.filter(tenant_id=pk):
                row.milestones = [_with_pair(plan, default.language) for plan in row.milestones]
                row.save(update_fields=["milestones"])


def _with_pair(plan: dict[str, Any], language: str) -> dict[str, Any]:
    text = plan.pop("customer_text", "")
    return plan | {"customer_texts": {language: [plan["name"], text]} if text else {}}


class Migration(migrations.Migration):
    dependencies = [("service", "0010_milestone_is_internal"), ("platform", "0007_member_photo")]

    operations = [
        migrations.AddField(
            model_name="milestone", name="customer_texts", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.RunPython(to_pairs, migrations.RunPython.noop),
        migrations.RemoveField(model_name="milestone", name="customer_text"),
    ]
