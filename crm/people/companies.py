"""Companies: add and rename them, and say which one a person belongs to. One firm is one row, by its name."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.people.models import Company, Person
from crm.platform.events import events
from crm.platform.models import Member


@transaction.atomic
def add_company(name: str, *, by: Member) -> Company:
    """Add a company. Raises Refused if there is one of this name."""
    _refuse_taken(name)
    company: Company = Company.objects.create(name=name[:200])
    company.refresh_from_db(fields=["uid"])
    events.record("company.added", subject=company, by=by)
    return company


@transaction.atomic
def rename_company(company: Company, name: str, *, by: Member) -> None:
    """Rename a company. Records nothing if the name is unchanged. Raises Refused if another has this name."""
    company.lock()
    if company.name == name[:200]:
        return
    if name_key(company.name) != name_key(name):
        _refuse_taken(name)
    company.name = name[:200]
    company.save(update_fields=["name", "name_key"])
    events.record("company.renamed", subject=company, by=by)


@transaction.atomic
def set_company(person: Person, company: Company | None, *, by: Member) -> None:
    """Set the company that a person belongs to; None for none. Records nothing if it is unchanged."""
    company_id = None
    if company:
        company_id = company.pk
    person.lock()
    if person.company_id != company_id:
        person.company_id = company_id
        person.save(update_fields=["company_id"])
        events.record("person.corrected", subject=person, by=by, data={"fields": ["company"]})


def _refuse_taken(name: str) -> None:
    key = name_key(name)[:200]
    if not key:
        raise Refused(_("Enter the name of a person or company."))
    other = Company.objects.filter(name_key=key).first()
    if other:
        raise Refused(_("There is a company of this name: %(name)s.") % {"name": other.name})
