"""Notify members: the one entry point for all apps. Notices appear on the member's page and are mailed as preferred.

Call it in a subscriber, or in a verb: what it writes is committed with what it tells of, and no mail leaves before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min, Model, Q

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.events import hints
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.models import Notice, NoticeMute, NoticePreference, NoticeWay
from crm.web.notices.acknowledgements import create_acknowledgements
from crm.web.notices.delivery.mail_time import mail_time
from crm.web.notices.delivery.push_time import schedule_push
from crm.web.notices.kinds import NoticeKind, kind_named
from crm.web.notices.member_hours import hours_for
from crm.web.notices.recipients import NoticeRecipient, load_recipients
from crm.web.shell.record_pages import visible_rows

TOPIC = "notices"
MAIL = "notices.mail"
# Older ones are deleted; of what happened so long ago nobody is told, as when history is brought in.
KEPT = timedelta(days=90)
TOLD = timedelta(days=3)


@dataclass(frozen=True)
class NoticeDraft:
    """Notice to some members; see `notify`."""

    to: Iterable[int | None]
    key: str
    about: Model | None = None
    by: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=clock.now)


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
    """Notify members, given by id. Idempotent per kind and `key`.

    Left out are who did it (`by`), who has left, may not know (the kind's permission, and `visible_to` of what it is
    `about`), has switched the kind off, or has muted the record or, by its `muted_with`, whom it belongs to. `data` has
    ids, codes and numbers for the words; `at` is when it happened, now unless given.
    """
    notify_all(kind, [NoticeDraft(to, key, about, by, data or {}, at or clock.now())])


@transaction.atomic(savepoint=False)
def notify_all(kind: str, drafts: Iterable[NoticeDraft]) -> None:
    """`notify` for many notices of one kind, about rows of one model, with a few statements in total."""
    entry = kind_named(kind)
    since = clock.now() - TOLD
    wanted = [(one, _allowed_members(one.to, one.by, entry)) for one in drafts if one.at >= since]
    visible = _visible_ids(wanted)
    pairs = [(one, who) for one, members in wanted for who in members if _may_see(who, one.about, visible)]
    if not pairs:
        return
    recipients_by_id = load_recipients(member.pk for _one, member in pairs)
    silent = _silenced_pairs(entry, pairs)
    rows = []
    for one, member in pairs:
        way = chosen_way(recipients_by_id[member.pk].preference, entry)
        if (member.pk, _subject_pk(one.about)) not in silent and way != NoticeWay.OFF:
            rows.append(_build_notice(entry, one, member))
            rows[-1].mail_at = _mail_at(entry, way, member, recipients_by_id[member.pk])
            if entry.once_until_read:
                silent.add((member.pk, _subject_pk(one.about)))
    if entry.needs_acknowledgement:
        create_acknowledgements((row.kind, row.key) for row in rows)
    if rows:
        _write_notices(rows, recipients_by_id)
        if not entry.is_delivered_by_app:
            schedule_push(entry, rows, recipients_by_id)


def _build_notice(kind: NoticeKind, draft: NoticeDraft, member: Member) -> Notice:
    about = draft.about
    subject = {}
    if about is not None:
        subject = {"subject_kind": about._meta.label_lower, "subject_id": about.pk}
    return Notice(
        kind=kind.name, key=draft.key, by_id=draft.by, data=dict(draft.data), at=draft.at, member=member, **subject
    )


def chosen_way(preference: NoticePreference | None, kind: NoticeKind) -> str:
    """Return the delivery a member chose for a kind, or its default."""
    way = None
    if preference:
        way = preference.ways.get(kind.name)
    if way in NoticeWay.values:
        return way
    return kind.default


def schedule_mail(member_ids: Iterable[int]) -> None:
    """Schedule the mail of these members at the earliest time one of their notices is due."""
    waiting = Notice.objects.filter(member_id__in=list(member_ids), mail_at__isnull=False).order_by()
    first = waiting.values_list("member_id").annotate(first=Min("mail_at"))
    due.schedule_all(MAIL, list(first))


def _allowed_members(to: Iterable[int | None], by: int | None, kind: NoticeKind) -> list[Member]:
    members = directory().members
    addressed = [members[pk] for pk in sorted({pk for pk in to if pk is not None and pk != by}) if pk in members]
    return [member for member in addressed if member.active and allows(member, kind.permission)]


def _visible_ids(wanted: Sequence[tuple[NoticeDraft, list[Member]]]) -> dict[int, set[int]]:
    """Return the ids of the visible rows among those the drafts are about, by member id. One query per member."""
    rows_by_member: dict[int, tuple[Member, list[Model]]] = {}
    for one, members in wanted:
        for member in members:
            if one.about is not None:
                rows_by_member.setdefault(member.pk, (member, []))[1].append(one.about)
    return {
        pk: set(
            visible_rows(type(rows[0]), member).filter(pk__in={row.pk for row in rows}).values_list("pk", flat=True)
        )
        for pk, (member, rows) in rows_by_member.items()
    }


def _may_see(member: Member, about: Model | None, visible: Mapping[int, set[int]]) -> bool:
    return about is None or about.pk in visible[member.pk]


def _subject_pk(about: Model | None) -> int | None:
    if about is not None:
        return about.pk
    return None


def _silenced_pairs(kind: NoticeKind, pairs: Sequence[tuple[NoticeDraft, Member]]) -> set[tuple[int, int | None]]:
    """Return the members and records for which the record is muted, or an equal notice is unread."""
    members = {member.pk for _one, member in pairs}
    about = {one.about.pk: one.about for one, _member in pairs if one.about is not None}
    label = None
    if about:
        label = next(iter(about.values()))._meta.label_lower
    silent = set[tuple[int, int | None]]()
    if about and not kind.through_mute:
        silent |= _muted_pairs(about.values(), members)
    if kind.once_until_read:
        unread = Notice.objects.unread().filter(member__in=members, kind=kind.name)
        if about:
            same = unread.filter(subject_kind=label, subject_id__in=about)
        else:
            same = unread
        silent |= {(pk, subject if about else None) for pk, subject in same.values_list("member_id", "subject_id")}
    return silent


def _muted_pairs(about: Iterable[Model], members: Iterable[int]) -> set[tuple[int, int | None]]:
    """Return who muted which of these rows or their parent (`muted_with`: the customer of a lead)."""
    rows: dict[tuple[str, int], set[int]] = defaultdict(set)
    for row in about:
        rows[row._meta.label_lower, row.pk].add(row.pk)
        for name in getattr(row, "muted_with", ()):
            owner: Any = row._meta.get_field(name)
            if pk := getattr(row, owner.attname):
                rows[owner.related_model._meta.label_lower, pk].add(row.pk)
    wanted = Q()
    for kind in {kind for kind, _pk in rows}:
        wanted |= Q(subject_kind=kind, subject_id__in=[pk for each, pk in rows if each == kind])
    mutes = NoticeMute.objects.filter(wanted, member__in=members)
    muted_rows = mutes.values_list("member_id", "subject_kind", "subject_id")
    return {(member, pk) for member, kind, subject in muted_rows for pk in rows[kind, subject]}


def _mail_at(kind: NoticeKind, way: str, member: Member, recipient: NoticeRecipient) -> datetime | None:
    if way not in (NoticeWay.MAIL, NoticeWay.AWAY, NoticeWay.TEXT, NoticeWay.HOURLY, NoticeWay.DAILY):
        return None
    organization = directory()
    hours = hours_for(kind, member.pk, recipient.preference)
    if member.time_zone:
        zone = ZoneInfo(member.time_zone)
    else:
        zone = organization.zone
    last = recipient.mailed_at
    urgent = kind.is_urgent
    return mail_time(way, clock.now(), zone, gathers=kind.gathers, last=last, hours=hours, is_urgent=urgent)


def _write_notices(rows: list[Notice], recipients_by_id: Mapping[int, NoticeRecipient]) -> None:
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    member_ids = {row.member_id for row in rows}
    old = clock.now() - KEPT
    if past := [pk for pk in member_ids if (oldest := recipients_by_id[pk].oldest_at) and oldest < old]:
        Notice.objects.filter(member_id__in=past, at__lt=old).delete()
    waiting = [(row.member_id, row.mail_at) for row in rows] + [(pk, recipients_by_id[pk].mail_at) for pk in member_ids]
    # The latest first: of a member's times the last one holds.
    due.schedule_all(MAIL, sorted(((pk, at) for pk, at in waiting if at), key=lambda each: each[1], reverse=True))
    hints.touch(TOPIC)
