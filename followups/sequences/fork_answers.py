"""The questions of forks that come with the product: visited the portal or quote page, clicked, answered."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from comms.models import Direction, Message
from crm.platform.models import Event
from followups.sequences.models import Enrolment
from followups.sequences.registry import ForkQuestion

# A person opened the portal or a page of it; opens of mail are made by machines and count nowhere (docs/rules.md#k6).
_VISITS = ("portal.link_opened", "portal.signed_in", "portal.entered", "update.seen", "document.seen")
_CLICKS = ("message.clicked",)


def find_visitors(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer visited a page of ours, or clicked a link, since the last message."""
    return _find_events(rows, (*_VISITS, *_CLICKS))


def find_clickers(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer clicked a link since the last message."""
    return _find_events(rows, _CLICKS)


def find_answerers(rows: Sequence[Enrolment]) -> set[int]:
    """Return the enrolments whose customer wrote since the last message of the sequence."""
    since = min(_since(row) for row in rows)
    written = Message.objects.filter(
        direction=Direction.IN,
        automatic="",
        author__isnull=True,
        at__gt=since,
        person_id__in={r.person_id for r in rows},
    )
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


QUESTIONS = [
    ForkQuestion(name="visited", label=_("Have they come back to our pages?"), find=find_visitors),
    ForkQuestion(name="clicked", label=_("Have they clicked a link?"), find=find_clickers),
    ForkQuestion(name="answered", label=_("Have they answered?"), find=find_answerers),
]
