"""The list of customers, by name: contact, open work, and the time of the last contact."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.customer_visibility import visible_people
from crm.jobs.list.own_columns import OwnColumns
from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.jobs.models.queryset import Candidates, JobQuerySet
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, DaysFilter, FlagFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from crm.web.lists.selection_actions import selection_actions

BY_NAME = Order(Person, "name_key", "id")
# Jobs that a text may mean; of more, one types more of it.
MOST_JOBS = 1000


def _jobs_of_person(viewer: Viewer) -> JobQuerySet:
    """Return the jobs of the outer query's person that the viewer sees."""
    jobs: JobQuerySet = Job.objects.visible_to(viewer.member).filter(person_id=OuterRef("pk")).order_by()
    return jobs


def _has_work(value: str, viewer: Viewer) -> Q:
    jobs = _jobs_of_person(viewer)
    if value == "none":
        return ~Q(Exists(jobs))
    if value == "open":
        return Q(Exists(jobs.open()))
    return Q(Exists(jobs)) & ~Q(Exists(jobs.open()))


def _work_choices(member: Member) -> list[Choice]:
    return [Choice("open", _("open")), Choice("done", _("all ended")), Choice("none", _("none yet"))]


def _brand_choices(member: Member) -> list[Choice]:
    return [Choice(str(brand.uid), brand.name) for brand in directory().brands.values()]


def _reachable_by(value: str, viewer: Viewer) -> Q:
    points = ContactPoint.objects.filter(person_id=OuterRef("pk")).order_by()
    if value == "none":
        return ~Q(Exists(points))
    return Q(Exists(points.filter(kind=value)))


def _point_choices(member: Member) -> list[Choice]:
    return [
        *(Choice(str(value), str(label)) for value, label in ContactPoint.PointKind.choices),
        Choice("none", _("nothing")),
    ]


def _has_duplicate(value: str, viewer: Viewer) -> Q:
    undecided = DuplicateCandidate.objects.filter(decided_at=None).order_by()
    one = undecided.filter(one_id=OuterRef("pk"))
    other = undecided.filter(other_id=OuterRef("pk"))
    return Q(Exists(one)) | Q(Exists(other))


class _TouchFilter(DaysFilter):
    """Filter by the last contact on any of a person's jobs. No contact counts as longest ago."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        since = viewer.reader.now - timedelta(days=int(value))
        lately = Q(Exists(_jobs_of_person(viewer).filter(touched_at__gte=since)))
        if test == "within":
            return lately
        return ~lately


class _DuplicateFilter(FlagFilter):
    """Filter by possible duplicates, for members who may merge customers."""

    def offers(self, member: Member) -> bool:
        return allows(member, "people.merge")


class CustomerFilters(FilterSet):
    """Filters of customers, in the filter builder's order."""

    work = ChoiceFilter(gettext_lazy("Work"), choices=_work_choices, q=_has_work)
    touched = _TouchFilter(gettext_lazy("Last contact"), "")
    brand = ChoiceFilter(
        gettext_lazy("Brand"),
        choices=_brand_choices,
        q=lambda value, viewer: Q(Exists(_jobs_of_person(viewer).filter(brand_id=by_uid(directory().brands, value)))),
    )
    reached = ChoiceFilter(gettext_lazy("Reached by"), choices=_point_choices, q=_reachable_by)
    unconfirmed = FlagFilter(
        gettext_lazy("Wrote to us"),
        yes=gettext_lazy("unknown sender"),
        q=lambda value, viewer: Q(unconfirmed_since__isnull=False),
    )
    alike = _DuplicateFilter(gettext_lazy("Duplicate"), yes=gettext_lazy("possible duplicate"), q=_has_duplicate)
    since = DateFilter(gettext_lazy("Customer since"), "created_at")
    q = TextFilter(gettext_lazy("Name, phone, email, company or address"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 customer")
    return _("%(found)s customers") % {"found": found}


class CustomerList(List):
    """The list of customers."""

    key = "people"
    page = "people:list"
    permission = "people.view"
    filterset = CustomerFilters
    first_field = "work"
    columns = OwnColumns(Person)
    words = Words(
        name=gettext_lazy("Customers"),
        where=gettext_lazy("Customers where"),
        everything=gettext_lazy("All customers"),
        counted=_count_words,
        sorted_by=gettext_lazy("name"),
    )

    def visible(self, member: Member) -> Any:
        return visible_people(member)

    def order(self, filters: Filters) -> Order:
        return BY_NAME

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter the people that a text matches: directly, by their company, or by one of their jobs or places."""
        if not filters.q:
            return rows
        if member.pk not in filters.found:
            matches = candidates(filters.q, by=member)
            jobs = Job.objects.visible_to(member).meant_by(matches).filter(person_id__isnull=False)
            filters.found[member.pk] = matches, list(jobs.values_list("person_id", flat=True)[:MOST_JOBS])
        matches, of_jobs = filters.found[member.pk]
        return rows.filter(Q(pk__in=of_jobs) | people_meant(matches))

    def notes(self, filters: Filters, member: Member) -> list[str]:
        if not (filters.q and candidates(filters.q, by=member).is_cut):
            return []
        words = _("Many customers match “%(text)s”, so some may be missing here. Type more of it.")
        return [words % {"text": filters.q}]

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        """Count the customers that "Select all" would select."""
        if selection_actions(self, member):
            return {"matching": self.apply(filters, member)}
        return {}

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All customers"), self.filters()),
            View("open", _("With open leads"), self.filters(work="open")),
            View("unconfirmed", _("To be confirmed"), self.filters(unconfirmed="1")),
        ]


def people_meant(found: Candidates) -> Q:
    """Return the condition for people that the search text matches, directly or by company; empty if there are none."""
    condition = Q()
    for column, ids in (("id", found.people), ("company_id", found.companies)):
        if ids:
            condition |= Q((f"{column}__in", ids))
    return condition


CUSTOMERS = CustomerList()
