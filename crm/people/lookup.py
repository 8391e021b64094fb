"""Find existing customers, companies and properties, or create the missing ones.

Everything that opens jobs goes through here, by hand, by import or by message: one firm, and one address, is one row.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection

from crm.kernel.normalization import name_key
from crm.kernel.regions import region_code
from crm.people.identity.points import NoIdentity, PointRule, is_crowded, own_points, rough_key
from crm.people.models import Company, ContactPoint, Person, Property
from crm.people.models.property import address_key
from crm.platform.database.bulk_write import allocate_ids, insert_all
from crm.platform.tenancy.context import required_tenant_id


class WrittenAddress(NamedTuple):
    """A postal address as written; the country as a two-letter code."""

    street: str
    postcode: str
    city: str
    region: str
    country: str
    # As it stood in one cell, where it was parted.
    written: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Key that is equal for different spellings of an address. Without a postcode it includes the state."""
        if self.postcode:
            state = ""
        else:
            state = region_code(self.region)
        return address_key(self.street, self.postcode, self.city), self.country, state


class LookupResult(NamedTuple):
    """Ids by key, and which of them were just created."""

    ids: dict[Any, int]
    created: set[int]


def people_reached_at(values: Collection[str]) -> set[int]:
    """Find the ids of the people who have one of these normalised addresses or numbers."""
    if values:
        return set(ContactPoint.objects.reached_at(*values).values_list("person_id", flat=True))
    return set()


def points_of_nobody(points: Collection[tuple[str, str]], *, name: str = "") -> dict[str, NoIdentity]:
    """Return {value: reason} for the (kind, normalised value) that identify no person. `name`: the sender's name.

    A role's address is not among them: who has it may be asked about.
    """
    holders: dict[str, set[int]] = {}
    for point in ContactPoint.objects.reached_at(*(value for _kind, value in points)) if points else ():
        holders.setdefault(point.value, set()).add(point.person_id)
    everybody = Person.objects.filter(pk__in={pk for people in holders.values() for pk in people})
    called = {}
    if holders:
        called = dict(everybody.values_list("pk", "name"))
    shared = {value for value, people in holders.items() if is_crowded([name, *(called[pk] for pk in people)])}
    rule = PointRule(own_points(), frozenset(rough_key(kind, value) for kind, value in points if value in shared))
    against = {value: rule.against(kind, value) for kind, value in points}
    return {value: why for value, why in against.items() if why and why is not NoIdentity.ROLE}


def lock_contact_values(values: Collection[str]) -> None:
    """Lock contact values, so that two transactions cannot create two persons for one value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(value, %s)) from unnest(%s::text[]) as typed(value)",
            [required_tenant_id(), sorted(values)],
        )


def current_people(ids: Iterable[int]) -> dict[int, int]:
    """Return, by id, the current person record after merges, locked against further merges."""
    current = {pk: pk for pk in ids}
    while current:
        locked = Person.objects.select_for_update(no_key=True).filter(pk__in=set(current.values())).order_by("pk")
        merged = {pk: into for pk, into in locked.values_list("pk", "merged_into_id") if into}
        if not merged:
            break
        current = {pk: merged.get(now, now) for pk, now in current.items()}
    return current


def find_or_create_properties(addresses: Iterable[WrittenAddress]) -> LookupResult:
    """Return ids of properties by `Address.key`, creating missing ones. Each address has one row."""
    wanted = {address.key: address for address in addresses if address.street}
    if not wanted:
        return LookupResult({}, set())
    stored = Property.objects.filter(address_key__in={key for key, *_rest in wanted}).order_by("-pk")
    parts = stored.values_list("pk", "street", "postcode", "city", "region", "country")
    ids = {WrittenAddress(*address).key: pk for pk, *address in parts}
    missing = [key for key in wanted if key not in ids]
    created = dict(zip(missing, allocate_ids(Property, len(missing)), strict=True))
    insert_all(Property, [wanted[key]._asdict() | {"address_key": key[0], "id": pk} for key, pk in created.items()])
    return LookupResult(ids | created, set(created.values()))


def find_or_create_property(address: WrittenAddress) -> Property:
    """Return the property at an address, created if missing."""
    site: Property = Property.objects.get(pk=find_or_create_properties([address]).ids[address.key])
    return site


def find_or_create_companies(names: Iterable[str]) -> LookupResult:
    """Return ids of companies by the `name_key` of their name."""
    wanted = {name_key(name): name for name in sorted(names) if name_key(name)}
    if not wanted:
        return LookupResult({}, set())
    existing = dict(Company.objects.filter(name_key__in=[key[:200] for key in wanted]).values_list("name_key", "pk"))
    missing = {key[:200]: name for key, name in wanted.items() if key[:200] not in existing}
    ids = dict(zip(missing, allocate_ids(Company, len(missing)), strict=True))
    insert_all(Company, [{"id": ids[key], "name": name, "name_key": key} for key, name in missing.items()])
    all_ids = existing | ids
    return LookupResult({key: all_ids[key[:200]] for key in wanted}, set(ids.values()))
