"""What the views of verbs share: find the lead, act so that it can be taken back, answer with what is true now."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs import undo
from crm.jobs.acts.messages import gone, overtaken
from crm.jobs.list.rows import RowMaker, html
from crm.jobs.models import Job, Stale
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, page_query
from crm.web.requests.permissions import View, require
from crm.web.requests.url_cache import address
from leads.lead_list import LEADS, visible
from leads.page import parts, render_page

# Acts on the locked lead, and says what was done.
Verb = Callable[[TenantRequest, Job], str]
# What a GET of it shows: the form.
Ask = Callable[[TenantRequest, Job], HttpResponse]
Fragments = Callable[[TenantRequest, Job, Reader], str]


class Unclear(ValueError):
    """What was sent makes no sense; the sentence says why, or the form that is shown again."""

    def __init__(self, words: str, form: Callable[[], HttpResponse] | None = None) -> None:
        super().__init__(words)
        self.form = form


class Gone(Exception):
    """The member saw the lead a moment ago, and may not see it any more."""

    def __init__(self, job: Job) -> None:
        super().__init__("the job is somebody else's by now")
        self.job = job


@dataclass(frozen=True)
class Told:
    """What a toast says, and where it can be taken back."""

    text: str
    status: int = 200
    undo: str = ""
    # Where the missing next step of the moved lead is planned; it hinders nobody (L4).
    plan: str = ""
    # Leads that stay as they are; the toast leads to them.
    about: tuple[Job, ...] = ()

    @property
    def css(self) -> str:
        return {200: "won", 409: "late"}.get(self.status, "crit")


def found(request: TenantRequest, number: int, *, lock: bool = False) -> Job:
    """The lead with this number, for those who may see it. Raises Gone to who shows that they just saw it."""
    seen = visible(request.member).filter(number=number)
    try:
        job: Job = (seen.select_for_update() if lock else seen).get()
    except Job.DoesNotExist:
        raise _missing(request, number) from None
    return job


def _missing(request: TenantRequest, number: int) -> Exception:
    hidden: Job | None = Job.objects.filter(number=number).first() if request.POST.get("stay") else None
    return Gone(hidden) if hidden and hidden.stay == request.POST["stay"] else Http404()


def verb(kind: str, *, permission: str = "leads.move", ask: Ask | None = None) -> Callable[[Verb], View]:
    """The view of a verb, which records `kind`: run on the lead as it was shown, so that it can be taken back.

    The loser of a race gets 409 and the fresh lead.
    """

    def decorate(act: Verb) -> View:
        @require(permission)
        @wraps(act)
        def view(request: TenantRequest, number: int) -> HttpResponse:
            if ask and request.method != "POST":
                return ask(request, found(request, number))
            return _act(request, number, kind, act)

        return view if ask else require_POST(view)

    return decorate


def _act(request: TenantRequest, number: int, kind: str, act: Verb) -> HttpResponse:
    try:
        job = found(request, number, lock=True)
        if not request.POST.get("stay"):
            raise Unclear(_("The form was incomplete. Nothing was changed."))
        with undo.keep_one(kind, job, by=request.member) as change:
            told = act(request, job)
    except Gone as late:
        return _answer_gone(request, late.job, gone(late.job, _reader(request)))
    except Stale as late:
        return answer(request, late.job, Told(overtaken(late.job, _reader(request)), 409))
    except Unclear as why:
        return why.form() if why.form else answer(request, job, Told(str(why), 422))
    back = undo_url(request, change.uid) if change.pk else ""
    if kind == "job.moved" and job.is_open and not job.next_step_kind:
        plan = f"{address('followups:plan', request.tenant.slug)}?job={job.number}"
        return answer(request, job, Told(f"{told} {_('No next step is planned.')}", undo=back, plan=plan))
    return answer(request, job, Told(told, undo=back))


def _reader(request: TenantRequest) -> Reader:
    return Reader.of(request.member, clock.now())


def undo_url(request: TenantRequest, uid: UUID) -> str:
    """Where an act is taken back."""
    # Each is asked for once: nothing to look up by name for, or to keep.
    return f"{address('leads:list', request.tenant.slug)}undo/{uid}/"


def answer(request: TenantRequest, job: Job, told: Told) -> HttpResponse:
    """The fragments of the page the form stands on, or that page; without scripts a message and a redirect."""
    if request.htmx:
        return _fragments(request, job, told)
    if told.status != 200:
        return render_page(request, job, told.status, told.text)
    messages.success(request, told.text, extra_tags=told.undo)
    return redirect(back(request, job))


def answer_many(request: TenantRequest, told: Told) -> HttpResponse:
    """What an act on many leads says; the list asks for its rows again."""
    if not request.htmx:
        messages.add_message(
            request, messages.SUCCESS if told.status == 200 else messages.WARNING, told.text, extra_tags=told.undo
        )
        return redirect(back(request, None))
    response = _toasted(request, "", told, None)
    # Not "leads": the rows bring the counts' own request with them, and the present one would answer into nothing.
    response["HX-Trigger"] = json.dumps({"acted": {}, "crossing": {"target": "#rows"}})
    return response


def back(request: TenantRequest, job: Job | None) -> str:
    """Where the form stood, or the link to it; the lead's own page, where it does not say."""
    place, slug = (request.POST if request.method == "POST" else request.GET).get("next", ""), request.tenant.slug
    if place.startswith(f"/{slug}/") and url_has_allowed_host_and_scheme(place, None):
        return place
    return reverse("leads:lead", args=[slug, job.number]) if job else reverse("leads:list", args=[slug])


