"""Register bank files: their page, its number in the navigation, and event words."""

from django.utils.translation import gettext_lazy as _

from billing.models import BankEntry, EntryState
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.timeline.event_words import EventWords


def count_waiting(member: Member) -> str:
    """Count the lines to be matched, for the number in the navigation; blank for none."""
    count = BankEntry.objects.filter(state=EntryState.WAITING).order_by()[:100].count()
    if count > 99:
        return "99+"
    return str(count or "")


FEATURES: list[Feature] = [
    NavigationPage(
        name="bank:list",
        permission="billing.record_payment",
        icon="landmark",
        label=_("Bank statements"),
        number=Number(count_waiting, _("to be matched"), topics="bank", event="bank"),
        tab_of="service:list",
    ),
    Topic("bank", ("bank_entry",)),
    EventWords("bank_entry.matched", "landmark", _("matched a payment of a bank statement")),
    EventWords("bank_entry.left", "x", _("left out a line of a bank statement")),
    EventWords("bank_entry.paid_out", "landmark", _("noted a payout of a payment provider")),
    EventWords("bank_entry.returned", "undo-2", _("had a line of a bank statement matched again")),
    EventWords("bank_entry.put_back", "undo-2", _("put back a line of a bank statement")),
]
