"""A member's own mailboxes: their state, and what others see of them, as only the owner decides."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comms.channels.mail_access.token_providers import mail_provider
from comms.mailboxes.sharing import allowed_levels, share_mailbox
from comms.models import Channel, MailAccount, MailboxConnection, MailboxDay, MailboxState, mailbox_policy
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

VIEW = "comms.view"
TOKEN_ACCOUNTS = (MailAccount.GOOGLE, MailAccount.MICROSOFT)
# The days of which the page says how much was read.
DAYS = 7


class MailboxCard(NamedTuple):
    """A mailbox of the member: its channel once it has one, its connection unless an administrator set it up."""

    channel: Channel | None
    connection: MailboxConnection | None
    # What the organization says against it; blank: nothing.
    refusal: str = ""
    levels: tuple[tuple[str, str], ...] = ()
    stored: int = 0
    skipped: int = 0
    fine_at: str = ""

    @property
    def uid(self) -> UUID | None:
        row = self.connection or self.channel
        if row is None:
            return None
        return UUID(str(row.uid))

    @property
    def address(self) -> str:
        """The address; blank while the provider has not said it."""
        row = self.connection or self.channel
        if row is None:
            return ""
        return str(row.address)


def has_mailbox(member: Member) -> bool:
    """True if a mailbox is the member's own, or they may connect one."""
    if mailbox_policy().is_allowed or MailboxConnection.objects.of(member).exists():
        return True
    return bool(Channel.objects.in_use().filter(owner=member).exists())


@require(VIEW)
def own_mailboxes(request: TenantRequest) -> HttpResponse:
    """Show the member's mailboxes, and set what others see of one."""
    mine = Channel.objects.in_use().filter(owner=request.member).order_by("address")
    if request.method == "POST":
        uid = request.POST.get("mailbox", "")
        channel = get_object_or_404(mine, pk__in=[row.pk for row in mine if str(row.uid) == uid])
        try:
            share_mailbox(channel, request.POST.get("sharing", ""), by=request.member)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, _("Saved."))
        return redirect_to_mailboxes(request)
    context = {
        "cards": _build_cards(request, list(mine)),
        "policy": mailbox_policy(),
        "providers": [(account.value, account.label) for account in TOKEN_ACCOUNTS if mail_provider(account)],
        "missing_providers": [account.label for account in TOKEN_ACCOUNTS if not mail_provider(account)],
        "days": DAYS,
    }
    return render(request, "comms/mailboxes/own_mailboxes.html", context)


def _build_cards(request: TenantRequest, channels: list[Channel]) -> list[MailboxCard]:
    reader = Reader.of(request.member, clock.now())
    rows = MailboxConnection.objects.of(request.member).select_related("channel").order_by("pk")
    connections = {row.pk: row for row in rows}
    since = clock.now().date() - timedelta(days=DAYS - 1)
    days = MailboxDay.objects.filter(connection__in=connections, on__gte=since).order_by().values_list("connection")
    counts = {pk: (stored, skipped) for pk, stored, skipped in days.annotate(Sum("stored"), Sum("skipped"))}
    cards = []
    for connection in connections.values():
        channel = connection.channel
        stored, skipped = counts.get(connection.pk, (0, 0))
        card = MailboxCard(
            channel, connection, mailbox_policy().refusal(connection.address), stored=stored, skipped=skipped
        )
        if channel:
            card = card._replace(levels=tuple(allowed_levels(channel)))
        if channel and channel.fine_at:
            card = card._replace(fine_at=reader.near(channel.fine_at))
        cards.append(card)
    connected = {connection.channel_id for connection in connections.values()}
    by_admins = [channel for channel in channels if channel.pk not in connected]
    return cards + [MailboxCard(channel, None, levels=tuple(allowed_levels(channel))) for channel in by_admins]


def find_mailbox(request: TenantRequest, uid: UUID) -> MailboxConnection:
    """Return a mailbox of the member that is not being removed. Raises Http404."""
    rows = MailboxConnection.objects.of(request.member).exclude(state=MailboxState.REMOVING)
    connection: MailboxConnection | None = rows.filter(uid=uid).select_related("channel").first()
    if connection is None:
        raise Http404
    return connection


@require(VIEW)
@require_POST
def read_now(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Fetch a mailbox now."""
    connection = find_mailbox(request, uid)
    if connection.state == MailboxState.ACTIVE:
        connection.schedule_fetch()
        messages.success(request, _("Your mailbox is being read."))
    return redirect_to_mailboxes(request)


def redirect_to_mailboxes(request: TenantRequest) -> HttpResponse:
    return redirect("comms:own_mailboxes", request.tenant.slug)
