"""Deliver notices by email: all waiting notices of a member in one mail, through the staff outbox."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from crm.kernel import clock
from crm.platform.accounts.outbox import queue_mail
from crm.platform.models import Member, Tenant, User
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.models import Notice, NoticePreference, NoticeWay
from crm.web.notices.delivery.mail_time import GATHER
from crm.web.notices.delivery.texts import confirmed_number, send_text_notice
from crm.web.notices.kinds import known_kind
from crm.web.notices.notice_lines import NoticeLine, notice_lines
from crm.web.notices.notify import chosen_way, schedule_mail
from crm.web.reader import Reader
from crm.web.shell.record_contacts import record_contact
from crm.web.shell.record_pages import visible_rows

# Lines of a mail; of more it says how many.
MOST = 30


def mail_due_notices(member_ids: Sequence[int]) -> None:
    """Create the mails of these members (due work), including notices due within ten minutes."""
    for member_id in member_ids:
        member = directory().members.get(member_id)
        if member is not None:
            _mail_member(member)
    schedule_mail(member_ids)


@transaction.atomic
def _mail_member(member: Member) -> None:
    now = clock.now()
    waiting = Notice.objects.to(member).filter(mail_at__isnull=False)
    if not waiting.filter(mail_at__lte=now).exists():
        return
    rows = list(waiting.filter(mail_at__lte=now + GATHER).select_for_update().order_by("-at", "-pk"))
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mail_at=None, mailed_at=now)
    if not member.active:
        return
    preference = NoticePreference.objects.filter(member=member).first()
    if waiting := _drop_seen(member, rows, preference):
        number = confirmed_number(member)
        by_text = [row for row in waiting if number and _way_of(row, preference) == NoticeWay.TEXT]
        by_mail = [row for row in waiting if row not in by_text]
        if by_text:
            send_text_notice(member, number, by_text)
        if by_mail:
            queue_notice_mail(member, by_mail)


def _way_of(row: Notice, preference: NoticePreference | None) -> str:
    kind = known_kind(row.kind)
    if kind:
        return chosen_way(preference, kind)
    return ""


def _drop_seen(member: Member, rows: list[Notice], preference: NoticePreference | None) -> list[Notice]:
    """Drop notices meant only for absent members, if the member has been active since."""
    # Not of the cached configuration: that somebody was here is no edit of it.
    seen_at = Member.objects.filter(pk=member.pk).values_list("seen_at", flat=True).get()
    if seen_at is None or preference is None:
        return rows
    away = (NoticeWay.AWAY, NoticeWay.TEXT)
    return [row for row in rows if _way_of(row, preference) not in away or seen_at < row.at]


def queue_notice_mail(member: Member, rows: Sequence[Notice]) -> None:
    """Queue one mail about these notices, with those whose record the member may see."""
    user: User = User.objects.get(pk=member.user_id)
    tenant: Tenant = directory().tenant
    with translation.override(user.language or member.language or tenant.language):
        reader = Reader.of(member, clock.now())
        mail_lines = add_contacts(notice_lines(rows, member, reader), rows, member, reader)
        if not mail_lines:
            return
        context = {
            "member": member,
            "organization": tenant.name,
            "lines": mail_lines[:MOST],
            "more": len(mail_lines) - min(len(mail_lines), MOST),
            "site": settings.SITE_URL,
            "slug": tenant.slug,
            "choose": f"{settings.SITE_URL}{reverse('notice_settings', args=[tenant.slug])}",
        }
        subject = render_to_string("web/notices/mail_subject.txt", context)
        body = render_to_string("web/notices/mail.txt", context)
    queue_mail(
        to=user.email,
        subject=" ".join(subject.split()),
        body=body.strip(),
        user=user,
        tenant_id=required_tenant_id(),
    )


def add_contacts(
    lines: Sequence[NoticeLine], notices: Sequence[Notice], member: Member, reader: Reader
) -> list[NoticeLine]:
    """Add the customer's contact details to the lines of kinds that ask for them. At most two queries per model."""
    ids: dict[str, dict[int, UUID]] = {}
    for notice in notices:
        kind = known_kind(notice.kind)
        if kind and kind.with_contact and notice.subject_id:
            ids.setdefault(notice.subject_kind, {})[notice.subject_id] = notice.uid
    contacts: dict[UUID, tuple[str, ...]] = {}
    for label, uids in ids.items():
        entry = record_contact(label)
        if entry:
            rows = list(visible_rows(entry.model, member).filter(pk__in=uids))
            read = entry.read(rows, member, reader)
            contacts |= {uids[pk]: tuple(words) for pk, words in read.items()}
    return [replace(line, contact=contacts.get(line.uid, ())) for line in lines]
