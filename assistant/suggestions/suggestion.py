"""Suggestion: what could be done about a record, with its evidence and the form it opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from assistant.models.suggestion_answer import SuggestionTopic
from assistant.sources.record_texts import RecordTexts, read_texts
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.models import FollowUp

SATURDAY = 5
PLAN = "followups.work"


class SuggestionEvidence(NamedTuple):
    """A fact of the record, and where it can be read; blank without a page."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A suggestion. `key`: the state it rests on; `starters`: sentences to begin a conversation with."""

    kind: str
    key: str
    topic: SuggestionTopic
    sentence: str
    evidence: list[SuggestionEvidence]
    accept_label: str
    accept_url: str
    starters: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SuggestionSubject:
    """The record that suggestions are sought for, as a member sees it; what finders share is read once."""

    record: Any
    member: Member
    reader: Reader
    slug: str

    @property
    def now(self) -> datetime:
        return self.reader.now

    @property
    def job(self) -> Job | None:
        """The lead on show; None on the page of a customer."""
        return self.record if isinstance(self.record, Job) else None

    @cached_property
    def person(self) -> Person | None:
        if isinstance(self.record, Person):
            return self.record
        return self.record.person if self.record.person_id else None

    @cached_property
    def texts(self) -> RecordTexts:
        """The newest messages and notes that the member may read."""
        return read_texts(self.record, self.member, self.slug)

    @cached_property
    def open_follow_ups(self) -> list[FollowUp]:
        """The open follow-ups of the lead, those without a date last."""
        if self.job is None:
            return []
        return list(FollowUp.objects.open().filter(job=self.job).by_time()[:20])

    def may(self, permission: str) -> bool:
        return allows(self.member, permission)

    def plan_url(self, fields: Mapping[str, str]) -> str:
        """Return the address of the form of a follow-up, filled in."""
        about: dict[str, str] = {}
        if self.job:
            about = {"job": str(self.job.number)}
        elif self.person:
            about = {"person": str(self.person.uid)}
        return f"{reverse('followups:plan', args=[self.slug])}?{urlencode(about | dict(fields))}"

    def next_workday(self) -> str:
        """Return the next day from Monday to Friday, for the form of a follow-up."""
        day = self.reader.today + timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return day.isoformat()
