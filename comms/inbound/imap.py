"""Fetch mailboxes by IMAP every minute, those of brands and those that members connected."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.channels.interface import Permanent, Transient
from comms.channels.mail_access.access_tokens import SignInExpired
from comms.channels.providers.imap import Imap, SignInRefused, signed_in
from comms.inbound.folder_fetch import MailboxVisit, VisitEnded, fetch_folder, list_folders
from comms.inbound.selection.connected_mailbox import find_connection, note_visit
from comms.inbound.selection.folder_roles import readable_folders, sent_folders
from comms.inbound.selection.mail_choice import MailChoice
from comms.models import Channel, MailboxConnection
from comms.models.channel import FETCH
from crm.kernel import clock
from crm.platform.health.full_disk import is_full_disk
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# Seconds of a whole visit: what is fetched by then is kept, and the next visit goes on from there.
VISIT = 80
# How old the note of a good visit may be before it is written again.
FINE = timedelta(minutes=10)


class VisitResult(NamedTuple):
    """The result of a visit: whether more mails wait, and the problem in words.

    `is_refused`: the sign-in was refused; `is_expired`: it needs the member.
    """

    is_more: bool = False
    problem: str = ""
    is_refused: bool = False
    is_expired: bool = False


def begin(events: Sequence[Event]) -> None:
    """Schedule an early fetch of a mailbox that was set up, edited or restored."""
    ids = {event.subject_id for event in events}
    for channel in Channel.objects.in_use().filter(pk__in=ids, provider=Imap.key):
        _schedule_fetch(channel.pk, clock.now())


def go_on(events: Sequence[Event]) -> None:
    """Fetch the connected mailboxes of members who came back, and all once the organization's rules changed."""
    rows = MailboxConnection.objects.readable()
    member_ids = {event.subject_id for event in events if event.kind == "member.reactivated"}
    if member_ids:
        rows = rows.filter(member__in=member_ids)
    for connection in rows:
        connection.schedule_fetch()


def fetch(tenant_id: int, channel_id: int) -> None:
    """Fetch a mailbox and schedule the next visit; visits become rarer while it fails.

    One that a member connected is fetched while they are active and it is as they chose; the rest starts it again.
    """
    choice = None
    with use_tenant(tenant_id):
        channel = Channel.objects.in_use().filter(pk=channel_id, provider=Imap.key).first()
        language = directory().tenant.language
        if channel and channel.connected_by_owner:
            connection = find_connection(channel)
            if connection is None:
                return
            language = connection.member.language or language
            choice = MailChoice.of(connection)
    if channel is None:
        return
    with override(language):
        result = _visit_mailbox(tenant_id, channel, choice)
    with use_tenant(tenant_id):
        _store_problem(channel, result.problem)
        if choice:
            is_over = note_visit(choice, result.problem, is_refused=result.is_refused, is_expired=result.is_expired)
            if is_over:
                return
        _schedule_fetch(channel_id, clock.now() + _pause_after(channel, result))


def _schedule_fetch(channel_id: int, at: datetime) -> None:
    due_io.schedule(FETCH, channel_id, at, peer=f"mailbox:{channel_id}")


def _visit_mailbox(tenant_id: int, channel: Channel, choice: MailChoice | None) -> VisitResult:
    is_more = False
    missing: list[str] = []
    try:
        with signed_in(channel, VISIT) as client:
            visit = MailboxVisit(tenant_id, channel, client, choice)
            for name, is_sent in _folders_to_fetch(visit, missing):
                is_more |= fetch_folder(visit, name, is_sent=is_sent)
    except VisitEnded:
        return VisitResult()
    except SignInRefused as why:
        return VisitResult(problem=str(why)[:300], is_refused=True)
    except SignInExpired as why:
        return VisitResult(problem=str(why)[:300], is_expired=True)
    except (Transient, Permanent) as why:
        return VisitResult(problem=str(why)[:300])
    except Exception as error:  # whatever a server answers, the next visit is planned
        if is_full_disk(error):
            return VisitResult(problem=_("There is no room for files: its email is fetched once there is."))
        logger.exception("fetching a mailbox failed", extra={"channel": channel.pk})
        return VisitResult(problem=_("The mailbox sent an answer that can’t be read."))
    if missing:
        words = {"names": ", ".join(missing)}
        return VisitResult(is_more, _("These folders no longer exist: %(names)s. Choose the folders again.") % words)
    return VisitResult(is_more)


def _folders_to_fetch(visit: MailboxVisit, missing: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield the folders to fetch, and whether they have sent mail. `missing` gets chosen ones that are gone."""
    listed = list_folders(visit.client)
    sent = sent_folders(listed)
    if visit.choice:
        offered = {folder["name"] for folder in readable_folders(listed)}
        missing += [name for name in visit.choice.folders if name not in offered]
        yield from ((name, name in sent) for name in visit.choice.folders if name in offered)
        return
    wanted = visit.channel.settings.get("folders") or "INBOX"
    for name in filter(None, (part.strip() for part in wanted.split(","))):
        if name not in sent:
            yield name, False
    for name in sent:
        yield name, True


def _store_problem(channel: Channel, problem: str) -> None:
    """Store the result of a visit on the channel, without a new version of the configuration."""
    now = clock.now()
    if problem:
        Channel.objects.filter(pk=channel.pk).exclude(problem=problem).update(problem=problem)
    elif channel.problem or not channel.fine_at or channel.fine_at < now - FINE:
        Channel.objects.filter(pk=channel.pk).update(problem="", fine_at=now)


def _pause_after(channel: Channel, visit: VisitResult) -> timedelta:
    """Return the pause until the next visit, growing while the mailbox fails."""
    if not visit.problem:
        if visit.is_more:
            return timedelta()
        return EVERY
    since: datetime = channel.fine_at or channel_began(channel)
    return min(max(EVERY, (clock.now() - since) / 4), LONGEST_PAUSE)


def channel_began(channel: Channel) -> datetime:
    """Return when a channel that never worked was set up, by its first event."""
    first = Event.objects.of(channel).order_by("pk").first()
    if first:
        return first.at
    return clock.now()
