"""Known customers and their leads, stored or made from earlier rows, to match rows with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from crm.jobs.creation.same_job import JobIdentity
from crm.jobs.models import JobState
from crm.kernel.normalization import name_key
from leads.importing.matching.draft import LeadDraft

_NO_CENTS = re.compile(r"[.,]00?$")


@dataclass(slots=True, eq=False)
class KnownCustomer:
    """A customer: contact points (as "email:…" and "phone:…"), and leads."""

    name: str
    points: set[str]
    person_id: int | None = None
    # Points to be added, with what is noted with each.
    added: dict[str, str] = field(default_factory=dict)
    jobs: list["KnownLead"] = field(default_factory=list)
    # What a dry run's memory calls the customer.
    ref: str = ""


@dataclass(slots=True, eq=False)
class KnownLead:
    """A lead: its customer, its values, and what distinguishes it from the customer's other leads."""

    customer: KnownCustomer
    has: set[str]
    facts: JobIdentity
    job_id: int | None = None
    number: int | None = None
    # Whether it is made of a row of the file at hand; of which, and its draft while it is not written yet.
    is_of_this_file: bool = False
    row: int | None = None
    draft: LeadDraft | None = None
    # What stands in its notes, as checksums of lines; of leads of the file at hand alone.
    lines: set[int] = field(default_factory=set)
    # How that row was understood, to show it beside another; kept by a check alone.
    shown: list[list[str]] = field(default_factory=list)
    # What is there not yet, and the row that has it.
    gains: dict[str, LeadDraft] = field(default_factory=dict)
    # Once it is written: ids of what was made with it alone, and what was written of its gains.
    made: dict[str, int] = field(default_factory=dict)
    wrote: dict[str, Any] = field(default_factory=dict)
    # What a dry run's memory calls it.
    ref: int = 0

    @property
    def name(self) -> str:
        return self.customer.name

    @property
    def drafts(self) -> list[LeadDraft]:
        """The drafts of rows that create or add to it."""
        return [*([self.draft] if self.draft else []), *self.gains.values()]

    @property
    def keys(self) -> Iterator[str]:
        """The keys that it and its customer are found by."""
        who = name_key(self.name)
        yield from self.customer.points
        yield f"name:{who}"
        if self.facts.external_id:
            yield f"id:{self.facts.external_id}"
        if place := self.facts.place.key:
            yield f"at:{who}\t{place}"


def checksums(told: Iterable[tuple[str, str]]) -> dict[int, int]:
    """Return the values of unmapped columns as checksums of column name and folded words."""
    return {crc32(heading.encode("utf-8", "replace")): crc32(_fold_text(text).encode()) for heading, text in told}


def _fold_text(text: str) -> str:
    """Fold words, or normalise a number: "8100.00" and 8,100 are equal."""
    if any(map(str.isalpha, text)):
        return name_key(text)
    return "".join(filter(str.isdecimal, _NO_CENTS.sub("", text.strip())))


def note_lines(notes: Iterable[str]) -> set[int]:
    """Return a checksum of each line of some notes, for comparison and for a dry run's memory."""
    return {crc32(line.encode("utf-8", "replace")) for text in notes for line in text.splitlines() if line.strip()}


def new_notes(draft: LeadDraft, known: KnownLead) -> list[str]:
    """List the notes of a row that its lead, created by the same file, lacks, so that no row's text is lost."""
    if not known.is_of_this_file:
        return []
    return [text for text in draft.notes if not note_lines([text]) <= known.lines]


def points_of(draft: LeadDraft) -> dict[str, str]:
    """Return a row's contact points as keys, each with its note."""
    points = {f"email:{address}": draft.note_on(address) for address in draft.emails}
    return points | {f"phone:{phone.e164}": draft.note_on(phone.e164, phone.extension) for phone in draft.phones}


def said_in(draft: LeadDraft) -> JobIdentity:
    """Return the values of a row that distinguish its job from the customer's others."""
    title = name_key(draft.title)
    return JobIdentity(
        draft.external_id,
        draft.place,
        title if title != name_key(draft.called) else "",
        draft.pipeline_id if draft.says_pipeline else None,
        name_key(draft.kind),
        (draft.value, draft.value_currency or draft.currency) if draft.value is not None else None,
        draft.state == JobState.OPEN,
        draft.came_in_at,
        draft.ended_at,
        checksums(draft.told.items()),
    )


def made_of(draft: LeadDraft, customer: KnownCustomer, has: set[str]) -> KnownLead:
    """Return the lead a row will create; it has a pipeline even if the row names none."""
    facts = said_in(draft)
    facts.pipeline_id = draft.pipeline_id
    lines = note_lines(draft.notes)
    known_lead = KnownLead(customer, has, facts, is_of_this_file=True, row=draft.row, draft=draft, lines=lines)
    customer.jobs.append(known_lead)
    return known_lead
