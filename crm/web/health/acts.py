"""The acts beside lines of the page of health: which a member may do, and doing them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.health.findings import Acts, HealthAct, Parked
from crm.web.health.own_acts import read_again


@dataclass(frozen=True)
class Button:
    """An act a member may do beside a line."""

    act: HealthAct
    about: str


def buttons(acts: Acts, member: Member) -> list[Button]:
    """Return the acts of a line that a member may do."""
    known = {act.name: act for act in features.of(HealthAct)}
    return [Button(known[name], about) for name, about in acts if allows(member, known[name].permission)]


def replayable(found: Iterable[Parked], member: Member) -> int:
    """Return how many parked things a member may have tried again."""
    return sum(one.count for one in found if _replays(one, member))


def do(name: str, about: str, *, by: Member) -> str:
    """Do an act; return what is said of it. Raises Refused, and Http404 for one that is unknown or not theirs."""
    act = next((one for one in features.of(HealthAct) if one.name == name), None)
    if act is None or not allows(by, act.permission):
        raise Http404
    count = act.do(by, about)
    if count:
        return act.told(count)
    return _none()


def replay_all(found: Iterable[Parked], *, by: Member) -> str:
    """Have all tried again that can be, as far as it is theirs to do."""
    count = sum(button.act.do(by, button.about) for one in found for button in _replays(one, by))
    if count:
        return read_again(count)
    return _none()


def _replays(one: Parked, member: Member) -> Sequence[Button]:
    return [button for button in buttons(one.acts, member) if button.act.is_replay]


def _none() -> str:
    return _("None of this is waiting any more.")
