"""Search jobs by name, phone in any format, email, address, job number or claim number."""

import re
from typing import Any, NamedTuple

from django.db import connection

from crm.jobs.models.queryset import Candidates
from crm.jobs.models.visibility import limited_to
from crm.kernel import normalization
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy import secrets

# Of each way in which something can be meant so many are looked through; of many a rep may see few.
FEW = 200
FEW_FOR_A_REP = 1000
# A letter, and a dot, a line or a digit somewhere behind it.
_LETTER_AND_MARK = re.compile(r"[^a-z]*+[a-z].*[._\d]", re.IGNORECASE)


class SearchHit(NamedTuple):
    """A job found, and the kind of match: number, contact, claim, name, company or address."""

    job_id: int
    why: str


def search(text: str, *, by: Member, most: int = 50) -> list[SearchHit]:
    """Find the visible jobs that match the text, best first. One query; nothing for less than two letters."""
    search_text = _Asked.of(text, by)
    if search_text is None:
        return []
    viewer = limited_to(by)
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from search_jobs(%s::text[], %s, %s, %s::text[], %s, %s, %s::bigint, %s::bigint, %s)",
            [*search_text.values, search_text.number, viewer, most],
        )
        return [SearchHit(*row) for row in cursor.fetchall()]


def candidates(text: str, *, by: Member) -> Candidates:
    """Find people, companies and sites that match the text, for a list with further filters and another order."""
    search_text = _Asked.of(text, by)
    if search_text is None:
        return Candidates()
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [*search_text.values, search_text.few])
        people, companies, sites, is_cut = cursor.fetchone()
    return Candidates(people or [], companies or [], sites or [], is_cut, search_text.number)


_CANDIDATES = """
with found as materialized (select * from search_candidates(%s::text[], %s, %s, %s::text[], %s, %s::integer))
select (select array_agg(person_id) from found where person_id is not null),
       (select array_agg(company_id) from found where company_id is not null),
       (select array_agg(site_id) from found where site_id is not null),
       exists (select from found group by why, rank having count(*) >= %s::integer)
"""


class _Asked(NamedTuple):
    """The typed text as arguments of the database's search functions."""

    words: list[str]
    term: str
    contact: str
    phones: list[str]
    claim_hash: str
    few: int
    number: int | None

    @property
    def values(self) -> list[Any]:
        return list(self[:-1])

    @classmethod
    def of(cls, text: str, by: Member) -> "_Asked | None":
        """Parse the text; None for less than two letters."""
        text = " ".join(text.split())[:120]
        if len(text) < 2:
            return None
        term = normalization.name_key(text)
        words = sorted(term.split(), key=len, reverse=True)[:6]
        digits = re.sub(r"\D", "", text)
        looks_like_number = len(digits) >= 4 and len(digits) >= len(text.replace(" ", "")) / 2
        # A word with a dot, a line or a digit in it may be the beginning of an address.
        like_address = "@" in text or (" " not in text and len(text) >= 4 and _LETTER_AND_MARK.match(text))
        contact = ""
        if like_address:
            contact = text.lower()
        elif looks_like_number:
            contact = digits
        return cls(
            # Trigrams need three letters; shorter terms are found as the beginning of a name.
            words=words if words and len(words[0]) >= 3 else [],
            term=term,
            contact=contact,
            phones=_phone_numbers(text) if looks_like_number else [],
            claim_hash=secrets.number_fingerprint(text),
            few=FEW if limited_to(by) is None else FEW_FOR_A_REP,
            number=read_number(text.lstrip("#")) if looks_like_number else None,
        )


def _phone_numbers(text: str) -> list[str]:
    """List the phone numbers the text may denote, by the regions of the tenant's brands."""
    regions = {brand.country for brand in directory().brands.values()}
    numbers = {normalization.normalize_phone(text, region) for region in sorted(regions)}
    return sorted(number for number in numbers if number)
