"""Register the parts of follow-ups that rules use."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.lists import RecordList
from crm.automation.registry.presets import RuleImport
from crm.automation.registry.records import RecordKind
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import Anchor, Chosen, EventTrigger, TimeTrigger, about_job
from crm.platform.features import Feature
from crm.platform.models import Event
from followups.automation import discussed_topics
from followups.automation.next_steps import NEXT_STEP
from followups.automation.options import CompletedOptions, MissedOptions
from followups.automation.plan import PLAN
from followups.automation.presets import cases, dates, leads, payments, status, waiting
from followups.filters import FollowUpFilters
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome

FOLLOW_UP = "follow_up"


def _is_meant(event: Event, chosen: Chosen) -> bool:
    return all(chosen.get(name, "") in ("", event.data.get(name)) for name in ("kind", "outcome"))


def _brand_id(row: Any) -> int | None:
    if row.job_id:
        return row.job.brand_id
    return None


def _is_paid(event: Event) -> bool:
    return event.data.get("kind") == FollowUpKind.PAYMENT and event.data.get("outcome") == FollowUpOutcome.SUCCESSFUL


FEATURES: list[Feature] = [
    RecordList(FOLLOW_UP, "followups:list"),
    RecordKind(
        key=FOLLOW_UP,
        model=FollowUp,
        filterset=FollowUpFilters,
        noun=_("a follow-up"),
        group=_("Follow-ups"),
        job_id=lambda row: row.job_id,
        member_id=lambda row: row.assignee_id,
        person_id=lambda row: row.person_id,
        title=lambda row: row.subject,
        brand_id=_brand_id,
    ),
    EventTrigger(
        name="followup.completed",
        record=FOLLOW_UP,
        label=_("is completed"),
        options=CompletedOptions,
        events=("followup.completed",),
        heeds=_is_meant,
    ),
    EventTrigger(
        name="followup.missed",
        record=FOLLOW_UP,
        label=_("is missed"),
        options=MissedOptions,
        events=("followup.missed",),
        heeds=_is_meant,
    ),
    TimeTrigger(
        name="followup.due",
        record=FOLLOW_UP,
        label=_("is due"),
        # One that was planned without a day has no instant.
        rows=lambda chosen: FollowUp.objects.open().filter(due_at__isnull=False),
        anchor=lambda row, chosen: Anchor(row.due_at, row.due_at.isoformat()),
        events=tuple(f"followup.{what}" for what in "planned rescheduled completed cancelled reopened undone".split()),
        before=True,
        grace=timedelta(days=1),
    ),
    NEXT_STEP,
    discussed_topics.TRIGGER,
    StopSignal(
        name=payments.PAID,
        record=JOB,
        label=_("a payment follow-up succeeds"),
        events=("followup.completed",),
        about=about_job,
        heeds=_is_paid,
    ),
    PLAN,
    RuleImport("followups:status_triggers", _("Import YAML")),
    *status.PRESETS,
    *waiting.PRESETS,
    *leads.PRESETS,
    *cases.PRESETS,
    *dates.PRESETS,
    *payments.PRESETS,
]
