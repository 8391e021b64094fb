"""Follow-ups without a lead in a customer's activity; those of a lead are there by its events."""

from dataclasses import replace

from crm.jobs.timeline.event_texts import read_event_texts
from crm.jobs.timeline.timeline import MOST, TimelineEntry, entry_of_event
from crm.people.models import Person
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from followups.models import FollowUp


def person_entries(person: Person, member: Member, reader: Reader) -> list[TimelineEntry]:
    """Return the events of the customer's visible follow-ups without a lead. Three queries."""
    rows = FollowUp.objects.visible_to(member).filter(person=person, job=None).order_by("-sort_at")[:MOST]
    follow_ups = {row.pk: row for row in rows}
    events = Event.objects.filter(subject_kind=FollowUp._meta.label_lower, subject_id__in=follow_ups, job_id=None)
    entries = []
    newest = list(events.order_by("-at", "-pk")[:MOST])
    texts = read_event_texts(newest)
    for event in newest:
        entry = entry_of_event(event, reader, text=texts.get(event.pk, ""))
        entries.append(replace(entry, what=f"{entry.what} · {follow_ups[event.subject_id].subject}"))
    return entries
