"""The list of automatic messages and those set aside, newest first."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.directory import all_channels
from comms.inbound.screening.spam_deletion import SPAM_DAYS
from comms.models import Medium, Message
from comms.models.message import SPAM
from comms.search.messages import occurrences
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from tickets.models import Entry

# Messages that a text occurs in and that are listed, the newest first.
MOST_FOUND = 500
REASONS = {
    "auto_reply": gettext_lazy("Automatic answer or notice"),
    "list": gettext_lazy("Newsletter or mailing list"),
    "challenge": gettext_lazy("Asks us to confirm our email"),
    "loop": gettext_lazy("Our own email, returned"),
    "duplicate": gettext_lazy("Copy of an email we have"),
    "internal": gettext_lazy("Sent by us to ourselves"),
    "report": gettext_lazy("Report about an email that is not ours"),
    "reaction": gettext_lazy("Reaction to a message we do not have"),
    SPAM: gettext_lazy("Spam"),
}


def _reason_choices(member: Member) -> list[Choice]:
    return [Choice(kind, str(label)) for kind, label in REASONS.items()]


def _mailbox_choices(member: Member) -> list[Choice]:
    """Return the mailboxes to choose from, without colleagues' private ones."""
    mailboxes = [channel for channel in all_channels().values() if channel.medium == Medium.EMAIL]
    return [
        Choice(str(channel.uid), channel.address)
        for channel in mailboxes
        if channel.owner_id in (None, member.pk) or channel.sharing != "private"
    ]


def _of_mailbox(value: str, viewer: Any) -> Q:
    return Q(channel_id=by_uid(all_channels(), value))


class SetAsideFilters(FilterSet):
    reason = ChoiceFilter(gettext_lazy("Reason"), "automatic", choices=_reason_choices)
    mailbox = ChoiceFilter(gettext_lazy("Mailbox"), choices=_mailbox_choices, q=_of_mailbox)
    at = DateFilter(gettext_lazy("When"), "at")
    q = TextFilter(gettext_lazy("Sender, subject or text"), alone=True, chip=gettext_lazy("Text"))


def _count_words(count: str) -> str:
    if count == "1":
        return _("1 message")
    return _("%(found)s messages") % {"found": count}


class SetAsideList(List):
    """List of incoming messages that need no answer, newest first."""

    key = "set_aside"
    page = "set_aside:list"
    permission = "tickets.view"
    filterset = SetAsideFilters
    first_field = "reason"
    words = Words(
        name=gettext_lazy("Set aside"),
        where=gettext_lazy("Set aside where"),
        everything=gettext_lazy("All that is set aside"),
        counted=_count_words,
        sorted_by=gettext_lazy("when they came in"),
    )

    def visible(self, member: Member) -> Any:
        """Return messages without a conversation that the member may see."""
        on_a_conversation = Entry.objects.filter(message=OuterRef("pk")).order_by()
        return Message.objects.visible_to(member).set_aside().filter(~Exists(on_a_conversation))

    def order(self, filters: Filters) -> Order:
        return Order(Message, "at", "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter messages that contain a text. Spam is in its own view, unless a text is searched."""
        if not filters.q:
            if filters.asks("reason"):
                return rows
            return rows.exclude(automatic=SPAM)
        return rows.filter(pk__in=occurrences(filters.q, by=member, most=MOST_FOUND))

    def notes(self, filters: Filters, member: Member) -> list[str]:
        if filters.get("reason") != SPAM:
            return []
        return [_("Spam is deleted after %(days)s days.") % {"days": SPAM_DAYS}]

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All that is set aside"), self.filters()),
            View("automatic", _("Automatic"), self.filters(reason="auto_reply")),
            View("spam", _("Spam"), self.filters(reason=SPAM)),
            View("lists", _("Newsletters"), self.filters(reason="list")),
            View("loops", _("Returned"), self.filters(reason="loop")),
            View("duplicates", _("Copies"), self.filters(reason="duplicate")),
        ]


SET_ASIDE_LIST = SetAsideList()
