"""Pages of enrolments: their list, one with its log, and what a member does with one."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crm.jobs.customers.views import seen_person
from crm.jobs.views.job_action import get_job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import RowAction, Toast
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.sequences.enrolments.enrolment_list import ENROLMENTS
from followups.sequences.enrolments.enrolment_page import page_of
from followups.sequences.enrolments.panel import panel_of_job, panel_of_person
from followups.sequences.enrolments.rows import enrolment_rows
from followups.sequences.member_acts import pause_enrolment, resume_enrolment, skip_wait, stop_enrolment, take_back_end
from followups.sequences.models import Enrolment
from followups.sequences.views.frame import ENROL, VIEW, page_context

# The hour at which an enrolment goes on, on the day that is named.
MORNING = time(8)


@require(VIEW)
def enrolments(request: TenantRequest) -> HttpResponse:
    """List the enrolments that match the filters, limited to leads the member sees."""
    filters = ENROLMENTS.read(request.GET, request.member)
    page = read_page(ENROLMENTS.apply(filters, request.member), request.GET, ENROLMENTS.order_of(filters))
    context = {
        "page": page,
        "rows": enrolment_rows(page.rows, _reader(request), request.tenant.slug),
        "first_url": filters.query(),
        **frame(request, ENROLMENTS, filters),
        **page_context(request),
    }
    return render(request, "followups/sequences/enrolments.html", context)


@require(VIEW)
def enrolment(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one enrolment: where it stands, what was sent, and what not and why."""
    return enrolment_page(request, _get_enrolment(request, uid))


@require(VIEW)
def job_panel(request: TenantRequest, number: int) -> HttpResponse:
    """Show the panel with the sequences of a lead; without scripts a page."""
    job = get_job(request, number)
    return _render_panel(request, panel_of_job(job, request.member, _reader(request), request.tenant.slug))


@require(VIEW)
def person_panel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the sequences of a customer's leads."""
    person = seen_person(request, uid)
    return _render_panel(request, panel_of_person(person, request.member, _reader(request), request.tenant.slug))


def _reader(request: TenantRequest) -> Reader:
    return Reader.of(request.member, clock.now())


def _get_enrolment(request: TenantRequest, uid: UUID) -> Enrolment:
    row: Enrolment | None = Enrolment.objects.visible_to(request.member).filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


def _render_panel(request: TenantRequest, panel: Any, status: int = 200, told: str = "") -> HttpResponse:
    context = {"panel": panel, "told": told, "trouble": status != 200}
    if request.htmx:
        template = "followups/sequences/_panel.html"
    else:
        template = "followups/sequences/panel.html"
    return render(request, template, context, status=status)


def enrolment_page(request: TenantRequest, row: Enrolment, status: int = 200, told: str = "") -> HttpResponse:
    """Render the page of an enrolment."""
    context = page_of(row, request.member, _reader(request), request.tenant.slug)
    context |= {"told": told, "trouble": status != 200}
    return render(request, "followups/sequences/enrolment.html", context, status=status)


class EnrolmentAction(RowAction[Enrolment]):
    """An action on an enrolment. Panels send `come_from`: the lead or the customer they stand beside."""

    model = Enrolment
    permission = ENROL

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Enrolment:
        row = _get_enrolment(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Enrolment, toast: Toast) -> HttpResponse:
        come_from = request.POST.get("come_from", "")
        if not request.htmx or come_from not in ("job", "person"):
            if toast.status != 200:
                return enrolment_page(request, row, toast.status, toast.text)
            return super().answer(request, row, toast)
        reader = _reader(request)
        slug = request.tenant.slug
        if come_from == "job":
            panel = panel_of_job(row.job, request.member, reader, slug)
        else:
            panel = panel_of_person(row.person, request.member, reader, slug)
        if toast.status != 200:
            return _render_panel(request, panel, toast.status, toast.text)
        response = _render_panel(request, panel)
        response.write(render_to_string("components/toast.html", {"told": toast}, request))
        return response


action = EnrolmentAction()


@action("sequence.ended")
def stop(request: TenantRequest, row: Enrolment) -> str:
    """Stop an enrolment. Its open follow-up is cancelled, its waiting message dropped."""
    stop_enrolment(row, by=request.member, why=request.POST.get("why", ""))
    return _("Stopped.")


@action()
def pause(request: TenantRequest, row: Enrolment) -> str:
    """Pause an enrolment, until a day or until somebody resumes it."""
    day = request.POST.get("until", "")
    until = None
    if day:
        until = _morning(request, day)
    pause_enrolment(row, until=until, by=request.member)
    return _("Paused.")


def _morning(request: TenantRequest, text: str) -> datetime:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("Enter a day."))
    return datetime.combine(day, MORNING, _reader(request).zone)


@action()
def resume(request: TenantRequest, row: Enrolment) -> str:
    """Let a paused enrolment go on."""
    resume_enrolment(row, by=request.member)
    return _("It goes on.")


@action()
def skip(request: TenantRequest, row: Enrolment) -> str:
    """End the wait at which an enrolment stands: the next step is done now."""
    skip_wait(row, by=request.member)
    return _("The wait is skipped.")


@action()
def put_back(request: TenantRequest, row: Enrolment) -> str:
    """Put a lead back where it was when it left."""
    take_back_end(row, by=request.member)
    return _("It is back in the sequence.")
