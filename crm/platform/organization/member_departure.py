"""Hand over a leaving member's work to a colleague, or leave it unassigned.

What a member can hold is a `Holding` entry; it is counted before and handed over after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration


@dataclass(frozen=True, kw_only=True)
class WorkHolding(Feature):
    """A kind of open work that belongs to a member."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "holdings"

    name: str
    count: Callable[[Member], int]
    # "3 open leads": a number in words.
    say: Callable[[int], str]
    # From, to (None: nobody), by whom; returns how many. A set form of the verb that gives one of them.
    hand_over: Callable[[Member, Member | None, Member | None], int]


@dataclass(frozen=True)
class HeldWork:
    """The amount of one kind of work that a member holds."""

    name: str
    count: int
    words: str


def count_held_work(member: Member) -> list[HeldWork]:
    """Count the work a member holds, by kind; kinds without any are left out."""
    counts = [(holding, holding.count(member)) for holding in features.of(WorkHolding)]
    return [HeldWork(holding.name, count, holding.say(count)) for holding, count in counts if count]


@transaction.atomic
def hand_over(member: Member, to: Member | None, *, by: Member | None) -> int:
    """Reassign all work of a leaving member (None: unassigned); return how many. ValueError for an inactive `to`."""
    if to is not None:
        lock_configuration()
        to = Member.objects.active().exclude(pk=member.pk).filter(pk=to.pk).first()
        if to is None:
            raise ValueError("work goes to an active colleague")
    return sum(holding.hand_over(member, to, by) for holding in features.of(WorkHolding))
