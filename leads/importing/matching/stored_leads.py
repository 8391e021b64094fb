"""Read the tenant's customers and leads that rows may match, one statement per table."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count

from crm.jobs.creation.same_job import JobIdentity
from crm.jobs.creation.same_place import JobPlace
from crm.jobs.models import Job, Note
from crm.kernel.normalization import name_key
from crm.people.lookup import people_reached_at
from crm.people.models import Claim, ContactPoint, Person, Property
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching.known_leads import KnownCustomer, KnownLead, checksums, note_lines
from leads.importing.matching.own_cells import OWN_PART
from leads.models import Lead

# What a match can add where there is nothing yet: the names of what a known lead has.
_JOB_COLUMNS = ("value", "source_id", "site_id", "company_id", "member_id", "stage_id", "next_step_kind")
_FACT_COLUMNS = ("title", "number", "state", "person_id", "pipeline_id", "currency", "ended_at", "place", "own_fields")
LEAD_COLUMNS = ("external_id", "campaign_id", "cost")
# Leads of matched customers that are read at most, the latest: a file may be about one customer alone.
MOST = 20_000


class StoredLeads:
    """The customers with given keys, and all their leads. `since`: the first lead created by this file, or 0."""

    def __init__(self, wanted: Iterable[str], *, since: int, ids: Iterable[int], with_kinds: bool) -> None:
        self.since = since
        by_kind: dict[str, set[str]] = {"id": set(), "email": set(), "phone": set(), "at": set(), "name": set()}
        for key in wanted:
            kind, _, value = key.partition(":")
            by_kind[kind].add(value)
        self.people = people_reached_at(by_kind["email"] | by_kind["phone"])
        jobs = _read_jobs(pk__in={*ids, *_lead_ids(by_kind["id"])})
        self.people |= {job["person_id"] for job in jobs.values() if job["person_id"]}
        self.people |= _living_at(by_kind["at"]) | _person_ids_named(by_kind["name"])
        self.jobs = _read_jobs(person_id__in=self.people) | jobs
        self.confirmed: set[str] = set()
        self.customers: dict[str, KnownCustomer] = {}
        # The own fields that customers ("p7") and properties ("s7") have.
        self.own_parts: dict[str, set[str]] = {}
        if self.people or self.jobs:
            self._read_all(with_kinds=with_kinds)

    def _read_all(self, *, with_kinds: bool) -> None:
        self._read_customers()
        sites = {job["site_id"] for job in self.jobs.values() if job["site_id"]}
        self.places = self._read_places(sites)
        self.claimed = set[int]()
        if sites:
            self.claimed = set(Claim.objects.filter(site_id__in=sites).values_list("site_id", flat=True))
        self.leads = {lead["pk"]: lead for lead in Lead.objects.filter(pk__in=self.jobs).values("pk", *LEAD_COLUMNS)}
        notes = Note.objects.filter(job_id__in=self.jobs)
        if self.jobs:
            self.noted = set(notes.values_list("job_id", flat=True))
        else:
            self.noted = set()
        if self.since and self.jobs:
            self.bodies = _note_bodies(notes.filter(job_id__gte=self.since))
        else:
            self.bodies = {}
        if with_kinds and self.jobs:
            self.kinds = _work_types_in_notes(notes)
        else:
            self.kinds = {}
        # The open and latest job of a customer first.
        for job in sorted(self.jobs.values(), key=lambda job: (job["state"] != "open", -job["pk"])):
            self._add_job(job)

    def _read_customers(self) -> None:
        points: dict[int, set[str]] = {}
        read = ContactPoint.objects.filter(person_id__in=self.people).order_by("pk")
        for person_id, kind, value, verified_at in read.values_list("person_id", "kind", "value", "verified_at"):
            points.setdefault(person_id, set()).add(f"{kind}:{value}")
            if verified_at:
                self.confirmed.add(f"{kind}:{value}")
        people = Person.objects.filter(pk__in=self.people).order_by("pk")
        for pk, name, own in people.values_list("pk", "name", "own_fields"):
            self.own_parts[f"p{pk}"] = {f"{OWN_PART}{key}" for key in own}
            self.customers[f"p{pk}"] = KnownCustomer(name, points.get(pk, set()), pk, ref=f"p{pk}")

    def _read_places(self, sites: set[int]) -> dict[int, JobPlace]:
        places = {}
        read = Property.objects.filter(pk__in=sites)
        if sites:
            for pk, own, *parts in read.values_list("pk", "own_fields", "street", "postcode", "city", "region"):
                places[pk] = JobPlace(*parts)
                self.own_parts[f"s{pk}"] = {f"{OWN_PART}{key}" for key in own}
        return places

    def _add_job(self, job: dict[str, Any]) -> None:
        customer = self.customers.get(f"p{job['person_id']}")
        if customer is None:
            # It has no customer: it is found by its id alone, and called by its title.
            customer = self.customers[f"j{job['pk']}"] = KnownCustomer(job["title"], set(), ref=f"j{job['pk']}")
        is_of_this_file = bool(self.since) and job["pk"] >= self.since
        facts = self._build_facts(job, customer)
        has = self._filled_parts(job) | ({"title"} if facts.title_key else set())
        lines = note_lines(self.bodies.get(job["pk"], ()))
        known_lead = KnownLead(customer, has, facts, job["pk"], job["number"], is_of_this_file, lines=lines)
        customer.jobs.append(known_lead)

    def _build_facts(self, job: dict[str, Any], customer: KnownCustomer) -> JobIdentity:
        title = name_key(job["title"])
        return JobIdentity(
            self.leads.get(job["pk"], {}).get("external_id") or "",
            self.places.get(job["site_id"]) or JobPlace(city=job["place"]),
            title if title != name_key(customer.name) else "",
            job["pipeline_id"],
            self.kinds.get(job["pk"], ""),
            (job["value"], job["currency"]) if job["value"] is not None else None,
            job["state"] == "open",
            None,
            job["ended_at"],
            checksums(_note_lines(self.bodies.get(job["pk"], ()))),
        )

    def _filled_parts(self, job: dict[str, Any]) -> set[str]:
        lead = self.leads.get(job["pk"], {})
        has = {column for column in _JOB_COLUMNS if job[column] not in (None, "")}
        has |= {column for column in LEAD_COLUMNS if lead.get(column) not in (None, "")}
        has |= {f"{OWN_PART}{key}" for key in job["own_fields"]}
        has |= self.own_parts.get(f"p{job['person_id']}", set()) | self.own_parts.get(f"s{job['site_id']}", set())
        has |= {"note"} if job["pk"] in self.noted else set()
        return has | ({"claim_number"} if job["site_id"] in self.claimed else set())


def _lead_ids(external_ids: set[str]) -> list[int]:
    if external_ids:
        return list(Lead.objects.filter(external_id__in=external_ids).values_list("pk", flat=True))
    return []


def _living_at(keys: set[str]) -> set[int]:
    """Find people with one of these names and a job at that address."""
    if not keys:
        return set()
    addresses = {key.partition("\t")[2] for key in keys}
    places = dict(Property.objects.filter(address_key__in=addresses).values_list("pk", "address_key"))
    if not places:
        return set()
    there = list(Job.objects.filter(site_id__in=places).values_list("person_id", "site_id"))
    names = dict(Person.objects.filter(pk__in={pk for pk, _site in there if pk}).values_list("pk", "name_key"))
    return {pk for pk, site in there if f"{names.get(pk)}\t{places[site]}" in keys}


def _person_ids_named(names: set[str]) -> set[int]:
    if not names:
        return set()
    return set(Person.objects.distinct_ones().filter(name_key__in=names).values_list("pk", flat=True))


def crowded_names(keys: Iterable[str], most: int) -> set[str]:
    """Return those of these keys ("name:ann lee") that too many people share."""
    names = {key.removeprefix("name:") for key in keys}
    counts = Person.objects.distinct_ones().filter(name_key__in=names).values_list("name_key").order_by()
    return {f"name:{name}" for name, count in counts.annotate(Count("pk")) if count > most}


def _read_jobs(**condition: Any) -> dict[int, dict[str, Any]]:
    (ids,) = condition.values()
    if not ids:
        return {}
    rows = Job.objects.filter(**condition).order_by("-pk").values("pk", *_FACT_COLUMNS, *_JOB_COLUMNS)
    return {row["pk"]: row for row in rows[:MOST]}


def _note_bodies(notes: Any) -> dict[int, list[str]]:
    bodies: dict[int, list[str]] = {}
    for job_id, body in notes.values_list("job_id", "body"):
        bodies.setdefault(job_id, []).append(body)
    return bodies


def _note_lines(bodies: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Iterate over the lines of imported notes: "Type de borne: 7,4 kW". The first line of each column counts."""
    lines = [line.partition(": ") for body in bodies for line in body.splitlines()]
    yield from reversed([(heading, text) for heading, colon, text in lines if colon])


def _work_types_in_notes(notes: Any) -> dict[int, str]:
    """Read from the notes the type of work in a file that matches no pipeline: a line of the note."""
    label = f"{LABELS[Field.PIPELINE]}: "
    lines = (
        (job_id, line)
        for job_id, body in notes.filter(body__contains=label).order_by("pk").values_list("job_id", "body")
        for line in body.splitlines()
    )
    return {job_id: name_key(line.removeprefix(label)) for job_id, line in lines if line.startswith(label)}
