"""Notes of timelines and conversations on calls on tracking numbers, given to the app below (comms/timeline.py)."""

from collections.abc import Iterable
from typing import Any

from leads.calls.call_rows import call_note
from leads.calls.numbers import all_numbers
from leads.models import TrackedCall


def note_calls(sender: Any, *, message_ids: Iterable[int], **_more: Any) -> dict[int, str]:
    """Return the verdicts of calls in words, by message; one query, and none without tracking numbers."""
    if not all_numbers():
        return {}
    calls = TrackedCall.objects.filter(message__in=list(message_ids))
    return {call.message_id: call_note(call) for call in calls}
