"""Viewer: the member who filters a list, for conditions on "me" or on days in their time zone."""

from datetime import date, datetime, time
from functools import cached_property

from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader


class Viewer:
    """Who filters, and when. The reader is made when a condition first wants one."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def reader(self) -> Reader:
        """The member's Reader, for the present day."""
        return Reader.of(self.member, clock.now())

    def midnight(self, day: date) -> datetime:
        """Return the instant at which a day begins in the reader's time zone."""
        return datetime.combine(day, time(), self.reader.zone)
