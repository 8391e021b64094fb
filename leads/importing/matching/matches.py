"""Match rows with known leads: by their id elsewhere, e-mail address, phone number, or name and address.

A batch of rows is matched by a handful of statements; rows of one file are matched with each other the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from crm.jobs.models import Job, Note
from crm.kernel.normalization import name_key
from crm.people.lookup import people_reached_at
from crm.people.models import Claim, ContactPoint, Person, Property
from leads.importing.matching.draft import Draft
from leads.models import Lead

# What a match can add where there is nothing yet: the names of what a known lead has.
_JOB_COLUMNS = ("value", "source_id", "site_id", "company_id", "member_id", "stage_id", "next_step_kind", "title")
LEAD_COLUMNS = ("external_id", "campaign", "cost")


@dataclass(slots=True)
class Known:
    """A lead already there, or to be made from an earlier row: who it is, and what it has."""

    keys: set[str]
    name: str
    has: set[str]
    job_id: int | None = None
    number: int | None = None
    person_id: int | None = None
    pipeline_id: int | None = None
    is_open: bool = True
    # The row it is made of, while it is not written yet.
    draft: Draft | None = None
    row: int | None = None
    # What is there not yet, and the row that has it.
    gains: dict[str, Draft] = field(default_factory=dict)
    # Points to be added, in the order they came.
    points: list[str] = field(default_factory=list)
    # Once it is written: ids of what was made with it alone, and what was written of its gains.
    made: dict[str, int] = field(default_factory=dict)
    wrote: dict[str, Any] = field(default_factory=dict)

    @property
    def drafts(self) -> list[Draft]:
        """The rows it is made from, or gains from."""
        return [*([self.draft] if self.draft else []), *self.gains.values()]


class Memory(Protocol):
    """Where a dry run keeps the leads it would have made."""

    def recall(self, keys: Sequence[str]) -> list[Known]: ...

    def remember(self, known: Iterable[Known]) -> None: ...


def keys_of(draft: Draft) -> Iterator[str]:
    """List the keys a row can be recognised by, the most certain first."""
    if draft.external_id:
        yield f"id:{draft.external_id}"
    yield from (f"email:{address}" for address in draft.emails)
    yield from (f"phone:{phone.e164}" for phone in draft.phones)
    if who := name_key(draft.name or draft.company):
        if place := draft.address_key:
            yield f"at:{who}\t{place}"
        elif not draft.emails and not draft.phones:
            # Nothing else tells who is meant; so it is whoever is called that already.
            yield f"name:{who}"


class Index:
    """The leads known for a batch of rows, by every key."""

    def __init__(self, drafts: Sequence[Draft], memory: Memory | None) -> None:
        self.by_key: dict[str, Known] = {}
        wanted = {key for draft in drafts for key in keys_of(draft)}
        for known in [*(memory.recall(sorted(wanted)) if memory else []), *_stored(wanted)]:
            self.add(known)

    def add(self, known: Known) -> None:
        """Add a lead under its keys. What a dry run keeps of it came first, and stays."""
        for key in known.keys:
            self.by_key.setdefault(key, known)

    def find(self, draft: Draft) -> tuple[Known, str] | None:
        """Find the lead a row is about, and the key that matched."""
        for key in keys_of(draft):
            if known := self.by_key.get(key):
                return known, key
        return None


def _stored(wanted: set[str]) -> list[Known]:
    """Read the tenant's leads with these keys, each once, with all that a row could add to."""
    by_kind: dict[str, set[str]] = {"id": set(), "email": set(), "phone": set(), "at": set(), "name": set()}
    for key in wanted:
        kind, _, value = key.partition(":")
        by_kind[kind].add(value)
    people = people_reached_at(by_kind["email"] | by_kind["phone"])
    jobs: dict[int, dict[str, Any]] = {}
    for found in (
        _jobs(pk__in=_lead_ids(by_kind["id"])),
        _jobs(person_id__in=people),
        _jobs(site_id__in=_places(by_kind["at"])),
        _jobs(person_id__in=_called(by_kind["name"])),
    ):
        jobs.update(found)
    return _Stored(jobs, people).known()


