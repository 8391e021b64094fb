"""Pages of reviews: the list, and one with its reply and its lead."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from connections.models import Connection, Review
from connections.models.review import LONGEST_REPLY
from connections.permissions import MANAGE
from connections.reviews import google_reviews
from connections.reviews.follow_up import few_stars, plan_call
from connections.reviews.notices import VIEW
from connections.reviews.review_list import REVIEWS
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.form_version import is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

ANSWER = "reviews.answer"


@require(VIEW)
@require_safe
def reviews(request: TenantRequest) -> HttpResponse:
    """Show the list."""
    filters = REVIEWS.read(request.GET, request.member)
    rows = REVIEWS.apply(filters, request.member).select_related("job")
    page = read_page(rows, request.GET, REVIEWS.order(filters))
    reader = Reader.of(request.member, clock.now())
    connections = Connection.objects.filter(kind=google_reviews.NAME)
    context = {
        "page": page,
        "rows": [(row, reader.near(row.written_at)) for row in page.rows],
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "is_connected": bool(page.rows) or connections.exists(),
        "may_connect": allows(request.member, MANAGE),
        **frame(request, REVIEWS, filters),
    }
    return render(request, "reviews/list.html", context)


@require(VIEW)
@require_safe
def review(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one review."""
    row = _find_review(request, uid)
    if row.job:
        AccessLog.objects.note_read(row.job, by=request.member)
    return _render_review(request, row)


def _find_review(request: TenantRequest, uid: UUID) -> Review:
    rows = Review.objects.visible_to(request.member).select_related("job", "connection", "replied_by")
    row: Review = get_object_or_404(rows, uid=uid)
    return row


def _render_review(request: TenantRequest, row: Review, trouble: str = "", status: int = 200) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    context = {
        "review": row,
        "written": reader.moment(row.written_at),
        "changed": reader.moment(row.changed_at) if row.changed_at > row.written_at else "",
        "replied": reader.moment(row.replied_at) if row.replied_at else "",
        "is_low": row.stars <= few_stars(row),
        "may_answer": allows(request.member, ANSWER),
        "longest": LONGEST_REPLY,
        "version": version_of(row.form_version),
        "trouble": trouble,
        "given": request.POST.get("text", row.reply),
        "given_job": request.POST.get("job", ""),
    }
    return render(request, "reviews/review.html", context, status=status)


Act = Callable[[TenantRequest, Review], str]


def _act(act: Act) -> Callable[..., HttpResponse]:
    """Make a view of an act on a review: 409 if it changed since the form was shown, 422 if it is refused."""

    @require(ANSWER)
    @require_POST
    @wraps(act)
    def view(request: TenantRequest, uid: UUID) -> HttpResponse:
        row = _find_review(request, uid)
        row.lock()
        if is_stale(request, version_of(row.form_version)):
            return _render_review(request, row, stale_message(), HTTPStatus.CONFLICT)
        try:
            words = act(request, row)
        except Refused as why:
            return _render_review(request, row, str(why), HTTPStatus.UNPROCESSABLE_ENTITY)
        messages.success(request, words)
        return redirect("reviews:review", request.tenant.slug, row.uid)

    return view


@_act
def answer(request: TenantRequest, row: Review) -> str:
    """Publish a reply."""
    row.answer(request.POST.get("text", ""), by=request.member)
    if not row.connection.is_working:
        return _("The reply is saved. It is published once the connection works again.")
    return _("The reply is being published.")


@_act
def match(request: TenantRequest, row: Review) -> str:
    """Put it on a lead, by the lead's number."""
    number = read_number(request.POST.get("job", "").strip().lstrip("#"))
    job = Job.objects.visible_to(request.member).filter(number=number or 0).first()
    if job is None:
        raise Refused(_("No lead has this number."))
    row.match(job, by=request.member)
    plan_call(row, by=request.member)
    return _("It is on %(title)s now.") % {"title": job.title}


@_act
def unmatch(request: TenantRequest, row: Review) -> str:
    """Take it off its lead, or set it aside."""
    row.unmatch(by=request.member)
    return _("It belongs to no lead.")
