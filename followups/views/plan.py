"""Plan a follow-up by one typed line, or field by field; the parsed result is shown while typing."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import Toast
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.links.planned_record import NO_LEAD, PlannedRecord, read_planned_record
from followups.models import CustomerAct, FollowUp, FollowUpStatus
from followups.models.follow_up_undo import PLANNED
from followups.models.kind_setup import kinds
from followups.planning_templates.setup import assignee_id_of, due_time, find_template, templates_for
from followups.quick_entry.lead import NamedLeads, find_named_leads
from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line
from followups.recurrence.typed_series import plan_typed_series
from followups.recurrence.words import describe_rule_text, describe_series
from followups.row_html import FollowUpRowHtml
from followups.rows import FollowUpRowBuilder
from followups.time_choices import parse_form_time
from followups.views.customer_act import chosen_act
from followups.views.follow_up_action import action, add_toast, render_panel, return_url
from tickets.participants.people import search_people

# Sent where a line that asks for a repetition is to become a series; anything else plans it once.
SERIES = "series"


@dataclass(frozen=True)
class PlannedWish:
    """The follow-up to plan, as read from the form."""

    kind: str
    subject: str
    due_at: datetime
    # Words that ask for a repetition, its rule if one says it, and the subject without the words; `due_at` is the
    # first time.
    repeats: str = ""
    rule: str = ""
    task: str = ""

    def about(self, named: NamedLeads) -> "PlannedWish":
        """Return the same without the lead's name; if nothing is left, the subject is the type."""
        label = str(kinds().of(self.kind).label)
        texts = (named.remove_from(self.subject), named.remove_from(self.task))
        subject, task = (text[:1].upper() + text[1:] or label for text in texts)
        return replace(self, subject=subject, task=task)


class RepetitionNotAgreed(Refused):
    """The line asks for a repetition, and the user has not chosen a series or once. `can_repeat`: a rule says it."""

    def __init__(self, sentence: str, *, can_repeat: bool) -> None:
        super().__init__(sentence)
        self.can_repeat = can_repeat


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
            planned = _plan_by_template(request, job, about.record)
        else:
            wish = _read_wish(request, reader)
            if about.record is None:
                job, wish = _find_named_lead(request, wish)
            planned = planned_by(request, job, wish, about=about.record)
    except Refused as why:
        return _render_refusal(request, about, why)
    if posted.get("status") == FollowUpStatus.IN_PROGRESS:
        planned.start(by=request.member)
    change = None
    if planned.series_id is None:
        change = undo.record_created(PLANNED, [planned], by=request.member, at=planned.created_at)
    toast = action.success_toast(request, planned, describe_planned(planned, reader), change)
    if request.htmx:
        return _render_planned(request, job, planned, reader, toast)
    messages.success(request, toast.text, extra_tags=toast.undo)
    return redirect(return_url(request, planned))


def _plan_by_template(request: TenantRequest, job: Job | None, about: Model | None) -> FollowUp:
    """Plan what the chosen template says. Raises Refused if it was archived meanwhile."""
    mine: Member = request.member
    template = find_template(request.POST["template"], mine)
    if template is None:
        raise Refused(_("This template is no longer available."))
    assignee_id = assignee_id_of(template, job.member_id if job else None, mine)
    return FollowUp.plan(
        kind=template.kind,
        subject=template.subject,
        due_at=due_time(template, clock.now(), assignee_id),
        by=mine,
        job=job,
        about=about,
        assignee=directory().members[assignee_id],
        priority=template.priority or _chosen_priority("", job),
        notes=template.notes,
        after=_completed_before(request, job),
        template=template,
        completes_on=chosen_act(request.POST, job, about),
    )


def _find_named_lead(request: TenantRequest, wish: PlannedWish) -> tuple[Job | None, PlannedWish]:
    """Return the lead named in the line, and the request without its name. Raises Refused if several match."""
    if request.POST.get("job") == NO_LEAD or request.POST.get("subject"):
        return None, wish
    named = find_named_leads(wish.task or wish.subject, by=request.member)
    if not named.jobs:
        return None, wish
    if len(named.jobs) > 1:
        raise Refused(_("Several leads are called that. Choose one, or write more of the name."))
    return named.jobs[0], wish.about(named)


def planned_by(
    request: TenantRequest,
    job: Job | None,
    wish: PlannedWish,
    after: FollowUp | None = None,
    about: Model | None = None,
) -> FollowUp:
    """Plan it for the chosen member, else the job's, else the acting member. Raises Refused.

    `after`: what is completed by the same act, and takes it along where that is undone.
    """
    mine: Member = request.member
    if wish.rule and plans_series(request):
        return _plan_series(request, wish, job, about or job, after)
    owner = None
    if job:
        owner = directory().members.get(job.member_id or 0)
    priority = request.POST.get("priority", "")
    return FollowUp.plan(
        kind=wish.kind,
        subject=wish.subject,
        due_at=wish.due_at,
        by=mine,
        job=job,
        about=about,
        assignee=chosen_member(request.POST.get("assignee", "")) or owner or mine,
        priority=_chosen_priority(priority, job),
        notes=request.POST.get("notes", "")[:4000],
        limit_at=_promised_limit(request, wish.due_at),
        after=after or _completed_before(request, job),
        origin=after.followed_by if after else "",
        completes_on=chosen_act(request.POST, job, about),
    )


