"""Pages of mailed reports: the list, one report, its preview, and unsubscribing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import User
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import is_name_taken
from crm.web.settings.page import Context, settings_page
from reports.home.sections import KINDS
from reports.mailed.content import content_for, mail_to
from reports.mailed.form import WEEKDAYS, ReportForm, hour_words, initial_of
from reports.models import ReportMail, ReportRecipient
from reports.models.report_mail import Rhythm

PAGE = "reports/mailed/report.html"


@settings_page("reports:mailed", "reports.mail", "reports/mailed/list.html")
def list_reports(request: TenantRequest) -> Context:
    """List the reports with their next time and recipients; archived ones last."""
    reader = Reader.of(request.member, clock.now())
    members = directory().members
    archived_last = F("archived_at").asc(nulls_first=True)
    rows = ReportMail.objects.prefetch_related("recipients").order_by(archived_last, "name", "pk")
    return {"reports": [_report_line(row, reader, members) for row in rows]}


def _report_line(row: ReportMail, reader: Reader, members: dict[int, Any]) -> dict[str, Any]:
    people = [one for one in row.recipients.all() if one.member_id in members and members[one.member_id].active]
    return {
        "report": row,
        "when": when_words(row, reader),
        "next": reader.moment(row.next_at) if row.next_at else "",
        "holds": [KINDS[key].title for key in row.sections if key in KINDS],
        "members": [members[one.member_id].name for one in people if one.stopped_at is None],
        "stopped": [members[one.member_id].name for one in people if one.stopped_at],
    }


def when_words(row: ReportMail, reader: Reader) -> str:
    """Describe a report's schedule: "every Monday, 7:00 AM", "on day 1 of the month, 7:00 AM"."""
    words = {"day": row.day, "weekday": dict(WEEKDAYS).get(row.day, ""), "hour": hour_words(row.hour, reader)}
    if row.rhythm == Rhythm.WEEKLY:
        return _("every week on %(weekday)s, %(hour)s") % words
    if row.rhythm == Rhythm.QUARTERLY:
        return _("every quarter on day %(day)s of its first month, %(hour)s") % words
    return _("every month on day %(day)s, %(hour)s") % words


def _get_report(uid: UUID) -> ReportMail:
    return get_object_or_404(ReportMail.objects.all(), uid=uid)


@require("reports.mail")
def add(request: TenantRequest) -> HttpResponse:
    """Add a report."""
    posted = is_posted(request)
    reader = Reader.of(request.member, clock.now())
    if posted:
        form = ReportForm(reader, request.POST)
    else:
        form = ReportForm(reader, initial=initial_of(None))
    if posted and form.is_valid() and not is_name_taken(form, ReportMail.objects.all()):
        try:
            ReportMail.add(members=form.members_chosen(), by=request.member, **form.report_columns())
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return _answer_saved(request)
    return render_form(request, PAGE, form, {}, "")


@require("reports.mail")
def report(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit a report."""
    posted = is_posted(request)
    reader = Reader.of(request.member, clock.now())
    row = _get_report(uid)
    before = initial_of(row)
    version = version_of(before, row.archived_at)
    page = {"report": row}
    if not posted:
        return render_form(request, PAGE, ReportForm(reader, initial=before), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, ReportForm(reader, initial=before), page, version)
    form = ReportForm(reader, request.POST)
    if form.is_valid() and not is_name_taken(form, ReportMail.objects.all(), row):
        try:
            row.change(members=form.members_chosen(), by=request.member, **form.report_columns())
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return _answer_saved(request)
    return render_form(request, PAGE, form, page, version)


def _answer_saved(request: TenantRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("reports:mailed", request.tenant.slug)


@list_reports.action(_get_report)
def archive(request: TenantRequest, report: ReportMail) -> str:
    """Archive a report, so that it is not mailed any more."""
    report.archive(by=request.member)
    return _("“%(name)s” is no longer mailed.") % {"name": report.name}


@list_reports.action(_get_report)
def restore(request: TenantRequest, report: ReportMail) -> str:
    """Restore a report; it is mailed from its next time on."""
    report.restore(by=request.member)
    return _("“%(name)s” is mailed again.") % {"name": report.name}


@list_reports.action(_get_report)
def send_now(request: TenantRequest, report: ReportMail) -> str:
    """Mail a report now, only to the requesting member."""
    mail_to(report, request.member)
    address = User.objects.values_list("email", flat=True).get(pk=request.member.user_id)
    return _("“%(name)s” is on its way to %(address)s.") % {"name": report.name, "address": address}


@require("reports.mail")
@require_GET
def preview(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the report as the member would get it now."""
    row = _get_report(uid)
    return render(request, "reports/mailed/preview.html", {"report": row, "content": content_for(row, request.member)})


@require("reports.receive")
def stop(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a report the member receives, to unsubscribe or subscribe again; linked from the mail."""
    mine: ReportRecipient | None = ReportRecipient.objects.filter(member=request.member, report__uid=uid).first()
    if mine is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("again") == "yes":
            mine.resume(by=request.member)
        else:
            mine.stop(by=request.member)
        return redirect("reports:mailed_stop", request.tenant.slug, uid)
    return render(request, "reports/mailed/stop.html", {"report": mine.report, "stopped": mine.stopped_at is not None})
