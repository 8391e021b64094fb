"""Note the outcome of a step's message on the step: held, dropped, failed or sent, and why."""

from collections.abc import Sequence

from comms.models import Message
from crm.platform.models import Event
from followups.sequences.models import EnrolmentStep, StepResult
from followups.sequences.models.step_record import ORIGIN, parse_origin

EVENTS = tuple(f"message.{what}" for what in "sent held dropped failed unknown cancelled bounced".split())
_RESULTS = {
    "sent": StepResult.DONE,
    "held": StepResult.HELD,
    "dropped": StepResult.SKIPPED,
    "cancelled": StepResult.SKIPPED,
}


def note_outcomes(heard: Sequence[Event]) -> None:
    """Note the last thing heard of each message. Idempotent, in whatever order events come."""
    ids = {event.subject_id for event in heard}
    origins = dict(Message.objects.filter(pk__in=ids, origin__startswith=ORIGIN).values_list("pk", "origin"))
    for event in sorted(heard, key=lambda event: event.pk):
        place = parse_origin(origins.get(event.subject_id, ""))
        if place is None:
            continue
        step = EnrolmentStep.objects.select_for_update().filter(enrolment=place[0], position=place[1]).first()
        if step is None or step.data.get("event", 0) >= event.pk:
            continue
        what = event.kind.partition(".")[2]
        step.data |= {"event": event.pk, "state": what}
        step.result = _RESULTS.get(what, StepResult.FAILED)
        step.reason = str(event.data.get("reason", ""))[:200]
        step.save(update_fields=["data", "result", "reason"])
