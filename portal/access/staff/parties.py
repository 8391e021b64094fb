"""People of a job besides the customer: found by name and address among those the member sees, else created."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job, JobParty
from crm.kernel.normalization import normalize_email, normalize_phone, one_line
from crm.kernel.refusal import Refused
from crm.people.identity.names import names_agree
from crm.people.models import ContactPoint, Person
from crm.platform.models import Member


def jobs_of(person: Person, member: Member) -> Any:
    """Return the jobs in which a person has a role and that the member may see."""
    parties = JobParty.objects.filter(person=person).order_by().values("job_id")
    return Job.objects.visible_to(member).filter(Q(person=person) | Q(pk__in=parties)).select_related("brand")


def find_or_create(name: str, reach: str, job: Job, *, by: Member | None) -> Person:
    """Return the person with this name and contact point; create one if the member sees none.

    Raises Refused without a name, or for what is neither an email address nor a number.
    """
    name = " ".join(one_line(name).split())[:200]
    if not name:
        raise Refused(_("Enter a name."))
    kind, value = _parse_point(reach.strip(), job)
    if by:
        people = visible_people(by)
    else:
        people = Person.objects.distinct_ones()
    candidates = people.filter(contact_points__kind=kind, contact_points__value=value, erased_at=None)
    same = next((one for one in candidates.order_by("pk")[:20] if names_agree(one.name, name)), None)
    if same:
        return same
    created: Person = Person.objects.create(name=name)
    created.refresh_from_db(fields=["uid"])
    ContactPoint.objects.create(person=created, kind=kind, value=value)
    return created


def _parse_point(reach: str, job: Job) -> tuple[str, str]:
    if "@" in reach:
        kind = ContactPoint.PointKind.EMAIL
        value = normalize_email(reach)
    else:
        kind = ContactPoint.PointKind.PHONE
        value = None
        if reach:
            value = normalize_phone(reach, job.brand.country)
    if not value:
        raise Refused(_("Enter an email address or a phone number."))
    return kind, value
