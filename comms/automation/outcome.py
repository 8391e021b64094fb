"""Log the outcome of a rule's message on its run: held, dropped, failed or sent, and why."""

from collections.abc import Sequence

from django.db import transaction

from comms.models import Message
from crm.automation.models import RuleRun
from crm.platform.models import Event

# What begins the origin of a message that a rule sent: "rule:run:step".
ORIGIN = "rule:"
EVENTS = tuple(f"message.{what}" for what in "sent held dropped failed unknown cancelled bounced".split())


def note(heard: Sequence[Event]) -> None:
    """Log events of messages that rules sent; of repeated or late events, the latest counts. Idempotent."""
    ids = {event.subject_id for event in heard}
    sent = dict(Message.objects.filter(pk__in=ids, origin__startswith=ORIGIN).values_list("pk", "origin"))
    for event in sorted(heard, key=lambda event: event.pk):
        if event.subject_id in sent:
            _log_on_run(sent[event.subject_id], event)


@transaction.atomic
def _log_on_run(origin: str, event: Event) -> None:
    run_id, step = (int(part) for part in origin.removeprefix(ORIGIN).split(":"))
    run = RuleRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    entry = None
    if run:
        entry = next((one for one in run.log if one["step"] == step), None)
    if run is None or entry is None or entry["data"].get("event", 0) >= event.pk:
        return
    what = {"state": event.kind.partition(".")[2], "reason": event.data.get("reason", ""), "event": event.pk}
    entry["data"] |= what
    run.save(update_fields=["log"])
