"""Plan the next step of a lead that has just been opened, from a typed line; the app that plans steps parses it.

`line_written` is a signal: it is answered in the same request by a receiver in that app's `handlers.py`.
"""

from django.dispatch import Signal

from crm.jobs.models import Job
from crm.platform.models import Member

# Sent with `job`, `text` and `by`; answered with what was planned in words, or "" where the line is not understood.
line_written = Signal()


def plan(job: Job, text: str, *, by: Member) -> str:
    """Plan the typed line as the lead's next step; returns what was planned in words, or "" when nothing was."""
    answers = line_written.send(Job, job=job, text=text, by=by) if text else []
    return next((planned for _receiver, planned in answers if planned), "")
