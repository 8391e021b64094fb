"""A seat: whom a visitor of the demo plays, and in which company."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from crm.people.models import ContactPoint, Person
from crm.platform.models import Member, Role, Tenant
from crm.platform.tenancy.context import use_tenant

CUSTOMER = "customer"
ROLES = (Role.REP.value, Role.MANAGER.value, Role.SERVICE.value, Role.ADMIN.value, CUSTOMER)


@dataclass(frozen=True)
class Seat:
    """A role in a company of the demo, with its member or its customer."""

    slug: str
    role: str
    member: Member | None = None
    person: Person | None = None

    @property
    def email(self) -> str:
        return f"{self.role}@{self.slug}.example"

    @property
    def name(self) -> str:
        holder = self.member or self.person
        return holder.name if holder else self.email

    @property
    def is_customer(self) -> bool:
        return self.role == CUSTOMER


@contextmanager
def seated(slug: str, role: str) -> Iterator[Seat | None]:
    """Use the company's tenant and give the seat; None outside a demo, and where nobody has that role any more."""
    tenant = Tenant.objects.filter(slug=slug, suspended_at=None).first() if settings.DEMO else None
    if tenant is None or role not in ROLES:
        yield None
        return
    with use_tenant(tenant):
        yield _find_seat(slug, role)


def _find_seat(slug: str, role: str) -> Seat | None:
    address = f"{role}@{slug}.example"
    if role == CUSTOMER:
        point = ContactPoint.objects.filter(value=address).select_related("person").first()
        return Seat(slug, role, person=point.person) if point else None
    member = Member.objects.active().filter(user__email=address).first()
    return Seat(slug, role, member=member) if member else None
