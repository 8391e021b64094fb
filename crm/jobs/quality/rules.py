"""The data quality rules of open leads: which facts must be present and correct. No database here.

Each rule names one flaw, in words, and the field by which it is fixed. The goal is 98 % (docs/rules.md#defaults).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# S1: "98% customer data accuracy".
GOAL = 98


@dataclass(frozen=True)
class LeadFacts:
    """The facts of one lead that rules check. `phase`: the position of its phase, from 0; -1 without status."""

    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    has_place: bool = False
    source: bool = False
    value: int | None = None
    phase: int = -1
    owner_left: bool = False


@dataclass(frozen=True)
class QualityRule:
    """A possible flaw. `fix`: the name of the form part that corrects it."""

    key: str
    label: str | Promise
    fix: str
    is_flawed: Callable[[LeadFacts], bool]
    # Whether something is missing, else it is there and wrong.
    missing: bool = True


NOBODY = {"", "unknown", "test", "tests", "testing", "na", "n a", "none", "no name", "anonymous", "customer", "lead"}
NOBODY |= {"onbekend", "geen", "klant", "geen naam", "nvt", "n v t", "anoniem", "x", "xx", "xxx", "asdf"}
MISTYPED = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "gnail.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.co": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "hotnail.com": "hotmail.com",
    "yaho.com": "yahoo.com",
    "yahoo.con": "yahoo.com",
    "yahooo.com": "yahoo.com",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "icloud.con": "icloud.com",
    "icloud.co": "icloud.com",
    "hotmal.nl": "hotmail.nl",
    "ziggo.n": "ziggo.nl",
    "kpnmail.n": "kpnmail.nl",
}
POSTCODES = {
    "US": re.compile(r"\d{5}(-?\d{4})?"),
    "NL": re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}"),
    "BE": re.compile(r"[1-9]\d{3}"),
    "DE": re.compile(r"\d{5}"),
    "FR": re.compile(r"\d{5}"),
    "GB": re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"),
    "CA": re.compile(r"[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"),
    "AU": re.compile(r"\d{4}"),
}


def suggest_email(email: str) -> str:
    """Return the corrected address if its domain is a known typo; else ""."""
    mailbox, _at, domain = email.rpartition("@")
    if domain in MISTYPED:
        return f"{mailbox}@{MISTYPED[domain]}"
    return ""


def _is_nobody(facts: LeadFacts) -> bool:
    words = re.sub(r"[^\w@]+", " ", facts.name.lower()).strip()
    return words in NOBODY or "@" in words or not re.search(r"[^\W\d_]", words)


def _is_odd_postcode(facts: LeadFacts) -> bool:
    shape = POSTCODES.get(facts.country)
    return bool(facts.postcode and shape and not shape.fullmatch(facts.postcode.strip()))


RULES = {
    rule.key: rule
    for rule in (
        QualityRule(
            "unreachable", _("No phone number and no email address"), "reach", lambda f: not (f.phones or f.emails)
        ),
        QualityRule("nameless", _("No real name"), "name", _is_nobody),
        QualityRule(
            "mistyped",
            _("A mistyped email address"),
            "email",
            lambda f: any(map(suggest_email, f.emails)),
            missing=False,
        ),
        # A first call may come before the address; whoever inspects needs one.
        QualityRule("placeless", _("No address"), "place", lambda f: not f.has_place and f.phase >= 1),
        QualityRule("odd_postcode", _("A postcode that cannot be right"), "place", _is_odd_postcode, missing=False),
        QualityRule("sourceless", _("No source"), "source", lambda f: not f.source),
        # From the phase behind the first two on there is something to pay for.
        QualityRule(
            "valueless", _("No value, though it is past the visit"), "value", lambda f: not f.value and f.phase >= 2
        ),
        QualityRule("orphaned", _("Its owner has left"), "owner", lambda f: f.owner_left, missing=False),
    )
}


def flaws(facts: LeadFacts) -> list[QualityRule]:
    """List the flaws of a lead, most severe first."""
    return [rule for rule in RULES.values() if rule.is_flawed(facts)]
