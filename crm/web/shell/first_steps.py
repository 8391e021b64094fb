"""First steps of a new organization: a checklist of `FirstStep` entries, completed as the data shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django.urls import reverse
from django.utils.functional import Promise

from crm.kernel import clock
from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.events import events
from crm.platform.features import Feature
from crm.platform.models import Event, Member, TenantModel
from crm.web.design.icons import missing_icon
from crm.web.requests.http import TenantRequest
from crm.web.requests.tenant_urls import missing_address

# How long an organization is reminded of its first steps.
NEW = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class FirstStep(Feature):
    """A step for members with its permission: the URL `name` of its page, and whether it is done."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "first_steps"

    name: str
    permission: str
    icon: str
    label: str | Promise
    note: str | Promise
    is_done: Callable[[], bool]

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)


@dataclass(frozen=True)
class FirstStepLine:
    """A line of the checklist."""

    label: str | Promise
    note: str | Promise
    icon: str
    url: str
    done: bool


@dataclass(frozen=True)
class FirstStepsChecklist:
    """The steps a member may take, and how many are done."""

    steps: list[FirstStepLine]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> FirstStepLine | None:
        return next((step for step in self.steps if not step.done), None)


def first_steps(member: Member, slug: str) -> FirstStepsChecklist:
    """Return the first steps for a member: a query or none for each."""
    return FirstStepsChecklist(
        [
            FirstStepLine(step.label, step.note, step.icon, reverse(step.name, args=[slug]), step.is_done())
            for step in features.of(FirstStep)
            if allows(member, step.permission)
        ]
    )


def remaining_first_steps(request: TenantRequest) -> FirstStepsChecklist | None:
    """Return the first steps of a new organization; None once all are done, or for an older organization."""
    steps = None
    if _is_new(request):
        steps = first_steps(request.member, request.tenant.slug)
    if steps and not steps.is_complete:
        return steps
    return None


def accept_first_step(request: TenantRequest, row: TenantModel) -> None:
    """Record, once in a new organization, that a member accepted a row unchanged; this completes the step."""
    if _is_new(request) and not was_edited(type(row)):
        events.record("first_step.accepted", subject=row, by=request.member)


def _is_new(request: TenantRequest) -> bool:
    return clock.now() - request.tenant.created_at < NEW


def was_edited(*models: type[TenantModel]) -> bool:
    """True if a member ever changed a row of one of these models, or accepted it unchanged."""
    kinds = [model._meta.label_lower for model in models]
    return Event.objects.filter(subject_kind__in=kinds, actor__isnull=False).exists()
