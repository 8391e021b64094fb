"""Plan the same next step for many leads: type one line, preview it, and plan it."""

import json
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.jobs.views.job_action import answer_many, back
from crm.jobs.views.undo import undone_text
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.lists.selection import selected_ids
from crm.web.lists.selection_actions import posted_list
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.bulk_plan import plan_many as plan_all
from followups.bulk_plan import take_back
from followups.models import FollowUp
from followups.views.plan import PlannedWish, RepetitionNotAgreed, agrees_to_once, parse_wish

# Done in the request; planning the same for more leads than a morning has is a campaign.
MOST = 500
PAGE = "followups:plan_many"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@require("jobs.bulk")
def plan_many(request: TenantRequest) -> HttpResponse:
    """Show the form for the selected leads; with a line preview it; with `apply` plan it."""
    if request.method != "POST":
        # The selection went with the form; the list is where another is made.
        return redirect("leads:list", request.tenant.slug)
    try:
        ids = selected_ids(posted_list(request.POST, PAGE), request.POST, request.member)
        if len(ids) > MOST:
            raise Refused(_("Plan for %(most)s leads at a time at most.") % {"most": MOST})
    except Refused as why:
        return answer_many(request, Toast(str(why), 422))
    text = request.POST.get("text", "").strip()
    if not text:
        return _render_form(request, ids)
    reader = Reader.of(request.member, clock.now())
    try:
        wish = parse_wish(text, reader, once=agrees_to_once(request))
    except Refused as why:
        return _render_form(request, ids, why=why)
    if not request.POST.get("apply"):
        return _render_form(request, ids, told=_preview_sentences(ids, wish, reader))
    made = plan_all(ids, kind=wish.kind, subject=wish.subject, due_at=wish.due_at, by=request.member)
    return _answer_planned(request, made, wish, reader)


@require("jobs.bulk")
@require_POST
def undo_many(request: TenantRequest, instant: int) -> HttpResponse:
    """Undo a bulk plan, given its instant in microseconds; those changed since stay."""
    try:
        at = EPOCH + timedelta(microseconds=instant)
    except OverflowError as why:
        raise Http404 from why
    if not FollowUp.objects.filter(created_by=request.member, created_at=at).exists():
        raise Http404
    try:
        toast = Toast(undone_text(take_back(at, by=request.member)))
    except Refused as why:
        toast = Toast(str(why), 409)
    response = answer_many(request, toast)
    if request.htmx:
        response["HX-Trigger"] = json.dumps(json.loads(response["HX-Trigger"]) | {"followups": {}})
    return response


def _preview_sentences(ids: list[int], wish: PlannedWish, reader: Reader) -> list[str]:
    """Return the preview in sentences; the open leads first."""
    count = Job.objects.filter(pk__in=ids, state="open").count()
    words = {"what": wish.subject, "when": reader.moment(wish.due_at)}
    sentences = []
    if count:
        line = ngettext(
            "“%(what)s” will be planned on %(when)s for %(count)s lead.",
            "“%(what)s” will be planned on %(when)s for %(count)s leads.",
            count,
        )
        sentences.append(line % (words | {"count": count}))
    if ended := len(ids) - count:
        line = ngettext("%(count)s is closed and left out.", "%(count)s are closed and left out.", ended)
        sentences.append(line % {"count": ended})
    return sentences


def _render_form(
    request: TenantRequest, ids: list[int], *, told: list[str] | None = None, why: Refused | None = None
) -> HttpResponse:
    numbers = Job.objects.filter(pk__in=ids).order_by("number").values_list("number", "state")
    context = {
        "list_key": posted_list(request.POST, PAGE).key,
        "picked": ",".join(str(number) for number, _state in numbers),
        "count": len(ids),
        "can": any(state == "open" for _number, state in numbers),
        "text": request.POST.get("text", ""),
        "told": told or [],
        "why": str(why or ""),
        "ask_once": isinstance(why, RepetitionNotAgreed),
        "agreed": agrees_to_once(request),
        "next": back(request, None),
    }
    name = "followups/plan_many.html" + ("#dialog" if request.htmx else "")
    return render(request, name, context, status=422 if why else 200)


def _answer_planned(request: TenantRequest, made: list[FollowUp], wish: PlannedWish, reader: Reader) -> HttpResponse:
    count = len(made)
    line = ngettext(
        "Planned for %(count)s lead: %(what)s · %(when)s", "Planned for %(count)s leads: %(what)s · %(when)s", count
    )
    text = line % {"count": count, "what": wish.subject, "when": reader.moment(wish.due_at)}
    undo = ""
    if made:
        undo = _undo_url(request, made[0].created_at)
    if not request.htmx:
        messages.success(request, text, extra_tags=undo)
        return redirect(back(request, None))
    response = answer_many(request, Toast(text, undo=undo))
    response["HX-Trigger"] = json.dumps(json.loads(response["HX-Trigger"]) | {"bulk-done": {}, "followups": {}})
    return response


def _undo_url(request: TenantRequest, at: datetime) -> str:
    instant = (at - EPOCH) // timedelta(microseconds=1)
    return reverse("followups:undo_many", args=[request.tenant.slug, instant])
