"""The one search box: name, phone in any format, email, address, job number, claim number."""

import re
from typing import NamedTuple

from django.db import connection

from crm.people import normalise
from crm.platform import secrets
from crm.platform.configuration import directory
from crm.platform.models import Member, Role


class Hit(NamedTuple):
    """A job found, and by what: number, contact, claim, name, company or address."""

    job_id: int
    why: str


def search(text: str, *, by: Member, most: int = 50) -> list[Hit]:
    """The jobs a member may see that match what was typed, best first. One query; nothing for less than two letters."""
    text = " ".join(text.split())[:120]
    if len(text) < 2:
        return []
    term = normalise.name_key(text)
    words = sorted(term.split(), key=len, reverse=True)[:6]
    digits = re.sub(r"\D", "", text)
    looks_like_number = len(digits) >= 4 and len(digits) >= len(text.replace(" ", "")) / 2
    # A word with a dot, a line or a digit in it may be the beginning of an address.
    like_address = "@" in text or (" " not in text and len(text) >= 4 and re.search(r"[a-z].*[._\d]", text, re.I))
    contact = text.lower() if like_address else digits if looks_like_number else ""
    # Trigrams need three letters; shorter terms are found as the beginning of a name.
    asked = [
        words if words and len(words[0]) >= 3 else [],
        term,
        contact,
        _numbers(text) if looks_like_number else [],
        secrets.fingerprint(text),
        int(digits) if looks_like_number and len(digits) < 12 and text.lstrip("#").isdigit() else None,
        by.pk if by.role == Role.REP else None,
        most,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from search_jobs(%s::text[], %s, %s, %s::text[], %s, %s::bigint, %s::bigint, %s)", asked
        )
        return [Hit(*row) for row in cursor.fetchall()]


def _numbers(text: str) -> list[str]:
    """What the typed number may mean, by the regions of the tenant's brands."""
    regions = {brand.country for brand in directory().brands.values()}
    numbers = {normalise.phone(text, region) for region in sorted(regions)}
    return sorted(number for number in numbers if number)
