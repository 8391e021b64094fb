"""The page of one project for the office, and one for phones on site."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from crm.documents.models import Document
from crm.jobs.appointments.setup import appointment_types
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.models import Arrival, Asset, FieldPhoto, HandOff, Project
from service.models.arrival import DELAYS
from service.projects.project_days import is_ahead, project_dates, project_day_number
from service.projects.project_list import local_day
from service.projects.views.project_action import find_project
from service.setup.template_form import milestone_fields

# Photos the page shows; the job's documents have all of them.
MOST_PHOTOS = 12


@require("projects.view")
def project(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one project. Reading it is recorded in the access log."""
    row = find_project(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    reader = Reader.of(request.member, clock.now())
    job = row.job
    words = ClockWords(job, reader)
    context = {
        **_common(request, row, reader),
        "may_show": allows(request.member, "projects.work") and not row.finished_at,
        "bar": words.bar(shapes()[job.pipeline_id]),
        "phases": pipeline_setup().phases,
        "pipeline": pipeline_setup().pipelines[job.pipeline_id].name,
        "teams": [team for team in directory().teams.values() if team.archived_at is None],
        "hand_off": HandOff.objects.filter(pk=row.pk).select_related("seller").first(),
        "to_book": _to_book(row),
        "assets": Asset.objects.present().filter(site_id=job.site_id) if job.site_id else [],
        "today": reader.today.isoformat(),
        "reports": [
            (one, reader.near(one.sent_at) if one.sent_at else "")
            for one in row.reports.order_by("-created_at", "-pk")[:10]
        ],
        "accepted": reader.moment(row.accepted_at),
    }
    return render(request, "service/project.html", context)


@require("projects.work")
def field(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the project for a phone on site: address, milestones, camera."""
    row = find_project(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    return render(request, "service/field.html", _common(request, row, Reader.of(request.member, clock.now())))


def _common(request: TenantRequest, row: Project, reader: Reader) -> dict[str, Any]:
    milestones = [
        {
            "row": one,
            "is_late": one.is_late(reader.today),
            "planned": reader.date(one.planned_on) if one.planned_on else "",
            "done": reader.near(one.done_at) if one.done_at else "",
            "texts": milestone_fields(one.customer_texts),
        }
        for one in row.milestones.in_order().select_related("done_by")
    ]
    arrival = Arrival.objects.on(local_day()).filter(project=row).first()
    return {
        "project": row,
        "job": row.job,
        "sees_job": row.job.is_visible_to(request.member),
        "arrival": arrival,
        "said": reader.time(arrival.said_at) if arrival else "",
        "delays": DELAYS,
        "milestones": milestones,
        "day": project_day_number(row, reader.today),
        "days": len(project_dates(row)),
        "is_ahead": is_ahead(row, reader.today),
        "starts": reader.date(row.starts_on) if row.starts_on else "",
        "ends": reader.date(row.ends_on) if row.ends_on else "",
        "hold_until": reader.date(row.hold_until) if row.hold_until else "",
        "photos": FieldPhoto.objects.filter(project=row).count(),
        "shown": field_photos(row, request.member) if allows(request.member, "documents.view") else [],
        "may_work": allows(request.member, "projects.work"),
        "here": request.path,
    }


def field_photos(row: Project, member: Member) -> list[Document]:
    """Return the newest photos taken on site that the member may open."""
    ids = FieldPhoto.objects.filter(project=row).values("document_id")
    return list(
        Document.objects.visible_to(member).live().filter(pk__in=ids).order_by("-taken_at", "-pk")[:MOST_PHOTOS]
    )


def _to_book(row: Project) -> list[AppointmentType]:
    """Return the template's appointments that are not booked yet."""
    if row.template is None or row.finished_at:
        return []
    booked = set(Appointment.objects.filter(job_id=row.pk).exclude(state="cancelled").values_list("type_id", flat=True))
    types = appointment_types()
    return [types[plan["type"]] for plan in row.template.appointments if plan["type"] in set(types) - booked]
