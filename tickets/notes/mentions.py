"""Mentions in notes: notices to the mentioned members, and when they read the note."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from tickets.models import Mention, Ticket

MENTIONED = "ticket.mention"


def _mention_words(data: dict[str, Any]) -> str:
    return _("%(name)s mentioned you in a note") % {"name": data["by"]}


KIND = NoticeKind(
    name=MENTIONED,
    permission="tickets.view",
    icon="at-sign",
    label=gettext_lazy("A colleague mentions me in a conversation"),
    words=_mention_words,
    default=NoticeWay.MAIL,
    gathers=False,
    through_mute=True,
)


def read_mentions(ticket: Ticket, member: Member) -> None:
    """Record that a member read the notes of a ticket that mention them."""
    Mention.objects.of(member).unread().filter(entry__ticket=ticket).update(read_at=clock.now())


def tell_mentioned(written: Sequence[Event]) -> None:
    """Notify members mentioned in a note, once per note and member. Idempotent."""
    wanted = {event.data["entry"]: event for event in written}
    named: dict[int, list[int]] = {}
    mentions = Mention.objects.filter(entry__in=list(wanted), entry__removed_at=None).order_by("pk")
    for entry_id, member_id in mentions.values_list("entry_id", "member_id"):
        named.setdefault(entry_id, []).append(member_id)
    tickets = Ticket.objects.in_bulk([wanted[pk].subject_id for pk in named])
    for pk, members in named.items():
        if ticket := tickets.get(wanted[pk].subject_id):
            event = wanted[pk]
            notify(MENTIONED, members, key=f"note:{pk}", about=ticket, by=event.actor_id, at=event.at)
