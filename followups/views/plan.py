"""Plan a follow-up by one typed line, or field by field; the parsed result is shown while typing."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.details.detail_fields import changed_rows, posted_rows
from followups.links.planned_record import NO_LEAD, PlannedRecord, read_planned_record
from followups.models import FollowUp, FollowUpStatus
from followups.models.kind_setup import kinds
from followups.models.links import has_customer
from followups.planning.form_context import field_context, plan_choices, reminder_context, who_else
from followups.planning.new_follow_up import (
    plan_by_template,
    plan_repeating,
    planned_by,
    repeats,
)
from followups.planning.typed_wish import RepetitionNotAgreed, find_named_lead, parse_wish, read_wish
from followups.planning_templates.setup import templates_for
from followups.quick_entry.lead import find_named_leads
from followups.recurrence.words import describe_rule_text
from followups.row_html import FollowUpRowHtml
from followups.rows import FollowUpRowBuilder
from followups.views.follow_up_action import add_toast, planned_toast, render_panel, return_url
from tickets.participants.people import search_people


@require("followups.work")
def plan(request: TenantRequest) -> HttpResponse:
    """Show the form for the record in the address, as `?job=`, or for the member alone; POST plans the follow-up."""
    posted = request.GET
    if request.method == "POST":
        posted = request.POST
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    about = read_planned_record(posted, request.member)
    if request.method != "POST":
        return _render_form(request, about)
    reader = Reader.of(request.member, clock.now())
    job = about.job
    try:
        if request.POST.get("template"):
            planned = plan_by_template(request, job, about.record)
        elif repeats(request.POST):
            planned = plan_repeating(request, about.record)
        else:
            wish = read_wish(request, reader)
            if about.record is None:
                job, wish = find_named_lead(request, wish)
            planned = planned_by(request, job, wish, about=about.record)
    except Refused as why:
        return _render_refusal(request, about, why)
    if posted.get("status") == FollowUpStatus.IN_PROGRESS:
        planned.start(by=request.member)
    toast = planned_toast(request, planned, reader)
    if request.htmx:
        return _render_planned(request, job, planned, reader, toast)
    messages.success(request, toast.text, extra_tags=toast.undo)
    return redirect(return_url(request, planned))


def _render_planned(
    request: TenantRequest, job: Job | None, planned: FollowUp, reader: Reader, told: Toast
) -> HttpResponse:
    if request.POST.get("come_from") == "dialog":
        response = HttpResponse()
        response["HX-Reswap"] = "none"
    elif request.POST.get("come_from") == "panel" and job:
        response = render_panel(request, job, told=told.text)
    else:
        row = FollowUpRowBuilder(request, reader, [planned]).row(planned)
        response = HttpResponse(FollowUpRowHtml(request, may_pick=True).html(row, told=told.text))
    add_toast(request, response, planned, told)
    # A row of the list brings itself; what was planned in the dialog has no place there yet.
    if request.POST.get("come_from") == "dialog":
        response["HX-Trigger"] = "followups, planned"
    else:
        response["HX-Trigger"] = "followups"
    return response


def _render_refusal(request: TenantRequest, about: PlannedRecord, why: Refused) -> HttpResponse:
    job = about.job
    if request.htmx and job and request.POST.get("come_from") == "panel":
        return render_panel(request, job, 422, str(why), trouble=True)
    if request.htmx and request.POST.get("come_from") == "list":
        context = {
            "why": str(why),
            "ask_once": isinstance(why, RepetitionNotAgreed),
            "can_repeat": getattr(why, "can_repeat", False),
            "text": request.POST.get("text", ""),
            "number": job.number if job else "",
            "after": request.POST.get("after", ""),
        }
        return render(request, "followups/_then.html", context, status=422)
    return _render_form(request, about, why)


def _render_form(request: TenantRequest, about: PlannedRecord, why: Refused | None = None) -> HttpResponse:
    job = about.job
    about_url = about.url(request.tenant.slug)
    reader = Reader.of(request.member, clock.now())
    # A link may fill the fields in, as the hint of the best time to call does.
    fields = request.POST if request.method == "POST" else request.GET
    choices = plan_choices(fields, reader)
    is_for_customer = has_customer(about.record)
    rows = posted_rows(request.POST) if "proposed" in request.POST else None
    context = {
        **field_context(choices, reader, job),
        **reminder_context(choices, request.member, job, rows=rows, has_customer=is_for_customer),
        "has_fields": any(choices[name] for name in ("day", "subject")) or choices["repeat"] != "never",
        "who_else": who_else(request.member, job),
        "job": job,
        "about": about,
        "about_url": about_url,
        "why": str(why or ""),
        "ask_once": isinstance(why, RepetitionNotAgreed),
        "can_repeat": getattr(why, "can_repeat", False),
        "given": fields,
        "kinds": kinds().fitting(job.pipeline_id if job else None),
        "templates": templates_for(request.member),
        "next": request.POST.get("next") or request.GET.get("next", about_url),
    }
    template = "followups/plan.html" + _template_part(request)
    return render(request, template, context, status=422 if why else 200)


def _template_part(request: TenantRequest) -> str:
    """Render only the line for the dialog, also on errors; else the page."""
    if not is_fragment(request):
        return ""
    if request.method == "POST":
        return "#quick"
    return "#dialog"


@require("followups.work")
@require_POST
def proposed_reminders(request: TenantRequest) -> HttpResponse:
    """Render the reminders of the form for another type or member; what was changed by hand stays."""
    post = request.POST
    about = read_planned_record(post, request.member)
    choices = plan_choices(post, Reader.of(request.member, clock.now()))
    context = reminder_context(
        choices, request.member, about.job, rows=changed_rows(post), has_customer=post.get("has_customer") == "1"
    )
    return render(request, "followups/form/_reminders.html", context)


@require("followups.work")
def find_customers(request: TenantRequest) -> HttpResponse:
    """List the customers that a text in the form finds, to choose the one that the follow-up is about."""
    text = tidy(request.GET.get("find", ""))
    people = search_people(text, request.member)
    return render(request, "followups/_customers.html", {"people": people, "text": text})


@require("followups.work")
def understood(request: TenantRequest) -> HttpResponse:
    """Describe in one sentence how the line is parsed so far; empty for an empty line."""
    text = request.GET.get("text") or request.GET.get("then") or ""
    if not text.strip():
        return HttpResponse("")
    reader = Reader.of(request.member, clock.now())
    try:
        wish = parse_wish(text, reader, once=True)
    except Refused as why:
        return HttpResponse(format_html('<span class="muted">{}</span>', str(why)))
    # What is planned on a lead, or after something done for one, is known to be about it.
    has_lead = request.GET.get("job") or "then" in request.GET
    if has_lead:
        named = None
    else:
        named = find_named_leads(wish.task or wish.subject, by=request.member)
    if named and named.jobs:
        wish = wish.about(named)
    kind = str(kinds().of(wish.kind).label)
    context = {
        # "Call · Call" would say nothing.
        "kind": "" if wish.subject.casefold() == kind.casefold() else kind,
        "subject": wish.subject,
        "moment": reader.moment(wish.due_at),
        "repeats": wish.repeats,
        "rule_words": describe_rule_text(wish.rule, wish.due_at.astimezone(reader.zone).date()),
        "jobs": named.jobs if named else [],
        "no_lead": NO_LEAD,
    }
    return render(request, "followups/_understood.html", context)
