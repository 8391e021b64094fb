"""Asker: the member who filters a list: whose "me" it is, and whose days."""

from datetime import date, datetime, time
from functools import cached_property

from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader


class Asker:
    """Who asks, and when. The reader is made when a condition first wants one."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def reader(self) -> Reader:
        """The reader this member is now."""
        return Reader.of(self.member, clock.now())

    def midnight(self, day: date) -> datetime:
        """The instant at which a day of the reader's begins."""
        return datetime.combine(day, time(), self.reader.zone)
