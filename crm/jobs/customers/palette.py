"""Find customers for the palette and the search page: by name, number, address or company."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import visible_people
from crm.jobs.customers.customer_list import BY_NAME, people_meant
from crm.jobs.list.search import candidates
from crm.kernel import formats
from crm.people.models import ContactPoint, Person
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import tidy
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import PaletteGroup, PaletteItem
from crm.web.shell.record_pages import record_url

IN_PALETTE = 4
ON_PAGE = 20


def people_found(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Return palette items for the customers a text matches."""
    yield PaletteGroup(_("Customers"), _palette_items(request, tidy(text), IN_PALETTE))


def people_on_page(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """List the customers a text matches, on the search page."""
    yield PaletteGroup(_("Customers"), _palette_items(request, text, ON_PAGE))


def _palette_items(request: TenantRequest, text: str, most: int) -> list[PaletteItem]:
    """Find people by themselves or their company; leads at a place are found as leads. Three queries."""
    if len(text) < 2:
        return []
    condition = people_meant(candidates(text, by=request.member))
    if not condition:
        return []
    people: list[Person] = list(BY_NAME.of(visible_people(request.member).filter(condition))[:most])
    reached: dict[int, list[str]] = {}
    for point in ContactPoint.objects.filter(person__in=people).order_by("kind", "pk") if people else ():
        reached.setdefault(point.person_id, []).append(_format_point(point))
    slug = request.tenant.slug
    return [
        PaletteItem(person.name, record_url(person, slug), "user", note=" · ".join(reached.get(person.pk, [])[:2]))
        for person in people
    ]


def _format_point(point: ContactPoint) -> str:
    country = directory().default_brand.country
    if point.kind == ContactPoint.PointKind.PHONE:
        return formats.phone(point.value, country)
    return point.value