def _answer_gone(request: TenantRequest, job: Job, text: str) -> HttpResponse:
    if request.htmx:
        row = f'<template><tr id="r{job.number}" hx-swap-oob="delete"></tr></template>'
        return _toasted(request, row if request.POST.get("on") == "list" else "", Told(text, 409), job)
    messages.warning(request, text)
    return redirect(reverse("leads:list", args=[request.tenant.slug]))


def _fragments(request: TenantRequest, job: Job, told: Told) -> HttpResponse:
    draw = FRAGMENTS.get(request.POST.get("on", ""))
    fresh = draw(request, job, _reader(request)) if draw else ""
    return _toasted(request, fresh, told, job)


def _toasted(request: TenantRequest, fresh: str, told: Told, job: Job | None) -> HttpResponse:
    toast = {"told": told, "on": request.POST.get("on", ""), "lead": job}
    body = fresh + render_to_string("components/toast.html", toast, request)
    response = HttpResponse(body, status=told.status)
    # The counts ask for themselves again, and what stands open closes.
    response["HX-Trigger"] = "leads"
    return response


def fresh_row(request: TenantRequest, job: Job, reader: Reader) -> str:
    """The row of the list, in its place. It moves to another group when the list is refreshed next."""
    filters = LEADS.read(page_query(request), request.member)
    maker = RowMaker.of_view(request.tenant.slug, reader, filters, request.member)
    crossing = job.next_crossing(reader.now)
    return f"<template>{html(maker.row(job), crossing=crossing.isoformat() if crossing else '', fresh=True)}</template>"


def _fresh_page(request: TenantRequest, job: Job, reader: Reader) -> str:
    return render_to_string("leads/_fresh.html", parts(request, job, reader), request)


# What changes on the page a form stands on, by the name the form gives it.
FRAGMENTS: dict[str, Fragments] = {"list": fresh_row, "lead": _fresh_page}


def sheet(request: TenantRequest, job: Job, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A menu or dialog: the fragment for a page that has a place for it, else a page of its own."""
    given = request.POST if request.method == "POST" else request.GET
    on = given.get("on", "")
    context |= {"job": job, "on": on if on in FRAGMENTS and request.htmx else "", "sheet": f"leads/_{name}.html"}
    response = render(request, context["sheet"] if request.htmx else "leads/sheet.html", context, status=status)
    if status == 422:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response
