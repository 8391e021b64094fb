"""Complete a planned follow-up when the same contact is logged on the lead."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from crm.jobs.models import ContactOutcome, Job
from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpOutcome
from followups.sequences.models.step_record import ORIGIN
from followups.time_choices import Bounds

# The cause in the events of follow-ups planned or completed by logging a contact.
CAUSE = "job.contacted"
_OUTCOMES = {ContactOutcome.REACHED: FollowUpOutcome.SUCCESSFUL, ContactOutcome.SENT: FollowUpOutcome.SUCCESSFUL}


def complete_planned_contact(*, job: Job, kind: str, outcome: str, by: Member, **_: object) -> None:
    """Complete the earliest open follow-up of this type that is overdue or due today, as the contact's author.

    Without one, the next that a sequence waits for, whenever it is due: what it asks for is done.
    """
    today = Bounds.of(Reader.of(by, clock.now())).day_end
    planned = FollowUp.objects.of_job(job.pk).open().filter(kind=kind).by_time()
    due = planned.filter(Q(sort_at__lt=today) | Q(origin__startswith=ORIGIN)).first()
    if due:
        due.complete(_OUTCOMES.get(ContactOutcome(outcome), FollowUpOutcome.NO_ANSWER), by=by, cause=CAUSE)


def take_back(undone: Sequence[Event]) -> None:
    """Undo the effects of a withdrawn contact: reopen what it completed, cancel what was planned with it."""
    for act in (one for one in undone if one.data.get("of") == CAUSE):
        for event in _caused_by(act):
            row = FollowUp.objects.get(pk=event.subject_id)
            if event.kind == "followup.completed" and row.completed_at and row.completed_at <= event.at:
                row.reopen(by=None)
            elif event.kind == "followup.planned" and row.is_open and row.version == 1:
                row.cancel(by=None, cause=CAUSE)


def _caused_by(act: Event) -> Iterable[Event]:
    """Find the follow-ups that the contact completed or planned, latest first."""
    kinds = ["followup.completed", "followup.planned"]
    since = datetime.fromisoformat(act.data["since"])
    events = Event.objects.of_job(act.subject_id).filter(kind__in=kinds, data__cause=CAUSE)
    return events.filter(at__gte=since, at__lte=act.at).order_by("-pk")
