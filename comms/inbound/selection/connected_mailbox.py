"""The connection of a mailbox that is fetched: whether it may be read, and the result of a visit."""

from comms.inbound.selection.mail_choice import MailChoice
from comms.inbound.selection.mailbox_notices import notify_broken
from comms.models import Channel, MailboxConnection, MailboxState, mailbox_policy
from comms.models.mail.mailbox_connection import TOPIC
from crm.kernel import clock
from crm.platform.events import hints


def find_connection(channel: Channel) -> MailboxConnection | None:
    """Return the connection of a mailbox. None if it may not be read: not now, by its member or the organization."""
    rows = MailboxConnection.objects.readable().filter(channel=channel).select_related("member")
    connection: MailboxConnection | None = rows.first()
    if connection is None:
        return None
    if problem := mailbox_policy().refusal(connection.address):
        connection.note_failure(problem)
        return None
    return connection


def note_visit(choice: MailChoice, problem: str, *, is_refused: bool, is_expired: bool) -> bool:
    """Store the result of a visit; return True if no further one is planned: it needs its member, or has ended."""
    rows = MailboxConnection.objects.select_for_update(of=("self",)).filter(pk=choice.connection_id)
    connection: MailboxConnection | None = rows.first()
    if connection is None or connection.state != MailboxState.ACTIVE:
        return True
    if not problem:
        if connection.problem or connection.failing_since:
            connection.note_success()
            connection.save(update_fields=["problem", "failing_since", "refusals"])
            hints.touch(TOPIC)
        return False
    connection.note_failure(problem, is_refused=is_refused, needs_member=is_expired)
    notify_broken(connection, clock.now())
    return connection.state != MailboxState.ACTIVE
