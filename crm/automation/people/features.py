"""Register rules about customers and properties: a time before or after a date in an own field."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.own_dates import FieldOptions, own_date_trigger
from crm.automation.registry.lists import RecordList
from crm.automation.registry.records import RecordKind
from crm.jobs.customer_visibility import person_refusal, visible_people
from crm.jobs.customers.customer_list import BY_NAME, CustomerFilters, people_meant
from crm.jobs.list.own_filters import own_filters
from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.people.models import Person, Property
from crm.platform.access.permissions import allows
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.field_types import TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.shell.record_pages import visible_rows

PERSON = "person"
PROPERTY = "property"
MOST_FOUND = 8


class PersonFieldOptions(FieldOptions):
    """Options: which date field of customers."""

    records = Person


class PropertyFieldOptions(FieldOptions):
    """Options: which date field of properties."""

    records = Property


class PropertyRuleFilters(FilterSet):
    """Filters of properties in rule conditions."""

    city = TextFilter(_("City"), "city")
    postcode = TextFilter(_("Postal code"), "postcode")


def _newest_job(**conditions: Any) -> Job | None:
    """Return the newest open job of a customer or at a property, else the newest one."""
    newest = Job.objects.filter(**conditions).order_by("-pk")
    job: Job | None = newest.open().first() or newest.first()
    return job


def _brand_id(**conditions: Any) -> int:
    """Return the brand of their newest job, else the default one. Without a choice of brands nothing is read."""
    organization = directory()
    job = None
    if len(organization.brands) > 1:
        job = _newest_job(**conditions)
    if job:
        return job.brand_id
    return organization.default_brand.pk


def _owner_id(**conditions: Any) -> int | None:
    job = _newest_job(**conditions)
    if job:
        return job.member_id
    return None


def _customer_id(place: Property) -> int | None:
    job = _newest_job(site=place, person__isnull=False)
    if job:
        return job.person_id
    return None


def _find_people(member: Member, text: str) -> list[int]:
    """Return the customers that match a search text, by name."""
    condition = people_meant(candidates(text, by=member))
    if not condition:
        return []
    return [person.pk for person in BY_NAME.of(visible_people(member).filter(condition))[:MOST_FOUND]]


def _find_properties(member: Member, text: str) -> list[int]:
    """Return the properties whose address matches a search text."""
    sites = candidates(text, by=member).sites
    places = visible_rows(Property, member).filter(pk__in=sites).order_by("address_key", "pk")
    return list(places.values_list("pk", flat=True)[:MOST_FOUND])


def _may_correct_customer(person: Person, member: Member) -> bool:
    if not allows(member, "jobs.correct") or not visible_people(member).filter(pk=person.pk).exists():
        return False
    return not person_refusal(person, Job.objects.visible_to(member).filter(person=person), by=member)


def _may_correct_property(place: Property, member: Member) -> bool:
    return allows(member, "jobs.correct") and visible_rows(Property, member).filter(pk=place.pk).exists()


def _current_people() -> Any:
    """Return the customers that are neither merged into another nor erased."""
    return Person.objects.distinct_ones().filter(erased_at__isnull=True)


FEATURES: list[Feature] = [
    RecordKind(
        key=PERSON,
        model=Person,
        filterset=CustomerFilters,
        noun=_("a customer"),
        group=_("Customers"),
        job_id=lambda person: None,
        member_id=lambda person: _owner_id(person=person),
        person_id=lambda person: person.pk,
        title=lambda person: person.name,
        find=_find_people,
        brand_id=lambda person: _brand_id(person=person),
        rows=_current_people,
    ),
    RecordList(PERSON, "people:list"),
    own_date_trigger(
        PersonFieldOptions,
        PERSON,
        events=tuple(f"person.{what}" for what in "corrected merged merged_away taken_apart restored erased".split()),
        may_write=_may_correct_customer,
        rows=_current_people,
    ),
    RecordKind(
        key=PROPERTY,
        model=Property,
        filterset=PropertyRuleFilters,
        noun=_("a property"),
        group=_("Properties"),
        job_id=lambda place: None,
        member_id=lambda place: _owner_id(site=place),
        person_id=_customer_id,
        title=lambda place: place.one_line,
        find=_find_properties,
        brand_id=lambda place: _brand_id(site=place),
    ),
    *own_filters(PropertyRuleFilters, Property),
    own_date_trigger(
        PropertyFieldOptions,
        PROPERTY,
        events=("property.corrected",),
        may_write=_may_correct_property,
        rows=lambda: Property.objects.all(),
    ),
]
