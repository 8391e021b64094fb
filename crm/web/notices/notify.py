"""Tell members something: the one way for every app. It stands on their page of notices, and is mailed as they chose.

Call it in a subscriber, or in a verb: what it writes is committed with what it tells of, and no mail leaves before.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min, Model

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.events import hints
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.models import Notice, NoticeMute, NoticePreference, Way
from crm.web.notices.kinds import NoticeKind, kind_named
from crm.web.notices.mail_time import GATHER, mail_time
from crm.web.shell.record_pages import visible_rows

TOPIC = "notices"
MAIL = "notices.mail"
# Older ones are deleted; of what happened so long ago nobody is told, as when history is brought in.
KEPT, TOLD = timedelta(days=90), timedelta(days=3)


@transaction.atomic
def notify(
    kind: str,
    to: Iterable[int | None],
    *,
    key: str,
    about: Model | None = None,
    by: int | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Tell members, by their ids, of something; the same `key` of a kind again tells nobody twice.

    Left out are who did it (`by`), who has left, may not know (the kind's permission, and `visible_to` of what it is
    `about`), has switched the kind off, or has muted the record. `data` has ids, codes and numbers for the words;
    `at` is when it happened, now unless given.
    """
    entry, at = kind_named(kind), at or clock.now()
    if at < clock.now() - TOLD:
        return
    members = [member for member in _members(to, by, entry) if about is None or _sees(member, about)]
    if not members:
        return
    preferences = {row.member_id: row for row in NoticePreference.objects.filter(member__in=members)}
    quiet = _silent(entry, members, about)
    told = {"kind": kind, "key": key, "by_id": by, "data": dict(data or {}), "at": at}
    subject = {"subject_kind": about._meta.label_lower, "subject_id": about.pk} if about is not None else {}
    rows = []
    for member in members:
        way = chosen_way(preferences.get(member.pk), entry)
        if member.pk not in quiet and way != Way.OFF:
            rows.append(Notice(**told, member=member, **subject))
            rows[-1].mail_at = _mail_at(entry, way, member, preferences.get(member.pk))
    _write(rows)


def chosen_way(preference: NoticePreference | None, kind: NoticeKind) -> str:
    """Return how a member wants a kind: as they chose, else as it usually reaches people."""
    way = preference.ways.get(kind.name) if preference else None
    return way if way in Way.values else kind.default


def schedule_mail(member_ids: Iterable[int]) -> None:
    """Have the mail of these members made when its time comes: the earliest of what is to be mailed to each."""
    waiting = Notice.objects.filter(member_id__in=list(member_ids), mail_at__isnull=False).order_by()
    first = waiting.values_list("member_id").annotate(first=Min("mail_at"))
    due.schedule_all(MAIL, list(first))


def _members(to: Iterable[int | None], by: int | None, kind: NoticeKind) -> list[Member]:
    known = directory().members
    found = [known[pk] for pk in sorted({pk for pk in to if pk is not None and pk != by}) if pk in known]
    return [member for member in found if member.active and allows(member, kind.permission)]


def _sees(member: Member, about: Model) -> bool:
    return bool(visible_rows(type(about), member).filter(pk=about.pk).exists())


def _silent(kind: NoticeKind, members: list[Member], about: Model | None) -> set[int]:
    """Return who has muted the record, or has an unread one that says the same."""
    silent = set[int]()
    if about is not None and not kind.through_mute:
        muted = NoticeMute.objects.filter(subject_kind=about._meta.label_lower, subject_id=about.pk)
        silent |= set(muted.filter(member__in=members).values_list("member_id", flat=True))
    if kind.once_until_read:
        unread = Notice.objects.unread().filter(member__in=members, kind=kind.name)
        unread = unread.about(about) if about is not None else unread
        silent |= set(unread.values_list("member_id", flat=True))
    return silent


def _mail_at(kind: NoticeKind, way: str, member: Member, preference: NoticePreference | None) -> datetime | None:
    if way not in (Way.MAIL, Way.HOURLY, Way.DAILY):
        return None
    here, now = directory(), clock.now()
    hours = here.calendars.get(here.default_calendar_id or 0) if preference and preference.working_hours_only else None
    last = Notice.objects.to(member).filter(mailed_at__gt=now - GATHER).aggregate(last=Max("mailed_at"))["last"]
    zone = ZoneInfo(member.time_zone) if member.time_zone else here.zone
    return mail_time(way, now, zone, gathers=kind.gathers, last=last, hours=hours)


def _write(rows: list[Notice]) -> None:
    if not rows:
        return
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    told = [row.member_id for row in rows]
    Notice.objects.filter(member_id__in=told, at__lt=clock.now() - KEPT).delete()
    schedule_mail(told)
    hints.touch(TOPIC)
