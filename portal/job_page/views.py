"""The job page, and its part that refreshes itself."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comms.appointments.links import appointment_url
from crm.documents.models import Document, DocumentVersion
from crm.documents.serving.addresses import AddressUse
from crm.jobs.models import Job, JobState
from crm.jobs.models.appointments import Appointment
from crm.jobs.pipelines.pipeline import ProgressDrawing
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.models import Event
from portal.access.pages import PortalRequest, only_looking, portal_page
from portal.access.viewer import Level, PortalViewer
from portal.documents.holder import url_for
from portal.documents.reading import Paper, documents_of, is_personal, papers_of
from portal.job.amounts import portal_amount
from portal.job.calendar import CustomerCalendar
from portal.job.hero import build_hero
from portal.job.lookup import found_job
from portal.job.money import money_entries
from portal.job.reading import Story, with_story
from portal.job.tasks import tasks_of
from portal.job_page.drawing import roof_paths
from portal.messages.answer_time import usual_answer
from portal.messages.conversation import conversation_of
from portal.portfolio.places import places_of
from portal.team.team import numbers_of, team_of
from service.booking.links import address_of
from service.models import BookingRequest

# Of the conversation and their other places so many are shown; each has a page of its own.
LAST_MESSAGES = 4
MOST_JOBS = 50


@require_safe
@portal_page(level=Level.LINK)
def job(request: PortalRequest, number: int) -> HttpResponse:
    """Show the job: progress, conversation, team, and the customer's other places."""
    page_data = _read_job(request, number)
    viewer = request.viewer
    row = page_data.story.job
    may_write = viewer.may(row, "messages")
    places = viewer.jobs().select_related("site").exclude(pk=row.pk).order_by("-pk")[:MOST_JOBS]
    messages = []
    if may_write:
        messages = conversation_of(viewer, row, page_data.story.calendar, most=LAST_MESSAGES)
    sees_papers = viewer.may(row, "documents") or viewer.may(row, "photos")
    page = page_data.context() | {
        "newest": newest_photos(viewer, page_data.story) if sees_papers else None,
        "conversation": messages,
        "may_write": may_write,
        "usually": usual_answer(row.member) if may_write and row.member else "",
        "key": uuid4(),
        "guide": next(iter(row.told_guide), None) if viewer.level >= Level.SESSION else None,
        "places": places_of(places),
        "money": money_entries(viewer, row, page_data.story.calendar),
        "mark": _page_etag(request, row),
    }
    return render(request, "portal/job/page.html", page)


@require_safe
@portal_page(level=Level.LINK)
def job_now(request: PortalRequest, number: int) -> HttpResponse:
    """Return the self-refreshing part of the page; 304 if nothing changed."""
    mark = _page_etag(request, found_job(request.viewer, number))
    if request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified()
    response = render(request, "portal/job/_now.html", _read_job(request, number).context())
    response["ETag"] = mark
    return response


