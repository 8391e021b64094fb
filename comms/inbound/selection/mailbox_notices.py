"""Notify a member that their mailbox can no longer be read."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from comms.models import MailboxConnection, MailboxState
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

BROKEN = "mailbox.broken"
# A server that does not answer is mentioned after so long; a sign-in that is refused at once.
PATIENCE = timedelta(days=1)


def notify_broken(connection: MailboxConnection, now: datetime) -> None:
    """Notify the member of a mailbox that needs them, or that has failed for a day. Once per failure."""
    since = connection.failing_since
    if since and (connection.state == MailboxState.BROKEN or now - since >= PATIENCE):
        notify(BROKEN, [connection.member_id], key=f"{connection.pk}:{since.isoformat()}")


KINDS = [
    NoticeKind(
        name=BROKEN,
        permission="comms.view",
        icon="mail",
        label=_("My mailbox can no longer be read"),
        words=_("Your mailbox can no longer be read. “My mailboxes” says why."),
        default=NoticeWay.APP,
        page="comms:own_mailboxes",
    ),
]
