"""Read the facts of many recipients at once: the same few statements for one message and for a thousand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q

from comms.gate.candidate import Candidate
from comms.gate.facts import Facts, Limits, SentBefore
from comms.gate.hours import Hours
from comms.gate.rules.consent import AFTER_A_QUESTION
from comms.models import Consent, Direction, KillSwitch, Medium, Message, SenderProfile, Suppression
from comms.models.contact_preference import ContactPreference
from comms.models.sending_policy import sending_policy
from crm.jobs.models import Job
from crm.jobs.models.job import Priority, State
from crm.kernel.zones import Zone, Zones, zones_of_phone, zones_of_place
from crm.platform.organization.configuration import directory, per_tenant

WEEK = timedelta(days=7)
_LEFT = (Message.State.SENDING, Message.State.SENT, Message.State.UNKNOWN)
_Rows = defaultdict[Any, list[Any]]


@dataclass
class Known:
    """What was read of all recipients, by address key, address or person."""

    suppressions: _Rows = field(default_factory=lambda: defaultdict(list))
    consents: dict[tuple[str, str, str, int], Consent] = field(default_factory=dict)
    preferences: dict[tuple[str, int], ContactPreference] = field(default_factory=dict)
    # The last message from an address, on any channel (None) and on each.
    heard: dict[tuple[str, int | None], datetime] = field(default_factory=dict)
    sent: _Rows = field(default_factory=lambda: defaultdict(list))
    jobs: dict[int, dict[str, Any]] = field(default_factory=dict)
    jobs_of: _Rows = field(default_factory=lambda: defaultdict(list))


@per_tenant
def sender_profiles() -> dict[int, SenderProfile]:
    """Return the brands' ways of writing, by brand; cached, to be read only."""
    return {profile.brand_id: profile for profile in SenderProfile.objects.all()}


def facts_of(candidates: Sequence[Candidate], now: datetime) -> list[Facts]:
    """Return the facts of each candidate, in order."""
    known = _read(candidates, now)
    switches = list(KillSwitch.objects.on())
    policy = sending_policy()
    limits = Limits(policy.weekly_emails, policy.weekly_texts, policy.transactional_counts)
    return [_facts(candidate, known, switches, limits, now) for candidate in candidates]


def _facts(candidate: Candidate, known: Known, switches: Sequence[KillSwitch], limits: Limits, now: datetime) -> Facts:
    preference = known.preferences.get((candidate.key, candidate.brand_id))
    jobs = known.jobs_of[candidate.person_id] if candidate.person_id else []
    job = known.jobs.get(candidate.job_id or 0)
    zones, source = zones_of(candidate, job, jobs, preference)
    ended = [one["ended_at"] for one in [*jobs, *([job] if job else [])] if one["ended_at"]]
    person = f"person {candidate.person_id}"
    sent = known.sent[candidate.key] + [one for one in known.sent[person] if not one.to_address]
    return Facts(
        now=now,
        suppressions=known.suppressions[candidate.key] + known.suppressions[person],
        switches=switches,
        consent=known.consents.get((candidate.key, candidate.medium, candidate.purpose, candidate.brand_id)),
        has_open_job=any(one["state"] == State.OPEN for one in [*jobs, *([job] if job else [])]),
        job_ended_at=max(ended, default=None),
        wrote_at=known.heard.get((candidate.address, None)),
        wrote_here_at=known.heard.get((candidate.address, candidate.channel_id)) if candidate.channel_id else None,
        sent=sent,
        limits=limits,
        own_limit=preference.weekly_limit if preference else None,
        is_urgent=job is not None and job["priority"] == Priority.URGENT,
        hours=hours_of(candidate.medium, candidate.brand_id, zones),
        zones=zones,
        zone_source=source,
        brand_country=directory().brands[candidate.brand_id].country,
    )


def hours_of(medium: str, brand_id: int, zones: Zones) -> Hours | None:
    """Return when a brand writes by a medium; None for one that is read when they please."""
    profile = sender_profiles().get(brand_id) or SenderProfile()
    spans = {
        Medium.SMS: (profile.sms_from, profile.sms_until),
        Medium.WHATSAPP: (profile.whatsapp_from, profile.whatsapp_until),
        Medium.CALL: (profile.call_from, profile.call_until),
    }
    span = spans.get(Medium(medium))
    return Hours(medium, *span, zones) if span else None


