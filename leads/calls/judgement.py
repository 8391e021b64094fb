"""Decide whether a call on a tracking number counts as a lead of its campaign (docs/rules.md#call-tracking).

Calls are judged once, in the transaction that stores their end (comms/inbound/messaging/calls.py), so that the lead is
there before the call gets its conversation.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from comms.models import Direction, JudgedSender, Medium, Message
from crm.jobs.models import Job
from leads.calls.call_lead import give_lead, note_conversion
from leads.calls.numbers import number_of
from leads.models import ExcuseReason, TrackedCall, TrackingNumber, Verdict
from leads.models.calls.call_policy import call_policy

# A call that comes within so many days of one of ours returns it.
RETURN_DAYS = 14


@transaction.atomic
def judge_call(sender: Any, *, message: Message, **_more: Any) -> None:
    """Judge a call that has ended, if its number is a tracking number. Idempotent."""
    number = number_of(message.channel_id)
    if number is None or TrackedCall.objects.filter(message=message).exists():
        return
    verdict = _find_verdict(message, number)
    call = TrackedCall(
        message=message,
        number=number,
        source_id=number.source_id,
        campaign_id=number.campaign_id,
        at=message.at,
        seconds=message.duration or 0,
        verdict=verdict,
        first_verdict=verdict,
        reason=ExcuseReason.SPAM if verdict == Verdict.EXCUSED else "",
    )
    call.save(force_insert=True)
    call.refresh_from_db(fields=["uid"])
    if verdict == Verdict.COUNTED:
        give_lead(call, by=None)
    elif verdict == Verdict.REPEAT:
        note_conversion(call)


def _find_verdict(message: Message, number: TrackingNumber) -> Verdict:
    if message.direction == Direction.OUT:
        return Verdict.OUTGOING
    if _is_spam(message.address):
        return Verdict.EXCUSED
    if not message.duration:
        return Verdict.MISSED
    if message.duration < call_policy().least_seconds:
        return Verdict.SHORT
    if _has_earlier_lead(message, number):
        return Verdict.REPEAT
    if _returns_our_call(message, number):
        return Verdict.RETURNED
    return Verdict.COUNTED


def _is_spam(address: str) -> bool:
    """True if a member said that this number is spam, of a message or of an earlier call."""
    if not address:
        return False
    if JudgedSender.objects.filter(address=address.lower(), is_spam=True).exists():
        return True
    earlier = TrackedCall.objects.filter(message__address=address).order_by("-at", "-pk")
    last = earlier.values_list("reason", flat=True).first()
    return last == ExcuseReason.SPAM


def _has_earlier_lead(message: Message, number: TrackingNumber) -> bool:
    """True if the caller has a lead already, unless it began with a call on this number that was too short to count."""
    if message.person_id is None:
        return False
    jobs = Job.objects.filter(person_id=message.person_id)
    begun = TrackedCall.objects.filter(
        number=number,
        message__person_id=message.person_id,
        # Opened by it, and not a lead that was there before.
        message__job__came_in_at__gte=F("at"),
        verdict__in=[Verdict.MISSED, Verdict.SHORT],
        at__lt=message.at,
    )
    counted = TrackedCall.objects.filter(lead__isnull=False).values("lead")
    of_calls = begun.exclude(message__job__in=counted).values("message__job")
    return bool(jobs.exclude(pk__in=of_calls).exists())


def _returns_our_call(message: Message, number: TrackingNumber) -> bool:
    """True if we called them lately, unless they had called this number before that."""
    if not message.address:
        return False
    calls = Message.objects.filter(address=message.address, medium=Medium.CALL, at__lt=message.at)
    since = message.at - timedelta(days=RETURN_DAYS)
    ours = calls.filter(direction=Direction.OUT, at__gte=since).order_by("at").first()
    if ours is None:
        return False
    theirs = calls.filter(direction=Direction.IN, channel_id=number.channel_id, at__lt=ours.at)
    return not theirs.exists()
