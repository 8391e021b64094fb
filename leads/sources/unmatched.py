"""Leads whose UTM words match no source or campaign: list the words, add a rule, and apply it to past leads."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Source
from crm.kernel.refusal import Refused
from crm.platform.database.bulk_write import insert_all
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from crm.web.reader import Reader
from leads.models import Campaign, Lead, RefiledTouch, Touch, TouchKind, UtmRule
from leads.sources.kept.upkeep import note_jobs
from leads.sources.name_similarity import NamedSource, Names
from leads.sources.setup import list_offered

# More groups than these nobody looks through on one page; those with most leads come first.
MOST = 100


@dataclass(frozen=True)
class UnmatchedGroup:
    """Touches with the same UTM words."""

    utm_source: str
    utm_campaign: str
    leads: int
    since: datetime
    last: datetime
    # The same days as the reader writes them.
    since_words: str = ""
    last_words: str = ""
    # What its words are most like, and how much, of 100; None for nothing.
    like: NamedSource | None = None
    likeness: int = 0

    @property
    def words(self) -> str:
        """The UTM words as in a query string."""
        return f"utm_source={self.utm_source}&utm_campaign={self.utm_campaign}"


def groups(most: int = MOST) -> list[UnmatchedGroup]:
    """Return the unmatched words, those with the most leads first, each with its most similar name."""
    rows = Touch.objects.filter(is_unmatched=True).values("utm_source", "utm_campaign").order_by()
    counts = rows.annotate(leads=Count("lead", distinct=True), since=Min("at"), last=Max("at"))
    ordered = counts.order_by("-leads", "utm_source", "utm_campaign")[:most]
    names = Names(list_offered())
    return [
        _add_suggestion(
            UnmatchedGroup(row["utm_source"], row["utm_campaign"], row["leads"], row["since"], row["last"]), names
        )
        for row in ordered
    ]


def _add_suggestion(group: UnmatchedGroup, names: Names) -> UnmatchedGroup:
    suggestion = names.likest(group.utm_source, group.utm_campaign)
    if suggestion:
        return replace(group, like=suggestion[0], likeness=suggestion[1])
    return group


def with_dates_in_words(found: list[UnmatchedGroup], reader: Reader) -> list[UnmatchedGroup]:
    """Return the groups with the days they were first and last seen, formatted for the reader."""
    return [replace(group, since_words=reader.day(group.since), last_words=reader.day(group.last)) for group in found]


def count() -> int:
    """Count the leads with unmatched words."""
    return Touch.objects.filter(is_unmatched=True).aggregate(leads=Count("lead", distinct=True))["leads"] or 0


@transaction.atomic
def match(utm_source: str, utm_campaign: str, *, source: Source, campaign: Campaign | None, by: Member | None) -> int:
    """Set the meaning of UTM words, for future and past touches; returns how many past ones changed.

    Leads follow where they have no source or campaign yet, or the one these words meant before. The same again:
    nothing. Raises Refused for words that are none, or a campaign of another source.
    """
    lock_configuration()
    if not (utm_source or utm_campaign):
        raise Refused(_("There are no words to match."))
    if campaign and campaign.source_id != source.pk:
        raise Refused(_("Choose a campaign of that source."))
    rule = UtmRule.objects.filter(utm_source=utm_source, utm_campaign=utm_campaign).first()
    rule = rule or UtmRule(utm_source=utm_source, utm_campaign=utm_campaign)
    rule.source = source
    rule.campaign = campaign
    rule.save()
    followed = _apply_rule(rule)
    data = {"words": str(rule), "source": source.pk, "campaign": campaign.pk if campaign else None, "touches": followed}
    events.record("utm_rule.matched", subject=rule, by=by, data=data)
    return followed


def _apply_rule(rule: UtmRule) -> int:
    """Apply a rule to past touches and to the leads attributed by them; values a person set stay."""
    touches = Touch.objects.filter(utm_source=rule.utm_source, utm_campaign=rule.utm_campaign)
    first = touches.filter(kind=TouchKind.FIRST)
    source_follows = Q(lead__job__source=None) | Q(source=F("lead__job__source"))
    campaign_follows = Q(lead__campaign=None) | Q(campaign=F("lead__campaign"))
    _keep_former_values(rule, touches, source_follows, campaign_follows)
    Job.objects.filter(pk__in=first.filter(source_follows).values("lead_id")).update(source=rule.source_id)
    leads = Lead.objects.filter(pk__in=first.filter(campaign_follows).values("lead_id"))
    leads.filter(job__source=rule.source_id).update(campaign=rule.campaign_id)
    note_jobs(set(first.values_list("lead_id", flat=True)))
    return int(touches.update(source=rule.source_id, campaign=rule.campaign_id, is_unmatched=False))


def _keep_former_values(rule: UtmRule, touches: Any, source_follows: Q, campaign_follows: Q) -> None:
    """Store what touches and leads were filed under, for `undo_match`; those of an earlier match of the words stay."""
    first = touches.filter(kind=TouchKind.FIRST)
    moved_sources = set(first.filter(source_follows).values_list("pk", flat=True))
    moved_campaigns = set(first.filter(campaign_follows).values_list("pk", flat=True))
    values = touches.values(
        "pk", "source_id", "campaign_id", "is_unmatched", "lead__job__source_id", "lead__campaign_id"
    )
    rows = [
        {
            "rule_id": rule.pk,
            "touch_id": row["pk"],
            "source_id": row["source_id"],
            "campaign_id": row["campaign_id"],
            "was_unmatched": row["is_unmatched"],
            "has_moved_source": row["pk"] in moved_sources,
            "job_source_id": row["lead__job__source_id"],
            "has_moved_campaign": row["pk"] in moved_campaigns,
            "lead_campaign_id": row["lead__campaign_id"],
        }
        for row in values.order_by("pk")
    ]
    insert_all(RefiledTouch, rows, ignore_conflicts=True)


@transaction.atomic
def undo_match(rule: UtmRule, *, by: Member | None) -> int:
    """Delete a rule and put past touches and leads back as they were; returns how many touches.

    A lead whose source or campaign somebody changed since keeps it.
    """
    lock_configuration()
    kept = RefiledTouch.objects.filter(rule=rule)
    touches = Touch.objects.filter(pk__in=kept.values("touch"))
    leads = set(touches.values_list("lead_id", flat=True))
    of_lead = kept.filter(touch__lead=OuterRef("pk"), touch__kind=TouchKind.FIRST)
    jobs = Job.objects.filter(pk__in=kept.filter(has_moved_source=True).values("touch__lead_id"))
    still_campaign = {"campaign": rule.campaign_id} if rule.campaign_id else {"campaign__isnull": True}
    rows = Lead.objects.filter(pk__in=kept.filter(has_moved_campaign=True).values("touch__lead_id"), **still_campaign)
    # Where somebody chose another source since, the campaign of that source stays as well.
    rows.filter(job__source=rule.source_id).update(campaign=Subquery(of_lead.values("lead_campaign")[:1]))
    jobs.filter(source=rule.source_id).update(source=Subquery(of_lead.values("job_source")[:1]))
    before = kept.filter(touch=OuterRef("pk"))
    restored = touches.update(
        source=Subquery(before.values("source")[:1]),
        campaign=Subquery(before.values("campaign")[:1]),
        is_unmatched=Subquery(before.values("was_unmatched")[:1]),
    )
    note_jobs(leads)
    events.record("utm_rule.undone", subject=rule, by=by, data={"words": str(rule), "touches": restored})
    rule.delete()
    return int(restored)


@transaction.atomic
def forget(rule: UtmRule, *, by: Member | None) -> None:
    """Delete a rule: future touches with its words are unmatched again; past ones stay."""
    lock_configuration()
    events.record("utm_rule.forgotten", subject=rule, by=by, data={"words": str(rule)})
    rule.delete()
