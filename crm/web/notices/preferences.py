"""A member's notice preferences: delivery by kind, working hours, and muted records."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Model

from crm.platform.models import Member
from crm.web.models import Notice, NoticeMute, NoticePreference, NoticeWay
from crm.web.notices.kinds import NoticeKind, kinds_for
from crm.web.notices.notify import chosen_way, schedule_mail


def preference_of(member: Member) -> NoticePreference:
    """Return a member's preference; an unsaved one if there is none."""
    preference: NoticePreference | None = NoticePreference.objects.filter(member=member).first()
    return preference or NoticePreference(member=member)


@transaction.atomic
def save_preference(member: Member, ways: Mapping[str, str], *, working_hours_only: bool) -> None:
    """Save the delivery of each kind, and cancel pending mail of kinds without mail. Private, so no event."""
    kinds_by_name = {kind.name: kind for kind in kinds_for(member)}
    chosen = {name: way for name, way in ways.items() if name in kinds_by_name and way in NoticeWay.values}
    NoticePreference.objects.update_or_create(
        member=member, defaults={"ways": chosen, "working_hours_only": working_hours_only}
    )
    preference = preference_of(member)
    unmailed = [
        name for name, kind in kinds_by_name.items() if chosen_way(preference, kind) in (NoticeWay.OFF, NoticeWay.APP)
    ]
    Notice.objects.to(member).filter(kind__in=unmailed).update(mail_at=None)
    schedule_mail([member.pk])


def switch_off(member: Member, kind: NoticeKind) -> None:
    """Switch a kind off for the member, and mark its notices as read."""
    preference = preference_of(member)
    save_preference(
        member, preference.ways | {kind.name: NoticeWay.OFF}, working_hours_only=preference.working_hours_only
    )
    Notice.objects.to(member).filter(kind=kind.name).mark_read()


def mute(member: Member, subject: Model) -> None:
    """Mute a record for the member, except for notices that name them. Mark its existing notices as read."""
    about = {"subject_kind": subject._meta.label_lower, "subject_id": subject.pk}
    NoticeMute.objects.get_or_create(member=member, **about)
    Notice.objects.to(member).about(subject).mark_read()


def unmute(member: Member, subject: Model) -> None:
    """Unmute a record for the member."""
    about = {"subject_kind": subject._meta.label_lower, "subject_id": subject.pk}
    NoticeMute.objects.filter(member=member, **about).delete()


def is_muted(member: Member, subject: Model) -> bool:
    """True if the member has muted a record."""
    about = {"subject_kind": subject._meta.label_lower, "subject_id": subject.pk}
    return NoticeMute.objects.filter(member=member, **about).exists()
