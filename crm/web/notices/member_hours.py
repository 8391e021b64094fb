"""MemberHours: entry of the app that knows members' working hours. Without it, the organization's hours apply."""

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
    """Provider of members' hours by id; returns None for unknown members."""

    read: Callable[[int], BusinessHours | None]


def hours_of(member_id: int) -> BusinessHours | None:
    """Return a member's working hours; None if the organization has no calendar."""
    for source in features.of(MemberHours):
        if hours := source.read(member_id):
            return hours
    organization = directory()
    return organization.calendars.get(organization.default_calendar_id or 0)


def hours_for(kind: NoticeKind, member_id: int, preference: NoticePreference | None) -> BusinessHours | None:
    """Return the hours in which a kind may be delivered outside the product; None for any hour."""
    if preference is None:
        if kind.in_hours:
            return hours_of(member_id)
        return None
    waits = preference.working_hours_only or (kind.in_hours and kind.name not in preference.ways)
    if waits:
        return hours_of(member_id)
    return None
