"""Base of a lead's action views: look up the lead, and respond with its current state."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.jobs.timeline.timeline import sentence
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Change, Event
from crm.web.actions.row_action import Act, RowAction, Toast, safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_fragments, record_link, record_page, record_url, records_url


class JobGone(Exception):
    """The member saw the lead a moment ago, and may no longer see it."""

    def __init__(self, job: Job) -> None:
        super().__init__("the job is somebody else's by now")
        self.job = job


def get_job(request: TenantRequest, number: int, *, lock: bool = False) -> Job:
    """Return the visible lead with this number. Raises Gone if the form proves they just saw it."""
    seen = Job.objects.visible_to(request.member).filter(number=number)
    try:
        job: Job = (seen.select_for_update() if lock else seen).get()
    except Job.DoesNotExist:
        raise _missing_error(request, number) from None
    return job


def _missing_error(request: TenantRequest, number: int) -> Exception:
    hidden: Job | None = None
    if request.POST.get("stay"):
        hidden = Job.objects.filter(number=number).first()
    if hidden and hidden.stay == request.POST["stay"]:
        return JobGone(hidden)
    return Http404()


class JobAction(RowAction[Job]):
    """An action on a lead."""

    permission = "jobs.move"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Job:
        return get_job(request, named["number"], lock=lock)

    def check(self, request: TenantRequest, row: Job) -> None:
        # Which stay it was shown is the verb's to compare: two who want the same are no conflict.
        if not request.POST.get("stay"):
            raise Refused(_("The form was incomplete. Nothing was changed."))

    def run(self, request: TenantRequest, kind: str, act: Act[Job], named: dict[str, Any]) -> HttpResponse:
        try:
            return super().run(request, kind, act, named)
        except JobGone as late:
            return _answer_gone(request, late.job, lost_access_words(late.job, _reader_of(request)))

    def answer(self, request: TenantRequest, row: Job, toast: Toast) -> HttpResponse:
        return answer(request, row, toast)

    def stale_text(self, request: TenantRequest, row: Job) -> str:
        return overtaken(row, _reader_of(request))

    def success_toast(self, request: TenantRequest, row: Job, text: str, change: Change | None) -> Toast:
        back = ""
        if change and change.pk:
            back = undo_url(request, change.uid)
        if change and change.kind == "job.moved" and row.is_open and not row.next_step_kind:
            plan = record_link(row, "plan", by=request.member, slug=request.tenant.slug)
            return Toast(f"{text} {_('No next step is planned.')}", undo=back, plan=plan)
        return Toast(text, undo=back)


action = JobAction()


def _reader_of(request: TenantRequest) -> Reader:
    return Reader.of(request.member, clock.now())


def undo_url(request: TenantRequest, uid: UUID) -> str:
    """Return the URL that undoes an action."""
    return reverse("jobs:undo", args=[request.tenant.slug, uid])


def answer(request: TenantRequest, job: Job, toast: Toast) -> HttpResponse:
    """Respond with fragments of the form's page, or that page; without scripts, a message and a redirect."""
    if request.htmx:
        return _fragment_response(request, job, toast)
    page = record_page(Job)
    if toast.status != 200 and page and page.render:
        return page.render(request, job, toast.status, toast.text)
    messages.success(request, toast.text, extra_tags=toast.undo)
    return redirect(back(request, job))


def answer_many(request: TenantRequest, toast: Toast) -> HttpResponse:
    """Respond to an action on many leads with a message; the list then requests its rows again."""
    if not request.htmx:
        messages.add_message(
            request, messages.SUCCESS if toast.status == 200 else messages.WARNING, toast.text, extra_tags=toast.undo
        )
        return redirect(back(request, None))
    response = _toast_response(request, "", toast, None)
    # Not "leads": the rows bring the counts' own request with them, and the present one would answer into nothing.
    response["HX-Trigger"] = json.dumps({"acted": {}, "crossing": {"target": "#rows"}})
    return response


def back(request: TenantRequest, job: Job | None) -> str:
    """Return the URL of the page that the form is on or was opened from; by default the lead's own page."""
    if place := safe_next(request):
        return place
    slug = request.tenant.slug
    if job:
        return record_url(job, slug)
    return records_url(Job, slug)


def _answer_gone(request: TenantRequest, job: Job, text: str) -> HttpResponse:
    if request.htmx:
        row = f'<template><tr id="r{job.number}" hx-swap-oob="delete"></tr></template>'
        return _toast_response(request, row if request.POST.get("on") == "list" else "", Toast(text, 409), job)
    messages.warning(request, text)
    return redirect(records_url(Job, request.tenant.slug))


def _fragment_response(request: TenantRequest, job: Job, toast: Toast) -> HttpResponse:
    draw = _fragment_renderers().get(request.POST.get("on", ""))
    return _toast_response(request, draw(request, job) if draw else "", toast, job)


def _fragment_renderers() -> Mapping[str, Callable[..., str]]:
    """Return the renderer of a job's fragment on the pages of other apps, by the name their forms send."""
    return record_fragments(Job)


def _toast_response(request: TenantRequest, fresh: str, toast: Toast, job: Job | None) -> HttpResponse:
    context = {"told": toast, "on": request.POST.get("on", ""), "lead": job}
    body = fresh + render_to_string("components/toast.html", context, request)
    response = HttpResponse(body, status=toast.status)
    # The counts request themselves again, and open menus close.
    response["HX-Trigger"] = "leads"
    return response


def sheet(request: TenantRequest, job: Job, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a menu or dialog, as a fragment if the page has a place for it, otherwise as a page.

    `name`: of a template of jobs, or the path of an upper app's.
    """
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    on = posted.get("on", "")
    if "/" in name:
        template = name
    else:
        template = f"jobs/_{name}.html"
    context |= {"job": job, "on": on if on in _fragment_renderers() and request.htmx else "", "sheet": template}
    response = render(request, context["sheet"] if request.htmx else "jobs/sheet.html", context, status=status)
    if status == 422:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


# Actions after which another page shows outdated facts of a job.
ACTS = (
    "moved turned paused resumed finished lost dropped reopened assigned prioritized undone heard answered contacted"
).split()


def overtaken(job: Job, reader: Reader) -> str:
    """ "Mona Manager moved it from New to Quote sent, just now. This is how it is now." """
    kinds = [f"job.{act}" for act in ACTS]
    last = Event.objects.of_job(job.pk).filter(kind__in=kinds).order_by("-pk").first()
    if last is None:
        return _("Someone else changed this in the meantime. This is how it is now.")
    values = {"what": sentence(last, reader), "when": _ago_words(last, reader)}
    return _("%(what)s, %(when)s. This is how it is now.") % values


def lost_access_words(job: Job, reader: Reader) -> str:
    """Return the message for a member who may no longer see the lead, as it is now a colleague's."""
    last = Event.objects.of_job(job.pk).filter(kind="job.assigned").order_by("-pk").first()
    if last is None:
        return _("You no longer have access to it.")
    values = {"what": sentence(last, reader), "when": _ago_words(last, reader)}
    return _("%(what)s, %(when)s. You no longer have access to it.") % values


def _ago_words(event: Event, reader: Reader) -> str:
    past = reader.now - event.at
    minutes = int(past / timedelta(minutes=1))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    return reader.moment(event.at)
