"""Read the tenant's campaigns and UTM rules, cached per process."""

from dataclasses import dataclass

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import cached_per_tenant
from leads.models import Campaign, UtmRule
from leads.sources.name_similarity import NamedSource
from leads.sources.utm import letters


@dataclass(frozen=True)
class CampaignSetup:
    """Campaigns by id, with merged ones; rules by their UTM words. Treat the rows as read-only."""

    all: dict[int, Campaign]
    rules: dict[tuple[str, str], UtmRule]

    @property
    def live(self) -> list[Campaign]:
        return [row for row in self.all.values() if row.is_live]

    def root(self, pk: int | None) -> int | None:
        """Return the id of the campaign this one was merged into, else its own."""
        while pk and (into := self.all[pk].merged_into_id) is not None:
            pk = into
        return pk

    def name(self, pk: int | None) -> str:
        """Return the name of a campaign; blank without one."""
        if pk in self.all:
            return self.all[self.root(pk) or 0].name
        return ""

    def meaning(self, pk: int) -> list[int]:
        """Return the ids that stand for a campaign: its own, and those merged into it."""
        root = self.root(pk)
        return [one for one in self.all if self.root(one) == root]

    def match(self, utm_source: str, utm_campaign: str) -> tuple[int | None, int | None]:
        """Return the source and campaign of UTM words: by a rule, else by name."""
        if rule := self.rules.get((utm_source, utm_campaign)):
            return pipeline_setup().sources[rule.source_id].pk, self.root(rule.campaign_id)
        named = _source_called(utm_source)
        alike = {
            self.root(pk) or pk
            for pk, row in self.all.items()
            if utm_campaign and letters(row.name) == letters(utm_campaign) and named in (None, row.source_id)
        }
        if len(alike) != 1:
            return named, None
        campaign = self.all[alike.pop()]
        return campaign.source_id, campaign.pk


def _source_called(utm_source: str) -> int | None:
    wanted = letters(utm_source)
    matches = [pk for name, pk in pipeline_setup().sources.all_names() if wanted and letters(name) == wanted]
    if matches:
        return matches[0]
    return None


@cached_per_tenant
def campaigns() -> CampaignSetup:
    """Return the campaigns and UTM rules of the current tenant."""
    rules = {(rule.utm_source, rule.utm_campaign): rule for rule in UtmRule.objects.all()}
    return CampaignSetup({row.pk: row for row in Campaign.objects.order_by("name", "pk")}, rules)


def list_offered() -> list[NamedSource]:
    """Return each active source, with key "3-0", followed by its campaigns, "3-17"."""
    entries = []
    for source in pipeline_setup().sources.values():
        if source.is_live:
            entries.append(NamedSource(f"{source.pk}-0", source.name, source.name, ""))
            its = [row for row in campaigns().live if row.source_id == source.pk]
            entries += [
                NamedSource(f"{source.pk}-{row.pk}", f"{source.name} · {row.name}", source.name, row.name)
                for row in its
            ]
    return entries
