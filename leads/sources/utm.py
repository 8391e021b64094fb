"""Attribution of a visit: UTM words, referrer, landing page, click id and consent."""

from collections.abc import Mapping
from dataclasses import dataclass

# The parameters ad services add to an address, and what each is called here.
CLICKS = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "fbclid": "meta",
    "msclkid": "microsoft",
    "ttclid": "tiktok",
    "li_fat_id": "linkedin",
}
_LONGEST = {"term": 200, "content": 200, "referrer": 500, "landing_page": 500, "click_id": 300}


@dataclass(frozen=True)
class UtmFields:
    """The UTM words of one visit, unchanged; `attribution.attribute` cleans and stores them."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    referrer: str = ""
    landing_page: str = ""
    click_id: str = ""
    click_kind: str = ""
    # What was agreed to, word for word, and which version of it.
    consent: str = ""
    consent_version: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], **beside: str) -> "UtmFields":
        """Read the UTM parameters of a query string or form; `beside` sets other fields."""
        words = {name: given.get(f"utm_{name}", "") for name in ("source", "medium", "campaign", "term", "content")}
        words |= {name: given.get(name, "") for name in ("referrer", "landing_page")}
        click = next((name for name in CLICKS if given.get(name)), "")
        if click:
            words |= {"click_id": given[click], "click_kind": CLICKS[click]}
        return cls(**words | beside)

    @property
    def is_said(self) -> bool:
        """True if it has a source or a campaign."""
        return bool(word(self.source) or word(self.campaign))

    def columns(self) -> dict[str, str]:
        """Return the columns of a Touch, cut to their lengths; words used for look-ups are in lower case."""
        plain = {name: clean(getattr(self, name), length) for name, length in _LONGEST.items()}
        return plain | {
            "utm_source": word(self.source),
            "utm_campaign": word(self.campaign),
            "medium": word(self.medium),
            "click_kind": clean(self.click_kind, 16),
            "consent": clean(self.consent, 4000),
            "consent_version": clean(self.consent_version, 40),
        }


def clean(text: str, longest: int) -> str:
    """Return a text on one line, without characters that the database refuses, cut to its maximum length."""
    return " ".join(text[: longest * 2].replace("\0", "").split())[:longest]


def word(text: str) -> str:
    """Normalise a word for rule look-up: "Spring+Roofs " and "spring roofs" are equal."""
    return clean(text.replace("+", " "), 120).lower()


def letters(text: str) -> str:
    """Return only the letters and digits of a name: "re-roof_tampa" and "Re-roof Tampa" are equal."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
