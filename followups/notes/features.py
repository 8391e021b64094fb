"""Features of notes on follow-ups: their notice, and their words in timelines."""

from collections.abc import Sequence

from crm.jobs.timeline.event_texts import EventTexts
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.features import Feature
from crm.platform.models import Event
from followups.models import FollowUpNote
from followups.notes import notices


def read_notes(events: Sequence[Event]) -> dict[int, str]:
    """Return the words of the notes that these events tell of; a deleted one has none."""
    ids = {event.pk: event.data.get("note") for event in events}
    notes = FollowUpNote.objects.filter(pk__in=[pk for pk in ids.values() if pk], removed_at=None).in_bulk()
    return {event_id: notes[pk].body for event_id, pk in ids.items() if pk in notes}


FEATURES: list[Feature] = [
    notices.KIND,
    EventTexts(("followup.noted",), read_notes),
    TimelineKinds("followup.note", TimelinePart.NOTES),
]
