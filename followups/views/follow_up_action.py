"""Base of a follow-up's action views: look it up, and answer with its present state."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.platform import undo
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.reader import Reader
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from followups.details.reminder_block import reminder_block
from followups.feed import meeting_urls_of
from followups.models import CustomerAct, FollowUp, FollowUpOutcome
from followups.models.follow_up_undo import PLANNED
from followups.next_step.customer_acts import why_completed
from followups.notes.lines import read_note_lines
from followups.planning.new_follow_up import describe_planned
from followups.reminders.fields import field_choices
from followups.row_html import FollowUpRowHtml
from followups.rows import FollowUpRowBuilder
from followups.time_choices import list_time_chips
from followups.views.renewal import renewal_context


def get_follow_up(request: TenantRequest, uid: UUID) -> FollowUp:
    """Return the follow-up with this id, if the member may see it."""
    follow_up: FollowUp | None = FollowUp.objects.visible_to(request.member).filter(uid=uid).first()
    if follow_up is None:
        raise Http404
    return follow_up


def act_reader(request: TenantRequest) -> Reader:
    """Return the member's reader at the instant of their act, by which "tomorrow" in a form is read."""
    return Reader.of(request.member, getattr(request, "acted_at", None) or clock.now())


class FollowUpAction(RowAction[FollowUp]):
    """An action on a follow-up."""

    permission = "followups.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> FollowUp:
        follow_up = get_follow_up(request, named["uid"])
        if lock:
            follow_up.lock()
        return follow_up

    def check(self, request: TenantRequest, row: FollowUp) -> None:
        row.expect_version(request.POST.get("version", ""))

    def answer(self, request: TenantRequest, row: FollowUp, toast: Toast) -> HttpResponse:
        return answer_action(request, row, toast)

    def stale_text(self, request: TenantRequest, row: FollowUp) -> str:
        return stale_message()


action = FollowUpAction()


def planned_toast(request: TenantRequest, planned: FollowUp, reader: Reader) -> Toast:
    """Return the toast of a new follow-up, with its undo; a series is ended on its own page instead."""
    change = None
    if planned.series_id is None:
        change = undo.record_created(PLANNED, [planned], by=request.member, at=planned.created_at)
    return action.success_toast(request, planned, describe_planned(planned, reader), change)


def answer_action(request: TenantRequest, follow_up: FollowUp, toast: Toast) -> HttpResponse:
    """Answer with the fragment of the form, or the page it came from; errors are shown on the follow-up's page."""
    if request.htmx and request.POST.get("on"):
        return _answer_layout(request, follow_up, toast)
    if request.htmx and request.POST.get("come_from") == "menu" and toast.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return complete_menu(request, follow_up, toast.text)
    if request.htmx:
        response = _render_fragment(request, follow_up, toast.status, toast.text)
        add_toast(request, response, follow_up, toast)
        response["HX-Trigger"] = "followups"
        return response
    if toast.status != HTTPStatus.OK:
        return follow_up_page(request, follow_up, toast.status, toast.text)
    messages.success(request, toast.text, extra_tags=toast.undo)
    return redirect(return_url(request, follow_up))


def _answer_layout(request: TenantRequest, follow_up: FollowUp, toast: Toast) -> HttpResponse:
    """Answer an act on the board, in the calendar or on the timeline: with a message; the page then reloads itself."""
    if request.POST.get("come_from") == "menu" and toast.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return complete_menu(request, follow_up, toast.text)
    named = replace(toast, text=f"{follow_up.undo_name} · {toast.text}")
    response = HttpResponse(render_to_string("components/toast.html", {"told": named}, request), status=toast.status)
    response["HX-Trigger"] = "followups"
    return response


def add_toast(request: TenantRequest, response: HttpResponse, follow_up: FollowUp, toast: Toast) -> None:
    """Add the undo toast to the fragment; its text names the follow-up."""
    if toast.undo:
        full_toast = replace(toast, text=f"{follow_up.undo_name} · {toast.text}")
        response.write(render_to_string("components/toast.html", {"told": full_toast}, request))