def _promised_limit(request: TenantRequest, due_at: datetime) -> datetime | None:
    """Return the end of the day by which it was promised. Raises Refused for a day before it is due."""
    day = request.POST.get("limit_day", "")
    if not day:
        return None
    limit_at = parse_form_time(day, "23:59", Reader.of(request.member, clock.now()).zone)
    if limit_at is None or limit_at < due_at:
        raise Refused(_("The day it is promised for is before the day it is planned for."))
    return limit_at


def _plan_series(
    request: TenantRequest, wish: PlannedWish, job: Job | None, about: Model | None, after: FollowUp | None
) -> FollowUp:
    """Plan a series by the rule of the line; returns its first occurrence. Raises Refused."""
    if about is None and after is not None:
        about = after.record
    return plan_typed_series(
        kind=wish.kind,
        subject=wish.task or wish.subject,
        rule=wish.rule,
        first_at=wish.due_at,
        by=request.member,
        about=about,
        notes=request.POST.get("notes", "")[:4000],
        priority=_chosen_priority(request.POST.get("priority", ""), job),
        assignee=chosen_member(request.POST.get("assignee", "")),
    )


def _chosen_priority(posted: str, job: Job | None) -> int:
    if posted in map(str, Priority.values):
        return int(posted)
    if job:
        return job.priority
    return Priority.NORMAL


def _completed_before(request: TenantRequest, job: Job | None) -> FollowUp | None:
    """Return the follow-up just completed, if the form is shown below it."""
    try:
        uid = UUID(request.POST.get("after", ""))
    except ValueError:
        return None
    seen = FollowUp.objects.visible_to(request.member)
    done: FollowUp | None = seen.filter(uid=uid, job_id=job.pk if job else None).first()
    return done


def chosen_member(uid: str) -> Member | None:
    """Return an active member by the id a form sends."""
    return next((row for row in directory().members.values() if row.active and str(row.uid) == uid), None)


def plans_series(request: HttpRequest) -> bool:
    """True if the user chose to plan a repeating follow-up as a series."""
    return request.POST.get("plan_once") == SERIES


def agrees_to_once(request: HttpRequest) -> bool:
    """True if the user chose to plan a repeating follow-up once, or as a series: either was shown."""
    return "plan_once" in request.POST


def parse_wish(text: str, reader: Reader, *, once: bool) -> PlannedWish:
    """Parse a line for this reader. Raises Refused with a sentence.

    `once`: whether the user has chosen what becomes of a line that asks for a repetition.
    """
    try:
        now = reader.now.astimezone(reader.zone)
        kind_setup = kinds()
        month_first = reader.country == "US"
        parsed = parse_line(
            text.replace("\0", ""), now, month_first=month_first, own=kind_setup.words, hidden=kind_setup.hidden
        )
    except NotUnderstood as why:
        raise Refused(str(why)) from why
    if parsed.repeats and not once:
        words = _("“%(words)s” repeats, first on %(when)s. Choose whether it is planned as a series or once.")
        sentence = words % {"words": parsed.repeats, "when": reader.moment(parsed.at)}
        raise RepetitionNotAgreed(sentence, can_repeat=bool(parsed.rule))
    return PlannedWish(parsed.kind, parsed.subject, parsed.at, parsed.repeats, parsed.rule, parsed.task)


def _read_wish(request: TenantRequest, reader: Reader) -> PlannedWish:
    """Read the line, or the fields; where both give a day, the field's is used."""
    post = request.POST
    at = None
    if post.get("day"):
        at = parse_form_time(post["day"], post.get("clock", ""), reader.zone)
    kind = post.get("kind", "")
    subject = post.get("subject", "").strip()
    if post.get("day") and (at is None or at <= reader.now):
        raise Refused(_("Choose a day and time in the future."))
    if at and (subject or kinds().offers(kind)):
        chosen = kinds().of(kind if kinds().offers(kind) else "")
        return PlannedWish(chosen.code, subject or chosen.label, at)
    wish = parse_wish(post.get("text", ""), reader, once=agrees_to_once(request))
    if kinds().offers(kind):
        wish = replace(wish, kind=kind)
    return replace(wish, subject=subject or wish.subject, due_at=at or wish.due_at, task=subject or wish.task)


def describe_planned(planned: FollowUp, reader: Reader) -> str:
    """Format what was planned: "Planned: Call · Tue, May 19, 3:00 PM"; of a series its rule, too."""
    assert planned.due_at is not None
    if planned.series is not None:
        return _("Planned: %(what)s · %(rule)s") % {
            "what": planned.subject,
            "rule": describe_series(planned.series, reader),
        }
    return _("Planned: %(what)s · %(when)s") % {"what": planned.subject, "when": reader.moment(planned.due_at)}


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
    about_url = about.url(request.tenant.slug)
    context = {
        "job": about.job,
        "about": about,
        "about_url": about_url,
        "why": str(why or ""),
        "ask_once": isinstance(why, RepetitionNotAgreed),
        "can_repeat": getattr(why, "can_repeat", False),
        "given": request.POST if request.method == "POST" else request.GET,
        "kinds": kinds().fitting(about.job.pipeline_id if about.job else None),
        "priorities": Priority.choices,
        "templates": templates_for(request.member),
        "acts": CustomerAct.choices,
        "members": [row for row in directory().members.values() if row.active],
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
