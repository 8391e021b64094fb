"""The approval of a quote's draft, for the side column of its page: whether it is needed, asked or given."""

from typing import Any

from django.utils.translation import gettext as _

from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from quotes.editor.quote_page import QuotePage
from quotes.models.limits import discount_share
from quotes.typed_numbers import short_percent


def page_approval(page: QuotePage, member: Any) -> dict[str, Any]:
    """Return whether an approval is needed, asked or given, and what the member may do about it."""
    if not page.is_draft:
        return {"state": "none"}
    waiting = page.quote.open_approval(page.content)
    reasons = page.quote.reasons_for_approval(page.content, member)
    if waiting:
        state = "waiting"
    elif reasons:
        state = "needed"
    else:
        state = "none"
    may_decide = bool(waiting and allows(member, "quotes.approve") and waiting.requested_by_id != member.pk)
    asker = directory().members.get(waiting.requested_by_id) if waiting else None
    return {
        "state": state,
        "row": waiting,
        "asker": asker.name if asker else "",
        "due": page.reader.near(waiting.due_at) if waiting else "",
        "may_decide": may_decide,
        "words": _approval_words(page, waiting.reasons if waiting else reasons),
        "discount": short_percent(discount_share(page.sums), page.country),
    }


def _approval_words(page: QuotePage, reasons: dict[str, Any]) -> list[str]:
    """Return the reasons for an approval, without margins for members who may not see them."""
    words = []
    if "discount" in reasons:
        values = {name: short_percent(reasons[name], page.country) for name in ("discount", "limit")}
        words.append(_("Discount %(discount)s, above the limit of %(limit)s") % values)
    if "margin" in reasons and page.sees_margin:
        values = {name: short_percent(reasons[name], page.country) for name in ("margin", "floor")}
        words.append(_("Margin %(margin)s, below the floor of %(floor)s") % values)
    elif "margin" in reasons:
        words.append(_("The price is below what can be sent without approval"))
    return words
