"""Demo customers of the built-in phone: customers of open jobs, and a stranger with an unused number."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from comms.models import Channel, Medium
from crm.jobs.models import Job
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory

# How many customers are offered.
OFFERED = 5
PROVIDER = "embedded"
_STRANGER = re.compile(r"[0-9]{4}")


class PhoneCustomerChoice(NamedTuple):
    """A selectable customer; `key` identifies them in the page's address."""

    key: str
    name: str
    note: str


@dataclass(frozen=True)
class PhoneCustomer:
    """The played customer: name, number, address and brand."""

    key: str
    name: str
    number: str
    email: str
    brand: Brand
    # None for a stranger, whom the company has yet to meet.
    person: Person | None = None

    def channel(self, medium: str) -> Channel | None:
        """Return the brand's built-in channel for a medium, support's before sales'."""
        rows = Channel.objects.in_use().of_brands().filter(provider=PROVIDER, brand=self.brand, medium=medium)
        order = [Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN, Channel.Role.NOREPLY]
        return min(rows, key=lambda row: (order.index(Channel.Role(row.role)), row.pk), default=None)


def choices() -> list[PhoneCustomerChoice]:
    """Return customers of the newest open jobs with number and email, and the stranger."""
    points = ContactPoint.objects.order_by()
    with_both = points.filter(kind="phone", person__in=points.filter(kind="email").values("person"))
    jobs = Job.objects.open().filter(person__in=with_both.values("person")).select_related("person", "site")
    by_person: dict[int, PhoneCustomerChoice] = {}
    for job in jobs.order_by("-pk")[: OFFERED * 4]:
        if job.person and len(by_person) < OFFERED:
            place = ""
            if job.site:
                place = job.site.city
            note = " · ".join(filter(None, (job.title if job.title != job.person.name else "", place)))
            by_person.setdefault(job.person_id or 0, PhoneCustomerChoice(str(job.person.uid), job.person.name, note))
    return [
        *by_person.values(),
        PhoneCustomerChoice(
            f"stranger-{get_random_string(4, '0123456789')}", _("A stranger"), _("new number, new address")
        ),
    ]


def customer(key: str, brand_name: str) -> PhoneCustomer | None:
    """Return the customer of a key in the page's address; None if unknown."""
    brands = [row for row in directory().brands.values() if not row.archived_at]
    chosen = next((row for row in brands if row.name == brand_name), None)
    if key.startswith("stranger-") and _STRANGER.fullmatch(key.removeprefix("stranger-")):
        brand = chosen or directory().default_brand
        return PhoneCustomer(key, _("A stranger"), _fictional_number(brand, key), f"{key}@mail.example", brand)
    person = _find_person(key)
    if person is None:
        return None
    job = Job.objects.filter(person=person).select_related("brand").order_by("-pk").first()
    points = {point.kind: point.value for point in person.contact_points.order_by("-pk")}
    brand = chosen or (job.brand if job else directory().default_brand)
    return PhoneCustomer(key, person.name, points.get("phone", ""), points.get("email", ""), brand, person)


def _find_person(key: str) -> Person | None:
    try:
        person: Person | None = Person.objects.filter(uid=key, merged_into__isnull=True).first()
    except (ValueError, ValidationError):
        return None
    return person


def _fictional_number(brand: Brand, key: str) -> str:
    """Return an unused number of the brand's country, from the range reserved for fiction."""
    digits = key[-4:]
    if brand.country in {"US", "CA"}:
        return f"+1813555{digits}"
    return f"+3161234{digits}"


def media(who: PhoneCustomer) -> dict[str, Channel]:
    """Return the brand's built-in channels by medium."""
    channels = {str(medium): who.channel(medium) for medium in (Medium.SMS, Medium.WHATSAPP, Medium.CALL, Medium.EMAIL)}
    return {medium: channel for medium, channel in channels.items() if channel}
