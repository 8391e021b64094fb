"""List of a customer's places: next step and date, open tasks and unread messages of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from comms.models import Direction, Message
from crm.jobs.models import Job
from crm.kernel import clock
from portal.access.viewer import Level, PortalViewer
from portal.job.calendar import CustomerCalendar
from portal.job.money import MoneyEntry, money_entries
from portal.job.reading import Story, with_story
from portal.job.tasks import tasks_of
from portal.messages.conversation import MEDIA, PURPOSES
from portal.models import PortalVisit
from portal.portfolio.places import CustomerPlace, places_of
from tickets.models import Entry

# What is older is no news.
UNREAD_FOR = timedelta(days=60)
# The pages on which a conversation is read.
_READ_ON = ("portal:job", "portal:messages")


@dataclass(frozen=True)
class PlaceLine:
    """A place: next step and its day, number of open tasks, number of unread messages, and quotes and invoices."""

    place: CustomerPlace
    next_what: str
    next_day: str
    needs: int
    unread: int
    money: list[MoneyEntry]


def lines_of(viewer: PortalViewer, jobs: Any, company: str) -> list[PlaceLine]:
    """Return a line per job, those with open tasks first. The number of queries is constant."""
    now = clock.now()
    rows = list(with_story(jobs, now, viewer.person.pk))
    unread = _count_unread(viewer, rows)
    lines = []
    for place in places_of(rows):
        story = Story(place.job, viewer.person.pk, CustomerCalendar.of(place.job, now))
        if place.job.is_open:
            what, day = _next_step(story)
        else:
            what, day = ("", "")
        needs = 0
        if place.job.is_open:
            needs = len(tasks_of(story, viewer, company))
        money = money_entries(viewer, place.job, story.calendar)
        lines.append(PlaceLine(place, what, day, needs, unread[place.job.pk], money))
    return sorted(lines, key=lambda line: not (line.needs or line.unread))


def _next_step(story: Story) -> tuple[str, str]:
    """Return the next step and its date: an appointment or a planned point of the line, whichever is earlier."""
    calendar = story.calendar
    dated = [(calendar.day_of(one.starts), one.what, calendar.moment(one.starts)) for one in story.coming]
    dated += [
        (point.day, point.title, calendar.say(point.day))
        for point in story.points
        if point.day and not point.is_done and point.day >= calendar.today
    ]
    if not dated:
        return "", ""
    _day, what, words = min(dated, key=lambda one: one[0])
    return what, words


def _count_unread(viewer: PortalViewer, jobs: Sequence[Job]) -> Counter[int]:
    """Count our messages per job since the viewer last opened it; none for a viewer by link."""
    seen = []
    if viewer.level >= Level.SESSION:
        seen = [job for job in jobs if viewer.may(job, "messages")]
    if not seen or viewer.access.pk is None:
        return Counter()
    visits = PortalVisit.objects.filter(access=viewer.access, page__in=_READ_ON).values_list("number")
    opened = dict(visits.annotate(last=Max("at")))
    numbers = {job.pk: job.number for job in seen}
    ticket_job = Entry.objects.filter(message=OuterRef("pk")).values("ticket__job_id")[:1]
    about = Coalesce(Subquery(ticket_job), F("job_id"), output_field=BigIntegerField())
    since = clock.now() - UNREAD_FOR
    sent = Message.objects.filter(
        person=viewer.person, direction=Direction.OUT, state=Message.State.SENT, medium__in=MEDIA, at__gte=since
    ).filter(Q(automatic=""), purpose__in=PURPOSES)
    rows = sent.annotate(about=about).filter(about__in=list(numbers)).values_list("about", "at")
    return Counter(job_id for job_id, at in rows if at > opened.get(numbers[job_id], since))
