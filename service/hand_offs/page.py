"""Context of a hand-off's page: promises, checklist, answer, and supporting data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.documents.models import Document
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock, durations, formats
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.models import StaffNumber
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from leads.models import Lead
from service.hand_offs.figures import figures_of
from service.hand_offs.free_days import free_days, is_workday_by
from service.hand_offs.job_statements import place_of, said_about
from service.models import HandOff, HandOffQuestion, HandOffState, ProjectTemplate, Promise, ReturnReason
from service.models.hand_off_checklist import checklist_of
from service.models.project_template import templates

PHOTO = "image/"
# So many hand-offs that wait are counted, and listed.
MOST = 100
# Photos the page shows of a job; its documents have all of them.
SHOWN = 6


@dataclass(frozen=True)
class PromiseRow:
    """A promise as shown on the page, with the reply of a refused form."""

    promise: Promise
    place: str
    url: str
    answer: str
    why_not: str


def render_page(request: TenantRequest, hand_off: HandOff, status: int = 200, told: str = "") -> HttpResponse:
    """Render the page. If a form was refused, show the reason and keep its values."""
    reader = Reader.of(request.member, clock.now())
    member = request.member
    job = hand_off.job
    words = ClockWords(job, reader)
    may_prepare = allows(member, "handoffs.prepare") and hand_off.is_unanswered
    checks = checklist_of(hand_off)
    context: dict[str, Any] = {
        "hand_off": hand_off,
        "job": job,
        "sees_job": job.is_visible_to(member),
        "told": told,
        "given": request.POST if status != 200 else {},
        "bar": words.bar(shapes()[job.pipeline_id]),
        "phases": pipeline_setup().phases,
        "pipeline": pipeline_setup().pipelines[job.pipeline_id].name,
        "value": _value_words(hand_off, reader),
        "level": hand_off.level_at(reader.now),
        "promises": _promise_rows(request, hand_off, reader, refused=status != 200),
        "kinds": Promise.Kind.choices,
        "said": said_about(job, member, reader) if may_prepare else [],
        "checks": checks,
        "ready": sum(not check.is_missing for check in checks),
        "owed": [check for check in checks if check.owed],
        "missing": [check for check in checks if check.is_missing and not check.owed],
        "photos": photos_of(hand_off).count(),
        "shown": photos_of(hand_off).visible_to(member)[:SHOWN] if allows(member, "documents.view") else [],
        "may_prepare": may_prepare,
        "may_answer": allows(member, "handoffs.answer") and hand_off.is_unanswered,
        "may_tell": allows(member, "handoffs.prepare"),
        "reasons": ReturnReason.choices,
        "colleagues": [one for one in directory().members.values() if one.active],
        "tomorrow": (reader.today + timedelta(days=1)).isoformat(),
        "opened": reader.moment(hand_off.opened_at),
        "ago": durations.short_duration((reader.now - hand_off.opened_at).total_seconds()),
        "far": reader.moment(hand_off.far_at),
        "answered": reader.moment(hand_off.answered_at) if hand_off.answered_at else "",
        "is_accepted": hand_off.state == HandOffState.ACCEPTED,
        "is_returned": hand_off.state == HandOffState.RETURNED,
        "questions": _question_rows(hand_off, reader),
        "call": seller_number(hand_off),
        **_list_position(hand_off, request),
        **_setup_preview(hand_off, reader),
        **_side_context(hand_off, reader),
    }
    return render(request, "service/hand_off.html", context, status=status)


def photos_of(hand_off: HandOff) -> Any:
    """Return the photos of the job, newest first."""
    photos = Document.objects.live().filter(job_id=hand_off.pk, media_type__startswith=PHOTO)
    return photos.order_by("-taken_at", "-pk")


def _promise_rows(request: TenantRequest, hand_off: HandOff, reader: Reader, *, refused: bool) -> list[PromiseRow]:
    rows = []
    for promise in hand_off.promises.in_order().select_related("message__person", "note__author"):
        promise.hand_off = hand_off
        place, url = place_of(promise, reader)
        if not hand_off.job.is_visible_to(request.member):
            url = ""
        answer = promise.answer
        why_not = promise.why_not
        if refused and f"promise-{promise.pk}" in request.POST:
            answer = request.POST[f"promise-{promise.pk}"]
            why_not = request.POST.get(f"why-{promise.pk}", "")
        rows.append(PromiseRow(promise, place, url, answer, why_not))
    return rows


def _question_rows(hand_off: HandOff, reader: Reader) -> list[tuple[HandOffQuestion, str, str]]:
    """Return the questions, with the times they were asked and answered."""
    rows = hand_off.questions.select_related("asked__author", "answered__author").order_by("pk")
    return [(row, reader.near(row.asked.at), reader.near(row.answered.at) if row.answered else "") for row in rows]


def seller_number(hand_off: HandOff) -> str:
    """Return the seller's confirmed phone number while it is in use; blank for none."""
    number = None
    if hand_off.seller and hand_off.is_unanswered:
        number = StaffNumber.of(hand_off.seller)
    if number and number.confirmed_at:
        return number.number
    return ""


