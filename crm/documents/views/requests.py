"""Document requests: the list of waiting ones, creating one, and actions on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.documents.document_rows import asked_all
from crm.documents.kinds import document_kinds
from crm.documents.models import DocumentRequest, RequestState
from crm.documents.models.document_request_record import WAITING
from crm.documents.upload_details import kind_in
from crm.documents.views.found import found_job
from crm.kernel import clock, durations
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import RowAction, safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

SHARE = "documents.share"


@require("documents.view")
def request_page(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Redirect to the page of a request: the documents of its lead."""
    row = get_object_or_404(DocumentRequest.objects.visible_to(request.member).select_related("job"), uid=uid)
    return redirect("documents:of_job", request.tenant.slug, row.job.number)


@require(SHARE)
@require_POST
def ask(request: TenantRequest, number: int) -> HttpResponse:
    """Ask the customer of a lead for a document, with a due date."""
    job = found_job(request, number)
    post = request.POST
    list_url = reverse("documents:of_job", args=[request.tenant.slug, number])
    try:
        kind = document_kinds().get(kind_in(post))
        if kind is None:
            raise Refused(_("Choose a type."))
        due_on = parse_typed_day(post.get("due_on", ""))
        at = clock.now()
        row = DocumentRequest.ask(
            job, post.get("title", ""), kind=kind, by=request.member, note=post.get("note", ""), due_on=due_on
        )
    except Refused as why:
        messages.warning(request, str(why))
        return redirect(safe_next(request) or list_url)
    change = undo.record_created("document_request.asked", [row], by=request.member, at=at)
    taken_back = reverse("undo", args=[request.tenant.slug, change.uid])
    messages.success(request, _("Requested. Waiting on the customer."), extra_tags=taken_back)
    return redirect(safe_next(request) or list_url)


class RequestAction(RowAction[DocumentRequest]):
    """An action on a request."""

    model = DocumentRequest
    permission = SHARE

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> DocumentRequest:
        uid: UUID = named["uid"]
        row: DocumentRequest = get_object_or_404(DocumentRequest.objects.visible_to(request.member), uid=uid)
        if lock:
            row.lock()
        return row


action = RequestAction()


@action()
def remind(request: TenantRequest, row: DocumentRequest) -> str:
    """Remind the customer."""
    row.remind(by=request.member)
    return _("Reminder sent.")


@action("document_request.accepted")
def accept(request: TenantRequest, row: DocumentRequest) -> str:
    """Accept what was received, and close the request."""
    row.accept(by=request.member)
    return _("Accepted: “%(title)s”.") % {"title": row.title}


@action("document_request.refused")
def refuse(request: TenantRequest, row: DocumentRequest) -> str:
    """Send the document back with a reason."""
    row.refuse(request.POST.get("reason", ""), by=request.member)
    return _("Sent back. Waiting on the customer.")


@action("document_request.withdrawn")
def withdraw(request: TenantRequest, row: DocumentRequest) -> str:
    """Withdraw the request."""
    row.withdraw(by=request.member)
    return _("“%(title)s” is no longer requested.") % {"title": row.title}


@action("document_request.postponed")
def postpone(request: TenantRequest, row: DocumentRequest) -> str:
    """Change the due date."""
    row.postpone(parse_typed_day(request.POST.get("due_on", "")), by=request.member)
    return _("Saved.")


# So many are shown; there are tabs for what is late, and for what is here.
MOST = 200


@require("documents.view")
def requests(request: TenantRequest) -> HttpResponse:
    """List the requests, soonest due first. Five queries, independent of their number."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    seen = DocumentRequest.objects.visible_to(member)
    tabs = {
        "waiting": (_("Requested"), Q(state__in=WAITING)),
        "late": (_("Late"), Q(state__in=WAITING, due_on__lt=reader.today)),
        "here": (_("To review"), Q(state=RequestState.RECEIVED)),
    }
    chosen = request.GET.get("show", "")
    if chosen not in tabs:
        chosen = "waiting"
    rows = seen.filter(tabs[chosen][1]).select_related("job", "person").prefetch_related("pages__document")
    requests_due = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[: MOST + 1])
    ages = [durations.short_duration((reader.now - row.created_at).total_seconds()) for row in requests_due]
    context = {
        "tabs": [(key, words, key == chosen) for key, (words, _which) in tabs.items()],
        "rows": list(zip(asked_all(requests_due[:MOST], reader), ages, strict=False)),
        "is_capped": len(requests_due) > MOST,
        "most": MOST,
        "here": request.get_full_path(),
        "may": {"share": allows(member, "documents.share")},
    }
    return render(request, "documents/requests.html", context)
