"""Open a lead by hand: customer, place and pipeline.

A household may share an address or number; one that somebody has confirmed stays theirs alone, and they are named
to who may see them. One that identifies nobody (crm/people/identity) is kept in a note that says why. Nobody opens a
lead for a customer who is hidden from them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.jobs.assignment.engine import assign
from crm.jobs.assignment.wake import drain_soon
from crm.jobs.creation.job_creation import BY_HAND, open_job
from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job, JobParty, Note, Pipeline, Source, Stage
from crm.kernel.normalization import PhoneNumber
from crm.people.lookup import (
    WrittenAddress,
    current_people,
    find_or_create_property,
    lock_contact_values,
    points_of_nobody,
)
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand, Member
from leads.assignment import KIND
from leads.models import Lead
from leads.sources.funnel import reached_columns


class TakenMeanwhile(Exception):
    """A customer the member was not shown has this contact point now, or the chosen one is a colleague's."""


@dataclass(frozen=True)
class NewLead:
    """A new lead as read from the form and checked. `value` in minor units of the brand's currency."""

    form: UUID
    name: str
    brand: Brand
    pipeline: Pipeline
    phone: PhoneNumber | None = None
    email: str = ""
    address: WrittenAddress | None = None
    stage: Stage | None = None
    source: Source | None = None
    member: Member | None = None
    value: int | None = None
    note: str = ""
    # What it has in the tenant's own fields, by their keys.
    own_fields: Mapping[str, str] = field(default_factory=dict)
    # Ids of people with its address or number who were shown to the opener.
    seen: frozenset[int] = frozenset()

    def points(self) -> Iterator[tuple[str, str, str]]:
        """(kind, normalised value, note) of each contact point."""
        if self.phone:
            extension = ""
            if self.phone.extension:
                extension = f"ext. {self.phone.extension}"[:80]
            yield "phone", self.phone.e164, extension
        if self.email:
            yield "email", self.email, ""


def opened_by(form: UUID) -> Job | None:
    """Return the job that a form has already opened."""
    job: Job | None = Job.objects.filter(pk__in=Lead.objects.filter(form=form).values("pk")).first()
    return job


def open_lead(new: NewLead, *, by: Member | None, person: Person | None = None, cause: str = BY_HAND) -> Job:
    """Open a lead for a known or a new person. Submitting the same form again returns the same lead.

    `by`: nobody for what came in by itself; `cause`: then by what. Raises TakenMeanwhile if a customer the opener was
    not shown has the same address or number by now, or if the known person is hidden from who enters it by hand.
    """
    try:
        with transaction.atomic():
            return opened_by(new.form) or _open_locked(new, by, person, cause)
    except IntegrityError:
        # A double click without address or number, where nothing had to be waited for.
        if job := opened_by(new.form):
            return job
        raise


def _open_locked(new: NewLead, by: Member | None, known: Person | None, cause: str) -> Job:
    values = sorted(value for _kind, value, _note in new.points())
    # Whoever opens a lead with one of these waits for the other, and then sees what the other wrote.
    lock_contact_values(values)
    if job := opened_by(new.form):
        return job
    known = known and Person.objects.get(pk=current_people([known.pk])[known.pk])
    if known and by and cause == BY_HAND and hidden_people([known.pk], by):
        raise TakenMeanwhile
    points = list(new.points())
    nobodys = points_of_nobody([(kind, value) for kind, value, _note in points], name=known.name if known else new.name)
    there = list(ContactPoint.objects.reached_at(*(value for value in values if value not in nobodys)))
    if {point.person_id for point in there} - new.seen - {known.pk if known else None}:
        raise TakenMeanwhile
    person = known or Person.objects.create(name=new.name)
    had = {point.value for point in there if point.person_id == person.pk}
    owned = {point.value: point.person_id for point in there if point.verified_at and point.value not in had}
    for kind, value, note in points:
        if value not in owned and value not in had and value not in nobodys:
            ContactPoint.objects.create(person=person, kind=kind, value=value, note=note)
    job = open_job(
        title=new.name or person.name,
        by=by,
        person=person,
        company=person.company,
        site=find_or_create_property(new.address) if new.address else None,
        brand=new.brand,
        pipeline=new.pipeline,
        stage=new.stage,
        member=new.member,
        source=new.source,
        value=new.value,
        own_fields=new.own_fields,
        cause=cause,
    )
    Lead.objects.create(job=job, rep=new.member, form=new.form, **reached_columns(job.stage_id, job.entered_at))
    if new.note:
        Note.objects.create(job=job, author=by, body=new.note)
    for value, why in nobodys.items():
        Note.objects.create(job=job, author=by, body=f"{value}: {why.sentence}")
    _name_owners(job, owned, by)
    if new.member is None and cause != BY_HAND:
        # Many may come at once: they are given out together.
        drain_soon(KIND)
    elif new.member is None:
        # Last: until the commit nobody else chooses among the reps. Without a rule of leads it stays unclaimed.
        assign(KIND, job)
    return job


def _name_owners(job: Job, owned: dict[str, int], by: Member | None) -> None:
    """Link customers with the same confirmed contact point, and note it on the lead; hidden ones without name.

    Of what came in by itself all are hidden: nobody knows yet whose lead it will be.
    """
    if by:
        hidden = hidden_people(set(owned.values()), by)
    else:
        hidden = set(owned.values())
    for owner in Person.objects.filter(pk__in=set(owned.values())).order_by("pk"):
        values = ", ".join(sorted(value for value, pk in owned.items() if pk == owner.pk))
        if owner.pk in hidden:
            body = _("Gave %(point)s, which belongs to a colleague’s customer.") % {"point": values}
        else:
            JobParty.objects.create(job=job, person=owner, role=JobParty.PartyRole.OTHER)
            body = _("Gave %(point)s, which belongs to %(name)s.") % {"point": values, "name": owner.name}
        Note.objects.create(job=job, author=by, body=body)
