"""Notices about quotes: an approval is asked, late or decided; the customer looks, asks or answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from quotes.event_words import quote_values
from quotes.models import Quote

TO_APPROVE = "quote.to_approve"
APPROVAL_LATE = "quote.approval_late"
DECIDED = "quote.decided"
TO_REVIEW = "quote.to_review"
REVIEW_LATE = "quote.review_late"
REVIEWED = "quote.reviewed"
VIEWED = "quote.viewed"
ASKED = "quote.asked"
ANSWERED = "quote.answered"


def _describe_decision(data: dict[str, Any]) -> str:
    if data.get("is_approved"):
        return _("Quote %(quote)s is approved: you can send it") % quote_values(data)
    return _("Quote %(quote)s is not approved") % quote_values(data)


def _describe_review(data: dict[str, Any]) -> str:
    if data.get("is_approved"):
        return _("The contract of quote %(quote)s is approved") % quote_values(data)
    return _("The contract of quote %(quote)s is returned: write a new version") % quote_values(data)


def _describe_answer(data: dict[str, Any]) -> str:
    if data.get("kind") == "quote.accepted":
        return _("Quote %(quote)s is accepted: %(total)s") % quote_values(data)
    return _("Quote %(quote)s is declined") % quote_values(data)


def _describe_view(data: dict[str, Any]) -> str:
    if data.get("kind") == "quote.forwarded":
        return _("Quote %(quote)s looks forwarded: it was opened on another device") % quote_values(data)
    return _("Your customer opened quote %(quote)s") % quote_values(data)


def _decision_notice(name: str, label: Any, words: Any) -> NoticeKind:
    """Return the kind of notice to who decides about a quote or a contract. `words` name the quote."""
    return NoticeKind(
        name=name,
        permission="quotes.approve",
        icon="hand",
        label=label,
        words=lambda data: str(words) % quote_values(data),
        default=NoticeWay.MAIL,
        gathers=False,
    )


def _late_notice(name: str, label: Any, words: Any) -> NoticeKind:
    """Return the kind of notice that a decision about a quote or a contract is late."""
    return replace(_decision_notice(name, label, words), icon="clock-alert", is_urgent=True)


KINDS = [
    _decision_notice(
        TO_APPROVE,
        gettext_lazy("A quote needs my approval"),
        gettext_lazy("Quote %(quote)s needs an approval before it is sent"),
    ),
    _late_notice(
        APPROVAL_LATE,
        gettext_lazy("Nobody has decided about a quote in time"),
        gettext_lazy("Quote %(quote)s still waits for an approval"),
    ),
    NoticeKind(
        name=DECIDED,
        permission="quotes.view",
        icon="circle-check",
        label=gettext_lazy("My quote is approved, or not"),
        words=_describe_decision,
    ),
    _decision_notice(
        TO_REVIEW,
        gettext_lazy("A contract needs my review"),
        gettext_lazy("The customer signed quote %(quote)s: review the contract"),
    ),
    _late_notice(
        REVIEW_LATE,
        gettext_lazy("Nobody has reviewed a contract in time"),
        gettext_lazy("The contract of quote %(quote)s still waits for review"),
    ),
    NoticeKind(
        name=REVIEWED,
        permission="quotes.view",
        icon="circle-check",
        label=gettext_lazy("My customer’s contract is approved or returned"),
        words=_describe_review,
        default=NoticeWay.MAIL,
    ),
    NoticeKind(
        name=ANSWERED,
        permission="quotes.view",
        icon="file-text",
        label=gettext_lazy("My customer accepts or declines a quote"),
        words=_describe_answer,
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    NoticeKind(
        name=ASKED,
        permission="quotes.view",
        icon="message-square",
        label=gettext_lazy("My customer asks about a quote"),
        words=lambda data: _("Your customer asks about quote %(quote)s") % quote_values(data),
        default=NoticeWay.MAIL,
    ),
    NoticeKind(
        name=VIEWED,
        permission="quotes.view",
        icon="eye",
        label=gettext_lazy("My customer opens or forwards a quote"),
        words=_describe_view,
    ),
]


def _approver_ids() -> list[int]:
    return [member.pk for member in directory().members.values() if member.active and allows(member, "quotes.approve")]


def tell_approvers(events: Sequence[Event]) -> None:
    """Notify the approvers of requests, and again of those that are overdue."""
    kinds = {"quote.approval_requested": TO_APPROVE, "quote.approval_overdue": APPROVAL_LATE}
    quotes = _quotes_of(events)
    for event in events:
        if quote := quotes.get(event.subject_id):
            _notify(kinds[event.kind], _approver_ids(), event, quote)


def tell_reviewers(events: Sequence[Event]) -> None:
    """Notify the reviewers of a contract, and once it is late all who approve quotes."""
    kinds = {"quote.review_requested": TO_REVIEW, "quote.review_overdue": REVIEW_LATE}
    quotes = _quotes_of(events)
    for event in events:
        quote = quotes.get(event.subject_id)
        review = quote.last_review() if quote else None
        if quote and review and review.is_open:
            _notify(kinds[event.kind], [one.pk for one in review.reviewers()], event, quote)


def tell_owner_of_review(events: Sequence[Event]) -> None:
    """Notify who works on the lead, and who wrote the quote, how its contract was reviewed."""
    quotes = _quotes_of(events)
    for event in events:
        if quote := quotes.get(event.subject_id):
            is_approved = event.kind == "quote.contract_approved"
            _notify(REVIEWED, {quote.job.member_id, quote.created_by_id}, event, quote, is_approved=is_approved)


def tell_asker(events: Sequence[Event]) -> None:
    """Notify who asked for an approval of the decision."""
    quotes = _quotes_of(events)
    for event in events:
        if quote := quotes.get(event.subject_id):
            _notify(DECIDED, [event.data.get("to")], event, quote, is_approved=event.kind == "quote.approved")


def tell_owner(events: Sequence[Event]) -> None:
    """Notify who works on the lead, and who wrote the quote, of what the customer does with it."""
    kinds = {
        "quote.accepted": ANSWERED,
        "quote.declined": ANSWERED,
        "quote.asked": ASKED,
        "quote.change_requested": ASKED,
        "quote.viewed": VIEWED,
        "quote.forwarded": VIEWED,
    }
    quotes = _quotes_of(events)
    for event in events:
        if quote := quotes.get(event.subject_id):
            _notify(kinds[event.kind], {quote.job.member_id, quote.created_by_id}, event, quote, kind=event.kind)


def _quotes_of(events: Sequence[Event]) -> dict[int, Quote]:
    quotes: dict[int, Quote] = Quote.objects.select_related("job").in_bulk({event.subject_id for event in events})
    return quotes


def _notify(kind: str, to: Any, event: Event, quote: Quote, /, **data: Any) -> None:
    facts = {"quote": quote.number, "total": event.data.get("total", 0), "currency": quote.currency}
    key = f"event:{event.pk}"
    notify(kind, to, key=key, about=quote, by=event.actor_id, data=facts | data, at=event.at)
