"""Replace the warranty calls that assets used to plan by the ready-made trigger for warranties."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import override

from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from service.models.asset import CAUSE

# Scheduled once per tenant by a migration.
WARRANTY_CALLS = "asset.warranty_calls"
PRESET = "dates.warranty"


@transaction.atomic
def replace_warranty_calls(_subjects: Sequence[int]) -> None:
    """Turn on the trigger, unless there is one, and cancel the open calls. Idempotent."""
    calls = FollowUp.objects.open().filter(origin__startswith="asset:", origin__contains=":warranty:")
    if not calls.exists():
        return
    if not Rule.objects.filter(preset=PRESET, archived_at__isnull=True).exists():
        _add_trigger()
    for call in calls.order_by("job_id", "pk"):
        call.cancel(by=None, cause=CAUSE)


def _add_trigger() -> None:
    preset = rule_preset(PRESET)
    assert preset is not None, "followups offer it"
    with override(directory().tenant.language):
        Rule.add(Rule.free_name(str(preset.name)), preset.define(), by=None, preset=PRESET, mode=Mode.ON)
