"""NoticeRecipient: the preference and recent notices of a member, loaded for many members in one query."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.web.models import NoticePreference
from crm.web.notices.delivery.mail_time import GATHER


@dataclass(frozen=True)
class NoticeRecipient:
    """A member's notice preference and recent notices."""

    member_id: int
    # None: the member chose nothing.
    preference: NoticePreference | None
    # When they were mailed notices last, where that was a moment ago.
    mailed_at: datetime | None
    # The earliest time at which what waits is to be mailed.
    mail_at: datetime | None
    # When the oldest of their notices is of.
    oldest_at: datetime | None
    has_devices: bool


def load_recipients(member_ids: Iterable[int]) -> dict[int, NoticeRecipient]:
    """Return these members' NoticeRecipients by id. One query, as it runs for each assigned lead."""
    parameters: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "members": sorted(set(member_ids)),
        "lately": clock.now() - GATHER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, parameters)
        return {row[0]: _build_recipient(*row) for row in cursor.fetchall()}


def _build_recipient(member_id: int, ways: str | None, working_hours_only: bool | None, *facts: Any) -> NoticeRecipient:
    preference = None
    if ways is not None:
        preference = NoticePreference(
            member_id=member_id, ways=json.loads(ways), working_hours_only=bool(working_hours_only)
        )
    return NoticeRecipient(member_id, preference, *facts)


_FACTS = """
    select member.id, preference.ways::text, preference.working_hours_only,
           (select max(mailed_at) from web_notice
            where tenant_id = %(tenant)s and member_id = member.id and mailed_at > %(lately)s),
           (select min(mail_at) from web_notice
            where tenant_id = %(tenant)s and member_id = member.id and mail_at is not null),
           (select min(at) from web_notice where tenant_id = %(tenant)s and member_id = member.id),
           exists(select from web_pushsubscription where tenant_id = %(tenant)s and member_id = member.id)
    from unnest(%(members)s::bigint[]) as member(id)
    left join web_noticepreference as preference
           on preference.tenant_id = %(tenant)s and preference.member_id = member.id"""
