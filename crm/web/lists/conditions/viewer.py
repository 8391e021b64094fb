"""Viewer: the member who filters a list, for conditions on "me" or on days in their time zone."""

from datetime import date, datetime, time
from functools import cached_property

from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader


class Viewer:
    """The filtering member and the time. The reader is created on first use."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def reader(self) -> Reader:
        """The member's Reader for the current day."""
        return Reader.of(self.member, clock.now())

    def midnight(self, day: date) -> datetime:
        """Return the start of a day in the reader's time zone."""
        return datetime.combine(day, time(), self.reader.zone)
