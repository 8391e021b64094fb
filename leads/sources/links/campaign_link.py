"""CampaignLink: a landing page link and its UTM words, read leniently, with the mistakes in how it is written. Pure."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

LONGEST_LINK = 2000
UTM_NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
# What is looked up or grouped by; of the others spelling is free.
CHECKED_NAMES = ("utm_source", "utm_medium", "utm_campaign")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UTM_LIKE = re.compile(
    r"^u[tm]{2}[\W_]*(source|medium|campaign|term|content|id)$|^utm[\W_]*([^\W_]\w*)$", re.IGNORECASE
)
_NOT_IN_SLUG = re.compile(r"[\W_]+")


class LinkFault(StrEnum):
    """A mistake in how a link is written; its words are in check.py."""

    NO_ADDRESS = "no_address"
    NO_SCHEME = "no_scheme"
    ESCAPED = "escaped"
    SECOND_QUESTION_MARK = "second_question_mark"
    AFTER_HASH = "after_hash"
    MISSPELT_NAME = "misspelt_name"
    TWICE = "twice"
    CAPITALS = "capitals"
    SPACES = "spaces"
    ENCODED_TWICE = "encoded_twice"


@dataclass
class CampaignLink:
    """A link as it was pasted. `words`: its UTM parameters, cleaned; `faults`: what had to be mended for it."""

    pasted: str
    address: SplitResult | None = None
    words: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    faults: list[LinkFault] = field(default_factory=list)

    def note(self, fault: LinkFault) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def with_words(self, words: dict[str, str]) -> str:
        """Return the link with these UTM words, its other parameters and its fragment; blank without an address."""
        if self.address is None:
            return ""
        named = [(name, words[name]) for name in UTM_NAMES if words.get(name)]
        query = urlencode([*self.others, *named], quote_via=quote)
        return urlunsplit(self.address._replace(query=query))


def read_link(pasted: str) -> CampaignLink:
    """Read a pasted link. Never raises: what is no address is noted as a fault."""
    pasted = pasted.strip()[:LONGEST_LINK]
    link = CampaignLink(pasted)
    text = unescape(pasted)
    if text != pasted:
        link.note(LinkFault.ESCAPED)
    address = _split_address(text, link)
    if address is None:
        link.note(LinkFault.NO_ADDRESS)
        return link
    query = address.query
    fragment = address.fragment
    if "?" in query:
        link.note(LinkFault.SECOND_QUESTION_MARK)
        query = query.replace("?", "&")
    if "utm" in fragment.lower() and "=" in fragment:
        link.note(LinkFault.AFTER_HASH)
        fragment, _mark, hidden = fragment.partition("?" if "?" in fragment else "&")
        if "=" in fragment:
            hidden = f"{fragment}&{hidden}"
            fragment = ""
        query = f"{query}&{hidden}".strip("&")
    link.address = address._replace(query="", fragment=fragment)
    for name, value in parse_qsl(query, keep_blank_values=True):
        _read_parameter(link, name, value)
    return link


def _split_address(text: str, link: CampaignLink) -> SplitResult | None:
    """Split an address; one without a scheme gets https. None if it has no host."""
    if not re.match(r"^[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
        link.note(LinkFault.NO_SCHEME)
        text = f"https://{text.removeprefix('//')}"
    try:
        address = urlsplit(text)
        host = address.hostname or ""
    except ValueError:
        return None
    is_web = address.scheme in ("http", "https") and "." in host and " " not in host
    if is_web:
        return address
    return None


def _read_parameter(link: CampaignLink, name: str, value: str) -> None:
    utm_name = _utm_name(name)
    if utm_name is None:
        link.others.append((name, value))
        return
    if name != utm_name:
        link.note(LinkFault.MISSPELT_NAME)
    if utm_name not in CHECKED_NAMES:
        link.words.setdefault(utm_name, value)
        return
    cleaned = _clean_value(link, value)
    if utm_name in link.words:
        link.note(LinkFault.TWICE)
        if link.words[utm_name]:
            return
    link.words[utm_name] = cleaned


def _utm_name(name: str) -> str | None:
    """Return the UTM parameter that a name is meant to be: "UTM-Source", "utmsource" and "umt_source" are one."""
    plain = name.strip().lower()
    if plain in UTM_NAMES:
        return plain
    match = _UTM_LIKE.match(plain)
    if match is None:
        return None
    last = match[1] or match[2]
    return next((utm_name for utm_name in UTM_NAMES if utm_name.removeprefix("utm_") == last), None)


def _clean_value(link: CampaignLink, value: str) -> str:
    if _ENCODED.search(value):
        link.note(LinkFault.ENCODED_TWICE)
        value = dict(parse_qsl(f"v={value}")).get("v", value)
    if value != value.lower():
        link.note(LinkFault.CAPITALS)
    if value.strip() != value or " " in value:
        link.note(LinkFault.SPACES)
    return "-".join(value.lower().split())


def slug_of(name: str) -> str:
    """Return a name as it is written in links: "Re-roof, Spring 25" is "re-roof-spring-25"."""
    return _NOT_IN_SLUG.sub("-", name.casefold()).strip("-")
