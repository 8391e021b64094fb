"""The team of a job: tasks, absences and stand-ins of each member, and the brand's phone numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from comms.channels.directory import channels_in_use
from comms.models import Medium
from crm.jobs.models import Job
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory, members_with_photo
from portal.job.calendar import CustomerCalendar
from portal.job.reading import Coming

# More faces say less.
MOST = 6


@dataclass(frozen=True)
class Colleague:
    """A member working on a job. `away`: their absence, its end and the stand-in; blank if present."""

    member: Member
    role: str
    away: str = ""

    @property
    def has_photo(self) -> bool:
        return self.member.pk in members_with_photo()

    @property
    def name(self) -> str:
        return self.member.name


@dataclass(frozen=True)
class Numbers:
    """The brand's numbers for calls and texts; never a member's own number."""

    call: str = ""
    text: str = ""


def team_of(
    job: Job, coming: Sequence[Coming], calendar: CustomerCalendar, *, crew: Iterable[Member] = ()
) -> list[Colleague]:
    """List the colleagues of a job without repeats: appointment attendees, the crew and the contact person."""
    members = directory().members
    roles = [(members[pk], _visit_words(one, calendar)) for one in coming for pk in one.who if pk in members]
    roles += [(member, _("Crew")) for member in crew]
    if job.member_id and job.member_id in members:
        roles.append((members[job.member_id], _("Your contact for everything")))
    colleagues: dict[int, Colleague] = {}
    for member, role in roles:
        if member.active and member.pk not in colleagues:
            colleagues[member.pk] = Colleague(member, role, _absence_words(member, calendar))
    return list(colleagues.values())[:MOST]


def _visit_words(one: Coming, calendar: CustomerCalendar) -> str:
    return _("%(what)s, %(when)s") % {"what": one.what, "when": calendar.moment(one.starts)}


def _absence_words(member: Member, calendar: CustomerCalendar) -> str:
    absence = assignment_setup().absence_of(member.pk, calendar.now)
    if absence is None:
        return ""
    cover = directory().members.get(absence.cover_id or 0)
    back: date | None = None
    if absence.ends_at:
        back = calendar.day_of(absence.ends_at)
    if back:
        until = _("Away until %(day)s") % {"day": calendar.say(back)}
    else:
        until = _("Away")
    if cover:
        return _("%(away)s; %(name)s stands in") % {"away": until, "name": cover.name}
    return until


def numbers_of(job: Job) -> Numbers:
    """Return the brand's numbers."""
    own = [row for row in channels_in_use() if row.brand_id == job.brand_id and row.owner_id is None]
    by_medium = {row.medium: row.address for row in reversed(own)}
    phone = directory().brands[job.brand_id].phone
    return Numbers(phone or by_medium.get(Medium.CALL, ""), by_medium.get(Medium.SMS, ""))
