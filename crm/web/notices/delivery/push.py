"""Push a member's unread notices to one device: claimed by due_io, called between two transactions.

The service in between reads nothing (RFC 8291). Pushed twice, a device shows it once: the second replaces the first.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock
from crm.platform.http.outgoing import NoAnswer, post
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.models import Member, User
from crm.platform.organization.configuration import directory
from crm.platform.push.encryption import encrypt_push, parse_keys
from crm.platform.push.installation_key import authorization_header
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from crm.web.models import Notice, PushDelivery, PushSubscription
from crm.web.models.push_subscription import SEND
from crm.web.notices.notice_lines import notice_lines
from crm.web.reader import Reader

# A day, in seconds: what a device that was off so long is not told any more.
TTL = 24 * 3600
MOST_LINES = 3
LONGEST = 160
# Of a service that does not take it now: how often, and after which pause, doubled each time.
TRIES = 5
PAUSE = timedelta(seconds=30)


@dataclass(frozen=True)
class PushMessage:
    """A push message, and the notices it tells of."""

    place: dict[str, str]
    text: bytes
    notices: Sequence[Notice]

    @property
    def told_until(self) -> int:
        return max(notice.pk for notice in self.notices)


def push_notices(tenant_id: int, subscription_id: int) -> None:
    """Push unread notices to one device (due work that calls others)."""
    with use_tenant(tenant_id):
        message = _build_push(subscription_id)
    if message is None:
        return
    status, why = _post_push(message)
    with use_tenant(tenant_id):
        _record_result(subscription_id, message, status, why)


def _build_push(subscription_id: int) -> PushMessage | None:
    row: PushSubscription | None = PushSubscription.objects.filter(pk=subscription_id).first()
    member = None
    if row:
        member = directory().members.get(row.member_id)
    if row is None:
        return None
    if member is None or not member.active:
        row.remove()
        return None
    unread = Notice.objects.to(member).unread().filter(pk__gt=row.told_until)
    notices = list(unread.order_by("-pk")[:100])
    try:
        place = row.place
    except InvalidToken:
        row.problem = "The key it was kept with is gone"
        notices = []
    if not notices:
        row.waiting_since = None
        row.save(update_fields=["waiting_since", "problem"])
        return None
    return PushMessage(place, push_payload(row, member, notices), notices)


def push_payload(row: PushSubscription, member: Member, notices: list[Notice]) -> bytes:
    """Return the push payload as JSON: the number of notices or, if the member allows it, their texts."""
    tenant = directory().tenant
    user = User.objects.get(pk=member.user_id)
    with translation.override(user.language or member.language or tenant.language):
        if row.is_discreet:
            shown_lines = []
        else:
            shown_lines = notice_lines(notices, member, Reader.of(member, clock.now()))
        title = tenant.name
        count = len(notices)
        body = ngettext("%(n)s new notice", "%(n)s new notices", count) % {"n": count}
        if shown_lines:
            body = "\n".join(line.text[:LONGEST] for line in shown_lines[:MOST_LINES])
            if len(shown_lines) > MOST_LINES:
                body += "\n" + _("and %(n)s more") % {"n": len(shown_lines) - MOST_LINES}
    if count == 1:
        url = reverse("notice", args=[tenant.slug, notices[0].uid])
    else:
        url = reverse("notices", args=[tenant.slug])
    return json.dumps({"title": title, "body": body, "url": url, "tag": tenant.slug}).encode()


def _post_push(message: PushMessage) -> tuple[int, str]:
    """Return the status of the push service's response (0: none), and the error as text."""
    endpoint = message.place["endpoint"]
    contact = f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}"
    try:
        body = encrypt_push(message.text, *parse_keys(message.place["p256dh"], message.place["auth"]))
        headers = {
            "Authorization": authorization_header(endpoint, contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
            "Topic": "notices",
        }
        answer = post(endpoint, body, headers)
    except NoAnswer as error:
        return 0, str(error)
    except (ForbiddenAddress, InvalidToken, ValueError) as error:
        return 400, str(error) or type(error).__name__
    return answer.status, f"It answered {answer.status}"


def _record_result(subscription_id: int, message: PushMessage, status: int, why: str) -> None:
    """Record the result: remove a deleted subscription, retry transient failures."""
    row: PushSubscription | None = PushSubscription.objects.select_for_update().filter(pk=subscription_id).first()
    if row is None:
        return
    if status in (404, 410):
        _record_delivery(row, message, why)
        row.delete()
        return
    now = clock.now()
    is_taken = 200 <= status < 300
    may_pass = status in (0, 408, 429) or status >= 500
    if is_taken:
        row.failures = 0
    else:
        row.failures = row.failures + 1
    if is_taken:
        row.problem = ""
    else:
        row.problem = why[:200]
    if is_taken:
        row.pushed_at = now
    if may_pass and row.failures < TRIES:
        row.waiting_since = now
        due_io.schedule(SEND, row.pk, now + PAUSE * 2 ** (row.failures - 1))
    else:
        _record_delivery(row, message, row.problem)
        # What was refused or given up stands on the page of notices all the same.
        row.told_until = message.told_until
        row.waiting_since = None
        row.failures = 0
    row.save(update_fields=["failures", "problem", "pushed_at", "waiting_since", "told_until"])
    if (
        not may_pass
        and Notice.objects.filter(member_id=row.member_id, read_at=None, pk__gt=message.told_until).exists()
    ):
        due_io.schedule(SEND, row.pk, now)


def _record_delivery(row: PushSubscription, message: PushMessage, problem: str) -> None:
    PushDelivery.record(
        row.member_id,
        device=row.name,
        notices=len(message.notices),
        last_notice=message.told_until,
        since=min(notice.at for notice in message.notices),
        problem=problem[:200],
    )
