"""Notify the members who handle submissions that some are parked: once, until they have looked."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

PARKED = "submission.parked"
SEE = "intake.see"


def tell_parked(parked: Sequence[Event]) -> None:
    """Notify them of the last of these."""
    last = parked[-1]
    readers = [pk for pk, member in directory().members.items() if member.active and allows(member, SEE)]
    notify(PARKED, readers, key=f"event:{last.pk}", data={"count": len(parked)}, at=last.at)


def _describe_unreadable(data: dict[str, Any]) -> str:
    count = data.get("count", 1)
    words = ngettext("A lead came in that could not be read", "%(count)s leads came in that could not be read", count)
    return words % {"count": count}


KIND = NoticeKind(
    name=PARKED,
    permission=SEE,
    icon="inbox",
    label=gettext_lazy("A lead could not be read"),
    words=_describe_unreadable,
    default=NoticeWay.MAIL,
    once_until_read=True,
    page="intake:submissions",
)
