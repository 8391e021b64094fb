"""Actions on a quote from its page: found among the visible ones, answered with the page and a message."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.requests.http import TenantRequest, is_fragment
from quotes.models import Quote, QuoteOption


class QuoteAction(RowAction[Quote]):
    """An action on a quote. A form without a version adds something, and can't overwrite what others changed."""

    model = Quote
    permission = "quotes.edit"

    def check(self, request: TenantRequest, row: Quote) -> None:
        row.expect_version(request.POST.get("version"))

    def answer(self, request: TenantRequest, row: Quote, toast: Toast) -> HttpResponse:
        level = messages.SUCCESS if toast.status == 200 else messages.WARNING
        if toast.text:
            messages.add_message(request, level, toast.text, extra_tags=toast.undo)
        if row.pk is None:
            return redirect("quotes:list", request.tenant.slug)
        return redirect(safe_next(request) or quote_url(request, row))


action = QuoteAction()


def quote_url(request: TenantRequest, quote: Quote, option: str = "") -> str:
    """Return the address of the page of a quote, with the option that was looked at."""
    url = reverse("quotes:quote", args=[request.tenant.slug, quote.uid])
    option = option or request.POST.get("option", "") or request.GET.get("option", "")
    if option and is_uuid(option):
        return f"{url}?option={option}"
    return url


def sheet(
    request: TenantRequest, row: Quote, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a form about a quote: into the dialog, or as a page."""
    shared = {"quote": row, "here": quote_url(request, row), "sheet": template}
    if is_fragment(request):
        return render(request, template, shared | context, status=status)
    return render(request, "quotes/sheet.html", shared | context, status=status)


def is_uuid(text: str) -> bool:
    """True if a text of a form can be a public id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def visible_quote(member: Member, uid: UUID) -> Quote:
    """Return a quote that the member may see. Raises Http404."""
    rows: Any = Quote.objects.visible_to(member).select_related("job", "person")
    quote: Quote = get_object_or_404(rows, uid=uid)
    return quote


def posted_option(request: TenantRequest, quote: Quote, name: str = "for") -> QuoteOption | None:
    """Return the option of the draft that a form names; None: all of them. Raises Refused for an unknown one."""
    uid = request.POST.get(name, "")
    if not uid:
        return None
    options = quote.newest_version().options
    option: QuoteOption | None = options.filter(uid=uid).first() if is_uuid(uid) else None
    if option is None:
        raise Refused(_("This option was removed. Choose another."))
    return option
