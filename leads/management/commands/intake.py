"""`intake --tenant SLUG`: print each brand's form page, endpoint and token; creates missing doors.

With --json one line of JSON a door, of every kind.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.platform.models import Brand, Tenant
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.intake.address import snippet, token_of, url_of
from leads.models import IntakeDoor
from leads.models.intake_door import doors

DoorKind = IntakeDoor.DoorKind


class Command(BaseCommand):
    help = "Print by which addresses leads come into an organization."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the organization")
        parser.add_argument("--json", action="store_true", help="one line of JSON a door, of every kind")

    def handle(self, *args: Any, tenant: str, **options: Any) -> None:
        place = Tenant.objects.filter(slug=tenant).first()
        if place is None:
            raise CommandError(f"There is no organization “{tenant}”.")
        with use_tenant(place):
            brands = [brand for brand in directory().brands.values() if brand.archived_at is None]
            for brand in brands:
                form = _get_or_add_door(brand, DoorKind.FORM)
                endpoint = _get_or_add_door(brand, DoorKind.JSON)
                if not options["json"]:
                    self.stdout.write(
                        f"{brand.name}\n  form page  {url_of(form)}\n  snippet    {snippet(form)}\n"
                        f"  endpoint   {url_of(endpoint)}\n  token      {token_of(endpoint)}"
                    )
            for door in doors().values() if options["json"] else ():
                if door.archived_at is None:
                    self.stdout.write(json.dumps(_door_summary(door)))


def _get_or_add_door(brand: Brand, kind: str) -> IntakeDoor:
    """Return a brand's door of a kind, created if there is none."""
    of_brand = (row for row in doors().values() if (row.brand_id, row.kind, row.archived_at) == (brand.pk, kind, None))
    if existing := next(of_brand, None):
        return existing
    words = {DoorKind.FORM: "Website form", DoorKind.JSON: "Endpoint"}
    name = f"{words[DoorKind(kind)]} {brand.name}"[:70]
    taken = {row.name.casefold() for row in doors().values()}
    return IntakeDoor.add(name if name.casefold() not in taken else f"{name} 2", kind, brand, by=None)


def _door_summary(door: IntakeDoor) -> dict[str, Any]:
    summary: dict[str, Any] = {"name": door.name, "kind": door.kind, "brand": directory().brands[door.brand_id].name}
    if url := url_of(door):
        summary["url"] = url
    if door.kind == DoorKind.FORM:
        summary["snippet"] = snippet(door)
    elif door.kind == DoorKind.JSON:
        summary["token"] = token_of(door)
    elif door.kind in (DoorKind.META, DoorKind.GOOGLE):
        summary["key"] = door.key
    return summary