def zones_of(
    candidate: Candidate, job: Any, jobs: Iterable[Any], preference: ContactPreference | None
) -> tuple[Zones, str]:
    """Return where they may be, and how we know: the work's address, their setting, their number, our own office."""
    sites = [job] if job and job["site__country"] else [one for one in jobs if one["site__country"]]
    places = [zones_of_place(one["site__country"], one["site__region"], one["site__postcode"]) for one in sites]
    if zones := Zones().union(*places):
        return zones, "property"
    if preference and preference.time_zone:
        return Zones([Zone(preference.time_zone)]), "setting"
    if candidate.medium != Medium.EMAIL and (zones := zones_of_phone(candidate.address)):
        return zones, "number"
    here = directory()
    return Zones([Zone(str(here.zone), here.tenant.country)]), "brand"


def _read(candidates: Sequence[Candidate], now: datetime) -> Known:
    keys = {candidate.key for candidate in candidates}
    people = {candidate.person_id for candidate in candidates if candidate.person_id}
    jobs = {candidate.job_id for candidate in candidates if candidate.job_id}
    addresses = {candidate.address: candidate.key for candidate in candidates}
    known = Known()
    _read_suppressions(known, keys, people)
    for consent in Consent.objects.filter(key__in=keys).in_force():
        known.consents[consent.key, consent.medium, consent.purpose, consent.brand_id] = consent
    for preference in ContactPreference.objects.filter(key__in=keys):
        known.preferences[preference.key, preference.brand_id] = preference
    _read_heard(known, addresses, now)
    _read_sent(known, addresses, people, now)
    _read_jobs(known, people, jobs)
    return known


def _read_suppressions(known: Known, keys: set[str], people: set[int]) -> None:
    mine = Suppression.objects.in_force().filter(Q(key__in=keys) | Q(person__in=people)).order_by("pk")
    for suppression in mine:
        known.suppressions[suppression.key or f"person {suppression.person_id}"].append(suppression)


def _read_heard(known: Known, addresses: dict[str, str], now: datetime) -> None:
    """Read when each address last wrote. A call that was dialled is a question too."""
    theirs = Message.objects.filter(
        direction=Direction.IN, address__in=addresses, at__gt=now - AFTER_A_QUESTION, automatic=""
    ).order_by()
    for address, channel_id, at in theirs.values_list("address", "channel_id").annotate(last=Max("at")):
        known.heard[address, channel_id] = at
        known.heard[address, None] = max(at, known.heard.get((address, None), at))


def _read_sent(known: Known, addresses: dict[str, str], people: set[int], now: datetime) -> None:
    """Read what left in seven days, to the address or to the person at another."""
    ours = Message.objects.filter(Q(address__in=addresses) | Q(person__in=people), at__gt=now - 2 * WEEK)
    left = ours.filter(direction=Direction.OUT, state__in=_LEFT).order_by()
    for row in left.values(*_SENT, template_id=F("template_version__template")):
        at = row["sent_at"] or row["at"]
        if at > now - WEEK:
            note_sent(known.sent, addresses.get(row["address"], ""), row, at)


_SENT = ("address", "person_id", "at", "sent_at", "medium", "purpose", "job_id", "automatic")


def note_sent(sent: _Rows, key: str, row: dict[str, Any], at: datetime) -> None:
    """Note a message that left under its address, and under its person for what goes to another address of theirs."""
    about = (at, row["medium"], row["purpose"], row.get("template_id"), row["job_id"], row["automatic"])
    if key:
        sent[key].append(SentBefore(*about, to_address=True))
    if row["person_id"]:
        sent[f"person {row['person_id']}"].append(SentBefore(*about, to_address=False))


def _read_jobs(known: Known, people: set[int], jobs: set[int]) -> None:
    columns = ("pk", "person_id", "state", "ended_at", "priority", "site__country", "site__region", "site__postcode")
    if not people and not jobs:
        return
    for row in Job.objects.filter(Q(person__in=people) | Q(pk__in=jobs)).order_by().values(*columns):
        known.jobs[row["pk"]] = row
        if row["person_id"]:
            known.jobs_of[row["person_id"]].append(row)
