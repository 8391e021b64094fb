"""Notices about hand-offs: to service about new ones, to the seller about answers, to managers about late ones."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Event, Role
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from service.models import HandOff, HandOffQuestion, HandOffState, ReturnReason

OPENED = "handoff.opened"
ANSWERED = "handoff.answered"
UNANSWERED = "handoff.unanswered"
ASKED = "handoff.asked"
TOLD = "handoff.told"


def _opened_words(data: dict[str, Any]) -> str:
    if data.get("what") == "handoff.resubmitted":
        return _("It was sent back, and waits for service’s answer again")
    return _("It is sold and waits for service to accept it")


def _answer_words(data: dict[str, Any]) -> str:
    if data.get("what") == "handoff.accepted":
        return _("%(name)s accepted it for service") % {"name": data["by"]}
    reason = ReturnReason(data["reason"]).label if data.get("reason") else ""
    return _("%(name)s sent it back: %(why)s") % {"name": data["by"], "why": reason}


KINDS = [
    NoticeKind(
        name=OPENED,
        permission="handoffs.answer",
        icon="arrow-right-left",
        label=gettext_lazy("A sold job waits for service to accept it"),
        words=_opened_words,
    ),
    NoticeKind(
        name=ANSWERED,
        permission="handoffs.view",
        icon="arrow-right-left",
        label=gettext_lazy("Service accepts what I sold, or sends it back"),
        words=_answer_words,
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=UNANSWERED,
        permission="handoffs.answer",
        icon="clock-alert",
        label=gettext_lazy("A sold job has waited two days for an answer"),
        words=gettext_lazy("Sold, and unanswered for two days"),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=ASKED,
        permission="handoffs.view",
        icon="message-square",
        label=gettext_lazy("Service asks me about what I sold"),
        words=gettext_lazy("Service has a question for you"),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=TOLD,
        permission="handoffs.answer",
        icon="reply",
        label=gettext_lazy("Sales answers what I asked"),
        words=gettext_lazy("Your question about it is answered"),
    ),
]


def tell_opened(opened: Sequence[Event]) -> None:
    """Notify service of new hand-offs."""
    _notify_about(OPENED, opened, lambda row: _of_roles(Role.SERVICE) if row.state == HandOffState.OPEN else [])


def tell_answered(answered: Sequence[Event]) -> None:
    """Notify the seller of service's answer."""
    _notify_about(ANSWERED, answered, lambda row: [row.seller_id])


def tell_unanswered(late: Sequence[Event]) -> None:
    """Notify managers of hand-offs that service, or the seller, has not answered in two days."""
    _notify_about(UNANSWERED, late, lambda row: _of_roles(Role.MANAGER) if row.is_unanswered else [])


def tell_asked(asked: Sequence[Event]) -> None:
    """Notify the seller of a question."""
    _notify_about(ASKED, asked, lambda row: [row.seller_id])


def tell_told(told: Sequence[Event]) -> None:
    """Notify who asked of the answer."""
    ids = [event.data["question"] for event in told]
    asked_by = dict(HandOffQuestion.objects.filter(pk__in=ids).values_list("pk", "asked__author_id"))
    who = {event.subject_id: asked_by.get(event.data["question"]) for event in told}
    _notify_about(TOLD, told, lambda row: [who[row.pk]])


def _notify_about(kind: str, happened: Sequence[Event], to: Any) -> None:
    rows = HandOff.objects.select_related("job").in_bulk([event.subject_id for event in happened])
    notify_all(
        kind,
        [
            NoticeDraft(
                to(row),
                f"event:{event.pk}",
                row,
                by=event.actor_id,
                data={"what": event.kind, "reason": event.data.get("reason", "")},
                at=event.at,
            )
            for event in happened
            if (row := rows.get(event.subject_id))
        ],
    )


def _of_roles(*roles: Role) -> list[int]:
    return [pk for pk, member in directory().members.items() if member.active and member.role in roles]
