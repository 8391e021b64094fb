"""A colleague leaves: the sign-in ends here, and what they had goes to somebody else, to nobody, or stays theirs.

Upper apps register what a member can hold from `AppConfig.ready()`; it is counted before and handed over after.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from crm.platform.models import Member
from crm.platform.models.tenant import hold_configuration


@dataclass(frozen=True)
class Holding:
    """A kind of open work that is some member's."""

    position: int
    name: str
    count: Callable[[Member], int]
    # "3 open leads": a number in words.
    say: Callable[[int], str]
    # From, to (None: nobody), by whom; returns how many. A set form of the verb that gives one of them.
    hand_over: Callable[[Member, Member | None, Member | None], int]


@dataclass(frozen=True)
class Held:
    """How much of one kind a member holds."""

    name: str
    count: int
    words: str


_holdings: list[Holding] = []


def register(holding: Holding) -> None:
    """Add a kind of work. Registering it again changes nothing."""
    if holding.name not in [one.name for one in _holdings]:
        _holdings.append(holding)
        _holdings.sort(key=lambda one: one.position)


def held_by(member: Member) -> list[Held]:
    """What the member holds now, by kind; kinds of which there is nothing are left out."""
    counts = [(holding, holding.count(member)) for holding in _holdings]
    return [Held(holding.name, count, holding.say(count)) for holding, count in counts if count]


@transaction.atomic
def hand_over(member: Member, to: Member | None, *, by: Member | None) -> int:
    """Give all a member holds to another, or to nobody; returns how many. Raises ValueError for an inactive one."""
    if to is not None:
        hold_configuration()
        to = Member.objects.active().exclude(pk=member.pk).filter(pk=to.pk).first()
        if to is None:
            raise ValueError("work goes to an active colleague")
    return sum(holding.hand_over(member, to, by) for holding in _holdings)
