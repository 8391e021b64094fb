"""Record a visit to the portal on the customer's open leads, where a rule asks for it."""

from datetime import datetime

from crm.automation.setup import wanted_events
from crm.jobs.models import Job
from crm.platform.events import events
from crm.platform.events.events import EventDraft

VISITED = "portal.visited"


def record_visit(*, person_id: int, at: datetime, **_sent: object) -> None:
    """Record the visit on each open lead of the customer, if a rule of the tenant has this trigger."""
    if VISITED not in wanted_events():
        return
    jobs = Job.objects.open().filter(person_id=person_id).order_by("pk")[:20]
    events.record_all([EventDraft(VISITED, job, {}, job_id=job.pk) for job in jobs], by=None)
