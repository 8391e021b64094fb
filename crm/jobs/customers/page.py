"""The page of a customer: contact details, all their jobs, one timeline over these, and possible duplicates."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import person_refusal, visible_people
from crm.jobs.fields.record_form import own_field_facts
from crm.jobs.list.rows import LeadRowMaker, html
from crm.jobs.models import Job, JobParty, Note
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.timeline.narrowing import timeline_context
from crm.jobs.timeline.sources import entries_of, replaced_kinds
from crm.jobs.timeline.timeline import MOST, timeline
from crm.kernel import clock, formats
from crm.people.models import ContactPoint, DuplicateCandidate, Merge, Person, Property
from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest

# Jobs shown; a firm's caretaker may have more, which the list of jobs finds.
MOST_JOBS = 100
SOURCES = {
    "typed": lambda: _("typed in"),
    "import": lambda: _("from an import"),
    "message": lambda: _("from a message"),
    "portal": lambda: _("from the portal"),
}


class PointLine(NamedTuple):
    """An address or number as displayed, and what is known of it."""

    point: ContactPoint
    shown: str
    href: str
    known: str


class Alike(NamedTuple):
    """A possible duplicate of the person."""

    person: Person
    reason: str


def context_of(request: TenantRequest, person: Person) -> dict[str, Any]:
    """Return the context of a person's page for this member; the number of queries does not grow with their jobs."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    jobs = _visible_jobs(person, request)
    refusal = person_refusal(person, jobs, by=member)
    points = [_point_line(point, reader) for point in person.contact_points.order_by("kind", "pk")]
    return {
        "person": person,
        "jobs": _render_rows(jobs, request, reader),
        "job_count": len(jobs),
        "first_open": next((job for job in jobs if job.is_open), jobs[0] if jobs else None),
        "phases": len(pipeline_setup().phases),
        **timeline_context(_timeline_of(person, jobs, request, reader), request, person),
        "points": points,
        **_first_points([one.point for one in points]),
        "places": _sites_of(jobs),
        "own_facts": own_field_facts(person, reader),
        "may_correct": allows(member, "jobs.correct") and not refusal,
        "not_theirs": refusal,
        "since": reader.day(person.created_at),
        **(_duplicates_context(person, member) if allows(member, "people.merge") else {}),
    }


def hero_context(person: Person, request: TenantRequest) -> dict[str, Any]:
    """Return the context of templates/jobs/customers/_hero.html for another page of the customer."""
    reader = Reader.of(request.member, clock.now())
    points = list(person.contact_points.order_by("kind", "pk"))
    jobs = _visible_jobs(person, request)
    return {
        "person": person,
        "since": reader.day(person.created_at),
        "first_open": jobs[0] if jobs else None,
        **_first_points(points),
    }


def _first_points(points: Sequence[ContactPoint]) -> dict[str, str]:
    """Return the first number and the first address."""
    values = {point.kind: point.value for point in reversed(points)}
    return {
        "phone": values.get(ContactPoint.PointKind.PHONE, ""),
        "email": values.get(ContactPoint.PointKind.EMAIL, ""),
    }


def _visible_jobs(person: Person, request: TenantRequest) -> list[Job]:
    """Return the visible jobs of which they are customer or participant; open ones first, newest first."""
    involved = JobParty.objects.filter(person=person).order_by().values("job_id")
    seen = Job.objects.visible_to(request.member).filter(Q(person=person) | Q(pk__in=involved))
    return sorted(seen.order_by("-pk")[:MOST_JOBS], key=lambda job: not job.is_open)


def _render_rows(jobs: list[Job], request: TenantRequest, reader: Reader) -> SafeString:
    """Render the jobs as rows of the list."""
    maker = LeadRowMaker(request.tenant.slug, reader, with_owner=True)
    return mark_safe("".join(html(maker.row(job)) for job in jobs))  # noqa: S308 - html() escapes what people typed


def _timeline_of(person: Person, jobs: list[Job], request: TenantRequest, reader: Reader) -> Any:
    ids = [job.pk for job in jobs]
    theirs = Event.objects.of(person) | Event.objects.filter(job_id__in=ids)
    events = list(theirs.exclude(kind__in=replaced_kinds()).order_by("-at", "-pk")[:MOST])
    notes = list(Note.objects.filter(job_id__in=ids).order_by("-at", "-pk")[:MOST])
    called = None
    if len(jobs) > 1:
        called = {job.pk: f"#{job.number} {job.title}" for job in jobs}
    return timeline(events, notes, reader, entries_of(person, request.member, reader), called)


def _point_line(point: ContactPoint, reader: Reader) -> PointLine:
    is_phone = point.kind == ContactPoint.PointKind.PHONE
    if is_phone:
        text = formats.phone(point.value, reader.country)
    else:
        text = point.value
    source = ""
    if point.source in SOURCES:
        source = SOURCES[point.source]()
    if point.verified_at:
        verified = _("confirmed")
    else:
        verified = _("not confirmed")
    details = " · ".join(filter(None, [point.note, verified, source]))
    if point.kind == ContactPoint.PointKind.WHATSAPP:
        return PointLine(point, text, "", details)
    return PointLine(point, text, f"{'tel' if is_phone else 'mailto'}:{point.value}", details)


def _sites_of(jobs: list[Job]) -> list[Property]:
    sites = {job.site_id for job in jobs if job.site_id}
    if sites:
        return list(Property.objects.filter(pk__in=sites).order_by("pk"))
    return []


def _duplicates_context(person: Person, member: Any) -> dict[str, Any]:
    """Return possible duplicates, and persons merged into this one, for members who may merge."""
    pairs = DuplicateCandidate.objects.filter(Q(one=person) | Q(other=person), decided_at=None).order_by("pk")
    pair_of = {pair.other_id if pair.one_id == person.pk else pair.one_id: pair for pair in pairs[:10]}
    others = visible_people(member).in_bulk(list(pair_of))
    alike = [Alike(other, pair_of[pk].get_reason_display()) for pk, other in others.items()]
    merges = Merge.objects.filter(kept=person, taken_back_at=None).select_related("merged").order_by("-at")
    return {"may_merge": True, "alike": alike, "merges": list(merges[:10])}
