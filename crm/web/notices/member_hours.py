"""MemberHours: the app that knows when a member works says so; without it, the organization's hours hold."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.kernel.business_hours import BusinessHours
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.organization.configuration import directory
from crm.web.models import NoticePreference
from crm.web.notices.kinds import NoticeKind


@dataclass(frozen=True)
class MemberHours(Feature):
    """Returns the hours of a member by id; None where it knows none."""

    read: Callable[[int], BusinessHours | None]


def hours_of(member_id: int) -> BusinessHours | None:
    """Return when a member works; None where the organization has no calendar."""
    for source in features.of(MemberHours):
        if hours := source.read(member_id):
            return hours
    organization = directory()
    return organization.calendars.get(organization.default_calendar_id or 0)


def hours_for(kind: NoticeKind, member_id: int, preference: NoticePreference | None) -> BusinessHours | None:
    """Return the hours in which a kind reaches a member elsewhere than here; None where it may at any hour."""
    if preference is None:
        if kind.in_hours:
            return hours_of(member_id)
        return None
    waits = preference.working_hours_only or (kind.in_hours and kind.name not in preference.ways)
    if waits:
        return hours_of(member_id)
    return None
