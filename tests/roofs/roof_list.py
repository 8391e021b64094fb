"""The list of roofs."""

from typing import Any

from django.db.models import Q

from crm.platform.models import Member
from crm.web.lists.conditions.field_types import FlagFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, Words
from crm.web.lists.paging import Order
from tests.roofs.models import Roof


class RoofFilters(FilterSet):
    waiting = FlagFilter("Inspection", yes="waits", q=lambda value, viewer: Q(inspected_at=None))


class RoofList(List):
    key, page, permission = "roofs", "roofs:list", "roofs.view"
    filterset, first_field = RoofFilters, "waiting"
    words = Words("Roofs", "Roofs where", "All roofs", "{} roofs".format, "when they are due")

    def visible(self, member: Member) -> Any:
        return Roof.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Roof, "sort_at", "id")


ROOFS = RoofList()
