"""Choose members in a form of the assignment settings, by their public ids."""

from collections.abc import Collection
from typing import NamedTuple

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest


class MemberChoice(NamedTuple):
    """A member with a checkbox."""

    member: Member
    is_chosen: bool


class MemberChoices(NamedTuple):
    """All active members, and the names of those who are checked."""

    choices: list[MemberChoice]
    names: str


def member_choices(chosen: Collection[int]) -> MemberChoices:
    """Return the active members, with the chosen ones checked."""
    active = [member for member in directory().members.values() if member.active]
    names = ", ".join(member.name for member in active if member.pk in chosen)
    return MemberChoices([MemberChoice(member, member.pk in chosen) for member in active], names)


def chosen_members(request: TenantRequest) -> list[Member]:
    """Return the active members checked in a form."""
    ticked = set(request.POST.getlist("members"))
    return [member for member in directory().members.values() if member.active and str(member.uid) in ticked]
