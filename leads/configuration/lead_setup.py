"""Sections of the configuration file: campaigns, tracking words, first answers, and work that is not done."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import Source
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import RowContent, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import find_by_name
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.plain_conditions import ConditionsCodec
from leads.models import CallPolicy, Campaign, IntakeDoor, NoGo, Partner, ResponsePolicy, TrackingNumber, UtmRule
from leads.models.calls.call_policy import call_policy
from leads.models.response_policy import response_policy
from leads.sources.unmatched import match

# Between a source and its campaign, and between two tracking words.
OF = " / "


def _add_campaign(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Campaign:
    source, of, short = name.partition(OF)
    if not of:
        raise Refused(_("The name of a campaign begins with its source, such as “Google Ads / Spring”."))
    return Campaign.add(short, source=find_by_name(Source, source), by=by)


class CampaignCodec:
    """The codec of a campaign: its name behind that of its source."""

    def encode(self, value: Any) -> str | None:
        if value is None:
            return None
        return _campaign_name(value)

    def decode(self, plain: Any) -> Campaign | None:
        if plain is None:
            return None
        row = next((row for row in _campaigns() if _campaign_name(row).casefold() == str(plain).casefold()), None)
        if row is None:
            raise Refused(_("There is no campaign “%(name)s”.") % {"name": str(plain)[:80]})
        return row


def _campaigns() -> list[Campaign]:
    return list(Campaign.objects.filter(source__isnull=False).select_related("source"))


def _campaign_name(campaign: Any) -> str:
    return f"{campaign.source.name}{OF}{campaign.name}"


def _match_words(rule: UtmRule, values: dict[str, Any], by: Member | None) -> None:
    match(rule.utm_source, rule.utm_campaign, source=values["source"], campaign=values.get("campaign"), by=by)


def _add_words(model: Any, name: str, values: dict[str, Any], by: Member | None) -> UtmRule:
    source, _of, campaign = name.partition(OF)
    rule = UtmRule(utm_source=source, utm_campaign=campaign)
    if values.get("source") is None:
        raise Refused(_("Tracking words need a source."))
    _match_words(rule, values, by)
    return rule


def _replace_no_go(row: NoGo, values: dict[str, Any], by: Member | None) -> None:
    """Replace a condition, as on the page; its partner stays."""
    partner = row.partner
    row.remove(by=by)
    NoGo.add(row.words, values["where"], partner=partner, by=by)


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="campaigns",
        label=gettext_lazy("Campaigns"),
        page="leads:campaigns",
        content=RowContent(model=Campaign, rows=_campaigns, name_of=_campaign_name, add=_add_campaign),
    ),
    ConfigurationSection(
        name="tracking_words",
        label=gettext_lazy("Tracking words"),
        page="leads:unmatched",
        content=RowContent(
            model=UtmRule,
            fields=("source", "campaign"),
            codecs={"campaign": CampaignCodec()},
            rows=lambda: UtmRule.objects.select_related("source", "campaign__source"),
            name_of=lambda row: f"{row.utm_source}{OF}{row.utm_campaign}",
            add=_add_words,
            edit=_match_words,
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="first_answer",
        label=gettext_lazy("First answer"),
        page="leads:response",
        content=ValuesContent(
            model=ResponsePolicy,
            fields=("next_after", "team_after"),
            get=response_policy,
            save=lambda values, by: ResponsePolicy.set(values["next_after"], values["team_after"], by=by),
        ),
    ),
    ConfigurationSection(
        name="not_our_work",
        label=gettext_lazy("Work we don’t do"),
        page="leads:no_gos",
        content=RowContent(
            model=NoGo,
            fields=("where",),
            codecs={"where": ConditionsCodec(JobFilters)},
            name_of=lambda row: str(row.words),
            add=lambda model, name, values, by: NoGo.add(name, values.get("where", ""), by=by),
            edit=_replace_no_go,
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="calls",
        label=gettext_lazy("Call tracking"),
        page="leads:tracking",
        content=ValuesContent(
            model=CallPolicy,
            fields=("least_seconds",),
            get=call_policy,
            save=lambda values, by: CallPolicy.set(values["least_seconds"], by=by),
        ),
    ),
    UnexportedModel(TrackingNumber, "A tracking number is a channel; channels are set up in each organization."),
    UnexportedModel(Partner, "Partners are addresses of people; they are entered in each organization."),
    UnexportedModel(IntakeDoor, "An intake endpoint has a secret; it is set up in each organization."),
]
