"""A job's clock in words: its age, what is allowed, whose move, how it ended. The same in list, page and search."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.line import line
from crm.jobs.models import Job, Level, Side, State
from crm.platform import durations, formats
from crm.platform.configuration import directory
from crm.platform.models import Member
from leads import bar


@dataclass(frozen=True)
class Reader:
    """Who reads, when and where: what turns instants into words."""

    now: datetime
    zone: ZoneInfo
    country: str

    @classmethod
    def of(cls, member: Member, now: datetime) -> "Reader":
        """The member's zone, else the tenant's; the tenant's country for how times are written."""
        here = directory()
        zone = ZoneInfo(member.time_zone) if member.time_zone else here.zone
        return cls(now, zone, here.tenant.country)

    def day(self, at: datetime) -> str:
        """ "today", "tomorrow", "Wed", "7 May"."""
        return formats.day(at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date(), self.country)

    def long_day(self, at: datetime) -> str:
        """ "Thu, May 7"."""
        return formats.long_day(at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date(), self.country)

    def date(self, day: date) -> str:
        """A local day: "Thu, May 7"."""
        return formats.long_day(day, self.now.astimezone(self.zone).date(), self.country)

    def time(self, at: datetime) -> str:
        return formats.clock_time(at, self.zone, self.country)

    def near(self, at: datetime) -> str:
        """ "today, 2:30 PM", "Wed, 9:00 AM"; beyond a week the day alone, "May 7"."""
        far = abs(at - self.now) > timedelta(days=7)
        return self.day(at) if far else f"{self.day(at)}, {self.time(at)}"

    def moment(self, at: datetime) -> str:
        """ "Thu, May 7, 2:30 PM"."""
        return f"{self.long_day(at)}, {self.time(at)}"


class ClockWords:
    """The clock of one job at one moment, derived from the stored instants."""

    def __init__(self, job: Job, reader: Reader) -> None:
        self.job, self.reader = job, reader
        self.level = job.level_at(reader.now)
        self.used = job.used_at(reader.now)
        hours = job.hours
        # A clock of working hours counts days of work: 3d are three of them, not 72 hours.
        self.day = hours.workday if hours else durations.DAY

    @property
    def css(self) -> bar.Level:
        """The level's class; an ended job is won or lost."""
        if self.level == Level.ENDED:
            return "won" if self.job.state == State.DONE else "lost"
        return cast("bar.Level", self.level.css)

    @property
    def share(self) -> float:
        return self.used / self.job.allowed

    def duration(self, seconds: int) -> str:
        """Seconds of this clock in words."""
        return durations.short(seconds, self.day)

    @property
    def age(self) -> str:
        """How long, or what state the clock stands in: "8d 2h", "On hold", "Lost"."""
        if self.level == Level.ENDED:
            return self.job.get_state_display()
        if self.level == Level.HOLD:
            return _("On hold")
        return self.duration(self.used)

    @property
    def allowed(self) -> str:
        return self.duration(self.job.allowed)

    @cached_property
    def theirs(self) -> bool:
        return self.job.side == Side.CUSTOMER and self.level < Level.HOLD

    @property
    def of_allowed(self) -> str:
        """The line under the age: "of 3d"; for an ended job its day."""
        if self.level == Level.ENDED:
            return self.reader.day(self.job.ended_at) if self.job.ended_at else ""
        if self.level == Level.HOLD:
            return ""
        return _("of %(allowed)s") % {"allowed": self.allowed}

    @property
    def hang(self) -> str:
        """The words under the active step, where they are not simply its name."""
        job = self.job
        if self.level == Level.ENDED:
            state = job.get_state_display()
            return f"{state} · {job.ended_reason}" if job.ended_reason else state
        if self.level == Level.HOLD:
            return f"{_('On hold')} · {job.pause_reason}" if job.pause_reason else _("On hold")
        if job.stage_id is None:
            return _("No status") if job.touched_at else _("No status · untouched")
        return f"{line().stages[job.stage_id].name} · {_('their move')}" if self.theirs else ""

    @property
    def sentence(self) -> str:
        """The present stay for a screen reader: "8d 2h of 3d allowed, 5d 2h over. Their move."."""
        if self.level in (Level.ENDED, Level.HOLD):
            return f"{self.hang.replace(' · ', ': ')}."
        words = {"used": self.age, "allowed": self.allowed, "over": self.duration(self.used - self.job.allowed)}
        if self.job.stage_id is None:
            text = _("Came in %(used)s ago, first touch allowed %(allowed)s.") % words
            return text if self.job.touched_at else f"{text} {_('Nobody has been in touch.')}"
        if self.used > self.job.allowed:
            text = _("%(used)s of %(allowed)s allowed, %(over)s over.") % words
        else:
            text = _("%(used)s of %(allowed)s allowed.") % words
        return f"{text} {_('Their move.')}" if self.theirs else text

    def bar(self, shape: bar.Shape, *, micro: bool = False) -> SafeString:
        """The job's bar, whole or micro."""
        return bar.bar(
            shape,
            past=self.job.past,
            stage_id=self.job.stage_id,
            level=self.css,
            share=self.share,
            now=self.sentence,
            hang=self.hang,
            side=cast("bar.Side", self.job.side),
            micro=micro,
        )
