"""AssignableWork: a kind of work for the assignment engine, such as tickets or leads; apps register theirs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.platform import features
from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member, TenantModel

# The columns that keep a kind.
LONGEST_KIND = 20
EVERYBODY = gettext_lazy("everybody")


@dataclass(frozen=True)
class WorkFacts:
    """Facts about a row that rules and the placement log use. A kind keeps the defaults for facts it lacks."""

    row: Any
    # Who has it now, for what an absence moves.
    member_id: int | None = None
    brand_id: int | None = None
    priority: int | None = None
    channel: str = ""
    source_id: int | None = None
    pipeline_id: int | None = None
    # A WorkType.
    work_type: str = ""
    tag_ids: Sequence[int] = ()
    # What the order is worth, in whole units of its currency; and whether it is sold.
    value: int | None = None
    is_sold: bool = False
    # A team or skill of its own goes before the rule's.
    team_id: int | None = None
    skill_id: int | None = None
    postal_code: str = ""
    state: str = ""
    # The member who knows the customer.
    knows_id: int | None = None
    # Whether it waits on the customer, and so weighs less.
    is_waiting: bool = False
    # When it came in: what the preview of a rule asks.
    came_at: datetime | None = None


class MemberLoad(NamedTuple):
    """A member's number of open rows: those awaiting us, and those awaiting the customer."""

    ours: int = 0
    waiting: int = 0


# Rows with whom each goes to (None: to nobody), and the cause the events name. All rows are locked by the caller.
Assign = Callable[[Sequence[tuple[Any, Member | None]], str], None]


@dataclass(frozen=True, kw_only=True)
class AssignableWork(Feature):
    """A kind of work. All its functions run inside the tenant; none may run a query per row."""

    unique: ClassVar[tuple[str, ...]] = ("kind",)

    kind: str
    # In the plural, as a heading.
    label: str | Promise
    model: type[TenantModel]
    # Who does not have it is given none.
    permission: str
    # Rows without a member that wait for one, the oldest due first. Of one table, so that it can be locked.
    queue: Callable[[], "QuerySet[Any]"]
    # The open rows a member has.
    held: Callable[[Member], "QuerySet[Any]"]
    # Member id → how much they have open, of all members, in one query.
    loads: Callable[[], Mapping[int, MemberLoad]]
    # Facts of rows, in their order.
    facts: Callable[[Sequence[Any]], Sequence[WorkFacts]]
    # The set form of the verb that assigns: one statement a table, one event a row, nobody named as the actor.
    assign_all: Assign
    # The last rows that came in, newest first, assigned or not: what a rule's preview is tried on.
    recent: Callable[[int], "Iterable[Any]"]
    # Values and names of `Facts.channel`; none: the rules do not ask for it.
    channels: Callable[[], Sequence[tuple[str, str | Promise]]] = tuple
    # Whether `Facts.source_id` is known.
    has_sources: bool = False
    # Whether `Facts.pipeline_id` and `Facts.work_type` are known.
    has_pipelines: bool = False
    # Whom a rule without a team gives it to: of those who may have it, those with this permission; "": all of them.
    usual_permission: str = ""
    everybody: str | Promise = EVERYBODY
    # Whether its rows carry tags, `Facts.tag_ids`.
    has_tags: bool = False

    def check(self) -> Iterator[str]:
        if len(self.kind) > LONGEST_KIND:
            yield f"a kind of work has {LONGEST_KIND} letters at most"
        yield from missing_permission(self.permission)
        yield from missing_permission(self.usual_permission or self.permission)


def kinds() -> tuple[AssignableWork, ...]:
    """Return all kinds of work, in the order of the settings."""
    return features.of(AssignableWork)


def work_of(kind: str) -> AssignableWork:
    """Return a kind of work. Raises KeyError for an unknown one."""
    return _by_kind()[kind]


@features.cached_index
def _by_kind() -> dict[str, AssignableWork]:
    return {work.kind: work for work in kinds()}
