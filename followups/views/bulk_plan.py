"""Plan the same follow-up for many leads or customers: type one line or choose a template, preview it, plan it."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

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
from crm.platform.models import Member
from crm.web.actions.row_action import Toast
from crm.web.lists.selection import selected_ids
from crm.web.lists.selection_actions import posted_list
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.bulk_plan import (
    PlanContent,
    build_for_jobs,
    build_for_people,
    change_of,
    content_of_line,
    content_of_template,
    plan_for_jobs,
    plan_for_people,
    take_back,
)
from followups.models import FollowUp
from followups.planning.typed_wish import RepetitionNotAgreed, agrees_to_once, parse_wish
from followups.planning_templates.setup import find_template, templates_for

# Done in the request; planning the same for more leads than a morning has is a campaign.
MOST = 500
PAGE = "followups:plan_many"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PlanTargets(NamedTuple):
    """The selected leads or customers, by id."""

    ids: list[int]
    are_people: bool

    def build(self, content: PlanContent, by: Member) -> list[FollowUp]:
        """Build what would be planned, unsaved."""
        if self.are_people:
            return build_for_people(self.ids, content, by=by, at=clock.now())
        jobs = Job.objects.filter(pk__in=self.ids, state="open").order_by("pk")
        return build_for_jobs(jobs, content, by=by, at=clock.now())

    def plan_all(self, content: PlanContent, by: Member) -> list[FollowUp]:
        """Plan for each."""
        if self.are_people:
            return plan_for_people(self.ids, content, by=by)
        return plan_for_jobs(self.ids, content, by=by)


@require("jobs.bulk")
def plan_many(request: TenantRequest) -> HttpResponse:
    """Show the form for the selected leads or customers; with a line or template preview it; with `apply` plan it."""
    if request.method != "POST":
        # The selection went with the form; the list is where another is made.
        return redirect("leads:list", request.tenant.slug)
    preset = posted_list(request.POST, PAGE)
    try:
        ids = selected_ids(preset, request.POST, request.member)
        if len(ids) > MOST:
            raise Refused(_("Plan for %(most)s leads at a time at most.") % {"most": MOST})
    except Refused as why:
        return answer_many(request, Toast(str(why), 422))
    targets = PlanTargets(ids, are_people=preset.key == "people")
    if not request.POST.get("text", "").strip() and not request.POST.get("template"):
        return _render_form(request, targets)
    reader = Reader.of(request.member, clock.now())
    try:
        content = _read_content(request, reader)
    except Refused as why:
        return _render_form(request, targets, why=why)
    if not request.POST.get("apply"):
        return _render_form(request, targets, told=_preview_sentences(request, targets, content, reader))
    return _answer_planned(request, targets, targets.plan_all(content, request.member), reader)


def _read_content(request: TenantRequest, reader: Reader) -> PlanContent:
    """Read what to plan: a template, else the typed line. Raises Refused."""
    if request.POST.get("template"):
        template = find_template(request.POST["template"], request.member)
        if template is None:
            raise Refused(_("This template is no longer available."))
        return content_of_template(template, request.member)
    wish = parse_wish(request.POST["text"].strip(), reader, once=agrees_to_once(request))
    return content_of_line(wish.kind, wish.subject, wish.due_at, request.member)


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


def _preview_sentences(request: TenantRequest, targets: PlanTargets, content: PlanContent, reader: Reader) -> list[str]:
    """Return the preview in sentences, one for each time; the open leads first."""
    rows = targets.build(content, request.member)
    sentences = []
    for due_at, count in sorted(Counter(row.due_at for row in rows if row.due_at).items()):
        words = {"what": content.subject, "when": reader.moment(due_at), "count": count}
        if targets.are_people:
            line = ngettext(
                "“%(what)s” will be planned on %(when)s for %(count)s customer.",
                "“%(what)s” will be planned on %(when)s for %(count)s customers.",
                count,
            )
        else:
            line = ngettext(
                "“%(what)s” will be planned on %(when)s for %(count)s lead.",
                "“%(what)s” will be planned on %(when)s for %(count)s leads.",
                count,
            )
        sentences.append(line % words)
    if ended := len(targets.ids) - len(rows):
        line = ngettext("%(count)s is closed and left out.", "%(count)s are closed and left out.", ended)
        sentences.append(line % {"count": ended})
    return sentences


def _render_form(
    request: TenantRequest, targets: PlanTargets, *, told: list[str] | None = None, why: Refused | None = None
) -> HttpResponse:
    picked = targets.ids
    if not targets.are_people:
        picked = list(Job.objects.filter(pk__in=targets.ids).order_by("number").values_list("number", flat=True))
    context = {
        "list_key": posted_list(request.POST, PAGE).key,
        "picked": ",".join(map(str, picked)),
        "count": len(targets.ids),
        "are_people": targets.are_people,
        "can": targets.are_people or Job.objects.filter(pk__in=targets.ids, state="open").exists(),
        "text": request.POST.get("text", ""),
        "templates": templates_for(request.member),
        "template": request.POST.get("template", ""),
        "told": told or [],
        "why": str(why or ""),
        "ask_once": isinstance(why, RepetitionNotAgreed),
        "agreed": agrees_to_once(request),
        "next": back(request, None),
    }
    name = "followups/plan_many.html" + ("#dialog" if request.htmx else "")
    return render(request, name, context, status=422 if why else 200)


def _answer_planned(
    request: TenantRequest, targets: PlanTargets, planned: list[FollowUp], reader: Reader
) -> HttpResponse:
    text, undo = _planned_words(request, targets, planned, reader)
    if not request.htmx:
        messages.success(request, text, extra_tags=undo)
        return redirect(back(request, None))
    response = answer_many(request, Toast(text, undo=undo))
    response["HX-Trigger"] = json.dumps(json.loads(response["HX-Trigger"]) | {"bulk-done": {}, "followups": {}})
    return response


def _planned_words(
    request: TenantRequest, targets: PlanTargets, planned: list[FollowUp], reader: Reader
) -> tuple[str, str]:
    """Return the message and the URL of its undo."""
    count = len(planned)
    if not planned:
        return _("Nothing would change."), ""
    first = min(row.due_at for row in planned if row.due_at)
    words = {"count": count, "what": planned[0].subject, "when": reader.moment(first)}
    if targets.are_people:
        line = ngettext(
            "Planned for %(count)s customer: %(what)s · %(when)s",
            "Planned for %(count)s customers: %(what)s · %(when)s",
            count,
        )
        change = change_of(planned, by=request.member)
        return line % words, reverse("undo", args=[request.tenant.slug, change.uid]) if change else ""
    line = ngettext(
        "Planned for %(count)s lead: %(what)s · %(when)s", "Planned for %(count)s leads: %(what)s · %(when)s", count
    )
    return line % words, _undo_url(request, planned[0].created_at)


def _undo_url(request: TenantRequest, at: datetime) -> str:
    instant = (at - EPOCH) // timedelta(microseconds=1)
    return reverse("followups:undo_many", args=[request.tenant.slug, instant])