def _lead_ids(external_ids: set[str]) -> list[int]:
    return list(Lead.objects.filter(external_id__in=external_ids).values_list("pk", flat=True)) if external_ids else []


def _places(keys: set[str]) -> list[int]:
    addresses = {key.partition("\t")[2] for key in keys}
    return list(Property.objects.filter(address_key__in=addresses).values_list("pk", flat=True)) if addresses else []


def _called(names: set[str]) -> list[int]:
    if not names:
        return []
    return list(Person.objects.distinct_ones().filter(name_key__in=names).values_list("pk", flat=True))


def _jobs(**condition: Any) -> dict[int, dict[str, Any]]:
    (ids,) = condition.values()
    if not ids:
        return {}
    columns = ("pk", "number", "state", "person_id", "pipeline_id", *_JOB_COLUMNS)
    return {row["pk"]: row for row in Job.objects.filter(**condition).values(*columns)}


class _Stored:
    """Reader of some jobs and people, one statement per table."""

    def __init__(self, jobs: dict[int, dict[str, Any]], people: set[int]) -> None:
        self.jobs = jobs
        self.people = people | {job["person_id"] for job in jobs.values() if job["person_id"]}
        self.names = dict(Person.objects.filter(pk__in=self.people).values_list("pk", "name"))
        self.points: dict[int, set[str]] = {}
        points = ContactPoint.objects.filter(person_id__in=self.people)
        for person_id, kind, value in points.values_list("person_id", "kind", "value"):
            self.points.setdefault(person_id, set()).add(f"{kind}:{value}")
        sites = {job["site_id"] for job in jobs.values() if job["site_id"]}
        self.places = dict(Property.objects.filter(pk__in=sites).values_list("pk", "address_key")) if sites else {}
        self.claimed = set(Claim.objects.filter(site_id__in=sites).values_list("site_id", flat=True)) if sites else ()
        self.leads = {lead["pk"]: lead for lead in Lead.objects.filter(pk__in=jobs).values("pk", *LEAD_COLUMNS)}
        self.noted = set(Note.objects.filter(job_id__in=jobs).values_list("job_id", flat=True)) if jobs else ()

    def known(self) -> list[Known]:
        """List known leads, the open and latest job of a person first; people without a job last."""
        jobs = sorted(self.jobs.values(), key=lambda job: (job["state"] != "open", -job["pk"]))
        idle = sorted(self.people - {job["person_id"] for job in jobs})
        return [self._of_job(job) for job in jobs] + [
            Known(self.points.get(pk, set()), self.names[pk], set(), person_id=pk) for pk in idle
        ]

    def _of_job(self, job: dict[str, Any]) -> Known:
        name = self.names.get(job["person_id"], job["title"])
        keys = {*self.points.get(job["person_id"], ()), f"name:{name_key(name)}"}
        if site := job["site_id"]:
            keys.add(f"at:{name_key(name)}\t{self.places.get(site, '')}")
        if external_id := self.leads.get(job["pk"], {}).get("external_id"):
            keys.add(f"id:{external_id}")
        return Known(
            keys,
            name,
            self._has(job),
            job["pk"],
            job["number"],
            job["person_id"],
            job["pipeline_id"],
            is_open=job["state"] == "open",
        )

    def _has(self, job: dict[str, Any]) -> set[str]:
        lead = self.leads.get(job["pk"], {})
        has = {column for column in _JOB_COLUMNS if job[column] not in (None, "")}
        has |= {column for column in LEAD_COLUMNS if lead.get(column) not in (None, "")}
        has |= {"note"} if job["pk"] in self.noted else set()
        return has | ({"claim_number"} if job["site_id"] in self.claimed else set())
