"""Actions beside lines of the health page: which ones a member may perform, and performing them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.health.findings import Acts, HealthAct, ParkedItems
from crm.web.health.replay_action import retried_sentence


@dataclass(frozen=True)
class HealthButton:
    """An action a member may perform on a line."""

    act: HealthAct
    about: str


def line_buttons(acts: Acts, member: Member) -> list[HealthButton]:
    """Return the actions of a line that a member may perform."""
    acts_by_name = {act.name: act for act in features.of(HealthAct)}
    return [
        HealthButton(acts_by_name[name], about) for name, about in acts if allows(member, acts_by_name[name].permission)
    ]


def count_replayable(items: Iterable[ParkedItems], member: Member) -> int:
    """Return the number of parked items a member may replay."""
    return sum(one.count for one in items if _replay_buttons(one, member))


def perform_act(name: str, about: str, *, by: Member) -> str:
    """Perform an action and return its message. Raises Refused, and Http404 if unknown or not permitted."""
    act = next((one for one in features.of(HealthAct) if one.name == name), None)
    if act is None or not allows(by, act.permission):
        raise Http404
    count = act.do(by, about)
    if count:
        return act.told(count)
    return _nothing_waits_sentence()


def replay_all(items: Iterable[ParkedItems], *, by: Member) -> str:
    """Replay all parked items the member may replay."""
    count = sum(button.act.do(by, button.about) for one in items for button in _replay_buttons(one, by))
    if count:
        return retried_sentence(count)
    return _nothing_waits_sentence()


def _replay_buttons(one: ParkedItems, member: Member) -> Sequence[HealthButton]:
    return [button for button in line_buttons(one.acts, member) if button.act.is_replay]


def _nothing_waits_sentence() -> str:
    return _("None of this is waiting any more.")
