"""The list of commission statements, the page of one, and its actions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing.commissions.monthly import draw_up_and_tell, last_month
from billing.commissions.paper import statement_file
from billing.commissions.sending import send_statement
from billing.commissions.statement_lines import statement_rows
from billing.commissions.statement_list import PERMISSION, STATEMENTS
from billing.models import Commission, CommissionStatement, StatementState
from billing.paper.views import file_response
from crm.kernel import clock, formats
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import RowAction, Toast
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

STATE_CSS = {StatementState.DRAFT: "hold", StatementState.ISSUED: "soon", StatementState.PAID: "won"}


@require(PERMISSION)
def statements(request: TenantRequest) -> HttpResponse:
    """Show the statements, and what stands on none yet."""
    filters = STATEMENTS.read(request.GET, request.member)
    rows = STATEMENTS.apply(filters, request.member).select_related("partner")
    page = read_page(rows, request.GET, STATEMENTS.order(filters))
    reader = Reader.of(request.member, clock.now())
    context = {
        "page": page,
        "rows": [_row_values(row, reader) for row in page.rows],
        "waiting": _waiting_sums(reader),
        "month": formats.month(last_month()),
        "may_set_up": allows(request.member, "billing.set_up"),
        "first_url": filters.query(),
        "here": request.get_full_path(),
        **frame(request, STATEMENTS, filters),
    }
    return render(request, "billing/commissions/list.html", context)


def _row_values(row: CommissionStatement, reader: Reader) -> dict[str, Any]:
    return {
        "row": row,
        "month": formats.month(row.month),
        "issued": reader.day(row.issued_at) if row.issued_at else "",
        "total": formats.money(row.total, row.currency, reader.country, reader.language),
        "css": STATE_CSS[StatementState(row.state)],
    }


def _waiting_sums(reader: Reader) -> list[tuple[str, str]]:
    """Return by partner and currency what stands on no statement yet."""
    rows = Commission.objects.without_statement().order_by("partner__name", "currency")
    sums = rows.values("partner__name", "currency").annotate(sum=Sum("amount"))
    return [
        (row["partner__name"], formats.money(row["sum"], row["currency"], reader.country, reader.language))
        for row in sums
        if row["sum"]
    ]


@require(PERMISSION)
@require_POST
def draw_up(request: TenantRequest) -> HttpResponse:
    """Draft the statements of the last month."""
    drawn = draw_up_and_tell(last_month(), by=request.member)
    if drawn:
        words = ngettext("%(count)s statement is drafted.", "%(count)s statements are drafted.", len(drawn))
        messages.success(request, words % {"count": len(drawn)})
    else:
        messages.success(request, _("There is nothing to state for that month."))
    return redirect("commissions:list", request.tenant.slug)


@require(PERMISSION)
def statement(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one statement."""
    return _render_statement(request, _find_statement(request, uid))


@require(PERMISSION)
@require_safe
def statement_pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve a statement as PDF."""
    content, name = statement_file(_find_statement(request, uid))
    return file_response(content, name, "application/pdf")


def _find_statement(request: TenantRequest, uid: UUID) -> CommissionStatement:
    rows = CommissionStatement.objects.visible_to(request.member).filter(uid=uid)
    row: CommissionStatement | None = rows.select_related("partner__person", "brand", "issued_by", "paid_by").first()
    if row is None:
        raise Http404
    return row


def _render_statement(request: TenantRequest, row: CommissionStatement, toast: Toast | None = None) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    context = {
        "statement": row,
        "told": toast.text if toast else "",
        "css": STATE_CSS[StatementState(row.state)],
        "month": formats.month(row.month),
        "issued": reader.moment(row.issued_at) if row.issued_at else "",
        "sent": reader.moment(row.sent_at) if row.sent_at else "",
        "paid": reader.moment(row.paid_at) if row.paid_at else "",
        "rows": statement_rows(row, reader.country, reader.language),
        "total": formats.money(row.total, row.currency, reader.country, reader.language),
    }
    return render(request, "billing/commissions/statement.html", context, status=toast.status if toast else 200)


class StatementAction(RowAction[CommissionStatement]):
    """An action on a commission statement."""

    model = CommissionStatement
    permission = PERMISSION

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> CommissionStatement:
        row = _find_statement(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: CommissionStatement, toast: Toast) -> HttpResponse:
        if toast.status != 200:
            return _render_statement(request, _find_statement(request, row.uid), toast)
        messages.success(request, toast.text)
        if row.pk is None:
            return redirect("commissions:list", request.tenant.slug)
        return redirect("commissions:statement", request.tenant.slug, row.uid)


action = StatementAction()


@action()
def issue(request: TenantRequest, row: CommissionStatement) -> str:
    """Issue a draft; it is mailed to the partner."""
    row.issue(by=request.member)
    return _("%(number)s is issued.") % {"number": row.number}


@action()
def discard(request: TenantRequest, row: CommissionStatement) -> str:
    """Delete a draft."""
    row.discard(by=request.member)
    return _("The draft is deleted. What stood on it comes on the next one.")


@action()
def send(request: TenantRequest, row: CommissionStatement) -> str:
    """Mail an issued statement that was not mailed."""
    send_statement(row, by=request.member)
    return _("It is on its way to %(address)s.") % {"address": row.partner.email}


@action()
def pay(request: TenantRequest, row: CommissionStatement) -> str:
    """Note that it was paid to the partner."""
    row.note_paid(by=request.member)
    return _("Noted as paid out.")
