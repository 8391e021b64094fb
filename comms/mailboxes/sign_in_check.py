"""Check the sign-in of a mailbox, create or update its channel, and list its folders."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.channels.interface import Permanent, Transient
from comms.channels.mail_access.access_tokens import access_token, token_values, uses_tokens
from comms.channels.providers.imap import Imap, MailboxClient, signed_in
from comms.inbound.folder_fetch import count_mails, list_folders
from comms.inbound.selection.folder_roles import readable_folders
from comms.models import Channel, MailboxConnection, MailboxState, Medium, mailbox_policy
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

# Seconds for the sign-in and the list.
LOOK = 60
# Folders whose emails are counted.
MOST_COUNTED = 60
# Pauses before a server that does not answer is tried again; then the member is asked.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300))


class SignInCheck(NamedTuple):
    """The result of a check: the folders, or the problem in words. `is_passing`: trying again may help."""

    folders: list[dict[str, Any]]
    problem: str = ""
    is_passing: bool = False


def check_sign_in(tenant_id: int, connection_id: int) -> None:
    """Check the sign-in that a member entered or gave by their provider. Idempotent."""
    with use_tenant(tenant_id):
        connection = _find_checking(connection_id)
        if connection is None:
            return
        language = connection.member.language or directory().tenant.language
        draft = _draft_channel(connection)
    with override(language):
        result = _sign_in(connection, draft)
    with use_tenant(tenant_id), override(language):
        current = _find_checking(connection_id)
        if current is None or current.pending_secrets != connection.pending_secrets:
            # It was disconnected, or another sign-in was entered meanwhile.
            return
        _store_result(current, draft, result)


def _find_checking(connection_id: int) -> MailboxConnection | None:
    rows = MailboxConnection.objects.filter(pk=connection_id, state=MailboxState.CHECKING)
    connection: MailboxConnection | None = rows.select_related("member").select_for_update(of=("self",)).first()
    return connection


def _draft_channel(connection: MailboxConnection) -> Channel:
    """Return an unsaved channel with the sign-in that is to be checked."""
    draft = Channel(
        tenant_id=connection.tenant_id,
        medium=Medium.EMAIL,
        role=Channel.Role.PERSONAL,
        provider=Imap.key,
        address=connection.address,
        owner=connection.member,
        connected_by_owner=True,
        settings=dict(connection.pending_settings),
    )
    draft.seal(connection.secrets)
    return draft


def _sign_in(connection: MailboxConnection, draft: Channel) -> SignInCheck:
    try:
        if uses_tokens(draft):
            access_token(draft)
            account = str(token_values(draft).get("account", ""))
            if problem := _account_problem(connection, account):
                return SignInCheck([], problem)
            draft.address = account
            draft.settings["username"] = account
        if problem := mailbox_policy_refusal(connection, draft.address):
            return SignInCheck([], problem)
        with signed_in(draft, LOOK) as client:
            return SignInCheck(read_folders(client))
    except Transient as why:
        return SignInCheck([], str(why), is_passing=True)
    except Permanent as why:
        return SignInCheck([], str(why))


def mailbox_policy_refusal(connection: MailboxConnection, address: str) -> str:
    """Return why the organization does not allow a mailbox; blank if it does. Opens the tenant for it."""
    with use_tenant(connection.tenant_id):
        return mailbox_policy().refusal(address)


def _account_problem(connection: MailboxConnection, account: str) -> str:
    if not account:
        return _("The provider did not say which address the account has.")
    if connection.address and account != connection.address:
        words = {"account": account, "address": connection.address}
        return _("You signed in as %(account)s. Sign in as %(address)s, or connect a new mailbox.") % words
    return ""


def read_folders(client: MailboxClient) -> list[dict[str, Any]]:
    """Return the folders that can be chosen, with the number of emails in each."""
    folders = readable_folders(list_folders(client))
    for folder in folders[:MOST_COUNTED]:
        folder["count"] = count_mails(client, folder["name"])
    return folders


def _store_result(connection: MailboxConnection, draft: Channel, result: SignInCheck) -> None:
    if uses_tokens(draft):
        # A code counts once: what it was exchanged for is kept, whatever came after.
        connection.set_pending(connection.pending_settings, draft.secrets)
        connection.save(update_fields=["pending_settings", "pending_secrets"])
    if result.is_passing and connection.tries < len(PAUSES):
        connection.problem = result.problem[:300]
        connection.tries += 1
        connection.save(update_fields=["problem", "tries"])
        connection.schedule_check(PAUSES[connection.tries - 1])
        return
    if result.problem:
        connection.note_failure(result.problem, needs_member=True)
        return
    if not result.folders:
        connection.note_failure(_("The mailbox has no folder that can be read."), needs_member=True)
        return
    try:
        with transaction.atomic():
            channel = _save_channel(connection, draft)
    except IntegrityError:
        problem = _("%(address)s is in use here already. Ask whoever sets up channels.") % {"address": draft.address}
        connection.note_failure(problem, needs_member=True)
        return
    connection.accept(channel, result.folders)


def _save_channel(connection: MailboxConnection, draft: Channel) -> Channel:
    """Save the mailbox's channel with its new sign-in: the present one, one of before, or a new one.

    Raises IntegrityError if the address is in use.
    """
    channel = connection.channel
    if channel is None:
        earlier = Channel.objects.filter(
            owner=connection.member, connected_by_owner=True, address=draft.address, archived_at__isnull=False
        )
        channel = earlier.order_by("-pk").first()
    if channel is None:
        return Channel.create(
            by=connection.member,
            secrets=draft.secrets,
            brand=directory().default_brand,
            medium=draft.medium,
            role=draft.role,
            provider=draft.provider,
            address=draft.address,
            owner=connection.member,
            connected_by_owner=True,
            settings=draft.settings,
            sharing=mailbox_policy().sharing_levels[0],
            fine_at=clock.now(),
        )
    if channel.archived_at:
        channel.restore(by=connection.member)
    channel.edit(by=connection.member, secrets=draft.secrets, settings=draft.settings, problem="", fine_at=clock.now())
    return channel
