"""CallPermission: what time it is where the customer is, and whether they may be called or texted now."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from comms.gate.candidate import SendCandidate
from comms.gate.reachability import Reachability, reach_all
from comms.gate.rules import consent
from comms.gate.verdict import GateCheck, Outcome
from comms.models import Medium
from comms.stored_words import StoredSentence
from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp

MEDIA = (Medium.CALL, Medium.SMS)
# The look of a line: as the age of a clock.
GOOD = "ok"
LATER = "soon"
NO = "crit"


class CallPermissionLine(NamedTuple):
    """Whether a medium may be used now, in words, and why."""

    words: str
    why: str
    look: str


class CallPermission(NamedTuple):
    """The customer's time of day, the hours in which they may be called, and a line for calls and one for texts."""

    local_time: str
    # Where the time zone is from: the address of the work, their number …
    zone_source: str
    hours: str
    lines: list[CallPermissionLine]
    may_call: bool


def read_permission(follow_up: FollowUp, job: Job | None, phone: str, member: Member, reader: Reader) -> CallPermission:
    """Ask the gate about a number. One query."""
    brand_id = directory().default_brand.pk
    person_id = follow_up.person_id
    if job:
        brand_id = job.brand_id
        person_id = job.person_id
    candidates = [
        SendCandidate(
            medium=medium,
            address=phone,
            brand_id=brand_id,
            author_id=member.pk,
            person_id=person_id,
            job_id=job.pk if job else None,
        )
        for medium in MEDIA
    ]
    by_call, by_text = reach_all(candidates, reader.now)
    return CallPermission(
        _local_time(by_call, reader),
        _zone_source(by_call),
        _hours_words(by_call, reader),
        [_permission_line(by_call, reader), _permission_line(by_text, reader)],
        by_call.refusal is None,
    )


def _zone_of(reach: Reachability) -> ZoneInfo:
    """Return the zone whose hours close first, which stands for the customer's."""
    if reach.facts.hours:
        return ZoneInfo(reach.facts.hours.narrowest(reach.facts.now)[0].name)
    return directory().zone


def _local_time(reach: Reachability, reader: Reader) -> str:
    """Return the time where the customer is: both ends where several zones are possible."""
    offsets = {}
    for zone in reach.facts.zones:
        local = reader.now.astimezone(ZoneInfo(zone.name))
        offsets[local.utcoffset()] = ZoneInfo(zone.name)
    zones = [zone for _offset, zone in sorted(offsets.items(), key=str)]
    if not zones:
        zones = [_zone_of(reach)]
    instants = sorted({reader.now.astimezone(zone).replace(tzinfo=None) for zone in zones})
    ends = [_wall_clock(at, reader) for at in dict.fromkeys((instants[0], instants[-1]))]
    return "–".join(ends)


def _wall_clock(local: datetime, reader: Reader) -> str:
    return formats.clock_time(local.replace(tzinfo=reader.zone), reader.zone, reader.country, reader.language)


def _zone_source(reach: Reachability) -> str:
    sources = {
        "property": _("at the address of the work"),
        "setting": _("by their own setting"),
        "number": _("by their number"),
    }
    return sources.get(reach.facts.zone_source, _("at our office; theirs is unknown"))


def _hours_words(reach: Reachability, reader: Reader) -> str:
    """Return the hours of today in which they may be called: "9:00 AM–5:00 PM"."""
    if reach.facts.hours is None:
        return ""
    _zone, opens, closes = reach.facts.hours.narrowest(reach.facts.now)
    day = reader.now.astimezone(reader.zone).date()
    return "–".join(_wall_clock(datetime.combine(day, clock), reader) for clock in (opens, closes))


def _permission_line(reach: Reachability, reader: Reader) -> CallPermissionLine:
    medium = str(Medium(reach.candidate.medium).label)
    refusal = reach.refusal
    if refusal is None:
        return CallPermissionLine(
            _("%(medium)s: allowed now") % {"medium": medium}, _sentence(reach.checks[consent.KEY]), GOOD
        )
    if refusal.reason == "quiet_hours" and refusal.until:
        words = _("%(medium)s: quiet hours until %(at)s") % {"medium": medium, "at": reader.near(refusal.until)}
        return CallPermissionLine(words, "", LATER)
    if refusal.outcome == Outcome.DEFER and refusal.until:
        words = _("%(medium)s: not before %(at)s") % {"medium": medium, "at": reader.near(refusal.until)}
        return CallPermissionLine(words, _sentence(refusal), LATER)
    return CallPermissionLine(_("%(medium)s: not allowed") % {"medium": medium}, _sentence(refusal), NO)


def _sentence(check: GateCheck) -> str:
    return str(StoredSentence(check.words))
