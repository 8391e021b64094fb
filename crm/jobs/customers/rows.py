"""Rows of the customer list, loaded for a whole page with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm.jobs.fields.setup import find_own_field, value_of
from crm.jobs.fields.values import value_words
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import Company, ContactPoint, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url


@dataclass(frozen=True)
class CustomerRow:
    """One customer as the list shows them."""

    person: Person
    url: str
    company: str
    phone: str
    email: str
    open_jobs: int
    jobs: int
    owners: str
    touched: str
    waits: bool
    # The values in the chosen columns.
    more: tuple[str, ...] = ()


def rows_of(
    people: Sequence[Person], member: Member, reader: Reader, slug: str, columns: Sequence[str] = ()
) -> list[CustomerRow]:
    """Build the rows of these people, with those of their jobs the member sees. Three queries.

    `columns`: the keys of the custom fields to show.
    """
    fields = [field for key in columns if (field := find_own_field(Person, key))]
    firms = Company.objects.in_bulk({person.company_id for person in people if person.company_id})
    points: dict[int, dict[str, str]] = defaultdict(dict)
    for point in ContactPoint.objects.filter(person__in=people).order_by("-verified_at", "-pk"):
        points[point.person_id][point.kind] = point.value
    jobs: dict[int, list[Job]] = defaultdict(list)
    columns = ("tenant_id", "person_id", "member_id", "state", "touched_at", "waiting_since")
    for job in Job.objects.visible_to(member).filter(person__in=people).order_by("pk").only(*columns):
        jobs[job.person_id].append(job)
    rows = [
        _customer_row(person, jobs[person.pk], points[person.pk], firms.get(person.company_id), reader, slug)
        for person in people
    ]
    return [
        replace(row, more=tuple(value_words(field, value_of(row.person, field), reader) or "–" for field in fields))
        for row in rows
    ]


def _customer_row(
    person: Person, jobs: list[Job], points: dict[str, str], firm: Company | None, reader: Reader, slug: str
) -> CustomerRow:
    live = [job for job in jobs if job.is_open]
    members = directory().members
    owners = dict.fromkeys(members[job.member_id].name for job in live if job.member_id)
    touched = max((job.touched_at for job in jobs if job.touched_at), default=None)
    phone = points.get(ContactPoint.PointKind.PHONE, "")
    return CustomerRow(
        person=person,
        url=record_url(person, slug),
        company=firm.name if firm else "",
        phone=formats.phone(phone, reader.country) if phone else "",
        email=points.get(ContactPoint.PointKind.EMAIL, ""),
        open_jobs=len(live),
        jobs=len(jobs),
        owners=", ".join(owners),
        touched=reader.day(touched) if touched else "–",
        waits=any(job.waiting_since for job in live),
    )
