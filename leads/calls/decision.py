"""Decisions of a member about a call: excuse it, count it, or take the decision back."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from leads.calls.call_lead import drop_lead, give_lead
from leads.models import ExcuseReason, TrackedCall, Verdict


@transaction.atomic
def excuse_call(call: TrackedCall, reason: str, *, by: Member) -> bool:
    """Excuse a call: it is no lead. Returns whether the lead it had opened was dropped. Idempotent.

    Raises Refused for a call of ours, and without a reason.
    """
    call.lock()
    if call.verdict == Verdict.OUTGOING:
        raise Refused(_("Our own calls never count."))
    if reason not in ExcuseReason.values:
        raise Refused(_("Choose why it is no lead."))
    if (call.verdict, call.reason) == (Verdict.EXCUSED, reason):
        return False
    _decide(call, Verdict.EXCUSED, reason, by=by)
    events.record("call.excused", subject=call, by=by, data={"reason": reason}, job_id=call.lead_id)
    return drop_lead(call, call.verdict_words, by=by)


@transaction.atomic
def count_call(call: TrackedCall, *, by: Member) -> None:
    """Count a call that the rules left out, or that was excused; it gets its lead. Idempotent.

    Raises Refused for a call of ours.
    """
    call.lock()
    if call.first_verdict == Verdict.OUTGOING:
        raise Refused(_("Our own calls never count."))
    if call.verdict == Verdict.COUNTED:
        return
    _decide(call, Verdict.COUNTED, "", by=by)
    give_lead(call, by=by)


@transaction.atomic
def take_back_decision(call: TrackedCall, *, by: Member) -> None:
    """Restore what the rules found, with the lead as it was before the decision. Idempotent."""
    call.lock()
    if not call.is_decided:
        return
    reason = ""
    if call.first_verdict == Verdict.EXCUSED:
        reason = ExcuseReason.SPAM
    was_counted = call.verdict == Verdict.COUNTED
    call.verdict = call.first_verdict
    call.reason = reason
    call.decided_by = None
    call.decided_at = None
    call.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
    events.record("call.decision_taken_back", subject=call, by=by, job_id=call.lead_id)
    if call.verdict == Verdict.COUNTED:
        give_lead(call, by=by)
    elif was_counted:
        drop_lead(call, call.verdict_words, by=by)


def _decide(call: TrackedCall, verdict: Verdict, reason: str, *, by: Member) -> None:
    call.verdict = verdict
    call.reason = reason
    call.decided_by = by
    call.decided_at = clock.now()
    call.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
