"""QuerySet methods of models that belong to a sold job."""

from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Case, Q, When

from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member, TenantQuerySet

# From this chance on, in percent, the weather is likely to stop work.
LIKELY = 50


class HandOffQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter the rows of jobs that the member may see or has sold."""
        return self.filter(_seen_by(member, "job"))

    def waiting_for_answer(self) -> Self:
        """Filter hand-offs that service or the seller must answer."""
        return self.filter(state__in=("open", "returned"))

    def waiting_first(self) -> Self:
        """Filter unanswered hand-offs, earliest due first: the order of their list."""
        return self.waiting_for_answer().order_by("due_at", "pk")


class ProjectQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter the rows of jobs that the member may see or has sold."""
        return self.filter(_seen_by(member, "job"))

    def in_work(self) -> Self:
        """Filter projects that are not finished."""
        return self.filter(finished_at=None)


class IssueQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of jobs the member may see, and of those they sold."""
        return self.filter(_seen_by(member, "job"))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class AssetQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of jobs the member may see, and of those they sold."""
        return self.filter(_seen_by(member, "job"))

    def present(self) -> Self:
        """Exclude removed ones."""
        return self.filter(removed_at=None)


class ReportQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of projects the member may see."""
        return self.filter(_seen_by(member, "project__job"))


class PromiseQuerySet(TenantQuerySet[Any]):
    def in_order(self) -> Self:
        """Sort as the page lists them: price, date, scope, extras, on site."""
        first = enumerate(("price", "date", "scope", "extras"))
        return self.order_by(Case(*(When(kind=kind, then=at) for at, kind in first), default=9), "pk")


class MilestoneQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of projects the member may see."""
        return self.filter(_seen_by(member, "project__job"))

    def in_order(self) -> Self:
        return self.order_by("position", "pk")

    def customers(self) -> Self:
        """Filter milestones shown to the customer."""
        return self.filter(visibility="customer")


class ArrivalQuerySet(TenantQuerySet[Any]):
    def on(self, day: date) -> Self:
        """Filter reports of crews for a day."""
        return self.filter(day=day)


class ForecastQuerySet(TenantQuerySet[Any]):
    def threatening(self, day: date) -> Self:
        """Filter forecasts of the week from a day on that are likely to stop work, earliest first."""
        week = self.filter(day__gte=day, day__lt=day + timedelta(days=7))
        return week.filter(chance__gte=LIKELY).order_by("day")


def _seen_by(member: Member, job: str) -> Q:
    """Return the condition for rows of jobs the member may see or has sold."""
    mine = limited_to(member)
    if mine is None:
        return Q()
    return (
        Q(**{f"{job}__member_id": mine})
        | Q(**{f"{job}__member_id__isnull": True})
        | Q(**{f"{job}__hand_off__seller_id": mine})
    )
