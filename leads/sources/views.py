"""Settings: campaigns, and the list of unmatched UTM words."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from leads.models import Campaign, UtmRule
from leads.sources import unmatched
from leads.sources.setup import campaigns as setup
from leads.sources.setup import list_offered
from leads.sources.utm import word

MANAGE = "sources.manage"


def _live_sources() -> list[Source]:
    return [row for row in pipeline_setup().sources.values() if row.is_live]


def _get_source(text: str) -> Source:
    source = next((row for row in _live_sources() if str(row.pk) == text), None)
    if source is None:
        raise Refused(_("Choose a source."))
    return source


def version_of_campaigns() -> str:
    """Hash the contents of the campaign forms."""
    rows = setup().all.values()
    return version_of([(row.pk, row.name, row.source_id, row.archived_at, row.merged_into_id) for row in rows])


@settings_page("leads:campaigns", MANAGE, "leads/sources/campaigns.html", version=version_of_campaigns)
def campaigns(request: TenantRequest) -> Context:
    """Show the campaigns by source, with those merged into each, and the archived ones."""
    campaign_setup = setup()
    sources = pipeline_setup().sources
    merged: dict[int | None, list[Campaign]] = {}
    for row in campaign_setup.all.values():
        if row.merged_into_id:
            merged.setdefault(campaign_setup.root(row.pk), []).append(row)
    groups: dict[str, list[tuple[Campaign, list[Campaign]]]] = {}
    for row in campaign_setup.live:
        if row.source_id:
            name = sources[row.source_id].name
        else:
            name = _("No source")
        groups.setdefault(name, []).append((row, merged.get(row.pk, [])))
    return {
        "groups": sorted(groups.items()),
        "sources": _live_sources(),
        "archived": [row for row in campaign_setup.all.values() if row.archived_at],
    }


def _get_campaign(pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.all(), pk=pk)


@campaigns.action()
def add_campaign(request: TenantRequest) -> str:
    """Add a campaign to a source."""
    posted = request.POST
    row = Campaign.add(posted.get("name", ""), source=_get_source(posted.get("source", "")), by=request.member)
    return _("“%(name)s” was added.") % {"name": row.name}


@campaigns.action(_get_campaign)
def rename_campaign(request: TenantRequest, row: Campaign) -> str:
    """Rename a campaign."""
    row.rename(request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” was saved.") % {"name": row.name}


@campaigns.action(_get_campaign)
def merge_campaign(request: TenantRequest, row: Campaign) -> str:
    """Merge a campaign into another of its source."""
    other = next((one for one in setup().live if str(one.pk) == request.POST.get("into")), None)
    if other is None:
        raise Refused(_("Choose two campaigns of one source that are in use."))
    row.merge(other, by=request.member)
    return _("“%(name)s” was merged into “%(other)s”.") % {"name": row.name, "other": other.name}


@campaigns.action(_get_campaign)
def take_campaign_apart(request: TenantRequest, row: Campaign) -> str:
    """Undo a merge of campaigns."""
    row.take_apart(by=request.member)
    return _("“%(name)s” was unmerged.") % {"name": row.name}


# Archived: leads that came by it keep it.
archive_campaign, restore_campaign = campaigns.archive_actions(_get_campaign)


def version_of_rules() -> str:
    """Hash the contents of the rule forms."""
    rules = setup().rules.values()
    return version_of([(row.pk, row.source_id, row.campaign_id) for row in rules], version_of_campaigns())


@settings_page("leads:unmatched", MANAGE, "leads/sources/unmatched.html", version=version_of_rules)
def unmatched_words(request: TenantRequest) -> Context:
    """Show the unmatched words, and the rules."""
    sources = pipeline_setup().sources
    return {
        "groups": unmatched.with_dates_in_words(unmatched.groups(), Reader.of(request.member, clock.now())),
        "count": unmatched.count(),
        "choices": [(each.key, each.label) for each in list_offered()],
        "rules": [
            (rule, sources[rule.source_id].name, setup().name(rule.campaign_id)) for rule in setup().rules.values()
        ],
    }


@unmatched_words.action()
def match(request: TenantRequest) -> str:
    """Set the meaning of UTM words, for future and past leads."""
    posted = request.POST
    if posted.get("to") not in {each.key for each in list_offered()}:
        raise Refused(_("Choose a source or a campaign."))
    source_id, _dash, campaign_id = posted["to"].partition("-")
    source = pipeline_setup().sources[int(source_id)]
    campaign = setup().all.get(int(campaign_id))
    utm_words = word(posted.get("utm_source", "")), word(posted.get("utm_campaign", ""))
    followed = unmatched.match(*utm_words, source=source, campaign=campaign, by=request.member)
    values = {"name": campaign.name if campaign else source.name, "count": followed}
    words = ngettext(
        "Matched to “%(name)s”: %(count)s visit.",
        "Matched to “%(name)s”: %(count)s visits.",
        followed,
    )
    return words % values


def _get_rule(pk: int) -> UtmRule:
    return get_object_or_404(UtmRule.objects.all(), pk=pk)


@unmatched_words.action(_get_rule)
def forget_match(request: TenantRequest, rule: UtmRule) -> str:
    """Delete a rule; future visits are not matched by it."""
    unmatched.forget(rule, by=request.member)
    return _("New visits with these words are listed as unknown again.")


@unmatched_words.action(_get_rule)
def undo_match(request: TenantRequest, rule: UtmRule) -> str:
    """Delete a rule, and put the leads of the past back as they were."""
    restored = unmatched.undo_match(rule, by=request.member)
    words = ngettext(
        "Undone: %(count)s visit is as it was before.", "Undone: %(count)s visits are as they were before.", restored
    )
    return words % {"count": restored}