@require_safe
@portal_page()
def appointment(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Redirect to the page of an appointment, to confirm it or ask for another time.

    Whoever holds that page's address may act: it is handed out for a code alone, and to no colleague who looks.
    """
    row = Appointment.objects.filter(uid=uid, job__in=request.viewer.jobs().order_by()).first()
    if row is None:
        raise Http404("not their appointment")
    if request.viewer.is_preview:
        return only_looking(request)
    return redirect(appointment_url(row))


@require_safe
@portal_page()
def booking(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Redirect to the page where the customer books a requested appointment."""
    jobs = request.viewer.jobs().order_by()
    row = BookingRequest.objects.select_related("job").filter(uid=uid, job__in=jobs).first()
    if row is None or not request.viewer.may_answer(row.job, None):
        raise Http404("not asked of them")
    if request.viewer.is_preview:
        return only_looking(request)
    return redirect(address_of(row))


def _page_etag(request: PortalRequest, job: Job) -> str:
    """Return the ETag: the job's last event, the hour, the language and the viewer."""
    last = Event.objects.of_job(job.pk).order_by("-pk").values_list("pk", flat=True).first()
    parts = (last, f"{clock.now():%Y%m%d%H}", get_language(), request.viewer.level, request.viewer.person.pk)
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def _read_job(request: PortalRequest, number: int) -> "JobPageData":
    rows = with_story(request.viewer.jobs(), clock.now(), request.viewer.person.pk)
    row = found_job(request.viewer, number, jobs=rows)
    story = Story(row, request.viewer.person.pk, CustomerCalendar.of(row, clock.now()))
    return JobPageData(request.viewer, story, request.company.slug)


@dataclass(frozen=True)
class JobPageData:
    """Context of the part of the job page that refreshes itself."""

    viewer: PortalViewer
    story: Story
    company: str

    @cached_property
    def percent(self) -> int:
        """Percentage of the work done; 0 before it begins."""
        if self.story.work:
            return self.story.work.percent
        if self.story.job.state == JobState.DONE:
            return 100
        return 0

    def _visit_asked(self) -> str:
        """Return the day a visit was requested that is not planned yet; blank without one."""
        if self.viewer.level < Level.SESSION or not self.viewer.may(self.story.job, "messages"):
            return ""
        asked_at = self.story.job.told_visit
        calendar = self.story.calendar
        if asked_at:
            return calendar.say(calendar.day_of(asked_at))
        return ""

    def context(self) -> dict[str, object]:
        """Return the template's context."""
        story = self.story
        row = self.story.job
        calendar = story.calendar
        end = {JobState.DONE: "done", JobState.LOST: "lost", JobState.DROPPED: "lost"}.get(row.state, "")
        is_roof = pipeline_setup().pipelines[row.pipeline_id].drawing == ProgressDrawing.ROOF
        return {
            "job": row,
            "now_url": reverse("portal:job_now", kwargs={"company": self.company, "number": row.number}),
            "hero": build_hero(story.points, story.work, calendar.days, end=end),
            "percent": self.percent,
            "roof": roof_paths(self.percent) if is_roof else None,
            "drawn": portal_amount(self.percent),
            "tasks": [] if end else tasks_of(story, self.viewer, self.company),
            "is_over": bool(end),
            "points": [(point, calendar.short(point.day) if point.day else "") for point in story.points],
            "coming": [] if end else [(one, calendar.moment(one.starts)) for one in story.coming],
            "next_update": _next_update(story, calendar),
            "hears_each": row.told_at_once,
            "team": team_of(row, story.coming, calendar, crew=story.crew) if self.viewer.may(row, "team") else [],
            "numbers": numbers_of(row),
            "may_share": self.viewer.may_share(row),
            "may_ask": self.viewer.level >= Level.SESSION and self.viewer.may(row, "messages"),
            "visit_asked": self._visit_asked(),
        }


def _next_update(story: Story, calendar: CustomerCalendar) -> str:
    """Return when the next update is due, in words; blank if none is."""
    if story.next_update is None:
        return ""
    if story.job.told_daily:
        return _("The next day there is news")
    return calendar.say(story.next_update)


LAST_PAPERS = 5
LAST_PHOTOS = 4


class Newest(NamedTuple):
    """Newest documents and photos, with thumbnail URLs."""

    papers: list[Paper]
    photos: list[tuple[Document, str]]


def newest_photos(viewer: PortalViewer, story: Story) -> Newest:
    """Return the newest photos the viewer may see."""
    rows = documents_of(viewer, story.job)
    others = [row for row in rows if not row.is_photo][:LAST_PAPERS]
    shown = [row for row in rows if row.in_gallery and (viewer.level >= Level.SESSION or not is_personal(row))]
    by_id = {row.pk: row for row in shown[:LAST_PHOTOS]}
    versions = DocumentVersion.objects.filter(document__in=by_id, number=F("document__number")) if by_id else ()
    photos = [(by_id[one.document_id], url_for(viewer, one, AddressUse.SMALL)) for one in versions if one.has_preview]
    return Newest(papers_of(others, viewer, story.calendar), photos)
