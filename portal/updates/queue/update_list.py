"""The list of updates: those to approve or send by another channel first, by due date."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from portal.models import CustomerUpdate
from portal.updates.queue.filters import UpdateFilters

MOST_COUNTED = 99
# What asks for updates that are done with, so that the queue's own limit falls away.
_WIDE = (
    *("state", "missed", "delivered", "seen", "answered", "unseen", "bad", "asked", "kind", "medium", "due", "sent"),
)


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 update")
    return _("%(found)s updates") % {"found": found}


class UpdateList(List):
    """List of updates by due date; digest parts are shown with their letter."""

    key = "updates"
    page = "updates:list"
    permission = "updates.view"
    filterset = UpdateFilters
    first_field = "state"
    words = Words(
        name=gettext_lazy("Updates"),
        where=gettext_lazy("Updates where"),
        everything=gettext_lazy("To approve"),
        counted=_count_words,
        sorted_by=gettext_lazy("when they are due"),
    )

    def visible(self, member: Member) -> Any:
        return CustomerUpdate.objects.visible_to(member).letters()

    def order(self, filters: Filters) -> Order:
        """Order by due date: open ones earliest first, done ones latest first."""
        is_done = any(filters.asks(name) for name in _WIDE)
        return Order(CustomerUpdate, "due_at", "id", down=is_done)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude updates that need no action, unless the query asks for them."""
        if any(filters.asks(name) for name in _WIDE):
            return rows
        return rows.to_do()

    def views(self, member: Member) -> list[View]:
        return [
            View("todo", _("To approve"), self.filters()),
            View("missed", _("Missed"), self.filters(missed="1", state="draft")),
            View("unseen", _("Not seen"), self.filters(unseen="1")),
            View("sent", _("Sent"), self.filters(state="sent")),
        ]


UPDATES = UpdateList()


def to_approve(member: Member) -> str:
    """Count the updates that need an action, for the navigation."""
    count = UPDATES.visible(member).to_do().order_by()[: MOST_COUNTED + 1].count()
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(count or "")
