"""What roofs add: one entry of each type."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict

from crm.jobs.models import Job
from crm.jobs.next_step.kinds import StepKind, StepKinds, StepKindSource
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.platform.organization.member_departure import Holding
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.platform.tenancy.tenant_creation import TenantStart
from crm.web.lists.exports import Exportable, Row
from crm.web.requests.http import TenantRequest
from crm.web.settings.sections import Section, SectionGroup
from crm.web.shell.navigation import Number, Page
from crm.web.shell.palette import Action, Group, Source
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from tests.roofs.models import Roof


def to_inspect(member: Member) -> str:
    return "3"


def roofs_found(request: TenantRequest, text: str) -> Iterable[Group]:
    return []


def ids(query: QueryDict, member: Member) -> Iterable[int]:
    return []


def headings() -> list[str]:
    return ["Roof"]


def rows(pks: Sequence[int], member: Member) -> Iterator[Row]:
    return iter([])


def every_roof() -> QuerySet[Roof]:
    return Roof.objects.all()


def count(member: Member) -> int:
    return 0


def say(number: int) -> str:
    return f"{number} roofs"


def hand_over(member: Member, to: Member | None, by: Member | None) -> int:
    return 0


def create_materials() -> None:
    """What a tenant starts with."""


def lay_down(now: datetime) -> None:
    """The demo's roofs."""


def step_kinds() -> StepKinds:
    return StepKinds({"inspect_roof": StepKind(lambda: "roof inspection", "house")}, {}, frozenset())


def told(data: dict[str, object]) -> str:
    return f"inspected the roof: {data['result']}"


FEATURES: list[Feature] = [
    PermissionGroup(25, "roofs", "Roofs"),
    Permission("roofs.view", EVERYBODY, "roofs", "See roofs", "Of the properties they see."),
    Permission("roofs.set_up", frozenset({Role.ADMIN}), "settings", "Set up roofs", "What roofs are made of."),
    Page(40, "roofs:list", "roofs.view", "house", "Roofs", number=Number(to_inspect, "to inspect", "roofs", "roofs")),
    RecordPage(Roof, "roofs:roof"),
    RecordLink(Job, "roof", "roofs:panel", "roofs.view", key="number"),
    SectionGroup(15, "roofs", "Roofs"),
    Section("roofs", 10, "roofs:materials", "roofs.set_up", "house", "Materials", "What roofs are made of."),
    Topic("roofs", ("roof",)),
    EventWords("roof.inspected", "eye", told),
    Action(30, "roofs:list", "roofs.view", "house", "All roofs"),
    Source(30, "roofs.view", roofs_found),
    Shortcut(22, "g r", going_to("roofs:list"), "Go to the roofs", ANYWHERE),
    Exportable("roofs", "Roofs", "roofs.view", "roofs:list", ids, headings, rows),
    VisibleCount(30, "roofs.view", "Roofs", every_roof),
    Holding(30, "roofs", count, say, hand_over),
    TenantStart(create_materials),
    StepKindSource(step_kinds),
    DefinerFunction("roofs_near(bigint)"),
]
