"""Attribute a lead: its first touch when it comes in, its conversion touch when the customer returns.

The first touch is what the job's source and the lead's campaign are; a touch whose words name nothing here stands on
the list of what to match, and follows as soon as somebody says what the words mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.jobs.models import Job, Source
from crm.kernel.normalization import name_key
from crm.platform.models.tenant import configuration_changed
from leads.models import Campaign, Lead, Touch, TouchKind
from leads.sources.setup import campaigns
from leads.sources.utm import UtmFields


@dataclass(frozen=True)
class Fallback:
    """The source and campaign of a visit that names none; `is_certain`: as sure as if it were named."""

    source: Source | None
    campaign: Campaign | None
    is_certain: bool = False


@transaction.atomic
def attribute(
    lead: Lead,
    given: UtmFields,
    at: datetime,
    *,
    fallback: Source | None = None,
    campaign: Campaign | None = None,
    is_certain: bool = False,
) -> Touch:
    """Store a visit's attribution as the lead's first touch, or as its conversion until it is won. Idempotent.

    `fallback`: the source of a visit that names none, such as the one of a form. A first touch that names a source
    sets the job's; one that only falls back leaves a source that is there. `campaign`: that of the fallback, where the
    words name none. `is_certain`: the fallback is known as surely as if it were named, as that of a tracking number.
    """
    shared = Fallback(fallback, campaign, is_certain=is_certain)
    lead.lock()
    first = Touch.objects.filter(lead=lead, kind=TouchKind.FIRST).first()
    if first is None:
        return _store_first_touch(lead, given, at, shared)
    if at <= first.at or (lead.won_at is not None and at > lead.won_at):
        return first
    touch = Touch.objects.filter(lead=lead, kind=TouchKind.CONVERSION).first()
    if touch is None or at > touch.at:
        touch = _fill_touch(touch or Touch(lead=lead, kind=TouchKind.CONVERSION), given, at, shared)
        touch.save()
    return touch


def _store_first_touch(lead: Lead, given: UtmFields, at: datetime, fallback: Fallback) -> Touch:
    touch = _fill_touch(Touch(lead=lead, kind=TouchKind.FIRST), given, at, fallback)
    touch.save()
    is_named = fallback.is_certain or bool(campaigns().match(touch.utm_source, touch.utm_campaign)[0])
    jobs = Job.objects.filter(pk=lead.pk)
    if touch.source_id:
        (jobs if is_named else jobs.filter(source=None)).update(source_id=touch.source_id)
    if touch.campaign_id:
        lead.campaign_id = touch.campaign_id
        lead.save(update_fields=["campaign_id"])
    return touch


def _fill_touch(touch: Touch, given: UtmFields, at: datetime, fallback: Fallback) -> Touch:
    for name, value in given.columns().items():
        setattr(touch, name, value)
    setup = campaigns()
    source_id, campaign_id = setup.match(touch.utm_source, touch.utm_campaign)
    has_rule = (touch.utm_source, touch.utm_campaign) in setup.rules
    touch.is_unmatched = not has_rule and bool(
        (touch.utm_source and source_id is None) or (touch.utm_campaign and campaign_id is None)
    )
    touch.at = at
    touch.campaign_id = campaign_id
    touch.source_id = source_id
    if source_id is None and fallback.source:
        touch.source_id = fallback.source.pk
        touch.campaign_id = campaign_id or (fallback.campaign.pk if fallback.campaign else None)
    return touch


def find_or_create_campaigns(wanted: Iterable[tuple[int | None, str]]) -> dict[tuple[int | None, str], int]:
    """Return the campaigns a file names, by source and name key; creates the new ones."""
    names = {(source_id, name_key(name)): name for source_id, name in wanted if name}
    if not names:
        return {}
    existing = {(row.source_id, name_key(row.name)): row.pk for row in campaigns().all.values()}
    new = [Campaign(name=name, source_id=key[0]) for key, name in names.items() if key not in existing]
    if new:
        # Another import may have written the same name this moment.
        Campaign.objects.bulk_create(new, ignore_conflicts=True)
        configuration_changed()
        existing = {(row.source_id, name_key(row.name)): row.pk for row in campaigns().all.values()}
    return {key: existing[key] for key in names}
