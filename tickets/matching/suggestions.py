"""Suggest jobs for a ticket: the person's, and those at an address or with a claim number it names."""

import re
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.normalization import name_key
from crm.people.models import Property
from crm.people.models.property import Claim
from crm.platform.models import Member
from crm.platform.tenancy import secrets
from tickets.models import Ticket

_MOST = 8
# So many of a ticket's last messages are read, and so much of each.
_MOST_MESSAGES = 5
_READ = 5_000
_MOST_STREETS = 10
_MOST_CLAIMS = 20
# "2207 bayshore", "herengracht 14": a number beside a word, in a folded text.
_STREETS = (re.compile(r"\b[0-9]{1,5}[a-z]? [a-z]{3,30}\b"), re.compile(r"\b[a-z]{4,30} [0-9]{1,5}[a-z]?\b"))
_CLAIM = re.compile(r"\b[A-Za-z0-9][A-Za-z0-9-]{4,30}\b")


class JobSuggestion(NamedTuple):
    """A suggested job, with the reason in words."""

    job: Job
    why: str


def job_suggestions(ticket: Ticket, member: Member) -> list[JobSuggestion]:
    """Return suggested jobs the member may see, best first, without repeats."""
    text = _ticket_text(ticket)
    seen = Job.objects.visible_to(member).exclude(pk=ticket.job_id or 0).select_related("site")
    suggestions = [
        *_suggest_jobs(seen.filter(site__in=_sites_of_claims(text)), _("The message mentions its claim number.")),
        *_suggest_jobs(seen.filter(site__in=_sites_named(text)), _("The message mentions its address.")),
        *_suggest_jobs(seen.filter(person_id=ticket.person_id or 0), _("Same customer.")),
    ]
    jobs = {one.job.pk: one for one in reversed(suggestions)}
    ordered = [one for one in suggestions if jobs[one.job.pk] is one]
    return sorted(ordered, key=lambda one: not one.job.is_open)[:_MOST]


def _suggest_jobs(jobs: Any, why: str) -> list[JobSuggestion]:
    return [JobSuggestion(job, why) for job in jobs.order_by("-came_in_at", "-pk")[:_MOST]]


def _ticket_text(ticket: Ticket) -> str:
    """Return the text of its subject and last messages."""
    entries = ticket.entries.filter(message__direction="in").order_by("-at", "-pk")
    last = entries.values_list("message__subject", "message__text")[:_MOST_MESSAGES]
    return "\n".join([ticket.subject, *(f"{subject} {text[:_READ]}" for subject, text in last)])


def _sites_named(text: str) -> list[int]:
    """Return the properties whose street and number occur in a text."""
    folded = name_key(text)
    pairs = [match[0] for street in _STREETS for match in islice(street.finditer(folded), _MOST_STREETS)]
    named = Q()
    for pair in pairs:
        named |= Q(address_key__startswith=pair)
    if pairs:
        return list(Property.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:_MOST])
    return []


def _sites_of_claims(text: str) -> list[int]:
    """Return the properties of claims whose number occurs in a text, compared by keyed hash."""
    words = dict.fromkeys(match[0] for match in _CLAIM.finditer(text[:_READ]) if any(map(str.isdigit, match[0])))
    hashes = [secrets.number_fingerprint(word) for word in islice(words, _MOST_CLAIMS)]
    if hashes:
        return list(Claim.objects.filter(number_hash__in=hashes).values_list("site_id", flat=True))
    return []
