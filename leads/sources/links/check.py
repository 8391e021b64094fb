"""Check campaign links against the tenant's sources, campaigns and matches, and propose the corrected link."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from leads.sources.links.campaign_link import CampaignLink, LinkFault, read_link, slug_of
from leads.sources.name_similarity import Names
from leads.sources.setup import campaigns, list_offered
from leads.sources.utm import letters, word

MOST_LINKS = 50
# The channels that web analytics group visits by, as they are written in links.
MEDIA = ("cpc", "email", "social", "paid-social", "display", "referral", "affiliate", "video", "sms", "qr", "print")
# Where other spellings of them belong.
_MEDIA_LIKE = {
    "ppc": "cpc", "paid": "cpc", "paidsearch": "cpc", "adwords": "cpc", "googleads": "cpc", "mail": "email",
    "newsletter": "email", "emailmarketing": "email", "emarketing": "email", "socialmedia": "social",
    "facebook": "social", "organicsocial": "social", "paidsocial": "paid-social", "socialpaid": "paid-social",
    "banner": "display", "gdn": "display", "text": "sms", "qrcode": "qr", "flyer": "print", "mailer": "print",
}  # fmt: skip
FAULTS: dict[LinkFault, str | Promise] = {
    LinkFault.NO_ADDRESS: gettext_lazy("This is not a web address."),
    LinkFault.NO_SCHEME: gettext_lazy("https:// is missing in front."),
    LinkFault.ESCAPED: gettext_lazy("It was copied out of HTML: &amp; must be &."),
    LinkFault.SECOND_QUESTION_MARK: gettext_lazy("A second question mark: further parameters begin with &."),
    LinkFault.AFTER_HASH: gettext_lazy("UTM words behind a # never reach us: they belong in front of it."),
    LinkFault.MISSPELT_NAME: gettext_lazy("A parameter is misspelt: it must be utm_source, utm_medium, utm_campaign."),
    LinkFault.TWICE: gettext_lazy("A parameter is there twice: the first one counts."),
    LinkFault.CAPITALS: gettext_lazy("Capital letters: web analytics count them as another word."),
    LinkFault.SPACES: gettext_lazy("Spaces: write a hyphen instead."),
    LinkFault.ENCODED_TWICE: gettext_lazy("Encoded twice: %20 is part of the word."),
}


@dataclass(frozen=True)
class LinkVerdict:
    """The meaning of a link. `source`, `campaign`: names here, blank if unknown; `fixed`: the corrected link."""

    pasted: str
    source: str
    campaign: str
    problems: list[str]
    # A likely meaning of words that match nothing: its name, how similar, and the link that says so.
    like: str = ""
    likeness: int = 0
    fixed: str = ""
    # The words as they would stand on the list of unmatched ones.
    utm_source: str = ""
    utm_campaign: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.problems


def check_links(text: str) -> list[LinkVerdict]:
    """Check the links of a text, one a line, at most fifty."""
    lines = [line for line in text.replace("\0", "").splitlines() if line.strip()][:MOST_LINKS]
    names = Names(list_offered())
    return [check_link(read_link(line), names) for line in lines]


def check_link(link: CampaignLink, names: Names) -> LinkVerdict:
    """Check one link: how it is written, and which source and campaign its words name."""
    problems = [str(FAULTS[fault]) for fault in link.faults]
    if link.address is None:
        return LinkVerdict(link.pasted, "", "", problems)
    utm_source = word(link.words.get("utm_source", ""))
    utm_campaign = word(link.words.get("utm_campaign", ""))
    source_id, campaign_id = campaigns().match(utm_source, utm_campaign)
    fixed = dict(link.words)
    source = ""
    campaign = ""
    suggestion = None
    if source_id:
        source = pipeline_setup().sources[source_id].name
    if campaign_id:
        campaign = campaigns().name(campaign_id)
    problems += _missing_words(utm_source, utm_campaign)
    is_unknown = (utm_source and not source) or (utm_campaign and not campaign)
    if is_unknown:
        suggestion = names.likest(utm_source, utm_campaign)
        problems += _unknown_words(utm_source, utm_campaign, source, campaign)
    if suggestion:
        named = suggestion[0]
        fixed |= _slugs(named.source, named.campaign or "")
    else:
        fixed |= _slugs_of_known(utm_source, utm_campaign, source, campaign)
    problems += _check_medium(link, fixed)
    corrected = link.with_words(fixed)
    return LinkVerdict(
        link.pasted,
        source,
        campaign,
        problems,
        like=suggestion[0].label if suggestion else "",
        likeness=suggestion[1] if suggestion else 0,
        fixed=corrected if corrected != link.pasted else "",
        utm_source=utm_source if is_unknown else "",
        utm_campaign=utm_campaign if is_unknown else "",
    )


def _slugs(source: str, campaign: str) -> dict[str, str]:
    words = {"utm_source": slug_of(source)}
    if campaign:
        words["utm_campaign"] = slug_of(campaign)
    return words


def _slugs_of_known(utm_source: str, utm_campaign: str, source: str, campaign: str) -> dict[str, str]:
    """Return the usual spelling of words that are a name's letters; those of a match stay as they are."""
    words = {}
    if source and letters(source) == letters(utm_source):
        words["utm_source"] = slug_of(source)
    if campaign and letters(campaign) == letters(utm_campaign):
        words["utm_campaign"] = slug_of(campaign)
    return words


def _missing_words(utm_source: str, utm_campaign: str) -> list[str]:
    problems = []
    if not utm_source:
        problems.append(_("utm_source is missing: leads by this link have no source."))
    if not utm_campaign:
        problems.append(_("utm_campaign is missing: leads by this link are of no campaign."))
    return problems


def _unknown_words(utm_source: str, utm_campaign: str, source: str, campaign: str) -> list[str]:
    problems = []
    if utm_source and not source:
        problems.append(_("No source is called “%(word)s”.") % {"word": utm_source})
    if utm_campaign and not campaign:
        problems.append(_("No campaign is called “%(word)s”.") % {"word": utm_campaign})
    return problems


def _check_medium(link: CampaignLink, fixed: dict[str, str]) -> list[str]:
    """Return what is wrong with utm_medium; a usual spelling goes into the corrected words."""
    medium = link.words.get("utm_medium", "")
    if not medium:
        return [_("utm_medium is missing: write cpc, email, social …")]
    usual = next((one for one in MEDIA if letters(one) == letters(medium)), _MEDIA_LIKE.get(letters(medium), ""))
    if not usual:
        media = ", ".join(MEDIA)
        return [_("“%(word)s” is no usual medium: %(media)s") % {"word": medium, "media": media}]
    fixed["utm_medium"] = usual
    if usual != medium:
        return [_("utm_medium is usually written “%(word)s”.") % {"word": usual}]
    return []


def build_link(address: str, key: str, medium: str) -> LinkVerdict | None:
    """Build the link of a landing page for an offered source or campaign, "3-17"; None for an unknown one."""
    named = next((one for one in list_offered() if one.key == key), None)
    if named is None:
        return None
    link = read_link(address)
    if link.address is None:
        return LinkVerdict(address, "", "", [str(FAULTS[LinkFault.NO_ADDRESS])])
    words: dict[str, Any] = {**link.words, **_slugs(named.source, named.campaign), "utm_medium": medium}
    return LinkVerdict(address, named.source, named.campaign, [], fixed=link.with_words(words))
