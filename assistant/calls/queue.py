"""Queue a call: a helper asks the model about a record, and a worker makes the call. No page waits for it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import models

from assistant.models import AssistantCall, RecordOptOut, assistant_setup
from assistant.models.assistant_call import KEPT, TEXT_KEPT
from crm.kernel import clock
from crm.people.models import Person, ProfilingObjection
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due, due_io

# Due work: make a call; delete what is too old of the calls of a day.
ASK = "assistant.ask"
FORGET = "assistant.forget"


def may_ask(helper: str, record: models.Model) -> bool:
    """True if a helper may ask the model about a record now."""
    if not assistant_setup().may_ask(helper):
        return False
    return not is_opted_out(record._meta.label_lower, record.pk) and not _has_objected(record)


def _has_objected(record: models.Model) -> bool:
    """True if the record's customer objected to profiling: then no model reads what they wrote."""
    person_id = record.pk if isinstance(record, Person) else getattr(record, "person_id", None)
    return bool(person_id and ProfilingObjection.objects.filter(person_id=person_id).exists())


def is_opted_out(kind: str, pk: int) -> bool:
    """True if a member switched the model off for a record."""
    return bool(RecordOptOut.objects.about(kind, pk).exists())


def request_call(
    helper: str, record: models.Model, *, by: Member | None, key: str = "", options: Mapping[str, Any] | None = None
) -> AssistantCall | None:
    """Queue a call about a record; None if the model may not be asked. Idempotent while one waits.

    `by`: the member who asked; None if the product asks by itself.
    """
    if not may_ask(helper, record):
        return None
    subject = {"subject_kind": record._meta.label_lower, "subject_id": record.pk}
    values = {"options": dict(options or {}), "key": key[:200]}
    call, is_new = AssistantCall.objects.open().get_or_create(helper=helper, member=by, **subject, defaults=values)
    if is_new:
        now = clock.now()
        due_io.schedule(ASK, call.pk, now, peer=f"assistant:{call.tenant_id}")
        _schedule_forgetting(now)
    return call


def _schedule_forgetting(now: datetime) -> None:
    """Have the texts of today's calls deleted once they are old; the same again changes nothing."""
    zone = directory().zone
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    due.schedule(FORGET, tomorrow.toordinal(), datetime.combine(tomorrow, time(), zone) + TEXT_KEPT)


def forget_old(days: Any) -> None:
    """Delete texts older than 30 days, and calls older than 90. `days`: ordinals of the days after the calls."""
    now = clock.now()
    AssistantCall.objects.filter(created_at__lte=now - TEXT_KEPT).exclude(sealed_text="").update(sealed_text="")
    AssistantCall.objects.filter(created_at__lte=now - KEPT).delete()
    for day in days:
        if AssistantCall.objects.filter(created_at__lte=now - TEXT_KEPT).exists():
            due.schedule(FORGET, day, now + (KEPT - TEXT_KEPT))
