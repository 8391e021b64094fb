"""Sync owed items of a hand-off with their follow-ups."""

from collections.abc import Sequence

from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.models import FollowUpStatus
from service.models import HandOffItem


def follow(changed: Sequence[Event]) -> None:
    """Mark owed items as received if their follow-up is done, and as owed if it was reopened."""
    actors = {event.subject_id: event.actor_id for event in changed}
    for item in HandOffItem.objects.filter(follow_up_id__in=actors).select_related("follow_up", "hand_off"):
        by = directory().members.get(actors[item.follow_up_id] or 0)
        if item.follow_up.status == FollowUpStatus.COMPLETED:
            item.bring(by=by)
        elif item.follow_up.is_open:
            item.owe_again(by=by)
