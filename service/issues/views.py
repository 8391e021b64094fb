"""Pages and actions of issues."""

from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.kernel.whole_numbers import parse_typed_number, read_number
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member, Role
from crm.web.actions.row_action import RowAction, Toast
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from service.issues.issue_list import ISSUES
from service.models import ApprovalLimit, Issue
from service.models.approval_limit import limits

VIEW = "issues.view"
WORK = "issues.work"


@require(VIEW)
def issues(request: TenantRequest) -> HttpResponse:
    """Show the list."""
    filters = ISSUES.read(request.GET, request.member)
    rows = ISSUES.apply(filters, request.member).select_related("job", "opened_by")
    page = read_page(rows, request.GET, ISSUES.order(filters))
    reader = Reader.of(request.member, clock.now())
    context = {
        "page": page,
        "rows": [(row, reader.near(row.opened_at), _amount_words(row, reader)) for row in page.rows],
        "first_url": filters.query(),
        "here": request.get_full_path(),
        **frame(request, ISSUES, filters),
    }
    return render(request, "service/issues/list.html", context)


@require(VIEW)
def issue(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one issue and its possible actions."""
    row = _find_issue(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    return _render_issue(request, row)


@require(WORK)
def report(request: TenantRequest) -> HttpResponse:
    """Report a problem on the `job` in the URL."""
    number = read_number(request.GET.get("job") or request.POST.get("job"))
    job = None
    if number is not None:
        job = Job.objects.visible_to(request.member).filter(number=number).first()
    context: dict[str, Any] = {"job": job, "causes": Issue.Cause.choices, "given": request.POST}
    if request.method == "POST" and job is not None:
        try:
            cause = request.POST.get("cause", "")
            if cause not in Issue.Cause.values:
                raise Refused(_("Choose what it is about."))
            row = Issue.open(job, cause, request.POST.get("words", ""), by=request.member)
        except Refused as why:
            return render(request, "service/issues/report.html", context | {"told": str(why)}, status=422)
        messages.success(request, _("Reported."))
        return redirect("issues:issue", request.tenant.slug, row.uid)
    return render(request, "service/issues/report.html", context)


def _find_issue(request: TenantRequest, uid: Any) -> Issue:
    rows = Issue.objects.visible_to(request.member).select_related("job", "opened_by", "offered_by", "approved_by")
    row: Issue | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


def _render_issue(request: TenantRequest, row: Issue, status: int = 200, told: str = "") -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    may_work = allows(request.member, WORK)
    context = {
        "issue": row,
        "job": row.job,
        "sees_job": row.job.is_visible_to(request.member),
        "told": told,
        "given": request.POST if told else {},
        "amount": _amount_words(row, reader),
        "opened": reader.moment(row.opened_at),
        "ended": reader.moment(row.ended_at) if row.ended_at else "",
        "offers": Issue.Offer.choices,
        "may_work": may_work,
        "may_approve": may_work and _may_agree(row, request.member),
        "limit": _limit_words(row, request.member.role, reader),
    }
    return render(request, "service/issues/issue.html", context, status=status)


def _may_agree(row: Issue, member: Member) -> bool:
    """True if the member may approve the pending offer: another member's, and within their own limit."""
    return bool(row.state == "to_approve" and row.offered_by_id != member.pk and row.may_offer(member))


def _limit_words(row: Issue, role: str, reader: Reader) -> str | None:
    """Return a role's limit in words; None without a limit."""
    limit = limits()[role]
    currency = row.job.currency
    if limit is None:
        return None
    return formats.money(limit * 10 ** get_currency_precision(currency), currency, reader.country, reader.language)


def _amount_words(row: Issue, reader: Reader) -> str:
    if row.amount:
        return formats.money(row.amount, row.job.currency, reader.country, reader.language)
    return ""


class IssueAction(RowAction[Issue]):
    """An action on an issue."""

    model = Issue
    permission = WORK

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Issue:
        row = _find_issue(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Issue, toast: Toast) -> HttpResponse:
        if toast.status != 200:
            return _render_issue(request, _find_issue(request, row.uid), toast.status, toast.text)
        messages.success(request, toast.text, extra_tags=toast.undo)
        return redirect(reverse("issues:issue", args=[request.tenant.slug, row.uid]))


action = IssueAction()


@action("issue.offered")
def offer(request: TenantRequest, row: Issue) -> str:
    """Make an offer."""
    post = request.POST
    reader = Reader.of(request.member, clock.now())
    if post.get("offer") not in Issue.Offer.values:
        raise Refused(_("Choose what we offer."))
    amount = 0
    currency = row.job.currency
    if typed := post.get("amount", "").strip():
        amount, currency = parse_money(typed, NotationHabits.of(reader.country, row.job.currency, reader.zone))
    if currency != row.job.currency:
        raise Refused(_("Write it in the currency of the job."))
    row.make_offer(post["offer"], post.get("words", ""), amount, by=request.member)
    if row.state == "offered":
        return _("Offered.")
    return _("It is above your limit, and waits for approval.")


@action("issue.approved")
def approve(request: TenantRequest, row: Issue) -> str:
    """Approve the offer."""
    row.approve(by=request.member)
    return _("Approved.")


@action("issue.declined")
def decline(request: TenantRequest, row: Issue) -> str:
    """Decline the offer."""
    row.decline(request.POST.get("why", ""), by=request.member)
    return _("Not approved.")


@action("issue.ended")
def end(request: TenantRequest, row: Issue) -> str:
    """Close the issue with its result."""
    outcome = request.POST.get("outcome", "")
    row.end(request.POST.get("solved") == "yes", outcome, by=request.member)
    return _("Closed. In three days somebody checks in with the customer.")


@action()
def reopen(request: TenantRequest, row: Issue) -> str:
    """Reopen the issue."""
    row.reopen(by=request.member)
    return _("Reopened.")


def _limits_version() -> str:
    return version_of(sorted((role, str(amount)) for role, amount in limits().items()))


@settings_page("issues:limits", "issues.set_up", "service/issues/limits.html", version=_limits_version)
def approval_limits(request: TenantRequest) -> Context:
    """Show each role's limit for offers."""
    return {"limits": [(role, Role(role).label, amount) for role, amount in limits().items()]}


@approval_limits.action()
def set_limits(request: TenantRequest) -> str:
    """Save the limits; blank is none."""
    sentence = _("Write a whole amount, or leave it blank for no limit.")
    for role in limits():
        typed = request.POST.get(role, "").strip()
        amount = None
        if typed:
            amount = parse_typed_number(typed, sentence, most=999_999_999)
        ApprovalLimit.set_for(role, amount, by=request.member)
    return _("Saved.")
