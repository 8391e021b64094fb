"""Gate facts of many recipients at once: their place, time zone and allowed hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from comms.channels.difficulty import their_time
from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts, SendingLimits
from comms.gate.hours import SendingHours
from comms.gate.recipient_state import RecipientJob, RecipientState, load_recipient_state
from comms.models import Medium, SenderProfile
from comms.models.contact_preference import ContactPreference
from comms.models.sending_policy import sending_policy
from crm.jobs.models.job_record import JobState, Priority
from crm.kernel.zones import PossibleZone, Zones, zones_of_phone, zones_of_place
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.platform.organization.practice import is_practice


@cached_per_tenant
def sender_profiles() -> dict[int, SenderProfile]:
    """Return the sender profiles by brand; cached, read-only."""
    return {profile.brand_id: profile for profile in SenderProfile.objects.all()}


def facts_of(candidates: Sequence[SendCandidate], now: datetime) -> list[GateFacts]:
    """Return the facts of each candidate, in order."""
    state = load_recipient_state(candidates, now)
    policy = sending_policy()
    limits = SendingLimits(policy.weekly_emails, policy.weekly_texts, policy.transactional_counts)
    return [_build_facts(candidate, state, limits, now) for candidate in candidates]


def _build_facts(candidate: SendCandidate, known: RecipientState, limits: SendingLimits, now: datetime) -> GateFacts:
    preference = known.preferences.get((candidate.key, candidate.brand_id))
    jobs = []
    if candidate.person_id:
        jobs = known.jobs_of[candidate.person_id]
    job = known.jobs.get(candidate.job_id or 0)
    zones, source = zones_of(candidate, job, jobs, preference)
    ended = [one.ended_at for one in [*jobs, *([job] if job else [])] if one.ended_at]
    person = f"person {candidate.person_id}"
    sent = known.sent[candidate.key] + [one for one in known.sent[person] if not one.to_address]
    if zones:
        zone = min(zones).name
    else:
        zone = str(directory().zone)
    return GateFacts(
        is_practice=is_practice(),
        now=their_time(candidate.channel, zone, now),
        suppressions=known.suppressions[candidate.key] + known.suppressions[person],
        switches=known.switches,
        consent=known.consents.get((candidate.key, candidate.medium, candidate.purpose, candidate.brand_id)),
        has_open_job=any(one.state == JobState.OPEN for one in [*jobs, *([job] if job else [])]),
        job_ended_at=max(ended, default=None),
        wrote_at=known.heard.get((candidate.address, None)),
        wrote_here_at=known.heard.get((candidate.address, candidate.channel_id)) if candidate.channel_id else None,
        sent=sent,
        limits=limits,
        own_limit=preference.weekly_limit if preference else None,
        is_urgent=job is not None and job.priority == Priority.URGENT,
        hours=hours_of(candidate.medium, candidate.brand_id, zones, preference),
        zones=zones,
        zone_source=source,
        tries=known.tries.get(candidate.message_id or 0, 0),
        brand_country=directory().brands[candidate.brand_id].country,
    )


def hours_of(
    medium: str, brand_id: int, zones: Zones, preference: ContactPreference | None = None
) -> SendingHours | None:
    """Return a brand's hours for a medium, limited by the recipient's wishes; None for media without hours."""
    profile = sender_profiles().get(brand_id) or SenderProfile()
    spans = {
        Medium.SMS: (profile.sms_from, profile.sms_until),
        Medium.WHATSAPP: (profile.whatsapp_from, profile.whatsapp_until),
        Medium.CALL: (profile.call_from, profile.call_until),
    }
    span = spans.get(Medium(medium))
    if preference and preference.quiet_from and preference.quiet_until:
        opens, closes = span or (time.min, time.max)
        # Hours of theirs that leave the brand none are theirs alone.
        own = (max(opens, preference.quiet_until), min(closes, preference.quiet_from))
        if own[0] < own[1]:
            span = own
        else:
            span = (preference.quiet_until, preference.quiet_from)
    if span:
        return SendingHours(medium, *span, zones)
    return None


def zones_of(
    candidate: SendCandidate,
    job: RecipientJob | None,
    jobs: Iterable[RecipientJob],
    preference: ContactPreference | None,
) -> tuple[Zones, str]:
    """Return the recipient's possible time zones and their source: job address, setting, number or our office."""
    if job and job.country:
        sites = [job]
    else:
        sites = [one for one in jobs if one.country]
    places = [zones_of_place(one.country, one.region, one.postcode) for one in sites]
    if zones := Zones().union(*places):
        return zones, "property"
    if preference and preference.time_zone:
        return Zones([PossibleZone(preference.time_zone)]), "setting"
    if candidate.medium != Medium.EMAIL and (zones := zones_of_phone(candidate.address)):
        return zones, "number"
    organization = directory()
    return Zones([PossibleZone(str(organization.zone), organization.tenant.country)]), "brand"