def _list_position(hand_off: HandOff, request: TenantRequest) -> dict[str, Any]:
    """Return the position among waiting hand-offs, in list order, with the previous and the next one."""
    uids = list(HandOff.objects.visible_to(request.member).waiting_first().values_list("uid", flat=True)[:MOST])
    if hand_off.uid not in uids:
        return {}
    at = uids.index(hand_off.uid)
    return {
        "nth": at + 1,
        "waiting": len(uids),
        "earlier": uids[at - 1] if at else None,
        "later": uids[at + 1] if at + 1 < len(uids) else None,
    }


def _value_words(hand_off: HandOff, reader: Reader) -> str:
    job = hand_off.job
    if job.value is None:
        return ""
    return formats.money(job.value, job.currency, reader.country, reader.language)


def _setup_preview(hand_off: HandOff, reader: Reader) -> dict[str, Any]:
    """Describe what accepting sets up."""
    organization = directory()
    template = hand_off.template
    names = []
    if template:
        names = [one["name"] for one in template.milestones]
    papers = []
    if template:
        papers = [one["title"] for one in template.papers]
    team = None
    if template:
        team = organization.teams.get(template.team_id or 0)
    contact = None
    if template:
        contact = organization.members.get(template.contact_id or 0)
    return {
        "templates": [row for row in templates().values() if row.archived_at is None],
        "template": template,
        "team": team.name if team else _("no crew yet"),
        "contact": contact,
        "milestones": ", ".join(names),
        "papers": ", ".join(papers),
        "days": template.days if template else 1,
    }


def _side_context(hand_off: HandOff, reader: Reader) -> dict[str, Any]:
    """Return the context of the side column: people, crews' free days, money, and the seller's figures."""
    lead = Lead.objects.filter(job_id=hand_off.pk).first()
    figures = None
    if hand_off.seller:
        figures = figures_of(hand_off.seller, reader.now)
    days = 1
    if hand_off.template:
        days = hand_off.template.days
    is_workday = is_workday_by(directory().calendar_of(hand_off.job.brand_id))
    free_crews = []
    if hand_off.is_unanswered:
        free_crews = [
            (free.team.name, reader.date(free.first) if free.first else "", reader.date(free.last) if free.last else "")
            for free in free_days(days, reader.today, is_workday)
        ]
    return {
        "won": reader.moment(lead.won_at) if lead and lead.won_at else "",
        "service": hand_off.answered_by,
        "free": free_crews,
        "figures": figures,
        "wait": durations.short_duration(figures.wait) if figures and figures.wait is not None else "",
        "project": getattr(hand_off.job, "project", None),
    }


def template_in(request: TenantRequest) -> ProjectTemplate | None:
    """Return the template chosen in a form, if it is in use."""
    rows = {str(pk): row for pk, row in templates().items() if row.archived_at is None}
    return rows.get(request.POST.get("template", ""))
