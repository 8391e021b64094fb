"""Load the data of a job's page in one query: stays, milestones, appointments, requests and the next update."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _

from crm.documents.models import DocumentRequest
from crm.documents.models.document_request_record import WAITING
from crm.jobs.models import Job, StageVisit
from crm.jobs.models.appointments import Appointment
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from portal.job.calendar import CustomerCalendar
from portal.job.hero import Work, arrival_words
from portal.job.line import LinePoint, LineStep, Mark, Progress, Stay, progress_line
from portal.job.money import invoices_of_job, quotes_of_job
from portal.models import Onboarding, PortalAsk, UpdatePlan
from portal.models.ask import ORIGIN
from service.models import Arrival, BookingRequest, Milestone
from service.models.booking_request import OPEN_FOR
from service.models.milestone import milestone_text

# What a page shows of each; a job has no more that a customer would read.
MOST_APPOINTMENTS = 10
MOST_REQUESTS = 20
MOST_MARKS = 40


def with_story(jobs: QuerySet[Job], now: datetime, person_id: int) -> QuerySet[Job]:
    """Annotate jobs with the data of their page, without another query."""
    of_job = OuterRef("pk")
    stays = StageVisit.objects.filter(job=of_job, left_at__isnull=False).order_by("entered_at", "pk")
    marks = Milestone.objects.filter(project__job=of_job, visibility=Milestone.Visibility.CUSTOMER)
    open_requests = DocumentRequest.objects.filter(job=of_job, state__in=WAITING).order_by("due_on", "pk")
    return jobs.select_related("site", "member", "brand", "project").annotate(
        told_stays=ArraySubquery(stays.values(_=JSONObject(step="stage_id", left="left_at"))),
        told_coming=_coming_appointments(of_job, now),
        told_marks=ArraySubquery(
            marks.order_by("position", "pk").values(
                _=JSONObject(name="name", texts="customer_texts", planned="planned_on", done="done_at")
            )[:MOST_MARKS]
        ),
        told_asked=ArraySubquery(
            open_requests.values(
                _=JSONObject(
                    uid="uid",
                    title="title",
                    note="note",
                    due="due_on",
                    reason="reason",
                    person="person_id",
                    kind="kind_id",
                )
            )[:MOST_REQUESTS]
        ),
        told_to_book=ArraySubquery(
            BookingRequest.objects.filter(job=of_job, ended_at=None, asked_at__gte=now - OPEN_FOR)
            .order_by("asked_at", "pk")
            .values(_=JSONObject(uid="uid", what="type__name"))[:MOST_REQUESTS]
        ),
        told_guide=ArraySubquery(
            Onboarding.objects.under_way().filter(person_id=person_id).values(_=JSONObject(toured="toured_at"))
        ),
        told_arrival=ArraySubquery(
            Arrival.objects.filter(project__job=of_job)
            .order_by("-day")
            .values(_=JSONObject(day="day", state="state", minutes="minutes"))[:1]
        ),
        told_quotes=quotes_of_job(of_job),
        told_invoices=invoices_of_job(of_job),
        told_visit=Subquery(_visits_asked(of_job).values("asked_at")[:1]),
        told_next=Subquery(UpdatePlan.objects.filter(job=of_job).values("next_due_at")[:1]),
        told_at_once=Exists(UpdatePlan.objects.filter(job=of_job, is_gathered=False)),
        told_daily=Exists(UpdatePlan.objects.filter(job=of_job, is_gathered=True, cadence_days=1)),
    )


def _coming_appointments(of_job: OuterRef, now: datetime) -> ArraySubquery:
    """Return upcoming appointments, each with its attending members."""
    who = ArrayAgg("attendances__member_id", default=[], filter=Q(attendances__is_offered=False))
    rows = Appointment.objects.coming(now).filter(job=of_job).by_time().annotate(who=who)
    facts = JSONObject(
        uid="uid",
        what="type__name",
        way="type__way",
        starts="starts_at",
        ends="ends_at",
        state="state",
        who="who",
        asked="asked_at",
        offered="offered_starts_at",
        held="held_until",
    )
    return ArraySubquery(rows.values(_=facts)[:MOST_APPOINTMENTS])


def _visits_asked(of_job: OuterRef) -> QuerySet[PortalAsk]:
    """Return requested visits whose follow-up is still open."""
    origin = Concat(Value(ORIGIN), Cast("pk", TextField()))
    planned = FollowUp.objects.open().filter(origin=OuterRef("origin"))
    asks: QuerySet[PortalAsk] = PortalAsk.objects.filter(job=of_job, kind=PortalAsk.Kind.VISIT)
    return asks.annotate(origin=origin).filter(Exists(planned)).order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class Coming:
    """An upcoming appointment. `who`: ids of attending members; `way`: a visit, a call …"""

    uid: str
    what: str
    way: str
    starts: datetime
    ends: datetime
    is_confirmed: bool
    # They asked for another time, and have none yet.
    is_being_moved: bool
    who: tuple[int, ...]
    # The other time they are asked about, and until when a time is held for them.
    offered: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True)
class RequestedDocument:
    """A document requested from the customer. `reason`: why an upload was returned; `kind`: its type.

    `person_id`: who is asked; None for the job's customer.
    """

    uid: str
    title: str
    note: str
    reason: str
    due: date | None
    kind: int = 0
    person_id: int | None = None


def _parse_instant(text: str | None) -> datetime | None:
    if text:
        return datetime.fromisoformat(text)
    return None


@dataclass(frozen=True)
class Story:
    """The data of a job as loaded by `with_story`, shown in the calendar of its place."""

    job: Any
    person_id: int
    calendar: CustomerCalendar

    @cached_property
    def coming(self) -> list[Coming]:
        """Upcoming appointments, earliest first."""
        return [
            Coming(
                row["uid"],
                row["what"],
                row["way"],
                datetime.fromisoformat(row["starts"]),
                datetime.fromisoformat(row["ends"]),
                row["state"] == "confirmed",
                row["asked"] is not None,
                tuple(row["who"]),
                _parse_instant(row["offered"]),
                _parse_instant(row["held"]),
            )
            for row in self.job.told_coming
        ]

    @cached_property
    def asked(self) -> list[RequestedDocument]:
        """Return the open requests on the job, of any person."""
        return [
            RequestedDocument(
                row["uid"],
                row["title"],
                row["note"],
                row["reason"],
                _parse_date(row["due"]),
                row["kind"],
                row["person"],
            )
            for row in self.job.told_asked
        ]

    @cached_property
    def to_book(self) -> list[tuple[str, str]]:
        """Appointments the customer can book: the id of each request, and its purpose."""
        return [(row["uid"], row["what"]) for row in self.job.told_to_book]

    @cached_property
    def next_update(self) -> date | None:
        """Day of the next scheduled update."""
        due = self.job.told_next
        if due:
            return max(self.calendar.day_of(due), self.calendar.today)
        return None

    @cached_property
    def work(self) -> Work | None:
        """The planned work; None without a project."""
        project = getattr(self.job, "project", None)
        if project is None:
            return None
        return Work(
            self._percent_done(project),
            project.starts_on,
            project.ends_on,
            project.is_held,
            project.hold_reason,
            project.hold_until,
            self._arrival_sentence(),
        )

    def _percent_done(self, project: Any) -> int:
        """Return the percentage done; 0 before work on site begins, even if preparations are done."""
        if project.finished_at:
            return 100
        has_begun = project.starts_on and project.starts_on <= self.calendar.today
        if has_begun or self.job.told_arrival:
            return project.percent
        return 0

    def _arrival_sentence(self) -> str:
        """Return today's report of the crew as a sentence, if there is one."""
        arrival = next(iter(self.job.told_arrival), None)
        if arrival is None or _parse_date(arrival["day"]) != self.calendar.today:
            return ""
        return arrival_words(arrival["state"], arrival["minutes"])

    @cached_property
    def crew(self) -> list[Member]:
        """Members of the crew, until the work is finished."""
        project = getattr(self.job, "project", None)
        organization = directory()
        team = None
        if project and not project.finished_at:
            team = organization.teams.get(project.team_id or 0)
        if team:
            return organization.members_of(team)
        return []

    @cached_property
    def points(self) -> list[LinePoint]:
        """Points of the progress line."""
        setup = pipeline_setup()
        job = self.job
        order = [stage for stage in setup.stages.values() if stage.pipeline_id == job.pipeline_id]
        order.sort(key=lambda stage: (setup.places[stage.phase_id], stage.position, stage.pk))
        seen = {stay["step"] for stay in job.told_stays} | {job.stage_id}
        stages = [stage for stage in order if stage.archived_at is None or stage.pk in seen]
        first_sold = min((setup.places[phase.pk] for phase in setup.phases if phase.is_sold), default=0)
        languages = (self.calendar.language, language_of(job.brand_id))
        steps = [
            LineStep(stage.pk, *text, setup.places[stage.phase_id] == first_sold, _next_title(text.title))
            for stage in stages
            if (text := stage.customer_text(languages))
        ]
        stays = [Stay(stay["step"], self._local_date(stay["left"])) for stay in job.told_stays]
        marks = [self._milestone_mark(row, languages) for row in job.told_marks]
        at = Progress(job.stage_id, job.state == "done", self.calendar.today)
        return progress_line([stage.pk for stage in stages], steps, stays, marks, at)

    def _milestone_mark(self, row: dict[str, Any], languages: tuple[str, ...]) -> Mark:
        text = milestone_text(row["texts"], row["name"], languages)
        # A name alone, "Cable laid", tells of it as done.
        coming_title = ""
        if text.coming in (row["name"], text.done):
            coming_title = _next_title(text.coming)
        return Mark(
            text.coming, "", _parse_date(row["planned"]), self._local_date(row["done"]), text.done, coming_title
        )

    def _local_date(self, written: str | None) -> date | None:
        if written:
            return self.calendar.day_of(datetime.fromisoformat(written))
        return None


def _next_title(title: str) -> str:
    return _("Next: %(what)s") % {"what": title}


def _parse_date(written: str | None) -> date | None:
    if written:
        return date.fromisoformat(written)
    return None


def language_of(brand_id: int) -> str:
    """Return the language of a brand."""
    return directory().brands[brand_id].language
