"""Notices about money: to who has the job, to managers, and to who issues invoices or approves refunds."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning.ladder_steps import MANAGER_TOLD
from billing.dunning.promise_effects import BROKEN
from billing.event_words import money_words
from billing.invoices.issue_effects import TO_BILL
from billing.models import Refund, may_approve
from billing.payments.effects import RECEIVED
from billing.payments.stage_gate import NOT_MOVED
from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all

TO_APPROVE = "refund.to_approve"
VIEW = "billing.view"


def _describe_block(data: dict[str, Any]) -> str:
    return _("It is paid, but could not go on to service: %(why)s") % {"why": data.get("why", "")}


KINDS = [
    NoticeKind(
        name=RECEIVED,
        permission=VIEW,
        icon="banknote",
        label=gettext_lazy("A customer of mine pays"),
        words=money_words(gettext_lazy("Payment received: %(amount)s")),
    ),
    NoticeKind(
        name=NOT_MOVED,
        permission=VIEW,
        icon="triangle-alert",
        label=gettext_lazy("A job that is paid can’t go on to service"),
        words=_describe_block,
        default=NoticeWay.MAIL,
    ),
    NoticeKind(
        name=TO_BILL,
        permission="billing.issue",
        icon="receipt",
        label=gettext_lazy("A part of a job can be billed"),
        words=gettext_lazy("The draft of an invoice is ready to be issued"),
    ),
    NoticeKind(
        name=BROKEN,
        permission=VIEW,
        icon="clock-alert",
        label=gettext_lazy("A customer does not keep a promise to pay"),
        words=gettext_lazy("The promise to pay was not kept. Call the customer."),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=MANAGER_TOLD,
        permission=VIEW,
        icon="triangle-alert",
        label=gettext_lazy("An invoice is very late"),
        words=gettext_lazy("Very late, and not paid after all reminders"),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=TO_APPROVE,
        permission="billing.approve_refund",
        icon="hand",
        label=gettext_lazy("A refund waits for approval"),
        words=money_words(gettext_lazy("A refund of %(amount)s waits for a second person")),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
]


def tell_to_approve(requested: Sequence[Event]) -> None:
    """Notify those whose limit covers a refund that waits."""
    rows = Refund.objects.select_related("job", "invoice").in_bulk([event.subject_id for event in requested])
    waiting = [(event, rows[event.subject_id]) for event in requested if event.subject_id in rows]
    drafts = [
        NoticeDraft(_approvers(row), f"event:{event.pk}", row.invoice, by=event.actor_id, data=event.data, at=event.at)
        for event, row in waiting
        if row.is_waiting
    ]
    notify_all(TO_APPROVE, drafts)


def _approvers(refund: Refund) -> list[int]:
    members = [one for one in directory().members.values() if one.active and allows(one, "billing.approve_refund")]
    return [one.pk for one in members if may_approve(one, refund.amount, refund.currency)]
