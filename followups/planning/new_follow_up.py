"""Plan a follow-up as a form asks: once, by a template, or as a series."""

from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.assignment.template_plan import assignee_id_of, due_time
from followups.details.customer_act import read_act
from followups.details.detail_fields import read_details
from followups.models import FollowUp, FollowUpKind
from followups.models.kind_setup import kinds
from followups.planning.typed_wish import PlannedWish, plans_series, read_wish
from followups.planning_templates.setup import find_template
from followups.recurrence.edits import create_series
from followups.recurrence.form import SeriesForm
from followups.recurrence.typed_series import plan_typed_series
from followups.recurrence.words import describe_series
from followups.time_choices import parse_form_time


def plan_by_template(request: TenantRequest, job: Job | None, about: Model | None) -> FollowUp:
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
        own_minutes=template.own_minutes,
        own_reminders=template.own_reminders,
        completes_on=read_act(request.POST),
    )


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
        limit_at=read_promised_limit(request, wish.due_at),
        after=after or _completed_before(request, job),
        origin=after.followed_by if after else "",
        **read_details(request.POST, kind=wish.kind),
    )


def read_promised_limit(request: TenantRequest, due_at: datetime) -> datetime | None:
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
        details=read_details(request.POST, kind=wish.kind),
    )


def repeats(post: QueryDict) -> bool:
    """True if the fields of a form say that it repeats."""
    return post.get("repeat", "never") not in ("", "never")


def plan_repeating(request: TenantRequest, about: Model | None) -> FollowUp:
    """Plan a series by the fields of the form; what they leave open comes from the line. Returns its first occurrence.

    Raises Refused.
    """
    fields = request.POST.copy()
    if not (fields.get("day") and fields.get("subject", "").strip()):
        reader = Reader.of(request.member, clock.now())
        wish = read_wish(request, reader)
        first_at = wish.due_at.astimezone(reader.zone)
        fields["subject"] = wish.task or wish.subject
        fields["kind"] = wish.kind
        fields["day"] = first_at.date().isoformat()
        fields["clock"] = f"{first_at:%H:%M}"
        fields["zone"] = reader.zone.key
    if not kinds().offers(fields.get("kind", "")):
        fields["kind"] = FollowUpKind.TASK
    series = create_series(SeriesForm(fields).values(), by=request.member, about=about)
    first: FollowUp = FollowUp.objects.filter(series=series).by_time()[0]
    return first


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


def describe_planned(planned: FollowUp, reader: Reader) -> str:
    """Format what was planned: "Planned: Call · Tue, May 19, 3:00 PM"; of a series its rule, too."""
    assert planned.due_at is not None
    if planned.series is not None:
        return _("Planned: %(what)s · %(rule)s") % {
            "what": planned.subject,
            "rule": describe_series(planned.series, reader),
        }
    return _("Planned: %(what)s · %(when)s") % {"what": planned.subject, "when": reader.moment(planned.due_at)}
