"""Register what rules know of follow-ups."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.registry.lists import RecordList
from crm.automation.registry.presets import RuleImport
from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import Chosen, EventTrigger
from crm.platform.features import Feature
from crm.platform.models import Event
from followups.automation.options import CompletedOptions, MissedOptions
from followups.automation.plan import PLAN
from followups.automation.presets import cases, leads, status, waiting
from followups.filters import FollowUpFilters
from followups.models import FollowUp

FOLLOW_UP = "follow_up"


def _is_meant(event: Event, chosen: Chosen) -> bool:
    return all(chosen.get(name, "") in ("", event.data.get(name)) for name in ("kind", "outcome"))


def _brand_id(row: Any) -> int | None:
    return row.job.brand_id if row.job_id else None


FEATURES: list[Feature] = [
    RecordList(FOLLOW_UP, "followups:list"),
    RecordKind(
        30,
        FOLLOW_UP,
        FollowUp,
        FollowUpFilters,
        _("a follow-up"),
        _("Follow-ups"),
        job_id=lambda row: row.job_id,
        member_id=lambda row: row.assignee_id,
        person_id=lambda row: row.person_id,
        title=lambda row: row.subject,
        brand_id=_brand_id,
    ),
    EventTrigger(
        10,
        "followup.completed",
        FOLLOW_UP,
        _("is done"),
        CompletedOptions,
        events=("followup.completed",),
        heeds=_is_meant,
    ),
    EventTrigger(
        20, "followup.missed", FOLLOW_UP, _("is missed"), MissedOptions, events=("followup.missed",), heeds=_is_meant
    ),
    PLAN,
    RuleImport(10, "followups:status_triggers", _("From YAML")),
    *status.PRESETS,
    *waiting.PRESETS,
    *leads.PRESETS,
    *cases.PRESETS,
]