def _render_fragment(request: TenantRequest, follow_up: FollowUp, status: int, told: str) -> HttpResponse:
    if request.POST.get("come_from") == "panel":
        # Who has a follow-up does not always see its lead.
        job = Job.objects.visible_to(request.member).filter(pk=follow_up.job_id).first()
        if job:
            return render_panel(request, job, status, told, trouble=status != 200)
    reader = Reader.of(request.member, clock.now())
    row = FollowUpRowBuilder(request, reader, [follow_up]).row(follow_up)
    trouble = status != HTTPStatus.OK
    asks_then = not row.is_open and row.number and not trouble and not request.POST.get("then", "").strip()
    context = {
        "row_html": FollowUpRowHtml(request, may_pick=True).html(row, told=told, trouble=trouble),
        "number": row.number if asks_then else None,
        "after": follow_up.uid,
    }
    return render(request, "followups/_row.html", context, status=status)


def complete_menu(request: TenantRequest, follow_up: FollowUp, why: str = "") -> HttpResponse:
    """Render the menu of a row's checkbox: outcome, result and next follow-up. Without scripts it is a page."""
    if not request.htmx:
        return follow_up_page(request, follow_up)
    reader = Reader.of(request.member, clock.now())
    context = {
        "row": FollowUpRowBuilder(request, reader, [follow_up]).row(follow_up),
        "why": why,
        "given": request.POST,
        "on": request.POST.get("on", request.GET.get("on", ""))[:20],
    }
    if why:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    context |= form_choices(reader) | renewal_context(request, follow_up, reader)
    response = render(request, "followups/_complete_menu.html", context, status=status)
    if why:
        response["HX-Retarget"], response["HX-Reswap"] = "#menu", "innerHTML"
    return response


def return_url(request: TenantRequest, follow_up: FollowUp | None) -> str:
    """Return the URL of the page the form is on; the list by default."""
    return safe_next(request) or reverse("followups:list", args=[request.tenant.slug])


def follow_up_page(request: TenantRequest, follow_up: FollowUp, status: int = 200, told: str = "") -> HttpResponse:
    """Render the page of one follow-up, with its actions."""
    reader = Reader.of(request.member, clock.now())
    choice = reminder_block(follow_up, reader)
    context: dict[str, Any] = {
        "row": FollowUpRowBuilder(request, reader, [follow_up]).row(follow_up),
        "follow_up": follow_up,
        "told": told,
        "trouble": status != 200,
        "is_video": follow_up.is_by_video,
        "meeting_url": meeting_urls_of([follow_up]).get(follow_up.pk, ""),
        "due": reader.moment(follow_up.due_at) if follow_up.due_at else "",
        "promised": reader.long_day(follow_up.limit_at) if follow_up.limit_at else "",
        "missed": reader.moment(follow_up.missed_at) if follow_up.missed_at else "",
        "completed": reader.moment(follow_up.completed_at) if follow_up.completed_at else "",
        "why_completed": why_completed(follow_up),
        "acts": CustomerAct.choices,
        "members": [row for row in directory().members.values() if row.active],
        "priorities": Priority.choices,
        "choice": choice,
        "note_lines": read_note_lines([follow_up], reader, request.member.pk)[follow_up.pk],
        **form_choices(reader),
        **field_choices(choice["fields"], with_whatsapp=bool(choice["recipients"])),
        **renewal_context(request, follow_up, reader),
    }
    return render(request, "followups/follow_up.html", context, status=status)


def render_panel(
    request: TenantRequest, job: Job, status: int = 200, told: str = "", *, trouble: bool = False, whole: bool = False
) -> HttpResponse:
    """Render a job's next step, its other planned follow-ups, and a line to plan more."""
    reader = Reader.of(request.member, clock.now())
    waiting = list(FollowUp.objects.of_job(job.pk).open().by_time()[:20])
    maker = FollowUpRowBuilder(request, reader, waiting)
    rows = [maker.row(row) for row in waiting]
    context: dict[str, Any] = {
        "job": job,
        "row": rows[0] if rows else None,
        "others": rows[1:],
        "note_lines": read_note_lines(waiting[:1], reader, request.member.pk).get(waiting[0].pk if waiting else 0, []),
        "told": told,
        "trouble": trouble,
        "text": request.POST.get("text", "") if trouble else "",
        "lead_url": reverse("leads:lead", args=[request.tenant.slug, job.number]),
        **form_choices(reader),
    }
    if waiting:
        context |= renewal_context(request, waiting[0], reader)
    template = "followups/_panel.html"
    if whole:
        template = "followups/panel.html"
    return render(request, template, context, status=status)


def form_choices(reader: Reader) -> dict[str, Any]:
    """Return the options of the forms."""
    return {"outcomes": FollowUpOutcome.choices, "chips": list_time_chips(reader), "today": reader.today.isoformat()}
