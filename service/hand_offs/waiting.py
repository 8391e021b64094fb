"""Number of hand-offs that need an action of the member, for the navigation."""

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.counts import capped_counts
from service.models import HandOff, HandOffState


def count_unanswered(member: Member) -> str:
    """Count hand-offs service has to answer; for sellers, those returned to them."""
    rows = HandOff.objects.visible_to(member)
    if allows(member, "handoffs.answer"):
        rows = rows.waiting_for_answer()
    else:
        rows = rows.filter(state=HandOffState.RETURNED, seller=member)
    count = capped_counts({"waiting": rows})["waiting"]
    if count == "0":
        return ""
    return count
