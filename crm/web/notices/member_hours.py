"""MemberHours: the app that knows when a member works says so; without it, the organization's hours hold."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.kernel.business_hours import Hours
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class MemberHours(Feature):
    """Returns the hours of a member by id; None where it knows none."""

    read: Callable[[int], Hours | None]


def hours_of(member_id: int) -> Hours | None:
    """Return when a member works; None where the organization has no calendar."""
    for source in features.of(MemberHours):
        if found := source.read(member_id):
            return found
    here = directory()
    return here.calendars.get(here.default_calendar_id or 0)
