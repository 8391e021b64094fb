"""Notices of conflicts: a member's change came back, a colleague is asked to decide, and what was decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from followups.models import FollowUp
from followups.offline.models import OfflineAct
from followups.offline.seen_state import parse_instant

# The due work by which a colleague is asked to decide.
ASK = "offline_act.ask"
# So long before the follow-up was due, but never sooner than so long after the change arrived.
BEFORE = timedelta(hours=1)
CAME_BACK = "followup.came_back"
TO_DECIDE = "followup.to_decide"
WAS_DECIDED = "followup.was_decided"
_PAGE = "followups:today"
# The events by which somebody alters what a change was based on.
ALTERING = tuple(f"followup.{act}" for act in ("rescheduled", "assigned", "completed", "cancelled", "reopened"))

KINDS = [
    NoticeKind(
        name=CAME_BACK,
        permission="followups.work",
        icon="arrow-right-left",
        label=_("A change that I made without a signal came back"),
        words=_("A change of yours came back: a colleague changed the follow-up too. Choose which version stays."),
        default=NoticeWay.AWAY,
        page=_PAGE,
    ),
    NoticeKind(
        name=TO_DECIDE,
        permission="followups.work",
        icon="arrow-right-left",
        label=_("I am asked which of two versions of a follow-up stays"),
        words=_("You and a colleague changed the same follow-up. Choose which version stays."),
        default=NoticeWay.AWAY,
        page=_PAGE,
    ),
    NoticeKind(
        name=WAS_DECIDED,
        permission="followups.work",
        icon="check",
        label=_("A colleague decided which version of a follow-up stays"),
        words=_("was decided: one version stays"),
    ),
]


def tell_conflict(act: OfflineAct) -> None:
    """Notify the member whose change came back, and schedule that the colleague is asked."""
    notify(CAME_BACK, [act.member_id], key=str(act.uid))
    due.schedule(ASK, act.pk, ask_time(act))


def ask_time(act: OfflineAct) -> datetime:
    """Return when the colleague is asked without a decision: an hour before the follow-up was due, or later."""
    soonest = act.received_at + BEFORE
    was_due = parse_instant(act.base.get("due", ""))
    if was_due:
        return max(soonest, was_due - BEFORE)
    return soonest


def find_other(act: OfflineAct) -> tuple[Event | None, Member | None]:
    """Return the last event by which somebody altered the follow-up since the device showed it, and who did."""
    assert act.follow_up is not None
    events = Event.objects.of(act.follow_up).filter(kind__in=ALTERING)
    since = parse_instant(act.base.get("as_of", ""))
    if since:
        events = events.filter(at__gte=since)
    event = events.order_by("-pk").first()
    if event is None:
        return None, None
    return event, directory().members.get(event.actor_id or 0)


def ask_other(act: OfflineAct) -> Member | None:
    """Ask the colleague who altered the follow-up to decide. Returns the colleague; None if there is none. Idempotent.

    The product itself, a member who has left, and the member who made the change can't be asked.
    """
    _event, other = find_other(act)
    if other is None or not other.active or other.pk == act.member_id:
        return None
    act.asked = other
    act.save(update_fields=["asked"])
    notify(TO_DECIDE, [other.pk], key=str(act.uid))
    return other


def ask_when_due(ids: Sequence[int]) -> None:
    """Ask the colleagues about conflicts that are still undecided, before the follow-up was due. Idempotent."""
    for act in OfflineAct.lock_all(OfflineAct.objects.conflicts().filter(pk__in=ids, asked=None)):
        ask_other(act)


def tell_decision(act: OfflineAct, follow_up: FollowUp, *, by: Member) -> None:
    """Notify the member who made the change and the colleague who was asked, but not the one who decided."""
    notify(WAS_DECIDED, [act.member_id, act.asked_id], key=str(act.uid), about=follow_up, by=by.pk)
