"""The questions of forks that come with the product: visited the portal or quote page, clicked, answered."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from comms.models import Message
from crm.jobs.models import Note
from crm.jobs.models.appointments.appointment import CAUSE
from crm.platform.models import Event
from followups.automation.discussed_topics import CONTACTED, DOCUMENTS, PAYMENT, topics_of
from followups.sequences.models import Enrolment
from followups.sequences.registry import ForkQuestion

# A person opened the portal or a page of it; opens of mail are made by machines and count nowhere (docs/rules.md#k6).
_VISITS = ("portal.link_opened", "portal.signed_in", "portal.entered", "update.seen", "document.seen")
_CLICKS = ("message.clicked",)
# The note that closes an appointment is written before its completion starts the sequence.
_BEFORE = timedelta(days=1)


def find_visitors(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer visited a page of ours, or clicked a link, since the last message."""
    return _find_events(rows, (*_VISITS, *_CLICKS))


def find_clickers(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer clicked a link since the last message."""
    return _find_events(rows, _CLICKS)


def find_answerers(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer wrote since the last message of the sequence."""
    since = min(_since(row) for row in rows)
    written = Message.objects.answers().filter(at__gt=since, person_id__in={row.person_id for row in rows})
    last = defaultdict(list)
    for person_id, at in written.order_by().values_list("person_id", "at"):
        last[person_id].append(at)
    return {row.pk for row in rows if any(at > _since(row) for at in last[row.person_id])}


def _find_events(rows: Sequence[Enrolment], kinds: Sequence[str]) -> set[int]:
    since = min(_since(row) for row in rows)
    events = Event.objects.filter(job_id__in={row.job_id for row in rows}, kind__in=kinds, at__gt=since, actor=None)
    times = defaultdict(list)
    for job_id, at in events.order_by().values_list("job_id", "at"):
        times[job_id].append(at)
    return {row.pk for row in rows if any(at > _since(row) for at in times[row.job_id])}


def _since(row: Enrolment) -> datetime:
    return row.wrote_at or row.entered_at


def find_document_talks(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose appointment was about documents, by the note that closed it."""
    return _find_topic(rows, DOCUMENTS)


def find_payment_talks(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose appointment was about payment, by the note that closed it."""
    return _find_topic(rows, PAYMENT)


def _find_topic(rows: Sequence[Enrolment], topic: str) -> set[int]:
    """Find notes that closed appointments, from a day before an enrolment on."""
    since = min(row.entered_at for row in rows) - _BEFORE
    contacts = Event.objects.filter(job_id__in={row.job_id for row in rows}, kind=CONTACTED, at__gt=since)
    notes = [event.data["note"] for event in contacts if event.data.get("cause") == CAUSE and event.data.get("note")]
    times = defaultdict(list)
    for note in Note.objects.filter(pk__in=notes):
        if topic in topics_of(note.body):
            times[note.job_id].append(note.at)
    return {row.pk for row in rows if any(at > row.entered_at - _BEFORE for at in times[row.job_id])}


QUESTIONS = [
    ForkQuestion(name="spoke_of_documents", label=_("Was the appointment about documents?"), find=find_document_talks),
    ForkQuestion(name="spoke_of_payment", label=_("Was the appointment about payment?"), find=find_payment_talks),
    ForkQuestion(name="visited", label=_("Have they come back to our pages?"), find=find_visitors),
    ForkQuestion(name="clicked", label=_("Have they clicked a link?"), find=find_clickers),
    ForkQuestion(name="answered", label=_("Have they answered?"), find=find_answerers),
]
