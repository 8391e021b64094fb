"""The page of a quote, and its lines, which are saved as they are typed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.identity.first_name import first_name
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from quotes.editor.contract_panel import contract_panel
from quotes.editor.history import customer_facts, version_lines
from quotes.editor.other_price import describe_other_price
from quotes.editor.outcome import outcome_lines
from quotes.editor.page_approval import page_approval
from quotes.editor.quote_action import QuoteAction, quote_url, visible_quote
from quotes.editor.quote_page import QuotePage
from quotes.editor.stale_warnings import stale_warnings
from quotes.editor.typed import parse_amount
from quotes.models import Quote, QuoteLine, QuoteState, SealedQuote
from quotes.models.quote_terms import terms_of
from quotes.sending.customer_page import customer_page
from quotes.typed_numbers import parse_quantity


@require("quotes.view")
@require_safe
def quote(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a quote: its newest version, or the one named by its number."""
    row = visible_quote(request.member, uid)
    context = page_context(request, row)
    template = "quotes/quote.html"
    if is_fragment(request):
        template = "quotes/_refresh.html"
    return render(request, template, context)


def page_context(request: TenantRequest, row: Quote, told: Toast | None = None) -> dict[str, Any]:
    """Return the context of the page, and of the parts that an edit changes."""
    member = request.member
    number = read_number(request.GET.get("version"), least=1) or row.newest
    version = row.versions.filter(number=number).first()
    if version is None:
        raise Http404
    reader = Reader.of(member, clock.now())
    option = request.POST.get("option", "") or request.GET.get("option", "")
    page = QuotePage(row, version, option, reader, sees_margin=allows(member, "quotes.see_margin"))
    may_edit = allows(member, "quotes.edit")
    return {
        "quote": row,
        "version": version,
        "page": page,
        "option": page.option,
        "head": page.head(),
        "cards": page.cards(),
        "groups": page.groups(),
        "side": page.side(),
        "stale": stale_warnings(page),
        "approval": page_approval(page, member),
        "contract": contract_panel(row, member, reader),
        "discount": page.version.discount,
        "valid_until": _valid_words(row, page, reader),
        "facts": customer_facts(row, reader),
        "other_price": describe_other_price(row, reader),
        "outcome": outcome_lines(row, reader),
        "versions": version_lines(row, version.number, reader),
        "customer": row.person.name if row.person else row.job.title,
        "look_as": _look_name(row.person),
        "job_url": record_url(row.job, request.tenant.slug),
        "may_edit": may_edit,
        "is_open": may_edit and page.is_draft and version.number == row.newest,
        "is_sealed": SealedQuote.objects.filter(acceptance__quote=row).exists(),
        "may_revise": may_edit and not row.has_draft and row.state != QuoteState.ACCEPTED,
        "may_send": allows(member, "quotes.send"),
        "has_customer_page": customer_page() is not None,
        "may_set_up": allows(member, "quotes.set_up"),
        "here": quote_url(request, row),
        "saved": reader.near(row.changed_at),
        "told": told,
    }


def _look_name(person: Person | None) -> str:
    """Return the first name of the customer whose page a member can look at; blank without one."""
    if person is None or person.erased_at:
        return ""
    return first_name(person.name) or person.name


def _valid_words(row: Quote, page: QuotePage, reader: Reader) -> str:
    if page.version.valid_until:
        return reader.date(page.version.valid_until)
    days = terms_of(row.brand_id).valid_days
    return ngettext("%(days)s day from sending", "%(days)s days from sending", days) % {"days": days}


class LineAction(QuoteAction):
    """Saves lines: htmx gets the parts that changed, so that what is being typed stays."""

    def answer(self, request: TenantRequest, row: Quote, toast: Toast) -> HttpResponse:
        if not is_fragment(request):
            return super().answer(request, row, toast)
        message = toast if toast.text else None
        context = page_context(request, visible_quote(request.member, row.uid), message)
        context["with_lines"] = toast.status != 200 or getattr(request, "moved_lines", False)
        return render(request, "quotes/_saved.html", context, status=toast.status)


line_action = LineAction()


@line_action()
def save_texts(request: TenantRequest, row: Quote) -> str:
    """Save what the customer reads first."""
    row.set_texts(intro=request.POST.get("intro", "")[:4_000], by=request.member)
    return _saved_words(request)


def _saved_words(request: TenantRequest) -> str:
    """Return the message after saving; none where the page says when it was saved last."""
    if is_fragment(request):
        return ""
    return _("Saved.")


@line_action()
def save_lines(request: TenantRequest, row: Quote) -> str:
    """Save quantities, prices, and which lines the customer may take off, as the table has them."""
    country = directory().brands[row.brand_id].country
    lines = list(row.lock_draft().lines.all())
    changes = {line.pk: _line_changes(request, row, line, country) for line in lines}
    request.moved_lines = any("is_optional" in one for one in changes.values())  # type: ignore[attr-defined]
    row.change_lines({pk: columns for pk, columns in changes.items() if columns}, by=request.member)
    return _saved_words(request)


def _line_changes(request: TenantRequest, row: Quote, line: QuoteLine, country: str) -> dict[str, Any]:
    """Return what the form has other than the line; a line that isn't in the form changes nothing."""
    quantity = request.POST.get(f"quantity-{line.pk}")
    if quantity is None:
        return {}
    columns: dict[str, Any]
    try:
        columns = {
            "quantity": parse_quantity(quantity, country),
            "unit_price": parse_amount(request.POST.get(f"price-{line.pk}", ""), row),
            "is_optional": f"optional-{line.pk}" in request.POST,
        }
    except Refused as why:
        raise Refused(f"{line.name}: {why.sentence}") from None
    if columns["unit_price"] != line.unit_price:
        columns |= {"priced_on": None, "kept_until": None}
    return {name: value for name, value in columns.items() if getattr(line, name) != value}
