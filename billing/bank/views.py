"""The page of bank files: upload one, and say which invoices the lines pay that name none."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from billing.bank.importing import match_by_hand, take_file
from billing.bank.matching import suggest_invoices
from billing.models import Allocation, BankEntry, BankFile, EntryState, Invoice, ProviderAccount
from billing.payments.receiving import find_by_reference
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit

PERMISSION = "billing.record_payment"
LARGEST = 30_000_000
SHOWN = 50
RECENT = 10
# Those matched last are looked for among so many of the newest lines.
COMPARED = 200


@require(PERMISSION)
def entries(request: TenantRequest) -> HttpResponse:
    """Show the lines that wait for a person, those that were matched or left out, and the files."""
    reader = Reader.of(request.member, clock.now())
    waiting = BankEntry.objects.filter(state=EntryState.WAITING)
    left = BankEntry.objects.filter(state__in=(EntryState.LEFT, EntryState.PAYOUT)).order_by("-decided_at")
    page_entries = list(waiting.order_by("booked_on", "pk")[:SHOWN])
    suggestions = suggest_invoices(page_entries, request.member)
    context = {
        "rows": [_row(entry, reader) | {"suggestions": suggestions[entry.pk]} for entry in page_entries],
        "count": waiting.count(),
        "has_provider": ProviderAccount.objects.exists(),
        "matched": _matched_rows(request.member, reader),
        "left": [_row(entry, reader) for entry in left[:RECENT]],
        "files": [(file, reader.near(file.uploaded_at)) for file in _recent_files()],
    }
    return render(request, "billing/bank/list.html", context)


def _recent_files() -> Iterable[BankFile]:
    return BankFile.objects.defer("content").order_by("-pk")[:RECENT]


def _matched_rows(member: Member, reader: Reader) -> list[dict[str, Any]]:
    """Return the lines that were matched last, with the invoices they paid that the member may see. Two queries."""
    newest = BankEntry.objects.filter(state=EntryState.MATCHED).order_by("-pk")[:COMPARED]
    recent = heapq.nlargest(RECENT, newest.select_related("payment"), key=lambda entry: entry.decided_at)
    paid: dict[int, list[Invoice]] = defaultdict(list)
    visible = Invoice.objects.visible_to(member).values("pk")
    payments = [entry.payment_id for entry in recent]
    uses = Allocation.objects.filter(payment__in=payments, ended_at=None, invoice__in=visible).select_related("invoice")
    for use in uses.order_by("pk"):
        paid[use.payment_id].append(use.invoice)
    return [_row(entry, reader) | {"invoices": paid[entry.payment_id]} for entry in recent]


def _row(entry: BankEntry, reader: Reader) -> dict[str, Any]:
    amount = formats.money(entry.amount, entry.currency, reader.country, reader.language)
    return {"entry": entry, "amount": amount, "day": reader.date(entry.booked_on)}


@require(PERMISSION)
@require_POST
@limit("bank-file", "20/m")
def upload(request: TenantRequest) -> HttpResponse:
    """Take a bank's file."""
    file = request.FILES.get("file")
    if file is None:
        messages.warning(request, _("Choose a file of your bank."))
    elif (file.size or 0) > LARGEST:
        messages.warning(request, _("The file is too large for a bank statement. Download fewer days at once."))
    else:
        _take(request, file.read(), file.name or "")
    return redirect("bank:list", request.tenant.slug)


def _take(request: TenantRequest, content: bytes, name: str) -> None:
    was_known = BankFile.objects.filter(digest=BankFile.digest_of(content)).exists()
    try:
        stored, matched = take_file(content, name, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
        return
    if was_known:
        messages.success(request, _("This file was uploaded before. Nothing changed."))
        return
    words = ngettext("%(count)s new line", "%(count)s new lines", stored.new_lines) % {"count": stored.new_lines}
    matched_words = ngettext("%(count)s payment matched", "%(count)s payments matched", matched) % {"count": matched}
    messages.success(request, f"{words}, {matched_words}.")


@require(PERMISSION)
@require_POST
def match(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Receive a line as a payment of the chosen invoice, or of those whose numbers were typed."""

    def act(entry: BankEntry) -> str:
        invoices = _chosen_invoices(request)
        if not invoices:
            raise Refused(_("Enter the number of an issued invoice."))
        match_by_hand(entry, invoices, by=request.member)
        return _("Matched.")

    return _answer(request, uid, act)


def _chosen_invoices(request: TenantRequest) -> list[Invoice]:
    visible = Invoice.objects.visible_to(request.member)
    if chosen := request.POST.get("invoice", ""):
        try:
            return list(visible.issued().filter(uid=UUID(chosen)).select_related("job", "person", "brand"))
        except ValueError:
            return []
    numbers = find_by_reference(request.POST.get("number", ""))
    allowed = set(visible.filter(pk__in=[row.pk for row in numbers]).values_list("pk", flat=True))
    return [row for row in numbers if row.pk in allowed]


@require(PERMISSION)
@require_POST
def leave(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Note that a line is no customer's payment."""

    def act(entry: BankEntry) -> str:
        entry.leave(by=request.member)
        return _("Left out.")

    return _answer(request, uid, act)


@require(PERMISSION)
@require_POST
def note_payout(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Note that a line is what a payment provider paid out."""

    def act(entry: BankEntry) -> str:
        entry.note_payout(by=request.member)
        return _("Noted as a payout. It is in the books.")

    return _answer(request, uid, act)


@require(PERMISSION)
@require_POST
def put_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Have a line matched after all."""

    def act(entry: BankEntry) -> str:
        entry.put_back(by=request.member)
        return _("It waits to be matched again.")

    return _answer(request, uid, act)


def _answer(request: TenantRequest, uid: UUID, act: Any) -> HttpResponse:
    entry = get_object_or_404(BankEntry.objects.all(), uid=uid)
    try:
        with transaction.atomic():
            messages.success(request, act(entry))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("bank:list", request.tenant.slug)
