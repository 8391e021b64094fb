"""Commitments of a member around a time: follow-ups, appointments, busy times of private calendars, absences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from crm.integrations.models import BusyTime
from crm.jobs.models.appointments.obstacles import busy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.models import FollowUp

# A follow-up that began so long ago is over; and so many are read of a member's day.
LONGEST = timedelta(hours=12)
MOST = 100


@dataclass(frozen=True)
class Commitment:
    """Something that takes a member's time, in words for the viewer."""

    starts_at: datetime
    ends_at: datetime
    words: str


@dataclass(frozen=True)
class TimeCheck:
    """Whether a member is free at a time, in a sentence."""

    is_free: bool
    words: str


@dataclass(frozen=True)
class MemberDay:
    """A member's day from an instant on, without one follow-up, as a viewer may read it."""

    member: Member
    begins: datetime
    besides: FollowUp
    viewer: Member
    reader: Reader

    @property
    def ends(self) -> datetime:
        following = self.begins.astimezone(self.reader.zone).date() + timedelta(days=1)
        return datetime.combine(following, time.min, self.reader.zone)

    def check(self) -> TimeCheck:
        """Return whether the member is free when the day begins, for as long as the follow-up takes."""
        over = self.begins + timedelta(minutes=self.besides.minutes)
        commitments = sorted(self._commitments(), key=lambda one: one.starts_at)
        clashes = [one for one in commitments if one.starts_at < over]
        if clashes:
            words = clashes[0].words
            if len(clashes) > 1:
                words = _("%(words)s and %(count)s more") % {"words": words, "count": len(clashes) - 1}
            return TimeCheck(False, f"{words}.")
        if commitments:
            until = self.reader.time(commitments[0].starts_at)
            return TimeCheck(True, _("%(name)s is free until %(time)s.") % {"name": self.member.name, "time": until})
        return TimeCheck(True, _("%(name)s is free for the rest of the day.") % {"name": self.member.name})

    def _commitments(self) -> Iterator[Commitment]:
        yield from self._follow_ups()
        yield from self._appointments()
        for row in BusyTime.objects.between(self.begins, self.ends).filter(member_id=self.member.pk):
            words = _("%(name)s is busy from %(from)s to %(until)s, by their own calendar")
            yield self._commitment(row.starts_at, row.ends_at, words)
        for absence in assignment_setup().absences.get(self.member.pk, ()):
            ends_at = absence.ends_at or self.ends
            if absence.starts_at < self.ends and ends_at > self.begins:
                yield self._commitment(absence.starts_at, ends_at, _("%(name)s is away then"))

    def _follow_ups(self) -> Iterator[Commitment]:
        rows = FollowUp.objects.filter(assignee_id=self.member.pk).open().exclude(pk=self.besides.pk)
        near = rows.filter(due_at__gt=self.begins - LONGEST, due_at__lt=self.ends).by_time()[:MOST]
        visible = FollowUp.objects.visible_to(self.viewer).filter(pk__in=[row.pk for row in near]).order_by()
        named = set(visible.values_list("pk", flat=True))
        for row in near:
            assert row.due_at is not None
            ends_at = row.due_at + timedelta(minutes=row.minutes)
            if ends_at <= self.begins:
                continue
            words = _("%(name)s has another follow-up at %(from)s")
            if row.pk in named:
                words = _("%(name)s also has “%(what)s” at %(from)s")
            yield self._commitment(row.due_at, ends_at, words, what=row.subject)

    def _appointments(self) -> Iterator[Commitment]:
        for row in busy([self.member.pk], self.begins, self.ends):
            job = row.appointment.job
            words = _("%(name)s is booked from %(from)s to %(until)s")
            if self.viewer.pk == self.member.pk or job.is_visible_to(self.viewer):
                words = _("%(name)s is at “%(what)s” from %(from)s to %(until)s")
            yield self._commitment(row.busy_from, row.busy_until, words, what=job.title)

    def _commitment(self, starts_at: datetime, ends_at: datetime, words: str, what: str = "") -> Commitment:
        values = {"name": self.member.name, "what": what}
        values |= {"from": self.reader.time(starts_at), "until": self.reader.time(ends_at)}
        return Commitment(starts_at, ends_at, words % values)
